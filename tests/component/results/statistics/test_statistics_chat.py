"""The deputy head and a class teacher look at statistics in the chat (Q14, Q59–Q64)."""

from datetime import date

import pytest

from bot.handlers.doors import Door, DoorRequest
from bot.handlers.results.statistics import DOORS
from bot.screens.screen import Screen, screen_text
from core.model.people import Actor, Role
from core.model.results.period_marks import PeriodMark
from core.model.timetable import NewTemplateLesson
from core.ports import UnitOfWorkFactory
from core.rules.access import Everything
from core.rules.conversation.buttons import unpack_button
from tests.support.conversation.asking import CHAT, Asking
from tests.support.schools.builders import NOW, Builder
from tests.support.schools.results import put_final

RESULTS, CHART, LESSONS, LISTS = DOORS
TERMS = ("1 четверть", date(2026, 9, 1), date(2026, 10, 25)), ("2 четверть", date(2026, 11, 4), date(2026, 12, 29))
SURNAMES = ("Абаев", "Быков", "Волков", "Гусев")
MARKS = {"8А": ("5", "4", "2", ""), "9Б": ("5", "5")}


@pytest.fixture
async def asking(open_sqlite: UnitOfWorkFactory) -> Asking:
    """Two classes with algebra on Fridays and marks of the first quarter."""
    async with open_sqlite() as uow:
        build = Builder(uow)
        year = await uow.year.ensure_year(NOW.date())
        for name, since, until in TERMS:
            await uow.year.put_period(year, name, starts_on=since, ends_on=until)
        subject = (await uow.year.ensure_subjects({"алгебра": "Алгебра"}))["алгебра"]
        for name, values in MARKS.items():
            for at, value in enumerate(values):
                student = await build.student(f"{SURNAMES[at]} Олег Ильич", name)
                if value:
                    given = PeriodMark(
                        0, student, subject, year, TERMS[0][0], None, value, 1, NOW, published=False, import_id=None
                    )
                    await put_final(uow, given)
        leader = await build.guardian("Шарова Вера Львовна")
        for group in await uow.year.groups(Everything()):
            if group.name == "8А":
                await uow.people.add_staff_role(leader, Role.CLASS_TEACHER, group_id=group.id)
            lesson = NewTemplateLesson(subject, 4, 1)
            await uow.timetable.put_template(group.id, [lesson], starts_on=date(2026, 9, 1))
        await uow.commit()
    return Asking.of(open_sqlite)


LEADS = frozenset({Role.CLASS_TEACHER})
DEPUTY = Actor(1000, frozenset({Role.DEPUTY_HEAD}), "telegram")


async def shown(asking: Asking, door: Door, *numbers: int, actor: Actor = DEPUTY) -> Screen:
    """The screen that a door shows."""
    reply = await asking.reply(door, asking.caller(actor), DoorRequest(numbers=numbers, pressed=bool(numbers)))
    assert isinstance(reply, Screen)
    return reply


def numbers_of(screen: Screen, label: str) -> tuple[str, tuple[int, ...]]:
    """Door and numbers of the button with a label."""
    button = next(each for row in screen.buttons for each in row if each.label.removeprefix("• ") == label)
    handle = unpack_button(button.data or "", channel="telegram", chat=CHAT, key=b"asking")
    return handle.action, handle.numbers


async def test_the_deputy_head_sees_all_classes_and_goes_into_one(asking: Asking) -> None:
    """The school and each class in one screen; one tap leads to a class, one to another term (Q62)."""
    first = await shown(asking, RESULTS)
    assert "2 четверть" in first.text
    door, numbers = numbers_of(first, "1 четверть")
    every = await shown(asking, RESULTS, *numbers)
    lines = screen_text(every.text).splitlines()
    assert (door, lines[3]) == (
        RESULTS.name,
        "Всего: успеваемость 80,00 %, качество 80,00 %, СОУ 76,00 %, средний балл 4,20 · «2»: 1 · без оценки: 1",
    )
    assert lines[4].startswith("8А: успеваемость 66,67 %")
    own = await shown(asking, RESULTS, *numbers_of(every, "9Б")[1])
    assert screen_text(own.text).splitlines()[-1].startswith("Алгебра: успеваемость 100,00 %, качество 100,00 %")


async def test_the_chart_is_a_picture_of_the_same_averages(asking: Asking) -> None:
    """A class without marks has no chart, but the words."""
    every = numbers_of(await shown(asking, RESULTS), "1 четверть")[1]
    assert (await shown(asking, CHART, *every)).picture
    assert (await shown(asking, CHART)).picture is None


async def test_lessons_of_a_class_stand_against_the_plan(asking: Asking) -> None:
    """Fridays of November until today; without a plan the screen says so (Q59)."""
    every = await shown(asking, LESSONS)
    assert "8А: 3 из 3 (100,00 %)" in screen_text(every.text)
    own = screen_text((await shown(asking, LESSONS, *numbers_of(every, "8А")[1])).text)
    assert "Алгебра *: 3 из 3" in own
    assert "нет плана часов" in own


async def test_lists_count_for_the_school_and_name_for_a_class(asking: Asking) -> None:
    """Names are shown where a class was chosen (Q64)."""
    first = numbers_of(await shown(asking, LISTS), "1 четверть")[1]
    every = await shown(asking, LISTS, *first)
    assert "отличники: 3" in screen_text(every.text)
    assert not any(surname in every.text for surname in SURNAMES)
    own = screen_text((await shown(asking, LISTS, *numbers_of(every, "8А")[1])).text)
    assert "неуспевающие: 1\n• Волков О. И.: Алгебра" in own


async def test_a_class_teacher_has_one_class_and_no_other(asking: Asking) -> None:
    """The own class opens at once, a foreign one not at all; who leads none is told so (Q14)."""
    async with asking.conversation.open_uow() as uow:
        classes = {each.name: each.id for each in await uow.year.groups(Everything())}
        [leader] = await uow.people.named({"шарова вера львовна"})
    own, nobody = (Actor(person_id, LEADS, "telegram") for person_id in (leader.id, 2000))
    for door in DOORS:
        assert "8А · 2 четверть" in screen_text((await shown(asking, door, actor=own)).text)
        assert "ни одного класса" in (await shown(asking, door, actor=nobody)).text
        for actor, numbers in ((own, (classes["9Б"], 0)), (DEPUTY, (999, 0)), (DEPUTY, (classes["8А"], 9))):
            assert await asking.reply(door, asking.caller(actor), DoorRequest(numbers=numbers, pressed=True)) is None
