"""Every screen of the bot in both languages, as it stood when somebody last looked at it.

`pytest --look-again tests/component/screens/test_snapshots.py` writes the files anew; a person then reads the diff.
Otherwise only what stands in the files is asked again, and every way to ask a door that has no screen in them.
"""

import re
import sys
from collections.abc import Collection, Iterator, Mapping
from itertools import groupby, product
from pathlib import Path
from typing import Any

import pytest

from bot.handlers import DOORS
from bot.handlers.broadcast import start as broadcast_start
from bot.handlers.broadcast.draft import BroadcastDraft
from bot.handlers.doors import Behind, Door, DoorRequest
from bot.handlers.results import class_finals, deferrals, term_state
from bot.locales import LANGUAGES
from bot.screens.broadcast.compose import PickedLesson
from bot.screens.screen import Screen, Toast
from core.model.timetable import ChangeKind
from core.ports import UnitOfWorkFactory
from tests.support.conversation.asking import Asking
from tests.support.conversation.screens import words_of
from tests.support.schools.matrix import TODAY, TOMORROW, MatrixSchool, build_matrix_school

pytestmark = pytest.mark.no_cover

FILES = Path(__file__).parent / "snapshots"
MOST_LINES = 400
_CODE = re.compile(r"(?<=: )[0-9A-HJKMNP-TV-Z]{10}\b")
"""A one-time code is another one each time."""

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
    if door in {*class_finals.DOORS, *deferrals.DOORS, *term_state.DOORS}:
        page = (school.subject, school.term)
        tails.append((school.term,))
        tails += [page, (*page, school.students["own"]), (*page, school.students["own"], 1, 2)]
    for numbers in firsts[door.behind]:
        yield from ((*numbers, *tail) for tail in tails)


def _kinds(door: Door) -> list[ChangeKind | None]:
    """What is being composed meanwhile: nothing and all kinds for a door that goes on with it."""
    return [None, *ChangeKind] if door in broadcast_start.DOORS else [ChangeKind.ROOM]


def _draft(school: MatrixSchool, kind: ChangeKind | None) -> dict[str, Any]:
    if kind is None:
        return {}
    lesson = (PickedLesson(school.groups["8Б"], school.subject, 1),)
    return BroadcastDraft((school.groups["8Б"],), kind, TOMORROW, lesson, text="Возьмите сменную обувь").kept()


def _room(door: Door) -> str:
    """The module that lists the door, the smallest one; the menu lists itself."""
    modules = [(name, each) for name, each in list(sys.modules.items()) if name.startswith("bot.handlers.")]
    lists = [(name, each.DOORS) for name, each in modules if hasattr(each, "DOORS")]
    found = [(len(doors), name) for name, doors in lists if door in doors]
    return min(found)[1].removeprefix("bot.handlers.").replace(".", "_") if found else "menu"


async def _screens(open_sqlite: UnitOfWorkFactory, known: Collection[str]) -> Mapping[tuple[str, str], str]:
    """By language and file: a room of doors each, a single door where a room would be longer than a person reads.

    `known`: the headings of the screens to ask for; of a door without any, all are asked for.
    """
    school = await build_matrix_school(open_sqlite)
    asking = Asking.of(open_sqlite)
    files: dict[tuple[str, str], str] = {}
    for room, doors in groupby(sorted(DOORS, key=_room), key=_room):
        shown = {each.name: await _shown(each, school, asking, known) for each in doors}
        for language in LANGUAGES:
            spoken = {name: screens[language] for name, screens in shown.items() if screens[language]}
            whole = "\n".join(spoken.values())
            if len(whole.splitlines()) > MOST_LINES:
                files |= {(language, f"{room}_{name}"): screens for name, screens in spoken.items()}
            elif whole:
                files[language, room] = whole
    return files


async def _shown(door: Door, school: MatrixSchool, asking: Asking, known: Collection[str]) -> Mapping[str, str]:
    """By language: each screen that the door shows to anybody, once.

    What shows nothing new in the first language is not asked in the others.
    """
    seen: dict[str, set[str]] = {language: set() for language in LANGUAGES}
    shown: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    is_known = any(heading.startswith(f"=== {door.name} ") for heading in known)
    for kind, name, numbers in product(_kinds(door), ASKERS, list(_asks(door, school))):
        heading = f"=== {door.name} {' '.join(map(str, numbers))} · {name}"
        if is_known and heading not in known:
            continue
        for language in LANGUAGES:
            caller = asking.caller(school.actors[name], language=language, draft=_draft(school, kind))
            reply = await asking.reply(door, caller, DoorRequest(numbers=numbers, pressed=bool(numbers)))
            if reply is None or (picture := _picture(reply)) in seen[language]:
                break
            seen[language].add(picture)
            shown[language].append(f"{heading}\n{picture}\n")
    return {language: "\n".join(screens) for language, screens in shown.items()}


def _picture(reply: Screen | Toast) -> str:
    """A screen as text: words, then a line for each row of buttons."""
    if isinstance(reply, Toast):
        return f"({reply.text})"
    extras = [f"[{each.name}]" for each in reply.files] + (["[picture]"] if reply.picture else [])
    rows = ["  ".join(f"[ {button.label} ]" for button in row) for row in reply.buttons]
    return _CODE.sub("C0DE", "\n".join([words_of(reply), *extras, *rows]))


def _looked_at() -> Mapping[tuple[str, str], str]:
    return {(file.parent.name, file.stem): file.read_text(encoding="utf-8") for file in FILES.glob("*/*.txt")}


async def test_every_screen_stands_as_it_was_last_looked_at(
    open_sqlite: UnitOfWorkFactory, request: pytest.FixtureRequest
) -> None:
    """A changed word, button or order shows here before a family sees it."""
    is_new, files = request.config.getoption("--look-again"), _looked_at()
    known = [] if is_new else [line for text in files.values() for line in text.splitlines() if line.startswith("=== ")]
    seen = await _screens(open_sqlite, frozenset(known))
    if is_new:
        for (language, room), screens in seen.items():
            (FILES / language / f"{room}.txt").write_text(screens, encoding="utf-8")  # nothing else runs
        files = _looked_at()
    assert seen == files
