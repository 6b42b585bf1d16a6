"""A term as files write it, alone, after a subject, or in a title."""

import pytest

from bot.imports.results.terms import read_result_term, read_titled_result_term, split_result_term
from core.rules.results.terms import is_term


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("1 четверть", "1 четверть"),
        ("1 четв.", "1 четв."),
        ("I\nчетверть", "I четверть"),
        ("1-я четверть", "1-я четверть"),
        ("Третья четверть", "Третья четверть"),
        ("II полугодие", "II полугодие"),
        ("2 п/г", "2 п/г"),
        ("3 триместр", "3 триместр"),
        ("Четверть 2", "Четверть 2"),
        ("за 3 четверть 2025/2026 учебного года", "3 четверть"),
        ("Оценка за 1 четв.", "1 четв."),
        ("Отметка за год", "year"),
        ("Год", "year"),
        ("Годовая оценка", "year"),
        ("ЭКЗАМЕН", "exam"),
        ("Экзаменационная отметка", "exam"),
        ("Итог", "final"),
        ("Итоговая", "final"),
    ],
)
def test_a_term_stands_alone(text: str, term: str) -> None:
    """It stays as it is written, with single blanks; year, exam and final have one name each, and core knows all."""
    assert read_result_term(text) == term
    assert is_term(term)


@pytest.mark.parametrize(
    "text", ["", "5", "5 четверть", "Индивидуальный итоговый проект", "Подготовка к экзамену", "Русский язык", "Период"]
)
def test_other_words_are_no_term(text: str) -> None:
    """A subject may have such a word in its name."""
    assert read_result_term(text) is None


def test_a_cell_may_name_subject_and_term() -> None:
    """Programs that print one row of titles join both."""
    assert split_result_term("Иностр. яз. (англ.), 1 четверть") == ("Иностр. яз. (англ.)", "1 четверть")
    assert split_result_term("Физика (Год)") == ("Физика", "year")
    assert split_result_term("Физика") is None


def test_a_numbered_term_of_a_title_comes_first() -> None:
    """«за 3 четверть 2025/2026 учебного года» is a quarter, not the year."""
    assert read_titled_result_term(["Итоговые оценки", "за 3 четверть 2025/2026 учебного года"]) == "3 четверть"
    assert read_titled_result_term(["Сводная ведомость", "за 2025/2026 учебный год"]) == "year"
    assert read_titled_result_term(["Сводная ведомость 9 класса"]) is None
