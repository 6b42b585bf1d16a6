"""The journal over one transaction: entries with their versions, what teachers write, period marks, imports."""

from storage.marks.entries import Entries
from storage.marks.gradebook import Marking
from storage.results.period_marks import PeriodMarks


class Journal(Entries, Marking, PeriodMarks):
    pass
