"""The journal at the command line: checked without a school, written once, refused whole."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.demo.school import DATA
from core.rules.year import first_day_of_year, school_date
from tests.support.keyboard import Keyboard

FIRST, SECOND, PEOPLE = DATA / "day1", DATA / "day2", DATA / "people"


@pytest.fixture
def keyboard(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Keyboard:
    return Keyboard(tmp_path / "school", capsys, monkeypatch)


@pytest.fixture
def spoilt(tmp_path: Path) -> Path:
    """A report in which somebody typed «7» for a mark, among good ones."""
    folder = tmp_path / "exports"
    shutil.copytree(SECOND, folder)
    report = folder / "9b_zaitsev.xls"
    words = report.read_bytes().decode("cp1251")
    assert words.count("\t2\n") == 1
    report.write_bytes(words.replace("\t2\n", "\t7\n").encode("cp1251"))
    return folder


def test_a_dry_run_needs_no_school(keyboard: Keyboard) -> None:
    """`import journal --dry-run --json` works without database, settings and token, and leaves nothing behind."""
    outcome = keyboard.done("import", "journal", FIRST / "9b_kovalev.html", "--dry-run", "--json")
    (report,) = outcome.data
    algebra = next(each for each in report["subjects"] if each["subject"] == "Алгебра")
    assert (report["kind"], report["class"], report["problems"]) == ("student_total", "9Б", [])
    assert report["period"] == {"from": "2026-09-01", "to": "2026-10-23"}
    assert [(entry["date"], entry["tokens"]) for entry in algebra["entries"]] == [
        ("2026-09-15", ["4"]),
        ("2026-10-14", ["2"]),
        ("2026-10-16", ["5"]),
    ]
    assert not keyboard.data.exists()


def test_a_table_gives_an_object_for_each_student(keyboard: Keyboard) -> None:
    """A plain table of marks is shown student by student, with kind, topic and weight of the works (Q101)."""
    (report,) = keyboard.done("import", "journal", FIRST / "5a_table.csv", "--dry-run", "--json").data
    entries = [entry for subject in report["subjects"] for entry in subject["entries"] if entry["topic"]]
    assert report["kind"] == "table"
    assert entries == [
        {
            "date": "2026-10-12",
            "tokens": ["3"],
            "work_kind": "Контрольная работа",
            "topic": "Натуральные числа",
            "weight": "20",
        }
    ]


def test_an_unknown_token_is_one_problem_with_its_place(keyboard: Keyboard, spoilt: Path) -> None:
    """Stdout is an array also with exit 2, and the one problem names row and column (Q101)."""
    outcome = keyboard.type("import", "journal", spoilt, "--dry-run", "--json")
    problems = [problem for report in outcome.data for problem in report["problems"]]
    assert outcome.code == 2
    assert [(each["row"], each["value"]) for each in problems] == [(4, "7")]
    assert problems[0]["column"] == 3


def test_one_bad_file_keeps_the_whole_folder_out(keyboard: Keyboard, spoilt: Path) -> None:
    """Nothing of a folder is written when one of its files has a fault; without it all of it is (Q101)."""
    keyboard.open_school()
    keyboard.done("import", "people", PEOPLE)
    refused = keyboard.type("import", "journal", spoilt)
    assert (refused.code, refused.out) == (2, "")
    assert "Ничего не записано" in refused.err
    (spoilt / "9b_zaitsev.xls").unlink()
    assert keyboard.done("import", "journal", spoilt / "9b_belova.html").err.splitlines()[-1] != "0 изменений"


def test_the_same_folder_again_changes_nothing(keyboard: Keyboard) -> None:
    """Importing twice reports 0 changes the second time (Q100)."""
    keyboard.open_school()
    keyboard.done("import", "people", PEOPLE)
    keyboard.done("import", "journal", FIRST)
    assert keyboard.done("import", "journal", FIRST).err.splitlines()[-1] == "0 изменений"
    assert keyboard.done("import", "people", PEOPLE).err.splitlines()[-1] == "0 изменений"


def test_the_first_import_says_that_it_tells_nobody(keyboard: Keyboard) -> None:
    """Marks that came before Vestnik are history: one line says so, in the dry run too, once."""
    keyboard.open_school()
    keyboard.done("import", "people", PEOPLE)
    for how in (("--dry-run",), ()):
        told = keyboard.done("import", "journal", FIRST / "9b_kovalev.html", FIRST / "9b_zaitsev.xls", *how).err
        assert told.count("Такая выгрузка о 2 учениках – первая: об этих прежних оценках никому не сообщается") == 1
    assert "первая" not in keyboard.done("import", "journal", SECOND / "9b_kovalev.html").err


def test_a_student_whom_the_school_does_not_know_is_a_problem_line(keyboard: Keyboard) -> None:
    """Before the list of people is in, nobody can be matched: exit 2 and no name in the report (Q103)."""
    keyboard.open_school()
    outcome = keyboard.type("import", "journal", FIRST / "9b_kovalev.html", "--json")
    assert outcome.code == 2
    assert len(outcome.data[0]["problems"]) == 1
    assert "Артём" not in outcome.err


def test_a_dry_run_beside_a_database_checks_all(keyboard: Keyboard, tmp_path: Path) -> None:
    """Q131: what the import would refuse, the dry run refuses with the same lines, and neither writes anything."""
    keyboard.open_school()
    journal, people, week = (tmp_path / name for name in ("journal.csv", "people.csv", "week.csv"))
    journal.write_text("student;class;subject;date;mark\nРощина Майя;8Б;Физика;02.09.2026;5\n", encoding="utf-8")
    people.write_text("guardian;student;class;relation\nРощина Анна;Рощина Майя;8Б;мать\n", encoding="utf-8")
    week.write_text("class;weekday;number;subject;teacher\n8Б;пн;1;Физика;Лисина О. С.\n", encoding="utf-8")
    for what, path in (("journal", journal), ("people", people), ("timetable", week)):
        checked = keyboard.type("import", what, path, "--dry-run")
        assert (checked.code, checked.err) == (2, keyboard.type("import", what, path).err)
        assert "строка 2" in checked.err


def test_a_misprint_of_a_name_and_of_a_mark_are_told_at_once(keyboard: Keyboard, tmp_path: Path) -> None:
    """Both rows are refused in one go, the name with its column and the hint that a like one is known."""
    keyboard.open_school()
    keyboard.done("import", "people", PEOPLE)
    name, school_class = "Ковалёва Мария Денисовна", "5А"
    journal = tmp_path / "journal.csv"
    rows = (f"{name};{school_class};Физика;02.09.2026;77", f"{name[1:]};{school_class};Физика;02.09.2026;5")
    journal.write_text("\n".join(("student;class;subject;date;mark", *rows)), encoding="utf-8")
    refused = keyboard.type("import", "journal", journal)
    assert refused.code == 2
    assert "строка 2, столбец 5" in refused.err
    assert "строка 3, столбец «Ученик»: такого обучающегося нет в школе, но есть похожее имя" in refused.err


def test_faults_of_cells_and_of_names_in_lists_are_told_at_once(keyboard: Keyboard, tmp_path: Path) -> None:
    """A bad date hides no misprint of another row; whose own row is at fault is no unknown person besides."""
    keyboard.open_school()
    students, guardians, groups = (tmp_path / f"{name}.csv" for name in ("students", "guardians", "groups"))
    staff = tmp_path / "staff.csv"
    students.write_text(
        "student;birth_date;class\nРощина Майя;31.02.2015;5А\nЧижов Лев;01.02.2015;5А\n", encoding="utf-8"
    )
    guardians.write_text(
        "guardian;student;class;relation\nРощина Анна;Рощина Майя;5А;мать\nЧижова Яна;Чижов Леф;5А;мать\n",
        encoding="utf-8",
    )
    staff.write_text("person;role;class\nМохова Анна;дворник;5А\n", encoding="utf-8")
    groups.write_text(
        "group;kind;subject;teacher;student;class\nА-1;группа;Физика;Мохова Анна;Рощина Майя;5А\n", encoding="utf-8"
    )
    for how in ((), ("--dry-run",)):
        refused = keyboard.type("import", "people", students, guardians, staff, groups, *how)
        places = [line.partition(":")[2].strip() for line in refused.err.splitlines()[:-1]]
        assert (refused.code, len(places)) == (2, 3)
        assert [place.split(":")[0].split(",")[0] for place in sorted(places)] == ["строка 2", "строка 2", "строка 3"]
        assert "столбец «Ученик»: такого обучающегося нет в школе" in refused.err


def test_all_that_is_wrong_with_a_row_is_told_in_one_run(keyboard: Keyboard, tmp_path: Path) -> None:
    """A bad cell hides neither a misprinted name beside it nor the sheet's other faults (Q101)."""
    keyboard.open_school()
    people = tmp_path / "people"
    people.mkdir()
    (people / "students.csv").write_text("student;birth_date;class\nРощина Майя;01.02.2015;5А\n", encoding="utf-8")
    keyboard.done("import", "people", people)
    (people / "guardians.csv").write_text(
        "guardian;student;class;relation;email;form_date\nРощина Анна;Рощина Мая;5А;мать;анна@;\n"
        "Чижова Яна;Чижов Лев;5А;мать;;01.02.2099\n",
        encoding="utf-8",
    )
    (people / "groups.csv").write_text(
        "group;kind;subject;teacher;student;class\nА-1;кружок;Физика;Мохова Анна;Рощина Майя;5А\n", encoding="utf-8"
    )
    refused = keyboard.type("import", "people", people)
    columns = [line.split("столбец ")[1].split(":")[0] for line in refused.err.splitlines()[:-1]]
    assert (refused.code, sorted(columns)) == (
        2,
        sorted(["5 «Почта»", "«Ученик»", "«Ученик»", "«Дата бланка»", "2 «Вид группы»", "«Учитель»"]),
    )
    marks = tmp_path / "marks.csv"
    marks.write_text("student;class;subject;term;mark\nРощина Мая;5А;Физика;1 четверть;9\n", encoding="utf-8")
    refused = keyboard.type("finals", "import", marks)
    assert [line.split("столбец ")[1].split(":")[0] for line in refused.err.splitlines()[:-1]] == [
        "5 «Оценка», «9»",
        "«Ученик»",
    ]


