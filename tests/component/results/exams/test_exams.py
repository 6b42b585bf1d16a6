"""Exam results come in, families are owed them within 24 hours, and each change is owed anew (R6, Q70, Q71, Q74)."""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.imports.exams.files import exam_file_of_school, read_exam_code_file, read_exam_file
from core.actions.delivery import fan_out, obligations
from core.actions.imports.exams import protocols as exam_protocols
from core.actions.imports.exams.codes import import_exam_codes
from core.actions.imports.exams.protocols import ExamProtocolImport
from core.actions.people import joining
from core.actions.results.exams import exam_lookup, exam_thresholds
from core.errors import ConflictingLivesError, NotAllowedError, NotFoundError, ReceiptTimeError
from core.model.delivery.obligations import ObligationRow
from core.model.delivery.states import State
from core.model.imports.exam_files import ExamFile
from core.model.notices.family import ExamResultSet
from core.model.people import SYSTEM, Actor, Role
from core.model.register.consents import Decision
from core.model.results.exams import ExamKind, ExamStatus
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from core.rules.access import Everything
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_class_name
from storage.database.engine import create_database_engine
from storage.unit_of_work import unit_of_work_factory
from tests.support.schools.builders import Builder
from tests.support.schools.exam_files import (
    LOGIN,
    OGE_HEADER,
    OTHER,
    OWN,
    SECRET_ANSWER,
    SECRET_NUMBER,
    appeals,
    file_at,
    protocol,
    review,
    table,
    vpr_report,
    workbook_at,
)

