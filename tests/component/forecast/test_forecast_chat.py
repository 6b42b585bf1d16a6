"""A mother asks where the quarter is heading (Q41–Q46, Q48, Q50, Q51)."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.handlers.doors import DoorRequest
from bot.handlers.forecast.lookup import DOORS
from bot.questions.grammar import understand_by_grammar
from bot.screens.screen import Screen, screen_text
from core.model.marks.entries import EntryKind, NewEntry
from core.model.people import Actor, Role
from core.model.results.period_marks import PeriodMark
from core.model.schoolwork.control_works import NewControlWork
from core.ports import UnitOfWorkFactory
from core.rules.conversation.buttons import unpack_button
from tests.support.conversation.asking import CHAT, Asking
from tests.support.schools.builders import NOW
from tests.support.schools.results import put_final
from tests.support.schools.term_ends import TODAY, TermSchool, a_term_school

FORECAST, CHART, *_ = DOORS
MONDAY = date(2026, 11, 9)
ANNA, BORIS, VIKTOR = "Авдеева Анна", "Белов Борис", "Волков Виктор"
HEAVY_FIVE = (
    "Если получить 5 (контрольная, вес 15): средний балл 3,43 → 3,90, это 4 · к концу периода скорее всего 4 (90 %)"
)
STEP = " · до «4» – 1 пятёрка (или 2 четвёрки)"
EXAMPLE = [("4", "ответ", 10), ("5", "ответ", 10), ("2", "контрольная", 15)]


async def given(school: TermSchool, pupil: str, subject: str, marks: Sequence[tuple[str, str, int]]) -> None:
    """Marks with kinds and weights, one a school day."""
    async with school.open_uow() as uow:
        entries = [
            NewEntry(
                school.pupils[pupil],
                school.subjects[subject],
                MONDAY + timedelta(days=place),
                EntryKind.SCORE,
                value,
                kind,
                None,
                Decimal(weight),
                None,
            )
            for place, (value, kind, weight) in enumerate(marks)
        ]
        await uow.marks.add_entries(entries, import_id=None, at=NOW)
        await uow.commit()


@pytest.fixture
async def school(open_sqlite: UnitOfWorkFactory) -> TermSchool:
    """8Б in the first quarter: Анна has the marks of the requirements' example in algebra, one in physics."""
    school = await a_term_school(open_sqlite)
    await given(school, ANNA, "Алгебра", EXAMPLE)
    await given(school, BORIS, "Алгебра", EXAMPLE)
    await given(school, ANNA, "Физика", EXAMPLE[:1])
    return school


async def asked(school: TermSchool, words: str = "", *numbers: int, chart: bool = False) -> Screen:
    """The answer to a question in words, or to a button."""
    asking = Asking.of(school.open_uow)
    mother = Actor(school.mother, frozenset({Role.GUARDIAN}), "telegram")
    question = understand_by_grammar(words, today=TODAY, subjects=list(school.subjects), children=()) if words else None
    ask = DoorRequest(numbers=numbers, question=question, pressed=bool(numbers))
    reply = await asking.reply(CHART if chart else FORECAST, asking.caller(mother), ask)
    assert isinstance(reply, Screen)
    return reply


def body(screen: Screen) -> list[str]:
    """The lines that answer, then those below the child's name and the titles."""
    answer, _, below = screen_text(screen.text).partition("\n\n")
    return [*answer.split("\n"), "", *below.partition("\n\n")[2].split("\n")]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("прогноз по алгебре", "Сейчас 3 (3,43), к концу периода скорее всего 4 (60 %)" + STEP),
        ("какая четвертная выходит по алгебре", "Сейчас 3 (3,43), к концу периода скорее всего 4 (60 %)" + STEP),
        (
            "что нужно, чтобы вышла 4 по алгебре",
            "До «4» – 1 пятёрка (или 2 четвёрки) · скорее всего 4 (60 %) · средний балл 3,43",
        ),
        (
            "сколько пятёрок надо до пятёрки по алгебре",
            "До «5» – 11 пятёрок · скорее всего 4 (60 %) · средний балл 3,43",
        ),
        (
            "сколько пятёрок надо по алгебре",
            "До «4» – 1 пятёрка (или 2 четвёрки) · скорее всего 4 (60 %) · средний балл 3,43",
        ),
        ("исправлю ли двойку по алгебре", "Да: «3» выходит уже сейчас · скорее всего 4 (60 %) · средний балл 3,43"),
        (
            "а если получу 3 по алгебре",
            "Если получить 3: средний балл 3,43 → 3,33, это 3 · к концу периода скорее всего 3 (60 %)",
        ),
        (
            "что будет, если завтра получу 2 по алгебре",
            "Если получить 2: средний балл 3,43 → 3,11, это 3 · к концу периода скорее всего 3 (85 %)",
        ),
        (
            "реально ли вытянуть на 4 по алгебре",
            "Можно: до «4» – 1 пятёрка (или 2 четвёрки) · скорее всего 4 (60 %) · средний балл 3,43",
        ),
        (
            "чтобы не было тройки по алгебре что делать",
            "До «4» – 1 пятёрка (или 2 четвёрки) · скорее всего 4 (60 %) · средний балл 3,43",
        ),
        (
            "хватит ли одной пятёрки чтобы вышла 4 по алгебре",
            "Да: с оценкой 5 средний балл станет 3,78, это 4 · скорее всего 4 (85 %)",
        ),
        ("какая оценка намечается по алгебре", "Сейчас 3 (3,43), к концу периода скорее всего 4 (60 %)" + STEP),
        (
            "прогноз по физике",
            "Сейчас 4 (4,00) · мало данных для прогноза (оценок: 1, нужно от 3) · до «5» – 2 пятёрки",
        ),
    ],
)
async def test_the_first_line_answers_what_was_asked(school: TermSchool, words: str, first: str) -> None:
    """What is needed exactly (Q44), what if, the most likely mark (Q41), or that there is not enough data (Q46)."""
    assert body(await asked(school, words))[0] == first


