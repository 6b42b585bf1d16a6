"""The summary sheet on paper and as a workbook: what is printed is what the data say, and nothing is a formula."""

import io
import re
import subprocess
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot.documents.results.sheet.grid import Layout, SheetGrid, sheet_grid
from bot.documents.results.sheet.page import PageForm, sheet_page_pdf, usual_sheet_page_size
from bot.documents.results.sheet.workbook import sheet_workbook
from bot.imports.files import read_import_files
from bot.locales import LocaleCatalogues
from core.model.results.summary_sheet import SummarySheet
from core.rules.results.sheet.arrangement import arranged_summary_sheet
from core.rules.results.terms import term_key
from tests.peers import processes
from tests.support.schools.sheets import ISSUE, QUARTERS, SheetClass, full_class

RU, EN = (LocaleCatalogues.load().translator(language) for language in ("ru", "en"))


def pages(sheet: SummarySheet, form: PageForm, folder: Path) -> list[str]:
    """The text of each page, in lines as they are seen."""
    file = folder / "sheet.pdf"
    file.write_bytes(sheet_page_pdf(sheet, form, ISSUE, RU))
    reader = processes.program("pdftotext", package="poppler-utils")
    read = subprocess.run([reader, "-layout", file, "-"], capture_output=True, text=True, check=True).stdout
    return read.split("\f")[:-1]


def rows_of(grid: SheetGrid) -> list[list[str]]:
    return [[cell.text for cell in cells] for pupil in grid.pupils for _, cells in pupil.lines]


@pytest.fixture(scope="module")
def numbers() -> SummarySheet:
    """32 students, 16 subjects, four quarters and the year, with a number in each cell."""
    return arranged_summary_sheet(full_class(words=False).facts())


def test_the_page_of_terms_in_rows_holds_each_mark_in_its_row(numbers: SummarySheet, tmp_path: Path) -> None:
    """Row by row the marks are those of the data, under a repeated head, and no student is cut (Q65)."""
    found = pages(numbers, PageForm(Layout.TERMS_IN_ROWS, "a4"), tmp_path)
    marks = re.compile(r"(?:[1-4] четверть|Год)((?:\s+[2-5]){16})(?!\S)")
    assert [row.split() for page in found for row in marks.findall(page)] == rows_of(
        sheet_grid(numbers, Layout.TERMS_IN_ROWS, RU)
    )
    for page in found:
        assert page.count("1 четверть") == page.count("4 четверть") == len(re.findall(r"Год\s+[2-5]", page))
        assert "Период" in page


def test_the_page_of_terms_in_columns_holds_each_mark_in_its_row(numbers: SummarySheet, tmp_path: Path) -> None:
    """On one page of A3: a row a student, 80 marks in it, and the signatures below (Q65)."""
    sheet = replace(numbers, class_teachers=["Лисина Ольга Сергеевна"])
    (page,) = pages(sheet, PageForm(Layout.TERMS_IN_COLUMNS, "a3"), tmp_path)
    rows = re.findall(r"^\s*\d+\s+\w+ \w+ \w+((?:\s+[2-5]){80})\s+переведён", page, re.MULTILINE)
    assert [row.split() for row in rows] == rows_of(sheet_grid(sheet, Layout.TERMS_IN_COLUMNS, RU))
    assert "Классный руководитель" in page
    assert "Лисина О. С." in page


def test_words_and_notes_are_on_the_page(tmp_path: Path) -> None:
    """н/а, осв, зач, незач, a deferral with its footnote, a departure: as often as the data have them (Q65, Q68)."""
    school = SheetClass(3)
    words = ("н/а", "осв", "зач", "незач")
    for term, word in zip(QUARTERS, words, strict=True):
        school.mark(1, 1, term, word)
    school.mark(3, 1, QUARTERS[0], "осв")
    school.defer(2, 2, QUARTERS[0], date(2026, 11, 15))
    school.members[0] = replace(school.members[0], leaves_on=date(2027, 1, 15))
    (page,) = pages(arranged_summary_sheet(school.facts()), PageForm(Layout.TERMS_IN_ROWS, "a3"), tmp_path)
    shown = Counter(page.split())
    assert {word: shown[word] for word in words} == {"н/а": 1, "осв": 2, "зач": 1, "незач": 1}
    assert shown["отс1"] == 1
    assert "1) отс – отсрочка до 15.11.2026" in page
    assert "выбыл(а) 15.01.2027" in page


