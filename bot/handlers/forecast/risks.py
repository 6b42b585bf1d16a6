"""The risk list of a class for those who lead it (Q49)."""

from collections.abc import Sequence
from dataclasses import replace

from bot.documents import charts
from bot.handlers.doors import LEADERS, Ask, Behind, Door, Visit
from bot.questions.forecast.risks import asks_for_risks
from bot.screens.forecast import risks as screens
from bot.screens.forecast.risks import RiskFrame
from bot.screens.forecast.wishes import Scales
from bot.screens.screen import Screen
from core.actions.forecast import risk_list, score_card
from core.actions.results.sheet import reading
from core.errors import NotFoundError
from core.rules.forecast.risks import Risk


async def open_risks(visit: Visit, ask: Ask) -> Screen:
    """The list of the only class at once, else the choice. Each student who is named is recorded as seen (Q102)."""
    classes = await reading.sheet_classes(visit.uow, visit.reader, on=visit.today)
    if not ask.numbers and len(classes) != 1:
        return screens.choose_class(classes, visit.t, visit.seal)
    (class_id,) = ask.exactly(1) if ask.numbers else (classes[0].id,)
    frame, risks = await _read(visit, class_id)
    return replace(screens.risk_screen(frame, risks), in_place=ask.pressed)


async def open_risk_chart(visit: Visit, ask: Ask) -> Screen:
    """The same as a picture: students by subjects; the words alone where nobody is at risk."""
    (class_id,) = ask.exactly(1)
    frame, risks = await _read(visit, class_id)
    if not risks:
        return screens.risk_screen(frame, risks)
    title = visit.t("risk.of_class", school_class=frame.school_class.name)
    picture = charts.risks_chart(title, screens.risk_cells(risks, visit.t), visit.t)
    return screens.risk_chart(frame, risks, picture)


async def open_class_scores(visit: Visit, ask: Ask) -> Screen:
    """How the forecasts of the class turned out in the terms that are over: figures without names."""
    (class_id,) = ask.exactly(1)
    frame = await _frame(visit, class_id)
    scores = await score_card.class_scores(
        visit.uow, visit.reader, class_id=class_id, on=visit.today, policy=visit.school.results
    )
    return replace(screens.class_scores(frame, scores), in_place=ask.pressed)


async def _read(visit: Visit, class_id: int) -> tuple[RiskFrame, Sequence[Risk]]:
    frame = await _frame(visit, class_id)
    risks = await risk_list.class_risks(
        visit.uow, visit.reader, class_id=class_id, on=visit.today, policy=visit.school.results
    )
    students = dict.fromkeys(risk.forecast.student_id for risk in risks)
    visit.afterwards.views += [(visit.reader, screens.RISKS, student_id) for student_id in students]
    return frame, risks


async def _frame(visit: Visit, class_id: int) -> RiskFrame:
    """NotFoundError for a class that is not the person's to lead."""
    classes = await reading.sheet_classes(visit.uow, visit.reader, on=visit.today)
    own = next((each for each in classes if each.id == class_id), None)
    if own is None:
        raise NotFoundError
    scales = Scales.of(visit.school.results.thresholds, visit.school.lowest_mark)
    return RiskFrame(classes=classes, school_class=own, scales=scales, t=visit.t, seal=visit.seal)


DOORS = (
    Door(screens.RISKS, open_risks, LEADERS, Behind.GROUP, command="risk", recognises=asks_for_risks),
    Door(screens.CHART, open_risk_chart, LEADERS, Behind.GROUP),
    Door(screens.SCORES, open_class_scores, LEADERS, Behind.GROUP),
)
