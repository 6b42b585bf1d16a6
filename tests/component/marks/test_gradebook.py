"""A teacher keeps the register: who may, what guardians and students see and when, what stays of each change."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

import pytest

from core.actions.marks import gradebook
from core.actions.marks import lookup as marks_lookup
from core.errors import ConflictError, FirstGradeError, FutureLessonError, JournalModeError, NotFoundError
from core.model.imports.reports import ReportKind
from core.model.marks.entries import Entry, EntryChange, EntryKind, NewEntry
from core.model.marks.gradebook import GradebookPage, LessonDay, NewMark
from core.model.notices.facts import Notice
from core.model.notices.family import AbsenceRecorded, MarkChanged, MarkRecorded, MarkWithdrawn
from core.model.people import SYSTEM, Actor, Role
from core.model.timetable import ChangeKind, NewLessonChange, NewTemplateLesson
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from core.rules import access
from core.rules.imports.journal_diff import JournalDiffCoverage, journal_diff_of_student
from core.rules.imports.journal_notices import journal_difference_notices
from core.rules.marks.gradebook import GradebookRules
from core.rules.people.names import normal_class_name, normal_name
from tests.support.schools.builders import NOW, Builder, Family, a_family

TODAY = NOW.date()
YESTERDAY = TODAY - timedelta(days=1)
POLICY = GradebookRules(made_in="bot")
DELAY = POLICY.delay
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Classroom:
    """Class 8Б with two students, its teacher of algebra, and what they do in the bot."""

    family: Family
    teacher: Actor
    lesson: LessonDay
    neighbour: int
    own_account: Actor
    guardian: Actor

    async def record(self, token: str, *, at: datetime = NOW, by: Actor | None = None, on: date = TODAY) -> Entry:
        async with self.family.open_uow() as uow:
            new = NewMark(replace(self.lesson, on=on), self.family.student, token)
            (entry,) = await gradebook.record_gradebook_marks(
                uow, by or self.teacher, [new], policy=POLICY, now=at, on=TODAY
            )
        return entry

    async def correct(self, entry: Entry, token: str, *, at: datetime = NOW, by: Actor | None = None) -> Entry:
        async with self.family.open_uow() as uow:
            actor = by or self.teacher
            return (
                await gradebook.correct_gradebook_entry(
                    uow, actor, entry.id, token=token, policy=POLICY, now=at, on=TODAY
                )
            ).entry

    async def withdraw(self, entry: Entry, *, at: datetime = NOW) -> Entry:
        async with self.family.open_uow() as uow:
            return (
                await gradebook.withdraw_gradebook_entry(uow, self.teacher, entry.id, policy=POLICY, now=at, on=TODAY)
            ).entry

    async def undo(self, entry: Entry, *, at: datetime = NOW, by: Actor | None = None) -> Entry:
        async with self.family.open_uow() as uow:
            return (
                await gradebook.undo_gradebook_change(
                    uow, by or self.teacher, entry.id, policy=POLICY, now=at, on=TODAY
                )
            ).entry

    async def publish(self, at: datetime) -> int:
        async with self.family.open_uow() as uow:
            return await gradebook.publish_gradebook_marks(uow, now=at)

    async def seen_by(self, reader: Actor) -> list[str]:
        async with self.family.open_uow(reading=True) as uow:
            found = await marks_lookup.look_up_marks(
                uow, reader, student_id=self.family.student, since=YESTERDAY, until=TODAY, on=TODAY
            )
        return [entry.value for entry, _ in found]

    async def told(self) -> list[Notice]:
        async with self.family.open_uow(reading=True) as uow:
            return [each.notice for each in await uow.outbox.unplanned(100)]

    async def register(self, actor: Actor, *, lesson: LessonDay | None = None) -> GradebookPage:
        day = lesson or self.lesson
        async with self.family.open_uow(reading=True) as uow:
            return await gradebook.load_gradebook_page(
                uow, actor, group_id=day.group_id, subject_id=day.subject_id, on_lesson=day.on, on=TODAY
            )


@pytest.fixture
async def classroom(open_uow: UnitOfWorkFactory) -> Classroom:
    family = await a_family(open_uow)
    async with open_uow() as uow:
        build = Builder(uow)
        neighbour = await build.student("Алексеев Пётр Ильич")
        group = await uow.year.ensure_group(GroupKind.CLASS, "8Б", normal_class_name("8Б"))
        algebra = (await uow.year.ensure_subjects({"алгебра": "Алгебра"}))["алгебра"]
        teacher = await build.guardian("Громова Инна Павловна")
        await uow.people.add_staff_role(teacher, Role.TEACHER, group_id=group, subject_id=algebra)
        await uow.commit()
    return Classroom(
        family,
        Actor(teacher, frozenset({Role.TEACHER}), "telegram"),
        LessonDay(group, algebra, TODAY),
        neighbour,
        own_account=Actor(family.student, frozenset({Role.STUDENT})),
        guardian=Actor(family.mother, frozenset({Role.GUARDIAN}), "telegram"),
    )


async def subject(classroom: Classroom, name: str) -> int:
    async with classroom.family.open_uow() as uow:
        number = (await uow.year.ensure_subjects({normal_name(name): name}))[normal_name(name)]
        await uow.commit()
    return number


async def staff(classroom: Classroom, role: Role, *, group: int | None, subject_id: int | None = None) -> Actor:
    async with classroom.family.open_uow() as uow:
        person = await Builder(uow).guardian(f"Сотрудник {role} {group} {subject_id}")
        await uow.people.add_staff_role(person, role, group_id=group, subject_id=subject_id)
        await uow.commit()
    return Actor(person, frozenset({role}), "telegram")


async def open_own_account(classroom: Classroom) -> None:
    async with classroom.family.open_uow() as uow:
        await uow.people.set_account(classroom.family.student, opened=True)
        await uow.commit()


async def test_the_whole_class_stands_in_the_register_by_name(classroom: Classroom) -> None:
    """Students by name with what they have that day; a lesson has marks and absences side by side (Q27)."""
    await classroom.record("5")
    await classroom.record("ОП")
    register = await classroom.register(classroom.teacher)
    assert [(line.name, [entry.value for entry in line.entries]) for line in register.lines] == [
        ("Алексеев Пётр Ильич", []),
        ("Соколова Анна Олеговна", ["5", "ОП"]),
    ]
    assert (register.subject, register.group.name) == ("Алгебра", "8Б")


async def test_students_see_a_mark_at_once_and_guardians_after_the_delay(classroom: Classroom) -> None:
    """To the second: with the delay's last moment it is published, a second before it is not."""
    await open_own_account(classroom)
    await classroom.record("5")
    assert await classroom.seen_by(classroom.own_account) == ["5"]
    assert await classroom.seen_by(classroom.guardian) == []
    assert await classroom.publish(NOW + DELAY - SECOND) == 0
    assert await classroom.told() == []
    assert await classroom.publish(NOW + DELAY) == 1
    assert await classroom.seen_by(classroom.guardian) == ["5"]
    assert await classroom.told() == [MarkRecorded("Алгебра", TODAY, "5")]
    assert await classroom.publish(NOW + DELAY) == 0