async def test_the_answer_shows_how_it_came_about(school: TermSchool) -> None:
    """Chances, marks with their weights, average, thresholds, lessons left, and that it is a forecast (Q41, Q51)."""
    lines = body(await asked(school, "прогноз по алгебре"))
    assert [line for line in lines if line[:1] in "5432" and "▓" in line + "▓" and "%" in line] == [
        "5 ░░░░░░░░░░ 0 %", "4 ▓▓▓▓▓▓░░░░ 60 %", "3 ▓▓▓▓░░░░░░ 40 %", "2 ░░░░░░░░░░ 0 %",
    ]  # fmt: skip
    for line in (
        "Учтены 3 оценки: 4 5 (вес 10); 2 (вес 15).",
        "Средний балл 3,43, сейчас это 3.",
        "Пороги школы: «3» от 2,60, «4» от 3,60, «5» от 4,60.",
        "До 29.12: 16 уроков, ждём ещё около 8 оценок.",
        "• до «4» – 1 пятёрка; или за одну работу (контрольная, вес 15) не ниже 4",
        "• до «5» – 11 пятёрок",
        "Это прогноз, а не оценка: решает учитель, каждая новая оценка его меняет.",
    ):
        assert line in lines


async def test_buttons_suppose_the_next_mark(school: TermSchool) -> None:
    """«Если 5» counts one more usual work, the second row one of the heavy kind; each opens the same subject."""
    shown = await asked(school, "прогноз по алгебре")
    labels = [[button.label for button in row] for row in shown.buttons]
    assert labels[0] == ["Если 5", "Если 4", "Если 3", "Если 2"]
    assert labels[1] == ["5 (вес 15)", "4 (вес 15)", "3 (вес 15)", "2 (вес 15)"]
    button = unpack_button(shown.buttons[1][0].data or "", channel="telegram", chat=CHAT, key=b"asking")
    assert body(await asked(school, "", *button.numbers))[:1] == [HEAVY_FIVE]


async def test_all_subjects_are_one_line_each(school: TermSchool) -> None:
    """Algebra with its forecast and the next step, physics with too few marks (Q46); the chart is a picture."""
    assert body(await asked(school, "прогноз")) == [
        "Скорее всего выйдут: «4» – 1 (Алгебра). Мало данных для прогноза, сейчас: «4» – 1 (Физика).",
        "",
        "Алгебра: скорее всего 4 (60 %) · средний балл 3,43 · до «4» – 1 пятёрка",
        "Физика: мало данных для прогноза (оценок: 1, нужно от 3) · средний балл 4,00",
    ]
    assert ((await asked(school, "прогноз", chart=True)).picture or b"").startswith(b"\x89PNG")


async def test_no_forecast_for_first_grades(open_sqlite: UnitOfWorkFactory) -> None:
    """First grades and subjects without marks have none (Q50)."""
    first = await a_term_school(open_sqlite, school_class="1А")
    await given(first, ANNA, "Алгебра", EXAMPLE)
    assert body(await asked(first, "прогноз"))[0].startswith("Прогноза нет")


async def test_a_set_mark_ends_the_forecast_and_counts_in_the_year(school: TermSchool) -> None:
    """The first quarter's mark counts in the year with its worst and best case (Q48)."""
    async with school.open_uow() as uow:
        mark = PeriodMark(
            0, school.pupils[ANNA], school.subjects["Алгебра"], school.year, "1 четверть", None, "3", 1, NOW,
            published=False, import_id=None,
        )  # fmt: skip
        await put_final(uow, mark)
        await uow.commit()
    lines = body(await asked(school, "прогноз по алгебре"))
    assert "Год: скорее всего 4 (60 %), в худшем случае 3, в лучшем 4. Уже стоят: 3." in lines


async def test_announced_control_works_are_among_the_works_left(school: TermSchool) -> None:
    """With the weight that their kind has had in the class; the forecast counts on them (Q41)."""
    async with school.open_uow() as uow:
        for days, kind in ((7, "Контрольная работа"), (9, "Проект")):
            new = NewControlWork(
                school.group, school.subjects["Алгебра"], TODAY + timedelta(days=days), None, kind, "Дроби"
            )
            await uow.schoolwork.plan_control_work(new, by=school.staff["lisina"], at=NOW)
        await uow.commit()
    lines = body(await asked(school, "прогноз по алгебре"))
    at = lines.index("До 29.12: 16 уроков, ждём ещё около 8 оценок.")
    assert lines[at + 1] == "Из них объявлены: 27.11 контрольная, вес 15; 29.11 Проект, вес 10."
