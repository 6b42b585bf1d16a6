"""A school fills in what it downloaded: people, marks and the timetable of a class go in by themselves (Q130)."""

from pathlib import Path

import pytest

from tests.support.keyboard import Keyboard
from tests.support.report_files import workbook


@pytest.fixture
def keyboard(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Keyboard:
    return Keyboard(tmp_path / "school", capsys, monkeypatch)


@pytest.mark.parametrize(
    ("kind", "command"),
    [("people", "vestnik import people"), ("finals", "vestnik finals import"), ("exams", "exam import")],
)
def test_the_command_says_what_reads_the_workbook(keyboard: Keyboard, tmp_path: Path, kind: str, command: str) -> None:
    """By default it is named after its kind; another kind is refused."""
    path = tmp_path / f"{kind}.xlsx"
    assert f"{command} {path}" in keyboard.done("import", "template", kind, "--out", path).err
    assert keyboard.type("import", "template", "cars").code == 2


def test_the_operator_reads_columns_and_tables_in_the_schools_language(keyboard: Keyboard, tmp_path: Path) -> None:
    """No English word for a column or a table stands in a Russian sentence."""
    keyboard.done("migrate")
    rows = [("ФИО ученика", "класс", "дата рождения", "СНИЛС"), ("Янова Ия Ильинична", "5А", "", "123")]
    seen = keyboard.done("import", "people", workbook(tmp_path / "list.xlsx", {"5А": rows}))
    assert "лист «5А», строка 1, столбец 4, «СНИЛС»: этого столбца таблица «Ученики» не знает" in seen.err
    rows = [("родитель", "ученик", "класс", "родство"), ("Янов Илья Ильич", "Янова Ия Петровна", "5А", "отец")]
    seen = keyboard.type("import", "people", workbook(tmp_path / "list.xlsx", {"Лист1": rows}))
    assert (seen.code, "строка 2, столбец «Ученик»: такого обучающегося нет" in seen.err) == (2, True)
    rows = [("ученик", "класс", "предмет", "дата"), ("Янова Ия Ильинична", "5А", "Химия", "01.09.2026")]
    seen = keyboard.type("import", "journal", workbook(tmp_path / "list.xlsx", {"Лист1": rows}))
    assert "похоже на таблицу «Журнал», но не хватает столбцов: Оценка" in seen.err
