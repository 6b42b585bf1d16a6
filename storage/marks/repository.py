"""Marks over one transaction: entries with their versions, and what teachers write."""

from storage.marks.entries import SqlEntries
from storage.marks.gradebook import SqlGradebook


class SqlMarks(SqlEntries, SqlGradebook):
    pass
