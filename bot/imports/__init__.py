"""Files from the e-journal and from the school, read into neutral nouns; nothing here knows a database."""

from bot.imports.files import read_files
from bot.imports.reading import ReadingRules

__all__ = ["ReadingRules", "read_files"]