async def test_an_absence_is_told_at_once(classroom: Classroom) -> None:
    """A parent learns the same day of an absence without a reason (Q27)."""
    await classroom.record("НП")
    assert await classroom.seen_by(classroom.guardian) == ["НП"]
    assert await classroom.told() == [AbsenceRecorded("Алгебра", TODAY, "НП")]


async def test_a_debt_waits_like_a_mark(classroom: Classroom) -> None:
    """«.» is open work, told after the delay (Q28)."""
    await classroom.record(".")
    assert await classroom.told() == []
    await classroom.publish(NOW + DELAY)
    assert await classroom.seen_by(classroom.guardian) == ["."]


async def test_of_several_changes_within_the_delay_the_outcome_is_told(classroom: Classroom) -> None:
    """A slip that was mended in time is never heard of."""
    entry = await classroom.record("2")
    await classroom.correct(entry, "4", at=NOW + timedelta(minutes=5))
    await classroom.publish(NOW + DELAY)
    assert await classroom.told() == [MarkRecorded("Алгебра", TODAY, "4")]


async def test_a_mark_recorded_by_mistake_leaves_no_word(classroom: Classroom) -> None:
    """Recorded and withdrawn within the delay: the family hears nothing at all."""
    await classroom.withdraw(await classroom.record("2"))
    assert await classroom.publish(NOW + DELAY) == 0
    assert await classroom.told() == []
    assert await classroom.seen_by(classroom.guardian) == []


