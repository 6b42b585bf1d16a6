"""One entry with its history, and marks of a whole class typed in one line (Q26, Q37, Q38)."""

from collections import Counter
from collections.abc import Sequence
from typing import assert_never

from bot.screens.dates import weekday_screen_date
from bot.screens.frame import clip_to_screen_frame
from bot.screens.marks.gradebook import (
    ABSENCES,
    ENTRY,
    MARKS,
    TOKENS,
    UNDO,
    WORK,
    GradebookScreenDesk,
    gradebook_screen_back_button,
    gradebook_screen_entry_words,
    gradebook_screen_name,
    gradebook_screen_token_words,
    gradebook_screen_value_words,
)
from bot.screens.screen import Screen, fit_on_screen_page, screen_bold, screen_button_rows, screen_text
from core.errors import ConflictError, FirstGradeError, FutureLessonError, JournalModeError, MixedKindsError
from core.model.delivery.text import Button
from core.model.marks.entries import Entry, EntryKind, EntryVersion
from core.model.marks.gradebook import WORK_KINDS, GradebookRow, OpenedEntry
from core.rules.conversation.buttons import Handle
from core.rules.marks.gradebook import JudgedGradebookLine, LineCell
from core.rules.marks.tokens import UnknownTokenError
from core.rules.year import is_first_grade

CORRECT, WITHDRAW, COMMENT, CONFIRM, UNDO_LINE = "tcorrect", "twithdraw", "tcomment", "tconfirm", "tundoline"

Refusal = ConflictError | FirstGradeError | FutureLessonError | JournalModeError | MixedKindsError | UnknownTokenError
"""Refusals that have a sentence of their own."""


def entry_correction_screen(entry: OpenedEntry, desk: GradebookScreenDesk, *, done: Sequence[str] = ()) -> Screen:
    """An entry with its history and the buttons that change it. `done`: lines on what has just been changed."""
    t, current = desk.t, entry.entry
    head = [screen_bold(entry.line.name), screen_text(f"{desk.name} · {weekday_screen_date(current.on, t)}"), *done, ""]
    stands = (
        gradebook_screen_entry_words(current, desk)
        if current.withdrawn_at is None
        else t("teaching.withdrawn", value=gradebook_screen_token_words(current.value, t))
    )
    history = [_version(version, desk) for version in entry.versions]
    return Screen(
        fit_on_screen_page([*head, stands], history, more=t("teaching.more")),
        (
            *(_corrections(entry, desk) if current.withdrawn_at is None else ()),
            _steps(current, desk),
            (gradebook_screen_back_button(desk),),
        ),
    )


def correction_screen_written_line(entry: Entry, name: str, desk: GradebookScreenDesk) -> str:
    """A line on what has just been written and when families see it."""
    t = desk.t
    if entry.withdrawn_at is not None:
        words = t(
            "teaching.done_withdrawn",
            name=screen_text(gradebook_screen_name(name)),
            value=gradebook_screen_token_words(entry.value, t),
        )
    else:
        words = t(
            "teaching.done",
            name=screen_text(gradebook_screen_name(name)),
            value=screen_bold(gradebook_screen_value_words(entry, t)),
        )
    if entry.awaiting and entry.publish_at is not None:
        words = f"{words} – {t('teaching.waits', time=desk.clock(entry.publish_at))}"
    return words


def correction_screen_undo_button(entry: Entry, name: str, desk: GradebookScreenDesk) -> Button:
    """A button that undoes the last change."""
    label = desk.t(
        "teaching.undo_of", name=gradebook_screen_name(name), value=gradebook_screen_value_words(entry, desk.t)
    )
    return Button(label, desk.seal(Handle(UNDO, (entry.id, entry.version))))


def correction_conflict_screen(line: GradebookRow, desk: GradebookScreenDesk) -> str:
    """Nothing was written: the student's entries have changed since the screen was made."""
    return desk.t("teaching.meanwhile", name=screen_text(gradebook_screen_name(line.name)))


def correction_comment_screen(entry: OpenedEntry, desk: GradebookScreenDesk) -> Screen:
    """Asks for a comment on the entry."""
    words = [
        screen_bold(entry.line.name),
        gradebook_screen_entry_words(entry.entry, desk),
        "",
        desk.t("teaching.comment_asked"),
    ]
    return Screen("\n".join(words), ((_to_entry(entry.entry, desk),),))


def correction_line_screen(desk: GradebookScreenDesk) -> Screen:
    """Asks for the marks of a whole class in one line and shows the order of the students."""
    t = desk.t
    names = [
        f"{number}. {screen_text(gradebook_screen_name(line.name))}"
        for number, line in enumerate(desk.page.lines, start=1)
    ]
    head = [screen_bold(desk.name), screen_text(desk.day), "", t("teaching.line_asked"), ""]
    return Screen(fit_on_screen_page(head, names, more=t("teaching.more")), ((gradebook_screen_back_button(desk),),))


def correction_line_check_screen(line: JudgedGradebookLine, desk: GradebookScreenDesk) -> Screen:
    """A typed line as it was understood, student by student, before it is written; a faulty line cannot be."""
    t = desk.t
    rest = (
        [screen_bold(clip_to_screen_frame(" ".join(line.surplus))) + " – " + t("teaching.surplus")]
        if line.surplus
        else []
    )
    cells = [_cell(cell, desk) for cell in line.cells if cell.tokens or cell.standing or cell.fault]
    end = t(f"teaching.line_{'good' if line.is_good else 'faulty' if line.has_faults else 'stands'}")
    head = [screen_bold(desk.name), screen_text(desk.day), "", end, ""]
    confirm = ((desk.key("teaching.write", CONFIRM),),) if line.is_good else ()
    return Screen(
        fit_on_screen_page(head, [*rest, *cells], more=t("teaching.more")),
        (*confirm, (gradebook_screen_back_button(desk),)),
    )


