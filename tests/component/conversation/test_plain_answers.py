"""Families ask in their own words: the first line answers, and nothing that was said is dropped (Q110–Q114)."""

from collections.abc import Mapping, Sequence

import pytest

from bot.handlers.doors import School
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from notifiers.directory import InstalledChannels
from tests.support.conversation.asking import CATALOGUES, KEY
from tests.support.conversation.phone import Phone
from tests.support.conversation.telegram import Line
from tests.support.schools.asked import FATHER, a_school_to_ask
from tests.support.schools.builders import NOW

OFFICE = "секретарь, каб. 5"
MARIA, ARTYOM = "<b>Ковалёва Мария Денисовна</b>", "<b>Ковалёв Артём Денисович</b>"


class Clock:
    """The school's clock, which a test moves on."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> object:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def line(open_sqlite: UnitOfWorkFactory, clock: Clock) -> Line:
    """The bot of a school with a mother of two, a father of one, a daughter with an own account and a teacher."""
    await a_school_to_ask(open_sqlite)
    school = School(
        open_uow=open_sqlite, catalogues=CATALOGUES, clock=clock, policy=Policy(), closes={}, signing_key=KEY,
        language="ru", channels=InstalledChannels(), ways={"school": OFFICE, "illness": "медсестра"},
    )  # type: ignore[arg-type]  # fmt: skip
    return Line(school)


async def first_lines(phone: Phone, asked: Sequence[str]) -> dict[str, str]:
    """The first line of each answer; a bold name alone is that of the table."""
    return {words: (await phone.says(words)).split("\n")[0] for words in asked}


async def answers_begin(phone: Phone, wanted: Mapping[str, str]) -> None:
    """Each answer begins with its line."""
    assert await first_lines(phone, list(wanted)) == wanted


async def test_a_question_about_lessons_is_answered_in_the_first_line(line: Line) -> None:
    """How many, when, where, whether, which: the number or the time comes first, the table follows (Q110)."""
    await answers_begin(
        Phone(line, FATHER),
        {
            "сколько уроков в понедельник": "Пн 23.11: 5 уроков, 08:30–12:55.",
            "сколько уроков завтра": "Завтра уроков нет.",
            "скока уроков сегодня": "Сегодня 4 урока, 08:30–12:00.",
            "сколько алгебры на этой неделе": "Алгебра: 5 уроков, 16.11–22.11.",
            "когда физра": "Физическая культура: вт 24.11, 2-й урок, 09:25–10:10.",
            "когда следующая химия": "Химия: вт 24.11, 4-й урок, 11:15–12:00.",
            "где сегодня физика": "Физика: уроков нет, сегодня, пт 20.11.",
            "в каком кабинете алгебра в понедельник": "Алгебра: каб. 201 – пн 23.11, 1-й урок, 08:30–09:15.",
            "во сколько в понедельник в школу": "Пн 23.11: с 08:30, первый урок – 1-й.",
            "до скольки уроки в среду": "Ср 25.11: до 13:50, последний урок – 6-й.",
            "какой третий урок в понедельник": "Физика: пн 23.11, 3-й урок, 10:20–11:05",
            "что последним уроком во вторник": "Физика: вт 24.11, 4-й урок, 11:15–12:00",
            "есть ли завтра физика": "Нет: Физика, завтра, сб 21.11 – урока нет.",
            "есть ли в понедельник физика?": "Да, пн 23.11, 3-й урок, 10:20–11:05.",
            "учимся ли в субботу": "Нет, завтра уроков нет.",
        },
    )
