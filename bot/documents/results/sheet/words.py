"""The words around the table of a summary sheet: title, notes, corrections, signatures (Q65, Q67, Q68)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo

from bot.documents.results.sheet.grid import grid_deferral_notes, grid_term_label
from bot.locales import LANGUAGES, LocaleCatalogues
from core.model.results.summary_sheet import SheetCorrection, SummarySheet
from core.ports import Translator
from core.rules.people.names import normal_name


@dataclass(frozen=True, slots=True)
class SheetIssue:
    """Under which name of the school, on which day and in which zone a sheet is printed."""

    school: str
    on: date
    zone: tzinfo


@dataclass(frozen=True, slots=True)
class SheetWords:
    """`warning` is None unless the sheet is to be reissued; `signatures` are posts with names, which may be empty."""

    school: str
    title: str
    warning: str | None
    notes: Sequence[str]
    corrections: Sequence[str]
    signatures: Sequence[tuple[str, str]]
    issued: str


def sheet_document_words(sheet: SummarySheet, issue: SheetIssue, t: Translator) -> SheetWords:
    """The words of a sheet in one language."""
    years = f"{sheet.year.year}/{sheet.year.year + 1}"
    teachers, heads = sheet.class_teachers or [""], sheet.deputy_heads if len(sheet.deputy_heads) == 1 else [""]
    return SheetWords(
        issue.school,
        t("sheet.title", school_class=sheet.school_class.name, years=years),
        t("sheet.reissue") if sheet.is_to_be_reissued else None,
        [*_notes(sheet, t)],
        [_correction(each, sheet, issue.zone, t) for each in sheet.corrections],
        [
            *((t("sheet.class_teacher"), _initials(name)) for name in teachers),
            *((t("sheet.deputy_head"), _initials(name)) for name in heads),
        ],
        t("sheet.issued", date=f"{issue.on:%d.%m.%Y}"),
    )


def _notes(sheet: SummarySheet, t: Translator) -> Iterator[str]:
    for number, line in enumerate(grid_deferral_notes(sheet, t).lines, start=1):
        yield f"{number}) {line}"
    if sheet.unmarked:
        yield t("sheet.unmarked", subjects=", ".join(sheet.unmarked))


def _correction(each: SheetCorrection, sheet: SummarySheet, zone: tzinfo, t: Translator) -> str:
    return t(
        "sheet.correction",
        student=each.student,
        subject=each.subject,
        term=grid_term_label(sheet, each.term, t),
        before=each.before or "–",
        after=each.after or "–",
        date=f"{each.at.astimezone(zone):%d.%m.%Y}",
        author=_initials(sheet.authors.get(each.by or 0, "–")),
        ground=each.ground,
    )


def _initials(name: str) -> str:
    """The surname with initials: «Ковалёва О. Н.»."""
    surname, *given = name.split() or [""]
    return " ".join([surname, *(f"{each[0]}." for each in given)])


def other_sheet_heads() -> frozenset[str]:
    """The normal names of the columns that hold no marks, in all languages."""
    catalogues = LocaleCatalogues.load()
    translators = [catalogues.translator(language) for language in LANGUAGES]
    return frozenset(normal_name(t(f"sheet.column.{name}")) for t in translators for name in ("decision", "remark"))
