"""The draft of a broadcast, which the dialog keeps between two taps."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from datetime import date, datetime
from typing import Any, Self

from bot.handlers.doors import COMPOSING, DoorVisit
from bot.screens.broadcast.compose import ANNOUNCEMENT, ComposeScreenFrame, PickedLesson
from bot.screens.broadcast.draft import FILES, WORDS
from core.actions.broadcast import broadcasts
from core.errors import NotFoundError
from core.model.broadcast import Acknowledging, Draft
from core.model.conversation import SentFile
from core.model.timetable import ChangeKind, NewLessonChange
from core.model.year import TeachingGroup

MOST_NAMED = 8
"""Groups that a title names."""

_CHANGE = tuple(field.name for field in fields(NewLessonChange))


@dataclass(frozen=True, slots=True)
class BroadcastDraft:
    """The draft: the groups, the change that is being picked, and the changes that are complete."""

    group_ids: tuple[int, ...]
    kind: ChangeKind | None = None
    day: date | None = None
    picked: tuple[PickedLesson, ...] = ()
    teacher_id: int = 0
    moved_to: date | None = None
    rooms: tuple[str, ...] = ()
    changes: tuple[NewLessonChange, ...] = ()
    text: str | None = None
    files: tuple[SentFile, ...] = ()
    file_words: str = ""
    """Stands for the text while there are files alone."""

    message: int | None = None
    """The message whose words the text is."""

    rule: Acknowledging = Acknowledging.ONE_PARENT
    send_at: datetime | None = None
    replaces_id: int | None = None

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """Reads what `kept` wrote, or release 0.1; NotFoundError where the chat composes no broadcast."""
        kept = kept.get(COMPOSING) or kept
        if "group_ids" not in kept:
            raise NotFoundError
        return cls(
            group_ids=tuple(kept["group_ids"]),
            kind=ChangeKind(kept["kind"]) if kept["kind"] else None,
            day=_day(kept["day"]),
            picked=tuple(PickedLesson(*lesson) for lesson in kept["picked"]),
            teacher_id=kept["teacher_id"],
            moved_to=_day(kept["moved_to"]),
            rooms=tuple(kept["rooms"]),
            changes=tuple(_change(change) for change in kept["changes"]),
            text=kept["text"],
            files=tuple(SentFile(*file) for file in (*kept.get("files", ()), kept.get("file")) if file),
            file_words=kept.get("file_words", ""),
            message=kept.get("message"),
            rule=Acknowledging(kept["rule"]),
            send_at=datetime.fromisoformat(kept["send_at"]) if kept["send_at"] else None,
            replaces_id=kept["replaces_id"],
        )

    def kept(self) -> dict[str, Any]:
        """The draft as JSON; `of` reads it."""
        return {
            "group_ids": list(self.group_ids),
            "kind": self.kind,
            "day": _iso(self.day),
            "picked": [[lesson.group_id, lesson.subject_id, lesson.number] for lesson in self.picked],
            "teacher_id": self.teacher_id,
            "moved_to": _iso(self.moved_to),
            "rooms": list(self.rooms),
            "changes": [_kept_change(change) for change in self.changes],
            "text": self.text,
            "files": [list(astuple(file)) for file in self.files],
            "file_words": self.file_words,
            "message": self.message,
            "rule": self.rule,
            "send_at": self.send_at.isoformat() if self.send_at else None,
            "replaces_id": self.replaces_id,
        }

    @property
    def draft(self) -> Draft:
        """The draft for the actions."""
        text = self.text or (self.file_words if self.files else None)
        return Draft(
            frozenset(self.group_ids), self.changes, text, self.rule, self.files, self.send_at, self.replaces_id
        )

    @property
    def is_begun(self) -> bool:
        """Whether it holds anything that would be missed."""
        return bool(self.changes or self.text or self.files)

    def with_files(self, files: Sequence[SentFile], words: str) -> Self:
        """Adds files, each once; `words` stand for the text while there is none."""
        return replace(self, files=tuple(dict.fromkeys((*self.files, *files))), file_words=words)

    def toggled(self, lesson: PickedLesson) -> Self:
        """Ticks or unticks a lesson; a move changes one lesson only."""
        if lesson in self.picked:
            return replace(self, picked=tuple(picked for picked in self.picked if picked != lesson))
        return replace(self, picked=(lesson,) if self.kind is ChangeKind.MOVE else (*self.picked, lesson))

    def keeps(self, subject_id: int) -> bool:
        """Whether all picked lessons have this subject already, so that it changes none of them."""
        return {lesson.subject_id for lesson in self.picked} == {subject_id}

    def changed(self, **new: Any) -> Self:
        """Completes the change of the picked lessons; a later change of the same lesson replaces an earlier one."""
        if self.kind is None or self.day is None or not self.picked:
            raise NotFoundError
        added = [
            NewLessonChange(lesson.group_id, lesson.subject_id, self.day, lesson.number, self.kind, **new)
            for lesson in self.picked
        ]
        again = {_slot(change) for change in added}
        kept = [change for change in self.changes if _slot(change) not in again]
        return replace(self, changes=(*kept, *added), picked=(), kind=None, teacher_id=0, moved_to=None)

    def without(self, place: int) -> Self:
        """Takes one of the changes out."""
        if place >= len(self.changes):
            raise NotFoundError
        return replace(self, changes=self.changes[:place] + self.changes[place + 1 :])


async def keep_broadcast_draft(visit: DoorVisit, composing: BroadcastDraft, step: str | None = None) -> None:
    """Stores the draft. The next words go to this step; without one files are added, and words to files alone."""
    step = step or (WORDS if composing.files and not composing.text else FILES)
    await visit.wait_for(step, **{COMPOSING: composing.kept()})
    await visit.uow.commit()


def broadcast_draft_of_chat(visit: DoorVisit, kind: ChangeKind | None = None) -> BroadcastDraft:
    """The draft of this chat; NotFoundError without one, or where its change is of another kind (an old button)."""
    composing = BroadcastDraft.of(visit.dialog.draft)
    if kind not in (None, composing.kind):
        raise NotFoundError
    return composing


def begun_broadcast_draft(visit: DoorVisit) -> BroadcastDraft | None:
    """The draft of this chat if it holds anything that would be missed."""
    return BroadcastDraft.of(visit.dialog.draft) if is_broadcast_draft_begun(visit.dialog.draft) else None


def is_broadcast_draft_begun(kept: Mapping[str, Any]) -> bool:
    """Whether the draft of a chat has a broadcast that holds anything."""
    try:
        return BroadcastDraft.of(kept).is_begun
    except NotFoundError:
        return False


def broadcast_draft_classes(visit: DoorVisit) -> tuple[int, ...]:
    """The groups of a draft that has nothing else yet."""
    try:
        return BroadcastDraft.of(visit.dialog.draft).group_ids
    except NotFoundError:
        return ()


async def broadcast_draft_groups(visit: DoorVisit) -> Sequence[TeachingGroup]:
    """The groups whose families the actor may write to; read once a visit."""
    return await visit.read_once(
        "groups", lambda: broadcasts.load_groups_of_broadcasts(visit.uow, visit.reader, on=visit.today)
    )


async def broadcast_draft_frame(visit: DoorVisit, group_ids: Iterable[int]) -> ComposeScreenFrame:
    """The common parts of every screen, with the groups' names. NotFoundError for a group that is not the actor's."""
    names = {group.id: group.name for group in await broadcast_draft_groups(visit)}
    asked = sorted(group_ids)
    if not asked or not set(asked) <= names.keys():
        raise NotFoundError
    return ComposeScreenFrame(
        title=_title([names[group_id] for group_id in asked], visit), groups=names, today=visit.today,
        zone=visit.school.policy.zone, t=visit.t, seal=visit.seal, is_discreet=visit.is_discreet,
        notice_words=visit.school.channels.notice_words,
    )  # fmt: skip


def _title(names: Sequence[str], visit: DoorVisit) -> str:
    """The groups by name; where they are many, their number and the first ones."""
    if len(names) <= MOST_NAMED:
        return ", ".join(names)
    return visit.t("broadcast.many_classes", len(names), names=", ".join(names[:MOST_NAMED]))


def broadcast_draft_change_kind(place: int) -> ChangeKind | None:
    """The kind of change of a button; None: an announcement. NotFoundError for another number."""
    if place > ANNOUNCEMENT:
        raise NotFoundError
    return None if place == ANNOUNCEMENT else list(ChangeKind)[place]


def _slot(change: NewLessonChange) -> tuple[object, ...]:
    return change.group_id, change.subject_id, change.on, change.number, change.kind


def _kept_change(change: NewLessonChange) -> list[Any]:
    values = [getattr(change, name) for name in _CHANGE]
    return [value.isoformat() if isinstance(value, date) else value for value in values]


def _change(kept: Sequence[Any]) -> NewLessonChange:
    values = dict(zip(_CHANGE, kept, strict=True))
    dates = {"on": date.fromisoformat(values["on"]), "new_on": _day(values["new_on"])}
    return NewLessonChange(**{**values, **dates, "kind": ChangeKind(values["kind"])})


def _iso(on: date | None) -> str | None:
    return on.isoformat() if on else None


def _day(kept: str | None) -> date | None:
    return date.fromisoformat(kept) if kept else None
