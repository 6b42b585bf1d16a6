"""Results of exams and contests in words (Q74, Q77, Q78)."""

from core.model.delivery.text import NoticeInWords
from core.model.notices import ExamResultSet
from core.model.results.exams import ExamKind, ExamStatus
from core.ports import Translator
from core.rules.results.exams import WITHOUT_SCORE
from notifiers.words.sentences import in_brackets, old_to_new, one_line, uncapitalised

_APPEALABLE = frozenset({ExamKind.EGE, ExamKind.EGE_BASE, ExamKind.OGE, ExamKind.GVE})
"""Exams whose points can be disputed within two working days after the official day of announcement."""

_CREDITS = frozenset({ExamKind.ESSAY, ExamKind.INTERVIEW})
"""Exams that are passed or failed; a score is a detail."""


def exam_result_words(notice: ExamResultSet, t: Translator) -> NoticeInWords:
    """«ЕГЭ», «русский язык, 28.05», «76 баллов (порог 24) – сдан»; the sentence about appeals is a note."""
    name, subject = exam_name(notice, t), uncapitalised(one_line(notice.subject))
    subject = "" if subject == uncapitalised(name) else subject
    day = t("notice.day", on=notice.on) if notice.on else ""
    about = ", ".join(filter(None, (subject, day)))
    full, brief = (_changed(notice, t, brief=brief) for brief in (False, True))
    return NoticeInWords(about, name, full, brief, brief_about=subject, note=_appeal(notice, t))


def exam_name(notice: ExamResultSet, t: Translator) -> str:
    """The exam's name; an olympiad's with its stage."""
    stage = t(f"notice.stage_{notice.stage}") if notice.stage else ""
    return ", ".join(filter(None, (t(f"notice.exam_{notice.exam}"), stage)))


def _appeal(notice: ExamResultSet, t: Translator) -> str:
    is_final = notice.status is not ExamStatus.VALID
    return "" if is_final or notice.exam not in _APPEALABLE else t("notice.appeal")


def _changed(notice: ExamResultSet, t: Translator, *, brief: bool) -> str:
    """Old → new where something was known before; an upheld result says that nothing changed."""
    value = _value(notice, t, brief=brief)
    if notice.status is ExamStatus.UPHELD:
        return t("notice.short_upheld" if brief else "notice.exam_upheld", value=value)
    before = _before(notice, t, brief=brief)
    return value if before in {None, value} else old_to_new(before, value, t)


def _before(notice: ExamResultSet, t: Translator, *, brief: bool) -> str | None:
    if notice.before_status in WITHOUT_SCORE:
        return _status(notice.before_status, t, brief=brief)
    if notice.before_mark is not None:
        return _mark(notice.before_mark, t, brief=brief)
    points = notice.before_primary if notice.before_score is None else notice.before_score
    return None if points is None else _points(points, t, brief=brief)


def _value(notice: ExamResultSet, t: Translator, *, brief: bool) -> str:
    """The result in force: a status, or the figure that counts with its details and «сдан»."""
    if notice.status in WITHOUT_SCORE:
        return _status(notice.status, t, brief=brief)
    if notice.place is not None:
        words = t(f"notice.place_{notice.place}")
        points = "" if notice.score is None else _points(notice.score, t, brief=brief)
        return ", ".join(filter(None, (words, points)))
    figure, details = _figure(notice, t, brief=brief)
    verdict = _verdict(notice, t)
    return f"{figure}{in_brackets(details)}" + (f" – {verdict}" if verdict and figure != verdict else "")


def _figure(notice: ExamResultSet, t: Translator, *, brief: bool) -> tuple[str, list[str]]:
    """The mark, else the test score, else the primary one, else the verdict; and what stands in brackets."""
    threshold = "" if notice.threshold is None else t("notice.threshold", score=notice.threshold)
    if notice.mark is not None:
        points = notice.score if notice.primary is None else notice.primary
        details = [] if points is None else [_primary(points, notice, t)]
        reason = [t("notice.geometry")] if notice.geometry else []
        return _mark(notice.mark, t, brief=brief), [] if brief else [*details, *reason]
    if notice.score is not None and notice.exam not in _CREDITS:
        return _points(notice.score, t, brief=brief), [threshold]
    if notice.primary is not None and notice.exam not in _CREDITS:
        return _primary(notice.primary, notice, t), []
    details = [] if notice.score is None else [_points(notice.score, t, brief=brief)]
    return _verdict(notice, t) or t("notice.exam_received"), details


def _primary(points: int, notice: ExamResultSet, t: Translator) -> str:
    words = t("notice.points", points)
    return words if notice.most is None else t("notice.points_of", points=words, most=notice.most)


def _points(points: int, t: Translator, *, brief: bool) -> str:
    return str(points) if brief else t("notice.points", points)


def _mark(mark: str, t: Translator, *, brief: bool) -> str:
    return mark if brief else t("notice.mark_words", mark=mark)


def _status(status: ExamStatus | None, t: Translator, *, brief: bool) -> str:
    return t(f"notice.{'short' if brief else 'status'}_{status}")


def _verdict(notice: ExamResultSet, t: Translator) -> str:
    """«сдан», «не сдан», for an essay or an interview «зачёт», «незачёт»; "" where nobody decides it."""
    if notice.passed is None:
        return ""
    kind = "credit" if notice.exam in _CREDITS else "exam"
    return t(f"notice.{kind}_{'passed' if notice.passed else 'failed'}")
