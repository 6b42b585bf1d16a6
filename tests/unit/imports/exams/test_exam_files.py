"""Protocols of exams are read by their layout; what is strange is named at its place (Q77, Q78, Q101)."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.imports.exams.files import is_exam_file, read_exam_code_file, read_exam_file
from bot.imports.exams.summary import exam_summary_json
from bot.imports.exams.titles import read_exam_title
from core.model.imports.exam_files import ExamFile, ExamFileKind, PrintedResult
from core.model.imports.reports import ReadFile
from core.model.results.exams import ExamKind, ExamOutcome, ExamStatus, OlympiadPlace, OlympiadStage
from tests.support.delivery.parcels import RUSSIAN
from tests.support.report_files import read
from tests.support.schools.exam_files import (
    EXAMS,
    LOGIN,
    OGE_HEADER,
    OTHER,
    OWN,
    SECRET_ANSWER,
    SECRET_NUMBER,
    appeals,
    file_at,
    form,
    protocol,
    review,
    table,
    vpr_report,
    workbook_at,
)

FIXTURES = Path(__file__).parents[3] / "fixtures" / "exams"
ANNA, OLEG = "Зорина Анна Петровна", "Лугов Олег Ильич"
RUSSIAN_EXAM = "01 - Русский язык 2026.06.04"


def places(read_file: ExamFile) -> list[tuple[int | str | None, int | str | None, str]]:
    """Row, column and reason of each problem."""
    return [(each.row, each.column, each.reason) for each in read_file.problems]


def only_results(read_file: ExamFile) -> tuple[PrintedResult, ...]:
    """The rows of a file with one exam and no problem."""
    assert read_file.problems == ()
    [exam] = read_file.exams
    return exam.results


def test_a_protocol_of_ege_is_passed_by_its_own_threshold(tmp_path: Path) -> None:
    """The file's lowest score decides, and its single number is a test score wherever it stands (Q77)."""
    text = protocol(RUSSIAN_EXAM, (ANNA, "11А", 40, 76), (OLEG, "11А", 9, 23), threshold=24)
    found = read_exam_file(file_at(tmp_path, "e.csv", text))
    assert found.kind is ExamFileKind.EGE
    [exam] = found.exams
    assert (exam.kind, exam.subject, exam.on, exam.threshold) == (ExamKind.EGE, "Русский язык", date(2026, 6, 4), 24)
    outcomes = [each.outcome for each in exam.results]
    assert outcomes == [ExamOutcome(40, 76, passed=True), ExamOutcome(9, 23, passed=False)]
    assert [each.student for each in exam.results] == [ANNA, OLEG]


def test_without_a_threshold_nobody_passes_or_fails_ege(tmp_path: Path) -> None:
    """Nothing is recomputed that the file leaves open (Q77)."""
    found = read_exam_file(file_at(tmp_path, "e.csv", protocol(RUSSIAN_EXAM, (ANNA, "11А", 40, 76))))
    assert [each.outcome.passed for each in only_results(found)] == [None]


def test_a_threshold_below_the_last_page_decides_for_all_pages(tmp_path: Path) -> None:
    """Each page has title and header again, and only the last one the tail (Q77)."""
    pages = {
        "p1": protocol(RUSSIAN_EXAM, (ANNA, "11А", 40, 76)).splitlines()[:3],
        "p2": protocol(RUSSIAN_EXAM, (OLEG, "11А", 9, 23), threshold=24).splitlines()[:4],
    }
    book = workbook_at(tmp_path, "e.xlsx", **{name: [line.split(";") for line in page] for name, page in pages.items()})
    [exam] = read_exam_file(book).exams
    assert (exam.threshold, [each.outcome.passed for each in exam.results]) == (24, [True, False])


