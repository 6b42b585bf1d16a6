"""A teacher's phone: taps that come twice, and what the school keeps of who looked at whom."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from bot.handlers.doors import DoorSchool
from core.model.people import Role
from core.model.timetable import ChangeKind, NewLessonChange, NewTemplateLesson
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_class_name
from notifiers.directory import InstalledChannelDirectory
from tests.support.conversation.asking import CATALOGUES, KEY
from tests.support.conversation.phone import Phone
from tests.support.conversation.telegram import Line
from tests.support.schools.builders import NOW, Builder

TEACHER, COLLEAGUE = 601, 602
SATURDAY = NOW.date() + timedelta(days=1)
ANNA = "1. Белова А. К."


@dataclass(frozen=True, slots=True)
class TaughtClass:
    """8Б with one student, and two teachers of algebra."""

    open_uow: UnitOfWorkFactory
    line: Line
    student: int
    group: int
    algebra: int
    teachers: Mapping[int, int]

    def phone(self, chat: int = TEACHER) -> Phone:
        return Phone(self.line, chat)

    async def register(self, chat: int = TEACHER) -> Phone:
        """Today's register is open."""
        phone = self.phone(chat)
        await phone.says("/journal")
        await phone.presses("8Б · Алгебра")
        return phone

    async def looked_at(self) -> list[tuple[str, str | int | None]]:
        """The access journal, oldest first."""
        async with self.open_uow(reading=True) as uow:
            lines = await uow.audit.lines(limit=100)
        return [(line.action, line.facts.get("student")) for line in reversed(lines) if line.action.endswith(".opened")]


@pytest.fixture
async def school(open_sqlite: UnitOfWorkFactory) -> TaughtClass:
    async with open_sqlite() as uow:
        build = Builder(uow)
        student = await build.student("Белова Анна Кирилловна")
        group = await uow.year.ensure_group(GroupKind.CLASS, "8Б", normal_class_name("8Б"))
        algebra = (await uow.year.ensure_subjects({"алгебра": "Алгебра"}))["алгебра"]
        teachers = {}
        for chat, name in ((TEACHER, "Громова Инна Павловна"), (COLLEAGUE, "Осипова Дина Олеговна")):
            person = await build.guardian(name)
            await uow.people.add_staff_role(person, Role.TEACHER, group_id=group, subject_id=algebra)
            await build.contact(person, "telegram", str(chat))
            teachers[chat] = person
        await uow.commit()
    conversation = DoorSchool(
        open_uow=open_sqlite, catalogues=CATALOGUES, clock=lambda: NOW, policy=Policy(), closes={}, signing_key=KEY,
        language="ru", marks="bot", mark_delay=timedelta(minutes=30), channels=InstalledChannelDirectory(),
    )  # fmt: skip
    return TaughtClass(open_sqlite, Line(conversation), student, group, algebra, teachers)


async def test_a_teachers_own_lessons_lead_to_their_registers(school: TaughtClass) -> None:
    """What was given to a colleague is struck through here and stands there (Q16, Q17)."""
    async with school.open_uow() as uow:
        lesson = NewTemplateLesson(school.algebra, SATURDAY.weekday(), 2, "12", school.teachers[TEACHER])
        other = NewTemplateLesson(school.algebra, SATURDAY.weekday(), 3, "12", school.teachers[TEACHER])
        await uow.timetable.put_template(school.group, [lesson, other], starts_on=date(2026, 9, 1))
        change = NewLessonChange(
            school.group,
            school.algebra,
            SATURDAY,
            3,
            ChangeKind.SUBSTITUTION,
            new_teacher_id=school.teachers[COLLEAGUE],
        )
        await uow.timetable.add_changes([change], by=None, at=NOW, broadcast_id=None)
        await uow.commit()
    teacher, colleague = school.phone(), school.phone(COLLEAGUE)
    shown = await teacher.says("/lessons")
    assert shown.startswith("<b>Мои уроки: завтра, сб 21.11</b>\n\n2. <b>Алгебра</b> (8Б), каб. 12\n3. <b>Алгебра</b>")
    assert "3. 8Б · Алгебра" not in shown
    assert "Уроков нет" in await teacher.presses("Пт")
    await teacher.presses("Сб")
    assert (await teacher.presses("2. 8Б · Алгебра")).startswith("<b>8Б · Алгебра</b>")
    assert "(замена)\n3. 8Б · Алгебра" in await colleague.says("/lessons")


