"""The lines of a sheet of acquaintance, each with a button to tick it off (Q72)."""

from collections.abc import Sequence

from bot.screens.frame import screen_frame_button_label
from bot.screens.screen import Screen, Seal, fit_on_screen_page, screen_bold, screen_button_rows, screen_text
from core.model.delivery.acquaintance import SignedSheet
from core.model.delivery.text import Button
from core.ports import Translator
from core.rules.conversation.buttons import Handle
from core.rules.people.initials import with_initials

EXAM_SHEET, TERM_SHEET, TICK = "examsheet", "termsheet", "sheettick"

MOST_BUTTONS = 60


def acquaintance_screen_button(class_id: int, term: int, t: Translator, seal: Seal) -> Button:
    """The button that makes the sheet of a term's final marks of a class."""
    return Button(t("acquaint.of_term"), seal(Handle(TERM_SHEET, (class_id, term))))


def acquaintance_screen(
    sheet: SignedSheet, persons: Sequence[tuple[str, str]], t: Translator, seal: Seal, *, known: int = 0
) -> Screen:
    """Who has to sign, by the number of the line; a tap says that the line is signed. `known`: who needs not."""
    head = [
        screen_bold(t("acquaint.title")),
        screen_text(sheet.about),
        t("acquaint.numbered", len(persons), number=sheet.number),
        *([t("acquaint.known", known)] if known else []),
    ]
    lines = [
        screen_text(f"{line}. {with_initials(person)} ({with_initials(student)})")
        for line, (person, student) in enumerate(persons, 1)
    ]
    ticks = [
        Button(screen_frame_button_label(f"☐ {line}. {with_initials(person)}"), seal(Handle(TICK, (sheet.id, line))))
        for line, (person, _) in enumerate(persons[:MOST_BUTTONS], 1)
    ]
    every = ((Button(t("acquaint.all_signed"), seal(Handle(TICK, (sheet.id, 0)))),),) if persons else ()
    return Screen(
        fit_on_screen_page(head, lines, more=t("statistics.more")), (*screen_button_rows(ticks, width=2), *every)
    )