NOW = datetime(2026, 6, 20, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
POLICY = Policy()
SCHOOLS = frozenset({OWN, LOGIN})
ANNA, BORIS, VERA = "Зорина Анна Петровна", "Лугов Борис Ильич", "Зорина Вера Петровна"
RUSSIAN, MATHS = "01 - Русский язык 2026.06.04", "02 - Математика 2026.06.02"
DEPUTY = Actor(None, frozenset({Role.DEPUTY_HEAD}))


@pytest.fixture
async def school(open_uow: UnitOfWorkFactory) -> UnitOfWorkFactory:
    """Anna and Boris of 11А, Vera of 9А and Pyotr of 5А; Anna's mother agreed in writing."""
    async with open_uow() as uow:
        build = Builder(uow)
        anna = await build.student(ANNA, "11А")
        await build.student(BORIS, "11А")
        await build.student(VERA, "9А")
        await build.student("Ёлкин Пётр Ильич", "5А")
        mother = await build.guardian("Зорина Ольга Сергеевна", anna)
        await build.decides(mother, anna, Decision.CONSENT, date(2026, 1, 1))
        await build.contact(mother, "email", "z@example.org")
        await uow.commit()
    return open_uow


def files(folder: Path, *texts: str) -> list[ExamFile]:
    """The texts as files of the school."""
    found = [read_exam_file(file_at(folder, f"{number}.csv", text)) for number, text in enumerate(texts)]
    assert [each.problems for each in found] == [()] * len(found)
    return [exam_file_of_school(each, SCHOOLS) for each in found]


async def imported(
    open_uow: UnitOfWorkFactory,
    read: Sequence[ExamFile],
    *,
    now: datetime = NOW,
    received: datetime | None = None,
    partial: bool = False,
    check_only: bool = False,
) -> ExamProtocolImport:
    async with open_uow() as uow:
        result = await exam_protocols.import_exam_protocols(
            uow, SYSTEM, read, now=now, policy=POLICY, received_at=received, partial=partial, check_only=check_only
        )
    async with open_uow() as uow:
        await fan_out.fan_out_all_notices(uow, now=now, policy=POLICY)
    return result


async def owed(open_uow: UnitOfWorkFactory) -> Sequence[ObligationRow]:
    async with open_uow(reading=True) as uow:
        assert await obligations.verify_obligations(uow, policy=POLICY) == []
        return await uow.outbox.obligations()


async def told(open_uow: UnitOfWorkFactory, name: str = ANNA) -> list[ExamResultSet]:
    """The notices about a student, oldest first."""
    async with open_uow(reading=True) as uow:
        found = await uow.outbox.published({ExamResultSet.kind})
        people = {each.id: each.name for each in await uow.people.find("")}
    notices = [each.notice for each in found if people.get(each.student_id or 0) == name]
    return [each for each in notices if isinstance(each, ExamResultSet)]


async def test_a_protocol_is_told_within_a_day(school: UnitOfWorkFactory, tmp_path: Path) -> None:
    """Each entitled person is owed the result once, 24 hours from receipt; the same file again is no news (Q70)."""
    read = files(tmp_path, protocol(RUSSIAN, (ANNA, "11А", 40, 76), (BORIS, "11А", 9, 23), threshold=24))
    first = await imported(school, read)
    assert (first.ok, first.files[0].counts.recorded) == (True, 2)
    rows = await owed(school)
    assert [(row.person, row.student, row.obligation.due) for row in rows] == [
        ("Зорина Ольга Сергеевна", ANNA, NOW + timedelta(hours=24)),
        (BORIS, BORIS, NOW + timedelta(hours=24)),
    ]
    [notice] = await told(school)
    assert (notice.exam, notice.score, notice.threshold, notice.passed) == (ExamKind.EGE, 76, 24, True)
    again = await imported(school, read, now=LATER)
    assert again.files[0].counts.total == 0
    assert len(await owed(school)) == 2


async def test_the_moment_of_receipt_is_the_schools_word(school: UnitOfWorkFactory, tmp_path: Path) -> None:
    """Named, it starts the 24 hours; the future is refused, and so is a day before the exam's (Q70)."""
    read = files(tmp_path, protocol(RUSSIAN, (ANNA, "11А", 40, 76)))
    with pytest.raises(ReceiptTimeError):
        await imported(school, read, received=NOW + timedelta(seconds=1))
    early = await imported(school, read, received=datetime(2026, 6, 3, 9, tzinfo=UTC))
    assert [each.reason for each in early.files[0].problems] == ["exam_received_before"]
    received = datetime(2026, 6, 18, 12, tzinfo=UTC)
    assert (await imported(school, read, received=received)).ok
    [row] = await owed(school)
    assert (row.obligation.received_at, row.obligation.due) == (received, received + timedelta(hours=24))


async def test_old_exams_are_history(school: UnitOfWorkFactory, tmp_path: Path) -> None:
    """Older than 60 days and without a moment of receipt: kept, counted, told to nobody; its re-check is told."""
    read = files(tmp_path, protocol(RUSSIAN, (ANNA, "11А", 40, 76)))
    much_later = datetime(2026, 11, 20, 9, tzinfo=UTC)
    result = await imported(school, read, now=much_later)
    assert (result.files[0].counts.recorded, result.files[0].counts.history) == (1, 1)
    assert await owed(school) == []
    change = files(tmp_path, review(RUSSIAN, f"{ANNA};11А;Апелляция удовлетворена;76;43;80"))
    await imported(school, change, now=much_later, received=much_later)
    [notice] = await told(school)
    assert (notice.before_score, notice.score, notice.status) == (76, 80, ExamStatus.CHANGED)


async def test_a_re_check_is_owed_anew(school: UnitOfWorkFactory, tmp_path: Path) -> None:
    """Appeal, then annulment: each a new version, a new obligation, a new 24 hours, old → new (Q74, Q78)."""
    await imported(school, files(tmp_path, protocol(RUSSIAN, (ANNA, "11А", 40, 76), threshold=24)))
    await imported(school, files(tmp_path, review(RUSSIAN, f"{ANNA};11А;Апелляция удовлетворена;76;43;80")), now=LATER)
    annulled = table(f"{ANNA},11А,егэ,Русский язык,2026-06-04,,,,,,аннулирован,")
    await imported(school, files(tmp_path, annulled), now=LATER + timedelta(days=1))
    first, second, third = await told(school)
    assert (second.before_score, second.score, second.passed) == (76, 80, True)
    assert (third.before_score, third.score, third.status) == (80, None, ExamStatus.ANNULLED)
    states = [(row.obligation.state, row.obligation.received_at) for row in await owed(school)]
    assert states == [
        (State.SUPERSEDED, NOW),
        (State.SUPERSEDED, LATER),
        (State.OPEN, LATER + timedelta(days=1)),
    ]
    assert first.status is ExamStatus.VALID
    async with school(reading=True) as uow:
        [exam] = await uow.exams.exams(["ege|русский язык|2026-06-04|"])
        [result] = await uow.exams.results([exam.id])
        assert [each.score for each in await uow.exams.versions([result.id])] == [76, 80, None]


async def test_a_protocol_never_undoes_an_appeal(school: UnitOfWorkFactory, tmp_path: Path) -> None:
    """Imported again, imported late or in one set with the appeal: what was decided later stays (Q74)."""
    old = protocol(MATHS, (VERA, "9А", 7, 2), header=OGE_HEADER)
    appeal = appeals(f"{VERA};А;Математика(2026.06.02);Апелляция удовлетворена;8;3")
    result = await imported(school, files(tmp_path, appeal, old))
    assert [each.counts.total for each in result.files] == [1, 1]
    assert [each.mark for each in await told(school, VERA)] == ["2", "3"]
    again = await imported(school, files(tmp_path, old), now=LATER)
    assert (again.files[0].counts.total, again.files[0].doubts) == (0, [])
    other = await imported(school, files(tmp_path, protocol(MATHS, (VERA, "9А", 6, 2), header=OGE_HEADER)), now=LATER)
    assert (other.files[0].counts.total, [each.reason for each in other.files[0].doubts]) == (0, ["exam_settled"])


async def test_who_is_in_doubt_waits(school: UnitOfWorkFactory, tmp_path: Path) -> None:
    """Unknown, look-alike or in another class: nothing is written, or with --partial the rest, and it is said."""
    rows = ((ANNA, "11А", 40, 76), ("Лугoв Борис Ильич", "11А", 30, 60), ("Кто-то Чужой Ильич", "11А", 30, 60))
    read = files(tmp_path, protocol(RUSSIAN, *rows))
    refused = await imported(school, read)
    reasons = ["look_alike_student", "unknown_student"]
    assert [(each.row, each.reason) for each in refused.files[0].problems] == list(zip((4, 5), reasons, strict=True))
    assert await owed(school) == []
    written = await imported(school, read, partial=True)
    assert (written.ok, written.files[0].counts.recorded) == (True, 1)
    assert [each.reason for each in written.files[0].doubts] == reasons
    assert len(await owed(school)) == 1


async def test_a_check_writes_nothing(school: UnitOfWorkFactory, tmp_path: Path, dump: Callable[[], list[str]]) -> None:
    """A dry run finds what the import would find and leaves no trace (Q131)."""
    before = dump()
    read = files(tmp_path, protocol(RUSSIAN, (ANNA, "11А", 40, 76), ("Кто-то Чужой Ильич", "11А", 30, 60)))
    result = await imported(school, read, check_only=True)
    assert [each.reason for each in result.files[0].problems] == ["unknown_student"]
    assert dump() == before


async def test_a_vpr_waits_for_the_schools_codes(school: UnitOfWorkFactory, tmp_path: Path) -> None:
    """Without the list the file is kept back, without a guess; a code that the list lacks is a line (Q77)."""
    report = read_exam_file(workbook_at(tmp_path, "f1.xlsx", ВПР=vpr_report(("50001", 17, 5), ("50002", 5, 2))))
    kept_back = await imported(school, [report])
    assert [each.reason for each in kept_back.files[0].problems] == ["exam_codes_missing"]
    listed = read_exam_code_file(file_at(tmp_path, "c.csv", "code,student,class\n50001,Ёлкин Пётр Ильич,5А\n"))
    async with school() as uow:
        assert await import_exam_codes(uow, SYSTEM, listed, now=NOW, policy=POLICY) == (1, ())
    async with school() as uow:
        assert await import_exam_codes(uow, SYSTEM, listed, now=NOW, policy=POLICY) == (0, ())
    result = await imported(school, [report], partial=True)
    assert (result.files[0].counts.recorded, [each.reason for each in result.files[0].doubts]) == (
        1,
        ["exam_code_unknown"],
    )
    [notice] = await told(school, "Ёлкин Пётр Ильич")
    assert (notice.exam, notice.mark, notice.primary, notice.most) == (ExamKind.VPR, "5", 17, 20)


async def test_a_list_of_codes_names_students_of_the_school(school: UnitOfWorkFactory, tmp_path: Path) -> None:
    """Somebody unknown in the list: nothing of it is written."""
    listed = read_exam_code_file(file_at(tmp_path, "c.csv", f"code,student,class\n1,{ANNA},11А\n2,Чужой Пётр,5А\n"))
    async with school() as uow:
        changed, problems = await import_exam_codes(uow, SYSTEM, listed, now=NOW, policy=POLICY)
        assert (changed, [(each.row, each.reason) for each in problems]) == (0, [(3, "unknown_student")])


async def test_documents_answers_and_other_schools_are_stored_nowhere(
    school: UnitOfWorkFactory, tmp_path: Path, dump: Callable[[], list[str]], capfd: pytest.CaptureFixture[str]
) -> None:
    """No document's number, no answer and no pupil of another school in the whole database or in what is printed."""
    stranger = "Канареев Иной Ильич"
    texts = [
        protocol(RUSSIAN, (ANNA, "11А", 40, 76), threshold=24),
        protocol(MATHS, (stranger, "11А", 40, 76), school=OTHER),
        review(RUSSIAN, f"{BORIS};11А;Апелляция отклонена;60;30;60"),
    ]
    assert (await imported(school, files(tmp_path, *texts))).ok
    shown = "\n".join([*dump(), *capfd.readouterr(), repr(await owed(school))])
    assert "76" in shown
    assert not [word for word in (SECRET_NUMBER, SECRET_ANSWER, "Канареев") if word in shown]


async def test_two_imports_at_once_owe_once(store_url: str, tmp_path: Path) -> None:
    """Four processes with the same file: each result and each obligation is there once, on either store (Q71)."""

    async def one() -> int:
        engine = create_database_engine(store_url)
        try:
            result = await imported(unit_of_work_factory(engine), read)
            return result.files[0].counts.total
        finally:
            await engine.dispose()

    engine = create_database_engine(store_url)
    open_uow = unit_of_work_factory(engine)
    async with open_uow() as uow:
        await Builder(uow).student(ANNA, "11А")
        await uow.commit()
    read = files(tmp_path, protocol(RUSSIAN, (ANNA, "11А", 40, 76)))
    assert sorted(await asyncio.gather(*(one() for _ in range(4)))) == [0, 0, 0, 1]
    assert len(await owed(open_uow)) == 1
    await engine.dispose()


async def test_three_hundred_results_take_two_seconds(open_uow: UnitOfWorkFactory, tmp_path: Path) -> None:
    """A file of three schools: read, matched, written and owed in at most two seconds of this process's time."""
    letters = "абвгдежзик"
    names = [f"Ученик{a}{b} Пётр Ильич" for a in letters for b in letters]
    async with open_uow() as uow:
        for name in names:
            await Builder(uow).student(name, "11А")
        await uow.commit()
    others = [f"{name} Чужой" for name in names]
    blocks = [
        protocol(RUSSIAN, *((name, "11А", 40, 76) for name in group), school=code)
        for group, code in ((names, OWN), (others, OTHER), (others, "900333"))
    ]
    path = file_at(tmp_path, "e.csv", "".join(blocks))
    begun = time.process_time()
    result = await imported(open_uow, [exam_file_of_school(read_exam_file(path), SCHOOLS)])
    assert time.process_time() - begun <= 2
    assert result.files[0].counts.recorded == 100
    assert len(await owed(open_uow)) == 100


async def test_the_schools_table_decides_where_the_file_does_not(school: UnitOfWorkFactory, tmp_path: Path) -> None:
    """The thresholds of 2026 are there; the secretary may set another, which counts for later imports (Q77)."""
    await imported(school, files(tmp_path, protocol(RUSSIAN, (ANNA, "11А", 8, 23))))
    secretary = Actor(None, frozenset({Role.SECRETARY}))
    async with school() as uow:
        with pytest.raises(NotAllowedError):
            await exam_thresholds.put_exam_threshold(
                uow,
                Actor(1, frozenset({Role.TEACHER})),
                kind=ExamKind.EGE,
                subject="Физика",
                year=2026,
                score=1,
                now=NOW,
            )
        await exam_thresholds.put_exam_threshold(
            uow, secretary, kind=ExamKind.EGE, subject="Физика", year=2026, score=40, now=NOW
        )
    await imported(school, files(tmp_path, protocol("03 - Физика 2026.06.08", (ANNA, "11А", 8, 39))))
    assert [(each.threshold, each.passed) for each in await told(school)] == [(24, False), (40, False)]


async def test_families_and_leaders_see_their_own(school: UnitOfWorkFactory, tmp_path: Path) -> None:
    """The mother sees her child's results; the class teacher those of the class, a teacher none (Q14)."""
    texts = (protocol(RUSSIAN, (ANNA, "11А", 40, 76), (BORIS, "11А", 9, 20), threshold=24),)
    await imported(school, files(tmp_path, *texts))
    on = NOW.date()
    async with school() as uow:
        group = await uow.year.ensure_group(GroupKind.CLASS, "11А", normal_class_name("11А"))
        leader = await Builder(uow).guardian("Лукина Мария Фёдоровна")
        await uow.people.add_staff_role(leader, Role.CLASS_TEACHER, group_id=group)
        await uow.commit()
    async with school(reading=True) as uow:
        anna, boris = [(await uow.people.find(name.casefold()))[0].id for name in ("Зорина Анна", "Лугов Борис")]
        mother = Actor((await uow.people.find("ольга"))[0].id, frozenset({Role.GUARDIAN}))
        own = await exam_lookup.look_up_exam_results(uow, mother, student_id=anna, on=on)
        assert [(each.exam.subject, each.result.score, each.threshold) for each in own] == [("Русский язык", 76, 24)]
        assert await exam_lookup.look_up_exam_results(uow, mother, student_id=boris, on=on) == []
        class_teacher = Actor(leader, frozenset({Role.CLASS_TEACHER}))
        for actor in (class_teacher, DEPUTY):
            [exam] = await exam_lookup.look_up_class_exams(uow, actor, on=on)
            found = await exam_lookup.look_up_exam_list(uow, actor, exam_id=exam.id, on=on)
            assert [(row.student, row.class_name, row.result.passed) for row in found.rows] == [
                (ANNA, "11А", True),
                (BORIS, "11А", False),
            ]
        with pytest.raises(NotAllowedError):
            await exam_lookup.look_up_exam_list(uow, Actor(leader, frozenset({Role.TEACHER})), exam_id=1, on=on)
        with pytest.raises(NotFoundError):
            await exam_lookup.look_up_exam_list(uow, Actor(anna, frozenset({Role.CLASS_TEACHER})), exam_id=1, on=on)


async def test_two_entries_with_different_results_are_two_persons(school: UnitOfWorkFactory, tmp_path: Path) -> None:
    """Joined by mistake they would lose a result; equal ones are joined (Q134)."""
    await imported(school, files(tmp_path, protocol(RUSSIAN, (ANNA, "11А", 40, 76), (BORIS, "11А", 9, 20))))
    async with school() as uow:
        anna, boris = [(await uow.people.find(name))[0].id for name in ("зорина анна", "лугов борис")]
        with pytest.raises(ConflictingLivesError):
            await joining.join_persons(uow, DEPUTY, keep_id=anna, gone_id=boris, now=NOW)
    async with school(reading=True) as uow:
        assert len(await uow.exams.of_student(anna, Everything())) == 1
