"""Statistics as a workbook and as pages: figures are figures, words are words."""

import io
import zipfile
from fractions import Fraction

import pytest
from python_calamine import CalamineWorkbook

from bot.documents.results.pages import table_pages_pdf
from bot.documents.results.table import FigureTable, exact_table_text, table_cell_words
from bot.documents.results.workbook import tables_workbook
from bot.locales import LANGUAGES, LocaleCatalogues
from core.actions.imports.exams import writer as exam_writer
from core.actions.imports.timetable import lesson_changes
from core.model.imports.finals import FinalsKind
from core.model.imports.reports import ReportKind

TABLE = FigureTable(
    "Уроки: план/факт", ("Класс", "Предмет", "Проведено", "%"),
    [("8А", "=1+1", 12, Fraction(2, 3)), ("8А", "@cmd", 0, None), ("8А", "-5", -1, Fraction(1, 200))],
    ["* примечание"],
)  # fmt: skip


def test_a_workbook_has_real_numbers_and_no_formulas() -> None:
    """Names that begin with = @ - are text; a share has two decimals, half up; «—» where there is none (Q62)."""
    content = tables_workbook([TABLE, FigureTable("Пусто", ("Класс", "%"), [])])
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == ["Уроки  план факт", "Пусто"]
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[1:4] == [["8А", "=1+1", 12.0, 0.67], ["8А", "@cmd", 0.0, "—"], ["8А", "-5", -1.0, 0.01]]
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        names = parts.read("xl/workbook.xml").decode()
    assert "<f>" not in sheet
    assert all(sign in sheet for sign in ('ref="A1:D4"', 'state="frozen"', 'fitToHeight="0"', 'paperSize="9"'))
    assert all(name in names for name in ("_xlnm.Print_Area", "_xlnm.Print_Titles", "_xlnm._FilterDatabase"))


def test_the_pages_are_the_same_for_the_same_figures() -> None:
    """A PDF for the file of the report; no word of the data is markup."""
    t = LocaleCatalogues.load().translator("ru")
    pages = [table_pages_pdf([TABLE], t, school="Школа #1 *", day="30.11.2026") for _ in range(2)]
    assert pages[0] == pages[1]
    assert pages[0].startswith(b"%PDF")


@pytest.mark.parametrize(("figure", "text"), [
    (None, None), (Fraction(95), "95.00"), (Fraction(75, 19), "3.95"), (Fraction(61755, 1000), "61.76"),
    (Fraction(2, 3), "0.67"),
])  # fmt: skip
def test_a_figure_has_two_decimals_half_up(figure: Fraction | None, text: str | None) -> None:
    """Exact from the fraction: no float is rounded (Q62)."""
    assert exact_table_text(figure) == text
    assert table_cell_words(figure, LocaleCatalogues.load().translator("ru")) == (
        "—" if text is None else text.replace(".", ",")
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_import_has_words_on_the_head_s_page(language: str) -> None:
    """The head reads «Дневник» and not «diary», whatever the school imports (Q108)."""
    t = LocaleCatalogues.load().translator(language)
    kinds = [*ReportKind, *FinalsKind, lesson_changes.IMPORT_KIND, exam_writer.IMPORT_KIND]
    assert all(t(f"page.import.{kind}") for kind in kinds)
