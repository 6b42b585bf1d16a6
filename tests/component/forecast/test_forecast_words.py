"""Questions about a forecast as families type them, and the first lines that answer them (R4, Q41, Q44)."""

import pytest

from bot.conversation.messenger import Heard, HeardKind
from bot.conversation.routing import Routes
from bot.handlers import AUDIENCES, MENU
from bot.screens.screen import Screen, plain_text
from core.model.people import Actor, Role
from core.model.timetable import NewTemplateLesson
from core.ports import UnitOfWorkFactory
from tests.component.forecast.test_forecast_chat import ANNA, EXAMPLE, asked, body, given
from tests.support.conversation.asking import CHAT, Asking
from tests.support.schools.term_ends import SINCE, TermSchool, a_term_school


@pytest.fixture
async def school(open_sqlite: UnitOfWorkFactory) -> TermSchool:
    """8Б in the first quarter: Анна has the marks of the requirements' example in algebra, threes in physics."""
    school = await a_term_school(open_sqlite)
    await given(school, ANNA, "Алгебра", EXAMPLE)
    await given(school, ANNA, "Физика", [("3", "ответ", 10)] * 4)
    return school


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("что если получу три пятерки по алгебре", "Если получить 5, 5, 5 (ответ, вес 10): средний балл 3,43 → 4,15"),
        ("что если две двойки по алгебре", "Если получить 2, 2 (ответ, вес 10): средний балл 3,43 → 2,91"),
        ("если завтра 5 и потом 4 по алгебре", "Если получить 5, 4 (ответ, вес 10): средний балл 3,43 → 3,82"),
        (
            "а если я за контрольную 4 получу по алгебре, какая выйдет?",
            "Если получить 4 (контрольная, вес 15): средний балл 3,43 → 3,60",
        ),
        ("можно ли исправить на 4 по алгебре", "До «4» – 1 пятёрка"),
        ("сколько пятерок чтобы перекрыть двойку по алгебре", "До «4» – 1 пятёрка"),
    ],
)
async def test_the_first_line_says_what_was_supposed(school: TermSchool, words: str, first: str) -> None:
    """All marks, and for which work; or what it takes to the mark that is aimed at."""
    assert body(await asked(school, words))[0].startswith(first)


async def test_the_subject_button_keeps_what_was_asked(school: TermSchool) -> None:
    """After «Какой предмет?» the supposed mark is still supposed."""
    async with school.open_uow() as uow:
        found = await uow.year.ensure_subjects({"геометрия": "Геометрия"})
        lessons = [
            NewTemplateLesson(subject, day, 1, None, school.staff["lisina"])
            for day, subject in enumerate((school.subjects["Алгебра"], found["геометрия"]))
        ]
        await uow.timetable.put_template(school.group, lessons, starts_on=SINCE)
        await uow.commit()
    asking = Asking.of(school.open_uow)
    mother = Actor(school.mother, frozenset({Role.GUARDIAN}), "telegram")
    routes = Routes.of(AUDIENCES, MENU, former=True)
    question = Heard(1, HeardKind.MESSAGE, CHAT, text="если получу две двойки по математике, что выйдет")
    choice = await routes.reply(question, asking.caller(mother))
    assert isinstance(choice, Screen)
    button = next(each for row in choice.buttons for each in row if each.label == "Алгебра")
    reply = await routes.reply(Heard(2, HeardKind.PRESS, CHAT, data=button.data or ""), asking.caller(mother))
    assert isinstance(reply, Screen)
    assert "Если получить 2, 2 (ответ, вес 10): средний балл 3,43 → 2,91" in plain_text(reply.text)