def test_a_title_that_is_printed_again_begins_no_other_exam(tmp_path: Path) -> None:
    """«Всего участников» below the last page counts the rows of all pages."""
    first = "\n".join(protocol(RUSSIAN_EXAM, (ANNA, "11А", 40, 76)).splitlines()[:3])
    last = protocol(RUSSIAN_EXAM, (OLEG, "11А", 9, 23))
    last = last.replace("участников;;;;;;;;;;;;1", "участников;;;;;;;;;;;;2")
    found = read_exam_file(file_at(tmp_path, "e.csv", f"{first}\n{last}"))
    assert [each.student for each in only_results(found)] == [ANNA, OLEG]


def test_blocks_of_oge_and_gve_are_exams_of_one_file(tmp_path: Path) -> None:
    """Code 52 is ГВЭ among ОГЭ, and a file of nothing else is a file of ГВЭ."""
    blocks = [
        protocol("06 - Биология 2026.06.03", (ANNA, "9А", 40, 5), header=OGE_HEADER),
        protocol("52 - Математика 2026.06.03", (OLEG, "9А", 12, 2), header=OGE_HEADER),
    ]
    both = read_exam_file(file_at(tmp_path, "o.csv", "".join(blocks)))
    assert (both.kind, [exam.kind for exam in both.exams]) == (ExamFileKind.OGE, [ExamKind.OGE, ExamKind.GVE])
    assert [each.outcome for exam in both.exams for each in exam.results] == [
        ExamOutcome(40, mark="5", passed=True),
        ExamOutcome(12, mark="2", passed=False),
    ]
    assert read_exam_file(file_at(tmp_path, "g.csv", blocks[1])).kind is ExamFileKind.GVE


@pytest.mark.parametrize(
    ("title", "kind", "subject"),
    [
        ("22 - Математика базовая 2026.06.08", ExamKind.EGE_BASE, "Математика"),
        ("02 - 02 - Математика профильная 2026.06.08", ExamKind.EGE, "Математика"),
        ("25 - Информатика (КЕГЭ) 2026.06.08", ExamKind.EGE, "Информатика"),
        ("09 - Обществознание 2026.06.08", None, "Обществознание"),
        ("051 - Русский язык 2026.06.08", ExamKind.GVE, "Русский язык"),
        ("Русский язык (ГВЭ) 2026.06.08", ExamKind.GVE, "Русский язык"),
    ],
)
def test_the_name_of_a_subject_counts_and_not_its_code(title: str, kind: ExamKind | None, subject: str) -> None:
    """One tool's code 09 is social studies, another's English: the name alone is sure."""
    found = read_exam_title(title)
    assert found is not None
    assert (found.subject.kind, found.subject.name, found.on, found.fault) == (kind, subject, date(2026, 6, 8), None)


def test_a_language_has_a_written_and_an_oral_day() -> None:
    """The written part gives the date; the oral one has its own."""
    found = read_exam_title("Английский язык п.:2025.06.10; у.:2025.06.14")
    assert found is not None
    assert (found.on, found.oral_on) == (date(2025, 6, 10), date(2025, 6, 14))


@pytest.mark.parametrize("line", ["Протокол проверки", "99 - Заречный край", "Отчёт от 2026.06.04", "Физика"])
def test_other_lines_are_no_titles(line: str) -> None:
    """A region's number and name look like a title and are none."""
    assert read_exam_title(line) is None


def test_the_day_of_the_oral_part_may_stand_in_a_cell_of_its_own(tmp_path: Path) -> None:
    """A title without quotation marks is cut at its «;» (Q77)."""
    text = protocol("Английский язык п:2026.06.10; у:2026.06.14", (ANNA, "11А", 40, 76))
    [exam] = read_exam_file(file_at(tmp_path, "e.csv", text)).exams
    assert (exam.subject, exam.on, exam.oral_on) == ("Английский язык", date(2026, 6, 10), date(2026, 6, 14))


def test_re_checks_know_what_was_before(tmp_path: Path) -> None:
    """The score before stands in re-checks of ЕГЭ; one that is still looked at has none now (Q78)."""
    rows = (f"{ANNA};11А;Апелляция удовлетворена;86;52;89", f"{OLEG};11А;Отправлена на обработку;40;;")
    found = read_exam_file(file_at(tmp_path, "r.csv", review("12 - Обществознание 2026.06.11", *rows)))
    assert found.kind is ExamFileKind.EGE_REVIEW
    changed, waiting = only_results(found)
    assert (changed.outcome, changed.before_score) == (ExamOutcome(52, 89, status=ExamStatus.CHANGED), 86)
    assert (waiting.outcome, waiting.before_score) == (ExamOutcome(status=ExamStatus.UNDER_APPEAL), 40)


