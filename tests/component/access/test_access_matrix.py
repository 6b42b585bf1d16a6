"""Every door of the bot × everybody who might ask × everybody's data: nobody is shown what is not theirs (Q14, Q15).

The list of doors is the bot's own, so a new door is asked here before it is ever opened. Usually a share of the buttons
is asked, always the same ones; `pytest --whole tests/component/access` asks them all.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, product
from typing import Any
from zlib import crc32

import pytest

from bot.conversation.routing import RoutingTable
from bot.handlers import AUDIENCES, DOORS, MENU
from bot.handlers.broadcast import start as broadcast_start
from bot.handlers.broadcast.draft import BroadcastDraft
from bot.handlers.doors import FAMILY, Behind, Door, DoorRequest
from bot.handlers.register import newcomers
from bot.handlers.register.own import contacts as own_contacts
from bot.questions.model import Intent, Question
from bot.screens.broadcast.compose import PickedLesson
from core.model.timetable import ChangeKind
from core.ports import UnitOfWorkFactory
from core.rules.conversation.buttons import Handle, pack_button
from tests.support.conversation.asking import CATALOGUES, CHAT, KEY, Asking, words
from tests.support.conversation.telegram import Line
from tests.support.schools.builders import Builder
from tests.support.schools.matrix import SURNAMES, TOMORROW, MatrixSchool, build_matrix_school, mark_of

pytestmark = pytest.mark.no_cover

WANTED = 10_000
QUESTIONS = {
    Intent.HOMEWORK: "что задали на завтра",
    Intent.TIMETABLE: "какие завтра уроки",
    Intent.MARKS: "оценки",
    Intent.ABSENCES: "пропуски",
    Intent.DEBTS: "долги",
    Intent.LESSON: "что было вчера на алгебре",
    Intent.CONTROL_WORKS: "когда контрольная по алгебре",
    Intent.HOLIDAYS: "когда каникулы",
    Intent.TEACHERS: "кто ведёт алгебру",
    Intent.FORECAST: "что выйдет в четверти",
    Intent.RECOMMENDATIONS: "рекомендации учителей",
    Intent.ANNOUNCEMENTS: "объявления",
    Intent.EXAMS: "результаты экзаменов",
}


@dataclass(frozen=True, slots=True)
class Matrix:
    """The school, and how somebody asks it."""

    school: MatrixSchool
    asking: Asking
    whole: bool

    def asks(self, door: Door, name: str) -> Iterator[tuple[int, ...]]:
        """Buttons of this door for this asker: a third of those with one number, a tenth of the longer ones."""
        for numbers in set(asks(door, self.school)):
            if not numbers or self.includes(door.name, name, *numbers, one_of=3 if len(numbers) == 1 else 10):
                yield numbers

    def includes(self, *way: object, one_of: int = 10) -> bool:
        """Whether this way to ask is one of those that are always asked."""
        return self.whole or crc32(repr(way).encode()) % one_of == 0

    async def shown(
        self, door: Door, name: str, ask: DoorRequest, draft: Mapping[str, Any] | None = None
    ) -> str | None:
        """All that the door shows to somebody; None where it does not open."""
        reply = await self.asking.reply(door, self.asking.caller(*self.school.chats[name], draft=draft), ask)
        return None if reply is None else words(reply)

    def asks_as(self, name: str, door: Door) -> list[int | None]:
        """Whom a button may be for: nobody by name, or each of those who share the chat where the door asks whose."""
        chat = self.school.chats[name]
        return [None, *(each.person_id for each in chat)] if len(chat) > 1 and not door.joint else [None]


@pytest.fixture
async def matrix(open_sqlite: UnitOfWorkFactory, request: pytest.FixtureRequest) -> Matrix:
    """One school for all questions."""
    whole = request.config.getoption("--whole")
    return Matrix(await build_matrix_school(open_sqlite), Asking.of(open_sqlite), whole=whole)


def asks(door: Door, school: MatrixSchool) -> Iterator[tuple[int, ...]]:
    """Buttons of this door with everybody's numbers: first what lies behind it, then subjects, days and strangers.

    Every door also gets no number, one and nine, as from a button of another release.
    """
    yield from ((), (1,), (1,) * 9)
    firsts: dict[Behind, list[int]] = {
        Behind.NOTHING: [],
        Behind.STUDENT: list(school.students.values()),
        Behind.GROUP: list(school.groups.values()),
        Behind.RECORD: [*school.records.values(), *range(1, 20)],
    }
    day, stranger = int(f"{TOMORROW:%Y%m%d}"), school.students["other"]
    tails = [(), (0,), (school.subject,), (day,), (stranger,), (school.subject, day), (day, school.subject),
             (stranger, school.subject, day), (school.subject, day, stranger)]  # fmt: skip
    finals = school.subject, school.term
    tails += [
        finals,
        (*finals, stranger),
        (*finals, school.students["own"], 1),
        (*finals, school.students["own"], 1, 2),
    ]
    for first in firsts[door.behind]:
        yield from ((first, *tail) for tail in tails)
    if door.behind is Behind.NOTHING:
        yield from tails


async def test_nobody_is_shown_what_is_not_theirs(matrix: Matrix) -> None:
    """Each button with each number, for each role, with own and foreign students: more than 10,000 ways, no leak.

    Among those asked about are a sibling without consent, a class mate, a child of another class and one who left;
    among those who ask are divorced parents, a former guardian, a barred one and a stranger, and several who share a
    chat, where what one may see opens nothing through another (Q2, Q3, Q14, Q15, Q21).
    """
    asked: Counter[str] = Counter()
    for door in DOORS:
        for name in matrix.school.chats:
            forbidden = matrix.school.forbidden(name)
            for numbers in matrix.asks(door, name):
                for person_id in matrix.asks_as(name, door):
                    said = await matrix.shown(
                        door, name, DoorRequest(numbers=numbers, pressed=True, person_id=person_id)
                    )
                    asked[door.name] += 1
                    leaked = [word for word in forbidden if word in (said or "")]
                    assert not leaked, (door.name, name, numbers, leaked)
    assert asked.total() >= WANTED
    assert {door.name for door in DOORS} == asked.keys()


async def test_own_data_are_shown(matrix: Matrix) -> None:
    """The matrix is not empty: a mother finds every kind of information about her own child, in the bot's own words."""
    found = set()
    for door in DOORS:
        for numbers in matrix.asks(door, "mother"):
            said = await matrix.shown(door, "mother", DoorRequest(numbers=numbers, pressed=True)) or ""
            found |= {word for word in ("Тема", "Совет", "Упражнение", "Класс8БСлово", "Родитель") if word in said}
    assert {"Тема", "Совет", "Упражнение", "Класс8БСлово"} <= found


