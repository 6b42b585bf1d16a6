"""The risk list of a class for those who lead it (Q49)."""

from collections.abc import Sequence
from dataclasses import replace

from bot.documents import charts
from bot.handlers.doors import LEADERS, Behind, Door, DoorRequest, DoorVisit
from bot.questions.forecast.risks import asks_for_risks
from bot.screens.forecast import risks as screens
from bot.screens.forecast.risks import RiskScreenFrame
from bot.screens.forecast.wishes import ForecastWishScales
from bot.screens.screen import Screen
from core.actions.forecast import risk_list, score_card
from core.actions.results.sheet import reading
from core.errors import NotFoundError
from core.rules.forecast.risks import Risk


async def forecast_risks_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The list of the only class at once, else the choice. Each student who is named is recorded as seen (Q102)."""
    classes = await reading.load_sheet_classes(visit.uow, visit.reader, on=visit.today)
    if not ask.numbers and len(classes) != 1:
        return screens.risk_class_screen(classes, visit.t, visit.seal)
    (class_id,) = ask.exactly(1) if ask.numbers else (classes[0].id,)
    frame, risks = await _read(visit, class_id)
    return replace(screens.risk_screen(frame, risks), in_place=ask.pressed)


async def forecast_risk_chart_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The same as a picture: students by subjects; the words alone where nobody is at risk."""
    (class_id,) = ask.exactly(1)
    frame, risks = await _read(visit, class_id)
    if not risks:
        return screens.risk_screen(frame, risks)
    title = visit.t("risk.of_class", school_class=frame.school_class.name)
    picture = charts.risks_chart(title, screens.risk_cells_on_screen(risks, visit.t), visit.t)
    return screens.risk_chart_screen(frame, risks, picture)


async def forecast_risk_scores_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """How the forecasts of the class turned out in the terms that are over: figures without names."""
    (class_id,) = ask.exactly(1)
    frame = await _frame(visit, class_id)
    scores = await score_card.load_class_score_card(
        visit.uow, visit.reader, class_id=class_id, on=visit.today, policy=visit.school.results
    )
    return replace(screens.risk_scores_screen(frame, scores), in_place=ask.pressed)


async def _read(visit: DoorVisit, class_id: int) -> tuple[RiskScreenFrame, Sequence[Risk]]:
    frame = await _frame(visit, class_id)
    risks = await risk_list.load_class_risk_list(
        visit.uow, visit.reader, class_id=class_id, on=visit.today, policy=visit.school.results
    )
    students = dict.fromkeys(risk.forecast.student_id for risk in risks)
    visit.afterwards.views += [(visit.reader, screens.RISKS, student_id) for student_id in students]
    return frame, risks


async def _frame(visit: DoorVisit, class_id: int) -> RiskScreenFrame:
    """NotFoundError for a class that is not the person's to lead."""
    classes = await reading.load_sheet_classes(visit.uow, visit.reader, on=visit.today)
    own = next((each for each in classes if each.id == class_id), None)
    if own is None:
        raise NotFoundError
    scales = ForecastWishScales.of(visit.school.results.thresholds, visit.school.lowest_mark)
    return RiskScreenFrame(classes=classes, school_class=own, scales=scales, t=visit.t, seal=visit.seal)


DOORS = (
    Door(screens.RISKS, forecast_risks_door, LEADERS, Behind.GROUP, command="risk", recognises=asks_for_risks),
    Door(screens.CHART, forecast_risk_chart_door, LEADERS, Behind.GROUP),
    Door(screens.SCORES, forecast_risk_scores_door, LEADERS, Behind.GROUP),
)