async def test_a_correction_is_told_as_old_and_new(classroom: Classroom) -> None:
    """Guardians see the old mark until they are told old → new (Q38)."""
    entry = await classroom.record("3")
    await classroom.publish(NOW + DELAY)
    later = NOW + timedelta(hours=2)
    await classroom.correct(entry, "2", at=later)
    await classroom.correct(entry, "5", at=later + timedelta(minutes=1))
    assert await classroom.seen_by(classroom.guardian) == ["3"]
    await classroom.publish(later + DELAY)
    assert await classroom.seen_by(classroom.guardian) == ["5"]
    assert (await classroom.told())[1:] == [MarkChanged("Алгебра", TODAY, "3", "5")]


async def test_a_debt_that_became_a_mark_is_a_debt_to_guardians_until_then(classroom: Classroom) -> None:
    """Neither the value nor its kind nor the day it was set on gives away what waits (Q28)."""
    entry = await classroom.record(".")
    await classroom.publish(NOW + DELAY)
    await classroom.correct(entry, "4", at=NOW + DELAY)
    async with classroom.family.open_uow(reading=True) as uow:
        student = classroom.family.student
        ((seen, _),) = await marks_lookup.look_up_marks(
            uow, classroom.guardian, student_id=student, since=TODAY, until=TODAY, on=TODAY
        )
    assert (seen.value, seen.kind, seen.awaiting, seen.shown) == (".", EntryKind.DEBT, False, None)
    assert (seen.comment, seen.set_on, seen.published_at) == (None, None, NOW)


async def test_a_withdrawn_mark_is_seen_until_it_is_told(classroom: Classroom) -> None:
    """The family hears of a mark taken back, and it is not deleted (Q38)."""
    entry = await classroom.record("2")
    await classroom.publish(NOW + DELAY)
    await classroom.withdraw(entry, at=NOW + DELAY)
    assert await classroom.seen_by(classroom.guardian) == ["2"]
    await classroom.publish(NOW + 2 * DELAY)
    assert await classroom.seen_by(classroom.guardian) == []
    assert (await classroom.told())[1:] == [MarkWithdrawn("Алгебра", TODAY, "2")]


async def test_undo_takes_back_one_change_after_the_other(classroom: Classroom) -> None:
    """Each step back is a version of its own, and the family is told nothing that came to nothing."""
    entry = await classroom.record("3")
    await classroom.correct(entry, "2")
    assert (await classroom.undo(entry)).outcome == "3"
    await classroom.withdraw(entry)
    restored = await classroom.undo(entry)
    assert (restored.outcome, restored.version) == ("3", 5)
    await classroom.publish(NOW + DELAY)
    assert await classroom.told() == [MarkRecorded("Алгебра", TODAY, "3")]


async def test_undoing_a_new_mark_withdraws_it(classroom: Classroom) -> None:
    """What was just recorded by mistake is gone with one tap."""
    entry = await classroom.record("2")
    assert (await classroom.undo(entry)).outcome is None
    assert await classroom.publish(NOW + DELAY) == 0


async def test_nobody_undoes_anothers_change(classroom: Classroom) -> None:
    """Undo takes back one's own last change only; a withdrawn entry is not corrected either."""
    deputy = await staff(classroom, Role.DEPUTY_HEAD, group=None)
    entry = await classroom.record("3")
    await classroom.correct(entry, "4", by=deputy)
    with pytest.raises(ConflictError):
        await classroom.undo(entry)
    await classroom.withdraw(entry)
    with pytest.raises(ConflictError):
        await classroom.correct(entry, "5")


async def test_what_another_changed_meanwhile_is_not_overwritten_unseen(classroom: Classroom) -> None:
    """Two have the same entry before them: the second is told, and a second tap on «undo» brings nothing back."""
    deputy = await staff(classroom, Role.DEPUTY_HEAD, group=None)
    entry = await classroom.record("3")
    await classroom.correct(entry, "4", by=deputy)
    for act in (partial(gradebook.correct_gradebook_entry, token="2"), gradebook.withdraw_gradebook_entry):
        async with classroom.family.open_uow() as uow:
            with pytest.raises(ConflictError):
                await act(uow, classroom.teacher, entry.id, version=1, policy=POLICY, now=NOW, on=TODAY)
    for refused in (False, True):
        async with classroom.family.open_uow() as uow:
            undone = gradebook.undo_gradebook_change(uow, deputy, entry.id, version=2, policy=POLICY, now=NOW, on=TODAY)
            if refused:
                with pytest.raises(ConflictError):
                    await undone
            else:
                assert (await undone).entry.value == "3"


