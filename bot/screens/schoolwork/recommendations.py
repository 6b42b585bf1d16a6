"""Recommendations of teachers to families (Q24)."""

from collections.abc import Iterator, Sequence

from bot.screens.dates import screen_date
from bot.screens.frame import ScreenFrame, clip_to_screen_frame
from bot.screens.schoolwork.homework import homework_screen_text_chunks
from bot.screens.screen import Screen, screen_bold, screen_italic, screen_text
from core.model.delivery.text import Button
from core.model.schoolwork.recommendations import ReadRecommendation
from core.rules.people.initials import with_initials

ADVICE = "advice"
_LONGEST_TEXT = 120


def recommendations_screen(frame: ScreenFrame, read: Sequence[ReadRecommendation]) -> Screen:
    """Recommendations, the newest first; unread ones are marked as new (Q24)."""
    t = frame.t
    lines = [line for recommendation in read for line in _recommendation(frame, recommendation)]
    screen = frame.screen(
        frame.head_of_subject(screen_bold(t("advice.title"))), lines or [t("advice.none")], () if read else _ways(frame)
    )
    return frame.answered(_first_line(frame, read), screen)


def _first_line(frame: ScreenFrame, read: Sequence[ReadRecommendation]) -> str:
    """«2 рекомендации, новая: 04.12, Алгебра – Повторить дроби» (Q110)."""
    t = frame.t
    if frame.question is None or not read:
        return f"{t('advice.none')} {t('advice.ways')}" if frame.question else ""
    newest = read[0].recommendation
    text = screen_text(clip_to_screen_frame(" ".join(newest.text.split()), _LONGEST_TEXT))
    about = screen_text(read[0].subject or t("advice.general"))
    return t("advice.answer", len(read), on=screen_date(frame.day_of(newest.given_at)), about=about, text=text)


def _ways(frame: ScreenFrame) -> Sequence[Button]:
    """What helps where no teacher has given advice: which marks are needed, and what is set."""
    return [frame.button(frame.t(f"command.{door}"), door) for door in ("forecast", "homework")]


def _recommendation(frame: ScreenFrame, read: ReadRecommendation) -> Iterator[str]:
    t, given = frame.t, read.recommendation
    new = f"{screen_bold(t('advice.new'))} " if read.read_at is None else ""
    about = read.subject or t("advice.general")
    day, author = screen_date(frame.day_of(given.given_at)), screen_text(with_initials(read.author))
    yield f"{new}{day} {screen_bold(about)}, {author}"
    yield screen_italic(t(f"advice.for_{given.audience}"))
    yield from map(screen_text, homework_screen_text_chunks(given.text))
    yield ""
