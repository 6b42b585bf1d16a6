"""A class teacher asks who is at risk, in words, by a button, as a picture (Q49)."""

import pytest

from bot.conversation.routing import RoutingTable
from bot.handlers import AUDIENCES, MENU
from bot.handlers.doors import DoorRequest
from bot.handlers.forecast.risks import DOORS
from bot.questions.forecast.risks import asks_for_risks
from bot.screens.screen import Screen, screen_text
from core.model.people import Actor
from core.ports import UnitOfWorkFactory
from tests.component.forecast.test_forecast_chat import ANNA, BORIS, EXAMPLE, VIKTOR, given
from tests.support.conversation.asking import Asking
from tests.support.schools.term_ends import TermSchool, a_term_school

RISKS, CHART, *_ = DOORS
BAD = [("2", "ответ", 10)] * 5
EDGE = [("4", "ответ", 10), ("3", "ответ", 10), ("4", "ответ", 10), ("4", "ответ", 10), ("3", "ответ", 10)]


@pytest.fixture
async def school(open_sqlite: UnitOfWorkFactory) -> TermSchool:
    """8Б: Борис heads for a «2» in algebra, Виктор has 3.60 in physics, Анна is well off."""
    school = await a_term_school(open_sqlite)
    await given(school, BORIS, "Алгебра", BAD)
    await given(school, VIKTOR, "Физика", EDGE)
    await given(school, ANNA, "Алгебра", [("5", "ответ", 10)] * 4)
    await given(school, ANNA, "Физика", EXAMPLE[:1])
    return school


async def asked(school: TermSchool, actor: Actor, *numbers: int, chart: bool = False) -> Screen:
    """The list that somebody of the staff sees."""
    asking = Asking.of(school.open_uow)
    reply = await asking.reply(
        CHART if chart else RISKS, asking.caller(actor), DoorRequest(numbers, pressed=bool(numbers))
    )
    assert isinstance(reply, Screen)
    return reply


async def test_the_first_line_says_how_many_and_the_list_says_who(school: TermSchool) -> None:
    """Whose «2» is coming with its chance and the way out, and who is on the edge of a mark (Q49, Q110)."""
    shown = screen_text((await asked(school, school.lisina)).text)
    head, *lines = shown.split("\n")[1:]
    assert (head, shown.split("\n")[0]) == ("Выходит «2»: 1 ученик · На грани оценки: 1 ученик", "8Б: зона риска")
    [two] = [line for line in lines if "Белов" in line]
    assert two.startswith("• Белов Б. – Алгебра: «2» –")
    assert "до «3» – " in two
    assert "• Волков В. – Физика: средний балл 3,60, «4» едва держится" in lines
    assert "Авдеева" not in shown


async def test_the_picture_shows_students_by_subjects(school: TermSchool) -> None:
    """The words of the picture are the same first line; without anybody at risk there are words alone."""
    shown = await asked(school, school.lisina, school.group, chart=True)
    assert (shown.picture or b"").startswith(b"\x89PNG")
    assert shown.text.startswith("Выходит «2»: 1 ученик")


async def test_a_deputy_head_chooses_the_class(school: TermSchool) -> None:
    """The only class at once, any class by its button; a class that is not there is not found (Q49)."""
    assert "зона риска" in (await asked(school, school.deputy, school.group)).text
    asking = Asking.of(school.open_uow)
    other = DoorRequest((school.group + 77,), pressed=True)
    assert await asking.reply(RISKS, asking.caller(school.deputy), other) is None


async def test_nobody_else_sees_it(school: TermSchool) -> None:
    """A teacher of one subject leads no class (Q14)."""
    asking = Asking.of(school.open_uow)
    assert not RISKS.opens_to(asking.caller(school.sharova))


@pytest.mark.parametrize(
    "words",
    [
        "кто в зоне риска", "кто в зоне риска?", "у кого выходит двойка", "у кого двойка выходит по алгебре",
        "кому грозит н/а", "кому грозит неаттестация", "кто не успевает", "двоечники", "у кого выйдет 2 за четверть",
        "покажи зону риска", "кто на грани", "who is at risk", "which students are failing",
        "кто из класса на грани двойки",
    ],
)  # fmt: skip
def test_plain_words_ask_for_the_list(words: str) -> None:
    """What a class teacher would type (Q49, Q111)."""
    assert asks_for_risks(words)


@pytest.mark.parametrize(
    "words",
    ["какая четвертная выходит", "выходит ли двойка по алгебре", "дз на завтра", "кто ведёт химию", "есть ли двойки"],
)
def test_other_words_do_not(words: str) -> None:
    """Questions of a family stay questions of a family."""
    assert not asks_for_risks(words)


def test_the_door_is_recognises_words_and_by_its_command() -> None:
    """`/risk`, a button of the menu and plain words lead to one door."""
    routes = RoutingTable.of(AUDIENCES, MENU)
    assert routes.commands["risk"] == [RISKS]
    assert RISKS.recognises is asks_for_risks
