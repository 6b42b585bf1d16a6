"""The common parts of family screens: child's name, buttons of the other children, paging, menu button (Q15)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, ClassVar, Self

from bot.questions.kinds import Asked
from bot.questions.model import Question
from bot.screens.dates import SATURDAY, SUNDAY, WEEK, screen_date
from bot.screens.screen import Screen, Seal, screen_bold, screen_button_rows, screen_text, split_into_screen_pages
from core.model.delivery.text import Button
from core.model.people import Person
from core.ports import Translator
from core.rules.conversation.buttons import Handle, HandleRefusedError, button_day, button_day_number
from core.rules.year import first_day_of_week, school_date

MENU = "menu"

MOST_LINES = 40
"""Lines of one page: what a phone shows in two or three screens."""

_YEARS = range(2000, 2100)
_LONGEST_SPAN = 400  # days: more than a school year

LONGEST_WORDS = 240
"""Characters of a topic or comment within a line."""

MOST_LETTERS = 60
"""Characters of a button's words."""

Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class ScreenFrameLook:
    """What a look-up is about. Its screens' buttons carry at least five numbers, buttons under notices the first ones.

    `subject_id` 0: all subjects; without dates: the usual ones of that look-up. `words`: the topic of announcements as
    a number (`bot.questions.spelling`), 0 for any; `said` is the topic in the words of this question, and `term` the
    term that it names: no button carries them.
    """

    WHOLE: ClassVar[int] = 5
    MOST: ClassVar[int] = 6

    child_id: int = 0
    since: date | None = None
    until: date | None = None
    subject_id: int = 0
    page: int = 0
    words: int = 0
    said: tuple[str, ...] = ()
    term: str | None = None

    @classmethod
    def of(cls, numbers: Sequence[int]) -> Self:
        """Reads all numbers of `handle` or the first ones; HandleRefusedError for any others."""
        if len(numbers) > cls.MOST:
            raise HandleRefusedError
        child_id, first, days, subject_id, page, words = (*numbers, 0, 0, 0, 0, 0, 0)[: cls.MOST]
        since = _date(first) if first else None
        if days > _LONGEST_SPAN:
            raise HandleRefusedError
        return cls(child_id, since, since and since + timedelta(days=days), subject_id, page, words)

    def handle(self, door: str) -> Handle:
        """The button that opens a door with this look."""
        since, until = self.since, self.until
        first, days = (button_day_number(since), (until - since).days) if since and until else (0, 0)
        topic = (self.words,) if self.words else ()
        return Handle(door, (self.child_id, first, days, self.subject_id, self.page, *topic))


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenFrame:
    """Who asks about which child, and everything else that a screen needs besides its data."""

    door: str
    look: ScreenFrameLook
    child: Person
    children: Sequence[Person]
    today: date
    zone: tzinfo
    t: Translator
    seal: Seal
    is_discreet: bool = False
    subject: str | None = None
    """The name of the look's subject; None: all of them."""

    question: Question | None = None
    """The question in plain words that is answered; None: a button or a command."""

    def between_dates(self, since: date, until: date) -> Self:
        """The same look between these dates."""
        return replace(self, look=replace(self.look, since=since, until=until))

    @property
    def asked(self) -> Asked | None:
        """What the first line must say (Q110)."""
        return self.question.asked if self.question else None

    def answered(self, line: str, screen: Screen) -> Screen:
        """The screen below its first line, which answers what was asked (Q110); as it is without a line.

        In a family with several children the line names the child; where the question keeps the subject of the one
        before, also the subject (Q112).
        """
        if not line:
            return screen
        if self.question is not None and self.question.keeps_subject and self.subject is not None:
            name = screen_text(self.subject)
            line = line if name in line else f"{name}. {line}"
        if len(self.children) > 1:
            names = screen_frame_given_names(self.children, is_discreet=self.is_discreet)
            line = f"{screen_text(names[self.child.id])}: {line}"
        return replace(screen, text=f"{line}\n\n{screen.text}")

    def day_of(self, moment: datetime) -> date:
        """The school's date of a moment."""
        return school_date(moment, self.zone)

    @property
    def name(self) -> str:
        """The child's name as this channel may show it."""
        return screen_frame_child_name(self.child, self.children, is_discreet=self.is_discreet)

    def head(self, *titles: str) -> list[str]:
        """The first lines: the child's name, the titles, an empty line."""
        return [screen_bold(self.name), *titles, ""]

    def head_of_subject(self, title: str, *more: str) -> list[str]:
        """The head of a look-up; it names the subject where the look-up is about one."""
        return self.head(title, *([screen_bold(self.subject)] if self.subject else []), *more)

    def line_of_subject(self, line: str) -> str:
        """«Химия: долгов нет»: the line, after the subject where the look-up is about one."""
        return f"{screen_text(self.subject)}: {line[:1].lower()}{line[1:]}" if self.subject else line

    def button(self, label: str, door: str | None = None, **changes: Any) -> Button:
        """A button that opens this look with `changes`, on its first page."""
        look = replace(self.look, **{"page": 0, **changes})
        return Button(screen_frame_button_label(label), self.seal(look.handle(door or self.door)))

    def screen(self, head: Sequence[str], lines: Sequence[str], *more_rows: Sequence[Button]) -> Screen:
        """One page of the lines below the head, with buttons to other pages, other children and the menu."""
        pages = split_into_screen_pages(head, lines, most_lines=MOST_LINES)
        page = min(self.look.page, len(pages) - 1)
        return Screen("\n".join([*head, *pages[page]]).rstrip(), self._rows(*more_rows, self._pager(page, len(pages))))

    def picture(self, picture: bytes, title: str, *more_rows: Sequence[Button]) -> Screen:
        """A picture captioned with the child's name. Text cannot replace it, so its buttons open new messages."""
        menu = (self.below(self.t("menu.open"), MENU),)
        buttons = tuple(tuple(row) for row in (*more_rows, self._children(), menu) if row)
        return Screen("\n".join(self.head(title)).strip(), buttons, picture=picture)

    def below(self, label: str, door: str, *numbers: int) -> Button:
        """A button that opens a new message; it carries only the first numbers of a look."""
        return Button(screen_frame_button_label(label), self.seal(Handle(door, (self.child.id, *numbers))))

    def _rows(self, *above: Sequence[Button]) -> Rows:
        menu = (self.button(self.t("menu.open"), MENU, subject_id=0, since=None, until=None, words=0),)
        below = () if self.door == MENU else menu
        return tuple(tuple(row) for row in (*above, self._children(), below) if row)

    def _children(self) -> Sequence[Button]:
        """A button for each child of the family, on every screen."""
        if len(self.children) == 1:
            return ()
        names = screen_frame_given_names(self.children, is_discreet=self.is_discreet)
        return [
            self.button(screen_frame_choice_label(names[child.id], when=child.id == self.child.id), child_id=child.id)
            for child in self.children
        ]

    def _pager(self, page: int, pages: int) -> Sequence[Button]:
        row = []
        if page > 0:
            row.append(self.button(self.t("menu.page_back", page=page, pages=pages), page=page - 1))
        if page < pages - 1:
            row.append(self.button(self.t("menu.page_on", page=page + 2, pages=pages), page=page + 1))
        return row

    def days(self, on: date) -> Rows:
        """Buttons for the days of this week and for the same weekday one week before and after."""
        first = first_day_of_week(on)
        last = SUNDAY if on.weekday() == SUNDAY else SATURDAY
        week = [first + timedelta(days=number) for number in range(last + 1)]
        return (
            tuple(
                self._day(day, screen_frame_choice_label(self.t(f"day.{day.weekday()}").capitalize(), when=day == on))
                for day in week
            ),
            (
                self._day(on - WEEK, f"‹ {screen_date(on - WEEK)}"),
                self._day(self.today, self.t("day.to_today")),
                self._day(on + WEEK, f"{screen_date(on + WEEK)} ›"),
            ),
        )

    def _day(self, on: date, label: str) -> Button:
        return self.button(label, since=on, until=on, subject_id=0)


