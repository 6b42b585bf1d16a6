"""The data of the grammar: tables beside this module, read once."""

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files


def question_table_rows(name: str) -> Sequence[Mapping[str, str]]:
    """The rows of `NAME.csv`."""
    return list(csv.DictReader((files(__package__) / f"{name}.csv").read_text(encoding="utf-8").splitlines()))


@cache
def question_table_words(name: str) -> frozenset[str]:
    """The words of `NAME.txt`."""
    return frozenset((files(__package__) / f"{name}.txt").read_text(encoding="utf-8").split())
