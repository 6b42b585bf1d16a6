"""Workbooks to fill in: what a school downloads is what the import reads (Q130)."""

from pathlib import Path

import pytest

from bot.documents.templates import (
    DATES,
    NAMES,
    TABLES,
    WORDS,
    TemplateKind,
    template_column_explanation,
    template_workbook,
)
from bot.imports.exams.files import read_exam_file
from bot.imports.formats.workbooks import read_workbook_sheets
from bot.imports.tables.examples import EXAMPLES, is_example_explanation
from bot.imports.tables.schemas import COLUMN_NAMES, EVERY_SCHEMA, SCHEMAS, TEXTS, TableSchema, find_sheet_schema
from bot.locales import LocaleCatalogues
from core.model.imports.people_lists import PeopleKind
from core.model.imports.reports import ReadFile
from tests.support.report_files import read, workbook

CATALOGUES = LocaleCatalogues.load()
LANGUAGES = sorted(CATALOGUES.translators)


def template(folder: Path, kind: TemplateKind, language: str) -> Path:
    path = folder / f"{kind}.xlsx"
    path.write_bytes(template_workbook(kind, CATALOGUES.translator(language)))
    return path


def found_rows(found: ReadFile) -> list[object]:
    """All rows of a file, whatever its tables are."""
    people = [row for table in found.people for row in table.rows]
    schedules = [row for table in found.schedules for row in table.rows]
    return [*people, *schedules, *(row for table in found.finals for row in table.rows), *found.reports]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [kind for kind in TemplateKind if kind is not TemplateKind.EXAMS])
def test_an_unchanged_template_brings_nothing_in(tmp_path: Path, kind: TemplateKind, language: str) -> None:
    """Every sheet is recognised; examples and explanations are noted and left out."""
    found = read(template(tmp_path, kind, language))
    assert [problem.reason for problem in found.problems] == (["no_rows"] if kind is TemplateKind.JOURNAL else [])
    assert found_rows(found) == []
    reasons = [note.reason for note in found.notes]
    assert reasons.count("example_left_out") == sum(len(EXAMPLES[table]) for table in TABLES[kind])
    assert reasons.count("explanations_left_out") == 1


def test_an_example_of_an_earlier_release_is_still_left_out(tmp_path: Path) -> None:
    """Whoever downloaded the workbook before a column came brings no invented family in."""
    schema = next(schema for schema in EVERY_SCHEMA if schema.kind is PeopleKind.GUARDIANS)
    columns = [name for name in schema.columns if name != "processors"]
    example = [EXAMPLES[schema.kind][0].get(name, "") for name in columns]
    found = read(workbook(tmp_path / "t.xlsx", {"Родители": [columns, example]}))
    assert found_rows(found) == []
    assert [note.reason for note in found.notes] == ["example_left_out"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: str(schema.kind))
def test_a_sheet_is_known_by_the_title_that_the_template_gave_it(schema: TableSchema, language: str) -> None:
    """So an error names the columns of the table that was meant."""
    assert find_sheet_schema(CATALOGUES.translator(language)(f"table.{schema.kind}")) is schema


def filled(schema: TableSchema, folder: Path, language: str) -> Path:
    """The template's sheet with its examples as somebody else's rows."""
    t = CATALOGUES.translator(language)
    rows = [
        tuple(example.get(name, "").replace("Математика", "Алгебра").replace("5А", "6Б") for name in schema.columns)
        for example in EXAMPLES[schema.kind]
    ]
    rows = [tuple(cell.replace("Осенние", "Зимние").replace("8:31", "8:30") for cell in row) for row in rows]
    rows = [
        tuple(cell.replace("1 четверть", "2 четверть").replace("Эталонова", "Ясная") for cell in row) for row in rows
    ]
    return workbook(folder / "filled.xlsx", {"x": [tuple(t(f"table.column.{name}") for name in schema.columns), *rows]})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("schema", EVERY_SCHEMA, ids=lambda schema: str(schema.kind))
def test_a_filled_in_sheet_is_read_without_a_fault(tmp_path: Path, schema: TableSchema, language: str) -> None:
    """Titles and examples are right in both languages: a row like the example goes in."""
    path = filled(schema, tmp_path, language)
    if schema.kind == "exams":
        exams = read_exam_file(path)
        assert (exams.problems, exams.notes, len(exams.exams)) == ((), (), 1)
        return
    found = read(path)
    assert (found.problems, found.notes) == ((), ())
    assert len(found_rows(found)) == len(EXAMPLES[schema.kind])


def test_the_exam_template_brings_nothing_in_either(tmp_path: Path) -> None:
    """Its example is left out, and its sheet of explanations is no unknown file."""
    found = read_exam_file(template(tmp_path, TemplateKind.EXAMS, "ru"))
    assert [problem.reason for problem in found.problems] == ["exam_no_students"]
    assert [note.reason for note in found.notes] == ["example_left_out"]


def test_an_exam_table_names_the_columns_that_it_passes_over(tmp_path: Path) -> None:
    """As in every other table."""
    rows = [
        ("ученик", "экзамен", "предмет", "дата", "балл", "СНИЛС"),
        ("Янова Ия", "ЕГЭ", "Химия", "01.06.2026", "70", "1"),
    ]
    [note] = read_exam_file(workbook(tmp_path / "exam.xlsx", {"x": rows})).notes
    assert (note.reason, note.value, note.column) == ("column_unknown", "СНИЛС", 6)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", TemplateKind)
def test_the_last_sheet_explains_every_column(tmp_path: Path, kind: TemplateKind, language: str) -> None:
    """By the titles of the other sheets: whether it is needed, what to write."""
    with template(tmp_path, kind, language).open("rb") as file:
        *tables, last = [(sheet.name, [*sheet.rows]) for sheet in read_workbook_sheets(file)]
    explained = {(row[0], row[1]) for row in last[1][3:]}
    assert is_example_explanation(last[0])
    assert explained == {(name, title) for name, rows in tables for title in rows[0]}
    assert all(row[3] for row in last[1][3:])


def test_every_table_has_a_template() -> None:
    """Each known table stands in one workbook, and what the workbook says of columns is about columns that exist."""
    assert sorted(str(table) for tables in TABLES.values() for table in tables) == sorted(
        str(schema.kind) for schema in EVERY_SCHEMA
    )
    assert {*DATES, *NAMES, *TEXTS, *(column for _, column in WORDS)} <= COLUMN_NAMES
    t = CATALOGUES.translator("ru")
    assert all(template_column_explanation(schema.kind, name, t) for schema in EVERY_SCHEMA for name in schema.columns)


def readme_columns(schema: TableSchema, language: str) -> str:
    """How README names the columns of a table: by their titles in its Russian half, by their names in the English."""
    if language == "en":
        optional = ",".join(("", *schema.optional))
        return f"`{','.join(schema.required)}{f'[{optional}]' if schema.optional else ''}`"
    t = CATALOGUES.translator(language)
    titles = {name: t(f"table.column.{name}") for name in schema.columns}
    return ", ".join(f"**{title}**" if name in schema.required else title for name, title in titles.items())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("schema", EVERY_SCHEMA, ids=lambda schema: str(schema.kind))
def test_readme_names_the_columns_of_every_table(schema: TableSchema, language: str) -> None:
    """Both halves, with those that must be there told apart (Q130)."""
    title = CATALOGUES.translator(language)(f"table.{schema.kind}")
    readme = (Path(__file__).parents[4] / "README.md").read_text(encoding="utf-8")
    assert f"| {title} | {readme_columns(schema, language)} |" in readme
