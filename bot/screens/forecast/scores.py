"""How the forecasts of the terms that are over turned out."""

from collections.abc import Sequence
from fractions import Fraction
from math import floor

from bot.screens.dates import screen_date
from bot.screens.frame import ScreenFrame
from bot.screens.screen import Screen, screen_bold, screen_text
from core.actions.forecast.score_card import TermScore
from core.ports import Translator
from core.rules.conversation.buttons import FORECAST


def forecast_scores_screen(frame: ScreenFrame, scores: Sequence[TermScore]) -> Screen:
    """How the child's forecasts of the year's earlier terms turned out."""
    head = frame.head(screen_bold(frame.t("forecast.scores")))
    back = ((frame.below(frame.t("forecast.in_words"), FORECAST),),)
    return frame.screen(head, forecast_scores_screen_lines(scores, frame.t), *back)


def forecast_scores_screen_lines(scores: Sequence[TermScore], t: Translator) -> list[str]:
    """How many were right in all first, then by term and day."""
    if not scores:
        return [t("forecast.no_scores")]
    count, right = (sum(getattr(each, name) for each in scores) for name in ("forecasts", "right"))
    lines = [t("forecast.scores_in_all", right=right, count=count, percent=floor(100 * right / count + Fraction(1, 2)))]
    for each in scores:
        when = t("forecast.scores_late" if each.is_late else "forecast.scores_middle", on=screen_date(each.on))
        lines.append(
            t(
                "forecast.scores_of",
                term=screen_bold(screen_text(each.term)),
                when=when,
                right=each.right,
                count=each.forecasts,
            )
        )
    return lines
