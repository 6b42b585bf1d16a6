"""The printed verifier against every way to spoil an export that Hypothesis thinks of."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.documents import audit_verifier
from core.model.audit import AuditLine
from storage.audit import stored_audit_export_line, stored_audit_line_hash

BEGIN = datetime(2026, 11, 20, 9, tzinfo=UTC)
FACTS = st.dictionaries(st.text(max_size=5), st.none() | st.integers() | st.text(max_size=8), max_size=3)


def trail(facts: Sequence[dict[str, str | int | None]]) -> list[AuditLine]:
    """Lines linked as the ledger links them."""
    lines: list[AuditLine] = []
    for number, fact in enumerate(facts, 1):
        at = BEGIN + timedelta(microseconds=number)
        line = AuditLine(number, at, None, "system", "тест", fact, "")
        chain = stored_audit_line_hash(lines[-1].chain if lines else "", number, line)
        lines.append(AuditLine(number, at, None, "system", "тест", fact, chain))
    return lines


@pytest.fixture
def verdict(tmp_path: Path) -> "Verdict":
    return Verdict(tmp_path / "export.jsonl")


class Verdict:
    """The verifier's exit code for an export and the head that was anchored."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __call__(self, lines: Sequence[str], head: AuditLine) -> int:
        self._file.write_text("\n".join(lines), encoding="utf-8")
        return audit_verifier.main([str(self._file), f"{head.id}:{head.chain}"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(facts=st.lists(FACTS, min_size=1, max_size=6), data=st.data())
def test_a_whole_export_is_whole_whatever_its_words(
    verdict: Verdict, facts: list[dict[str, str | int | None]], data: st.DataObject
) -> None:
    """Any line of it may be the anchored one: the trail may have gone on since."""
    lines = trail(facts)
    assert verdict([stored_audit_export_line(line) for line in lines], data.draw(st.sampled_from(lines))) == 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(facts=st.lists(FACTS, min_size=2, max_size=6), data=st.data())
def test_no_spoilt_export_is_whole(
    verdict: Verdict, facts: list[dict[str, str | int | None]], data: st.DataObject
) -> None:
    """Lines cut, removed, exchanged, edited, respelt, or all linked anew after an edit: each is found (Q76)."""
    lines = trail(facts)
    place = data.draw(st.integers(0, len(lines) - 1))
    edited = [dict(fact) for fact in facts]
    edited[place] = {"forged": place}
    texts = [stored_audit_export_line(line) for line in lines]
    spoilt = data.draw(
        st.sampled_from(
            [
                texts[:place],
                texts[:place] + texts[place + 1 :],
                texts[::-1],
                [*texts[:place], json.dumps(json.loads(texts[place]) | {"role": "x"}), *texts[place + 1 :]],
                [stored_audit_export_line(line) for line in trail(edited)],
                [*texts[:place], texts[place].replace(": ", ":\t", 1), *texts[place + 1 :]],
            ]
        )
    )
    assert verdict(spoilt, lines[-1]) == 4
