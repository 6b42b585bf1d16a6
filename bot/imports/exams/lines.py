"""One row of an exam file with named columns; a cell that cannot be read becomes a problem with its place."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.imports.exams.sheets import ExamSheet
from bot.imports.exams.words import CLASS, NAME, PATRONYMIC, SCHOOL, STATUSES, SURNAME, exam_cell_word_key
from core.model.results.exams import ExamStatus

Found = TypeVar("Found")

MARKS = frozenset("2345")
HIGHEST_SCORE = 100
_WHOLE = re.compile(r"([0-9]{1,4})(?:[.,]0+)?")


@dataclass(frozen=True, slots=True)
class ExamLine:
    """`columns` is column name → index; an absent column reads as an empty cell. `number` counts from 1."""

    number: int
    cells: Sequence[str]
    columns: Mapping[str, int]
    sheet: ExamSheet

    def text(self, name: str) -> str:
        """The words of a cell, tidied; "" for an empty one. A cell whose value is lost is a problem."""
        index = self.columns.get(name)
        if index is None or index >= len(self.cells):
            return self._lost(name, index)
        text = self.cells[index]
        clean = self.sheet.faults.clean_text(text, row=self.number, column=index + 1)
        return unicodedata.normalize("NFC", " ".join(clean.split())) or self._lost(name, index)

    def _lost(self, name: str, index: int | None) -> str:
        if index is not None and (reason := self.sheet.lost.get((self.number, index + 1))):
            self.add_problem(name, reason)
        return ""

    def is_lost(self, name: str) -> bool:
        """Whether the file does not hold the value of a cell."""
        return (self.number, self.columns.get(name, -1) + 1) in self.sheet.lost

    def add_problem(self, name: str, reason: str, *, value: str | None = None, **facts: str) -> None:
        """A problem of this cell; `value` only where the cell holds a mark, a score, a date or a word (Q103)."""
        self.sheet.faults.add(reason, row=self.number, column=self.columns[name] + 1, value=value, **facts)

    def person(self) -> str:
        """Surname, name and patronymic by single blanks, letter for letter; a missing surname is a problem."""
        parts = [self.text(each) for each in (SURNAME, NAME, PATRONYMIC)]
        if not parts[0]:
            self.add_problem(SURNAME, "exam_student")
        return " ".join(filter(None, parts))

    def school(self) -> str | None:
        """«Код ОО» as the file has it."""
        return self.text(SCHOOL).removesuffix(".0") or None

    def school_class(self) -> str | None:
        """The class as the file has it, a whole number without «.0»."""
        return self.text(CLASS).removesuffix(".0") or None

    def whole(self, name: str, *, most: int | None = None) -> int | None:
        """A whole number from 0; None for an empty cell, and for a wrong one, which is a problem."""
        text = self.text(name)
        if not text:
            return None
        found = _WHOLE.fullmatch(text)
        if found is None:
            self.add_problem(name, "exam_number", value=text)
            return None
        if most is not None and int(found[1]) > most:
            self.add_problem(name, "exam_too_high", value=text, most=str(most))
            return None
        return int(found[1])

    def mark(self, name: str) -> str | None:
        """A mark from 2 to 5; None for an empty cell, and for another one, which is a problem (Q37)."""
        text = self.text(name)
        if text and text not in MARKS:
            self.add_problem(name, "exam_mark", value=text)
        return text if text in MARKS else None

    def status(self, name: str) -> ExamStatus | None:
        """A status that stands in the place of a score or a mark; None for anything else."""
        return STATUSES.get(exam_cell_word_key(self.text(name)))

    def word(self, name: str, words: Mapping[str, Found], reason: str) -> Found | None:
        """A word of a list; None for an empty cell, and for an unknown word, which is a problem."""
        text = self.text(name)
        found = words.get(exam_cell_word_key(text))
        if text and found is None:
            self.add_problem(name, reason, value=text)
        return found


def require_unlike_exam_lines(places: Sequence[tuple[object, object, ExamLine]], name: str, reason: str) -> None:
    """Rows of one key with different facts are problems, each at its cell `name`; equal rows are none."""
    seen: dict[object, list[tuple[object, ExamLine]]] = {}
    for key, facts, line in places:
        seen.setdefault(key, []).append((facts, line))
    for same in seen.values():
        if any(facts != same[0][0] for facts, _ in same):
            rows = ", ".join(str(line.number) for _, line in same)
            for _, line in same:
                line.add_problem(name, reason, rows=rows)
