"""Column types: moments in UTC, enums as text, decimals as digits, notices as JSON."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import JSON, Date, DateTime, Dialect, String, TypeDecorator

from core.model.conversation import SentFile
from core.model.delivery.text import Button, Section, Text
from core.model.notices.facts import Notice, UnreadableNotice, notice_from_facts, notice_to_facts
from core.model.notices.kinds import NoticeKind
from core.model.paper import Block, BlockLayout
from core.model.register.forms import AgreedChoice
from core.model.register.preferences import Frequency

E = TypeVar("E", bound=StrEnum)

SQLITE = "sqlite"


class MomentType(TypeDecorator[datetime]):
    """A moment in UTC; ValueError for a naive datetime, since its zone is unknown (Q105).

    SQLite has no such type and gets ISO 8601 of a fixed width, so that the order of texts is the order in time.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        return moment_type_text if dialect.name == SQLITE else _moment

    def result_processor(self, dialect: Dialect, _coltype: object) -> Callable[[Any], datetime | None] | None:
        return _moment_of if dialect.name == SQLITE else None


class DayType(TypeDecorator[date]):
    """A calendar date; on SQLite as ISO 8601."""

    impl = Date
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        return _day_text if dialect.name == SQLITE else None

    def result_processor(self, dialect: Dialect, _coltype: object) -> Callable[[Any], date | None] | None:
        return _day_of if dialect.name == SQLITE else None


class WordType(TypeDecorator[E]):
    """An enum as its text value, so that a new member needs no migration."""

    impl = String
    cache_ok = True

    def __init__(self, words: type[E]) -> None:
        super().__init__()
        self.words = words

    def result_processor(self, _dialect: Dialect, _coltype: object) -> Callable[[Any], E | None]:
        by_text: dict[str | None, E | None] = {None: None}
        by_text |= {word.value: word for word in self.words}
        return by_text.__getitem__


class ExactType(TypeDecorator[Decimal]):
    """A decimal number as its digits, so that no database rounds or pads it (Q42)."""

    impl = String
    cache_ok = True

    def bind_processor(self, _dialect: Dialect) -> Callable[[Any], str | None]:
        return _digits

    def result_processor(self, _dialect: Dialect, _coltype: object) -> Callable[[Any], Decimal | None]:
        return _number


def _moment(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a datetime without its zone cannot be stored")
    return value.astimezone(UTC)


@lru_cache(1024)
def moment_type_text(value: datetime | None) -> str | None:
    """A moment as SQLite stores it."""
    moment = _moment(value)
    return None if moment is None else moment.isoformat(timespec="microseconds")


@lru_cache(1024)
def _moment_of(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


@lru_cache(1024)
def _day_text(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


@lru_cache(1024)
def _day_of(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _digits(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


@lru_cache(1024)
def _number(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


class NoticeFactsType(TypeDecorator[Notice]):
    """A notice as its class name and its facts; its words are written at each sending."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Notice | None, _dialect: Dialect) -> list[Any] | None:
        return None if value is None else [type(value).__name__, notice_to_facts(value)]

    def process_result_value(self, value: list[Any] | None, _dialect: Dialect) -> Notice | None:
        return None if value is None else _readable_notice(value)


def _readable_notice(value: list[Any]) -> Notice:
    """One that another version wrote, or that was damaged, must not keep the others from being read (Q121)."""
    try:
        return notice_from_facts(*value)
    except (AttributeError, KeyError, TypeError, ValueError):
        return UnreadableNotice()


class ExtractTextType(TypeDecorator[Text]):
    """The text of a paper extract, without attachments, which paper cannot carry."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Text | None, _dialect: Dialect) -> dict[str, Any] | None:
        return None if value is None else _to_json(value)

    def process_result_value(self, value: dict[str, Any] | None, _dialect: Dialect) -> Text | None:
        return None if value is None else _from_json(value)


class BlocksType(TypeDecorator[tuple[Block, ...]]):
    """What a weekly extract holds, as JSON."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[Block, ...] | None, _dialect: Dialect) -> list[dict[str, Any]] | None:
        return None if value is None else [asdict(block) for block in value]

    def process_result_value(self, value: list[dict[str, Any]] | None, _dialect: Dialect) -> tuple[Block, ...] | None:
        return None if value is None else tuple(_block(facts) for facts in value)


class NumbersType(TypeDecorator[tuple[int, ...]]):
    """A few numbers, in their order, as JSON."""

    impl = JSON
    cache_ok = True

    def process_result_value(self, value: list[int] | None, _dialect: Dialect) -> tuple[int, ...] | None:
        return None if value is None else tuple(value)


class WordsType(TypeDecorator[tuple[str, ...]]):
    """A few words, in their order, as JSON."""

    impl = JSON
    cache_ok = True

    def process_result_value(self, value: list[str] | None, _dialect: Dialect) -> tuple[str, ...] | None:
        return None if value is None else tuple(value)


class AgreedChoicesType(TypeDecorator[tuple[AgreedChoice, ...]]):
    """The choices on a statement of contacts, as JSON."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: tuple[AgreedChoice, ...] | None, _dialect: Dialect) -> list[list[str]] | None:
        return None if value is None else [[each.kind, each.channel, each.frequency] for each in value]

    def process_result_value(self, value: list[list[str]] | None, _dialect: Dialect) -> tuple[AgreedChoice, ...] | None:
        if value is None:
            return None
        return tuple(AgreedChoice(NoticeKind(kind), channel, Frequency(often)) for kind, channel, often in value)


def _block(facts: dict[str, Any]) -> Block:
    rows = tuple(tuple(row) for row in facts["rows"])
    return Block(facts["heading"], BlockLayout(facts["layout"]), rows, tuple(facts["columns"]), facts["note"])


def _to_json(text: Text) -> dict[str, Any]:
    return {
        "title": text.title,
        "sections": [[section.heading, section.lines] for section in text.sections],
        "short": text.short,
        "buttons": [[[button.label, button.data, button.url] for button in row] for row in text.buttons],
        "footer": text.footer,
        "unsubscribable": text.unsubscribable,
    }


def _from_json(facts: dict[str, Any]) -> Text:
    sections = tuple(Section(heading, tuple(lines)) for heading, lines in facts.pop("sections"))
    buttons = tuple(tuple(Button(*button) for button in row) for row in facts.pop("buttons"))
    return Text(sections=sections, buttons=buttons, **facts)


class BroadcastFilesType(TypeDecorator[tuple[SentFile, ...]]):
    """Files as the messenger keeps them; until 0.2 there was one at most, kept without a list."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: tuple[SentFile, ...] | None, _dialect: Dialect) -> list[dict[str, Any]] | None:
        return [asdict(file) for file in value] if value else None

    def process_result_value(self, value: Any, _dialect: Dialect) -> tuple[SentFile, ...]:
        kept = value if isinstance(value, list) else [value] if value else []
        return tuple(SentFile(**file) for file in kept)
