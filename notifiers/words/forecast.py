"""A forecast in words: the likeliest mark with its chance, and how it came about (Q51)."""

from core.model.delivery.text import NoticeInWords
from core.model.notices.family import ForecastGiven
from core.ports import Translator
from notifiers.words.sentences import one_line_sentence

BAR = 10
"""Blocks of a bar that stands for 100 %."""


def forecast_notice_words(notice: ForecastGiven, t: Translator) -> NoticeInWords:
    """«▓▓▓▓▓▓░░░░ скорее всего 4 (60 %); средний балл 3,43 по 3 оценкам: …; порог 3,60; до «5» – 11 пятёрок»."""
    about, when = one_line_sentence(notice.subject), one_line_sentence(notice.term)
    if notice.percent is None:
        words = t("notice.forecast_not_assessed", count=notice.count)
        return NoticeInWords(about, when, words, words)
    filled = round(notice.percent * BAR / 100)
    likely = t("notice.forecast_likely", mark=notice.mark, percent=notice.percent)
    parts = [f"{'▓' * filled}{'░' * (BAR - filled)} {likely}"]
    if notice.average is not None:
        average = _figure(notice.average, t)
        parts.append(t("notice.forecast_average", notice.count, average=average, marks=one_line_sentence(notice.marks)))
    if notice.threshold is not None:
        parts.append(t("notice.forecast_threshold", mark=notice.mark, threshold=_figure(notice.threshold, t)))
    if notice.better is not None and notice.fives is not None:
        parts.append(t("notice.forecast_better", notice.fives, mark=notice.better))
    return NoticeInWords(about, when, "; ".join(parts), likely)


def _figure(text: str, t: Translator) -> str:
    return text.replace(".", t("marks.point"))
