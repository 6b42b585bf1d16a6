"""The printed forms, read back from their PDF: one purpose a sheet, all fields, a code without names."""

import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.documents.register.forms import FormSheet, forms_pdf
from bot.documents.register.invitations import InvitationStrip, invitations_pdf
from bot.documents.scans.codes import read_scanned_codes
from bot.documents.slips import (
    EXTRACT,
    FORM,
    SlipRefusedError,
    read_school_slips,
    read_sealed_slip,
    slip_code,
    slip_code_svg,
)
from bot.locales import LocaleCatalogues
from core.model.notices.kinds import CHOSEN_KINDS
from core.model.register.forms import AgreedChoice, FormPurpose, FormState, IssuedForm, Operator
from core.model.register.preferences import Frequency
from core.rules.register.form_numbers import form_number
from tests.peers import processes

RU, EN = [LocaleCatalogues.load().translator(language) for language in ("ru", "en")]
KEY = b"the school's key"
NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
LONG = "Константинопольская-Преображенская Александра-Виктория Вячеславовна-Святославовна"
MAIL = "konstantinopolskaya.preobrazhenskaya.alexandra.victoria@very-long-domain-of-a-school.example.org"
OPERATOR = Operator(
    "Школа № 30",
    "Муниципальное бюджетное общеобразовательное учреждение «Средняя общеобразовательная школа № 30 имени Героя"
    " Советского Союза Константина Константиновича Рокоссовского», 600000, г. Владимир, ул. Нижегородская, д. 63А",
    {
        "email": "ООО «Почтовый хостинг», 101000, г. Москва, ул. Новослободская, д. 14/19, стр. 8",
        "sms": None,
        "telegram": "Telegram Messenger Inc., Business Central Towers, Tower A, Office 1003, Dubai",
    },
)
CHANNELS = ("telegram", "email", "sms")
CHOICES = tuple(
    AgreedChoice(kind, channel, Frequency.DIGEST if channel == "email" else Frequency.AT_ONCE)
    for kind in CHOSEN_KINDS
    for channel in CHANNELS
)


def sheet(purpose: FormPurpose, *, named: bool = True, form_id: int = 12, own: bool = False) -> FormSheet:
    about = None if purpose is FormPurpose.CONTACTS else 2
    form = IssuedForm(
        id=form_id, number=form_number(purpose, 2026, form_id), purpose=purpose, person_id=2 if own else 1,
        student_id=about, contact_ids=(1, 2, 3) if about is None else (), choices=CHOICES if about is None else (),
        issued_at=NOW, issued_by=None, state=FormState.WAITING, settled_at=None, settled_by=None, reason=None,
    )  # fmt: skip
    contacts = (("telegram", "чат, который привязан личным кодом"), ("email", MAIL), ("sms", "+79990000001"))
    blank = tuple((channel, None) for channel in CHANNELS)
    return FormSheet(
        form, date(2026, 11, 16), LONG if named else None, LONG if named else None, "11А" if named else None,
        contacts if named else blank, slip_code_svg(FORM, form_id, key=KEY),
    )  # fmt: skip


def pages_of(pdf: bytes, folder: Path) -> list[str]:
    """The words of each page, blanks evened out."""
    file = folder / "form.pdf"
    file.write_bytes(pdf)
    reader = processes.program("pdftotext", package="poppler-utils")
    read = subprocess.run([reader, file, "-"], capture_output=True, text=True, check=True).stdout
    return [" ".join(each.split()) for each in read.split("\f") if each.strip()]


def pictures_of(pdf: bytes, folder: Path, *, dpi: int = 150) -> list[bytes]:
    """Each page as a scanner sees it."""
    file = folder / "scanned.pdf"
    file.write_bytes(pdf)
    scanner = processes.program("pdftoppm", package="poppler-utils")
    subprocess.run([scanner, "-r", str(dpi), "-jpeg", file, folder / "page"], capture_output=True, check=True)
    return [page.read_bytes() for page in sorted(folder.glob("page*.jpg"))]


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("purpose", list(FormPurpose))
def test_each_form_fits_its_sheet(purpose: FormPurpose, named: bool, tmp_path: Path) -> None:  # noqa: FBT001
    """One purpose, one sheet, with the longest names and without any (Q11)."""
    for t in (RU, EN):
        (page,) = pages_of(forms_pdf([sheet(purpose, named=named)], t, operator=OPERATOR), tmp_path)
        assert page.count(form_number(purpose, 2026, 12)) == 2
        assert (LONG in page) is named
        assert (MAIL in page.replace(" ", "")) is (named and purpose is FormPurpose.CONTACTS)


def test_a_consent_has_the_nine_fields_of_the_law(tmp_path: Path) -> None:
    """Subject, representative, operator, purpose, data, processors, actions, term, signature, in this order (Q4)."""
    (page,) = pages_of(forms_pdf([sheet(FormPurpose.CONSENT)], RU, operator=OPERATOR), tmp_path)
    fields = (
        "Субъект персональных данных", "Представитель субъекта", "Оператор, получающий согласие", "Цель обработки",
        "Перечень персональных данных", "Кто обрабатывает данные по поручению оператора",
        "Действия с данными и способы обработки", "Срок действия и способ отзыва",
        "Подпись субъекта или его представителя",
    )  # fmt: skip
    places = [page.index(field) for field in fields]
    assert places == sorted(places)
    assert all(f"{place}." in page for place in range(1, 10))
    assert "документ о полномочиях" in page
    assert page.count(OPERATOR.name) == 2


