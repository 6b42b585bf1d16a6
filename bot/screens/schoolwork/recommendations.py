"""Recommendations of teachers to families (Q24)."""

from collections.abc import Iterator, Sequence

from bot.screens.dates import short_date
from bot.screens.frame import Frame
from bot.screens.schoolwork.homework import text_chunks
from bot.screens.screen import Screen, bold, italic, plain_text
from core.model.schoolwork.recommendations import ReadRecommendation
from core.rules.people.initials import with_initials

ADVICE = "advice"


def recommendations(frame: Frame, found: Sequence[ReadRecommendation]) -> Screen:
    """The newest first; what was not read until now is called new (Q24)."""
    t = frame.t
    lines = [line for each in found for line in _advice(frame, each)]
    return frame.screen(frame.head_of_subject(bold(t("advice.title"))), lines or [t("advice.none")])


def _advice(frame: Frame, each: ReadRecommendation) -> Iterator[str]:
    t, said = frame.t, each.recommendation
    new = f"{bold(t('advice.new'))} " if each.read_at is None else ""
    about = each.subject or t("advice.general")
    yield f"{new}{short_date(frame.day_of(said.given_at))} {bold(about)}, {plain_text(with_initials(each.author))}"
    yield italic(t(f"advice.for_{said.audience}"))
    yield from map(plain_text, text_chunks(said.text))
    yield ""
