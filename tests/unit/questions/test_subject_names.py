"""Which names of subjects mean one."""

from datetime import date

import pytest

from bot.questions import grammar
from bot.questions.model import Intent
from core.model.year import Subject
from core.rules.imports.subject_names import alike_subject_names, curriculum_subject_name

USUAL = [
    ("Физ-ра", "Физическая культура"),
    ("физкультура", "Физическая культура"),
    ("Англ.яз", "Иностранный язык (английский)"),
    ("Английский", "Английский язык"),
    ("Рус яз", "Русский язык"),
    ("Лит-ра", "Литература"),
    ("Инф.", "Информатика"),
    ("Общ.", "Обществознание"),
    ("Геогр.", "География"),
    ("Геом.", "Геометрия"),
    ("ВиС", "Вероятность и статистика"),
    ("Нем. яз.", "Немецкий язык"),
    ("Общ-во", "Обществознание"),
    ("Инф-ка", "Информатика"),
    ("Муз-ка", "Музыка"),
    ("Физ. к-ра", "Физическая культура"),
    ("Иностр. яз. (англ.)", "Английский язык"),
    ("Разг. о важном", "Разговоры о важном"),
]


def asked(words: str, name: str) -> tuple[str, ...]:
    """The subjects that a question in these words means at a school with this one and another."""
    question = grammar.understand_by_grammar(
        f"что по {words}", today=date(2026, 11, 9), subjects=[name, "Химия"], children=[]
    )
    return question.subjects or tuple(filter(None, [question.subject]))


@pytest.mark.parametrize(("short", "full"), USUAL)
def test_a_usual_short_form_means_the_full_name(short: str, full: str) -> None:
    """Case, dots, dashes and brackets make no difference, and questions in plain words mean the same subject."""
    assert curriculum_subject_name(short) == curriculum_subject_name(full) is not None
    assert asked(short, full) == (full,)


@pytest.mark.parametrize(("short", "full"), USUAL)
def test_a_subject_that_a_school_names_shortly_is_asked_by_its_full_name(short: str, full: str) -> None:
    """The timetable's «Физ-ра» is what a question about «физическая культура» means."""
    assert asked(full, short) == (short,)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Физика", "Физическая культура"),
        ("Русский язык", "Родной русский язык"),
        ("Математика", "Алгебра"),
        ("География", "Геометрия"),
        ("Литература", "Литературное чтение"),
        ("Иностранный язык", "Английский язык"),
        ("Немецкий язык", "Второй иностранный язык (немецкий)"),
        ("История", "История России"),
    ],
)
def test_two_subjects_stay_two(one: str, other: str) -> None:
    """Names that share words are not one subject for that."""
    assert None is curriculum_subject_name(one) or curriculum_subject_name(one) != curriculum_subject_name(other)


@pytest.mark.parametrize(
    ("words", "name", "other"),
    [
        ("есть ли завтра разговоры о важном", "Разговоры о важном", "Информ."),
        ("когда разговоры о важном", "Разг. о важном", "Классный час"),
        ("завтра есть классный час?", "Классный час", "Физ-ра"),
        ("когда россия мои горизонты", "Россия – мои горизонты", "Лит-ра"),
        ("есть ли завтра инглиш", "Англ. яз.", "Лит-ра"),
        ("есть ли завтра информатика", "Информ.", "Англ. яз."),
        ("будет ли завтра физра", "Физ-ра", "Физика"),
        ("есть ли завтра общество", "Общ-во", "Истор."),
    ],
)
def test_the_timetable_is_asked_of_the_named_subject(words: str, name: str, other: str) -> None:
    """Also where its name has a common meaning, as «Разговоры о важном» may mean any lesson; and not of the day."""
    asked_of = grammar.understand_by_grammar(words, today=date(2026, 11, 9), subjects=[other, name], children=[])
    assert (asked_of.intent, asked_of.subject) == (Intent.TIMETABLE, name)


def test_a_subject_that_the_school_does_not_have_is_never_answered() -> None:
    """Neither with "no lessons" nor with the lessons of another one."""
    school = ["Информ.", "Разговоры о важном", "Физ-ра"]
    for words in ("есть ли завтра шахматы", "завтра будет астрономия?", "когда китайский", "есть завтра химия"):
        question = grammar.understand_by_grammar(words, today=date(2026, 11, 9), subjects=school, children=[])
        assert (question.intent, question.subject) == (Intent.UNCLEAR, None), words


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        (("Руский язык", "Русский язык"), "Русский язык"),
        (("Русский язык", "Руский язык"), "Русский язык"),
        (("Финансовая грамотность", "Финансовая граммотность"), "Финансовая грамотность"),
    ],
)
def test_of_two_subjects_that_may_be_one_the_right_name_is_kept(names: tuple[str, str], kept: str) -> None:
    """The advice of `doctor` is copied as it stands: the misspelt name is the one that goes, else the later one."""
    subjects = [Subject(number, name, name.casefold()) for number, name in enumerate(names, 1)]
    [(keep, gone)] = alike_subject_names(subjects)
    assert (keep.name, gone.name in names, gone.name == kept) == (kept, True, False)