async def test_each_change_stays_with_before_after_who_when_and_why(classroom: Classroom) -> None:
    """A version for each change, for good (Q38)."""
    entry = await classroom.record("3")
    later = NOW + timedelta(minutes=1)
    await classroom.correct(entry, "4", at=later)
    await classroom.withdraw(entry, at=later)
    async with classroom.family.open_uow() as uow:
        opened = await gradebook.open_gradebook_entry(uow, classroom.teacher, entry.id, on=TODAY)
    kept = [(each.before, each.after, each.changed_by, each.changed_at, each.reason) for each in opened.versions]
    teacher = classroom.teacher.person_id
    assert kept == [("3", "4", teacher, later, "correction"), ("4", None, teacher, later, "withdrawal")]
    assert opened.entry.given_by == teacher


async def test_families_look_up_old_and_new_only_when_told(classroom: Classroom) -> None:
    """A change that waits is in no history yet, for the student it is (Q13, Q38)."""
    await open_own_account(classroom)
    entry = await classroom.record("3")
    await classroom.publish(NOW + DELAY)
    await classroom.correct(entry, "5", at=NOW + DELAY)
    assert await changes(classroom, classroom.guardian) == []
    assert await changes(classroom, classroom.own_account) == [("3", "5")]
    await classroom.publish(NOW + 2 * DELAY)
    assert await changes(classroom, classroom.guardian) == [("3", "5")]
    assert await changes(classroom, classroom.teacher) == []


async def test_an_older_change_stays_known_while_another_waits(classroom: Classroom) -> None:
    """What an import changed was told at once; a correction that waits hides itself and nothing before it (Q38)."""
    entry = await classroom.record("3")
    await classroom.publish(NOW + DELAY)
    async with classroom.family.open_uow() as uow:
        opened = await gradebook.open_gradebook_entry(uow, classroom.teacher, entry.id, on=TODAY)
        change = EntryChange(opened.entry, EntryKind.SCORE, "4", None, None, None)
        await uow.marks.change_entries([change], at=NOW + DELAY, by=None, reason="import", import_id=None)
        await uow.commit()
    await classroom.correct(entry, "5", at=NOW + DELAY)
    assert await changes(classroom, classroom.guardian) == [("3", "4")]


async def changes(classroom: Classroom, reader: Actor) -> Sequence[tuple[str, str | None]]:
    async with classroom.family.open_uow(reading=True) as uow:
        found = await marks_lookup.look_up_mark_changes(
            uow, reader, student_id=classroom.family.student, since=TODAY, until=TODAY, on=TODAY
        )
    return [(each.before, each.after) for each in found]


async def test_a_comment_and_three_dates_come_with_a_mark(classroom: Classroom) -> None:
    """Lesson date, date set, date published, and the teacher's words (Q13)."""
    async with classroom.family.open_uow() as uow:
        lesson = replace(classroom.lesson, on=YESTERDAY)
        new = NewMark(lesson, classroom.family.student, "4", comment="Хорошая работа")
        await gradebook.record_gradebook_marks(uow, classroom.teacher, [new], policy=POLICY, now=NOW, on=TODAY)
    await classroom.publish(NOW + DELAY)
    async with classroom.family.open_uow(reading=True) as uow:
        student = classroom.family.student
        ((seen, _),) = await marks_lookup.look_up_marks(
            uow, classroom.guardian, student_id=student, since=YESTERDAY, until=TODAY, on=TODAY
        )
    assert (seen.on, seen.set_on, seen.published_at) == (YESTERDAY, TODAY, NOW + DELAY)
    assert (seen.comment, seen.source) == ("Хорошая работа", None)


async def test_only_who_teaches_the_subject_there_keeps_its_register(classroom: Classroom) -> None:
    """The class teacher, a colleague, the secretary and the family are outside; the deputy head is not (Q14)."""
    group, chemistry = classroom.lesson.group_id, await subject(classroom, "Химия")
    outsiders = [
        await staff(classroom, Role.CLASS_TEACHER, group=group),
        await staff(classroom, Role.TEACHER, group=group, subject_id=chemistry),
        await staff(classroom, Role.SECRETARY, group=None),
        classroom.guardian,
        classroom.own_account,
    ]
    for outsider in outsiders:
        with pytest.raises(NotFoundError):
            await classroom.register(outsider)
        with pytest.raises(NotFoundError):
            await classroom.record("5", by=outsider)
    deputy = await staff(classroom, Role.DEPUTY_HEAD, group=None)
    entry = await classroom.record("5", by=deputy)
    with pytest.raises(NotFoundError):
        await classroom.correct(entry, "4", by=outsiders[0])
    assert await classroom.publish(NOW + DELAY) == 1


