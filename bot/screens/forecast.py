"""The exact averages of the present term (Q43)."""

from bot.screens.frame import Frame
from bot.screens.marks.lookup import Entries, average_words, entries_by_subject
from bot.screens.screen import Screen, bold, plain_text

FORECAST = "forecast"


def forecast(frame: Frame, entries: Entries, period: str | None) -> Screen:
    """The exact average of each subject so far; an estimate is not shown as a forecast (Q41 comes with the results)."""
    t = frame.t
    lines = []
    for name, of_subject in entries_by_subject(entries):
        if (mean := average_words(of_subject, t)) is not None:
            lines.append(f"{plain_text(name)}: {bold(mean)}")
    title = bold(t("forecast.title", period=period or t("marks.year")))
    head = frame.head_of_subject(title, t("forecast.follows"))
    return frame.screen(head, lines or [t("forecast.none")])
