"""The paper extract, read back from its PDF."""

import subprocess
from datetime import date
from pathlib import Path

from bot.locales import Catalogues
from bot.paper.extract import ExtractPage, extracts_pdf
from core.model.delivery.text import Section, Text
from tests.peers import processes

RU = Catalogues.load().translator("ru")


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


def pages_of(pdf: bytes, folder: Path) -> list[str]:
    """The words of each page, blanks evened out."""
    file = folder / "extract.pdf"
    file.write_bytes(pdf)
    reader = processes.program("pdftotext", package="poppler-utils")
    read = subprocess.run([reader, "-layout", file, "-"], capture_output=True, text=True, check=True).stdout
    return [" ".join(each.split()) for each in read.split("\f") if each.strip()]


def test_an_extract_says_all_that_makes_it_a_document(tmp_path: Path) -> None:
    """Number, date, period, student, class, recipient, basis, facts, signatory, and the slip to sign (Q29, Q32)."""
    (read,) = pages_of(extracts_pdf([page()], RU, school="Школа № 30", signatory="Астахова М. И."), tmp_path)
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


def test_nobody_elses_child_is_on_the_page(tmp_path: Path) -> None:
    """Extracts printed together have a page each, and no page holds another student's data (Q35)."""
    pages = [page("В-1", student="Орлов Тимофей"), page("В-2", student="Лебедева София")]
    first, second = pages_of(extracts_pdf(pages, RU, school="Школа", signatory=""), tmp_path)
    assert "Лебедева" not in first
    assert "Орлов Тимофей" not in second


def test_the_same_data_give_the_same_document() -> None:
    """Printing again changes nothing, not even a date inside the file (Q32)."""
    assert extracts_pdf([page()], RU, school="Школа", signatory="") == extracts_pdf(
        [page()], RU, school="Школа", signatory=""
    )


def test_what_a_teacher_typed_is_no_markup(tmp_path: Path) -> None:
    """Signs that a typesetter would obey are printed as they stand."""
    (read,) = pages_of(extracts_pdf([page()], RU, school="#emph[Школа]", signatory=""), tmp_path)
    assert "#strong[тема] *0*" in read
    assert "#emph[Школа]" in read


def test_a_long_extract_keeps_its_slip_whole(tmp_path: Path) -> None:
    """When the facts need a second page the slip stands once, at the end."""
    pages = pages_of(extracts_pdf([page(lines=90)], RU, school="Школа", signatory=""), tmp_path)
    assert len(pages) > 1
    assert ["ознакомлен" in each for each in pages] == [False] * (len(pages) - 1) + [True]
