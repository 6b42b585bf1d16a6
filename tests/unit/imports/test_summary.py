"""What was read, in JSON for comparison and in lines for the operator."""

import re
from pathlib import Path
from typing import Any

import pytest

from bot.imports import files, summary
from bot.locales import LocaleCatalogues
from core.model.imports.reports import Problem, ReadFile
from tests.support.report_files import FIXTURES, csv_text, read, read_text, student_total, written

CATALOGUES = LocaleCatalogues.load()
RUSSIAN, ENGLISH = CATALOGUES.translator("ru"), CATALOGUES.translator("en")


def test_a_report_in_json_has_the_contract_s_shape() -> None:
    """Averages are strings with a point, unknown is null, subjects without entries are listed (contracts)."""
    path = FIXTURES / "student_total_5_56.html"
    [shown] = summary.import_summary_json(read(path), RUSSIAN)
    assert list(shown) == ["file", "kind", "student", "class", "period", "subjects", "problems"]
    assert shown["file"] == str(path)
    assert (shown["kind"], shown["student"], shown["class"]) == ("student_total", "Рощина Майя Глебовна", None)
    assert shown["period"] == {"from": "2026-12-01", "to": "2027-02-28"}
    assert shown["problems"] == []
    subjects = shown["subjects"]
    assert isinstance(subjects, list)
    assert subjects[0]["entries"][1] == {
        "date": "2026-12-10",
        "tokens": ["Б", "3"],
        "work_kind": None,
        "topic": None,
        "weight": None,
    }
    assert subjects[0]["terms"] == [{"term": "2 триместр", "average": "4.25", "final": "4"}]
    assert subjects[2] == {
        "subject": "Россия – мои горизонты",
        "entries": [],
        "terms": [{"term": "2 триместр", "average": None, "final": None}],
    }


def test_a_table_in_json_is_an_object_for_each_student(tmp_path: Path) -> None:
    """The problems of the file stand once, in the first of them; the value of a mark cell is shown."""
    rows = (
        ("Рощина Майя", "8Б", "Алгебра", "02.09.2026", "", "", "1,5", "5"),
        ("Дымов Савва", "8Б", "Алгебра", "02.09.2026", "", "", "", "8"),
    )
    first, second = summary.import_summary_json(read(written(tmp_path, csv_text(*rows), name="t.csv")), RUSSIAN)
    assert (first["student"], second["student"]) == ("Рощина Майя", "Дымов Савва")
    [problem] = first["problems"] if isinstance(first["problems"], list) else []
    assert problem == {
        "sheet": None,
        "row": 3,
        "column": 8,
        "value": "8",
        "reason": RUSSIAN("import.unknown_token"),
    }
    assert second["problems"] == []
    assert isinstance(first["subjects"], list)
    assert first["subjects"][0]["entries"][0]["weight"] == "1.5"


def test_a_refused_file_in_json_is_still_an_object(tmp_path: Path) -> None:
    """The array has every file in it, also when nothing could be read."""
    [shown] = summary.import_summary_json(read(tmp_path / "нет.html"), ENGLISH)
    assert shown == {
        "file": str(tmp_path / "нет.html"),
        "kind": None,
        "student": None,
        "class": None,
        "period": None,
        "subjects": [],
        "problems": [
            {"sheet": None, "row": None, "column": None, "value": None, "reason": ENGLISH("import.not_found")}
        ],
    }


def test_the_operator_reads_file_place_value_and_reason(tmp_path: Path) -> None:
    """Each problem is one line in the operator's language (Q101)."""
    found = read_text(tmp_path, student_total(("Алгебра", "7", "", "", ""), ("", "5", "", "", "")))
    assert list(summary.import_summary_problems(found, RUSSIAN)) == [
        f"{found.file}: строка 3, столбец 2, «7»: {RUSSIAN('import.unknown_token')}",
        f"{found.file}: строка 4, столбец 1: {RUSSIAN('import.subject_missing')}",
    ]


def test_a_sheet_is_named_where_there_is_one() -> None:
    """A workbook's problem begins with its sheet; a problem of the whole file has no place at all."""
    problems = (Problem("8Б", 2, 3, "x", "weight"), Problem(None, None, None, None, "empty"))
    lines = list(summary.import_summary_problems(ReadFile("журнал.xlsx", "", problems=problems), ENGLISH))
    assert lines == [
        "журнал.xlsx: sheet “8Б”, row 2, column 3, “x”: a weight is a number from 0 up",
        "журнал.xlsx: the file is empty",
    ]


@pytest.mark.parametrize("column", ["guardian", "student", "email", "phone", "telegram"])
def test_names_and_contacts_are_told_by_their_place_only(tmp_path: Path, column: str) -> None:
    """Neither the JSON nor the operator's lines show what stands in a name or contact cell (Q103)."""
    header = ("guardian", "student", "class", "relation", "telegram", "email", "phone")
    row = ["Рощин Глеб", "Рощина Майя", "8Б", "отец", "секрет@", "секрет", "секрет-1"]
    row[header.index(column)] = "секрет" if column in header[4:] else ""
    found = read(written(tmp_path, csv_text(tuple(row), header=header), name="t.csv"))
    problems = next(summary.import_summary_json(found, RUSSIAN))["problems"]
    shown = f"{problems} {[*summary.import_summary_problems(found, RUSSIAN)]}"
    assert found.problems
    assert not any(word in shown for word in ("секрет", "Рощин", "Глеб"))


def reasons() -> list[str]:
    """Every reason that the readers give, as their sources spell them; a people table's cell may be its own reason."""
    texts = [path.read_text(encoding="utf-8") for path in Path(files.__file__).parent.rglob("*.py")]
    call = r"(?:faults\.(?:add|note)|UnreadableFileError|_write_message|add_problem)"
    given = call + r'\((?:\s*(?:name|"\w+")[^"(]*,)?\s*"(\w+)"'
    own = {"telegram", "email", "phone", "role", "kind", "consent"}
    return sorted(
        own | {found for text in texts for found in re.findall(given, text)} - {"sheet", "rows", "end", "refused"}
    )


@pytest.mark.parametrize("reason", reasons())
def test_every_reason_has_its_sentence(reason: str) -> None:
    """No problem can be found that cannot be told, in either language."""
    facts: dict[str, Any] = {"expected": "5", "found": "4", "table": "journal", "columns": "mark", "month": "Сентябрь"}
    facts |= {
        "other": "groups",
        "near": "email",
        "titles": "«дат»",
        "most": "20",
        "character": "U+0000 NULL",
        "cells": "3",
    }
    assert RUSSIAN(f"import.{reason}", **facts) != ENGLISH(f"import.{reason}", **facts)


def test_consents_that_open_no_max_are_told_with_what_to_do() -> None:
    """How many, why, the column that mends it, and the new form where the papers do not name MAX."""
    facts = (("channel", "max"), ("count", "500"), ("columns", "processors"))
    found = Problem("Родители", None, None, None, "processor_not_named", facts)
    [line] = summary.import_summary_problems(ReadFile("семьи.xlsx", "", problems=(found,)), RUSSIAN)
    assert line.startswith("семьи.xlsx: лист «Родители»: канал MAX не откроют согласия: 500.")
    assert "«Обработчики»" in line
    assert "vestnik form print consent --class КЛАСС" in line
