"""The end of the audit trail is kept beside the key, so that a shortened trail or a swapped database is seen."""

import asyncio
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from bot import anchor, restoring
from bot.anchor import Anchor, AnchorError
from bot.app import App, open_app
from bot.processes import open_worker_process
from bot.settings import SettingsFromArguments
from core.errors import OldCopyError
from core.model.audit import AuditHead
from core.model.people import SYSTEM
from tests.component.audit.test_storage import execute
from tests.component.delivery.test_restoring import by_system
from tests.component.run.test_worker import a_worker, owe
from tests.support.delivery.fakes import Clock, ScriptedNotifier
from tests.support.keyboard import Keyboard
from tests.support.schools.builders import NOW

OPENED = {
    "sqlite": ("DROP TRIGGER audit_line_no_delete", "DROP TRIGGER audit_line_no_update"),
    "postgresql": ("ALTER TABLE audit_line DISABLE TRIGGER ALL",),
}
"""What somebody does first who has the database and wants to change the trail."""

HEADED = (
    "UPDATE audit_head SET line_id = (SELECT max(id) FROM audit_line),"
    " chain = (SELECT chain FROM audit_line ORDER BY id DESC LIMIT 1)"
)
"""The head row is made to fit what was left of the lines."""

TAMPERED = {
    "a tail": (["DELETE FROM audit_line WHERE id > 3"], "audit.cut", 4),
    "a tail and the head row": (["DELETE FROM audit_line WHERE id > 3", HEADED], "audit.older", 4),
    "the last line and the head row": (["DELETE FROM audit_line WHERE id = 5", HEADED], "audit.older", 5),
    "everything": (["DELETE FROM audit_line", "UPDATE audit_head SET line_id = 0, chain = ''"], "audit.older", 1),
    "the head row": (["DELETE FROM audit_head"], "audit.headless", 5),
    "the head row's number": (["UPDATE audit_head SET line_id = 2"], "audit.unheaded", 2),
    "a line in the middle": (["DELETE FROM audit_line WHERE id = 2"], "audit.missing", 2),
    "words of a line": (["UPDATE audit_line SET action = 'nothing' WHERE id = 2"], "audit.changed", 2),
    "words of the last line": (["UPDATE audit_line SET role = 'x' WHERE id = 5"], "audit.changed", 5),
}


def settings(data: Path, url: str) -> SettingsFromArguments:
    """A school with this database; its anchor lies in this folder."""
    return SettingsFromArguments.of(data=data, database_url=url, log_level="error", lease="PT1S")


async def write(app: App, *numbers: int) -> None:
    """Lines of the trail, each committed by itself."""
    for number in numbers:
        async with app.open_uow() as uow:
            await uow.audit.write(SYSTEM, "test", at=NOW, number=number)
            await uow.commit()


async def fault(data: Path, url: str) -> tuple[str, object] | None:
    """What `audit verify` finds."""
    async with open_app(settings(data, url)) as app:
        found = await anchor.anchor_fault(app)
    return None if found is None else (found.key, found.facts.get("line"))


def anchors(data: Path) -> list[Path]:
    return sorted(data.glob("audit-*.anchor"))


@pytest.mark.parametrize("cut", TAMPERED)
async def test_whoever_shortens_the_trail_is_found(store_url: str, tmp_path: Path, cut: str) -> None:
    """Each way has its own sentence with the first line concerned, the tail cut with the head row too (Q76, Q102)."""
    async with open_app(settings(tmp_path, store_url)) as app:
        await write(app, 1, 2, 3, 4, 5)
    statements, key, line = TAMPERED[cut]
    await execute(store_url, *OPENED[store_url.partition("+")[0]], *statements)
    assert await fault(tmp_path, store_url) == (key, line)


async def test_a_trail_that_was_cut_behind_its_deliveries_is_no_old_copy(store_url: str, tmp_path: Path) -> None:
    """What was sent is still there while the lines that told of it are not: those were cut off."""
    async with open_app(settings(tmp_path, store_url)) as app:
        await write(app, 1)
        await owe(app.open_uow, 1)
        clock = Clock(NOW + timedelta(minutes=1))
        await a_worker(app.open_uow, ScriptedNotifier("telegram"), clock=clock).drain()
    await execute(store_url, *OPENED[store_url.partition("+")[0]], "DELETE FROM audit_line WHERE id > 1", HEADED)
    assert await fault(tmp_path, store_url) == ("audit.shortened", 2)