@pytest.mark.parametrize("intent", QUESTIONS)
async def test_a_question_about_another_child_shows_nothing(matrix: Matrix, intent: Intent) -> None:
    """Plain words about a child by name: whoever asks, only own children are answered about (Q15, Q96)."""
    door = next(door for door in DOORS if door.intent is intent)
    askers = [name for name, chat in matrix.school.chats.items() if any(each.roles & door.roles for each in chat)]
    for name, key in product(askers, SURNAMES):
        if not matrix.includes(intent, name, key, one_of=3):
            continue
        text = f"{QUESTIONS[intent]} {SURNAMES[key]} {mark_of(key)}"
        question = await matrix.asking.understood(*matrix.school.chats[name], text=text)
        for asked in (question, Question(intent, child_id=matrix.school.students[key])):
            said = await matrix.shown(door, name, DoorRequest(text=text, question=asked)) or ""
            leaked = [word for word in matrix.school.forbidden(name) if word in said]
            assert not leaked, (name, key, leaked)


async def test_words_typed_into_a_step_show_nothing_foreign(matrix: Matrix) -> None:
    """A step of a dialog that names somebody else's student or class gives nothing away either."""
    steps = [door for door in DOORS if door.takes]
    for door in steps:
        for name in matrix.school.chats:
            for text in (*SURNAMES.values(), "5", "7А", str(matrix.school.students["other"])):
                said = await matrix.shown(door, name, DoorRequest(text=text)) or ""
                assert not [word for word in matrix.school.forbidden(name) if word in said.replace(text, "")]


