"""`vestnik forecast evaluate`: the shape of its JSON, and what it refuses."""

import csv
from pathlib import Path

import pytest

from tests.support.forecast.series import Row, SeriesShape, dice_of, series
from tests.support.keyboard import Keyboard

HEAD = ("group", "period", "role", "student", "work", "weight", "mark")


@pytest.fixture
def keyboard(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Keyboard:
    return Keyboard(tmp_path / "school", capsys, monkeypatch)


def written(path: Path, rows: list[Row], *, delimiter: str = ",") -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter=delimiter)
        table.writerow(HEAD)
        table.writerows(rows)
    return path


def test_three_checkpoints_without_a_database(keyboard: Keyboard, tmp_path: Path) -> None:
    """An array of three objects with all figures; it needs no school, only the file."""
    file = written(tmp_path / "series.csv", list(series(dice_of(1), SeriesShape(groups=2))))
    found = keyboard.done("forecast", "evaluate", file, "--thresholds", "2.5,3.5,4.5").data
    assert [each["checkpoint"] for each in found] == [0.25, 0.5, 0.75]
    assert list(found[0]) == ["checkpoint", "n", "rps", "rps_naive", "ece", "log_loss", "accuracy"]
    assert all(each["n"] == 56 and each["rps"] < each["rps_naive"] for each in found)


def test_history_may_be_in_another_file_or_unused(keyboard: Keyboard, tmp_path: Path) -> None:
    """The same closed period teaches the same from its own file; `--no-history` learns nothing from it."""
    rows = list(series(dice_of(2), SeriesShape(groups=2)))
    whole = written(tmp_path / "whole.csv", rows)
    test = written(tmp_path / "test.csv", [row for row in rows if row[2] == "test"], delimiter=";")
    earlier = written(tmp_path / "earlier.csv", [row for row in rows if row[2] == "earlier"])
    taught = keyboard.done("forecast", "evaluate", whole).data
    assert keyboard.done("forecast", "evaluate", test, "--history", earlier).data == taught
    untaught = keyboard.done("forecast", "evaluate", whole, "--no-history").data
    assert untaught == keyboard.done("forecast", "evaluate", test).data != taught


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        (("7А", "1", "old", "Канарейкин", "кр", "1", "5"), 3),
        (("7А", "1", "test", "Канарейкин", "кр", "0", "5"), 6),
        (("7А", "1", "test", "Канарейкин", "кр", "1.5", "5"), 6),
        (("7А", "1", "test", "Канарейкин", "кр", "1", "6"), 7),
        (("7А", "1", "test", "", "кр", "1", "5"), 4),
    ],
)
def test_a_wrong_cell_is_told_at_its_place(
    keyboard: Keyboard, tmp_path: Path, cells: tuple[str, ...], column: int
) -> None:
    """Exit 2, nothing on stdout, the row and column, and no name (Q101, Q103)."""
    file = tmp_path / "series.csv"
    file.write_text("\n".join([",".join(HEAD), ",".join(cells)]), encoding="utf-8")
    refused = keyboard.type("forecast", "evaluate", file)
    assert (refused.code, refused.out) == (2, "")
    assert f"строка 2, столбец {column}" in refused.err
    assert "Канарейкин" not in refused.err


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", ",".join(HEAD) + "\n7А,1\n", "\x00\x01", "<html>"])
def test_another_file_is_refused(keyboard: Keyboard, tmp_path: Path, content: str) -> None:
    """A sentence and exit 2, never a traceback."""
    file = tmp_path / "series.csv"
    file.write_text(content, encoding="utf-8")
    refused = keyboard.type("forecast", "evaluate", file)
    assert (refused.code, refused.out, "Traceback" in refused.err) == (2, "", False)
    assert keyboard.type("forecast", "evaluate", tmp_path / "none.csv").code == 2


@pytest.mark.parametrize("limits", ["4,3,2", "2.5,3.5", "x", "1,3,4"])
def test_thresholds_ascend_from_2_to_5(keyboard: Keyboard, tmp_path: Path, limits: str) -> None:
    """Anything else is exit 2 with an example (Q42)."""
    refused = keyboard.type("forecast", "evaluate", tmp_path / "series.csv", "--thresholds", limits)
    assert (refused.code, "2.5,3.5,4.5" in refused.err) == (2, True)
