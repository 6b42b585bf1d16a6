"""What a chat keeps of a question, so that the next one can go on with it (Q112)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from bot.questions.kinds import Asked
from bot.questions.model import CalendarDays, Final, Intent, Question, Wish

LONGEST_PAUSE = timedelta(minutes=10)
"""After this pause a question stands alone."""


def remembered_followup(question: Question, *, at: datetime) -> Mapping[str, Any]:
    """What a chat keeps of a question, as plain JSON; the child is kept as the child that the chat is about."""
    return {
        "at": at.isoformat(),
        "intent": str(question.intent),
        "subjects": [question.subject] if question.subject else list(question.subjects),
        "since": question.since and question.since.isoformat(),
        "until": question.until and question.until.isoformat(),
        "term": question.term,
        "asked": question.asked and question.asked.name,
        "marks": list(question.marks),
        "number": question.number,
        "absences": list(question.absences),
        "is_given": question.is_given,
        "calendar_days": question.calendar_days and question.calendar_days.name,
        "mark": question.mark,
        "is_supposed": question.is_supposed,
        "is_heavy": question.is_heavy,
        "work": list(question.work) if question.intent in {Intent.FORECAST, Intent.MARKS, Intent.CONTROL_WORKS} else [],
        "wish": question.wish and str(question.wish),
        "final": question.final and str(question.final),
        "children": list(question.child_ids),
        "seasons": list(question.seasons),
    }


def recalled_followup(kept: Mapping[str, Any], *, now: datetime) -> Question | None:
    """The question before, if the pause was not too long."""
    if not kept or now - datetime.fromisoformat(kept["at"]) > LONGEST_PAUSE:
        return None
    subjects = tuple(kept["subjects"])
    return Question(
        Intent(kept["intent"]),
        subject=subjects[0] if len(subjects) == 1 else None,
        subjects=subjects if len(subjects) > 1 else (),
        since=kept["since"] and date.fromisoformat(kept["since"]),
        until=kept["until"] and date.fromisoformat(kept["until"]),
        term=kept["term"],
        asked=Asked[kept["asked"]] if kept["asked"] else None,
        marks=tuple(kept["marks"]),
        number=kept["number"],
        absences=tuple(kept.get("absences", ())),
        is_given=kept["is_given"],
        calendar_days=CalendarDays[kept["calendar_days"]] if kept["calendar_days"] else None,
        mark=kept["mark"],
        is_supposed=kept["is_supposed"],
        is_heavy=kept.get("is_heavy", False),
        work=tuple(kept.get("work", ())),
        wish=Wish(kept["wish"]) if kept.get("wish") else None,
        final=Final(kept["final"]) if kept.get("final") else None,
        child_ids=tuple(kept["children"]),
        seasons=tuple(kept.get("seasons", ())),
        told=tuple(kept.get("told", ())),
    )
