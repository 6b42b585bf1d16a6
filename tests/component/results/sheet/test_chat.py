"""The summary sheet in the chat: its state, and the files that the bot sends (Q14, Q65)."""

from datetime import date

import pytest

from bot.handlers.doors import DoorRequest
from bot.handlers.results.sheet import DOORS
from bot.screens.screen import Screen, screen_text
from core.model.people import Actor, Role
from core.model.results.deferrals import Deferral
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from core.rules.people.names import normal_class_name
from tests.support.conversation.asking import Asking
from tests.support.schools.builders import NOW
from tests.support.schools.term_ends import TERM, TermSchool, a_term_school

(SHEET,) = DOORS


@pytest.fixture
async def school(open_sqlite: UnitOfWorkFactory) -> TermSchool:
    """8Б with one deferral, and 8В beside it."""
    school = await a_term_school(open_sqlite)
    async with open_sqlite() as uow:
        await uow.year.ensure_group(GroupKind.CLASS, "8В", normal_class_name("8В"))
        ids = school.pupils["Белов Борис"], school.subjects["Алгебра"], school.year
        dates = date(2026, 10, 1), date(2026, 10, 20)
        await uow.deferrals.add(Deferral(0, *ids, TERM, *dates, "№ 1", "приказ", date(2026, 12, 1), None, NOW))
        await uow.commit()
    return school


async def shown(school: TermSchool, actor: Actor, *numbers: int) -> Screen | None:
    asking = Asking.of(school.open_uow)
    caller = asking.caller(actor)
    reply = await asking.reply(SHEET, caller, DoorRequest(numbers=numbers, pressed=bool(numbers)))
    assert reply is None or isinstance(reply, Screen)
    assert len(caller.afterwards.views) == (3 if reply is not None and reply.files else 0)
    return reply


async def test_the_deputy_head_chooses_a_class_and_gets_two_files(school: TermSchool) -> None:
    """The state of the sheet first, then a page and a workbook; who was seen in them is recorded (Q65, Q68, Q102)."""
    first = await shown(school, school.deputy)
    assert first is not None
    assert [button.label for row in first.buttons for button in row] == ["8Б", "8В"]
    state = await shown(school, school.deputy, school.group)
    assert state is not None
    assert screen_text(state.text).splitlines()[:5] == [
        "Сводная ведомость", "8Б · 2026/2027", "", "3 ученика", "отсрочка: 1 оценка",
    ]  # fmt: skip
    for layout in (0, 1):
        sent = await shown(school, school.deputy, school.group, layout)
        assert sent is not None
        assert [file.name for file in sent.files] == ["Сводная ведомость 8Б.pdf", "Сводная ведомость 8Б.xlsx"]
        assert [file.content[:4] for file in sent.files] == [b"%PDF", b"PK\x03\x04"]


async def test_a_class_teacher_gets_the_own_class_at_once_and_no_other(school: TermSchool) -> None:
    """A foreign class, an unknown arrangement and a subject teacher get nothing (Q14, Q65)."""
    own = await shown(school, school.lisina)
    assert own is not None
    assert "8Б · 2026/2027" in screen_text(own.text)
    for numbers in ((school.group + 1,), (school.group + 1, 0), (school.group, 2), (999,)):
        assert await shown(school, school.lisina, *numbers) is None
    assert await shown(school, school.sharova) is None
    nobody = await shown(school, Actor(school.staff["sharova"], frozenset({Role.CLASS_TEACHER})))
    assert nobody is not None
    assert "ни одного класса" in nobody.text
