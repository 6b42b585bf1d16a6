"""What a problem line tells the person at the keyboard: which title is meant, which column it is, what to do."""

from pathlib import Path

import pytest

from tests.support.keyboard import Keyboard


@pytest.fixture
def keyboard(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Keyboard:
    return Keyboard(tmp_path / "school", capsys, monkeypatch)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("Ученик;Дата рождениия;Класс\nЛосева Майя;;5А\n", "Похожий заголовок есть: «Дата рождениия»"),
        ("Ученик;Дата рождения;Класс\nЛосева Майя;;\n", "столбец 3 «Класс»: ячейка пуста: заполните её"),
        ("просто записка\n", "vestnik import template people"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00" * 40, "это не таблица и не выгрузка журнала"),
        (
            b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00H\x00H\x00\x00" * 40,
            "это не таблица и не выгрузка журнала",
        ),
    ],
)
def test_a_refused_list_says_what_to_mend(keyboard: Keyboard, tmp_path: Path, content: str | bytes, said: str) -> None:
    """In words of the school, without a name of anybody (Q103)."""
    file = tmp_path / "list.xlsx"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    refused = keyboard.type("import", "people", "--dry-run", file)
    assert refused.code == 2
    assert said in refused.err
    assert "Лосева" not in refused.err


def test_a_title_that_is_passed_over_is_told_with_what_is_lost(keyboard: Keyboard, tmp_path: Path) -> None:
    """«Электронка» may be the mail address: it is named, and that nothing of it was read (Q130)."""
    file = tmp_path / "parents.csv"
    file.write_text("Родитель;Ученик;Класс;Родство;Электронка\nА Б;В Г;5А;мать;a@b.test\n", encoding="utf-8")
    noted = keyboard.type("import", "people", "--dry-run", file)
    assert "Если это «Почта»" in noted.err
    assert "у «Вестника» нет" in noted.err


def test_an_extract_is_asked_for_by_its_whole_number(keyboard: Keyboard) -> None:
    """«1» is no number of an extract; the answer shows one."""
    keyboard.open_school()
    keyboard.employ(role="secretary")
    refused = keyboard.type("paper", "printed", "1")
    assert refused.code == 2
    assert "В-2026-00001" in refused.err


def test_the_keyboard_says_who_may_act_and_by_which_name(keyboard: Keyboard) -> None:
    """Part of a name is not enough, and a teacher reads who is allowed."""
    keyboard.open_school()
    keyboard.employ("Белкина Нина Олеговна", "teacher")
    assert "секретарю и завучу" in keyboard.type("paper", "printed", "1").err
    assert "нужно полное имя" in keyboard.type("--as", "Белкина", "paper", "printed", "1").err
    assert "ЦЕЛЬ" in keyboard.done("form", "print", "--help").out