def test_re_checks_of_several_exams_have_a_title_and_a_header_each(tmp_path: Path) -> None:
    """Exams are told apart by their titles, and lines of text below the rows are nobody's."""
    first = review(RUSSIAN_EXAM, f"{ANNA};11А;Апелляция удовлетворена;70;40;73")
    second = review("04 - Химия 2026.06.01", f"{OLEG};11Б;Апелляция отклонена;55;27;55")
    found = read_exam_file(file_at(tmp_path, "r.csv", f"{first}Председатель комиссии;;;Лугова\n{second}"))
    assert (found.kind, found.problems) == (ExamFileKind.EGE_REVIEW, ())
    assert [(exam.subject, [each.student for each in exam.results]) for exam in found.exams] == [
        ("Русский язык", [ANNA]),
        ("Химия", [OLEG]),
    ]


def test_appeals_of_oge_name_the_exam_in_each_row(tmp_path: Path) -> None:
    """One exam for each subject and date, by first appearance."""
    rows = (
        f"{ANNA};9А;Математика(2026.06.02);Апелляция удовлетворена;8;3",
        f"{OLEG};А;Физика(2026.06.04);Апелляция отклонена;9;2",
    )
    found = read_exam_file(file_at(tmp_path, "a.csv", appeals(*rows)))
    assert found.kind is ExamFileKind.OGE_REVIEW
    assert [(exam.subject, exam.results[0].outcome.mark) for exam in found.exams] == [
        ("Математика", "3"),
        ("Физика", "2"),
    ]


def test_a_vpr_names_codes_and_nobody(tmp_path: Path) -> None:
    """Both layouts: the report with marks, and the form whose name alone says subject and grade."""
    report = read_exam_file(workbook_at(tmp_path, "f1.xlsx", Результаты=vpr_report(("50001", 17, 5), ("50002", 5, 2))))
    [exam] = report.exams
    assert (exam.kind, exam.subject, exam.grade, exam.max_primary) == (ExamKind.VPR, "Математика", 5, 20)
    assert [(each.code, each.school, each.student) for each in exam.results] == [
        ("50001", LOGIN, None),
        ("50002", LOGIN, None),
    ]
    name = "Форма сбора результатов Немецкий язык 8 класс ВПР 2026.xlsx"
    filled = workbook_at(
        tmp_path, name, Протокол=form(("80001", 1, 5), ("80002", "отсутствовал", 0)), Служебный=[["1"]]
    )
    [collected] = read_exam_file(filled).exams
    assert (collected.subject, collected.grade, collected.on, collected.max_primary) == ("Немецкий язык", 8, None, 9)
    assert [each.outcome for each in collected.results] == [ExamOutcome(5), ExamOutcome(status=ExamStatus.ABSENT)]


def test_codes_of_two_schools_may_be_alike(tmp_path: Path) -> None:
    """Each school gives its own codes: a report of a district repeats them, and only one school's own are a fault."""
    rows = vpr_report(("50001", 17, 5), ("50002", 5, 2))
    other: list[list[object]] = [["Школа(edu990111) | Кол-во участников: 1"], ["edu990111", "50001", 1, 2, 1, 9, 3, 4]]
    found = read_exam_file(workbook_at(tmp_path, "f1.xlsx", Результаты=[*rows, *other]))
    assert [(each.code, each.school, each.outcome.primary) for each in only_results(found)] == [
        ("50001", LOGIN, 17),
        ("50002", LOGIN, 5),
        ("50001", "edu990111", 9),
    ]
    again: list[list[object]] = [*rows, [LOGIN, "50001", 1, 2, 1, 9, 3, 4]]
    repeated = read_exam_file(workbook_at(tmp_path, "f2.xlsx", Результаты=again))
    assert places(repeated) == [(8, 2, "exam_code_repeated"), (10, 2, "exam_code_repeated")]


