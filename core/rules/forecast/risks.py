"""Which students of a class are at risk: a «2» is coming, н/а, or an average on the edge of a threshold (Q49)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from core.model.forecast import LOWEST, Forecast
from core.rules.forecast.advice import is_advice_on_edge, likeliest_mark_for_advice


class RiskKind(StrEnum):
    """Why a subject of a student is in the list, the gravest first."""

    FAILING = "failing"
    NOT_ASSESSED = "not_assessed"
    EDGE = "edge"


@dataclass(frozen=True, slots=True)
class Risk:
    """One subject of one student that is at risk."""

    kind: RiskKind
    forecast: Forecast


def forecast_risk_kind(forecast: Forecast, thresholds: Sequence[Fraction]) -> RiskKind | None:
    """The gravest risk of a subject; None where there is none, or the final mark is set already.

    Too few marks are no forecast, so no «2» comes from them and no edge (Q46).
    """
    if forecast.set_mark is not None:
        return None
    if forecast.not_assessed:
        return RiskKind.NOT_ASSESSED
    mark = likeliest_mark_for_advice(forecast)
    if mark is None:
        return None
    if mark == LOWEST:
        return RiskKind.FAILING
    return RiskKind.EDGE if is_advice_on_edge(forecast, list(thresholds)) else None


def forecast_risks_by_kind(forecasts: Iterable[Forecast], thresholds: Sequence[Fraction]) -> Sequence[Risk]:
    """The risks by kind, then student and subject."""
    kinds = list(RiskKind)
    found = [Risk(kind, each) for each in forecasts if (kind := forecast_risk_kind(each, thresholds)) is not None]
    return sorted(found, key=lambda risk: (kinds.index(risk.kind), risk.forecast.student, risk.forecast.subject))