def test_processors_are_named_or_have_a_blank_line(tmp_path: Path) -> None:
    """Messenger and mail host by name and address; the gateway that nobody named is left to the pen (Q4)."""
    (page,) = pages_of(forms_pdf([sheet(FormPurpose.CONSENT)], RU, operator=OPERATOR), tmp_path)
    assert "почта: ООО «Почтовый хостинг», 101000, г. Москва" in page
    assert "Telegram: Telegram Messenger Inc., Business Central Towers" in page
    assert "SMS: наименование и адрес" in page
    (alone,) = pages_of(
        forms_pdf([sheet(FormPurpose.CONSENT)], RU, operator=replace(OPERATOR, processors={})), tmp_path
    )
    assert "оператор никому не поручает обработку" in alone


def test_a_form_names_whom_it_named_when_it_was_issued(tmp_path: Path) -> None:
    """What was set up since is not added to a form that is printed again, as it would open nothing (Q4, Q140)."""
    issued = sheet(FormPurpose.CONSENT)
    earlier = replace(issued, form=replace(issued.form, channels=("email",)))
    (page,) = pages_of(forms_pdf([earlier], RU, operator=OPERATOR), tmp_path)
    assert "Новослободская" in page
    assert "Telegram" not in page


def test_a_student_who_signs_has_no_representative(tmp_path: Path) -> None:
    """From 14 on the student's own consent says so (Q9)."""
    (page,) = pages_of(forms_pdf([sheet(FormPurpose.CONSENT, own=True)], RU, operator=OPERATOR), tmp_path)
    assert "обучающийся подписывает сам" in page


def test_a_statement_shows_kinds_by_channels(tmp_path: Path) -> None:
    """The agreed form: contacts in their order, each kind with its frequency, results always (Q83, R7)."""
    (page,) = pages_of(forms_pdf([sheet(FormPurpose.CONTACTS)], RU, operator=OPERATOR), tmp_path)
    assert page.index("Telegram: чат") < page.index("почта: konst") < page.index("SMS: +7999")
    assert page.count("раз в день") == len(CHOICES) // 3
    assert "Экзамены (всегда)" in page


def test_forms_printed_together_have_a_sheet_each(tmp_path: Path) -> None:
    """Consent, choice of channels and receipt are separate documents (Q11)."""
    forms = [sheet(purpose, form_id=place) for place, purpose in enumerate(FormPurpose, start=1)]
    pdf = forms_pdf(forms, RU, operator=OPERATOR)
    assert len(pages_of(pdf, tmp_path)) == len(FormPurpose)
    codes = [read_scanned_codes(picture) for picture in pictures_of(pdf, tmp_path)]
    assert [[read_sealed_slip(code, key=KEY) for code in found] for found in codes] == [
        [(FORM, place)] for place in range(1, 5)
    ]


def test_the_code_of_a_form_names_nobody() -> None:
    """It holds the kind of paper, the form's id and a seal (Q11, Q103)."""
    assert slip_code(FORM, 12, key=KEY).startswith("form-12-")
    assert read_sealed_slip(slip_code(EXTRACT, 7, key=KEY), key=KEY) == (EXTRACT, 7)


@pytest.mark.parametrize(
    "said",
    ["", "form-12-0123456789abcdef", "https://t.me/bot?start=x", slip_code(FORM, 1, key=b"other"),
     slip_code(FORM, 1, key=KEY).replace("form", "slip"), slip_code(FORM, 1, key=KEY).replace("-1-", "-2-")],
)  # fmt: skip
def test_a_foreign_code_is_no_slip(said: str) -> None:
    """A form's code is not an extract's, and nobody makes one without the school's key."""
    with pytest.raises(SlipRefusedError):
        read_sealed_slip(said, key=KEY)
    ours = slip_code(FORM, 3, key=KEY)
    assert read_school_slips([said, ours, ours], key=KEY) == [(FORM, 3)]


def test_an_invitation_brings_the_link_and_the_code(tmp_path: Path) -> None:
    """Five strips on a page: who, one code to type, what to do, and a QR code for each messenger (Q82, Q140)."""
    strips = [
        InvitationStrip(
            LONG,
            f"{LONG}, 11А, {LONG}, 11А",
            f"CODE{place}ABCDE",
            {"telegram": f"https://t.me/bot?start=t{place}", "max": f"https://max.ru/bot?start=t{place}"},
            NOW.date(),
        )
        for place in range(6)
    ]
    pdf = invitations_pdf(strips, RU, school="Школа № 30", bots={"telegram": "school30_bot", "max": "school30"})
    first, second = pages_of(pdf, tmp_path)
    assert [code in first for code in ("CODE0ABCDE", "CODE4ABCDE", "CODE5ABCDE")] == [True, True, False]
    assert "CODE5ABCDE" in second
    for words in (
        LONG.rsplit(maxsplit=1)[-1],
        "/start CODE0ABCDE",
        "@school30_bot",
        "MAX",
        "Подпишите бланки",
        "16.11.2026",
    ):
        assert words in first
    read = [code for picture in pictures_of(pdf, tmp_path) for code in read_scanned_codes(picture)]
    assert sorted(read) == sorted(link for strip in strips for link in strip.links.values())
