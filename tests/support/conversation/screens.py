"""A family before a screen, for tests that read what is shown: children, a frame, facts of the journal and the day."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bot.locales import LocaleCatalogues
from bot.screens.frame import ScreenFrame, ScreenFrameLook
from bot.screens.screen import BOLD, ITALIC, STRUCK, Screen
from core.model.imports.reports import ReportKind
from core.model.marks.entries import Entry
from core.model.people import Person
from core.model.results.period_marks import PeriodMark
from core.model.timetable import DayLesson, LessonState
from core.rules.conversation.buttons import Handle, pack_button, unpack_button
from core.rules.marks.tokens import token_kind

CATALOGUES = LocaleCatalogues.load()
RU = CATALOGUES.translator("ru")
EN = CATALOGUES.translator("en")
ANNA = Person(7, "Белова Анна Кирилловна", "белова анна кирилловна", None, "ru")
ARTYOM = Person(8, "Ковалёв Артём Денисович", "ковалев артем денисович", None, "ru")
TODAY = date(2026, 10, 14)
"""A Wednesday."""

_TYPED_MARKS = {ord(mark): typed for pair, typed in ((BOLD, "**"), (ITALIC, "_"), (STRUCK, "~~")) for mark in pair}

KEY = b"screens"
CHAT = "101"


def seal(handle: Handle) -> str:
    return pack_button(handle, channel="telegram", chat=CHAT, key=KEY)


def frame(
    door: str, look: ScreenFrameLook | None = None, *, children: Sequence[Person] = (ANNA,), **changes: Any
) -> ScreenFrame:
    """Anna's screen on a Wednesday in October."""
    about = look or ScreenFrameLook(ANNA.id)
    whole = {"today": TODAY, "zone": ZoneInfo("Europe/Moscow"), "t": RU, "seal": seal, **changes}
    return ScreenFrame(door=door, look=about, child=children[0], children=children, **whole)


def entry(value: str, day: int, *, subject_id: int = 1, **changes: Any) -> Entry:
    """What a cell of October holds."""
    facts: dict[str, Any] = {
        "id": day * 100 + subject_id,
        "student_id": ANNA.id,
        "subject_id": subject_id,
        "on": date(2026, 10, day),
        "kind": token_kind(value),
        "value": value,
        "work_kind": None,
        "topic": None,
        "weight": None,
        "version": 1,
        "source": ReportKind.TABLE,
        "import_id": 1,
        "recorded_at": datetime(2026, 10, day, 9, tzinfo=UTC),
        "withdrawn_at": None,
    }
    return Entry(**facts | changes)


def final(value: str | None, average: str | None, term: str = "1 четверть") -> PeriodMark:
    mean = Decimal(average) if average else None
    return PeriodMark(1, ANNA.id, 1, 1, term, mean, value, 1, None, published=True, import_id=1)


def lesson(number: int, subject: str, state: LessonState = LessonState.PLANNED, **changes: Any) -> DayLesson:
    """A lesson that rings at 8:00 plus its number in hours."""
    facts: dict[str, Any] = {
        "number": number,
        "group_id": 1,
        "group": None,
        "subject_id": number + 1,
        "subject": subject,
        "teacher_id": 1,
        "teacher": None,
        "room": None,
        "starts_at": time(8 + number),
        "ends_at": time(8 + number, 40),
        "state": state,
    }
    return DayLesson(**facts | changes)


def words_of(screen: Screen) -> str:
    """The text with its marks as people type them: `**bold**`, `_italic_`, `~~struck~~`."""
    return screen.text.translate(_TYPED_MARKS)


def labels(screen: Screen) -> list[list[str]]:
    return [[button.label for button in row] for row in screen.buttons]


def handle(screen: Screen, label: str) -> Handle:
    """What the button of these words opens."""
    found = next(button for row in screen.buttons for button in row if button.label == label)
    return unpack_button(found.data or "", channel="telegram", chat=CHAT, key=KEY)
