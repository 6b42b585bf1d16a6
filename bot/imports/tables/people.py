"""Reads the school's lists: students, guardians with contacts and signed forms, staff, groups."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TypeVar

from bot.imports.reading import ReadingProblems
from bot.imports.tables.contacts import (
    read_contact_address,
    read_contact_chat,
    read_contact_processors,
    read_contact_yes_no,
)
from bot.imports.tables.headers import Header, rows_under_header
from bot.imports.tables.rows import TableRow
from core.model.imports.people_lists import (
    GroupRow,
    GuardianRow,
    PeopleKind,
    PeopleTable,
    PersonRow,
    StaffRow,
    StudentRow,
)
from core.model.people import Role
from core.model.register.consents import Decision
from core.model.year import GroupKind

T = TypeVar("T")

DECISIONS = {
    **dict.fromkeys(("consent", "да", "+", "согласие", "согласен", "согласна", "yes", "дано"), Decision.CONSENT),
    **dict.fromkeys(("refusal", "нет", "отказ", "несогласие", "не согласен", "не согласна", "no"), Decision.REFUSAL),
    **dict.fromkeys(("withdrawal", "отзыв", "отозвано"), Decision.WITHDRAWAL),
}
ROLES = {
    **dict.fromkeys(("teacher", "учитель", "педагог", "преподаватель", "учитель-предметник"), Role.TEACHER),
    **dict.fromkeys(
        ("class_teacher", "class teacher", "классный руководитель", "кл. руководитель"), Role.CLASS_TEACHER
    ),
    **dict.fromkeys(("secretary", "секретарь", "делопроизводитель"), Role.SECRETARY),
    **dict.fromkeys(("deputy_head", "deputy head", "завуч", "заместитель директора", "директор"), Role.DEPUTY_HEAD),
}
GROUP_KINDS = {
    **dict.fromkeys(("class", "класс"), GroupKind.CLASS),
    **dict.fromkeys(("study_group", "study group", "группа", "учебная группа", "подгруппа"), GroupKind.STUDY_GROUP),
    **dict.fromkeys(("stream", "поток", "учебный поток"), GroupKind.STREAM),
    **dict.fromkeys(
        ("individual", "individual plan", "individual_plan", "индивидуальный план", "иуп"), GroupKind.INDIVIDUAL
    ),
}


def read_people_table(
    header: Header, rows: Iterable[tuple[int, Sequence[str]]], *, faults: ReadingProblems
) -> PeopleTable:
    """The rows of a list. A row with a fault is left out, and each of its faults is a problem."""
    kind = PeopleKind(header.kind)
    found: list[PersonRow] = []
    for number, cells in rows_under_header(header, rows, faults):
        known = len(faults.problems)
        row = TableRow(number, cells, header.columns, faults)
        person = _ROWS[kind](row)
        if len(faults.problems) == known:
            found.append(person)
        else:
            row.leave_out(kind)
    return PeopleTable(kind, faults.sheet, tuple(found))


def _student(row: TableRow) -> StudentRow:
    return StudentRow(
        row.number,
        row.person("student") or "",
        row.date("birth_date"),
        row.school_class("class"),
        row.date("leaves_on"),
    )


def _guardian(row: TableRow) -> GuardianRow:
    return GuardianRow(
        row.number,
        row.person("guardian") or "",
        row.person("student") or "",
        row.one_class("class"),
        row.required("relation"),
        telegram=_contact(row, "telegram", partial(read_contact_chat, "telegram")),
        max=_contact(row, "max", partial(read_contact_chat, "max")),
        email=_contact(row, "email", partial(read_contact_address, "email")),
        phone=_contact(row, "phone", partial(read_contact_address, "sms")),
        paper=_paper(row),
        consent=_decision(row),
        form_no=row.text("form_no"),
        form_date=row.date("form_date"),
        confirmed_by=row.text("confirmed_by"),
        access=_access(row),
        ends_on=row.date("ends_on"),
        processors=_processors(row),
    )


def _staff(row: TableRow) -> StaffRow:
    role = _known_word(row, "role", ROLES)
    if role is Role.CLASS_TEACHER and row.text("class") is None:
        row.add_problem("class", "cell_missing")
    person, ends_on = row.person("person") or "", row.date("ends_on")
    return StaffRow(row.number, person, role or Role.TEACHER, row.one_class("class"), row.text("subject"), ends_on)


def _group(row: TableRow) -> GroupRow:
    kind = _known_word(row, "kind", GROUP_KINDS)
    if kind not in {None, GroupKind.CLASS} and row.text("subject") is None:
        row.add_problem("subject", "cell_missing")
    return GroupRow(
        row.number,
        row.required("group"),
        kind or GroupKind.CLASS,
        row.text("subject"),
        row.person("teacher", required=False),
        row.person("student", required=False),
        row.one_class("class"),
    )


_ROWS: Mapping[PeopleKind, Callable[[TableRow], PersonRow]] = {
    PeopleKind.STUDENTS: _student,
    PeopleKind.GUARDIANS: _guardian,
    PeopleKind.STAFF: _staff,
    PeopleKind.GROUPS: _group,
}


def _contact(row: TableRow, name: str, read: Callable[[str], str | None]) -> str | None:
    """The normalised contact; an invalid one is a problem that shows its place only (Q103)."""
    text = row.text(name)
    if text is None or text == "-":
        return None
    address = read(text)
    if address is None:
        row.add_problem(name, name)
    return address


def _paper(row: TableRow) -> bool:
    wished = read_contact_yes_no(row.text("paper") or "")
    if wished is None:
        row.add_problem("paper", "yes_no")
    return bool(wished)


def _access(row: TableRow) -> bool | None:
    """Yes or no; None for an empty cell, which changes nothing."""
    said = row.text("access")
    allowed = None if said is None else read_contact_yes_no(said)
    if said is not None and allowed is None:
        row.add_problem("access", "access")
    return allowed


def _decision(row: TableRow) -> Decision | None:
    """A consent needs its form's number and date: without them nothing was signed (Q1, Q4)."""
    if row.text("consent") in {None, "-"}:
        return None
    decision = _known_word(row, "consent", DECISIONS)
    for name in ("form_no", "form_date") if decision is Decision.CONSENT else ():
        if row.text(name) is None:
            row.add_problem(name if name in row.columns else "consent", "form_missing")
    return decision


def _processors(row: TableRow) -> tuple[str, ...] | None:
    """Whom the form names, as channels; None for an empty cell, which says nothing."""
    text = row.text("processors")
    if text is None or text == "-":
        return None
    named = read_contact_processors(text)
    if named is None:
        row.add_problem("processors", "processors")
    return named


def _known_word(row: TableRow, name: str, words: Mapping[str, T]) -> T | None:
    """One of the words a cell may hold; an empty cell or another word is a problem, which shows a role (contracts)."""
    text = row.required(name)
    word = words.get(text.lower().replace("ё", "е"))
    if word is None and text:
        row.add_problem(name, name, value=text if name == "role" else None)
    return word
