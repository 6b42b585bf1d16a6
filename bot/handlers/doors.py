"""A door is one thing that a person can ask of the bot. It says who may open it and whose data it shows.

Every request goes through a door of the list in `bot/handlers/__init__.py`. The access matrix of the tests opens each
door of that list, so a new door is tested as soon as it is there.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from bot.locales import LocaleCatalogues
from bot.questions.model import Intent, Question
from bot.screens.screen import Screen, Toast
from core.actions import conversation, year
from core.actions.marks import lookup as marks_lookup
from core.errors import NotFoundError
from core.model.conversation import Dialog, MessageContent, SentFile
from core.model.delivery.states import Status
from core.model.people import Actor, Person, Role, Speaker
from core.model.register.forms import Operator
from core.model.year import Subject
from core.ports import NotifierDirectoryPort, Translator, UnitOfWork, UnitOfWorkFactory
from core.rules.conversation.buttons import Handle, HandleRefusedError, pack_button
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.results.proposals import ResultsPolicy

Found = TypeVar("Found")

FAMILY = frozenset({Role.GUARDIAN, Role.STUDENT})
TEACHERS = frozenset({Role.TEACHER, Role.CLASS_TEACHER, Role.DEPUTY_HEAD})
LEADERS = frozenset({Role.CLASS_TEACHER, Role.DEPUTY_HEAD})
KNOWN = FAMILY | TEACHERS | {Role.SECRETARY}

WORDS = frozenset({MessageContent.WORDS})
FILES = frozenset({MessageContent.FILES})
"""What a step may wait for; files may have words below."""

COMPOSING = "composing"
"""The broadcast within the draft of a chat."""


Fetch = Callable[[SentFile], Awaitable[bytes | None]]


class Behind(StrEnum):
    """What the first number of a door's button names: whose data would leak if access were not checked."""

    NOTHING = "nothing"
    STUDENT = "student"
    GROUP = "group"
    RECORD = "record"
    """A mark, homework, broadcast, file or message of somebody."""


@dataclass(frozen=True, slots=True)
class DoorSchool:
    """The settings and services of the school that a conversation needs."""

    open_uow: UnitOfWorkFactory
    catalogues: LocaleCatalogues
    clock: Callable[[], datetime]
    policy: Policy
    closes: Mapping[str, Status]
    signing_key: bytes
    language: str
    marks: str = "journal"
    mark_delay: timedelta = timedelta(minutes=30)
    """How long a mark given in the bot is hidden from parents, so that it can be corrected; students see it at once."""

    lowest_mark: int = 2
    results: ResultsPolicy = field(default_factory=ResultsPolicy)
    """The thresholds of averages, and the other settings of final marks."""

    class_average: bool = False
    """Whether a chart may show the class's average."""

    name: str = ""
    """The school's name, for documents."""

    signatory: str = ""
    """Who signs documents; "" for the usual words."""

    operator: Operator = field(default_factory=lambda: Operator("", "", {}))
    """Whom forms name as the operator of personal data."""

    start_links: Mapping[str, str] = field(default_factory=dict)
    """The link that opens the school's bot with a `{code}`, by messenger; none where the bot's name is not set."""

    ways: Mapping[str, str] = field(default_factory=dict)
    """How people reach the school, by what for: `school`, `teachers`, `illness`, `data` (Q114)."""

    channels: NotifierDirectoryPort = field(kw_only=True)

    def translator(self, speakers: Sequence[Speaker]) -> Translator:
        """A translator into the language of the first speaker, else into the school's."""
        return self.catalogues.translator(speakers[0].language if speakers else self.language)


@dataclass(frozen=True, slots=True)
class DoorRequest:
    """What a person sent to a door: the numbers of a button, typed words, an understood question, or files.

    `read`: what `Door.reads` found in the files. `message`: the number of the message. `person_id`: in a shared chat,
    the person whom the button is for, or whose words the chat waited for.
    """

    numbers: tuple[int, ...] = ()
    text: str = ""
    question: Question | None = None
    files: tuple[SentFile, ...] = ()
    pressed: bool = False
    read: tuple[str, ...] = ()
    message: int | None = None
    person_id: int | None = None

    def exactly(self, *counts: int) -> tuple[int, ...]:
        """The numbers of the button, if there are as many as one of `counts`.

        HandleRefusedError otherwise: a button of an earlier release has a good seal but may carry other numbers.
        """
        if len(self.numbers) not in counts:
            raise HandleRefusedError
        return self.numbers


