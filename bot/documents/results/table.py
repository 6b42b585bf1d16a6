"""A table of figures, from which the screen, the workbook and the printed page are made."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.ports import Translator
from core.rules.marks.averages import format_average

Cell = str | int | Fraction | None
"""Words, a whole number, an exact share or average; None is «—»."""

EMPTY = "—"


@dataclass(frozen=True, slots=True)
class FigureTable:
    """A titled table; `notes` stand below it."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()


def table_cell_words(cell: Cell, t: Translator) -> str:
    """A cell as a person reads it: two digits after the decimal sign, «—» for nothing."""
    match cell:
        case None:
            return EMPTY
        case Fraction():
            return format_average(cell, point=t("marks.point"))
        case _:
            return str(cell)


def exact_table_text(figure: Fraction | None) -> str | None:
    """A figure for JSON: two decimals, half up, with a point (contracts, Final marks)."""
    return None if figure is None else format_average(figure, point=".")