async def test_whoever_cuts_the_trail_cannot_begin_an_epoch(store_url: str, tmp_path: Path) -> None:
    """A forged epoch does not let the next line replace the anchor: the school stops, and the cut is still found."""
    async with open_app(settings(tmp_path, store_url)) as app:
        await write(app, 1, 2, 3)
        await anchor.require_anchored_database(app)
        cut = ("DELETE FROM audit_line WHERE id > 1", HEADED, "UPDATE audit_head SET epoch = 7")
        await execute(store_url, *OPENED[store_url.partition("+")[0]], *cut)
        with pytest.raises(OldCopyError):
            await write(app, 4, 5, 6, 7)
    assert await fault(tmp_path, store_url) == ("audit.older", 2)


async def test_another_host_is_told_of_a_new_epoch(store_url: str, tmp_path: Path) -> None:
    """A copy was put back on one host: the other does not follow by itself, but a person there may vouch for it."""
    here, there = settings(tmp_path / "here", store_url), settings(tmp_path / "there", store_url)
    async with open_app(here) as app:
        await write(app, 1)
        await anchor.require_anchored_database(app)
    async with open_app(there) as app:
        await anchor.accept_anchor(app)
    async with open_app(here) as app:
        await restoring.restore_in_place(app, by_system)
    assert await fault(tmp_path / "there", store_url) == ("audit.other_epoch", 2)
    async with open_app(there) as app:
        with pytest.raises(OldCopyError):
            await anchor.require_anchored_database(app)
        await anchor.accept_anchor(app)
        await anchor.require_anchored_database(app)
        assert await anchor.anchor_fault(app) is None


async def test_a_trail_written_anew_is_found(store_url: str, tmp_path: Path) -> None:
    """Whoever links all lines again from a changed one on has a chain that fits, but not the anchored line in it."""
    async with open_app(settings(tmp_path, store_url)) as app:
        await write(app, 1, 2, 3)
    await execute(
        store_url,
        *OPENED[store_url.partition("+")[0]],
        "DELETE FROM audit_line",
        "UPDATE audit_head SET line_id = 0, chain = ''",
    )
    other = tmp_path / "other"
    async with open_app(settings(other, store_url)) as app:
        await write(app, 1, 2, 7, 8)
    assert await fault(tmp_path, store_url) == ("audit.rewritten", 3)


@pytest.mark.parametrize(
    "forge",
    [
        lambda facts: facts | {"line": 1},
        lambda facts: facts | {"chain": "0" * 64},
        lambda facts: facts | {"hmac": "0" * 64},
        lambda facts: {"trail": facts["trail"]},
        lambda _: [],
        lambda _: "",
    ],
    ids=["line", "chain", "seal", "short", "list", "word"],
)
async def test_a_forged_anchor_is_found(
    sqlite_url: str, tmp_path: Path, forge: Callable[[dict[str, object]], object]
) -> None:
    """Only the school's key makes an anchor; one that it did not make is neither believed nor overwritten."""
    async with open_app(settings(tmp_path, sqlite_url)) as app:
        await write(app, 1, 2, 3)
    (path,) = anchors(tmp_path)
    forged = json.dumps(forge(json.loads(path.read_text())))
    path.write_text(forged)
    assert await fault(tmp_path, sqlite_url) == ("audit.anchor_forged", None)
    async with open_app(settings(tmp_path, sqlite_url)) as app:
        with pytest.raises(AnchorError):
            await write(app, 4)
        with pytest.raises(AnchorError):
            await anchor.require_anchored_database(app)
    assert path.read_text() == forged


async def test_a_missing_anchor_is_found(sqlite_url: str, tmp_path: Path) -> None:
    """Whoever removes the anchor does not get away with it; a person who vouches for the database makes it anew."""
    async with open_app(settings(tmp_path, sqlite_url)) as app:
        await write(app, 1)
        await anchor.require_anchored_database(app)
    anchors(tmp_path)[0].unlink()
    assert await fault(tmp_path, sqlite_url) == ("audit.anchor_missing", None)
    async with open_app(settings(tmp_path, sqlite_url)) as app:
        with pytest.raises(AnchorError):
            await anchor.require_anchored_database(app)
        with pytest.raises(AnchorError):
            await write(app, 2)
        await anchor.accept_anchor(app)
        await anchor.require_anchored_database(app)
    assert await fault(tmp_path, sqlite_url) is None