@dataclass(slots=True)
class Afterwards:
    """What is written after the answer was shown: who saw what (Q102), and the child that the chat is about now.

    `views`: the reader, what was shown, the student's id. `left`: the step that no longer waits for words, since the
    person asked for something else. `taken_as`: the step and draft that take an edited version of this message.
    `opened`: the reader and the results that were shown, by fact. `asked`: the question that was answered, for one that
    goes on with it (Q112).
    """

    views: list[tuple[Actor, str, int]] = field(default_factory=list)
    child_id: int | None = None
    left: str | None = None
    taken_as: tuple[str, Mapping[str, Any]] | None = None
    opened: list[tuple[Actor, Collection[str]]] = field(default_factory=list)
    asked: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorCaller:
    """Who may be speaking, in which chat of which channel and in which language.

    No `speakers`: nobody whom the school knows.
    `is_shared`: the chat has more speakers than these. `is_edit`: an edited message corrects what it had said; what the
    chat waits for meanwhile stays.
    """

    school: DoorSchool
    channel: str
    chat: str
    speakers: tuple[Speaker, ...]
    now: datetime
    t: Translator
    dialog: Dialog
    update_ids: tuple[int, ...] = ()
    afterwards: Afterwards = field(default_factory=Afterwards)
    is_shared: bool = False
    is_edit: bool = False
    fetch: Fetch | None = None
    """Brings the content of a file that was sent; None where this conversation reads no files."""

    @property
    def today(self) -> date:
        """The school's date."""
        return timing.local_date_of_time(self.now, self.school.policy)

    @property
    def reader(self) -> Actor:
        """The only speaker. NotFoundError where there is none or several; a real button never leads here then."""
        if len(self.speakers) != 1:
            raise NotFoundError
        return self.speakers[0].actor

    @property
    def is_discreet(self) -> bool:
        """Whether the school allows no personal data over this messenger (Q85)."""
        return self.channel in self.school.policy.discreet

    @property
    def here(self) -> tuple[str, str]:
        """The channel and the chat: the same number is another chat in another messenger."""
        return self.channel, self.chat

    @property
    def address(self) -> str:
        """The chat as the address of a contact; InvalidAddressError where it is no private chat."""
        return self.school.channels.normalise(self.channel, self.chat)

    def seal(self, handle: Handle) -> str:
        """Packs a button for this chat; in a shared chat for the person who asks."""
        owner = self.reader.person_id if self.is_shared and len(self.speakers) == 1 else handle.person_id
        handle = replace(handle, person_id=owner)
        return pack_button(handle, channel=self.channel, chat=self.chat, key=self.school.signing_key)

    def record_view(self, what: str, student_id: int) -> None:
        """Writes the view into the audit trail after the answer was shown (Q102); the chat is about this child now."""
        self.afterwards.views.append((self.reader, what, student_id))
        self.afterwards.child_id = student_id

    def record_opened(self, facts: Collection[str]) -> None:
        """Results were shown to the reader, who is acquainted with them by that (Q72)."""
        if facts:
            self.afterwards.opened.append((self.reader, facts))

    def inside(self, uow: UnitOfWork) -> "DoorVisit":
        """The caller with a unit of work."""
        return DoorVisit(uow=uow, **{field.name: getattr(self, field.name) for field in fields(DoorCaller)})


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorVisit(DoorCaller):
    """A caller who opened a door, with the door's unit of work. Children and subjects are read once."""

    uow: UnitOfWork
    _known: dict[str, Sequence[Any]] = field(default_factory=dict)

    def only(self, *speakers: Speaker) -> "DoorVisit":
        """The visit of these speakers alone, in their language, without a draft that another speaker has begun."""
        if speakers == self.speakers:
            return self
        theirs = {None, *(speaker.actor.person_id for speaker in speakers)}
        dialog = self.dialog
        if dialog.person_id not in theirs:
            dialog = Dialog(self.channel, self.chat, child_id=dialog.child_id)
        return replace(self, speakers=speakers, t=self.school.translator(speakers), dialog=dialog, is_shared=True)

    @property
    def is_family(self) -> bool:
        """Whether a speaker is a parent or a student."""
        return any(speaker.actor.roles & FAMILY for speaker in self.speakers)

    async def children(self) -> Sequence[Person]:
        """The students whose records a speaker may open as family; each speaker's own right counts (Q3)."""
        children = {child.id: child for speaker in self.speakers for child in await self._children_of(speaker.actor)}
        return list(children.values())

    async def of_child(self, child_id: int) -> "DoorVisit":
        """The visit of the speaker whose child this is; NotFoundError where it is nobody's."""
        for speaker in self.speakers:
            if any(child.id == child_id for child in await self._children_of(speaker.actor)):
                return self.only(speaker)
        raise NotFoundError

    async def first_allowed(self, look: Callable[[Actor], Awaitable[Found]]) -> Found:
        """The result for the first speaker who may open it; NotFoundError where none may."""
        for speaker in self.speakers:
            with suppress(NotFoundError):
                return await look(speaker.actor)
        raise NotFoundError

    async def _children_of(self, actor: Actor) -> Sequence[Person]:
        known = f"children of {actor.person_id}"
        return await self.read_once(known, lambda: marks_lookup.look_up_children(self.uow, actor, on=self.today))

    async def subjects(self) -> Sequence[Subject]:
        """All subjects of the school, by name."""
        return await self.read_once("subjects", lambda: year.load_year_subjects(self.uow))

    async def read_once(self, what: str, read: Callable[[], Awaitable[Sequence[Any]]]) -> Sequence[Any]:
        """The rows that this visit has read under the name `what`, or reads now."""
        if what not in self._known:
            self._known[what] = await read()
        return self._known[what]

    async def wait_for(self, step: str | None, **draft: Any) -> None:
        """The next typed words go to the door with this name (None: to none). Only doors that write may call this.

        The draft is kept in the door's transaction; the door or its action commits. A broadcast that is being composed
        stays beside the draft of another work.
        """
        if self.is_edit:
            return
        if composing := self.dialog.draft.get(COMPOSING):
            draft = {COMPOSING: composing, **draft}
        owner = self.reader.person_id if len(self.speakers) == 1 else None
        dialog = Dialog(self.channel, self.chat, step, draft, self.dialog.child_id, owner)
        await conversation.save_conversation_dialog(self.uow, dialog, now=self.now)

    def take_edits_as(self, step: str, **draft: Any) -> None:
        """An edited version of this message will be handled by this step with this draft.

        With a `message` in it the draft is the chat's own, as long as it holds the words of that message.
        """
        self.afterwards.taken_as = step, draft


