"""A batch of extracts goes to the school's printer: a queue of CUPS, or a folder (R2b)."""

import re
import stat
import subprocess
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.cli import paper
from bot.documents.scans.codes import read_scanned_codes
from bot.paper.printer import PrinterError, check_printer, send_to_printer
from bot.settings import Settings, SettingsError
from core.actions.paper.queue import ClassBatch
from tests.peers.cups import QUEUE, PrintServer
from tests.support.keyboard import Keyboard
from tests.unit.paper.test_extract import page, pdf_of

AT = datetime(2026, 11, 20, 12, 30, 5, tzinfo=ZoneInfo("Europe/Moscow"))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def batch(*numbers: str) -> bytes:
    return pdf_of(*(page(number) for number in numbers), school="Школа № 30", signatory="Астахова М. И.")


def test_a_batch_is_printed_by_cups(print_server: PrintServer, tmp_path: Path) -> None:
    """A real CUPS takes two extracts: two pages come out, and the code of a printed slip can be read (Q32)."""
    assert send_to_printer(QUEUE, batch("В-1", "В-2"), at=AT) == QUEUE
    printed = print_server.wait_for("vestnik-20261120-123005")
    facts = subprocess.run(["pdfinfo", printed], capture_output=True, text=True, check=True).stdout
    assert "Pages:           2" in facts
    subprocess.run(["pdftoppm", "-r", "150", "-png", "-singlefile", printed, tmp_path / "page"], check=True)
    assert read_scanned_codes((tmp_path / "page.png").read_bytes()) == ["slip-1-0123456789abcdef"]


@pytest.mark.usefixtures("print_server")
def test_a_queue_that_cups_does_not_have_is_refused() -> None:
    """The queue is named, and nothing is lost: the batch can be printed again."""
    with pytest.raises(PrinterError) as refused:
        send_to_printer("nowhere", batch("В-1"), at=AT)
    assert (refused.value.fault, refused.value.printer) == ("refused", "nowhere")


def test_a_machine_without_cups_is_told_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`lp` belongs to CUPS's client programs; a folder needs neither."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PrinterError) as refused:
        send_to_printer(QUEUE, b"", at=AT)
    assert refused.value.fault == "no_cups"


def test_batches_land_in_a_closed_folder(tmp_path: Path) -> None:
    """Two batches of one second are two files, 0600 in 0700, and their names say no name (Q103, Q126)."""
    folder = tmp_path / "print"
    files = [Path(send_to_printer(str(folder), batch(number), at=AT)) for number in ("В-1", "В-2")]
    assert sorted(folder.iterdir()) == sorted(files)
    assert all(file.name.startswith("vestnik-20261120-123005-") for file in files)
    assert [mode(folder), *map(mode, files)] == [0o700, 0o600, 0o600]


def test_a_folder_that_others_may_enter_is_refused(tmp_path: Path) -> None:
    """Extracts are personal data: nothing is written there (Q126)."""
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(0o755)
    with pytest.raises(PrinterError) as refused:
        send_to_printer(str(folder), b"", at=AT)
    assert refused.value.fault == "open_folder"
    assert list(folder.iterdir()) == []


def test_the_doctor_says_whether_a_queue_would_print(print_server: PrintServer) -> None:
    """A queue that is stopped, or takes no jobs, is a fault before Friday; nothing is printed to find out."""
    check_printer(QUEUE)
    for stop, start in (("cupsdisable", "cupsenable"), ("cupsreject", "cupsaccept")):
        subprocess.run([stop, "-h", print_server.address, QUEUE], check=True)
        with pytest.raises(PrinterError) as refused:
            check_printer(QUEUE)
        assert refused.value.fault == "stopped"
        subprocess.run([start, "-h", print_server.address, QUEUE], check=True)
    check_printer(QUEUE)
    with pytest.raises(PrinterError) as refused:
        check_printer("nowhere")
    assert refused.value.fault == "refused"


def test_the_doctor_says_whether_a_folder_would_take_pages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is not there yet will be made; one that others may enter, or that is a file, is a fault."""
    keyboard = Keyboard(tmp_path / "school", capsys, monkeypatch)
    keyboard.open_school()
    folder = tmp_path / "print"
    monkeypatch.setenv("VESTNIK_PRINTER", str(folder))
    assert f"готов: {folder}" in keyboard.done("doctor").out
    assert not folder.exists()
    folder.mkdir()
    folder.chmod(0o755)
    assert "0700" in keyboard.type("doctor").out
    folder.rmdir()
    folder.write_text("")
    outcome = keyboard.type("doctor")
    assert (outcome.code, str(folder) in outcome.out) == (4, True)


def test_the_command_prints_on_the_schools_printer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --out the batch goes to VESTNIK_PRINTER; a folder that cannot be used is bad input, in a sentence."""
    keyboard = Keyboard(tmp_path / "school", capsys, monkeypatch)
    keyboard.open_school()

    async def batches(*_: object, **__: object) -> list[ClassBatch]:
        return [ClassBatch("11«Б»", ())]

    async def pdf(*_: object, **__: object) -> bytes:
        return batch("В-1")

    monkeypatch.setattr(paper, "_batches", batches)
    monkeypatch.setattr("bot.paper.print_queue.print_queue_batches_pdf", pdf)
    monkeypatch.setenv("VESTNIK_PRINTER", str(tmp_path / "print"))
    told = keyboard.done("paper", "print").err
    (file,) = (tmp_path / "print").iterdir()
    assert str(file) in told
    assert re.fullmatch(r"vestnik-\d{8}-\d{6}-11Б-\w{6}\.pdf", file.name)
    (tmp_path / "print").chmod(0o755)
    outcome = keyboard.type("paper", "print")
    assert outcome.code == 2
    assert "0700" in outcome.err


@pytest.mark.parametrize("printer", ["-o raw", "a/b", "school printer", "print/../x"])
def test_a_printer_is_a_queue_or_a_folder(printer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is neither a name of a queue nor a whole path is refused with the settings."""
    monkeypatch.setenv("VESTNIK_DATA", str(tmp_path))
    monkeypatch.setenv("VESTNIK_PRINTER", printer)
    with pytest.raises(SettingsError):
        Settings.load()