def test_a_year_that_is_a_slip_of_the_pen_is_refused(keyboard: Keyboard, tmp_path: Path) -> None:
    """No later file of this year would cover the day, so the mark could never be taken back; an old year may come."""
    keyboard.open_school(DATA / "people")
    begins = first_day_of_year(school_date(datetime.now(UTC), ZoneInfo("Europe/Moscow")))
    head, child = "student;class;subject;date;mark", "Ромашкина Дарья Ильинична;5А;Алгебра"
    slip = f"{begins:%d.%m}.{begins.year - 1}"
    table = tmp_path / "table.csv"
    of_year = [f"{child};{begins:%d.%m.%Y};{mark}" for mark in "345"]
    table.write_text("\n".join([head, *of_year, f"{child};{slip};5"]), encoding="utf-8")
    refused = keyboard.type("import", "journal", table)
    assert (refused.code, f"строка 5, столбец «Дата», «{slip}»: дата другого учебного года" in refused.err) == (2, True)
    table.write_text("\n".join([head, f"{child};01.12.2019;5", f"{child};{slip};5"]), encoding="utf-8")
    keyboard.done("import", "journal", table)


def test_a_list_that_lacks_a_column_is_told_alone(keyboard: Keyboard, tmp_path: Path) -> None:
    """Without the students' list every guardian's child would be unknown: a hundred lines about one fault."""
    keyboard.open_school()
    students, guardians = tmp_path / "students.csv", tmp_path / "guardians.csv"
    students.write_text("student;class\nРощина Майя;5А\n", encoding="utf-8")
    guardians.write_text("guardian;student;class;relation\nРощина Анна;Рощина Майя;5А;мать\n", encoding="utf-8")
    refused = keyboard.type("import", "people", students, guardians)
    assert (refused.code, len(refused.err.splitlines())) == (2, 2)
    assert "не хватает столбцов: Дата рождения" in refused.err


