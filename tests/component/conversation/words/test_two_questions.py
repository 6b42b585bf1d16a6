"""Two questions in one message: each is answered under its own first line (Q113)."""

import pytest

from bot.questions.sentence.clauses import pairs_of_questions
from tests.support.conversation.phone import Phone
from tests.support.conversation.telegram import Line
from tests.support.schools.asked import FATHER, MOTHER

MONDAY, MONDAY_TASKS = "Пн 23.11: 5 уроков, 08:30–12:55", "Задано по 2 предметам: пн 23.11."
ONE_DEBT = "1 долг: в этом учебном году. 16.11 История: какая работа, в журнале не записано."
HOLIDAYS = "Зимние каникулы: 30.12–10.01, через 40 дней."


@pytest.mark.parametrize(
    ("words", "first", "second"),
    [
        ("что задали на понедельник и какие уроки", MONDAY_TASKS, MONDAY),
        ("уроки и дз на понедельник", MONDAY, MONDAY_TASKS),
        (
            "когда каникулы? и какие долги",
            HOLIDAYS,
            "1 долг: в этом учебном году. 16.11 История: какая работа, в журнале не записано.",
        ),
        ("какие уроки в понедельник и какие во вторник", MONDAY, "Вт 24.11: 4 урока, 08:30–12:00"),
        ("какие оценки по физике и ещё что задали", "Физика, 2 четверть: 2 · ", "Физика, на ср 25.11: § 12"),
        ("маша сегодня была в школе и что получила", "Пропусков нет: сегодня, пт 20.11.", "Оценок нет: сегодня"),
        (
            "до какого числа четверть, успеет ли она исправить физику",
            "2 четверть: конец вт 29.12",
            "Можно: до <b>«3»</b>",
        ),
        ("какие оценки сегодня и сколько пропусков", "Оценок нет: сегодня, пт 20.11.", "Пропусков нет: сегодня"),
    ],
)
async def test_both_are_answered(line: Line, words: str, first: str, second: str) -> None:
    """What only one of them names, a day or a subject, holds for both."""
    answer = await Phone(line, FATHER).says(words)
    assert answer.startswith(first)
    lines = answer.split("\n\n")[0]
    assert f"\n{second}" in lines  # both answers stand above both tables


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        ("есть ли замены в понедельник и до скольки уроки", ["Замен нет: пн 23.11.", "Пн 23.11: до 12:55"]),
        ("когда каникулы и когда конец четверти", [HOLIDAYS, "2 четверть: конец вт 29.12"]),
    ],
)
async def test_one_screen_answers_both_in_its_first_lines(line: Line, words: str, lines: list[str]) -> None:
    """The same day of the same door is shown once, with that screen's own buttons."""
    shown = (await Phone(line, FATHER).says(words)).split("\n")
    assert "…" not in shown
    assert [said.startswith(wanted) for said, wanted in zip(shown, lines, strict=False)] == [True, True]
    assert sum(said.startswith("<b>Ковалёва") for said in shown) == 1


async def test_a_child_that_one_of_them_names_is_meant_by_both(line: Line) -> None:
    """Where nobody is named each question has a button for each child; what comes next goes on with the second."""
    phone = Phone(line, MOTHER)
    shown = await phone.says("что задали на понедельник и какие уроки")
    assert shown.startswith("О чём показать сначала?")
    assert (await phone.presses("Мария: расписание")).startswith("<b>Ковалёва Мария Денисовна</b>")
    answer = await phone.says("какие уроки в понедельник и что задано артёму")
    assert answer.startswith("Артём: Пн 23.11")
    assert "\nАртём: Ничего не задано: пн 23.11." in answer
    assert (await phone.says("а на вторник?")).startswith("Артём: Ничего не задано: вт 24.11.")


async def test_a_pronoun_is_the_child_or_the_subject_that_was_named(line: Line) -> None:
    """«кто у артёма ведёт … и во сколько она» is not asked of his sister (Q112)."""
    answer = await Phone(line, MOTHER).says("кто у маши ведёт физику и во сколько она в понедельник")
    assert answer.startswith("Мария: Физика: Иванова Ирина Олеговна")
    assert "\nМария: Физика: пн 23.11, 3-й урок, 10:20–11:05." in answer
    answer = await Phone(line, MOTHER).says("что задали артёму на понедельник и какие у него уроки")
    assert "\nАртём: Пн 23.11" in answer


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("до скольки уроки в понедельник? говорят физичка заболела", "Пн 23.11: до 12:55, последний урок – 5-й."),
        ("сколько двоек и по каким предметам", "1 двойка: Физика – 1."),
        ("когда каникулы и когда в школу", "В школу пн 11.01; Зимние каникулы: 30.12–10.01."),
    ],
)
async def test_what_is_one_question_has_one_answer(line: Line, words: str, first: str) -> None:
    """A remark, a way to ask and a line that answers both are no second question."""
    answer = await Phone(line, FATHER).says(words)
    assert answer.split("\n")[0] == first
    assert answer.count("<b>Ковалёва") == 1


def test_a_long_message_is_read_as_one() -> None:
    """Each pair is read anew: nobody may keep the bot busy with a hundred of them."""
    assert pairs_of_questions("какие уроки и что задали", are_asked=True)
    assert pairs_of_questions("какие уроки и что задали " * 20, are_asked=True) == []
