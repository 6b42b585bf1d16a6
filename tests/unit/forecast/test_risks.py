"""Who of a class is at risk: a «2» is coming, н/а, or an average on the edge of a threshold (Q49)."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from core.model.forecast import Forecast, ForecastTerm
from core.rules.forecast.risks import RiskKind, forecast_risk_kind, forecast_risks_by_kind

THRESHOLDS = (Fraction(13, 5), Fraction(18, 5), Fraction(23, 5))
TODAY = date(2026, 11, 20)


def forecast(
    average: Fraction | None = None,
    chances: tuple[float, ...] | None = None,
    *,
    student: str = "Белов Борис",
    set_mark: str | None = None,
    not_assessed: bool = False,
) -> Forecast:
    """A forecast of physics with this average and these chances of 2, 3, 4 and 5."""
    return Forecast(
        1, student, 1, "8Б", 1, "Физика", "2 четверть", TODAY - timedelta(days=30), TODAY + timedelta(days=30), TODAY,
        ForecastTerm("Физика", ()), 1, 10, average, chances, set_mark=set_mark, not_assessed=not_assessed,
    )  # fmt: skip


TWO, THREE = (0.6, 0.4, 0.0, 0.0), (0.2, 0.8, 0.0, 0.0)


def test_each_kind_of_risk_is_told_apart() -> None:
    """н/а before a «2», a «2» before an edge; safe, set and unknown marks are no risk (Q46, Q49)."""
    assert forecast_risk_kind(forecast(Fraction(2), TWO, not_assessed=True), THRESHOLDS) is RiskKind.NOT_ASSESSED
    assert forecast_risk_kind(forecast(Fraction(5, 2), TWO), THRESHOLDS) is RiskKind.FAILING
    assert forecast_risk_kind(forecast(Fraction(27, 10), THREE), THRESHOLDS) is RiskKind.EDGE
    assert forecast_risk_kind(forecast(Fraction(3), THREE), THRESHOLDS) is None
    assert forecast_risk_kind(forecast(Fraction(2), TWO, set_mark="2"), THRESHOLDS) is None
    assert forecast_risk_kind(forecast(Fraction(2), None), THRESHOLDS) is None


@given(st.integers(200, 500))
def test_an_edge_is_a_tenth_to_either_side(hundredths: int) -> None:
    """Within 0.1 of a threshold of the school, the tenth included (Q49)."""
    average = Fraction(hundredths, 100)
    near = any(abs(hundredths - least) <= 10 for least in (260, 360, 460))  # hundredths of a mark
    assert (forecast_risk_kind(forecast(average, THREE), THRESHOLDS) is RiskKind.EDGE) == near


def test_the_gravest_come_first() -> None:
    """By kind, then by name."""
    found = forecast_risks_by_kind(
        [
            forecast(Fraction(27, 10), THREE, student="Авдеева Анна"),
            forecast(Fraction(2), TWO, student="Волков Виктор"),
            forecast(Fraction(2), TWO),
            forecast(not_assessed=True, student="Авдеева Анна"),
        ],
        THRESHOLDS,
    )
    assert [(risk.kind, risk.forecast.student) for risk in found] == [
        (RiskKind.FAILING, "Белов Борис"),
        (RiskKind.FAILING, "Волков Виктор"),
        (RiskKind.NOT_ASSESSED, "Авдеева Анна"),
        (RiskKind.EDGE, "Авдеева Анна"),
    ]
