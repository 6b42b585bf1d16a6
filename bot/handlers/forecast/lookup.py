"""Where the marks of the present term are heading, what it takes, and what one more mark would change (R4)."""

from collections.abc import Sequence

from bot.documents import charts
from bot.handlers.doors import Visit
from bot.handlers.lookups import lookup_door
from bot.questions.model import Intent
from bot.screens.forecast import lookup as forecast_screens
from bot.screens.forecast.scores import past_scores
from bot.screens.forecast.wishes import Scales, supposed_mark
from bot.screens.frame import Frame
from bot.screens.screen import Screen
from core.actions.forecast import outlook, score_card
from core.model.forecast import Forecast
from core.rules.conversation.buttons import FORECAST
from core.rules.forecast.advice import Supposed


async def look_up_forecast(visit: Visit, frame: Frame) -> Screen:
    """The forecasts of the present term, or of one subject in full."""
    found = await _forecasts(visit, frame)
    if not found:
        return forecast_screens.no_forecast(frame)
    supposed = supposed_mark(frame)
    after = [] if supposed is None else await _forecasts(visit, frame, supposed)
    scales = _scales(visit)
    if frame.subject is None:
        return forecast_screens.all_subjects(frame, found, after, scales)
    return forecast_screens.one_subject(frame, found[0], after[0] if after else None, scales)


async def look_up_forecast_chart(visit: Visit, frame: Frame) -> Screen:
    """The chances of each mark as a picture; the words alone where there is no forecast."""
    found = await _forecasts(visit, frame)
    rows = forecast_screens.chart_rows(found)
    if not rows:
        return await look_up_forecast(visit, frame)
    picture = charts.chances_chart(visit.t("forecast.title", period=found[0].period), rows, visit.t, name=frame.name)
    return forecast_screens.forecast_chart(frame, picture)


async def look_up_past_scores(visit: Visit, frame: Frame) -> Screen:
    """How the forecasts of the terms that are over turned out."""
    scores = await score_card.child_scores(
        visit.uow, visit.reader, student_id=frame.child.id, on=visit.today, policy=visit.school.results
    )
    return past_scores(frame, scores)


async def _forecasts(visit: Visit, frame: Frame, supposed: Supposed | None = None) -> Sequence[Forecast]:
    found = await outlook.family_forecasts(
        visit.uow,
        visit.reader,
        student_id=frame.child.id,
        on=visit.today,
        policy=visit.school.results,
        supposed=supposed,
    )
    return [each for each in found if frame.look.subject_id in {0, each.subject_id}]


def _scales(visit: Visit) -> Scales:
    return Scales.of(visit.school.results.thresholds, visit.school.lowest_mark)


DOORS = (
    lookup_door(FORECAST, look_up_forecast, command="forecast", intent=Intent.FORECAST),
    lookup_door(forecast_screens.CHART, look_up_forecast_chart),
    lookup_door(forecast_screens.SCORES, look_up_past_scores),
)