def test_a_filled_workbook_is_not_written_over(keyboard: Keyboard, tmp_path: Path) -> None:
    """A template never takes the place of a file, which may hold a school's rows."""
    workbook = tmp_path / "people.xlsx"
    keyboard.done("import", "template", "people", "--out", workbook)
    filled = workbook.read_bytes()
    refused = keyboard.type("import", "template", "people", "--out", workbook)
    assert (refused.code, workbook.read_bytes()) == (2, filled)
    assert "уже есть" in refused.err


def test_a_dry_run_says_how_much_would_change(keyboard: Keyboard) -> None:
    """The counts are those of the import that follows."""
    keyboard.open_school()
    would, done = (keyboard.done("import", "people", PEOPLE, *how).err for how in (("--dry-run",), ()))
    counts = [line for line in done.splitlines() if ": " in line]
    assert counts
    assert set(counts) <= set(would.splitlines())
    assert f"Загрузка внесёт {done.splitlines()[-1]}." in would


def test_a_dry_run_beside_a_database_writes_nothing(keyboard: Keyboard) -> None:
    """Q131: people that a dry run has accepted are new afterwards, and doubts are shown before anything is written."""
    keyboard.open_school()
    assert "Ничего не записано" in keyboard.done("import", "people", PEOPLE, "--dry-run").err
    assert keyboard.done("import", "people", PEOPLE).err.splitlines()[-1] != "0 изменений"
    assert keyboard.done("import", "journal", FIRST, "--dry-run").code == 0
    assert keyboard.done("import", "journal", FIRST).err.splitlines()[-1] != "0 изменений"


