"""The longest that any screen can get: Telegram takes each of them (Q91)."""

from itertools import product

import pytest

from bot.handlers import DOORS
from bot.handlers.doors import WORDS, Behind, Door, DoorRequest
from bot.locales import LANGUAGES
from bot.rendering import split_rendered_messages
from bot.sandbox.bot_api.entities import entity_utf16_length, parse_html_entities
from bot.screens.screen import Screen, screen_text
from core.ports import UnitOfWorkFactory
from tests.support.conversation.asking import Asking
from tests.support.schools.long_school import TODAY, LongSchool, build_long_school, long_name

pytestmark = pytest.mark.no_cover

TEXT, CAPTION, DATA, BUTTONS, LABEL = 4096, 1024, 64, 100, 64


def _asks(door: Door, school: LongSchool) -> list[DoorRequest]:
    pressed = [DoorRequest(numbers=numbers, pressed=True) for numbers in sorted(_numbers(door, school))]
    return [*pressed, DoorRequest(text=long_name(0))] if door.takes >= WORDS else pressed


def _numbers(door: Door, school: LongSchool) -> set[tuple[int, ...]]:
    first = {
        Behind.NOTHING: (), Behind.STUDENT: (school.students[0],), Behind.GROUP: (school.group,),
        Behind.RECORD: (1, 2, school.chat_id),
    }[door.behind]  # fmt: skip
    day = int(f"{TODAY:%Y%m%d}")
    tails = [
        (),
        (0,),
        (school.subjects[0],),
        (day,),
        (school.subjects[0], day),
        (school.subjects[0], day, school.students[0]),
    ]
    return {(number, *tail) for number in first for tail in tails} if first else set(tails)


async def test_every_screen_fits_the_longest_school(open_sqlite: UnitOfWorkFactory) -> None:
    """Forty lessons, twenty subjects, names of sixty characters with «<&>"»: words, captions and buttons all fit.

    What shows no screen in the first language is not asked in the others.
    """
    school = await build_long_school(open_sqlite)
    asking = Asking.of(open_sqlite)
    unseen = {door.name for door in DOORS if not door.writes}
    for door, actor in product(DOORS, [*school.actors.values(), None]):
        for ask in _asks(door, school):
            for language in LANGUAGES:
                caller = asking.caller(actor, language=language, draft=school.draft, chat=school.chat)
                shown = await asking.reply(door, caller, ask)
                if not isinstance(shown, Screen):
                    break
                unseen.discard(door.name)
                _require_fit(shown, door)
    assert not unseen


def _require_fit(screen: Screen, door: Door) -> None:
    texts = [parse_html_entities(message)[0] for message in split_rendered_messages(screen.text, longest=TEXT)]
    assert all(texts), door.name
    assert entity_utf16_length(screen_text(screen.text)) <= (CAPTION if screen.picture else TEXT), (
        door.name,
        entity_utf16_length(screen.text),
    )
    assert all(entity_utf16_length(text) <= TEXT for text in texts), door.name
    buttons = [button for row in screen.buttons for button in row]
    assert len(buttons) <= BUTTONS, door.name
    assert all(button.data is None or len(button.data.encode()) <= DATA for button in buttons), door.name
    assert all(button.label and entity_utf16_length(button.label) <= LABEL for button in buttons), door.name
