"""Results of exams and contests in words (Q74, Q77, Q78)."""

from core.model.delivery.text import NoticeInWords
from core.model.notices.family import ExamResultSet
from core.model.results.exams import ExamOutcome, ExamStatus
from core.ports import Translator
from core.rules.results.exam_words import ExamResultWords, worded_exam_name
from core.rules.results.exams import can_be_appealed
from notifiers.words.sentences import old_to_new_sentence, one_line_sentence, uncapitalised_sentence


def exam_notice_words(notice: ExamResultSet, t: Translator) -> NoticeInWords:
    """«ЕГЭ», «русский язык, 28.05», «76 баллов (порог 24) – сдан»; the sentence about appeals is a note."""
    name, subject = (
        worded_exam_name(notice.exam, notice.stage, t),
        uncapitalised_sentence(one_line_sentence(notice.subject)),
    )
    subject = "" if subject == uncapitalised_sentence(name) else subject
    day = t("notice.day", on=notice.on) if notice.on else ""
    about = ", ".join(filter(None, (subject, day)))
    full, brief = (_changed(notice, t, brief=brief) for brief in (False, True))
    note = t("notice.appeal") if can_be_appealed(notice.exam, notice.status) else ""
    return NoticeInWords(about, name, full, brief, brief_about=subject, note=note)


def _changed(notice: ExamResultSet, t: Translator, *, brief: bool) -> str:
    """Old → new where something was known before; an upheld result says that nothing changed."""
    words = ExamResultWords(notice.exam, notice.threshold, notice.most, t, brief, notice.geometry)
    value = words.value(
        ExamOutcome(notice.primary, notice.score, notice.mark, notice.passed, status=notice.status, place=notice.place)
    )
    if notice.status is ExamStatus.UPHELD:
        return t("notice.short_upheld" if brief else "notice.exam_upheld", value=value)
    before = words.known(
        ExamOutcome(
            notice.before_primary,
            notice.before_score,
            notice.before_mark,
            status=notice.before_status or ExamStatus.VALID,
        )
    )
    return value if before in {None, value} else old_to_new_sentence(before, value, t)