async def test_a_mark_tapped_twice_is_written_once(school: TaughtClass) -> None:
    """The second tap says that the register has changed and adds nothing."""
    teacher = await school.register()
    await teacher.presses(ANNA)
    assert "✓ Белова А. К.: <b>5 ⏳</b>" in await teacher.presses("5")
    again = await teacher.presses("5")
    assert "ничего не добавлено" in again
    assert "1. Белова А. К.: <b>5 ⏳</b>\n" in again


async def test_two_teachers_do_not_mark_the_same_answer_twice(school: TaughtClass) -> None:
    """Whoever comes second sees what the other wrote before anything is added."""
    teacher, colleague = await school.register(), await school.register(COLLEAGUE)
    await teacher.presses(ANNA)
    await colleague.presses(ANNA)
    await teacher.presses("5")
    assert "ничего не добавлено" in await colleague.presses("4")


async def test_undo_tapped_twice_stays_undone(school: TaughtClass) -> None:
    """The second tap shows the entry as it is now instead of bringing it back."""
    teacher = await school.register()
    await teacher.presses(ANNA)
    await teacher.presses("2")
    assert "снято" in await teacher.presses("↩ Отменить: Белова А. К. 2 ⏳")
    again = await teacher.presses("↩ Отменить: Белова А. К. 2 ⏳")
    assert "Запись с тех пор изменилась" in again
    assert "Запись снята: 2" in again


async def test_a_correction_of_what_another_corrected_is_refused(school: TaughtClass) -> None:
    """Both have a three before them; the second is shown the four that stands there now."""
    teacher = await school.register()
    await teacher.presses(ANNA)
    await teacher.presses("3")
    phones = (teacher, await school.register(COLLEAGUE))
    for phone in phones:
        await phone.presses(f"{ANNA}: 3 ⏳")
        await phone.presses("Изменить: 3 ⏳")
    assert "<b>4 ⏳</b>" in await phones[0].presses("→ 4")
    refused = await phones[1].presses("→ 2")
    assert "Запись с тех пор изменилась" in refused
    assert "<b>4 ⏳</b>" in refused


async def test_a_teachers_look_at_a_student_is_in_the_access_journal(school: TaughtClass) -> None:
    """The class, the student and the entry with its history each leave a line of who saw what (Q102)."""
    teacher = await school.register()
    await teacher.presses(ANNA)
    await teacher.presses("5")
    await teacher.presses(f"{ANNA}: 5 ⏳")
    await teacher.presses("Изменить: 5 ⏳")
    assert await school.looked_at() == [
        ("register.opened", None), ("tstudent.opened", school.student), ("tstudent.opened", school.student),
        ("tentry.opened", school.student),
    ]  # fmt: skip


async def test_a_line_adds_only_what_is_not_there(school: TaughtClass) -> None:
    """Over a mark given by a tap, or typed twice, a mark is written once; a second one is named as such (Q37)."""
    teacher = await school.register()
    await teacher.presses(ANNA)
    await teacher.presses("5")
    await teacher.presses("Весь класс строкой")
    assert "Всё это уже стоит" in await teacher.says("5")
    assert "<b>4</b>; вдобавок к 5" in await teacher.says("4")
    assert "<b>5</b>; 5 уже стоит" in await teacher.says("5/5")
    assert "✓ Сделана 1 запись" in await teacher.presses("Записать")


async def test_a_line_is_taken_back_whole(school: TaughtClass) -> None:
    """By the button below it; what was there before stays, and what was changed since is not touched (Q38)."""
    teacher = await school.register()
    await teacher.presses(ANNA)
    await teacher.presses("3")
    for undone in ("↩ Отозвано 2 записи", "Запись с тех пор изменилась"):
        await teacher.presses("Весь класс строкой")
        await teacher.says("5/Н")
        await teacher.presses("Записать")
        if "изменилась" in undone:
            colleague = await school.register(COLLEAGUE)
            label = next(label for label in colleague.buttons if label.startswith(ANNA))
            await colleague.presses(label)
            await colleague.presses("Изменить: 5 ⏳")
            await colleague.presses("→ 4")
        assert undone.replace("Отозвано 2", "Отозваны 2") in await teacher.presses("↩ Отменить всю строку")
