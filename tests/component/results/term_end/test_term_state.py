"""The deputy head brings a quarter to its end on a phone: state, reminders, closing, deferrals (Q52, Q53, Q68)."""

from datetime import date

import pytest

from core.actions.delivery import fan_out
from core.actions.results import lookup
from core.actions.results.term_end import class_finals, term_state
from core.actions.results.term_end.class_finals import AskedFinals
from core.errors import NotFoundError
from core.model.delivery.fact_names import period_mark_fact_name
from core.model.delivery.obligations import NewNotice
from core.model.notices.family import FinalMarkDeferred, FinalMarkSet
from core.model.notices.staff import FinalMarksMissing
from core.model.people import SYSTEM, Role
from core.model.results.period_marks import PeriodMark
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_class_name
from core.rules.results.proposals import ResultsPolicy
from tests.support.conversation.phone import Phone
from tests.support.schools.builders import NOW, Builder
from tests.support.schools.finals_class import (
    DEPUTY,
    LEADER,
    TEACHER,
    TERM,
    FinalsClass,
    a_finals_class,
    student_name,
)
from tests.support.schools.results import put_final

COUNT = 5
"""Three with a proposal, one with too few marks, one who was ill."""


@pytest.fixture
async def school(open_sqlite: UnitOfWorkFactory) -> FinalsClass:
    """8Б with five students, and physics that nobody has marks in."""
    return await a_finals_class(open_sqlite, count=COUNT)


async def at_school(school: FinalsClass) -> Phone:
    """The deputy head sees the state of the school."""
    deputy = school.phone(DEPUTY)
    await deputy.says("/term")
    return deputy


async def finish_algebra(school: FinalsClass) -> None:
    """The teacher of algebra sets all five marks."""
    teacher = school.phone(TEACHER)
    await teacher.says("/finals")
    await teacher.presses("8Б · Алгебра")
    await teacher.presses("Выставить как предложено: 3 оценки")
    await teacher.presses("4. Ученик04 О. И. ?")
    await teacher.presses("4")
    await teacher.presses("5. Ученик05 О. И. → отсрочка")
    await teacher.presses("н/а")


async def finish_physics(school: FinalsClass) -> None:
    """Everybody has a four in physics."""
    async with school.open_uow() as uow:
        year = await uow.year.ensure_year(NOW.date())
        for student in school.students.values():
            mark = PeriodMark(
                0, student, school.subjects["Физика"], year, TERM, None, "4", 1, NOW, published=True, import_id=None
            )
            await put_final(uow, mark)
        await uow.commit()


async def test_twelve_classes_stand_in_one_screen(school: FinalsClass) -> None:
    """A line each with what is not finished; nothing is cut and each class is one tap away (Q52)."""
    async with school.open_uow() as uow:
        build = Builder(uow)
        for place in range(11):
            name = f"{5 + place // 3}{'АБВ'[place % 3]}"
            if name != "8Б":
                await build.student(f"Новиков{place:02} Олег Ильич", name)
            group = await uow.year.ensure_group(GroupKind.CLASS, name, normal_class_name(name))
            teacher = await build.guardian(f"Учитель{place:02} Анна Ивановна")
            for subject in school.subjects.values():
                await uow.people.add_staff_role(teacher, Role.TEACHER, group_id=group, subject_id=subject)
        teacher = await build.guardian("Учитель11 Анна Ивановна")
        await build.student("Новикова Олеся Ильинична", "9А")
        group = await uow.year.ensure_group(GroupKind.CLASS, "9А", normal_class_name("9А"))
        await uow.people.add_staff_role(teacher, Role.TEACHER, group_id=group, subject_id=school.subjects["Физика"])
        await uow.commit()
    deputy = school.phone(DEPUTY)
    shown = await deputy.says("/term")
    lines = [line for line in shown.splitlines() if line.startswith("<b>") and "предмет" in line]
    assert len(lines) == 12
    assert "<b>8Б</b>: не закончены 2 из 2 предметов, нет 10 оценок" in lines
    assert "<b>5А</b>: не закончены 2 из 2 предметов, нет 2 оценок" in lines
    assert "Напомнить учителям" in deputy.buttons
    assert "не поместилось" not in shown