async def test_the_anchor_is_closed_and_never_goes_back(sqlite_url: str, tmp_path: Path) -> None:
    """Several processes of a host write one file, closed to others: an earlier head never replaces a later one."""
    async with (
        open_app(settings(tmp_path, sqlite_url)) as one,
        open_app(settings(tmp_path, sqlite_url)) as other,
    ):
        await asyncio.gather(write(one, *range(10)), write(other, *range(10)))
        async with one.open_uow(reading=True) as uow:
            last = await uow.audit.head()
    (path,) = anchors(tmp_path)
    assert last is not None
    assert (json.loads(path.read_text())["line"], last.line) == (20, 20)
    assert path.stat().st_mode & 0o077 == 0
    one.anchor.write(AuditHead(last.trail, last.epoch, 3, "x"))
    assert json.loads(path.read_text())["line"] == 20


async def test_a_kill_between_commit_and_anchor_is_no_fault(sqlite_url: str, tmp_path: Path) -> None:
    """The database may know more than the anchor: the next start goes on and anchors what is there."""
    async with open_app(settings(tmp_path, sqlite_url)) as app:
        await write(app, 1, 2)
    (path,) = anchors(tmp_path)
    behind = path.read_text()
    async with open_app(settings(tmp_path, sqlite_url)) as app:
        await write(app, 3, 4)
    path.write_text(behind)
    assert await fault(tmp_path, sqlite_url) is None
    async with open_app(settings(tmp_path, sqlite_url)) as app:
        await anchor.require_anchored_database(app)
    assert json.loads(path.read_text())["line"] == 4


async def test_a_copy_put_back_by_hand_is_noticed_by_whoever_writes(sqlite_url: str, tmp_path: Path) -> None:
    """`run` does not begin, and no command adds to the trail of an older copy (Q124)."""
    file, copy = tmp_path / "school.db", tmp_path / "copy.db"
    async with open_app(settings(tmp_path, sqlite_url)) as app:
        await write(app, 1)
    shutil.copy(file, copy)
    async with open_app(settings(tmp_path, sqlite_url)) as app:
        await write(app, 2)
    shutil.copy(copy, file)
    async with open_app(settings(tmp_path, sqlite_url)) as app:
        with pytest.raises(OldCopyError):
            await anchor.require_anchored_database(app)
        with pytest.raises(OldCopyError):
            await write(app, 3)
        with pytest.raises(OldCopyError):
            await anchor.accept_anchor(app)


async def test_an_older_copy_that_went_on_elsewhere_is_noticed(sqlite_url: str, tmp_path: Path) -> None:
    """A copy that another machine wrote to is longer than ours and is still not ours."""
    file, copy = tmp_path / "school.db", tmp_path / "copy.db"
    async with open_app(settings(tmp_path, sqlite_url)) as app:
        await write(app, 1)
    shutil.copy(file, copy)
    async with open_app(settings(tmp_path, sqlite_url)) as app:
        await write(app, 2)
    shutil.copy(copy, file)
    async with open_app(settings(tmp_path / "elsewhere", sqlite_url)) as app:
        await write(app, 7, 8, 9)
    async with open_app(settings(tmp_path, sqlite_url)) as app:
        with pytest.raises(OldCopyError):
            await anchor.require_anchored_database(app)


async def test_a_copy_under_a_running_process_stops_it(store_url: str, tmp_path: Path) -> None:
    """PostgreSQL restored while the school works: the next line is refused, since its trail has become shorter."""
    async with open_app(settings(tmp_path, store_url)) as app:
        await write(app, 1, 2, 3)
        await execute(store_url, *OPENED[store_url.partition("+")[0]], "DELETE FROM audit_line WHERE id > 1", HEADED)
        with pytest.raises(OldCopyError):
            await write(app, 4)


async def test_a_data_folder_and_its_database_may_move(sqlite_url: str, tmp_path: Path) -> None:
    """Both copied to another machine belong together, so nobody is alarmed."""
    async with open_app(settings(tmp_path, sqlite_url)) as app:
        await write(app, 1, 2)
        await anchor.require_anchored_database(app)
    moved = tmp_path / "moved"
    shutil.copytree(tmp_path, moved, ignore=shutil.ignore_patterns("moved"))
    async with open_app(settings(moved, f"sqlite:///{moved / 'school.db'}")) as app:
        await anchor.require_anchored_database(app)
        assert await anchor.anchor_fault(app) is None


