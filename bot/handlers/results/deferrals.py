"""The deputy head grants, extends and ends deferrals in the chat, step by step (Q53)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from bot.handlers.doors import WORDS, Behind, Door, DoorRequest, DoorVisit
from bot.handlers.results.class_finals import (
    PAGE,
    class_finals_pupil,
    class_finals_refusal_reply,
    class_finals_reply,
    finals_writer_for_door,
    open_class_finals_desk,
)
from bot.screens.results import deferrals as screens
from bot.screens.results.class_finals import TOKENS, class_finals_screen_refusal
from bot.screens.results.deferrals import DeferralScreenDraft
from bot.screens.screen import Screen
from core.actions.results import deferrals
from core.actions.results.deferrals import NewDeferral
from core.actions.results.term_end import term_state
from core.actions.results.term_end.class_finals import AskedFinals
from core.errors import (
    AlreadyMarkedError,
    ConflictError,
    DeferralDatesError,
    FirstGradeError,
    NotFoundError,
    NothingInForceError,
)
from core.model.people import Role
from core.model.results.period_marks import MarkCell
from core.rules.conversation.buttons import HandleRefusedError

DEPUTY = frozenset({Role.DEPUTY_HEAD})
REFUSALS = (AlreadyMarkedError, ConflictError, DeferralDatesError, FirstGradeError, NothingInForceError)

_DATE = re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})(?:\.(?P<year>\d{4}))?")
_BOTH_ENDS = 2
_LEAP_DAY = 2, 29


@dataclass(frozen=True, slots=True)
class DoorDeferral:
    """A deferral that a chat is about to grant: the page, the student, the chosen subjects, what was said."""

    asked: AskedFinals
    student_id: int
    subject_ids: tuple[int, ...]
    said: DeferralScreenDraft = field(default_factory=DeferralScreenDraft)

    def kept(self) -> dict[str, Any]:
        """As JSON in the draft of a chat."""
        said = self.said
        return {
            "page": [self.asked.group_id, self.asked.subject_id, self.asked.term],
            "student": self.student_id,
            "subjects": list(self.subject_ids),
            "illness": [day.isoformat() for day in said.illness or ()],
            "document": said.document,
            "decision": said.decision,
            "due": said.due and said.due.isoformat(),
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "DoorDeferral":
        """Reads what `kept` wrote."""
        days = [date.fromisoformat(day) for day in kept["illness"]]
        illness = (days[0], days[1]) if days else None
        due = date.fromisoformat(kept["due"]) if kept["due"] else None
        said = DeferralScreenDraft(illness, kept["document"], kept["decision"], due)
        return cls(AskedFinals(*kept["page"]), kept["student"], tuple(kept["subjects"]), said)


async def begin_deferral_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Asks for the days of the illness; the subject of the page is chosen already."""
    *page, student_id = ask.exactly(PAGE + 1)
    asked = AskedFinals(*page)
    deferring = DoorDeferral(asked, student_id, (asked.subject_id,))
    return replace(await _next_screen(visit, deferring), in_place=ask.pressed)


async def deferral_step_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The words that come answer the step that is asked."""
    if ask.pressed:
        raise HandleRefusedError
    deferring = _kept(visit)
    said = _answered(deferring.said, ask.text, visit.today)
    if said is None:
        return await _next_screen(visit, deferring, fault=class_finals_screen_refusal(DeferralDatesError(), visit.t))
    return await _next_screen(visit, replace(deferring, said=said))


async def deferral_subject_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Chooses a subject or leaves it out."""
    *_, subject_id = ask.exactly(PAGE + 2)
    deferring = _kept(visit)
    picked = set(deferring.subject_ids) ^ {subject_id}
    return replace(await _next_screen(visit, replace(deferring, subject_ids=tuple(sorted(picked)))), in_place=True)


