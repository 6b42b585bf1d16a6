"""The paper extract, read back from its PDF."""

import re
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.documents.scans.codes import read_scanned_codes
from bot.paper.extract import BatchPages, ExtractPage, HandoverLine, Imprint, paper_extracts_pdf
from core.model.delivery.text import Section, Text
from core.model.paper import Block, BlockLayout
from tests.peers import processes
from tests.support.delivery.paper import RU, letters, read_pages

DAY = date(2026, 10, 22)
LONG = "Второй иностранный язык углублённо «Ё» " + "щ" * 21
"""Sixty letters, the last of them one word."""


def page(number: str = "В-2026-00001", *, student: str = "Орлов Тимофей Андреевич", lines: int = 1) -> ExtractPage:
    facts = Text(
        title=f"Оценки: {student}",
        sections=(Section("Алгебра", tuple(f"05.10: 4 (#strong[тема] *{line}*)" for line in range(lines))),),
        short="",
    )
    return ExtractPage(
        number=number,
        issued_on=date(2026, 10, 22),
        period=(date(2026, 9, 1), date(2026, 10, 22)),
        student=student,
        school_class="5А",
        recipient="Орлов Андрей Викторович",
        basis="отказ от получения сведений в электронной форме",
        facts=facts,
        code="slip-1-0123456789abcdef",
    )


def pdf_of(*pages: ExtractPage, school: str = "Школа", signatory: str = "", **more: bool) -> bytes:
    """The pages of one class."""
    return paper_extracts_pdf([BatchPages("5А", DAY, pages)], RU, Imprint(school, signatory, **more))


def pages_of(pdf: bytes, folder: Path) -> list[str]:
    """The words of each page, blanks evened out."""
    return [" ".join(page.split()) for page in read_pages(pdf, folder)]


def test_an_extract_says_all_that_makes_it_a_document(tmp_path: Path) -> None:
    """Number, date, period, student, class, recipient, basis, facts, signatory, and the slip to sign (Q29, Q32)."""
    (read,) = pages_of(pdf_of(page(), school="Школа № 30", signatory="Астахова М. И."), tmp_path)
    for words in (
        "Школа № 30",
        "№ В-2026-00001 от 22.10.2026",
        "01.09.2026 – 22.10.2026",
        "Орлов Тимофей Андреевич",
        "5А",
        "Орлов Андрей Викторович",
        "отказ от получения сведений в электронной форме",
        "05.10: 4",
        "Астахова М. И.",
        "С выпиской ознакомлен(а)",
        "подпись и фамилия представителя",
    ):
        assert words in read


def test_a_notice_to_staff_is_no_extract_of_a_pupil(tmp_path: Path) -> None:
    """It has its own heading and slip, and asks for the signature of the staff member."""
    notice = replace(page(student="–"), school_class="–", recipient="Громов Сергей Петрович", is_staff=True)
    (read,) = pages_of(pdf_of(notice), tmp_path)
    for words in ("Уведомление сотрудника", "С уведомлением ознакомлен(а)", "подпись и фамилия сотрудника"):
        assert words in read
    for words in ("Выписка", "Обучающийся", "представителя", "–, –"):
        assert words not in read
    (windowed,) = pages_of(pdf_of(notice, window=True), tmp_path)
    assert "Класс" not in windowed.split("Громов")[0]


def test_nobody_elses_child_is_on_the_page(tmp_path: Path) -> None:
    """Extracts printed together have a page each, and no page holds another student's data (Q35)."""
    pages = [page("В-1", student="Орлов Тимофей"), page("В-2", student="Лебедева София")]
    first, second = pages_of(pdf_of(*pages), tmp_path)
    assert "Лебедева" not in first
    assert "Орлов Тимофей" not in second


def test_the_same_data_give_the_same_document() -> None:
    """Printing again changes nothing, not even a date inside the file (Q32)."""
    assert pdf_of(page()) == pdf_of(page())


def test_what_a_teacher_typed_is_no_markup(tmp_path: Path) -> None:
    """Signs that a typesetter would obey are printed as they stand."""
    (read,) = pages_of(pdf_of(page(), school="#emph[Школа]"), tmp_path)
    assert "#strong[тема] *0*" in read
    assert "#emph[Школа]" in read


def test_a_long_extract_keeps_its_slip_whole(tmp_path: Path) -> None:
    """When the facts need a second page the slip stands once, at the end."""
    pages = pages_of(pdf_of(page(lines=90)), tmp_path)
    assert len(pages) > 1
    assert ["ознакомлен" in each for each in pages] == [False] * (len(pages) - 1) + [True]


