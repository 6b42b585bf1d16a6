"""The risk list of a class on a phone: whose «2» is coming, who may get н/а, who is on the edge of a mark (Q49)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from bot.screens.forecast.scores import forecast_scores_screen_lines
from bot.screens.forecast.wishes import ForecastWishScales
from bot.screens.forecast.words import forecast_screen_aim_words
from bot.screens.screen import (
    Screen,
    Seal,
    fit_on_screen_page,
    screen_bold,
    screen_button_rows,
    screen_italic,
    screen_text,
)
from core.actions.forecast.score_card import TermScore
from core.model.delivery.text import Button
from core.model.forecast import LOWEST, Forecast
from core.model.year import TeachingGroup
from core.ports import Translator
from core.rules.conversation.buttons import Handle
from core.rules.forecast.advice import EDGE, chance_for_advice, percent_for_advice
from core.rules.forecast.exact import exact_mark_of_average
from core.rules.forecast.risks import Risk, RiskKind
from core.rules.marks.averages import format_average
from core.rules.people.initials import with_initials

RISKS, CHART, SCORES = "risks", "riskchart", "riskscores"


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskScreenFrame:
    """The classes that a person leads, the class that is shown, the school's thresholds."""

    classes: Sequence[TeachingGroup]
    school_class: TeachingGroup
    scales: ForecastWishScales
    t: Translator
    seal: Seal

    def button(self, label: str, door: str, class_id: int) -> Button:
        return Button(label, self.seal(Handle(door, (class_id,))))

    def class_buttons(self) -> tuple[tuple[Button, ...], ...]:
        """A button for each other class."""
        others = [each for each in self.classes if each.id != self.school_class.id]
        return screen_button_rows([self.button(each.name, RISKS, each.id) for each in others], width=6)


def risk_screen_button(class_id: int, t: Translator, seal: Seal) -> Button:
    """The button that leads to the risk list of a class."""
    return Button(t("risk.door"), seal(Handle(RISKS, (class_id,))))


def risk_class_screen(classes: Sequence[TeachingGroup], t: Translator, seal: Seal) -> Screen:
    """Asks whose list; who leads no class is told so."""
    if not classes:
        return Screen(t("statistics.no_classes"))
    buttons = [Button(each.name, seal(Handle(RISKS, (each.id,)))) for each in classes]
    return Screen("\n".join([screen_bold(t("risk.title")), "", t("risk.choose")]), screen_button_rows(buttons, width=6))


def risk_screen(frame: RiskScreenFrame, risks: Sequence[Risk]) -> Screen:
    """How many students of each kind first, then who, in which subject and what would help."""
    t, own = frame.t, frame.school_class
    head = [screen_bold(screen_text(t("risk.of_class", school_class=own.name))), _summary(risks, t), ""]
    lines = [line for kind in RiskKind for line in _section(kind, risks, frame)]
    note = [screen_italic(t("forecast.is_forecast"))] if risks else []
    below = [frame.button(t("risk.chart"), CHART, own.id)] if risks else []
    below.append(frame.button(t("forecast.scores_door"), SCORES, own.id))
    return Screen(
        fit_on_screen_page(head, [*lines, *note], more=t("statistics.more")),
        (*screen_button_rows(below, width=2), *frame.class_buttons()),
    )


def risk_scores_screen(frame: RiskScreenFrame, scores: Sequence[TermScore]) -> Screen:
    """How the forecasts of the class turned out."""
    t, own = frame.t, frame.school_class
    head = [screen_bold(screen_text(f"{own.name}: {t('forecast.scores')}")), ""]
    return Screen(
        "\n".join([*head, *forecast_scores_screen_lines(scores, t)]), ((frame.button(t("risk.door"), RISKS, own.id),),)
    )


def risk_chart_screen(frame: RiskScreenFrame, risks: Sequence[Risk], picture: bytes) -> Screen:
    """The picture with how many students it names."""
    back = frame.button(frame.t("risk.in_words"), RISKS, frame.school_class.id)
    return Screen(_summary(risks, frame.t), ((back,),), picture=picture)


def risk_cells_on_screen(
    risks: Sequence[Risk], t: Translator
) -> Sequence[tuple[str, Sequence[tuple[str, RiskKind, str]]]]:
    """By student the subjects at risk, each with its kind and a word for a cell: «2», «н/а», the average."""
    found: dict[str, list[tuple[str, RiskKind, str]]] = defaultdict(list)
    for risk in sorted(risks, key=lambda each: each.forecast.student):
        found[with_initials(risk.forecast.student)].append((risk.forecast.subject, risk.kind, _cell(risk, t)))
    return list(found.items())


def _cell(risk: Risk, t: Translator) -> str:
    if risk.kind is RiskKind.FAILING:
        return str(LOWEST)
    return t("risk.cell") if risk.kind is RiskKind.NOT_ASSESSED else _average(risk.forecast, t)


def _summary(risks: Sequence[Risk], t: Translator) -> str:
    """«Выходит «2»: 2 ученика · грозит н/а: 1 ученик · на грани оценки: 4 ученика»."""
    counted = {kind: len({each.forecast.student_id for each in risks if each.kind is kind}) for kind in RiskKind}
    parts = [t(f"risk.count.{kind}", students=t("risk.students", count)) for kind, count in counted.items() if count]
    return " · ".join(parts) or t("risk.none")


def _section(kind: RiskKind, risks: Sequence[Risk], frame: RiskScreenFrame) -> list[str]:
    own = [risk.forecast for risk in risks if risk.kind is kind]
    return [screen_bold(frame.t(f"risk.head.{kind}")), *(_line(kind, each, frame) for each in own), ""] if own else []


def _line(kind: RiskKind, each: Forecast, frame: RiskScreenFrame) -> str:
    """«• Белов Б. И. – Алгебра: «2» 70 %, средняя 2,40, до «3» – 2 пятёрки»."""
    t = frame.t
    parts = [t("marks.average", average=_average(each, t))] if each.average is not None else []
    if kind is RiskKind.FAILING:
        percent = percent_for_advice(chance_for_advice(each, LOWEST), is_before_half=each.is_before_half)
        parts = [t("risk.two", percent=percent), *parts, forecast_screen_aim_words(each, LOWEST + 1, frame.scales, t)]
    if kind is RiskKind.EDGE and each.average is not None:
        parts.append(_edge_words(each, each.average, frame))
    who = f"• {screen_text(with_initials(each.student))} – {screen_text(each.subject)}"
    return f"{who}: {', '.join(parts)}" if parts else who


def _edge_words(each: Forecast, average: Fraction, frame: RiskScreenFrame) -> str:
    """Just above a threshold the mark may be lost, just below it the better one is near."""
    now = exact_mark_of_average(average, frame.scales.thresholds)
    if now > LOWEST and average - frame.scales.least(now) <= EDGE:
        return frame.t("risk.may_lose", mark=screen_bold(f"«{now}»"))
    return forecast_screen_aim_words(each, now + 1, frame.scales, frame.t)


def _average(each: Forecast, t: Translator) -> str:
    return "–" if each.average is None else format_average(each.average, point=t("marks.point"))
