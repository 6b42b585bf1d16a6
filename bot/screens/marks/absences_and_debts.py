"""Absences, which are shown apart from marks, and work not handed in: screens and first lines (Q27, Q28, Q110)."""

from collections.abc import Sequence

from bot.questions.kinds import Asked
from bot.screens.dates import screen_date, screen_date_span, weekday_screen_date
from bot.screens.frame import ScreenFrame, clip_to_screen_frame
from bot.screens.marks.lookup import Entries, dates_asked_on_screen, mark_kind_on_screen, mark_work_on_screen
from bot.screens.screen import Screen, screen_bold, screen_text
from core.model.marks.entries import Entry, EntryKind
from core.rules.marks.tokens import ILL, MISSES

ABSENCES, DEBTS = "absences", "debts"

_CODES = {"ОП": "late", "Б": "ill", "УП": "excused", "НП": "unexcused", "ОСВ": "exempt"}
"""What the codes of absences are called in the catalogues."""

_UNEXCUSED = ("НП",)
_EXCUSED = ("УП", ILL)

_MOST_NAMED = 5
"""Absences or debts that a first line names one by one."""

_MOST_ABSENCES = 2
"""Absences that a first line names beside their count."""


def absences_screen(frame: ScreenFrame, entries: Entries) -> Screen:
    """The number of absences by reason, then day by day (Q27)."""
    t = frame.t
    absences_by_subject = [(entry, name) for entry, name in entries if entry.kind is EntryKind.ABSENCE]
    reasons = [t(f"marks.absence.{entry.value}") for entry, _ in absences_by_subject]
    counts = [f"{reason} – {screen_bold(str(reasons.count(reason)))}" for reason in sorted(set(reasons))]
    lines = [
        f"{weekday_screen_date(entry.on, t)} {screen_text(name)}: {screen_text(t(f'marks.absence.{entry.value}'))}"
        for entry, name in sorted(absences_by_subject, key=lambda item: (-item[0].on.toordinal(), item[1]))
    ]
    head = [
        *frame.head_of_subject(screen_bold(t("absences.title")), *_dates(frame)),
        *counts,
        *([""] if counts else []),
    ]
    return frame.screen(head, lines or [t("absences.none") if frame.look.since is None else t("marks.none_then")])


def _dates(frame: ScreenFrame) -> list[str]:
    """The dates that were asked for, as a line."""
    since, until = frame.look.since, frame.look.until
    return [screen_date_span(since, until, frame.t)] if since and until else []


def debts_screen(frame: ScreenFrame, entries: Entries) -> Screen:
    """Work that was not handed in; no average counts it until then (Q28)."""
    t = frame.t
    lines = []
    for entry, name in sorted(entries, key=lambda item: (item[1], item[0].on)):
        if entry.kind is EntryKind.DEBT:
            details = mark_work_on_screen(entry, t)
            lines.append(
                t("debts.line", on=screen_date(entry.on), subject=screen_bold(name))
                + (f" – {details}" if details else "")
            )
    head = frame.head_of_subject(screen_bold(t("debts.title")), *_dates(frame), *([t("debts.rule")] if lines else []))
    return frame.screen(head, lines or [t("debts.none") if frame.look.since is None else t("marks.none_then")])


def absences_screen_first_line(frame: ScreenFrame, entries: Entries) -> str:
    """«Пропусков нет», «5 пропусков», «Опозданий нет»; who comes late has missed nothing."""
    if frame.question is None:
        return ""
    codes: Sequence[str] = frame.question.absences
    if frame.asked is Asked.MEANING:
        return "; ".join(f"{code} – {screen_text(frame.t(f'marks.absence.{code}'))}" for code in codes or _CODES)
    codes = _codes_meant(codes)
    absences = [each for each in entries if each[0].kind is EntryKind.ABSENCE]
    reasoned = [each for each in absences if each[0].value in (codes or MISSES)]
    if frame.asked is Asked.DEADLINE:
        return _making_up(frame, reasoned)
    if frame.asked is Asked.WHEN and reasoned:
        return "; ".join(_absence(frame, *each) for each in reasoned[: -_MOST_NAMED - 1 : -1])
    if frame.asked is Asked.WHY and reasoned:
        return _absence_reason(frame, *reasoned[-1])
    return _counted_absences(frame, codes, reasoned, missed=sum(entry.value in MISSES for entry, _ in absences))


