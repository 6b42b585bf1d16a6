"""The end of a term for those who lead classes: what each class lacks, a class by subjects, deferrals (Q52, Q53)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.screens.dates import short_date
from bot.screens.frame import button_label, choice_label
from bot.screens.marks.gradebook import short_student_name
from bot.screens.results.acquaintance import term_sheet_button
from bot.screens.results.class_finals import FINALS, STUDENT, TERM, term_label
from bot.screens.results.sheet import sheet_button
from bot.screens.screen import Screen, Seal, bold, button_rows, fit_on_page, plain_text
from core.model.delivery.text import Button
from core.model.results.class_finals import FinalTerm
from core.model.results.completeness import ClassState, MissingMark, OpenDeferral, SubjectState, TermState
from core.ports import Translator
from core.rules.conversation.buttons import FINALS_PAGE, Handle
from core.rules.people.initials import with_initials

REMIND, CLOSE, REOPEN, DEFERRALS = "fremind", "fclose", "freopen", "fdeferrals"

ALL_CLASSES = 0
"""In place of a class."""

_NAMED = 5
"""So many students of a subject are named in a line; the page names all."""

_MOST_CLASSES = 60

Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermFrame:
    """The state of a term; `runs_school`: the reader closes terms and reminds teachers."""

    state: TermState
    runs_school: bool
    t: Translator
    seal: Seal

    def button(self, label: str, door: str, *numbers: int) -> Button:
        """A button that opens a door."""
        return Button(button_label(label), self.seal(Handle(door, numbers)))

    @property
    def term(self) -> str:
        """The term in words."""
        return term_label(self.state.term.name, self.t)


def classes_state(frame: TermFrame, *, done: Sequence[str] = ()) -> Screen:
    """All classes of the reader, a line each: «5А: не закончено 2 из 14 предметов, нет 3 оценок»."""
    t, state = frame.t, frame.state
    number = state.term.number
    lines = [_class_line(each, t) for each in state.classes]
    head = [bold(t("finals.end_of", term=frame.term)), _total(frame), *done, ""]
    classes = [
        frame.button(_mark(each.school_class, is_done=not each.unfinished), TERM, each.class_id, number)
        for each in state.classes[:_MOST_CLASSES]
    ]
    return Screen(
        fit_on_page(head, lines or [t("finals.no_classes")], more=t("teaching.more")),
        (*button_rows(classes, width=5), *_duties(frame), *_terms(frame, ALL_CLASSES), *_below(frame)),
    )


def class_state(frame: TermFrame, each: ClassState) -> Screen:
    """A class by subjects: who lacks what, and whose subject it is; each subject opens its page."""
    t, number = frame.t, frame.state.term.number
    head = [bold(plain_text(each.school_class)), plain_text(f"{frame.term} · {_class_words(each, t)}"), ""]
    lines = [_subject_line(subject, t) for subject in sorted(each.subjects, key=lambda subject: not subject.missing)]
    subjects = [
        frame.button(_subject_label(subject), FINALS_PAGE, each.class_id, subject.subject_id, number)
        for subject in each.subjects[:_MOST_CLASSES]
    ]
    sheet = sheet_button(each.class_id, t, frame.seal)
    told = term_sheet_button(each.class_id, number, t, frame.seal)
    back = ((sheet, told), (frame.button(t("finals.all_classes"), TERM, ALL_CLASSES, number),))
    return Screen(
        fit_on_page(head, lines, more=t("teaching.more")),
        (*button_rows(subjects, width=2), *_terms(frame, each.class_id), *back),
    )


def deferral_list(deferrals: Sequence[OpenDeferral], today: date, t: Translator, seal: Seal) -> Screen:
    """Open deferrals, the first to run out first; those that have run out are marked."""
    head = [bold(t("finals.deferrals", len(deferrals))), ""]
    lines = [_deferral_line(each, today, t) for each in deferrals]
    buttons = [
        Button(
            button_label(f"{short_student_name(each.pupil.name)} · {each.subject}"),
            seal(Handle(STUDENT, (each.pupil.class_id, each.deferral.subject_id, number, each.pupil.student_id))),
        )
        for each in deferrals[:_MOST_CLASSES]
        if (number := each.term.number if each.term else None) is not None
    ]
    back = Button(t("finals.all_classes"), seal(Handle(TERM)))
    text = fit_on_page(head, lines or [t("finals.no_deferrals")], more=t("teaching.more"))
    return Screen(text, (*button_rows(buttons, width=1), (back,)))


def closing_refused(missing: Sequence[MissingMark], t: Translator) -> list[str]:
    """That the term stays open, and who lacks what (Q52)."""
    named = [
        f"• {plain_text(each.expected.pupil.school_class)} {plain_text(short_student_name(each.expected.pupil.name))}: "
        f"{plain_text(each.expected.subject)}"
        for each in missing[: 2 * _NAMED]
    ]
    more = [t("finals.and_more", len(missing) - len(named))] if len(missing) > len(named) else []
    return [t("finals.not_closed", len(missing)), *named, *more]


def reason_request(frame: TermFrame) -> Screen:
    """Asks why a closed term is opened again."""
    words = [bold(frame.term), "", frame.t("finals.reason_asked")]
    back = frame.button(frame.t("teaching.cancel"), TERM, ALL_CLASSES, frame.state.term.number)
    return Screen("\n".join(words), ((back,),))


def state_button(t: Translator, seal: Seal) -> Button:
    """A button to the state of the reader's classes."""
    return Button(t("command.term"), seal(Handle(TERM)))