async def test_a_class_says_who_lacks_what_and_whose_subject_it_is(school: FinalsClass) -> None:
    """From the school to the class, to the subject, to the student (Q52)."""
    await finish_algebra(school)
    deputy = await at_school(school)
    shown = await deputy.presses("8Б")
    assert "<b>Физика</b> – Осипова Д. О.: 5 из 5 – Ученик01 О. И.," in shown
    assert "✓ <b>Алгебра</b>" in shown
    assert "2 четверть · выставлено 0 из 5" in await deputy.presses("Физика: 5")
    assert "Ученик03 Олег Ильич" in await deputy.presses("3. Ученик03 О. И. ?")


async def test_the_teachers_concerned_are_reminded_once_a_day(school: FinalsClass) -> None:
    """Each hears of own classes and subjects; the notice names no student, its button opens the page (Q52)."""
    deputy = await at_school(school)
    assert "✓ Напоминания ушли 2 учителям." in await deputy.presses("Напомнить учителям")
    assert "2 учителям сегодня уже напоминали." in await deputy.presses("Напомнить учителям")
    async with school.open_uow() as uow:
        told = [each.notice for each in await uow.outbox.unplanned(100)]
    assert told == [FinalMarksMissing("8Б", subject, TERM, COUNT) for subject in ("Алгебра", "Физика")]


async def test_a_term_closes_when_nobody_lacks_a_mark(school: FinalsClass) -> None:
    """Before that it is refused with the names; reopening wants a reason (Q52)."""
    await finish_algebra(school)
    deputy = await at_school(school)
    refused = await deputy.presses("Закрыть период")
    assert "⚠ Не закрыто: не хватает 5 оценок.\n• 8Б Ученик01 О. И.: Физика" in refused
    await finish_physics(school)
    assert "✓ Период закрыт." in await deputy.presses("Закрыть период")
    assert "Напишите причину" in await deputy.presses("Открыть период снова")
    assert "✓ Период снова открыт." in await deputy.says("ошибка в протоколе")
    async with school.open_uow(reading=True) as uow:
        entries = await uow.closings.closings(await uow.year.year(NOW.date()) or 0)
    assert [(each.closed, each.reason) for each in entries] == [(True, None), (False, "ошибка в протоколе")]


async def test_a_deferral_is_granted_step_by_step(school: FinalsClass) -> None:
    """Illness, document, decision, last day, subjects; the family is told and the term lacks nothing (Q53, Q68)."""
    deputy = await at_school(school)
    await deputy.presses("8Б")
    await deputy.presses("Алгебра: 5")
    await deputy.presses("5. Ученик05 О. И. → отсрочка")
    assert "С какого по какое число" in await deputy.presses("Отсрочка по болезни")
    assert "⚠ Даты не сходятся" in await deputy.says("в ноябре")
    assert "Болезнь: 09.11.2026–13.11.2026" in await deputy.says("с 09.11 по 13.11")
    assert "Чьё решение?" in await deputy.says("справка № 17")
    assert "До какого числа отсрочка?" in await deputy.says("приказ № 40")
    assert "⚠ Даты не сходятся" in await deputy.says("10.11.2026")
    assert "☑ Алгебра\n☐ Физика" in await deputy.says("20.12")
    assert "☑ Алгебра\n☑ Физика\nВыдать по 2 предметам" in await deputy.presses("☐ Физика")
    shown = await deputy.presses("Выдать по 2 предметам")
    assert "Отложено 2 оценки. Семья узнает об этом." in shown
    assert "5. Ученик05 О. И.: <b>отсрочка до 20.12</b>" in shown
    async with school.open_uow() as uow:
        told = [each.notice for each in await uow.outbox.unplanned(100)]
    assert [(each.subject, each.until.isoformat()) for each in told if isinstance(each, FinalMarkDeferred)] == [
        ("Алгебра", "2026-12-20"), ("Физика", "2026-12-20"),
    ]  # fmt: skip
    listed = await (await at_school(school)).presses("2 отсрочки")
    assert "• 8Б Ученик05 О. И.: Алгебра (2 четверть) – отсрочка до 20.12" in listed


