"""One row of a table with named columns; a cell that cannot be read becomes a problem with its place."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from itertools import takewhile

from bot.imports.dates import read_date_cell
from bot.imports.reading import ReadingProblems
from core.rules.marks.tokens import UnknownTokenError, lesson_mark_tokens, weight_token
from core.rules.year import grade_level_of_name

_FILLER = re.compile(
    r"и\s+т\.?\s*[дп]\.?|и\s+др(?:угие|\.)?|(?:итого|всего|итог)\b.*|ваканси[яи].*|вакант\w*|нет|совместител[ьи]",
    re.IGNORECASE,
)
"""Words that stand where a name should: the rest of a list, its total, a post without a teacher."""

_FOOTNOTE_MARKS = "*¹²³ "
_SEVERAL_CLASSES = re.compile(r"[,;+&]|\sи\s|\d\s*[^\W\d_]\W+\d{1,2}\s*[^\W\d_]", re.IGNORECASE)
"""«5А, 5Б», «5А и 5Б», «5А/5Б», «5А–5В»; «10-1» is one class."""

_TWO_DIGITS = re.compile(r"(\d{1,2})\.?")
_HOURS = re.compile(r"(\d{1,4})(?:[.,]0+)?")
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.-]([0-5]\d)(?::00)?")


@dataclass(frozen=True, slots=True)
class TableRow:
    """`columns` is column name → index; an absent column reads as an empty cell. `number` counts from 1."""

    number: int
    cells: Sequence[str]
    columns: Mapping[str, int]
    faults: ReadingProblems

    def text(self, name: str) -> str | None:
        """The words of a cell; None when it is empty."""
        index = self.columns.get(name)
        return (" ".join(self.cells[index].split()) or None) if index is not None else None

    def required(self, name: str) -> str:
        """The words of a cell that must not be empty; "" and a problem when it is."""
        text = self.text(name)
        if text is None:
            self.add_problem(name, "cell_missing")
        return text or ""

    def subject(self) -> str:
        """The name of a subject, which has letters, without marks of a footnote; anything else is a problem."""
        column = "subject"
        text = row_cell_without_footnote(self.required(column))
        if text and (reason := row_subject_fault(text)):
            self.add_problem(column, reason, value=text)
        return text

    def person(self, name: str, *, required: bool = True) -> str | None:
        """The name of a person; «вакансия», «итого» and a cell without letters are problems, shown by place only."""
        text = self.required(name) if required else self.text(name)
        if text and (is_filler_row_cell(text) or not any(map(str.isalpha, text))):
            self.add_problem(name, "no_name")
        return text

    def school_class(self, name: str) -> str:
        """A class, which begins with its year of study; anything else is a problem, and several classes are."""
        text = self.required(name)
        if text and grade_level_of_name(text) is None:
            self.add_problem(name, "class_name", value=text)
        return self.one_class(name) or ""

    def one_class(self, name: str) -> str | None:
        """The words of a cell that may name one class; several classes in it are a problem."""
        text = self.text(name)
        if text and _SEVERAL_CLASSES.search(text):
            self.add_problem(name, "several_classes", value=text)
        return text

    def date(self, name: str, *, required: bool = False) -> date | None:
        """A date; an invalid date is a problem, and an empty cell where a date is required."""
        text = self.required(name) if required else self.text(name)
        if not text:
            return None
        on = read_date_cell(text)
        if on is None:
            self.add_problem(name, "date", value=text)
        return on

    def two_digit_number(self, name: str, *, required: bool = False) -> int | None:
        """A number of one or two digits, 0 included; anything else is a problem."""
        text = self.required(name) if required else self.text(name)
        if not text:
            return None
        number = read_two_digit_row_cell(text)
        if number is None:
            self.add_problem(name, "whole")
        return number

    def hours(self, name: str) -> int | None:
        """A whole number of hours up to four digits; an empty cell and anything else is a problem."""
        text = self.required(name)
        found = _HOURS.fullmatch(text)
        if text and found is None:
            self.add_problem(name, "whole")
        return int(found[1]) if found else None

    def time(self, name: str) -> time | None:
        """A time of day («8:30», «08.30»); an empty cell and anything else is a problem."""
        text = self.required(name)
        found = _CLOCK.fullmatch(text)
        if text and found is None:
            self.add_problem(name, "time", value=text)
        return time(int(found[1]), int(found[2])) if found else None

    def tokens(self, name: str, lowest_mark: int) -> tuple[str, ...] | None:
        """The tokens of a mark cell; None and a problem when one of them is unknown."""
        try:
            return lesson_mark_tokens(self.text(name) or "", lowest_mark)
        except UnknownTokenError as error:
            self.add_problem(name, "unknown_token", value=error.token)
            return None

    def weight(self, name: str) -> Decimal | None:
        """The weight of a mark; an invalid weight is a problem."""
        try:
            return weight_token(self.text(name) or "")
        except UnknownTokenError as error:
            self.add_problem(name, "weight", value=error.token)
            return None

    def leave_out(self, table: str) -> None:
        """Keep the sound cells of a row that has problems: whom they name is looked up all the same."""
        of_row = takewhile(lambda problem: problem.row == self.number, reversed(self.faults.problems))
        faulty = {problem.title for problem in of_row}
        texts = {name: self.text(name) for name in self.columns if name not in faulty}
        self.faults.leave_out_row(table, self.number, {name: text for name, text in texts.items() if text})

    def add_problem(self, name: str, reason: str, *, value: str | None = None, **facts: str) -> None:
        """A problem of this cell; `value` only where the cell holds a mark, a date or a weight (Q103)."""
        self.faults.add(reason, row=self.number, column=self.columns[name] + 1, value=value, title=name, **facts)


def read_two_digit_row_cell(text: str) -> int | None:
    """«3» or «3.»; None for anything else."""
    found = _TWO_DIGITS.fullmatch(text)
    return int(found[1]) if found else None


def is_filler_row_cell(text: str) -> bool:
    """True for a word that stands where a name should: «и т. д.», «итого», «вакансия»."""
    return _FILLER.fullmatch(text.strip()) is not None


def row_cell_without_footnote(text: str) -> str:
    """A name without the marks of a footnote behind it: «Физкультура*»; marks alone stay."""
    return text.rstrip(_FOOTNOTE_MARKS) or text


def row_subject_fault(text: str) -> str | None:
    """Why a text is no name of a subject; None where it may be one."""
    if not any(map(str.isalpha, text)):
        return "subject_words"
    return "no_name" if is_filler_row_cell(text) else None
