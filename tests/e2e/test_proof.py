"""After two days the school proves what it did: at the command line, over the demo's own database."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.demo.school import DemoSchool
from bot.settings import DATABASE_FILE
from tests.support.keyboard import Keyboard, Outcome

pytestmark = pytest.mark.no_cover


@pytest.fixture
def keyboard(school: DemoSchool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Keyboard:
    """The commands of the demo's school, at its secretary's desk."""
    monkeypatch.setenv("VESTNIK_DESK", "Тихонова Вера Степановна")
    return Keyboard(school.app.settings.data, capsys, monkeypatch)


async def typed(keyboard: Keyboard, *words: str | Path) -> Outcome:
    """A command beside the running school."""
    return await asyncio.to_thread(keyboard.type, *words)


async def test_obligations_have_the_shape_that_was_agreed(keyboard: Keyboard) -> None:
    """Each result is owed to each entitled person once, with due time, evidence and every delivery (Q70, Q71, Q87)."""
    rows = (await typed(keyboard, "obligations", "--json")).data
    assert all(
        row.keys() == {"id", "person", "student", "kind", "received_at", "due", "state", "evidence", "deliveries"}
        for row in rows
    )
    results = [(row["person"], row["student"], row["state"]) for row in rows if row["kind"] == "finals"]
    assert results.count(("Ромашкина Елена Сергеевна", "Ромашкина Дарья Ильинична", "closed")) == 2
    assert results.count(("Ромашкин Илья Петрович", "Ромашкина Дарья Ильинична", "closed")) == 2
    belova = next(row for row in rows if row["person"].startswith("Белова") and row["kind"] == "finals")
    assert belova["deliveries"] == [
        {"channel": "telegram", "status": "withdrawn", "reason": "contact_set_aside"},
        {"channel": "email", "status": "accepted", "reason": None},
    ]


async def test_nobody_was_forgotten(keyboard: Keyboard) -> None:
    """The two sets, published results and obligations, are equal, and the audit chain is whole (Q71, Q76)."""
    assert (await typed(keyboard, "obligations", "verify")).code == 0
    assert (await typed(keyboard, "audit", "verify")).code == 0


async def test_a_trail_cut_together_with_its_head_is_found(school: DemoSchool, keyboard: Keyboard) -> None:
    """Who has the database can cut the end off and mend the head row; the anchor beside the key knows more (Q76)."""
    with closing(sqlite3.connect(school.app.settings.data / DATABASE_FILE)) as database:
        database.execute("DROP TRIGGER audit_line_no_delete")
        database.execute("DELETE FROM audit_line WHERE id > 10")
        database.execute("UPDATE audit_head SET line_id = 10, chain = (SELECT chain FROM audit_line WHERE id = 10)")
        database.commit()
    outcome = await typed(keyboard, "audit", "verify")
    assert outcome.code == 4
    assert "строки с 11 по" in outcome.err
    assert "отрезаны" in outcome.err


async def test_a_forgotten_person_is_found(school: DemoSchool, keyboard: Keyboard) -> None:
    """An obligation that vanished from the database is a difference: exit 4 (Q71)."""
    with closing(sqlite3.connect(school.app.settings.data / DATABASE_FILE)) as database:
        (lost,) = database.execute("SELECT id FROM obligation WHERE kind = 'finals' LIMIT 1").fetchone()
        database.execute("DELETE FROM delivery WHERE obligation_id = ?", (lost,))
        database.execute("DELETE FROM obligation WHERE id = ?", (lost,))
        database.commit()
    outcome = await typed(keyboard, "obligations", "verify")
    assert outcome.code == 4
    assert "нет обязательства" in outcome.out


async def test_a_proof_tells_what_to_whom_on_which_papers_and_with_what_answer(keyboard: Keyboard) -> None:
    """Consent, contact act, channel, times and answer stand in one printed proof (Q76)."""
    rows = (await typed(keyboard, "obligations", "--json")).data
    row = next(row for row in rows if row["person"].startswith("Зайцев") and row["kind"] == "finals")
    proof = (await typed(keyboard, "proof", str(row["id"]))).out
    for words in (
        "Зайцев Егор Романович",
        "Согласие: № 2026-0007",
        "С-107",
        "Тихонова В. С.",
        "SMS: доставлено",
        "SHA-256",
    ):
        assert words in proof


async def test_paper_goes_from_the_queue_to_the_hand(keyboard: Keyboard, tmp_path: Path) -> None:
    """An extract is printed again, handed over and gone from the list of those not handed over (Q34)."""
    keyboard.settings.setenv("VESTNIK_DESK", "Савельева Полина Дмитриевна")
    queue = (await typed(keyboard, "paper", "list")).out
    assert "В-2026-00001" in queue
    assert "В-2026-00002" in queue
    pdf = tmp_path / "extract.pdf"
    assert (await typed(keyboard, "paper", "print", "В-2026-00001", "--out", pdf)).code == 0
    assert pdf.read_bytes().startswith(b"%PDF")
    assert (await typed(keyboard, "paper", "handed", "В-2026-00001")).code == 0
    assert "В-2026-00001" not in (await typed(keyboard, "paper", "list")).out