async def test_a_class_teacher_sees_the_own_class_and_closes_nothing(school: FinalsClass) -> None:
    """Completeness of all subjects at once, each leading to its marks; duties of the deputy are not there (Q14)."""
    leader = school.phone(LEADER)
    shown = await leader.says("/term")
    assert shown.startswith("<b>8Б</b>\n2 четверть · не закончены 2 из 2 предметов, нет 10 оценок")
    page = await leader.presses("Алгебра: 5")
    assert "1. Ученик01 О. И.: → 5" in page
    assert "Выставить" not in page
    assert {"Закрыть период", "Напомнить учителям"} & leader.buttons.keys() == set()


async def test_where_the_journal_makes_marks_a_deferral_ends_by_a_mark_here(open_sqlite: UnitOfWorkFactory) -> None:
    """The journal knows no deferrals, so the deputy head ends one in the chat (Q53)."""
    school = await a_finals_class(open_sqlite, marks="journal", count=COUNT)
    deputy = await at_school(school)
    await deputy.presses("8Б")
    await deputy.presses("Алгебра: 5")
    await deputy.presses("5. Ученик05 О. И. → отсрочка")
    await deputy.presses("Отсрочка по болезни")
    for words in ("09.11–13.11", "справка № 17", "приказ № 40", "20.12"):
        await deputy.says(words)
    await deputy.presses("Выдать по 1 предмету")
    await deputy.presses("5. Ученик05 О. И.: отсрочка")
    assert "Завершена 1 отсрочка." in await deputy.presses("3")
    assert await school.values() == {student_name(COUNT): "3"}


async def test_what_the_school_does_not_have_is_not_found(school: FinalsClass) -> None:
    """Numbers of another release name no term, class, subject or group; nobody learns more than that (Q14)."""
    known, nothing, on, policy = school.subjects["Алгебра"], 99_999, NOW.date(), ResultsPolicy()
    pages = [(school.group, known, nothing), (school.group, nothing, None), (nothing, known, None)]
    async with school.open_uow(reading=True) as uow:
        for page in pages:
            with pytest.raises(NotFoundError):
                await class_finals.load_class_finals_page(uow, SYSTEM, AskedFinals(*page), policy=policy, on=on)
        with pytest.raises(NotFoundError):
            await term_state.load_term_state(uow, SYSTEM, policy=policy, on=on, term=nothing)
        with pytest.raises(NotFoundError):
            await term_state.load_term_state(uow, SYSTEM, policy=policy, on=on, class_id=nothing)


async def test_a_year_that_has_not_come_has_no_marks(school: FinalsClass) -> None:
    """Nothing is shown, and nothing fails, before a school year is known."""
    pupil, on = next(iter(school.students.values())), date(2040, 1, 15)
    async with school.open_uow(reading=True) as uow:
        assert not await lookup.look_up_final_marks(uow, SYSTEM, student_id=pupil, on=on)
        assert not await lookup.look_up_open_deferrals(uow, SYSTEM, student_id=pupil, on=on)
        assert not await term_state.load_term_state_deferrals(uow, SYSTEM, on=on)


async def test_a_class_teacher_takes_the_sheet_of_acquaintance_of_the_term(school: FinalsClass) -> None:
    """A numbered page of who has to sign, whose lines are ticked off on the phone (Q72)."""
    await finish_physics(school)
    async with school.open_uow() as uow:
        notices = [
            NewNotice(student, FinalMarkSet(subject="Физика", term=TERM, value="4"), period_mark_fact_name(student))
            for student in school.students.values()
        ]
        await uow.outbox.add(notices, received_at=NOW, published_at=NOW)
        await fan_out.fan_out_all_notices(uow, now=NOW, policy=Policy())
    leader = school.phone(LEADER)
    await leader.says("/term")
    sheet = await leader.presses("🖨 Ознакомление")
    assert (f"{TERM}, 8Б" in sheet, f"подписать {COUNT} строк" in sheet) == (True, True)
    assert len(leader.files) == 1
    await leader.presses(next(label for label in leader.buttons if label.startswith("☐ 1.")))
    await leader.says("/term")
    sheet = await leader.presses("🖨 Ознакомление")
    assert (f"подписать {COUNT - 1} строк" in sheet, "Ознакомлен без подписи: 1 строка" in sheet) == (True, True)
