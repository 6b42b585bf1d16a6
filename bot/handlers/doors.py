"""What may be asked of the bot: each door says who may open it and whose data lie behind it; no other way leads in.

The access matrix of the tests walks through this list, so a new door is tested as soon as it stands here.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.locales import Catalogues
from bot.questions.model import Intent, Question
from bot.screens.screen import Screen, Toast
from core.actions import gradebook
from core.errors import NotFoundError
from core.model.conversation import Dialog, SentFile
from core.model.delivery import Status
from core.model.people import Actor, Person, Role
from core.model.year import Subject
from core.ports import Translator, UnitOfWork, UnitOfWorkFactory
from core.rules import timing
from core.rules.handles import Handle, pack
from core.rules.timing import Policy

CHANNEL = "telegram"

FAMILY = frozenset({Role.GUARDIAN, Role.STUDENT})
TEACHERS = frozenset({Role.TEACHER, Role.CLASS_TEACHER, Role.DEPUTY_HEAD})
LEADERS = frozenset({Role.CLASS_TEACHER, Role.DEPUTY_HEAD})
KNOWN = FAMILY | TEACHERS | {Role.SECRETARY}


class Behind(StrEnum):
    """What the first number of a door's button names: whose data would leak if access were not checked."""

    NOTHING = "nothing"
    STUDENT = "student"
    GROUP = "group"
    RECORD = "record"
    """A mark, homework, broadcast, file or message of somebody."""


@dataclass(frozen=True, slots=True)
class School:
    """What the conversation needs of the school."""

    open_uow: UnitOfWorkFactory
    catalogues: Catalogues
    clock: Callable[[], datetime]
    policy: Policy
    closes: Mapping[str, Status]
    signing_key: bytes
    language: str
    marks: str = "journal"
    mark_delay: timedelta = timedelta(minutes=30)
    """How long parents wait for a mark given in the bot, so that a slip can be mended; students see it at once."""

    lowest_mark: int = 2
    class_average: bool = False
    """Whether a chart may show the class's average."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What was said to a door: the numbers of its button, or typed words, a question understood, a file."""

    numbers: tuple[int, ...] = ()
    text: str = ""
    question: Question | None = None
    file: SentFile | None = None
    pressed: bool = False


@dataclass(slots=True)
class Afterwards:
    """What is written once the answer was shown: who saw what (Q102), and the child that the chat is about now.

    `left`: the step that no longer waits for words, since something else was asked for.
    """

    opened: list[tuple[str, int]] = field(default_factory=list)
    child_id: int | None = None
    left: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who speaks, in which chat and language; `actor` None: nobody whom the school knows."""

    school: School
    chat: str
    actor: Actor | None
    now: datetime
    t: Translator
    dialog: Dialog
    update_id: int | None = None
    afterwards: Afterwards = field(default_factory=Afterwards)

    @property
    def today(self) -> date:
        """The school's date."""
        return timing.local_date(self.now, self.school.policy)

    @property
    def reader(self) -> Actor:
        """Who asks; a door with roles lets nobody else in, so NotFoundError here is a forged way."""
        if self.actor is None:
            raise NotFoundError
        return self.actor

    @property
    def is_discreet(self) -> bool:
        """Whether nothing personal may be said over this messenger (Q85)."""
        return CHANNEL in self.school.policy.discreet

    def seal(self, handle: Handle) -> str:
        """Pack a button for this chat."""
        return pack(handle, chat=self.chat, key=self.school.signing_key)

    def saw(self, what: str, student_id: int) -> None:
        """The access journal gets a line when the answer has been shown; the chat is about this child now."""
        self.afterwards.opened.append((what, student_id))
        self.afterwards.child_id = student_id

    def inside(self, uow: UnitOfWork) -> "Visit":
        """The caller within a unit of work."""
        return Visit(uow=uow, **{each.name: getattr(self, each.name) for each in fields(Caller)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit(Caller):
    """A caller behind a door, with the door's unit of work; what every look-up asks for is read once."""

    uow: UnitOfWork
    _known: dict[str, Sequence[Any]] = field(default_factory=dict)

    async def children(self) -> Sequence[Person]:
        """The students whose records the caller may open as family."""
        return await self._once("children", lambda: gradebook.children(self.uow, self.reader, on=self.today))

    async def subjects(self) -> Sequence[Subject]:
        """All that the school teaches, by name."""
        return await self._once("subjects", self.uow.year.subjects)

    async def _once(self, what: str, read: Callable[[], Awaitable[Sequence[Any]]]) -> Sequence[Any]:
        if what not in self._known:
            self._known[what] = await read()
        return self._known[what]

    async def wait_for(self, step: str | None, **draft: Any) -> None:
        """The next words typed go to the door of this name (None: to nobody); only doors that write may say so.

        Kept in the transaction of the door's effects; the door or its action commits.
        """
        dialog = Dialog(self.chat, step, draft, self.dialog.child_id)
        await self.uow.conversations.keep(dialog, at=self.now)


Reply = Screen | Toast
Opener = Callable[[Visit, Ask], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Door:
    """One thing that can be asked; `name` is the action of its buttons (1–12 letters a–z) and of its dialog step.

    `roles`: who may open it (empty: whoever speaks). `command` without the slash. `intent`: the question in plain
    words that it answers. `takes_words`: it may be the step that takes the next words or file. `discreet`: may be
    answered where the channel's policy is discreet (timetable, homework, holidays). `writes`: needs a writing unit of
    work; its transaction applies the update exactly once, so it commits all or nothing.
    """

    name: str
    open: Opener
    roles: frozenset[Role]
    behind: Behind
    command: str | None = None
    intent: Intent | None = None
    takes_words: bool = False
    discreet: bool = False
    writes: bool = False

    def opens_to(self, caller: Caller) -> bool:
        """Deny by default: a stranger bears no role; a door that names none is everybody's."""
        return not self.roles or (caller.actor is not None and bool(self.roles & caller.actor.roles))

    def is_offered_to(self, caller: Caller) -> bool:
        """By role and by the channel's policy (Q85)."""
        return self.opens_to(caller) and (self.discreet or not caller.is_discreet)
