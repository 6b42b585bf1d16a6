"""A notice of either kind, and its form in the outbox."""

import json
from collections.abc import Callable
from dataclasses import astuple, dataclass, fields
from datetime import date, datetime, time
from typing import get_args

from core.errors import UnreadableNoticeError
from core.model.conversation import SentFile
from core.model.notices.family import FamilyNotice
from core.model.notices.kinds import NoticeKind
from core.model.notices.personal import PersonalNotice
from core.model.notices.staff import StaffNotice
from core.model.results.exams import ExamKind, ExamStatus, OlympiadPlace, OlympiadStage
from core.model.timetable import ChangeKind


@dataclass(frozen=True, slots=True)
class UnreadableNotice:
    """A stored notice that this version cannot read. It is owed like any other, and cannot be put into words (Q121)."""

    @property
    def kind(self) -> NoticeKind:
        """Only its row knows the kind. Raises UnreadableNoticeError."""
        raise UnreadableNoticeError


WrittenNotice = FamilyNotice | StaffNotice | PersonalNotice
Notice = WrittenNotice | UnreadableNotice


Fact = str | int | None


_BY_NAME: dict[str, type[Notice]] = {_type.__name__: _type for _type in get_args(WrittenNotice)}


_READ: dict[str, Callable[[str], object]] = {
    "on": date.fromisoformat,
    "new_on": date.fromisoformat,
    "until": date.fromisoformat,
    "due": datetime.fromisoformat,
    "starts": time.fromisoformat,
    "since": datetime.fromisoformat,
    "imported_at": datetime.fromisoformat,
    "change": ChangeKind,
    "results": NoticeKind,
    "exam": ExamKind,
    "status": ExamStatus,
    "stage": OlympiadStage,
    "place": OlympiadPlace,
    "before_status": ExamStatus,
    "more_files": lambda kept: tuple(SentFile(*file) for file in json.loads(kept)),
}


def notice_to_facts(notice: Notice) -> dict[str, Fact]:
    """The fields of a notice as the outbox stores them: strings and numbers; dates in ISO 8601, files in JSON."""
    values = {field.name: getattr(notice, field.name) for field in fields(notice)}
    if "more_files" in values:
        values["more_files"] = json.dumps([astuple(file) for file in values["more_files"]], ensure_ascii=False)
    return {name: value.isoformat() if isinstance(value, date | time) else value for name, value in values.items()}


def notice_from_facts(name: str, facts: dict[str, Fact]) -> Notice:
    """The notice of `notice_to_facts`; KeyError if no class has this name."""
    values = {key: _READ[key](str(value)) if key in _READ and value else value for key, value in facts.items()}
    return _BY_NAME[name](**values)  # type: ignore[arg-type]  # the union's fields differ; notice_to_facts wrote them