def _date(number: int) -> date:
    """The date of a button; HandleRefusedError where it is none, or lies outside the years that a school needs."""
    day = button_day(number)
    if day.year not in _YEARS:
        raise HandleRefusedError
    return day


def frame_child_choice_screen(
    children: Sequence[Person], look: ScreenFrameLook, t: Translator, seal: Seal, *, door: str, is_discreet: bool
) -> Screen:
    """Asks which child the question is about; the chat remembers the answer."""
    if not children:
        return frame_no_children_screen(t)
    buttons = [
        Button(
            screen_frame_button_label(screen_frame_child_name(child, children, is_discreet=is_discreet)),
            seal(replace(look, child_id=child.id).handle(door)),
        )
        for child in children
    ]
    return Screen(t("marks.which_child"), screen_button_rows(buttons, width=1))


def frame_no_children_screen(t: Translator) -> Screen:
    return Screen(t("marks.no_children"))


def screen_frame_child_name(child: Person, children: Sequence[Person], *, is_discreet: bool) -> str:
    """The full name; in a discreet channel the initial (Q85)."""
    return screen_frame_given_names(children, is_discreet=True)[child.id] if is_discreet else child.name


def screen_frame_given_names(children: Sequence[Person], *, is_discreet: bool = False) -> dict[int, str]:
    """Given names by child; where two are alike, full names, or initials with a number in a discreet channel."""
    given = {child.id: _given(child.name) for child in children}
    if is_discreet:
        initials = {child_id: f"{name[:1]}." for child_id, name in given.items()}
        alike = Counter(initials.values())
        places = {child.id: place for place, child in enumerate(children, start=1)}
        return {key: name if alike[name] == 1 else f"{name} ({places[key]})" for key, name in initials.items()}
    alike = Counter(given.values())
    return {child.id: given[child.id] if alike[given[child.id]] == 1 else child.name for child in children}


def _given(name: str) -> str:
    """The given name: the second word, since the school writes the surname first."""
    words = name.split()
    return words[1] if len(words) > 1 else name


def screen_frame_button_label(label: str) -> str:
    """The label, cut to the length that a button shows on a wide phone."""
    return clip_to_screen_frame(label, MOST_LETTERS)


def clip_to_screen_frame(text: str, longest: int = LONGEST_WORDS) -> str:
    """Words of a person, by default cut so that a line with them fits a page."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def screen_frame_choice_label(label: str, *, when: bool) -> str:
    """A button's label, marked where the screen shows this choice."""
    return f"• {label}" if when else label