def _total(frame: TermFrame) -> str:
    t, state = frame.t, frame.state
    missing = t("finals.missing", state.missing) if state.missing else t("finals.complete")
    return f"{t('finals.is_closed')} {missing}" if state.is_closed else missing


def _class_line(each: ClassState, t: Translator) -> str:
    return f"{bold(plain_text(each.school_class))}: {_class_words(each, t)}"


def _class_words(each: ClassState, t: Translator) -> str:
    if not each.unfinished:
        return t("finals.class_done", len(each.subjects))
    unfinished = t("finals.class_unfinished", len(each.unfinished), all=len(each.subjects))
    return f"{unfinished}, {t('finals.missing_short', each.missing)}"


def _mark(label: str, *, is_done: bool) -> str:
    return f"{label} ✓" if is_done else label


def _subject_line(each: SubjectState, t: Translator) -> str:
    """«Физика – Осипова Д. О.: 2 из 30 – Белов Б. Б., Волков В. В.»."""
    name = bold(plain_text(each.subject))
    if not each.missing:
        return f"✓ {name}"
    teacher = next((mark.teacher for mark in each.missing if mark.teacher), None)
    whose = f" – {plain_text(with_initials(teacher))}" if teacher else ""
    students = [plain_text(short_student_name(mark.expected.pupil.name)) for mark in each.missing]
    names = ", ".join(students[:_NAMED]) + (", …" if len(students) > _NAMED else "")
    return f"{name}{whose}: {t('finals.of', count=len(each.missing), all=each.expected)} – {names}"


def _subject_label(each: SubjectState) -> str:
    return f"{each.subject}: {len(each.missing)}" if each.missing else f"{each.subject} ✓"


def _deferral_line(each: OpenDeferral, today: date, t: Translator) -> str:
    due = t("finals.deferred", due=short_date(each.deferral.due_on))
    over = f" ⚠ {t('finals.deferral_over')}" if each.deferral.due_on <= today else ""
    who = f"{each.pupil.school_class} {short_student_name(each.pupil.name)}"
    return f"• {plain_text(who)}: {plain_text(each.subject)} ({plain_text(each.deferral.term)}) – {due}{over}"


def _duties(frame: TermFrame) -> Rows:
    """What only the deputy head does: reminders, closing, reopening."""
    if not frame.runs_school:
        return ()
    t, number, state = frame.t, frame.state.term.number, frame.state
    if state.is_closed:
        return ((frame.button(t("finals.reopen"), REOPEN, number),),)
    remind = [frame.button(t("finals.remind"), REMIND, number)] if state.missing else []
    return ((*remind, frame.button(t("finals.close"), CLOSE, number)),)


def _terms(frame: TermFrame, class_id: int) -> Rows:
    def button(term: FinalTerm) -> Button:
        label = choice_label(term_label(term.name, frame.t), when=term == frame.state.term)
        return frame.button(label, TERM, class_id, term.number)

    return button_rows([button(term) for term in frame.state.terms], width=3)


def _below(frame: TermFrame) -> Rows:
    t = frame.t
    count = frame.state.deferrals
    deferred = [frame.button(t("finals.deferrals", count), DEFERRALS)] if count else []
    return ((*deferred, frame.button(t("command.finals"), FINALS)),)