async def test_the_timetable_says_who_teaches_and_who_substitutes(classroom: Classroom) -> None:
    """A teacher of the template keeps the register, and a substitute that of the day (Q17)."""
    planned = await staff(classroom, Role.TEACHER, group=None)
    substitute = await staff(classroom, Role.TEACHER, group=None, subject_id=classroom.lesson.subject_id)
    group, algebra, day = classroom.lesson.group_id, classroom.lesson.subject_id, TODAY
    async with classroom.family.open_uow() as uow:
        lesson = NewTemplateLesson(algebra, day.weekday(), 2, teacher_id=planned.person_id)
        await uow.timetable.put_template(group, [lesson], starts_on=date(2026, 9, 1))
        change = NewLessonChange(group, algebra, day, 2, ChangeKind.SUBSTITUTION, new_teacher_id=substitute.person_id)
        await uow.timetable.add_changes([change], by=None, at=NOW, broadcast_id=None)
        await uow.commit()
    for actor in (planned, substitute):
        assert len((await classroom.register(actor)).lines) == 2
    async with classroom.family.open_uow(reading=True) as uow:
        own = await uow.year.groups(access.teaching_access_scope(planned, on=TODAY))
    assert [each.id for each in own] == [group]
    with pytest.raises(NotFoundError):
        await classroom.register(substitute, lesson=replace(classroom.lesson, on=YESTERDAY))


async def test_a_study_group_is_kept_by_its_own_teacher(classroom: Classroom) -> None:
    """Its students and its subject only; its teacher has no say in the class (Q21)."""
    async with classroom.family.open_uow() as uow:
        person = await Builder(uow).guardian("Белкина Яна Юрьевна")
        english = (await uow.year.ensure_subjects({"английский": "Английский"}))["английский"]
        group = await uow.year.ensure_group(
            GroupKind.STUDY_GROUP, "8Б англ-1", "8б англ-1", subject_id=english, teacher_id=person
        )
        await uow.year.enrol(classroom.neighbour, group)
        await uow.commit()
    actor = Actor(person, frozenset({Role.TEACHER}), "telegram")
    own = LessonDay(group, english, TODAY)
    assert [line.student_id for line in (await classroom.register(actor, lesson=own)).lines] == [classroom.neighbour]
    for foreign in (replace(own, subject_id=classroom.lesson.subject_id), classroom.lesson):
        with pytest.raises(NotFoundError):
            await classroom.register(actor, lesson=foreign)
    async with classroom.family.open_uow() as uow:
        new = [NewMark(own, classroom.family.student, "5")]
        with pytest.raises(NotFoundError):
            await gradebook.record_gradebook_marks(uow, actor, new, policy=POLICY, now=NOW, on=TODAY)


async def test_a_teacher_chooses_among_own_groups_and_subjects(classroom: Classroom) -> None:
    """The deputy head among all that the school teaches, a class teacher without a subject among none."""
    group = classroom.lesson.group_id
    deputy = await staff(classroom, Role.DEPUTY_HEAD, group=None)
    leader = await staff(classroom, Role.CLASS_TEACHER, group=group)
    async with classroom.family.open_uow(reading=True) as uow:
        for actor, expected in ((classroom.teacher, ["Алгебра"]), (deputy, ["Алгебра"]), (leader, [])):
            found = await gradebook.load_gradebook_subjects(uow, actor, on=TODAY, group_id=group)
            assert [each.subject for each in found] == expected


async def test_a_whole_class_is_written_or_nothing_of_it(classroom: Classroom) -> None:
    """A single token that is none leaves the whole line unwritten (Q37)."""
    marks = [NewMark(classroom.lesson, classroom.family.student, "5"), NewMark(classroom.lesson, -1, "4")]
    async with classroom.family.open_uow() as uow:
        with pytest.raises(NotFoundError):
            await gradebook.record_gradebook_marks(uow, classroom.teacher, marks, policy=POLICY, now=NOW, on=TODAY)
    assert all(not line.entries for line in (await classroom.register(classroom.teacher)).lines)


