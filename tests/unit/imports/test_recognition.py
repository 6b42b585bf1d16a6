"""Which files are ours: decided by content, whole folders at once, and everything else refused with a sentence."""

import hashlib
from pathlib import Path

import pytest

from bot.imports.files import read_import_files
from core.model.imports.reports import Problem, ReportKind
from tests.support.report_files import (
    FIXTURES,
    csv_text,
    html_head,
    html_table,
    read,
    student_total,
    workbook,
    written,
)
from tests.support.samples import samples

JOURNAL_ROW = ("Рощина Майя", "8Б", "Алгебра", "02.09.2026", "", "", "", "5")
KINDS = {
    "student_total_5_56.html": ReportKind.STUDENT_TOTAL,
    "student_total_5_0.xls": ReportKind.STUDENT_TOTAL,
    "student_grades.html": ReportKind.STUDENT_GRADES,
    "student_total_marks.html": ReportKind.STUDENT_TOTAL_MARKS,
    "diary.json": ReportKind.DIARY,
    "journal.xls": ReportKind.TABLE,
}
OURS = (
    "studenttotal",
    "studentgrades",
    "student_grades",
    "total_marks",
    "diary_10B",
    "diary_8B",
    "inline_two",
    "raspisanie",
    "zameni",
)


def refusal(reason: str) -> tuple[Problem, ...]:
    return (Problem(None, None, None, None, reason),)


@pytest.mark.parametrize("name", sorted(KINDS))
@pytest.mark.parametrize("called", ["report.xls", "report.txt", "report"])
def test_a_file_is_known_by_its_content(tmp_path: Path, name: str, called: str) -> None:
    """The name of a file says nothing: «.xls» may be HTML and a workbook may be called anything (Q100)."""
    path = tmp_path / called
    path.write_bytes((FIXTURES / name).read_bytes())
    found = read(path)
    assert (found.problems, [report.kind for report in found.reports]) == ((), [KINDS[name]])
    assert found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16", "koi8-r"])
def test_a_report_is_read_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    """Valid utf-8 is utf-8 whatever the file says of itself; else its word counts, and cp1251 where it has none."""
    says = "koi8-r" if encoding == "koi8-r" else "windows-1251"
    text = f'<meta content="text/html; charset={says}">' + student_total(("Алгебра", "5", "", "", ""))
    found = read(written(tmp_path, text, encoding=encoding))
    assert (found.problems, found.reports[0].subjects[0].subject) == ((), "Алгебра")


@pytest.mark.parametrize("content", ["", " \n", "\ufeff"])
def test_an_empty_file_is_called_empty(tmp_path: Path, content: str) -> None:
    """Nothing at all is not the same as something unknown."""
    assert read(written(tmp_path, content)).problems == refusal("empty")


@pytest.mark.parametrize(
    "content",
    [
        "просто текст",
        "<p>Отчёта здесь нет</p>",
        "<",
        html_head(),
        html_table(["<th>Предмет</th><th>Кабинет</th>", "<td>Алгебра</td><td>214</td>"]),
        html_table(["<th>Дата урока</th><th>Действие</th>", "<td>08.12.2025</td><td>Выставлена оценка: 3</td>"]),
        '{"a": 1}',
        csv_text(header=("Кабинет", "Этаж")),
        "%PDF-1.7",
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, content: str) -> None:
    """Letters to parents, access logs and the like say what was expected instead of nothing."""
    found = read(written(tmp_path, content))
    assert (found.reports, found.people, found.problems) == ((), (), refusal("unrecognised"))


def test_every_sheet_of_a_workbook_must_be_known(tmp_path: Path) -> None:
    """A sheet that is passed over in silence would be lost marks."""
    header = ("student", "subject", "date", "mark")
    sheets: dict[str, list[tuple[object, ...]]] = {
        "Журнал": [header, ("Рощина Майя", "Алгебра", "02.09.2026", "5")],
        "Разное": [("итого",)],
    }
    found = read(workbook(tmp_path / "journal.xlsx", sheets))
    assert found.problems == (Problem("Разное", None, None, None, "unrecognised"),)
    assert len(found.reports) == 1


def test_a_workbook_without_anything_is_empty(tmp_path: Path) -> None:
    """Empty sheets are no table."""
    assert read(workbook(tmp_path / "empty.xlsx", {"Лист1": []})).problems == refusal("empty")


def test_a_folder_is_read_with_all_folders_in_it(tmp_path: Path) -> None:
    """Files come sorted, hidden ones are left out, and one that is named twice is read once (contracts)."""
    text = csv_text(JOURNAL_ROW)
    for name in ("б/1.csv", "а/2.csv", ".скрытая/3.csv", "а/~$2.csv", "Thumbs.db"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = read_import_files([tmp_path, tmp_path / "а" / "2.csv"])
    assert [file.file for file in found] == [str(tmp_path / "а" / "2.csv"), str(tmp_path / "б" / "1.csv")]
    assert not any(file.problems for file in found)


def test_what_is_not_there_is_a_problem(tmp_path: Path) -> None:
    """A missing file and a folder without files are told like any other fault."""
    assert read(tmp_path / "нет.csv").problems == refusal("not_found")
    assert read(tmp_path).problems == refusal("no_files")


def test_progress_counts_bytes_to_the_end(tmp_path: Path) -> None:
    """Progress never goes back and ends at the size of all files (Q101)."""
    paths = [written(tmp_path, csv_text(*[JOURNAL_ROW] * 20_000), name=name) for name in ("1.csv", "2.csv")]
    told: list[tuple[int, int]] = []
    read_import_files(paths, on_progress=lambda done, total: told.append((done, total)))
    size = sum(path.stat().st_size for path in paths)
    assert {total for _, total in told} == {size}
    assert told[-1] == (size, size)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert len({done for done, _ in told}) > 4


@pytest.mark.parametrize("path", samples("*/**/*.*"), ids=lambda path: path.name)
def test_real_files_are_read_or_refused(path: Path) -> None:
    """Every real export of our kinds is read without a problem, every other file is refused."""
    found = read(path)
    ours = any(word in path.name for word in OURS) and "expected" not in path.name
    assert bool(found.reports or found.schedules) is ours
    assert bool(found.problems) is not ours
