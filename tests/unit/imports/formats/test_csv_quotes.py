"""Quotes of a CSV table: none may swallow the rows after it."""

from pathlib import Path

import pytest

from tests.support.report_files import only_report, read, written

HEADER = "student;class;subject;date;topic;mark"
FIRST, SECOND, THIRD = (f"{name};8Б;Алгебра;02.09.2026;Корни;5" for name in ("Рощина Майя", "Лисов Олег", "Ян Ия"))


def table(folder: Path, *rows: str, end: str = "\n") -> Path:
    return written(folder, end.join((HEADER, *rows, "")), name="table.csv")


@pytest.mark.parametrize(
    ("rows", "row", "column", "reason"),
    [
        ((FIRST, 'Лисов Олег;8Б;Алгебра;02.09.2026;"Корни;5', THIRD), 3, None, "quote_not_closed"),
        ((FIRST.replace("Корни", '"Корни'), SECOND, THIRD.replace("Корни", 'Корни"')), 2, 5, "quote_not_closed"),
        ((FIRST.replace("Корни", '"Корни'), SECOND.replace("Корни", '"Корни"')), 2, None, "quote_not_closed"),
        ((FIRST, SECOND, THIRD.replace(";5", ';"5')), 4, None, "quote_not_closed"),
        ((FIRST.replace(";5", ';"5'), f'"Лисов Олег"{SECOND[10:]}'), 2, None, "quote_not_closed"),
        ((FIRST.replace("Корни", '"Корни;\nстепени"'), SECOND), 2, 5, "quote_not_closed"),
        ((FIRST, SECOND.replace("Корни", '"Школа "Радуга""')), 3, None, "quote_inside"),
    ],
    ids=["to the end", "closed by a later row", "a later quote", "last row", "next row", "both in one cell", "inside"],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_wrong_quote_is_refused_with_its_row(
    tmp_path: Path, rows: tuple[str, ...], row: int, column: int | None, reason: str, *, end: str
) -> None:
    """Rows that an open quote swallows are marks that look withdrawn: the row of the quote is named instead."""
    found = read(table(tmp_path, *rows, end=end))
    assert [(each.row, each.column, each.reason) for each in found.problems] == [(row, column, reason)]


def test_a_wrong_quote_in_the_header_is_named_once(tmp_path: Path) -> None:
    """The header's quote is the reason; the file is not called unknown besides."""
    path = written(tmp_path, f'"{HEADER}\n{FIRST}\n', name="table.csv")
    assert [(each.row, each.reason) for each in read(path).problems] == [(1, "quote_not_closed")]


def test_doubled_quotes_and_a_line_break_alone_are_text(tmp_path: Path) -> None:
    """What Excel writes itself stays readable: doubled quotes, a delimiter in quotes, a topic of two lines."""
    topics = '"Роман ""Идиот"""', '"Корни; степени"', '"Корни\nи степени"'
    rows = [FIRST.replace("Корни", topic).replace("02.09", f"0{day}.09") for day, topic in enumerate(topics, 1)]
    entries = only_report(read(table(tmp_path, *rows))).subjects[0].entries
    assert [entry.topic for entry in entries] == ['Роман "Идиот"', "Корни; степени", "Корни и степени"]
