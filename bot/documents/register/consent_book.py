"""The register of consents as tables: figures by class, then the entries of each class (Q12)."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from bot.documents.results.table import FigureTable
from core.actions.register.office.consent_book import BookLine
from core.model.people import Role
from core.model.register.consents import Decision
from core.ports import Translator
from core.rules.register.consents import consent_obstacle

_HEADS = (
    *("number", "date", "decision", "student", "person", "form", "document", "scan"),
    *("expires", "registered_by", "registered"),
)
WHOLE_HASH, SHORT_HASH = 64, 10


def consent_book_tables(
    lines: Sequence[BookLine],
    in_force: Sequence[BookLine],
    t: Translator,
    *,
    since: date,
    until: date,
    hash_length: int = WHOLE_HASH,
) -> Sequence[FigureTable]:
    """The entries of a period by class. `in_force`: what counted on the last day, for the figures.

    `hash_length`: so many characters of the hash of a file; a page has no room for all.
    """
    classes = list(dict.fromkeys(line.school_class for line in (*lines, *in_force)))
    figures = FigureTable(
        t("book.title", since=since, until=until),
        [t(f"book.head.{head}") for head in ("class", *(decision.value for decision in Decision), "in_force")],
        [_figures(name, lines, in_force, t, until) for name in classes],
        notes=[t("book.note", until=until)],
    )
    return [figures, *(_entries(each, lines, t, hash_length) for each in classes)]


def _entries(school_class: str, lines: Sequence[BookLine], t: Translator, hash_length: int) -> FigureTable:
    rows = [_row(line, t, hash_length) for line in _of_class(lines, school_class)]
    return FigureTable(_name(school_class, t), [t(f"book.head.{head}") for head in _HEADS], rows)


def _figures(
    school_class: str, lines: Sequence[BookLine], in_force: Sequence[BookLine], t: Translator, until: date
) -> Sequence[str | int]:
    count = Counter(line.entry.decision for line in _of_class(lines, school_class))
    valid = [each for each in _of_class(in_force, school_class) if consent_obstacle(each.entry, until) is None]
    return [_name(school_class, t), *(count[decision] for decision in Decision), len(valid)]


def _of_class(lines: Sequence[BookLine], school_class: str) -> Sequence[BookLine]:
    return [line for line in lines if line.school_class == school_class]


def _name(school_class: str, t: Translator) -> str:
    return school_class or t("book.no_class")


def _row(line: BookLine, t: Translator, hash_length: int) -> Sequence[str]:
    entry = line.entry
    return [
        entry.number,
        f"{entry.decided_on:%d.%m.%Y}",
        t(f"consent.{entry.decision}"),
        line.student,
        line.person,
        t(f"book.form.{entry.form}"),
        entry.document,
        (entry.scan_sha256 or "")[:hash_length],
        f"{entry.expires_on:%d.%m.%Y}" if entry.expires_on else "",
        name_consent_book_registrar(entry.registered_by, t),
        f"{entry.registered_at:%d.%m.%Y}",
    ]


def name_consent_book_registrar(registered_by: str, t: Translator) -> str:
    """Who entered a decision: a name, or that it came with the lists of the school."""
    return t("consent.by_lists") if registered_by == Role.SYSTEM else registered_by