def test_a_used_row_of_the_form_has_a_code(tmp_path: Path) -> None:
    """Points or a variant without a code are a fault, never left out; the empty rows of the form are none (Q101)."""
    name = "Форма сбора результатов Химия 10 класс ВПР 2026.xlsx"
    rows = form(("101", 1, 5), ("", 2, 0), ("", "", 4))
    found = read_exam_file(workbook_at(tmp_path, name, Протокол=rows))
    assert places(found) == [(3, 1, "exam_code"), (4, 1, "exam_code")]


def test_the_schools_own_table_has_contests_essays_and_statuses(tmp_path: Path) -> None:
    """Words in either language; an interview is passed by the score, an exam by the mark (Q77, Q78)."""
    text = table(
        f"{ANNA},10А,школьный экзамен,Алгебра,2026-05-20,,18,72,4,,,",
        f"{ANNA},10А,olympiad,Биология,2025-10-15,муниципальный,,31,,,,призёр",
        f"{OLEG},9А,interview,Русский язык,11.02.2026,,,9,,,,",
        f"{OLEG},9А,essay,Итоговое сочинение,2025-12-03,,,,,,не явился,",
    )
    found = read_exam_file(file_at(tmp_path, "t.csv", text))
    results = [each for exam in found.exams for each in exam.results]
    assert [each.outcome for each in results] == [
        ExamOutcome(18, 72, "4", passed=True),
        ExamOutcome(score=31, place=OlympiadPlace.PRIZE),
        ExamOutcome(score=9, passed=False),
        ExamOutcome(status=ExamStatus.ABSENT),
    ]
    assert results[1].stage is OlympiadStage.MUNICIPAL


def test_rows_of_other_schools_are_left_out(tmp_path: Path) -> None:
    """A school has two codes; an exam without rows of the school goes, and a row without a code stays."""
    path = file_at(tmp_path, "e.csv", protocol(RUSSIAN_EXAM, (ANNA, "11", 40, 76), school=OTHER))
    assert read_exam_file(path, schools=frozenset({OWN, LOGIN})).exams == ()
    assert len(read_exam_file(path).exams) == 1
    own_table = file_at(tmp_path, "t.csv", table(f"{ANNA},10А,school,Алгебра,2026-05-20,,18,72,4,,,"))
    assert len(read_exam_file(own_table, schools=frozenset({OWN})).exams) == 1


def test_documents_and_answers_are_read_for_nothing(tmp_path: Path) -> None:
    """Neither the nouns nor the JSON hold a document's number or an answer (Q103)."""
    texts = (
        protocol(RUSSIAN_EXAM, (ANNA, "11А", 40, 76)),
        review(RUSSIAN_EXAM, f"{ANNA};11А;Апелляция отклонена;1;1;1"),
    )
    for number, text in enumerate(texts):
        found = read_exam_file(file_at(tmp_path, f"{number}.csv", text))
        shown = f"{found!r} {json.dumps(exam_summary_json(found, RUSSIAN), ensure_ascii=False)}"
        assert SECRET_NUMBER in text
        assert not [word for word in (SECRET_NUMBER, SECRET_ANSWER) if word in shown]


def test_an_exam_over_two_sheets_is_counted_as_a_whole(tmp_path: Path) -> None:
    """The tail of the second sheet counts both; rows that neither has are missed (Q101)."""
    first = protocol(RUSSIAN_EXAM, (ANNA, "11А", 40, 76)).splitlines()[:-1]
    second = protocol(RUSSIAN_EXAM, ("Лугов Борис Ильич", "11А", 9, 23))
    for total, reasons in ((2, []), (1, []), (3, ["exam_rows_missing"])):
        tail = second.replace("участников;;;;;;;;;;;;1", f"участников;;;;;;;;;;;;{total}").splitlines()
        pages = {"Лист1": [line.split(";") for line in first], "Лист2": [line.split(";") for line in tail]}
        found = read_exam_file(workbook_at(tmp_path, f"{total}.xlsx", **pages))
        assert [each.reason for each in found.problems] == reasons
        if not reasons:
            assert [len(exam.results) for exam in found.exams] == [2]