async def test_marks_are_refused_with_a_reason(classroom: Classroom) -> None:
    """In journal mode, before the lesson was held, and in a first grade (Q26)."""
    with pytest.raises(FutureLessonError):
        await classroom.record("5", on=TODAY + timedelta(days=1))
    async with classroom.family.open_uow() as uow:
        new = [NewMark(classroom.lesson, classroom.family.student, "5")]
        with pytest.raises(JournalModeError):
            await gradebook.record_gradebook_marks(
                uow, classroom.teacher, new, policy=GradebookRules(), now=NOW, on=TODAY
            )
    async with classroom.family.open_uow() as uow:
        first = await Builder(uow).student("Малышев Иван", "1А")
        group = await uow.year.ensure_group(GroupKind.CLASS, "1А", normal_class_name("1А"))
        await uow.commit()
    for token, refused in (("УП", False), ("5", True)):
        lesson = replace(classroom.lesson, group_id=group)
        async with classroom.family.open_uow() as uow:
            new = [NewMark(lesson, first, token)]
            if refused:
                with pytest.raises(FirstGradeError):
                    await gradebook.record_gradebook_marks(uow, SYSTEM, new, policy=POLICY, now=NOW, on=TODAY)
            else:
                await gradebook.record_gradebook_marks(uow, SYSTEM, new, policy=POLICY, now=NOW, on=TODAY)


async def test_the_topic_of_a_lesson_is_kept(classroom: Classroom) -> None:
    """Also of a day that no timetable knows; another's lesson is not there."""
    for topic in ("Дроби", "Обыкновенные дроби"):
        async with classroom.family.open_uow() as uow:
            await gradebook.set_gradebook_topic(
                uow, classroom.teacher, classroom.lesson, topic=topic, now=NOW, on=TODAY
            )
    assert (await classroom.register(classroom.teacher)).topic == "Обыкновенные дроби"
    async with classroom.family.open_uow() as uow:
        with pytest.raises(NotFoundError):
            await gradebook.set_gradebook_topic(
                uow, classroom.guardian, classroom.lesson, topic="Нет", now=NOW, on=TODAY
            )


async def test_a_teacher_no_longer_sees_a_student_who_left(classroom: Classroom) -> None:
    """With the last day behind them a student stands in no register (Q40)."""
    async with classroom.family.open_uow() as uow:
        await uow.people.add_student(classroom.neighbour, leaves_on=YESTERDAY)
        await uow.commit()
    register = await classroom.register(classroom.teacher, lesson=replace(classroom.lesson, on=YESTERDAY))
    assert [line.student_id for line in register.lines] == [classroom.family.student]


async def test_an_imported_mark_is_published_with_the_import(classroom: Classroom) -> None:
    """A delay is for what teachers type; imports have none (Q90)."""
    async with classroom.family.open_uow() as uow:
        new = NewEntry(
            classroom.family.student, classroom.lesson.subject_id, TODAY, EntryKind.SCORE, "5", None, None, None, None,
            "Молодец", YESTERDAY,
        )  # fmt: skip
        await uow.marks.add_entries([new], import_id=None, at=NOW)
        await uow.commit()
    async with classroom.family.open_uow(reading=True) as uow:
        student = classroom.family.student
        ((seen, _),) = await marks_lookup.look_up_marks(
            uow, classroom.guardian, student_id=student, since=TODAY, until=TODAY, on=TODAY
        )
    assert (seen.value, seen.comment, seen.set_on, seen.published_at) == ("5", "Молодец", YESTERDAY, NOW)


async def test_an_import_that_enriches_a_waiting_mark_publishes_nothing(classroom: Classroom) -> None:
    """A topic from a report does not cut the delay short; a value does, and is told against what was seen."""
    entry = await classroom.record("4")
    lesson, student = classroom.lesson, classroom.family.student
    report = NewEntry(student, lesson.subject_id, TODAY, entry.kind, "4", None, "Дроби", None, ReportKind.TABLE)
    coverage = JournalDiffCoverage(ReportKind.TABLE, ((TODAY, TODAY),), frozenset({lesson.subject_id}))
    (enriched,) = journal_diff_of_student([entry], [report], coverage).enriched
    assert enriched.publish_at == NOW + DELAY
    changed = journal_diff_of_student([entry], [replace(report, value="5")], coverage)
    told = list(journal_difference_notices(changed, {lesson.subject_id: "Алгебра"}))
    assert [each.notice for each in told] == [MarkRecorded("Алгебра", TODAY, "5")]