def test_a_list_of_people_is_no_journal(keyboard: Keyboard) -> None:
    """A file given to the wrong command says which command takes it."""
    outcome = keyboard.type("import", "journal", PEOPLE / "students.csv", "--dry-run")
    assert outcome.code == 2
    assert "import people" in outcome.err


def test_a_table_with_a_character_that_nobody_may_keep_is_refused(keyboard: Keyboard, tmp_path: Path) -> None:
    """Exit 2 with the place and the character's name; nothing is written, and the name itself is shown nowhere."""
    keyboard.open_school()
    students = tmp_path / "students.csv"
    students.write_text(
        "student;birth_date;class\nДымов Савва Ильич;;8Б\nРощина\0 Майя Глебовна;;8Б\n", encoding="utf-8"
    )
    outcome = keyboard.type("import", "people", students)
    assert outcome.code == 2
    assert "строка 3, столбец 1: " in outcome.err
    assert "U+0000 NULL" in outcome.err
    assert "Майя" not in outcome.err
    students.write_text(
        "student;birth_date;class\nДымов Савва Ильич;;8Б\nРощина\u200b Майя Глебовна;;8Б\n", encoding="utf-8"
    )
    outcome = keyboard.done("import", "people", students)
    assert "невидимые знаки пропущены, таких ячеек: 1" in outcome.err
    assert keyboard.type("contact", "list", "Рощина Майя Глебовна").code == 0


@pytest.mark.parametrize("unseen", ["\x01", "\x1b[2J", "\u202e", "\udcff"])
def test_words_of_a_command_hold_no_control_characters(keyboard: Keyboard, unseen: str) -> None:
    """Exit 2 with the character's name before anything is looked up; a path is no words."""
    keyboard.open_school()
    outcome = keyboard.type("contact", "list", f"Рощина{unseen} Майя")
    assert outcome.code == 2
    assert f"U+{ord(unseen[0]):04X}" in outcome.err
    assert "Рощина" not in outcome.err


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null"])
@pytest.mark.parametrize("what", ["journal", "people", "timetable"])
def test_a_device_is_no_file(keyboard: Keyboard, what: str, path: str) -> None:
    """Every import ends with a sentence and exit 2, and soon."""
    outcome = keyboard.type("import", what, path, "--dry-run")
    assert outcome.code == 2
    assert "не обычный файл" in outcome.err
