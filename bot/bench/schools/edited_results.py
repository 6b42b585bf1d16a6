"""Compares summary sheets and statistics with what random edits have left in force (`edit_scripts`)."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from core.actions.results import result_statistics
from core.actions.results.sheet import reading
from core.actions.results.sheet.reading import SheetRequest
from core.model.people import Actor
from core.model.results.period_marks import MarkCell
from core.model.results.statistics import StatisticsCounts, StatisticsScope
from core.model.results.summary_sheet import PrintedCell, SummarySheet
from core.ports import UnitOfWork
from core.rules.access import Everything
from core.rules.results.sheet.arrangement import arranged_marks_in_force, arranged_summary_sheet
from core.rules.results.sheet.comparison import DEFERRED, sheet_comparison

COUNTED = {"5": "n5", "4": "n4", "3": "n3", "2": "n2", "н/а": "na", DEFERRED: "deferred"}
"""The figure that each mark belongs to."""


@dataclass(frozen=True, slots=True)
class EditedResults:
    """What edits have left: marks and deferrals by cell, who has left, and whether a closed mark was corrected."""

    actor: Actor
    term: str
    class_ids: Collection[int]
    values: Mapping[MarkCell, str]
    deferred: Collection[MarkCell]
    left: Collection[int]
    is_corrected: bool
    on: date

    @property
    def cells(self) -> Mapping[MarkCell, str]:
        """What a sheet must show."""
        return {**self.values, **dict.fromkeys(self.deferred, DEFERRED)}


async def edited_sheets_agree(uow: UnitOfWork, edited: EditedResults) -> bool:
    """Every mark stands in the sheet of its student's class, once, and the check of each sheet finds nothing (Q66).

    A sheet is to be reissued as long as a mark was corrected after the last closing (Q67).
    """
    shown: dict[MarkCell, str] = {}
    is_to_be_reissued = False
    for class_id in edited.class_ids:
        facts = await reading.load_sheet_facts(uow, Everything(), SheetRequest(class_id, edited.on, edited.on))
        sheet = arranged_summary_sheet(facts)
        if sheet_comparison(sheet, arranged_marks_in_force(facts), list(_printed(sheet))):
            return False
        for row in sheet.rows:
            for (subject_id, term), cell in row.cells.items():
                place = MarkCell(row.student_id, subject_id, term)
                if place in shown:
                    return False
                shown[place] = cell.value or DEFERRED
        is_to_be_reissued = is_to_be_reissued or sheet.is_to_be_reissued
    return shown == edited.cells and is_to_be_reissued == edited.is_corrected


async def edited_statistics_agree(uow: UnitOfWork, edited: EditedResults) -> bool:
    """The school's figures of each subject count the marks of those who are still there (Q54, Q62, Q63)."""
    counted: dict[int, Counter[str]] = {cell.subject_id: Counter() for cell in edited.cells}
    for cell, value in edited.cells.items():
        if cell.student_id not in edited.left and value in COUNTED:
            counted[cell.subject_id][COUNTED[value]] += 1
    rows = await result_statistics.load_result_statistics(uow, edited.actor, on=edited.on, term=edited.term)
    found = {row.subject_id: row.counts for row in rows if row.scope is StatisticsScope.SCHOOL and row.subject_id}
    return all(_figures(found.get(subject_id, StatisticsCounts())) == +counts for subject_id, counts in counted.items())


def _figures(counts: StatisticsCounts) -> Counter[str]:
    return +Counter({name: getattr(counts, name) for name in COUNTED.values()})


def _printed(sheet: SummarySheet) -> Iterator[PrintedCell]:
    """The cells of a sheet as a print has them."""
    for number, row in enumerate(sheet.rows):
        for subject in sheet.subjects:
            for column, term in enumerate(subject.terms):
                if (cell := row.cells.get((subject.id, term))) is not None:
                    yield PrintedCell(row.name, 0, subject.name, term, cell.value or DEFERRED, None, number, column)