Reply = Screen | Toast
Opener = Callable[[DoorVisit, DoorRequest], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Door:
    """One thing that can be asked. `name`: the action of its buttons (1–12 letters a–z) and of its dialog step.

    `roles`: who may open it (empty: whoever speaks). `command` without the slash. `intent`: the question in plain words
    that it answers. `recognises`: tells whether words are for this door, before any other reading of them. `called`:
    the catalogue's key of the words by which it is called, beside its command. `takes`: it may be the step that takes
    the next message, if that is made of this. `reads`: files that no step waits for are fetched and read by this
    function, before a unit of work opens; they are not kept. `discreet`: may be answered where the channel's policy is
    discreet (timetable, homework, holidays). `writes`: needs a writing unit of work; its transaction applies the update
    exactly once, so it commits all or nothing. `joint`: where several persons share a chat it finds out itself who is
    meant, by the child or the record; any other door acts for one of them.
    """

    name: str
    open: Opener
    roles: frozenset[Role]
    behind: Behind
    command: str | None = None
    intent: Intent | None = None
    takes: frozenset[MessageContent] = frozenset()
    discreet: bool = False
    writes: bool = False
    joint: bool = False
    called: str | None = None
    reads: Callable[[bytes], Sequence[str]] | None = None
    recognises: Callable[[str], bool] | None = None

    def admitted(self, caller: DoorCaller, person_id: int | None = None) -> tuple[Speaker, ...]:
        """The speakers whose roles open the door; only the person who is meant, where that is known."""
        return tuple(
            speaker
            for speaker in caller.speakers
            if (not self.roles or self.roles & speaker.actor.roles)
            and (self.joint or person_id in {None, speaker.actor.person_id})
        )

    def opens_to(self, caller: DoorCaller, person_id: int | None = None) -> bool:
        """Deny by default: a stranger has no role. A door without roles is open to everybody."""
        return not self.roles or bool(self.admitted(caller, person_id))

    def is_offered_to(self, caller: DoorCaller) -> bool:
        """Whether a menu offers the door: by role and by the channel's policy (Q85)."""
        return self.opens_to(caller) and (self.discreet or not caller.is_discreet)