async def test_a_draft_about_another_class_shows_nothing(matrix: Matrix) -> None:
    """Whatever class a chat was composing for: who may not lead it any more is shown nothing of it (Q14, Q97)."""
    picked = (PickedLesson(matrix.school.groups["7А"], matrix.school.subject, 1),)
    numbers_sent = (), (0,), (int(f"{TOMORROW:%Y%m%d}"),), (1,) * 9
    groups, names = matrix.school.groups.values(), matrix.school.chats
    for group, kind, name, door, numbers in product(groups, ChangeKind, names, broadcast_start.DOORS, numbers_sent):
        if matrix.includes(group, kind, name, door.name, numbers):
            draft = BroadcastDraft((group,), kind, TOMORROW, picked).changed(new_room="12").kept()
            said = await matrix.shown(door, name, DoorRequest(numbers=numbers, text="12", pressed=True), draft) or ""
            assert not [word for word in matrix.school.forbidden(name) if word in said], (door.name, name, group)


async def test_a_discreet_channel_shows_no_marks(matrix: Matrix, open_sqlite: UnitOfWorkFactory) -> None:
    """Where the school chose `discreet`, no door shows a mark, an absence or advice, not even to the family (Q85)."""
    discreet = replace(matrix, asking=Asking.of(open_sqlite, discreet=True))
    for door in (each for each in DOORS if each.roles & FAMILY):
        for name in ("mother", "father", "student_own"):
            for numbers in discreet.asks(door, name):
                said = await discreet.shown(door, name, DoorRequest(numbers=numbers, pressed=True)) or ""
                assert not [word for word in ("Тема Метка", "Совет Метка") if word in said], (door.name, name, numbers)


def test_every_handler_is_a_door() -> None:
    """Nothing answers but the doors of the list and the first words to strangers: an unlisted handler fails here."""
    routes = RoutingTable.of(AUDIENCES, MENU)
    reached = [routes.menu, *routes.named.values(), *chain(*routes.commands.values(), *routes.answering.values())]
    assert {door.name for door in reached} == {door.name for door in DOORS}
    assert all(door in DOORS for door in reached)


def test_every_door_has_its_own_name_and_says_who_may_open_it() -> None:
    """Two doors never share a button, and only those that show nothing personal are open to whoever speaks.

    The way in opens to a chat that a code has bound: each of its doors finds out by the chat itself whose it is (Q106).
    """
    names = Counter(door.name for door in DOORS)
    assert [name for name, count in names.items() if count > 1] == []
    way_in = {door.name for door in (*newcomers.DOORS, *own_contacts.DOORS) if not door.roles}
    assert {door.name for door in DOORS if not door.roles and door.behind is not Behind.NOTHING} == way_in
    assert all(door.discreet and door.joint for door in DOORS if door.name in way_in)


async def mother_at_the_phone(open_sqlite: UnitOfWorkFactory, school: MatrixSchool) -> Line:
    mother = school.actors["mother"]
    assert mother is not None
    assert mother.person_id is not None
    async with open_sqlite() as uow:
        await Builder(uow).contact(mother.person_id, "telegram", CHAT)
        await uow.commit()
    return Line(Asking.of(open_sqlite).conversation)


async def test_a_button_of_an_earlier_release_is_an_old_button(open_sqlite: UnitOfWorkFactory) -> None:
    """A good seal over numbers that the door no longer takes: the person reads that the button is old."""
    line = await mother_at_the_phone(open_sqlite, await build_matrix_school(open_sqlite))
    for action, numbers in (("hush", ()), ("toggle", (1,)), ("read", (1, 2)), ("hour", (1, 2)), ("unbind", (1, 2, 3))):
        assert action in {door.name for door in DOORS}
        button = pack_button(Handle(action, numbers), channel="telegram", chat=CHAT, key=KEY)
        assert await line.presses(int(CHAT), button) == CATALOGUES.translator("ru")("welcome.old_button")


async def test_a_button_changed_in_a_single_byte_opens_nothing(open_sqlite: UnitOfWorkFactory) -> None:
    """Each byte of a real button is changed in turn: the bot refuses, and no name or mark is shown."""
    school = await build_matrix_school(open_sqlite)
    line = await mother_at_the_phone(open_sqlite, school)
    button = pack_button(Handle("marks", (school.students["own"],)), channel="telegram", chat=CHAT, key=KEY)
    assert mark_of("own") in await line.presses(int(CHAT), button)
    refused = await line.presses(int(CHAT), button[:-1])
    for place, byte in enumerate(button):
        for other in {chr(ord(byte) ^ 1), "0", "a", "-"} - {byte}:
            shown = await line.presses(int(CHAT), button[:place] + other + button[place + 1 :])
            assert shown == refused
    assert mark_of("own") not in refused
