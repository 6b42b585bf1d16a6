"""Files as a school would have them: invented reports put together from a few words, and one call that reads them."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import xlsxwriter

from bot.imports.files import read_import_files
from bot.imports.reading import ReadingRules
from core.model.imports.reports import JournalEntry, JournalReport, ReadFile

FIXTURES = Path(__file__).parents[1] / "fixtures" / "journal"
HEAD = {
    "Учебный год": "2026/2027",
    "Класс": "8Б",
    "Период": "с 1.09.2026 по 30.11.2026",
    "Ученик": "Рощина Майя Глебовна",
}
JOURNAL_HEADER = ("student", "class", "subject", "date", "work_kind", "topic", "weight", "mark")


def read(path: Path, *, lowest_mark: int = 2) -> ReadFile:
    [found] = read_import_files([path], settings=ReadingRules(lowest_mark))
    return found


def written(folder: Path, text: str, *, name: str = "report.html", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def read_text(folder: Path, text: str) -> ReadFile:
    return read(written(folder, text))


def only_report(found: ReadFile) -> JournalReport:
    assert found.problems == ()
    [report] = found.reports
    return report


def html_head(labels: Mapping[str, str] | None = None) -> str:
    labels = HEAD if labels is None else labels
    spans = "".join(f'<span class="select"><b>{name}:</b> {value}</span><br>' for name, value in labels.items())
    return f'<table cellspacing="10px"><tr><td class="no-border">{spans}</td></tr></table>'


def html_table(rows: Sequence[str]) -> str:
    return f'<table class="table-print">{"".join(f"<tr>{row}</tr>" for row in rows)}</table>'


def cells(*texts: str) -> str:
    return "".join(f"<td>{text}</td>" for text in texts)


def student_total(
    *rows: Sequence[str],
    months: str = '<th colspan="2">Сентябрь</th>',
    days: Sequence[str] = ("2", "9"),
    tail: Sequence[str] = ("Средн.<br>оценка 1 триместр", "Итог.оценка 1 триместр"),
    labels: Mapping[str, str] | None = None,
) -> str:
    """A StudentTotal; each row is its subject and its cells."""
    ends = "".join(f'<th rowspan="2">{text}</th>' for text in tail)
    header = [f'<th rowspan="2">Предмет</th>{months}{ends}', "".join(f"<th>{day}</th>" for day in days)]
    return html_head(labels) + html_table([*header, *(cells(*row) for row in rows)])


def marks_by_day(entries: Sequence[JournalEntry]) -> dict[date, tuple[str, ...]]:
    return {entry.date: entry.tokens for entry in entries}


def csv_text(*rows: Sequence[str], header: Sequence[str] = JOURNAL_HEADER, delimiter: str = ";") -> str:
    return "\r\n".join(delimiter.join(row) for row in (header, *rows)) + "\r\n"


def workbook(
    path: Path, sheets: Mapping[str, Sequence[Sequence[object]]], *, far: tuple[int, int] | None = None
) -> Path:
    """An xlsx with these sheets; dates are real ones. `far`: row and column of one more cell in each."""
    with xlsxwriter.Workbook(path, {"default_date_format": "dd.mm.yyyy"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if far is not None:
                sheet.write(*far, "5")
    return path
