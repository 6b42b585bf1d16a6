"""A school's own subjects by whatever families call them: any list, not only that of the measure."""

from datetime import date

import pytest

from bot.bench.questions_bench import SUBJECTS
from bot.questions.grammar import understand_by_grammar
from bot.questions.model import Intent, Question

PRIMARY = ("Математика", "Русский язык", "Литературное чтение", "Окружающий мир", "Изобразительное искусство",
           "Иностранный язык (английский)", "Физкультура", "Технология", "Кубановедение", "Музыка")  # fmt: skip
SENIOR = ("Алгебра и начала математического анализа", "Геометрия", "Родной язык (русский)", "Русский язык",
          "Родная литература", "Литература", "История", "История Кубани", "Второй иностранный язык (немецкий)",
          "Английский язык", "Основы безопасности и защиты Родины", "Индивидуальный проект", "Физика")  # fmt: skip


def ask(words: str, subjects: tuple[str, ...] = SUBJECTS) -> Question:
    return understand_by_grammar(words, today=date(2026, 12, 9), subjects=subjects, children=())


@pytest.mark.parametrize(
    ("said", "subject"),
    [
        ("алг", "Алгебра"), ("русяз", "Русский язык"), ("рус.яз", "Русский язык"), ("инглишу", "Английский язык"),
        ("физ-ре", "Физическая культура"), ("физре", "Физическая культура"), ("инфе", "Информатика"),
        ("литре", "Литература"), ("лит-ре", "Литература"), ("обществу", "Обществознание"), ("общаге", "Обществознание"),
        ("био", "Биология"), ("хим", "Химия"), ("вису", "Вероятность и статистика"), ("обж", "ОБЗР"),
        ("статистике", "Вероятность и статистика"), ("трудам", "Труд (технология)"), ("музло", "Музыка"),
        ("технологии", "Труд (технология)"), ("физкультуре", "Физическая культура"), ("географие", "География"),
        ("aлгебре", "Алгебра"), ("Англ. яз.", "Английский язык"), ("PE", "Физическая культура"),
        ("ин-язу", "Английский язык"),
    ],
)  # fmt: skip
def test_a_subject_is_known_by_its_school_name(said: str, subject: str) -> None:
    """Abbreviations, slang, declined forms, a slip of one letter, a Latin letter among Cyrillic ones."""
    assert ask(f"дз по {said}").subject == subject


@pytest.mark.parametrize(
    ("said", "fit"),
    [
        ("гео", ("География", "Геометрия")),
        ("математике", ("Алгебра", "Вероятность и статистика", "Геометрия")),
        ("языку", ("Английский язык", "Русский язык")),
        ("физ", ("Физика", "Физическая культура")),
    ],
)
def test_several_that_fit_are_never_guessed_between(said: str, fit: tuple[str, ...]) -> None:
    """The question is unclear, its subject empty, and all that fit can be chosen from."""
    question = ask(f"оценки по {said}")
    assert (question.intent, question.subject) == (Intent.UNCLEAR, None)
    assert sorted(question.subjects) == sorted(fit)


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("алгебре и геометрии", ("Алгебра", "Геометрия")),
        ("химии, физике", ("Химия", "Физика")),
        ("русскому языку и по истории", ("Русский язык", "История")),
    ],
)
def test_several_that_are_named_are_all_meant(said: str, named: tuple[str, ...]) -> None:
    """Each by its own word, in the order in which they were said (Q113)."""
    question = ask(f"оценки по {said}")
    assert (question.intent, question.subject, question.subjects) == (Intent.MARKS, None, named)


@pytest.mark.parametrize("said", ["астрономии", "немецкому", "кулинарии"])
def test_a_subject_that_is_not_taught_is_asked_about(said: str) -> None:
    """Nothing of all the other subjects is shown in its place."""
    assert ask(f"оценки по {said}").intent is Intent.UNCLEAR


@pytest.mark.parametrize(
    ("said", "subject"),
    [
        ("математике", "Математика"), ("матеше", "Математика"), ("чтению", "Литературное чтение"),
        ("литературе", "Литературное чтение"), ("окружайке", "Окружающий мир"), ("изо", "Изобразительное искусство"),
        ("английскому", "Иностранный язык (английский)"), ("физре", "Физкультура"), ("труду", "Технология"),
        ("кубановедению", "Кубановедение"), ("кубан", "Кубановедение"), ("кубановидению", "Кубановедение"),
    ],
)  # fmt: skip
def test_a_primary_school_has_subjects_of_its_own(said: str, subject: str) -> None:
    """The grammar knows them by the words of their names."""
    assert ask(f"дз по {said}", PRIMARY).subject == subject


@pytest.mark.parametrize(
    ("said", "subject"),
    [
        ("алгебре", "Алгебра и начала математического анализа"), ("русскому", "Русский язык"),
        ("родному русскому", "Родной язык (русский)"), ("литературе", "Литература"), ("истории", "История"),
        ("истории кубани", "История Кубани"), ("немецкому", "Второй иностранный язык (немецкий)"),
        ("английскому", "Английский язык"), ("обж", "Основы безопасности и защиты Родины"), ("физ", "Физика"),
    ],
)  # fmt: skip
def test_of_alike_subjects_the_plainest_is_meant(said: str, subject: str) -> None:
    """«русский» is not «Родной язык (русский)» unless it is said so."""
    assert ask(f"дз по {said}", SENIOR).subject == subject


@pytest.mark.parametrize(("typed", "real"), [("сроки сдачи", "уроки"), ("завтрак", "завтра"), ("сроки", "уроки")])
def test_a_real_word_is_no_slip(typed: str, real: str) -> None:
    """One letter away from a word of ours, but a word itself."""
    assert ask(typed).intent is Intent.UNCLEAR, real