async def test_one_data_folder_serves_several_databases(sqlite_url: str, tmp_path: Path) -> None:
    """Each database has its own anchor, so a trial school beside the real one alarms nobody."""
    async with open_app(settings(tmp_path, sqlite_url)) as app:
        await write(app, 1, 2, 3)
        await anchor.require_anchored_database(app)
    await execute(sqlite_url, "UPDATE audit_head SET trail = 'abc', epoch = 0")
    async with open_app(settings(tmp_path, sqlite_url)) as app:
        await anchor.require_anchored_database(app)
    assert len(anchors(tmp_path)) == 2


async def test_a_standby_on_another_host_joins_those_at_work(store_url: str, tmp_path: Path) -> None:
    """Its data folder knows nothing yet; a lease that runs shows that this is the database at work."""
    async with open_app(settings(tmp_path / "one", store_url)) as first:
        await write(first, 1)
        await anchor.require_anchored_database(first)
        async with open_app(settings(tmp_path / "two", store_url)) as second:
            with pytest.raises(AnchorError):
                await anchor.require_anchored_database(second)
            async with open_worker_process(first) as worker:
                leading = asyncio.create_task(worker.run())
                await anchor.require_anchored_database(second)
                worker.stop()
                await leading
    assert anchors(tmp_path / "two")


def test_an_export_is_verified_without_us(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The printed program needs Python alone: it tells a whole export from a cut, an edited and a rewritten one."""
    keyboard = Keyboard(tmp_path / "school", capsys, monkeypatch)
    keyboard.done("init", "--school", "Ш", "--marks", "bot", "--telegram-policy", "full", "--bot-token", "1:a")
    keyboard.employ()
    keyboard.done("held", "send", "--all")
    program, export = tmp_path / "verifier.py", tmp_path / "export.jsonl"
    program.write_text(keyboard.done("audit", "verifier").out, encoding="utf-8")
    export.write_text(keyboard.done("audit", "export").out, encoding="utf-8")
    (path,) = anchors(tmp_path / "school")
    head = json.loads(path.read_text())
    lines = export.read_text(encoding="utf-8").splitlines()
    edited = [lines[0].replace("full", "discreet"), *lines[1:]]

    def verdict(*content: str, head: str | Path = path) -> tuple[int, str]:
        export.write_text("\n".join(content), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-I", program, export, head], capture_output=True, text=True, check=False
        )
        assert done.stderr == ""
        return done.returncode, done.stdout

    assert len(lines) == head["line"] == 3
    assert verdict(*lines)[0] == 0
    assert verdict(*lines, head=f"{head['line']}:{head['chain']}")[0] == 0
    assert verdict(*lines[:2]) == (4, "Журнал нарушен: нет строк с 3 по 3, известных якорю.\n")
    assert verdict() == (4, "Журнал нарушен: нет строк с 1 по 3, известных якорю.\n")
    assert verdict(*edited) == (4, "Журнал нарушен: строка 1 изменена.\n")
    assert verdict(lines[0], lines[2]) == (4, "Журнал нарушен: строки 2 нет на своём месте.\n")
    assert verdict(*lines, head=f"2:{head['chain']}")[0] == 4
    assert verdict("no JSON")[0] == 4
    assert verdict(*lines, head="nowhere")[0] == 2


async def test_two_that_start_together_for_the_first_time_both_work(store_url: str, tmp_path: Path) -> None:
    """Bot and worker as two processes of a new school: neither takes the other's first epoch for a lost anchor."""
    async with open_app(settings(tmp_path, store_url)) as app:
        await write(app, 1)
    anchors(tmp_path)[0].unlink()
    async with open_app(settings(tmp_path, store_url)) as one, open_app(settings(tmp_path, store_url)) as other:
        await asyncio.gather(*(anchor.require_anchored_database(app) for app in (one, other) for _ in range(5)))
        assert len(anchors(tmp_path)) == 1


async def test_a_start_while_another_process_writes_is_no_old_copy(
    store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line that is committed and anchored just before the start reads the anchor is in the trail it compares."""
    read = Anchor.read

    async def another_process() -> None:
        async with open_app(settings(tmp_path, store_url)) as other:
            await write(other, 2)

    def read_late(own: Anchor, name: str) -> AuditHead | None:
        monkeypatch.setattr(Anchor, "read", read)
        with ThreadPoolExecutor() as pool:
            pool.submit(asyncio.run, another_process()).result()
        return read(own, name)

    async with open_app(settings(tmp_path, store_url)) as app:
        await write(app, 1)
        await anchor.require_anchored_database(app)
        monkeypatch.setattr(Anchor, "read", read_late)
        await anchor.require_anchored_database(app)
        assert app.anchor.known is not None
        assert app.anchor.known.line == 2