def correction_work_screen(desk: GradebookScreenDesk) -> Screen:
    """Asks what the next marks of this lesson are for: a kind of work, or typed with weight and topic."""
    t = desk.t
    kinds = [desk.button(kind, WORK, place) for place, kind in enumerate(WORK_KINDS, start=1)]
    none = desk.button(t("teaching.no_work"), WORK, 0)
    words = [screen_bold(desk.name), screen_text(desk.day), "", t("teaching.work_asked")]
    return Screen(
        "\n".join(words), (*screen_button_rows(kinds, width=2), (none,), (gradebook_screen_back_button(desk),))
    )


def correction_weight_screen(refusal: UnknownTokenError, desk: GradebookScreenDesk) -> Screen:
    """The typed weight is no number in the allowed range."""
    words = [
        screen_bold(desk.name),
        "",
        desk.t("teaching.unknown_weight", value=screen_text(clip_to_screen_frame(refusal.token))),
    ]
    return Screen("\n".join(words), ((gradebook_screen_back_button(desk),),))


def correction_refused_screen(refusal: Refusal, desk: GradebookScreenDesk, *, name: str | None = None) -> Screen:
    """Why nothing was written: the value, the lesson and what to do (Q26, Q37)."""
    place = [screen_bold(name)] if name else []
    words = [
        *place,
        screen_text(f"{desk.name} · {weekday_screen_date(desk.page.lesson.on, desk.t)}"),
        "",
        correction_screen_refusal_words(refusal, desk),
    ]
    return Screen("\n".join(words), ((gradebook_screen_back_button(desk),),))


def correction_screen_refusal_words(refusal: Refusal, desk: GradebookScreenDesk) -> str:
    """The sentence for a refusal."""
    t = desk.t
    match refusal:
        case UnknownTokenError():
            marks = [mark for mark in MARKS if mark != "1" or desk.policy.lowest_mark == 1]
            return t(
                "teaching.unknown",
                value=screen_text(clip_to_screen_frame(refusal.token)),
                marks=" ".join(marks),
                rest=" ".join(ABSENCES),
            )
        case FirstGradeError():
            return t("teaching.first_grade")
        case FutureLessonError():
            return t("teaching.future")
        case JournalModeError():
            return t("teaching.journal_mode")
        case MixedKindsError():
            return t("teaching.mixed")
        case ConflictError():
            return t("teaching.conflict")
        case _:
            assert_never(refusal)


def _corrections(entry: OpenedEntry, desk: GradebookScreenDesk) -> tuple[tuple[Button, ...], ...]:
    """Buttons for other tokens of the same kind: a mark never becomes an absence (Q27)."""
    current = entry.entry
    if current.kind is EntryKind.ABSENCE:
        tokens = [token for token in ABSENCES if token != current.value]
    elif is_first_grade(entry.line.school_class):
        tokens = []
    else:
        tokens = [mark for mark in MARKS if mark != current.value and (mark != "1" or desk.policy.lowest_mark == 1)]
    buttons = [
        Button(
            f"→ {gradebook_screen_token_words(token, desk.t)}",
            desk.seal(Handle(CORRECT, (current.id, current.version, TOKENS.index(token)))),
        )
        for token in tokens
    ]
    return screen_button_rows(buttons, width=4)


def _steps(entry: Entry, desk: GradebookScreenDesk) -> tuple[Button, ...]:
    steps = {"teaching.undo": Handle(UNDO, (entry.id, entry.version))}
    if entry.withdrawn_at is None:
        steps["teaching.withdraw"] = Handle(WITHDRAW, (entry.id, entry.version))
        steps["teaching.comment"] = Handle(COMMENT, (entry.id,))
    return tuple(Button(desk.t(key), desk.seal(handle)) for key, handle in steps.items())


def _to_entry(entry: Entry, desk: GradebookScreenDesk) -> Button:
    return Button(desk.t("teaching.cancel"), desk.seal(Handle(ENTRY, (entry.id,))))


def _version(made: EntryVersion, desk: GradebookScreenDesk) -> str:
    """«20.11 12:05: 3 → 4»."""
    at = made.changed_at.astimezone(desk.zone)
    after = desk.t("teaching.gone") if made.after is None else gradebook_screen_token_words(made.after, desk.t)
    return f"{at:%d.%m %H:%M}: {gradebook_screen_token_words(made.before, desk.t)} → {after}"


def _cell(cell: LineCell, desk: GradebookScreenDesk) -> str:
    name = screen_text(gradebook_screen_name(cell.line.name))
    if cell.fault is not None:
        return f"⚠ {name}: {correction_screen_refusal_words(cell.fault, desk)}"
    new = (
        [screen_bold(", ".join(gradebook_screen_token_words(token, desk.t) for token in cell.tokens))]
        if cell.tokens
        else []
    )
    there = Counter(entry.value for entry in cell.line.entries) - Counter(cell.standing)
    notes = {"teaching.stands": cell.standing, "teaching.added_to": tuple(there.elements()) if cell.tokens else ()}
    words = [
        desk.t(key, values=", ".join(gradebook_screen_token_words(token, desk.t) for token in values))
        for key, values in notes.items()
        if values
    ]
    return f"{name}: {'; '.join([*new, *words])}"
