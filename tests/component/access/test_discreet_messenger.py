"""What the school calls discreet in one messenger stays full in the other, at every door and in every notice (Q85).

Both lists are the program's own, so a new door or notice is asked here before it is ever used: it must name nobody,
or stand on the short list below (Q140).
"""

from dataclasses import fields, replace
from datetime import date, datetime, time
from enum import Enum
from typing import Any, get_args, get_type_hints

import pytest

from bot.handlers import DOORS
from bot.handlers.doors import DoorRequest, Reply
from core.model.delivery.text import Text
from core.model.notices.facts import Notice
from core.model.notices.family import FamilyNotice, HomeworkDue, LessonChanged
from core.model.notices.personal import PersonalNotice
from core.model.notices.staff import StaffNotice
from core.model.people import Actor
from core.ports import UnitOfWorkFactory
from notifiers.words.texts import compose_text
from tests.component.access.test_access_matrix import Matrix
from tests.support.conversation.asking import Asking, words
from tests.support.delivery.parcels import ANYA, BORIS, DAY, ENGLISH, KEY, NOBODY, NOW, RUSSIAN, parcel
from tests.support.schools.matrix import SURNAMES, build_matrix_school, mark_of

pytestmark = pytest.mark.no_cover

DISCREET, FULL = "telegram", "max"
PERSONAL = frozenset({word for key in SURNAMES for word in (mark_of(key), SURNAMES[key] + " ")})
"""The name of each student, and the word that each fact about a student holds."""

IMPERSONAL = (LessonChanged, HomeworkDue, *get_args(StaffNotice))
"""What a discreet messenger may tell in words: lessons, homework, and duties of staff, which name no student (Q53)."""


@pytest.fixture
async def matrix(open_sqlite: UnitOfWorkFactory, request: pytest.FixtureRequest) -> Matrix:
    """A school that names nobody in Telegram and everybody in MAX."""
    whole = request.config.getoption("--whole")
    return Matrix(await build_matrix_school(open_sqlite), Asking.of(open_sqlite, discreet=True), whole=whole)


async def asked(matrix: Matrix, name: str, ask: DoorRequest, channel: str) -> set[str]:
    """The personal words that the doors show to somebody in a messenger."""
    found: set[str] = set()
    for door in DOORS:
        speakers = [_in(channel, each) for each in matrix.school.chats[name]]
        caller = replace(matrix.asking.caller(*speakers), channel=channel)
        reply: Reply | None = await matrix.asking.reply(door, caller, ask)
        found |= {f"{door.name}: {word}" for word in PERSONAL if word in words(reply)}
    return found


def _in(channel: str, actor: Actor | None) -> Actor | None:
    return None if actor is None else replace(actor, channel=channel)


async def test_no_door_names_a_student_in_a_discreet_messenger(matrix: Matrix) -> None:
    """Whoever asks, by button, by word or by a step that waits: no name, no mark, no advice."""
    students, records = matrix.school.students.values(), range(1, 12)
    numbers = [
        (),
        (1,),
        *((each,) for each in (*students, *records)),
        *((each, matrix.school.subject) for each in students),
    ]
    for name in matrix.school.chats:
        for ask in (DoorRequest(text="5"), *(DoorRequest(numbers=each, pressed=True) for each in numbers)):
            if matrix.includes(name, ask.numbers, one_of=3):
                assert await asked(matrix, name, ask, DISCREET) == set()


async def test_the_same_doors_name_the_child_in_the_other_messenger(matrix: Matrix) -> None:
    """The policy is that of a messenger, not of the school: what is closed in one is open in the other."""
    own = DoorRequest(numbers=(matrix.school.students["own"],), pressed=True)
    shown = await asked(matrix, "mother", own, FULL)
    assert {each.split(": ")[0] for each in shown} >= {"marks", "homework", "results", "menu"}
    assert await asked(matrix, "mother", own, DISCREET) == set()


def filled(kind: type[Any]) -> Notice:
    """A notice with a word of its own in every field that may hold one."""
    hints = get_type_hints(kind)
    values = {field.name: _value(hints[field.name], field.name) for field in fields(kind)}
    notice: Notice = kind(**values)
    return notice


def _value(hint: Any, name: str) -> object:
    choices = [each for each in get_args(hint) if each is not type(None)] or [hint]
    of = choices[0]
    if isinstance(of, type) and issubclass(of, Enum):
        return next(iter(of))
    usual: dict[Any, object] = {str: f"Метка-{name}", int: 7, bool: False, date: DAY, datetime: NOW, time: time(9)}
    return usual.get(of, ())


def read(text: Text) -> str:
    """All that a person sees: title, lines, buttons, the SMS, the footer."""
    lines = [line for section in text.sections for line in (section.heading or "", *section.lines)]
    labels = [button.label for row in text.buttons for button in row]
    return "\n".join([text.title, *lines, *labels, text.short, text.footer or ""])


KINDS = [*get_args(FamilyNotice), *get_args(StaffNotice), *get_args(PersonalNotice)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_no_notice_names_anybody_in_a_discreet_messenger(kind: type[Any]) -> None:
    """Neither the child nor any word of the fact; alone, beside another child's, and in either language."""
    notice = filled(kind)
    child = NOBODY if kind in get_args(StaffNotice) else ANYA
    for facts in ([(child, notice)], [(child, notice), (BORIS, notice)] if child is ANYA else [(child, notice)] * 2):
        for t in (RUSSIAN, ENGLISH):
            said = read(compose_text(parcel(*facts, discreet=True), t, key=KEY))
            assert [part for each in (ANYA, BORIS) for part in each[1].split() if part in said] == []
            assert "Метка-" not in said or kind in IMPERSONAL


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_the_same_notice_is_whole_in_the_other_messenger(kind: type[Any]) -> None:
    """The words above are searched for in vain because the messenger is discreet, not because nothing says them."""
    notice = filled(kind)
    child = NOBODY if kind in get_args(StaffNotice) else ANYA
    said = read(compose_text(parcel((child, notice)), RUSSIAN, key=KEY))
    has_words = any("Метка-" in str(getattr(notice, field.name)) for field in fields(kind))
    assert said.strip()
    assert "Метка-" in said or not has_words
