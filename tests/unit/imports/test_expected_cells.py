"""The cells of real reports, as somebody wrote them down by hand."""

import json
from pathlib import Path

import pytest

from core.rules.marks.tokens import ABSENCES
from tests.support.report_files import FIXTURES, only_report, read
from tests.support.samples import samples

EXPECTED = "*.expected.json"


def reports() -> list[tuple[Path, Path]]:
    """Each report that has its cells written down beside it, under its own name or that of its first generation."""
    pairs = []
    for expected in samples(f"*/{EXPECTED}") + sorted(FIXTURES.glob(EXPECTED)):
        stem = expected.name.removesuffix(".expected.json")
        beside = sorted(each for each in expected.parent.glob(f"{stem}*") if each.suffix in {".html", ".xls"})
        pairs += [(report, expected) for report in beside]
    return pairs


def normal(token: str) -> str:
    return token.upper() if token.upper() in ABSENCES else token.lower()


@pytest.mark.parametrize(("report", "expected"), reports(), ids=lambda path: path.name)
def test_every_cell_of_a_report_is_right(report: Path, expected: Path) -> None:
    """Subject, date and tokens of each cell are the ones that a person reads in the report (Q100)."""
    wanted = {
        (subject, mark["date"]): sorted(normal(token) for token in mark["tokens"])
        for subject, body in json.loads(expected.read_text(encoding="utf-8"))["subjects"].items()
        for mark in body["marks"]
    }
    found = {
        (subject.subject, entry.date.isoformat()): sorted(normal(token) for token in entry.tokens)
        for subject in only_report(read(report)).subjects
        for entry in subject.entries
    }
    assert found == wanted
