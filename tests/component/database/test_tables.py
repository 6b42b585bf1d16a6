"""The tables: each is its noun, and those that must only grow are closed to everybody."""

from dataclasses import asdict, fields
from typing import Any

import pytest
from sqlalchemy import insert, text

from core.model import audit, broadcast, conversation, paper, people, timetable, year
from core.model.delivery import deliveries
from core.model.delivery.acquaintance import Acquaintance, SignedSheet
from core.model.delivery.job_runs import JobRun
from core.model.delivery.obligations import Obligation, PublishedNotice
from core.model.imports.history import DiaryStatement, Import, Source
from core.model.marks import entries
from core.model.people import SYSTEM
from core.model.register import contacts
from core.model.register.consents import ConsentEntry
from core.model.register.erasures import Erasure
from core.model.register.forms import IssuedForm
from core.model.register.preferences import Preference
from core.model.results import exams
from core.model.results.closings import CouncilDecision, TermClosing
from core.model.results.deferrals import Deferral
from core.model.results.period_marks import PeriodMark, PeriodMarkVersion
from core.model.schoolwork import homework
from core.model.schoolwork.control_works import ControlWork
from core.model.schoolwork.homework import Homework
from core.model.schoolwork.recommendations import Recommendation
from core.model.timetable import Lesson, NewLessonChange
from core.ports import UnitOfWorkFactory
from core.rules.results.exams import next_exam_result_version
from storage.database.engine import create_database_engine
from storage.schema import metadata
from storage.schema.results import council_decision
from tests.support.schools.builders import NOW, a_family
from tests.support.schools.results import put_final

NOUNS: dict[str, type[Any]] = {
    "acquaintance": Acquaintance,
    "acquaintance_sheet": SignedSheet,
    "arrival": conversation.Arrival,
    "attempt": deliveries.Attempt,
    "audit_line": audit.AuditLine,
    "bell": timetable.Bell,
    "bell_choice": timetable.BellChoice,
    "broadcast": broadcast.Broadcast,
    "confirmation": contacts.Confirmation,
    "consent_entry": ConsentEntry,
    "contact": contacts.Contact,
    "control_work": ControlWork,
    "council_decision": CouncilDecision,
    "deferral": Deferral,
    "delivery": deliveries.Delivery,
    "dialog": conversation.Dialog,
    "diary_statement": DiaryStatement,
    "entry": entries.Entry,
    "erasure": Erasure,
    "entry_version": entries.EntryVersion,
    "exam": exams.Exam,
    "exam_result": exams.ExamResult,
    "exam_result_version": exams.ExamResultVersion,
    "guardianship": people.Guardianship,
    "holiday": timetable.Holiday,
    "homework": Homework,
    "homework_file": homework.HomeworkFile,
    "homework_version": homework.HomeworkVersion,
    "import": Import,
    "issued_form": IssuedForm,
    "job_run": JobRun,
    "lease": deliveries.Lease,
    "lesson": Lesson,
    "lesson_change": timetable.LessonChange,
    "lesson_type": timetable.LessonType,
    "one_time_code": contacts.OneTimeCode,
    "period_mark": PeriodMark,
    "period_mark_version": PeriodMarkVersion,
    "person": people.Person,
    "planned_hours": timetable.PlannedHours,
    "preference": Preference,
    "recommendation": Recommendation,
    "reporting_period": year.ReportingPeriod,
    "school_year": year.SchoolYear,
    "source": Source,
    "staff_role": people.StaffRole,
    "subject": year.Subject,
    "teaching_group": year.TeachingGroup,
    "template_lesson": timetable.TemplateLesson,
    "term_closing": TermClosing,
}
KEPT_FOR_STORAGE = {
    "arrival": {"held_at", "finished_at"},
    "broadcast_change": {"id", "broadcast_id"},
    "contact": {"announce_at"},
    "dialog": {"kept_at"},
    "extract": {"announced_at", "contents"},
    "notice": {"planned_at"},
    "obligation": {"revisit_at", "warned_at", "expires_at"},
    "person": {"adult_on"},
}
NOUNS_WITH_MORE: dict[str, type[Any]] = {
    "broadcast_change": NewLessonChange,
    "extract": paper.Extract,
    "notice": PublishedNotice,
    "obligation": Obligation,
}


@pytest.mark.parametrize(("table", "noun"), sorted((NOUNS | NOUNS_WITH_MORE).items()))
def test_a_table_and_its_noun_are_the_same_list(table: str, noun: type[Any]) -> None:
    """Columns and fields differ in nothing but what storage keeps for itself, so a row is the noun."""
    columns = {column.name for column in metadata.tables[table].columns}
    assert columns - KEPT_FOR_STORAGE.get(table, set()) == {field.name for field in fields(noun)}


ONLY_GROW = [
    *("audit_line", "consent_entry", "entry_version", "homework_version", "period_mark_version"),
    *("council_decision", "exam_result_version", "term_closing"),
]


@pytest.mark.parametrize("table", ONLY_GROW)
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id + 1", "DELETE FROM {}"])
async def test_no_statement_changes_what_only_grows(
    open_uow: UnitOfWorkFactory, store_url: str, table: str, change: str
) -> None:
    """Consents, versions and the audit trail are closed to everybody who has the database (Q6, Q38, Q76)."""
    await _fill(open_uow, store_url)
    engine = create_database_engine(store_url)
    with pytest.raises(Exception, match="only grows"):
        async with engine.begin() as connection:
            await connection.execute(text(change.format(table)))
    await engine.dispose()


async def _fill(open_uow: UnitOfWorkFactory, store_url: str) -> None:
    """One row in each table that only grows."""
    family = await a_family(open_uow)
    async with open_uow() as uow:
        ids = await uow.year.ensure_subjects({"алгебра": "Алгебра"})
        year_id = await uow.year.ensure_year(NOW.date())
        mark = PeriodMark(
            0, family.student, ids["алгебра"], year_id, "year", None, "4", 1, NOW, published=True, import_id=None
        )
        await put_final(uow, mark)
        new = entries.NewEntry(
            family.student, ids["алгебра"], NOW.date(), entries.EntryKind.SCORE, "3", None, None, None, None
        )
        await uow.marks.add_entries([new], import_id=None, at=NOW)
        (entry,) = await uow.marks.known([family.student], since=None, until=None)
        change = entries.EntryChange(entry, entry.kind, "4", None, None, None)
        await uow.marks.change_entries([change], at=NOW, by=None, reason="correction", import_id=None)
        group_id = await uow.year.ensure_group(year.GroupKind.CLASS, "8Б", "8б")
        work = await uow.schoolwork.give_homework(
            group_id, ids["алгебра"], due_on=NOW.date(), text="№ 5", by=None, at=NOW
        )
        await uow.schoolwork.change_homework(work, "№ 6", by=None, at=NOW)
        await uow.audit.write(SYSTEM, "test", at=NOW)
        exam = exams.Exam(0, "oge", exams.ExamKind.OGE, "Физика", NOW.date(), None, None, None, None, None)
        of = await uow.exams.put_exam(exam), family.student
        outcome = exams.ExamOutcome(mark="4")
        await uow.exams.put_results([next_exam_result_version(None, outcome, ids=of, received_at=NOW, import_id=None)])
        await uow.closings.add(TermClosing(0, year_id, "1 четверть", closed=True, at=NOW, by=None))
        await uow.commit()
    engine = create_database_engine(store_url)
    async with engine.begin() as connection:
        decision = CouncilDecision(1, family.student, year_id, "переведён", "7", NOW.date(), None, NOW)
        await connection.execute(insert(council_decision), asdict(decision))
    await engine.dispose()
