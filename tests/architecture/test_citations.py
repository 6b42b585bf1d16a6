"""Numbers of requirements and names of contracts that the project cites are explained in core/REQUIREMENTS.md."""

import re

from tests.architecture.test_texts import written_files
from tests.architecture.tree import ROOT, offences

EXPLAINED = (ROOT / "core" / "REQUIREMENTS.md").read_text(encoding="utf-8")
LINES = frozenset(re.findall(r"^- [*]{2}(Q\d+)[*]{2} ", EXPLAINED, re.MULTILINE))
CLAUSES = frozenset(re.findall(r"^[|] (R\d[ab]?) [|]", EXPLAINED, re.MULTILINE))
SECTIONS = frozenset(re.findall(r"\w+", EXPLAINED.partition("## Contracts")[2].partition("## Subjects")[0]))

LINE = re.compile(r"\bQ\d{1,3}\b")
CLAUSE = re.compile(r"\bR[1-7][ab]?\b")
SECTION = re.compile(r"\bcontracts, \"?([A-Z]\w+)")
CITING = [name for name in written_files() if name.endswith((".py", ".md")) and name != "core/REQUIREMENTS.md"]


def test_every_number_that_is_cited_is_explained() -> None:
    """Whoever reads Q84 or R6 in a docstring finds what it says without leaving the project."""

    def unknown(name: str) -> set[str]:
        text = (ROOT / name).read_text(encoding="utf-8")
        numbers = (set(LINE.findall(text)) - LINES) | (set(CLAUSE.findall(text)) - CLAUSES)
        return numbers | (set(SECTION.findall(text)) - SECTIONS)

    assert offences(CITING, unknown) == {}


def test_the_numbers_are_those_of_the_regulation() -> None:
    """All seven clauses, and no line twice."""
    assert {clause[:2] for clause in CLAUSES} == {f"R{number}" for number in range(1, 8)}
    assert len(LINES) == len(re.findall(r"^- [*]{2}Q\d+", EXPLAINED, re.MULTILINE))