BROKEN = {
    "a cut file": (protocol(RUSSIAN_EXAM, (ANNA, "11А", 40, 76))[:-60], [(3, None, "exam_cut_off")]),
    "rows missing": (
        protocol(RUSSIAN_EXAM, (ANNA, "11А", 40, 76)).replace("участников;;;;;;;;;;;;1", "участников;;;;;;;;;;;;9"),
        [(4, 13, "exam_rows_missing")],
    ),
    "no such day": (protocol("01 - Русский язык 2026.06.31", (ANNA, "11А", 40, 76)), [(1, 1, "exam_date")]),
    "no date": (protocol("01 - Русский язык", (ANNA, "11А", 40, 76)), [(1, 1, "exam_date_missing")]),
    "no date and no code": (protocol("Биология", (ANNA, "11А", 40, 76)), [(1, 1, "exam_date_missing")]),
    "no date further down": (
        protocol(RUSSIAN_EXAM, (ANNA, "11А", 40, 76)) + protocol("Биология", (ANNA, "11А", 30, 60)),
        [(5, 1, "exam_date_missing")],
    ),
    "no title below the tail of another exam": (
        protocol(RUSSIAN_EXAM, (ANNA, "11А", 40, 76)) + protocol("Биология;2026.06.04", (ANNA, "11А", 30, 60)),
        [(6, None, "exam_title_missing")],
    ),
    "no subject": (protocol("77 - Астрология 2026.06.04", (ANNA, "11А", 40, 76)), [(1, 1, "exam_subject")]),
    "no header": (protocol(RUSSIAN_EXAM, (ANNA, "11А", 40, 76), header=";" * 13), [(3, None, "exam_header_missing")]),
    "too high": (protocol(RUSSIAN_EXAM, (ANNA, "11А", 40, 101)), [(3, 14, "exam_too_high")]),
    "swapped": (protocol(RUSSIAN_EXAM, (ANNA, "11А", 78, 40)), [(3, 13, "exam_swapped")]),
    "no score": (protocol(RUSSIAN_EXAM, (ANNA, "11А", 40, "")), [(3, 14, "exam_no_result")]),
    "no mark": (
        protocol("06 - Биология 2026.06.03", (ANNA, "9А", 40, "7"), header=OGE_HEADER),
        [(3, 14, "exam_mark")],
    ),
    "a repeated student": (
        protocol(RUSSIAN_EXAM, (ANNA, "11А", 40, 76), (ANNA, "11А", 39, 75)),
        [(3, 7, "exam_repeated"), (4, 7, "exam_repeated")],
    ),
    "an absent one with a mark": (
        table(f"{ANNA},11А,school,Химия,2026-05-21,,,80,4,,absent,"),
        [(2, 11, "exam_absent_with_score")],
    ),
    "nothing said": (table(f"{ANNA},11А,school,Химия,2026-05-21,,,,,,,"), [(2, None, "exam_no_result")]),
    "an interview above 20": (
        table(f"{ANNA},9А,interview,Русский язык,2026-02-11,,,21,,,,"),
        [(2, 8, "exam_too_high")],
    ),
    "no participants": ("\n".join(protocol(RUSSIAN_EXAM).splitlines()[:2]), [(None, None, "exam_no_students")]),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_what_is_strange_is_named_at_its_place(tmp_path: Path, fault: str) -> None:
    """The whole file is checked, and each fault has its row and column (Q101)."""
    text, named = BROKEN[fault]
    found = read_exam_file(file_at(tmp_path, "b.csv", text))
    assert places(found) == named
    assert not [line for line in map(str, found.problems) if ANNA.partition(" ")[0] in line]


def test_statistics_of_a_vpr_name_nobody(tmp_path: Path) -> None:
    """A report about groups of participants is refused with the report that is needed."""
    rows = [["Статистика по отметкам"], ["ВПР 2026 Математика 5 класс"], ["Группы участников", "Кол-во ОО"]]
    found = read_exam_file(workbook_at(tmp_path, "f3.xlsx", Статистика=rows))
    assert places(found) == [(None, None, "exam_statistics")]


def test_old_letters_of_exam_centres_are_read(tmp_path: Path) -> None:
    """A protocol in cp866 is read as it is, and no name becomes rubbish."""
    path = tmp_path / "e.csv"
    path.write_bytes(protocol(RUSSIAN_EXAM, (ANNA, "11А", 40, 76)).encode("cp866"))
    assert [each.student for each in only_results(read_exam_file(path))] == [ANNA]


@pytest.mark.parametrize("encoding", ["cp866", "cp1251"])
def test_names_below_a_latin_header_are_read_in_their_letters(tmp_path: Path, encoding: str) -> None:
    """The header has no Russian word, so the names themselves show the encoding."""
    header = "SchoolCode;ClassCode;SurnameCell;NameCell;SecondNameCell;PrimaryMark;Mark5"
    path = tmp_path / "02_2026.06.02_7.csv"
    path.write_bytes(f"{header}\n{OWN};9А;{ANNA.replace(' ', ';')};20;4\n".encode(encoding))
    assert [each.student for each in only_results(read_exam_file(path))] == [ANNA]


def test_each_reader_refuses_the_files_of_others_by_name(tmp_path: Path) -> None:
    """A table of exams is no journal, and a list of people is no exam: the sentence says whose it is."""
    own_table = file_at(tmp_path, "t.csv", table(f"{ANNA},10А,school,Алгебра,2026-05-20,,18,72,4,,,"))
    codes = file_at(tmp_path, "c.csv", f"code,student,class\n50001,{ANNA},5А\n")
    people = file_at(tmp_path, "p.csv", f"student,birth_date,class\n{ANNA},2010-01-01,5А\n")
    for path in (own_table, codes):
        found: ReadFile = read(path)
        assert [each.reason for each in found.problems] == ["is_exam"]
    assert (is_exam_file(people), [each.reason for each in read_exam_file(people).problems]) == (
        False,
        ["exam_unrecognised"],
    )


def test_a_list_of_codes_is_read(tmp_path: Path) -> None:
    """`code,student,class[,subject]`; one code for two students is a problem, and so is another table."""
    text = f"code,student,class,subject\n50001,{ANNA},5А,\n50001,{OLEG},5А,Математика\n50001,{OLEG},5А,\n,{OLEG},5А,\n"
    found = read_exam_code_file(file_at(tmp_path, "c.csv", text))
    assert [(each.row, each.column, each.reason) for each in found.problems] == [
        (5, 1, "exam_code"),
        (2, 1, "exam_code_repeated"),
        (4, 1, "exam_code_repeated"),
    ]
    other = read_exam_code_file(file_at(tmp_path, "o.csv", "a,b\n1,2\n"))
    assert [each.reason for each in other.problems] == ["exam_codes_unrecognised"]


def calls() -> Iterator[tuple[Path, dict[str, str]]]:
    """The files of a folder with what is expected of each: an invented one, and real layouts with invented people."""
    for folder, files in ((FIXTURES, FIXTURES), (EXAMS, EXAMS / "open")):
        listed = folder / "calls.json"
        yield from ((files, call) for call in (json.loads(listed.read_bytes()) if listed.exists() else ()))


@pytest.mark.parametrize(("folder", "call"), list(calls()))
def test_layouts_are_read_as_the_contract_shows(folder: Path, call: dict[str, str]) -> None:
    """The JSON of each file, with and without a school's code, value by value (contracts, Exams)."""
    schools = frozenset({call["school"]} if call["school"] else ())
    shown = json.loads(json.dumps(exam_summary_json(read_exam_file(folder / call["file"], schools=schools), RUSSIAN)))
    assert shown == json.loads((folder / call["expected"]).read_text(encoding="utf-8"))
