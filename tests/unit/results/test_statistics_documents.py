"""Statistics as a workbook and as pages: figures are figures, words are words."""

import io
import zipfile
from datetime import date
from fractions import Fraction

import pytest
from python_calamine import CalamineWorkbook

from bot.documents.results.pages import table_pages_pdf
from bot.documents.results.school_page import school_page_sections
from bot.documents.results.table import FigureTable, exact_table_text, table_cell_words
from bot.documents.results.workbook import tables_workbook
from bot.locales import LANGUAGES, LocaleCatalogues
from core.actions.imports.exams import writer as exam_writer
from core.actions.imports.timetable import lesson_changes
from core.actions.results.school_page import LoadedSchoolPageLessons, SchoolPage
from core.model.delivery.deadline_report import DeadlineReport
from core.model.imports.finals import FinalsKind
from core.model.imports.reports import ReportKind
from core.model.results.statistics import ResultStatistics, StatisticsCounts, StatisticsScope
from core.model.year import GroupKind, TeachingGroup
from core.rules.delivery.timing import Policy

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


TODAY, TERM = date(2026, 11, 20), "2 четверть"
RU = LocaleCatalogues.load().translator("ru")
IN_TIME = DeadlineReport(TODAY, TODAY, 0, 0, 0, 0, 0, 0, 0, {}, (), None, None)
CLASSES = {
    place: TeachingGroup(place, GroupKind.CLASS, name, name.lower(), 5, None, None)
    for place, name in enumerate(("5А", "9Б", "8В"), start=1)
}


def a_class(place: int, counts: StatisticsCounts) -> ResultStatistics:
    return ResultStatistics(StatisticsScope.CLASS, place, None, TERM, counts, Fraction(4))


def page(*results: ResultStatistics) -> SchoolPage:
    lessons = (LoadedSchoolPageLessons(None, 110, 110),)
    return SchoolPage(TODAY, 1, 0, IN_TIME, lessons, 0, 0, TERM, CLASSES, results, {})


def test_shares_say_how_many_pupils_they_rest_on() -> None:
    """Of some pupils it is said of how many; of nobody there is no share; of all there is nothing to say."""
    some = a_class(1, StatisticsCounts(pupils=5, n5=2, exempt=1, unmarked=2))
    nobody = a_class(2, StatisticsCounts(pupils=4, unmarked=4))
    everybody = a_class(3, StatisticsCounts(pupils=2, n5=1, n4=1))
    _, _, plan, results, _ = school_page_sections(page(some, nobody, everybody), RU, policy=Policy())
    assert "по расписанию" in plan.heading
    assert results.lines == (
        "5А: успеваемость 100,00 %, качество 100,00 %, СОУ 100,00 %, средний балл 4,00 (все оценки есть у 2 из 4)",
        "9Б: доли ещё не посчитать, средний балл выставленных оценок 4,00 (все оценки есть у 0 из 4)",
        "8В: успеваемость 100,00 %, качество 100,00 %, СОУ 82,00 %, средний балл 4,00",
    )
