"""The archive of a closed term: one zip that opens without Vestnik, with a list of hashes under an HMAC (Q104)."""

import csv
import hashlib
import hmac
import io
import zipfile
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from bot.documents.results.sheet.grid import Layout
from bot.documents.results.sheet.page import PageForm, sheet_page_pdf
from bot.documents.results.sheet.words import SheetIssue
from bot.documents.results.sheet.workbook import sheet_workbook
from core.actions.results.term_end.archive import ArchivedClass
from core.ports import Translator
from storage import closed_files

SUMS, SEAL = "SHA256SUMS", "SHA256SUMS.hmac"
HEADS = ("student", "class", "subject", "term", "mark", "comment", "school_year")
"""The head of the table that `vestnik finals import` reads."""

_LATIN = str.maketrans("АБВГДЕЖЗИКЛМНОПРСТУФХ", "ABVGDEJZIKLMNOPRSTUFH")
_MOMENT = (1980, 1, 1, 0, 0, 0)
"""The time of all files of the zip, so that equal contents give equal files."""

Files = Mapping[str, bytes]


def archived_class_files(classes: Sequence[ArchivedClass], issue: SheetIssue, t: Translator) -> dict[str, bytes]:
    """The sheets by path, as PDF and as a workbook. Names are ASCII: old programs spoil others when they unpack."""
    form, files = PageForm(Layout.TERMS_IN_COLUMNS), {}
    for place, each in enumerate(classes, 1):
        name = f"sheets/{place:02}-{_ascii(each.name)}"
        files[f"{name}.pdf"] = sheet_page_pdf(each.sheet, form, issue, t)
        files[f"{name}.xlsx"] = sheet_workbook(each.sheet, form, issue, t)
    return files


def archive_marks_csv(classes: Sequence[ArchivedClass], *, term: str, school_year: str) -> bytes:
    """The final marks of the term, utf-8 with BOM; a cell that a spreadsheet would take for a formula is quoted."""
    text = io.StringIO()
    table = csv.writer(text, delimiter=";", lineterminator="\r\n")
    table.writerow(HEADS)
    for each in (mark for of_class in classes for mark in of_class.marks):
        comment = " · ".join(filter(None, (each.comment, each.ground)))
        row = (each.student, each.school_class, each.subject, term, each.mark or "", comment, school_year)
        table.writerow([_no_formula(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def archive_index_page(files: Files, *, title: str, words: Sequence[str]) -> bytes:
    """A page with links to all files, for a browser."""
    links = "".join(f'<li><a href="{escape(name)}">{escape(name)}</a></li>' for name in sorted(files))
    lines = "".join(f"<p>{escape(line)}</p>" for line in words)
    page = f'<!doctype html><meta charset="utf-8"><title>{escape(title)}</title><h1>{escape(title)}</h1>{lines}'
    return f"{page}<ul>{links}</ul>\n".encode()


def sealed_archive_zip(files: Files, *, key: bytes) -> tuple[bytes, str]:
    """The zip with the list of hashes and its HMAC, and the hash of that list."""
    sums = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)).encode()
    whole = {**files, SUMS: sums, SEAL: f"{_seal(sums, key)}\n".encode()}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in whole.items():
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.external_attr = closed_files.FILE << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return target.getvalue(), hashlib.sha256(sums).hexdigest()


def results_archive_fault(file: Path, *, key: bytes) -> str | None:
    """What is wrong with an archive: no archive, another school's seal, a changed or missing file; None if sound.

    Raises OSError.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            contents = {name: archive.read(name) for name in names}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, ValueError):
        return "unreadable"
    sums, seal = contents.pop(SUMS, None), contents.pop(SEAL, None)
    if sums is None or seal is None:
        return "unsealed"
    if not hmac.compare_digest(seal.strip(), _seal(sums, key).encode()):
        return "forged"
    said = sums.decode("utf-8", errors="replace")
    found = "".join(f"{hashlib.sha256(contents[name]).hexdigest()}  {name}\n" for name in sorted(contents))
    return None if said == found and len(names) == len(set(names)) else "changed"


def _seal(sums: bytes, key: bytes) -> str:
    return hmac.new(key, b"term archive\n" + sums, "sha256").hexdigest()


def _ascii(class_name: str) -> str:
    letters = class_name.upper().translate(_LATIN)
    return "".join(letter for letter in letters if letter.isascii() and letter.isalnum()) or "class"


def _no_formula(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
