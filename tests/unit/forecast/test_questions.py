"""Questions about a forecast in plain words: the subject, and the mark that is hoped for or supposed (Q29)."""

import csv
from datetime import date
from pathlib import Path

import pytest

from bot.questions.grammar import understand
from bot.questions.model import Intent

SUBJECTS = ("Алгебра", "Физика", "Химия", "Биология", "Русский язык", "История", "Английский язык")
ASKED = Path(__file__).with_name("questions.csv")
NEEDED = 38
NEXT = 1

HOPED = {
    "что нужно, чтобы вышла 5 по физике": ("Физика", 5),
    "выходит ли 4": (None, 4),
    "выходит ли 4 по химии?": ("Химия", 4),
    "сколько пятёрок надо": (None, NEXT),
    "сколько пятёрок надо до четвёрки по алгебре": ("Алгебра", 4),
    "сколько четвёрок нужно чтобы вышла четыре": (None, 4),
    "какая четвертная выходит": (None, None),
    "исправлю ли": (None, NEXT),
    "исправлю ли двойку по химии": ("Химия", 3),
    "будет ли пятёрка в четверти по биологии": ("Биология", 5),
    "какая оценка выходит за 2 четверть": (None, None),
    "дотяну ли до четвёрки по химии": ("Химия", 4),
    "what do I need for a 5 in physics": ("Физика", 5),
}


@pytest.mark.parametrize(("words", "wanted"), HOPED.items())
def test_the_hoped_mark_is_understood(words: str, wanted: tuple[str | None, int | None]) -> None:
    """A number of a term is no mark; to mend a «2» is to hope for a «3»."""
    asked = understand(words, today=date(2026, 10, 1), subjects=SUBJECTS, children=())
    assert (asked.intent, asked.subject, asked.mark, asked.is_supposed) == (Intent.FORECAST, *wanted, False)


@pytest.mark.parametrize(("words", "mark"), [("а если получу 3", 3), ("если получу двойку по физике что выйдет", 2)])
def test_a_supposed_mark_is_understood(words: str, mark: int) -> None:
    """The mark behind «если» is the next one."""
    asked = understand(words, today=date(2026, 10, 1), subjects=SUBJECTS, children=())
    assert (asked.intent, asked.mark, asked.is_supposed) == (Intent.FORECAST, mark, True)


def is_right(row: dict[str, str]) -> bool:
    """Whether a line of the list is understood as it says."""
    asked = understand(row["words"], today=date(2026, 11, 20), subjects=SUBJECTS, children=((1, "Ковалёв Артём"),))
    wanted = row["subject"] or None, int(row["mark"]) if row["mark"] else None, row["supposed"] == "yes"
    return asked.intent is Intent.FORECAST and (asked.subject, asked.mark, asked.is_supposed) == wanted


@pytest.mark.parametrize("number", ["1", "2", "3"])
def test_of_forty_questions_thirty_eight_are_understood(number: str) -> None:
    """Three lists, each written by a fresh pair of eyes: what is needed, what comes, what if, can it be mended (R4)."""
    rows = [row for row in csv.DictReader(ASKED.read_text(encoding="utf-8").splitlines()) if row["list"] == number]
    wrong = [row["words"] for row in rows if not is_right(row)]
    assert len(rows) - len(wrong) >= NEEDED, wrong
