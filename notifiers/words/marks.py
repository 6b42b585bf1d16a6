"""Notices about marks, absences and results in words (Q13, Q27, Q28, Q38)."""

from typing import assert_never

from core.model.delivery.text import NoticeInWords
from core.model.imports.reports import EXAM, FINAL, YEAR
from core.model.notices.family import (
    AbsenceChanged,
    AbsenceRecorded,
    FinalMarkDeferred,
    FinalMarkSet,
    JournalNotice,
    MarkChanged,
    MarkRecorded,
    MarkWithdrawn,
    TermFinished,
)
from core.ports import Translator
from core.rules.marks.tokens import DEBT, EXEMPT, NOT_ASSESSED
from notifiers.words.sentences import (
    old_to_new_sentence,
    one_line_sentence,
    sentence_in_brackets,
    truncate_sentence,
    uncapitalised_sentence,
)

_MARK_KEYS = {DEBT: "debt", "зач": "credit", "незач": "no_credit", NOT_ASSESSED: "not_assessed", EXEMPT: "exempt"}
_ABSENCE_KEYS = {  # codes of the e-journal and of paper journals
    "УП": "excused",
    "Б": "illness",
    "НП": "unexcused",
    "ОТ": "absent",
    "Н": "absent",
    "НБ": "absent",
    "ОП": "late",
    "ОСВ": "exempt",
}
_TERMS = frozenset({YEAR, EXAM, FINAL})
_LONGEST_TOPIC = 100

_OfDay = MarkRecorded | MarkChanged | MarkWithdrawn | AbsenceRecorded | AbsenceChanged


def mark_notice_words(notice: JournalNotice, t: Translator) -> NoticeInWords:  # noqa: PLR0911  # a case for each
    """The words of a notice about a journal entry."""
    match notice:
        case MarkRecorded():
            return _mark_recorded(notice, t)
        case MarkChanged():
            return _mark_changed(notice, t)
        case MarkWithdrawn():
            return _mark_withdrawn(notice, t)
        case AbsenceRecorded():
            return _absence_recorded(notice, t)
        case AbsenceChanged():
            return _absence_changed(notice, t)
        case FinalMarkSet():
            return _period_mark(notice, t)
        case FinalMarkDeferred():
            return _deferral(notice, t)
        case _:
            assert_never(notice)


def _mark_recorded(notice: MarkRecorded, t: Translator) -> NoticeInWords:
    topic = truncate_sentence(one_line_sentence(notice.topic or ""), _LONGEST_TOPIC)
    kind = uncapitalised_sentence(one_line_sentence(notice.work_kind or ""))
    details = sentence_in_brackets([kind, t("notice.topic", topic=topic) if topic else ""])
    return _of_one_day(notice, _mark_words(notice.value, t) + details, _brief_mark(notice.value, t), t)


def _mark_changed(notice: MarkChanged, t: Translator) -> NoticeInWords:
    full = old_to_new_sentence(_mark_words(notice.before, t), _mark_words(notice.value, t), t)
    return _of_one_day(
        notice, full, old_to_new_sentence(_brief_mark(notice.before, t), _brief_mark(notice.value, t), t), t
    )


def _mark_withdrawn(notice: MarkWithdrawn, t: Translator) -> NoticeInWords:
    key = "notice.mark_withdrawn" if notice.before.isdecimal() else "notice.entry_withdrawn"
    words = t(key, before=_mark_words(notice.before, t))
    return _of_one_day(notice, words, words, t)


def _absence_recorded(notice: AbsenceRecorded, t: Translator) -> NoticeInWords:
    return _of_one_day(notice, _absence_words(notice.value, t), _absence_words(notice.value, t, brief=True), t)


def _absence_changed(notice: AbsenceChanged, t: Translator) -> NoticeInWords:
    full, brief = (_old_and_new_absence(notice, t, brief=brief) for brief in (False, True))
    return _of_one_day(notice, full, brief, t)


def _period_mark(notice: FinalMarkSet, t: Translator) -> NoticeInWords:
    full, brief = (_period_mark_words(notice, t, brief=brief) for brief in (False, True))
    return NoticeInWords(one_line_sentence(notice.subject), mark_term_words(notice.term, t), full, brief)


def _deferral(notice: FinalMarkDeferred, t: Translator) -> NoticeInWords:
    words = t("notice.deferred", until=notice.until)
    return NoticeInWords(one_line_sentence(notice.subject), mark_term_words(notice.term, t), words, words)


def term_marks_notice_words(notice: TermFinished, t: Translator) -> NoticeInWords:
    """«1 четверть, все предметы: 8 оценок, средний балл 4,25, отсрочек: 1»."""
    parts = [t("notice.term_marks", notice.marks)]
    if notice.average is not None:
        parts.append(t("notice.term_average", average=notice.average.replace(".", t("marks.point"))))
    if notice.deferred:
        parts.append(t("notice.term_deferred", count=notice.deferred))
    words = ", ".join(parts)
    return NoticeInWords(t("notice.all_subjects"), mark_term_words(notice.term, t), words, words)


def mark_term_words(term: str, t: Translator) -> str:
    """The name of a term; year, exam and final have words of their own."""
    return t(f"notice.term_{term}") if term in _TERMS else one_line_sentence(term)


def _of_one_day(notice: _OfDay, what: str, brief: str, t: Translator) -> NoticeInWords:
    return NoticeInWords(one_line_sentence(notice.subject), t("notice.day", on=notice.on), what, brief)


def _period_mark_words(notice: FinalMarkSet, t: Translator, *, brief: bool) -> str:
    before = None if notice.before is None else _mark_words(notice.before, t, brief=brief)
    if notice.value is None:
        return t("notice.annulled") if before is None else t("notice.annulled_was", before=before)
    return old_to_new_sentence(before, _mark_words(notice.value, t, brief=brief), t)


def _mark_words(mark: str, t: Translator, *, brief: bool = False) -> str:
    """A mark as written; abbreviations of the journal are written out, and a debt («.») is open work (Q28)."""
    if mark not in _MARK_KEYS or (brief and mark != DEBT):
        return one_line_sentence(mark)
    return t(f"notice.value_{_MARK_KEYS[mark]}")


def _brief_mark(mark: str, t: Translator) -> str:
    return _mark_words(mark, t, brief=True)


def _absence_words(code: str, t: Translator, *, brief: bool = False) -> str:
    """A code of absence in words; a code that only this school uses is shown as written."""
    if code not in _ABSENCE_KEYS:
        return one_line_sentence(code)
    reading = t(f"notice.absence_{_ABSENCE_KEYS[code]}")
    return reading if brief else f"{reading} ({code})"


def _old_and_new_absence(notice: AbsenceChanged, t: Translator, *, brief: bool) -> str:
    before = _absence_words(notice.before, t, brief=brief)
    if notice.value is None:
        return t("notice.absence_withdrawn", before=before)
    return old_to_new_sentence(before, _absence_words(notice.value, t, brief=brief), t)
