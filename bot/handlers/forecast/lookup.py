"""Where the marks of the present term are heading, what it takes, and what one more mark would change (R4)."""

from collections.abc import Sequence

from bot.documents import charts
from bot.handlers.doors import DoorVisit
from bot.handlers.lookups import lookup_door
from bot.questions.model import Intent
from bot.screens.forecast import lookup as forecast_screens
from bot.screens.forecast.scores import forecast_scores_screen
from bot.screens.forecast.wishes import ForecastWishScales, frame_of_one_subject, supposed_mark_for_wish
from bot.screens.frame import ScreenFrame
from bot.screens.screen import Screen
from core.actions.forecast import outlook, score_card
from core.model.forecast import Forecast
from core.rules.conversation.buttons import FORECAST
from core.rules.forecast.advice import AdviceSupposition


async def forecast_lookup_door(visit: DoorVisit, frame: ScreenFrame) -> Screen:
    """The forecasts of the present term, or of one subject in full."""
    found = await _forecasts(visit, frame)
    if not found:
        return forecast_screens.no_forecast_lookup_screen(frame)
    after = await _supposed_forecasts(visit, frame)
    scales = _scales(visit)
    if frame.subject is None:
        return forecast_screens.forecast_lookup_screen(frame, found, after, scales)
    return forecast_screens.forecast_subject_lookup_screen(frame, found[0], after[0] if after else None, scales)


async def forecast_chart_lookup_door(visit: DoorVisit, frame: ScreenFrame) -> Screen:
    """The chances of each mark as a picture; the words alone where there is no forecast."""
    found = await _forecasts(visit, frame)
    rows = forecast_screens.forecast_rows_on_lookup_screen(found)
    if not rows:
        return await forecast_lookup_door(visit, frame)
    picture = charts.chances_chart(visit.t("forecast.title", period=found[0].period), rows, visit.t, name=frame.name)
    return forecast_screens.forecast_chart_lookup_screen(frame, picture)


async def forecast_scores_lookup_door(visit: DoorVisit, frame: ScreenFrame) -> Screen:
    """How the forecasts of the terms that are over turned out."""
    scores = await score_card.load_child_score_card(
        visit.uow, visit.reader, student_id=frame.child.id, on=visit.today, policy=visit.school.results
    )
    return forecast_scores_screen(frame, scores)


async def _supposed_forecasts(visit: DoorVisit, frame: ScreenFrame) -> Sequence[Forecast]:
    """The forecasts with the marks that are supposed, each subject with its own; empty where none are."""
    if frame.question is not None and frame.question.is_supposed and frame.question.shares and frame.subject is None:
        frames = {name: frame_of_one_subject(frame, name) for name, _ in frame.question.shares}
        found = {name: await _forecasts(visit, each, supposed_mark_for_wish(each)) for name, each in frames.items()}
        return [each for name, forecasts in found.items() for each in forecasts if each.subject == name]
    supposed = supposed_mark_for_wish(frame)
    return [] if supposed is None else await _forecasts(visit, frame, supposed)


async def _forecasts(
    visit: DoorVisit, frame: ScreenFrame, supposed: AdviceSupposition | None = None
) -> Sequence[Forecast]:
    found = await outlook.load_family_outlook(
        visit.uow,
        visit.reader,
        student_id=frame.child.id,
        on=visit.today,
        policy=visit.school.results,
        supposed=supposed,
        is_work_named=frame.question is not None and bool(frame.question.work),
    )
    return [each for each in found if frame.look.subject_id in {0, each.subject_id}]


def _scales(visit: DoorVisit) -> ForecastWishScales:
    return ForecastWishScales.of(visit.school.results.thresholds, visit.school.lowest_mark)


DOORS = (
    lookup_door(FORECAST, forecast_lookup_door, command="forecast", intent=Intent.FORECAST),
    lookup_door(forecast_screens.CHART, forecast_chart_lookup_door),
    lookup_door(forecast_screens.SCORES, forecast_scores_lookup_door),
)
