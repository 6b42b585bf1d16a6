"""The office's first screen, and what all its screens share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import TypeVar

from bot.screens.frame import screen_frame_button_label
from bot.screens.screen import Screen, Seal, screen_bold, screen_button_rows, screen_text
from core.model.channels import channel_name
from core.model.delivery.text import Button
from core.model.register.contacts import PendingContact
from core.model.register.families import FamilyPair, OfficeLists
from core.ports import Translator
from core.rules.conversation.buttons import Handle, button_day_number
from core.rules.people.initials import with_initials
from core.rules.year import school_date

Entry = TypeVar("Entry")

OFFICE = "office"
WAITING, CONTACT, CONFIRM, DOCUMENT = "offwait", "offcontact", "offconfirm", "offdoc"
FORM, ACCEPT, ACCEPT_DAY, RETURN = "offform", "offaccept", "offday", "offreturn"
SLIPS, NUMBER = "offslips", "offnumber"
WITHOUT, ASIDE, RESUME = "offwithout", "offaside", "offresume"
CLASSES, CLASS, CLASS_FILE = "offclasses", "offclass", "offfile"
TICK, TOGGLE, ALL, ENTER, ENTER_DAY = "offtick", "offtoggle", "offall", "offenter", "offpaper"
FIND, PERSON, INVITE, UNBIND = "offfind", "offperson", "offinvite", "offunbind"
RENAME, RENAMED, JOIN, JOIN_FOUND, JOINED = "offrename", "offnewname", "offjoin", "offsecond", "offjoined"
DECIDE, DECIDED = "offdecide", "offdecided"
NAMES, CLASS_NAMES = "offnames", "offnamesall"
"""Names of the office's doors."""

PAGE = 8
"""Entries on one page, each with a button."""

RECENT_DAYS = 3
"""So many days have a button of their own as the date of a document; others are typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeDeskScreenFrame:
    """What the screens of the office need besides their data; `offered`: the channels of the school."""

    now: datetime
    zone: tzinfo
    t: Translator
    seal: Seal
    offered: Sequence[str] = ()

    @property
    def today(self) -> date:
        """The school's date."""
        return school_date(self.now, self.zone)

    def button(self, label: str, door: str, *numbers: int) -> Button:
        return Button(screen_frame_button_label(label), self.seal(Handle(door, numbers)))

    def word(self, key: str, door: str, *numbers: int) -> Button:
        """A button with a label of the catalogue."""
        return self.button(self.t(f"office.{key}"), door, *numbers)

    def day(self, moment: datetime) -> str:
        """«30.11.2026», by the school's clock."""
        return f"{school_date(moment, self.zone):%d.%m.%Y}"

    def recent_days(self, door: str, *numbers: int) -> tuple[Button, ...]:
        """Buttons for the date of a document: today and the days before it."""
        days = [self.today - timedelta(days=back) for back in range(RECENT_DAYS)]
        labels = [self.t("office.today"), *(f"{day:%d.%m}" for day in days[1:])]
        pairs = zip(labels, days, strict=True)
        return tuple(self.button(label, door, *numbers, button_day_number(day)) for label, day in pairs)

    def home(self) -> tuple[Button, ...]:
        """The row back to the office's first screen."""
        return (self.word("home", OFFICE, 0),)


def office_desk_screen(frame: OfficeDeskScreenFrame, lists: OfficeLists) -> Screen:
    """What is to do, and the doors to it."""
    t, waiting = frame.t, len(lists.forms) + len(lists.waiting)
    lines = [
        screen_bold(t("office.title")),
        t("office.waiting_count", waiting),
        t("office.without_count", len(lists.without_channel)),
        t("office.aside_count", len(lists.set_aside)),
        t("office.undecided_count", lists.undecided),
    ]
    buttons = (
        (frame.button(t("office.waiting_button", count=waiting), WAITING, 0),),
        (
            frame.button(t("office.without_button", count=len(lists.without_channel)), WITHOUT, 0),
            frame.button(t("office.aside_button", count=len(lists.set_aside)), ASIDE, 0),
        ),
        (frame.word("classes_button", CLASSES), frame.word("find_button", FIND)),
    )
    return Screen("\n".join(lines), buttons)


def desk_screen_pager(
    frame: OfficeDeskScreenFrame, door: str, page: int, count: int, *numbers: int
) -> tuple[Button, ...]:
    """Buttons to the page before and after, of a list of `count` entries."""
    last = max(count - 1, 0) // PAGE
    turns = []
    if page:
        turns.append(frame.button(frame.t("menu.page_back", page=page, pages=last + 1), door, *numbers, page - 1))
    if page < last:
        turns.append(frame.button(frame.t("menu.page_on", page=page + 2, pages=last + 1), door, *numbers, page + 1))
    return tuple(turns)


def desk_screen_page(entries: Sequence[Entry], page: int) -> tuple[int, Sequence[Entry]]:
    """The page that there is, and its entries."""
    page = min(page, max(len(entries) - 1, 0) // PAGE)
    return page, entries[page * PAGE : (page + 1) * PAGE]


def desk_screen_child_words(pair: FamilyPair | None) -> str:
    """«Соколова А. О., 8Б»: the child by whom a person is known; empty for staff and students."""
    if pair is None or pair.is_own:
        return ""
    return ", ".join(filter(None, (with_initials(pair.student), pair.school_class)))


def desk_screen_contact_line(held: PendingContact, t: Translator) -> str:
    """«Telegram – нет: письменная форма», «Почта – отложен: …», «SMS – действует»."""
    name, contact = channel_name(held.contact.channel, t), held.contact
    if contact.set_aside_reason is not None:
        return f"{name} – {t('office.set_aside', reason=t(f'reason.{contact.set_aside_reason}'))}"
    if held.lacks:
        return f"{name} – {t('office.lacks', lacks=', '.join(t(f'contact.lacks.{what}') for what in held.lacks))}"
    return f"{name} – {t('office.muted' if contact.muted_until else 'office.works')}"


def desk_done_screen(frame: OfficeDeskScreenFrame, said: str, *rows: Sequence[Button]) -> Screen:
    """The sentence that says what was done, and where to go from there."""
    return Screen(screen_text(said), (*(tuple(row) for row in rows if row), frame.home()))


def desk_screen_column(buttons: Sequence[Button]) -> tuple[tuple[Button, ...], ...]:
    """Buttons below each other."""
    return screen_button_rows(buttons, width=1)
