"""Every screen of the bot in both languages, as it stood when somebody last looked at it.

`pytest --look-again tests/component/screens/test_snapshots.py` writes the files anew; a person then reads the diff.
"""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from bot.handlers import DOORS
from bot.handlers.broadcast import start as broadcast_start
from bot.handlers.broadcast.draft import Composing
from bot.handlers.doors import Ask, Behind, Door
from bot.locales import LANGUAGES
from bot.screens.broadcast.compose import Picked
from bot.screens.screen import Screen, Toast
from core.model.timetable import ChangeKind
from core.ports import UnitOfWorkFactory
from tests.support.conversation.asking import Asking
from tests.support.schools.matrix import TODAY, TOMORROW, MatrixSchool, build_matrix_school

FILES = Path(__file__).parent / "snapshots"
ASKERS = ("mother", "student_own", "class_teacher", "teacher", "deputy", "secretary")


def _asks(door: Door, school: MatrixSchool) -> Iterator[tuple[int, ...]]:
    firsts: dict[Behind, list[tuple[int, ...]]] = {
        Behind.NOTHING: [()],
        Behind.STUDENT: [(), (school.students["own"],)],
        Behind.GROUP: [(), (school.groups["8Б"],)],
        Behind.RECORD: [(), *((record,) for record in school.records.values()), (1,)],
    }
    today, tomorrow = (int(f"{day:%Y%m%d}") for day in (TODAY, TOMORROW))
    tails = [(), (school.subject,), (tomorrow,), (today,), (school.subject, today), (today, school.subject), (0,)]
    for numbers in firsts[door.behind]:
        yield from ((*numbers, *tail) for tail in tails)


def _kinds(door: Door) -> list[ChangeKind]:
    """What is being composed meanwhile: all kinds for a door that goes on with it."""
    return list(ChangeKind) if door in broadcast_start.DOORS else [ChangeKind.ROOM]


def _draft(school: MatrixSchool, kind: ChangeKind) -> dict[str, Any]:
    lesson = (Picked(school.groups["8Б"], school.subject, 1),)
    return Composing((school.groups["8Б"],), kind, TOMORROW, lesson, text="Возьмите сменную обувь").kept()


async def _screens(open_sqlite: UnitOfWorkFactory, language: str) -> list[str]:
    school = await build_matrix_school(open_sqlite)
    asking = Asking.of(open_sqlite)
    shown: list[str] = []
    for door in DOORS:
        seen: set[str] = set()
        for kind, name, numbers in product(_kinds(door), ASKERS, list(_asks(door, school))):
            caller = asking.caller(school.actors[name], language=language, draft=_draft(school, kind))
            reply = await asking.reply(door, caller, Ask(numbers=numbers, pressed=bool(numbers)))
            if reply is not None and (picture := _picture(reply)) not in seen:
                seen.add(picture)
                shown.append(f"=== {door.name} {' '.join(map(str, numbers))} · {name}\n{picture}\n")
    return shown


def _picture(reply: Screen | Toast) -> str:
    """A screen as text: words, then a line for each row of buttons."""
    if isinstance(reply, Toast):
        return f"({reply.text})"
    extras = [f"[{each.name}]" for each in reply.files] + (["[picture]"] if reply.picture else [])
    rows = ["  ".join(f"[ {button.label} ]" for button in row) for row in reply.buttons]
    return "\n".join([reply.text, *extras, *rows])


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_screen_stands_as_it_was_last_looked_at(
    open_sqlite: UnitOfWorkFactory, language: str, request: pytest.FixtureRequest
) -> None:
    """A changed word, button or order shows here before a family sees it."""
    seen = "\n".join(await _screens(open_sqlite, language))
    file = FILES / f"{language}.txt"
    if request.config.getoption("--look-again"):
        file.write_text(seen, encoding="utf-8")  # nothing else runs
    assert seen == file.read_text(encoding="utf-8")
