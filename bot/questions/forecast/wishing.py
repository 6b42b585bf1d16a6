"""Puts what a question wishes of a forecast into the question: the marks, for each subject its own, and the works."""

from collections.abc import Sequence
from dataclasses import replace

from bot.questions.forecast.line import is_forecast_line_word
from bot.questions.forecast.reading import ForecastReading, Wished, read_forecast_final, read_forecast_wish
from bot.questions.model import Question


def add_forecast_wishing(
    question: Question, text: str, reading: ForecastReading, named: Sequence[Sequence[str]]
) -> Question:
    """What is asked of the forecast and its marks; kept while the subject is asked back.

    `named`: for each subject that is named, the names that fit. As many marks as subjects: each subject has its own,
    in their order.
    """
    wished = read_forecast_wish(reading, text)
    is_shared = len(wished.shares) == len(named) > 1
    pairs = zip(named, wished.shares, strict=True) if is_shared else ()
    works = _for_each_mark(wished) if wished.shares and len(wished.works) > 1 and not is_shared else wished.works
    return replace(
        question, final=read_forecast_final(text), wish=wished.wish, mark=wished.mark, marks=wished.marks,
        average=wished.average, outweighed=wished.outweighed, calendar_days=None, is_supposed=wished.is_supposed,
        is_heavy=wished.is_heavy, options=wished.options, work=works,
        shares=tuple((name, marks) for names, marks in pairs for name in names),
        unread=tuple(each for each in question.unread if not is_forecast_line_word(each)),
    )  # fmt: skip


def _for_each_mark(wished: Wished) -> tuple[str, ...]:
    """The kinds of works, each as often as its mark counts."""
    pairs = zip(wished.works, wished.shares, strict=True)
    return tuple(work for work, marks in pairs for _ in marks)
