"""Marks, absences and results in words (Q13, Q27, Q28, Q38)."""

from typing import assert_never

from core.model.imports.reports import EXAM, FINAL, YEAR
from core.model.notices import (
    AbsenceChanged,
    AbsenceRecorded,
    FinalMarkSet,
    JournalNotice,
    MarkChanged,
    MarkRecorded,
    MarkWithdrawn,
)
from core.ports import Translator
from core.rules.marks.tokens import DEBT, EXEMPT, NOT_ASSESSED
from notifiers.words.sentences import NoticeInWords, bracketed, changed, cut, plain, uncapitalised

_WORDS = {DEBT: "debt", "зач": "credit", "незач": "no_credit", NOT_ASSESSED: "not_assessed", EXEMPT: "exempt"}
_ABSENCES = {
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


def say(notice: JournalNotice, t: Translator) -> NoticeInWords:
    """What stands in the journal, under a subject."""
    match notice:
        case MarkRecorded():
            return _recorded(notice, t)
        case MarkChanged():
            return _corrected(notice, t)
        case MarkWithdrawn():
            return _withdrawn(notice, t)
        case AbsenceRecorded():
            return _absent(notice, t)
        case AbsenceChanged():
            return _absence_reread(notice, t)
        case FinalMarkSet():
            return _result(notice, t)
        case _:
            assert_never(notice)


def _recorded(notice: MarkRecorded, t: Translator) -> NoticeInWords:
    topic = cut(plain(notice.topic or ""), _LONGEST_TOPIC)
    kind = uncapitalised(plain(notice.work_kind or ""))
    details = bracketed([kind, t("notice.topic", topic=topic) if topic else ""])
    return _of_day(notice, _value(notice.value, t) + details, _brief(notice.value, t), t)


def _corrected(notice: MarkChanged, t: Translator) -> NoticeInWords:
    full = changed(_value(notice.before, t), _value(notice.value, t), t)
    return _of_day(notice, full, changed(_brief(notice.before, t), _brief(notice.value, t), t), t)


def _withdrawn(notice: MarkWithdrawn, t: Translator) -> NoticeInWords:
    key = "notice.mark_withdrawn" if notice.before.isdecimal() else "notice.entry_withdrawn"
    words = t(key, before=_value(notice.before, t))
    return _of_day(notice, words, words, t)


def _absent(notice: AbsenceRecorded, t: Translator) -> NoticeInWords:
    return _of_day(notice, _absence(notice.value, t), _absence(notice.value, t, brief=True), t)


def _absence_reread(notice: AbsenceChanged, t: Translator) -> NoticeInWords:
    full, brief = (_absence_changed(notice, t, brief=brief) for brief in (False, True))
    return _of_day(notice, full, brief, t)


def _result(notice: FinalMarkSet, t: Translator) -> NoticeInWords:
    term = t(f"notice.term_{notice.term}") if notice.term in _TERMS else plain(notice.term)
    full, brief = (_final(notice, t, brief=brief) for brief in (False, True))
    return NoticeInWords(plain(notice.subject), term, full, brief)


def _of_day(notice: _OfDay, what: str, brief: str, t: Translator) -> NoticeInWords:
    return NoticeInWords(plain(notice.subject), t("notice.day", on=notice.on), what, brief)


def _final(notice: FinalMarkSet, t: Translator, *, brief: bool) -> str:
    before = None if notice.before is None else _value(notice.before, t, brief=brief)
    if notice.value is None:
        return t("notice.annulled") if before is None else t("notice.annulled_was", before=before)
    return changed(before, _value(notice.value, t, brief=brief), t)


def _value(mark: str, t: Translator, *, brief: bool = False) -> str:
    """A mark as it stands; words of the journal are written out, a debt («.») is open work (Q28)."""
    if mark not in _WORDS or (brief and mark != DEBT):
        return plain(mark)
    return t(f"notice.value_{_WORDS[mark]}")


def _brief(mark: str, t: Translator) -> str:
    return _value(mark, t, brief=True)


def _absence(code: str, t: Translator, *, brief: bool = False) -> str:
    """The journal's code in words; a code of its own that a school uses is shown as it stands."""
    if code not in _ABSENCES:
        return plain(code)
    reading = t(f"notice.absence_{_ABSENCES[code]}")
    return reading if brief else f"{reading} ({code})"


def _absence_changed(notice: AbsenceChanged, t: Translator, *, brief: bool) -> str:
    before = _absence(notice.before, t, brief=brief)
    if notice.value is None:
        return t("notice.absence_withdrawn", before=before)
    return changed(before, _absence(notice.value, t, brief=brief), t)
