"""Families look up recommendations; what is on the screen counts as read (Q24)."""

from bot.handlers.doors import Visit
from bot.handlers.lookups import lookup_door
from bot.questions.model import Intent
from bot.screens.frame import Frame
from bot.screens.schoolwork import recommendations as recommendation_screens
from bot.screens.screen import Screen
from core.actions.schoolwork import recommendations


async def look_up_recommendations(visit: Visit, frame: Frame) -> Screen:
    """Recommendations on all subjects, or on one; marks them as read (Q24)."""
    read = await recommendations.read_recommendations(
        visit.uow, visit.reader, student_id=frame.child.id, subject_id=frame.look.subject_id or None, now=visit.now,
        on=visit.today,
    )  # fmt: skip
    return recommendation_screens.recommendations(frame, read)


DOORS = (
    lookup_door(
        recommendation_screens.ADVICE,
        look_up_recommendations,
        command="advice",
        intent=Intent.RECOMMENDATIONS,
        writes=True,
    ),
)
