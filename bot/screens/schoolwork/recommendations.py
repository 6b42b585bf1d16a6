"""Recommendations of teachers to families (Q24)."""

from collections.abc import Iterator, Sequence

from bot.screens.dates import short_date
from bot.screens.frame import Frame
from bot.screens.schoolwork.homework import text_chunks
from bot.screens.screen import Screen, bold, italic, plain_text
from core.model.schoolwork.recommendations import ReadRecommendation
from core.rules.people.initials import with_initials

ADVICE = "advice"


def recommendations(frame: Frame, read: Sequence[ReadRecommendation]) -> Screen:
    """Recommendations, the newest first; unread ones are marked as new (Q24)."""
    t = frame.t
    lines = [line for recommendation in read for line in _recommendation(frame, recommendation)]
    return frame.screen(frame.head_of_subject(bold(t("advice.title"))), lines or [t("advice.none")])


def _recommendation(frame: Frame, read: ReadRecommendation) -> Iterator[str]:
    t, given = frame.t, read.recommendation
    new = f"{bold(t('advice.new'))} " if read.read_at is None else ""
    about = read.subject or t("advice.general")
    yield f"{new}{short_date(frame.day_of(given.given_at))} {bold(about)}, {plain_text(with_initials(read.author))}"
    yield italic(t(f"advice.for_{given.audience}"))
    yield from map(plain_text, text_chunks(given.text))
    yield ""