async def grant_deferral_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Grants what was shown, in all chosen subjects or in none; the family is told."""
    ask.exactly(PAGE + 1)
    deferring = _kept(visit)
    said = deferring.said
    if said.illness is None or said.due is None or not said.document or not said.decision:
        raise NotFoundError
    desk = await open_class_finals_desk(visit, deferring.asked)
    new = NewDeferral(
        deferring.student_id, deferring.subject_ids, desk.page.term.name, *said.illness, said.document, said.decision,
        said.due,
    )  # fmt: skip
    await visit.wait_for(None)
    try:
        granted = await deferrals.grant_deferral(finals_writer_for_door(visit), new)
    except REFUSALS as refusal:
        await visit.uow.begin_reading()
        return await class_finals_refusal_reply(visit, deferring.asked, refusal)
    return await class_finals_reply(visit, deferring.asked, [visit.t("results.deferred", len(granted))])


async def end_deferral_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Ends a deferral by its mark, also where marks are made in the e-journal."""
    *page, student_id, place = ask.exactly(PAGE + 2)
    if place >= len(TOKENS):
        raise HandleRefusedError
    asked = AskedFinals(*page)
    desk = await open_class_finals_desk(visit, asked)
    cell = MarkCell(student_id, asked.subject_id, desk.page.term.name)
    try:
        await deferrals.end_deferral(finals_writer_for_door(visit), cell, TOKENS[place])
    except REFUSALS as refusal:
        await visit.uow.begin_reading()
        return await class_finals_refusal_reply(visit, asked, refusal)
    return await class_finals_reply(visit, asked, [visit.t("results.deferral_ended", 1)])


def _kept(visit: DoorVisit) -> DoorDeferral:
    """The deferral that the chat is about; NotFoundError where it is about none."""
    if (kept := visit.dialog.draft.get("deferral")) is None:
        raise NotFoundError
    return DoorDeferral.of(kept)


async def _next_screen(visit: DoorVisit, deferring: DoorDeferral, *, fault: str | None = None) -> Screen:
    """Keeps what was said and asks for the next thing, at last for the subjects."""
    opened = await class_finals_pupil(visit, deferring.asked, deferring.student_id)
    desk = await open_class_finals_desk(visit, deferring.asked)
    step = screens.STEP if deferring.said.next_step else None
    await visit.wait_for(step, deferral=deferring.kept())
    await visit.uow.commit()
    if step is not None:
        return screens.deferral_step_screen(opened, deferring.said, desk, fault=fault)
    subjects = await term_state.load_term_state_subjects(
        visit.uow, visit.reader, opened.row.proposed.pupil, desk.page.term, policy=visit.school.results, on=visit.today
    )
    subjects |= {desk.page.subject_id: desk.page.subject}
    return screens.deferral_check_screen(
        opened, deferring.said, desk, subjects=subjects, picked=deferring.subject_ids, fault=fault
    )


def _answered(said: DeferralScreenDraft, text: str, today: date) -> DeferralScreenDraft | None:
    """What is known after the answer to the next step; None for dates that cannot be."""
    words = " ".join(text.split())
    match said.next_step:
        case "illness":
            illness = _illness(text, today)
            return None if illness is None else replace(said, illness=illness)
        case "document":
            return replace(said, document=words)
        case "decision":
            return replace(said, decision=words)
        case _:
            due = next(iter(_dates(text, today, ahead=True)), None)
            is_sound = due is not None and said.illness is not None and due > max(today, said.illness[1])
            return replace(said, due=due) if is_sound else None


def _illness(text: str, today: date) -> tuple[date, date] | None:
    """«05.11–14.11», or one day. The illness has begun; its end is the first such day after that."""
    days = _dates(text, today, ahead=False)
    if not days or len(days) > _BOTH_ENDS:
        return None
    since, until = days[0], days[-1]
    if until < since and (until.month, until.day) != _LEAP_DAY:
        until = until.replace(year=since.year)
    return (since, until) if since <= until and since <= today else None


def _dates(text: str, today: date, *, ahead: bool) -> list[date]:
    """The dates in a text; one without a year is the nearest ahead, or the nearest past. Empty if one is none."""
    found = []
    for match in _DATE.finditer(text):
        try:
            on = date(int(match["year"] or today.year), int(match["month"]), int(match["day"]))
            if match["year"] is None and ahead and on < today:
                on = on.replace(year=on.year + 1)
            if match["year"] is None and not ahead and on > today:
                on = on.replace(year=on.year - 1)
        except ValueError:
            return []
        found.append(on)
    return found


DOORS = (
    Door(screens.DEFER, begin_deferral_door, DEPUTY, Behind.GROUP, writes=True),
    Door(screens.STEP, deferral_step_door, DEPUTY, Behind.NOTHING, takes=WORDS, writes=True),
    Door(screens.PICK, deferral_subject_door, DEPUTY, Behind.GROUP, writes=True),
    Door(screens.GRANT, grant_deferral_door, DEPUTY, Behind.GROUP, writes=True),
    Door(screens.END, end_deferral_door, DEPUTY, Behind.GROUP, writes=True),
)
