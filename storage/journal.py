"""The journal over one transaction: entries with their versions, what teachers write, period marks, imports."""

from storage.entries import Entries
from storage.marking import Marking
from storage.period_marks import PeriodMarks


class Journal(Entries, Marking, PeriodMarks):
    pass
