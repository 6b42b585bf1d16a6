"""Homework of a family's look-up: present and earlier text, files, withdrawn homework (Q23)."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby

from bot.screens.dates import relative_screen_date, screen_date, screen_date_span
from bot.screens.frame import Rows, ScreenFrame, screen_frame_button_label
from bot.screens.screen import (
    Screen,
    ScreenFile,
    screen_bold,
    screen_button_rows,
    screen_italic,
    screen_struck,
    screen_text,
)
from core.model.channels import channel_name
from core.model.delivery.text import Button
from core.model.schoolwork.homework import AssignedHomework, HomeworkFile
from core.ports import Translator
from core.rules.conversation.buttons import Handle
from core.rules.people.initials import with_initials

FILE = "file"
"""A button for a file of a homework, by its id."""

_CHUNK = 500
"""Characters of a piece of a long text, short enough that paging never cuts a line."""


def homework_screen(
    frame: ScreenFrame, assigned: Sequence[AssignedHomework], subjects: dict[int, str], holiday: str | None = None
) -> Screen:
    """Homework that is due within the look's dates, by day; `subjects`: buttons that narrow the look-up.

    Where there is none because of a `holiday`, it says so.
    """
    lines = [
        line
        for of_day in groupby(assigned, key=lambda assignment: assignment.homework.due_on)
        for line in _day(frame, *of_day)
    ]
    buttons = [*_files(frame, assigned), *_subjects(frame, subjects), *frame.days(_on(frame))]
    none = frame.t("homework.none")
    if holiday is not None:
        none = f"{screen_text(holiday)}. {none}"
    return frame.screen(frame.head_of_subject(_title(frame)), lines or [none], *buttons)


def _on(frame: ScreenFrame) -> date:
    return frame.look.since or frame.today


def _title(frame: ScreenFrame) -> str:
    t, since, until = frame.t, _on(frame), frame.look.until or _on(frame)
    dates = relative_screen_date(since, frame.today, t) if since == until else screen_date_span(since, until, t)
    return screen_bold(t("homework.title", dates=dates))


def _day(frame: ScreenFrame, on: date, assigned: Iterator[AssignedHomework]) -> Iterator[str]:
    if frame.look.since != frame.look.until:
        yield screen_bold(relative_screen_date(on, frame.today, frame.t).capitalize())
    for assignment in assigned:
        yield from _lines(frame, assignment)


def _lines(frame: ScreenFrame, assignment: AssignedHomework) -> Iterator[str]:
    """The text of a homework, then date, teacher, earlier text and files."""
    t, task = frame.t, assignment.homework
    if task.withdrawn_at is not None:
        yield t(
            "homework.withdrawn", subject=screen_bold(assignment.subject), text=screen_struck(_shortened(task.text))
        )
        return
    first, *rest = homework_screen_text_chunks(task.text or t("homework.in_files"))
    yield f"{screen_bold(assignment.subject)}: {screen_text(first)}"
    yield from map(screen_text, rest)
    given = t("homework.given_on", on=screen_date(frame.day_of(task.given_at)))
    by = assignment.teacher and with_initials(assignment.teacher)
    yield f"    {screen_italic(', '.join(filter(None, (given, by))))}"
    if assignment.was:
        yield "    " + t("homework.was", text=screen_struck(_shortened(assignment.was)))
    for file in assignment.files:
        yield "    " + t("homework.file", name=screen_text(file.name))


def _files(frame: ScreenFrame, assigned: Sequence[AssignedHomework]) -> Rows:
    """Buttons for the files of homework that is not withdrawn."""
    return screen_button_rows(
        [
            Button(
                screen_frame_button_label(frame.t("homework.file", name=file.name)),
                frame.seal(Handle(FILE, (file.id,))),
            )
            for assignment in assigned
            if assignment.homework.withdrawn_at is None
            for file in assignment.files
        ],
        width=1,
    )


def _subjects(frame: ScreenFrame, subjects: dict[int, str]) -> Rows:
    """Buttons for each subject; in a look-up of one subject a button for all of them."""
    if frame.look.subject_id:
        return ((frame.button(frame.t("homework.all_subjects"), subject_id=0, since=None, until=None),),)
    named = sorted(subjects.items(), key=lambda item: item[1])
    return screen_button_rows(
        [frame.button(name, subject_id=key, since=None, until=None) for key, name in named], width=2
    )


def homework_screen_text_chunks(text: str) -> list[str]:
    """A text in pieces of at most 500 characters, cut at blanks where possible."""
    pieces = []
    while len(text) > _CHUNK:
        end = text.rfind(" ", 0, _CHUNK)
        end = end if end > 0 else _CHUNK
        pieces.append(text[:end])
        text = text[end:].lstrip()
    return [*pieces, text]


def _shortened(text: str) -> str:
    return text if len(text) <= _CHUNK else f"{text[:_CHUNK]}…"


def homework_file_elsewhere_screen(file: HomeworkFile, t: Translator) -> Screen:
    """Another messenger stores the file under an id of its own."""
    return Screen(t("homework.file_elsewhere", name=screen_text(file.name), channel=channel_name(file.channel, t)))


def homework_file_screen(file: ScreenFile, t: Translator) -> Screen:
    """The file itself, captioned with its name."""
    return Screen(t("homework.file", name=screen_text(file.name)), files=(file,))