def block(heading: str, layout: BlockLayout, *rows: tuple[str, ...], columns: tuple[str, ...] = ()) -> Block:
    return Block(heading, layout, rows, columns, note=f"{heading}: пояснение")


def week(subject: str, lessons: int, marks: int) -> list[Block]:
    """Six days with this many lessons, and this many subjects with marks."""
    table = [
        (f"{subject} {place}", "5к 4 3", "4,00", "скорее всего 4 (65 %)", "до «5» – 2 пятёрки")
        for place in range(marks)
    ]
    days = [
        (f"день {day}", *(f"{place}. 08:30–09:15 {subject}, каб. 201" for place in range(lessons) if place % 6 == day))
        for day in range(6)
    ]
    return [
        block("Оценки", BlockLayout.TABLE, *table, columns=("Предмет", "Оценки", "Средний", "Идёт", "Нужно")),
        block("Расписание", BlockLayout.DAYS, *days),
        block("Задания", BlockLayout.LINES, *((f"пн 23.11 {subject}: № {place}",) for place in range(marks))),
        block("Учителя", BlockLayout.SHORT, *((f"{subject}: Иванова",) for _ in range(marks))),
    ]


@pytest.mark.parametrize(
    ("subject", "lessons", "marks", "most"), [("Алгебра", 0, 2, 1), ("Русский язык", 33, 12, 1), (LONG, 40, 20, 5)]
)
def test_nothing_is_lost_at_any_density(subject: str, lessons: int, marks: int, most: int, tmp_path: Path) -> None:
    """Two marks, a normal week on one page, forty lessons with names of sixty letters: each word is on paper (Q31)."""
    contents = week(subject, lessons, marks)
    pages = read_pages(pdf_of(replace(page(), contents=contents)), tmp_path)
    assert len(pages) <= most
    read = letters(*(re.sub(r"В-2026-00001 · \d+\n", "", each) for each in pages))
    heads = letters("ПредметОценкиСреднийИдётНужно")
    words = letters(*(word for each in contents for word in _words(each)))
    assert words.replace(heads, "") in read.replace(heads, "")


def _words(each: Block) -> list[str]:
    return [each.heading, *each.columns, *(cell for row in each.rows for cell in row), each.note]


def test_the_code_of_each_slip_is_read(tmp_path: Path) -> None:
    """Printed at the resolution of a cheap scanner, of a short and of a long page (Q34)."""
    codes = [f"slip-{number}-0123456789abcdef" for number in (1, 2, 3)]
    pages = [replace(page(lines=lines), code=code) for code, lines in zip(codes, (1, 40, 90), strict=True)]
    (tmp_path / "extracts.pdf").write_bytes(pdf_of(*pages))
    scanner = processes.program("pdftoppm", package="poppler-utils")
    subprocess.run([scanner, "-r", "120", "-jpeg", tmp_path / "extracts.pdf", tmp_path / "page"], check=True)
    read = [code for file in sorted(tmp_path.glob("*.jpg")) for code in read_scanned_codes(file.read_bytes())]
    assert read == codes


def test_a_handover_list_is_a_page_of_its_own(tmp_path: Path) -> None:
    """The school keeps the list to sign; no family gets the names of the class on the back of its page (Q34, Q35)."""
    lines = [HandoverLine("В-1", "Орлов Тимофей", "Орлова Анна"), HandoverLine("В-2", "Лебедева София", "Лебедев Илья")]
    batch = BatchPages("5А", DAY, [page("В-1"), page("В-2")], lines)
    handover, *extracts = pages_of(paper_extracts_pdf([batch], RU, Imprint("Школа")), tmp_path)
    assert "Ведомость выдачи выписок, 5А, 22.10.2026" in handover
    assert all(word in handover for line in lines for word in (line.number, line.student, line.recipient))
    assert ["Лебедева" in each for each in extracts] == [False, False]


def test_the_address_stands_in_the_window(tmp_path: Path) -> None:
    """Name and class, and nothing else, lie where a DL or C5 envelope has its window (R2b)."""
    (tmp_path / "extract.pdf").write_bytes(pdf_of(page(), window=True))
    window = ["-x", "57", "-y", "128", "-W", "255", "-H", "127"]  # 20 to 110 mm, 45 to 90 mm, in points
    reader = processes.program("pdftotext", package="poppler-utils")
    seen = subprocess.run([reader, *window, tmp_path / "extract.pdf", "-"], capture_output=True, text=True, check=True)
    assert seen.stdout.split() == ["Орлов", "Андрей", "Викторович", "Класс", "5А"]