def test_the_smaller_paper_is_taken_where_the_marks_can_be_read(numbers: SummarySheet) -> None:
    """A class's quarters side by side want A3, one under another A4; a wide sheet comes in parts."""
    assert usual_sheet_page_size(numbers, Layout.TERMS_IN_COLUMNS) == "a3"
    assert usual_sheet_page_size(numbers, Layout.TERMS_IN_ROWS) == "a4"


def test_a_sheet_that_is_too_wide_comes_in_parts(tmp_path: Path) -> None:
    """Each part has all students and whole subjects, and none is lost."""
    sheet = arranged_summary_sheet(full_class(4, 16, words=False).facts())
    found = pages(sheet, PageForm(Layout.TERMS_IN_COLUMNS, "a4"), tmp_path)
    assert ["Часть 1 из 2" in found[0], "Часть 2 из 2" in found[1], len(found)] == [True, True, 2]
    rows = [re.findall(r"((?:\s+[2-5]){40})\s+переведён", page) for page in found]
    whole = [left.split() + right.split() for left, right in zip(*rows, strict=True)]
    assert whole == rows_of(sheet_grid(sheet, Layout.TERMS_IN_COLUMNS, RU))


@pytest.mark.parametrize("layout", Layout)
def test_no_cell_of_the_workbook_is_a_formula(layout: Layout) -> None:
    """Marks are numbers, words are texts, also such as a formula; heads are frozen, print is one page wide."""
    school = SheetClass(1, subjects=("=1+1", "+7", "http://x"))
    school.members[0] = replace(school.members[0], name='=HYPERLINK("x")')
    school.mark(1, 1, QUARTERS[0], "5")
    school.decide(1, "@SUM(A1)")
    with ZipFile(
        io.BytesIO(sheet_workbook(arranged_summary_sheet(school.facts()), PageForm(layout), ISSUE, RU))
    ) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "hyperlink" not in "".join(book.namelist())
    assert "<f>" not in sheet
    assert "<f " not in sheet
    assert sheet.count("<v>5</v>") >= 1
    for setting in ('state="frozen"', 'orientation="landscape"', 'fitToHeight="0"', "fitToPage"):
        assert setting in sheet


@pytest.mark.parametrize("layout", Layout)
def test_a_printed_workbook_is_read_by_the_import_of_final_marks(layout: Layout, tmp_path: Path) -> None:
    """The other school that gets it reads the same marks from it, without a single fault (Q65)."""
    school = full_class(5, 3)
    school.defer(3, 1, "3 триместр", date(2026, 11, 15))
    sheet = arranged_summary_sheet(school.facts())
    file = tmp_path / "sheet.xlsx"
    file.write_bytes(sheet_workbook(sheet, PageForm(layout), ISSUE, RU))
    (read,) = read_import_files([file])
    assert read.problems == ()
    (table,) = read.finals
    assert table.school_class == "8Б"
    names = {subject.name: subject.id for subject in sheet.subjects}
    marks = {(row.student, names[row.subject], term_key(row.term)): row.mark for row in table.rows}
    assert marks == {
        (row.name, *key): cell.value for row in sheet.rows for key, cell in row.cells.items() if cell.value is not None
    }


def test_equal_sheets_are_equal_documents(numbers: SummarySheet) -> None:
    """So that a copy can be compared with the original; in English the same cells stand under English heads."""
    form = PageForm(Layout.TERMS_IN_ROWS)
    assert sheet_workbook(numbers, form, ISSUE, RU) == sheet_workbook(numbers, form, ISSUE, RU)
    small = arranged_summary_sheet(full_class(2, 2).facts())
    assert sheet_page_pdf(small, form, ISSUE, RU) == sheet_page_pdf(small, form, ISSUE, RU)
    assert rows_of(sheet_grid(numbers, form.layout, EN)) == rows_of(sheet_grid(numbers, form.layout, RU))
