"""Marks over one transaction: entries with their versions, and what teachers write."""

from storage.marks.entries import Entries
from storage.marks.gradebook import Marking


class Marks(Entries, Marking):
    pass
