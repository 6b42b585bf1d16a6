"""Look-ups of a family: finds the child and the marks asked for, checks access, shows the screen, records the view."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot.handlers.doors import FAMILY, Behind, Door, DoorRequest, DoorVisit
from bot.handlers.remembered import remembered_followup
from bot.handlers.spans import find_calendar_span_at_door, load_door_span_periods
from bot.handlers.taught import is_taught_to_child, taught_class_name
from bot.questions.intents import is_exam_named
from bot.questions.model import Intent, Question
from bot.questions.spelling import spelling_topic_number
from bot.screens import frame as screens
from bot.screens import notes
from bot.screens.forecast.wishes import wish_number_of_question
from bot.screens.frame import ScreenFrame, ScreenFrameLook
from bot.screens.marks.lookup import Entries
from bot.screens.screen import Screen
from core.actions import year as year_actions
from core.actions.marks import lookup as marks
from core.errors import NotFoundError
from core.model.people import Person
from core.model.year import ReportingPeriod
from core.rules import year

Show = Callable[[DoorVisit, ScreenFrame], Awaitable[Screen]]
"""Makes the screen of a look-up; the visitor may see the child of the frame."""


def lookup_door(
    name: str,
    show: Show,
    *,
    command: str | None = None,
    intent: Intent | None = None,
    discreet: bool = False,
    writes: bool = False,
    begin: Callable[[Sequence[int]], ScreenFrameLook] = ScreenFrameLook.of,
) -> Door:
    """A door to facts about one child; `begin` turns the numbers of its buttons into a look."""

    async def look_up(visit: DoorVisit, ask: DoorRequest) -> Screen:
        children = await visit.children()
        look = await _asked(visit, ask) if ask.question else begin(ask.numbers)
        if intent is not None:
            visit.afterwards.asked = await _remembered(visit, look, ask.question or Question(intent))
        leaves_child = ask.question is not None and ask.question.leaves_child
        child = child_of_lookup(children, look.child_id, remembered=None if leaves_child else visit.dialog.child_id)
        if child is None:
            return screens.frame_child_choice_screen(
                children, look, visit.t, visit.seal, door=name, is_discreet=visit.is_discreet
            )
        frame = lookup_frame(visit, name, replace(look, child_id=child.id), child, children)
        frame = replace(frame, subject=await _subject_name(visit, look.subject_id), question=ask.question)
        theirs = await visit.of_child(child.id)
        screen = await show_lookup_answer(theirs, frame, show)
        theirs.record_view(name, child.id)
        turns = ask.pressed and len(ask.numbers) >= ScreenFrameLook.WHOLE
        return replace(screen, in_place=turns and screen.picture is None and not screen.files)

    return Door(
        name, look_up, FAMILY, Behind.STUDENT, command=command, intent=intent, discreet=discreet, writes=writes,
        joint=True,
    )  # fmt: skip


async def show_lookup_answer(visit: DoorVisit, frame: ScreenFrame, show: Show) -> Screen:
    """The screen of a look-up, for a question in the dates that it means and with what it took otherwise (Q113)."""
    question = frame.question
    if question is None:
        return await show(visit, frame)
    span = await find_calendar_span_at_door(visit, question, frame.child.id)
    if span is not None and span.missing:
        return notes.missing_calendar_note_screen(
            frame, span.missing, await load_door_span_periods(visit, frame.child.id)
        )
    if span is not None and span.since and span.until:
        frame = frame.between_dates(span.since, span.until)
    school_class = await taught_class_name(visit, frame.child.id) if question.form or frame.subject else ""
    untaught = (
        frame.subject is not None
        and question.intent is not Intent.EXAMS
        and not is_exam_named(" ".join(question.work))  # an exam may be in a subject that the class does not have
        and not await is_taught_to_child(visit, frame.child.id, frame.subject)
    )
    is_own = any(speaker.actor.person_id == frame.child.id for speaker in visit.speakers)
    screen = await show(visit, frame)
    return notes.screen_with_child_notes(frame, screen, school_class, is_untaught=untaught, is_own=is_own)


async def _remembered(visit: DoorVisit, look: ScreenFrameLook, question: Question) -> Mapping[str, Any]:
    """The question for one that goes on with it; of a button its subject and dates."""
    if question.subject is None and not question.subjects:
        question = replace(question, subject=await _subject_name(visit, look.subject_id))
    if question.since is None:
        question = replace(question, since=look.since, until=look.until)
    return remembered_followup(question, at=visit.now)


def lookup_frame(
    visit: DoorVisit, door: str, look: ScreenFrameLook, child: Person, children: Sequence[Person]
) -> ScreenFrame:
    """The frame of a look-up screen."""
    return ScreenFrame(
        door=door,
        look=look,
        child=child,
        children=children,
        today=visit.today,
        zone=visit.school.policy.zone,
        t=visit.t,
        seal=visit.seal,
        is_discreet=visit.is_discreet,
    )


async def _asked(visit: DoorVisit, ask: DoorRequest) -> ScreenFrameLook:
    """The child, subject, dates and topic of a question in plain words."""
    question = ask.question
    if question is None:
        return ScreenFrameLook()
    named = [subject.id for subject in await visit.subjects() if subject.name == question.subject]
    return ScreenFrameLook(
        question.child_id or 0, question.since, question.until, named[0] if named and not question.about else 0,
        words=spelling_topic_number(question.about) or wish_number_of_question(question), said=question.about,
        term=question.term if question.since is None else None,
    )  # fmt: skip


def child_of_lookup(children: Sequence[Person], child_id: int, *, remembered: int | None) -> Person | None:
    """The named child, else the only one, else the one that the chat is about; None: must be asked.

    Access is checked again at each click: NotFoundError for a child who is not, or no longer, the visitor's.
    """
    own = {child.id: child for child in children}
    if child_id and child_id not in own:
        raise NotFoundError
    return own.get(child_id or remembered or 0) or (children[0] if len(children) == 1 else None)


async def _subject_name(visit: DoorVisit, subject_id: int) -> str | None:
    """The subject's name, None for 0; NotFoundError for a subject that the school does not have."""
    if not subject_id:
        return None
    for subject in await visit.subjects():
        if subject.id == subject_id:
            return subject.name
    raise NotFoundError


async def entries_in_lookup_dates(visit: DoorVisit, frame: ScreenFrame) -> Entries:
    """The entries of the look's dates, else of this school year."""
    since, until = dates_of_lookup(visit, frame)
    return await marks.look_up_marks(
        visit.uow, visit.reader, student_id=frame.child.id, since=since, until=until, on=visit.today
    )


async def lookup_entries_of_subject(visit: DoorVisit, frame: ScreenFrame) -> Entries:
    """The entries of the look's subject, if it has one, else all."""
    return [
        entry
        for entry in await entries_in_lookup_dates(visit, frame)
        if frame.look.subject_id in {0, entry[0].subject_id}
    ]


async def reporting_period_of_lookup(visit: DoorVisit, frame: ScreenFrame) -> ReportingPeriod | None:
    """The present reporting period of the frame's child, in the look's subject if it has one (Q36)."""
    return await year_actions.load_year_period(
        visit.uow, visit.reader, student_id=frame.child.id, on=visit.today, subject_id=frame.look.subject_id or None
    )


def dates_of_lookup(visit: DoorVisit, frame: ScreenFrame) -> tuple[date, date]:
    since, until = frame.look.since, frame.look.until
    return (since, until) if since and until else (year.first_day_of_year(visit.today), visit.today)
