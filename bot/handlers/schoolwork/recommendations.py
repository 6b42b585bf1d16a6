"""Families look up recommendations; what is on the screen counts as read (Q24)."""

from bot.handlers.doors import DoorVisit
from bot.handlers.lookups import lookup_door
from bot.questions.model import Intent
from bot.screens.frame import ScreenFrame
from bot.screens.schoolwork import recommendations as recommendation_screens
from bot.screens.screen import Screen
from core.actions.schoolwork import recommendations


async def recommendations_door(visit: DoorVisit, frame: ScreenFrame) -> Screen:
    """Recommendations on all subjects, or on one; marks them as read (Q24)."""
    read = await recommendations.load_recommendations(
        visit.uow, visit.reader, student_id=frame.child.id, subject_id=frame.look.subject_id or None, now=visit.now,
        on=visit.today,
    )  # fmt: skip
    return recommendation_screens.recommendations_screen(frame, read)


DOORS = (
    lookup_door(
        recommendation_screens.ADVICE,
        recommendations_door,
        command="advice",
        intent=Intent.RECOMMENDATIONS,
        writes=True,
    ),
)