def _codes_meant(codes: Sequence[str]) -> Sequence[str]:
    """Those with a valid reason, whatever code the journal chose; all where «УП» and «НП» are both asked for."""
    if {*codes} >= {*_UNEXCUSED, *_EXCUSED[:1]}:
        return ()
    return _EXCUSED if codes == _EXCUSED[:1] else codes


def _making_up(frame: ScreenFrame, absences: Entries) -> str:
    """That the teacher says how an absence is made up, and the latest ones."""
    latest = "; ".join(_absence(frame, *each) for each in absences[: -_MOST_ABSENCES - 1 : -1])
    told = f"{latest}." if latest else _count_answer(frame, 0, ABSENCES)
    return frame.t("absences.answer.no_deadline", absences=told)


def _counted_absences(frame: ScreenFrame, codes: Sequence[str], reasoned: Entries, *, missed: int) -> str:
    """Their number, the few by name; `missed`: of all codes, told where only some of them are asked for."""
    named = f" {'; '.join(_absence(frame, *each) for each in reasoned)}." if 0 < len(reasoned) <= _MOST_ABSENCES else ""
    if not codes:
        return f"{_count_answer(frame, missed, ABSENCES)}{named}"
    count, dates, key = len(reasoned), dates_asked_on_screen(frame), f"absences.answer.{_CODES[codes[0]]}"
    line = frame.t(f"{key}_count", count, dates=dates) if count else frame.t(f"{key}_none", dates=dates)
    is_said = (codes == _UNEXCUSED or not count) and MISSES & {*codes}
    return f"{line}{named} {_all_missed(frame, missed)}" if is_said and missed > count else f"{line}{named}"


def _all_missed(frame: ScreenFrame, count: int) -> str:
    """«Всего 3 пропуска», where only some of them are asked for."""
    return frame.t("absences.answer.of_all", count)


def _absence(frame: ScreenFrame, entry: Entry, name: str) -> str:
    """«21.10 Химия: пропуск по болезни»."""
    reason = screen_text(frame.t(f"marks.absence.{entry.value}"))
    return f"{screen_date(entry.on)} {screen_text(name)}: {reason}"


def _absence_reason(frame: ScreenFrame, entry: Entry, name: str) -> str:
    """«21.10 Химия: пропуск по уважительной причине; почему, в журнале не записано», or what the teacher wrote."""
    if entry.comment:
        return f"{_absence(frame, entry, name)}; {screen_text(clip_to_screen_frame(entry.comment))}"
    if entry.value == ILL:  # the reason itself
        return _absence(frame, entry, name)
    return frame.t("absences.answer.no_reason", absence=_absence(frame, entry, name))


def debts_screen_first_line(frame: ScreenFrame, entries: Entries) -> str:
    """«Долгов нет», «2 долга: 01.09–09.12. 07.12 Химия; 22.10 Физика: самостоятельная.»."""
    debts = [(entry, name) for entry, name in entries if entry.kind is EntryKind.DEBT]
    owed = [name for _, name in debts]
    line = _count_answer(frame, len(owed), "debts")
    if frame.asked is Asked.DEADLINE:
        subjects = f" {screen_text(', '.join(dict.fromkeys(owed)))}." if owed else ""
        return frame.t("debts.answer.no_deadline", debts=f"{line}{subjects}")
    if not owed or frame.question is None:
        return line
    is_one = frame.asked in {None, Asked.WHY} and len(debts) == 1
    named = "; ".join(_debt(frame, *each, is_told=is_one) for each in debts[: -_MOST_NAMED - 1 : -1])
    return frame.t("debts.answer.not_handed_in", works=named) if frame.subject is not None else f"{line} {named}."


def _debt(frame: ScreenFrame, entry: Entry, name: str, *, is_told: bool = False) -> str:
    """«22.10 Химия: самостоятельная»; of a subject that is named also that nobody wrote which work it is."""
    unknown = frame.t("debts.no_work") if is_told or frame.subject is not None else ""
    kind = mark_kind_on_screen(entry, frame.t) or unknown
    return f"{screen_date(entry.on)} {screen_text(name)}{': ' if kind else ''}{kind}"


def _count_answer(frame: ScreenFrame, count: int, what: str) -> str:
    if frame.question is None:
        return ""
    if count:
        return frame.t(f"{what}.answer.count", count, dates=dates_asked_on_screen(frame))
    return frame.line_of_subject(frame.t(f"{what}.answer.none", dates=dates_asked_on_screen(frame)))
