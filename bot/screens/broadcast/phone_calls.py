"""The call list of a sent broadcast: who does not know it yet, and who was reached by phone (Q97)."""

from collections.abc import Iterator, Sequence

from bot.screens.broadcast.compose import ComposeScreenFrame, Rows
from bot.screens.broadcast.sent import CALLS, LIST, sent_screen_reading_state
from bot.screens.screen import Screen, fit_on_screen_page, screen_text
from core.actions.broadcast.phone_calls import PersonToCall
from core.model.delivery.text import Button
from core.rules.people.initials import with_initials

REACHED, NOT_REACHED = "breached", "bunreached"
PAGE = 20
"""Persons on one page, each with a button."""


def phone_calls_screen(
    board: ComposeScreenFrame, broadcast_id: int, persons: Sequence[PersonToCall], *, page: int = 0, note: str = ""
) -> Screen:
    """A line and a button a person: reached by phone, or for those who were reached the way back."""
    page = min(page, max(len(persons) - 1, 0) // PAGE)
    shown = persons[page * PAGE : (page + 1) * PAGE]
    head = [*board.head("broadcast.calls_of" if persons else "broadcast.calls_none"), *([note] if note else []), ""]
    lines = [screen_text(_line(board, each)) for each in shown]
    return Screen(
        fit_on_screen_page(head, lines, more=board.t("broadcast.more")),
        tuple(_buttons(board, broadcast_id, persons, shown, page)),
    )


def _line(board: ComposeScreenFrame, each: PersonToCall) -> str:
    """«– Иванова О. Н. (Иванов П.): E-mail (принято)» or «☎ …: дозвонились 18:05»."""
    students = "" if each.reading.is_student else f" ({', '.join(map(with_initials, each.students))})"
    mark = "☎" if each.reading.call else "–"
    return f"{mark} {with_initials(each.reading.person)}{students}: {sent_screen_reading_state(board, each.reading)}"


def _buttons(
    board: ComposeScreenFrame,
    broadcast_id: int,
    persons: Sequence[PersonToCall],
    shown: Sequence[PersonToCall],
    page: int,
) -> Iterator[tuple[Button, ...]]:
    for each in shown:
        key, door = ("broadcast.undo_call", NOT_REACHED) if each.reading.call else ("broadcast.reached", REACHED)
        label = board.t(key, person=with_initials(each.reading.person))
        yield (board.button(label, door, broadcast_id, each.reading.person_id, page),)
    yield from _pager(board, broadcast_id, persons, page)
    yield (board.key("broadcast.to_sent", LIST, broadcast_id),)


def _pager(board: ComposeScreenFrame, broadcast_id: int, persons: Sequence[PersonToCall], page: int) -> Rows:
    before = [board.button("‹", CALLS, broadcast_id, page - 1)] if page else []
    after = [board.button("›", CALLS, broadcast_id, page + 1)] if len(persons) > (page + 1) * PAGE else []
    return ((*before, *after),) if before or after else ()
