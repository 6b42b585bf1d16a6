"""The end of a term for those who lead classes: what each class lacks, a class by subjects, deferrals (Q52, Q53)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.screens.dates import screen_date
from bot.screens.frame import screen_frame_button_label, screen_frame_choice_label
from bot.screens.marks.gradebook import gradebook_screen_name
from bot.screens.results.acquaintance import acquaintance_screen_button
from bot.screens.results.class_finals import FINALS, STUDENT, TERM, class_finals_screen_term
from bot.screens.results.sheet import sheet_screen_button
from bot.screens.screen import Screen, Seal, fit_on_screen_page, screen_bold, screen_button_rows, screen_text
from core.model.delivery.text import Button
from core.model.results.class_finals import FinalTerm
from core.model.results.completeness import ClassCompleteness, MissingMark, OpenDeferral, SubjectState, TermCompleteness
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
class TermStateScreenFrame:
    """The state of a term; `runs_school`: the reader closes terms and reminds teachers."""

    state: TermCompleteness
    runs_school: bool
    t: Translator
    seal: Seal

    def button(self, label: str, door: str, *numbers: int) -> Button:
        """A button that opens a door."""
        return Button(screen_frame_button_label(label), self.seal(Handle(door, numbers)))

    @property
    def term(self) -> str:
        """The term in words."""
        return class_finals_screen_term(self.state.term.name, self.t)


def term_state_classes_screen(frame: TermStateScreenFrame, *, done: Sequence[str] = ()) -> Screen:
    """All classes of the reader, a line each: «5А: не закончено 2 из 14 предметов, нет 3 оценок»."""
    t, state = frame.t, frame.state
    number = state.term.number
    lines = [_class_line(each, t) for each in state.classes]
    head = [screen_bold(t("finals.end_of", term=frame.term)), _total(frame), *done, ""]
    classes = [
        frame.button(_mark(each.school_class, is_done=not each.unfinished), TERM, each.class_id, number)
        for each in state.classes[:_MOST_CLASSES]
    ]
    return Screen(
        fit_on_screen_page(head, lines or [t("finals.no_classes")], more=t("teaching.more")),
        (*screen_button_rows(classes, width=5), *_duties(frame), *_terms(frame, ALL_CLASSES), *_below(frame)),
    )


def term_state_class_screen(frame: TermStateScreenFrame, each: ClassCompleteness) -> Screen:
    """A class by subjects: who lacks what, and whose subject it is; each subject opens its page."""
    t, number = frame.t, frame.state.term.number
    head = [screen_bold(screen_text(each.school_class)), screen_text(f"{frame.term} · {_class_words(each, t)}"), ""]
    lines = [_subject_line(subject, t) for subject in sorted(each.subjects, key=lambda subject: not subject.missing)]
    subjects = [
        frame.button(_subject_label(subject), FINALS_PAGE, each.class_id, subject.subject_id, number)
        for subject in each.subjects[:_MOST_CLASSES]
    ]
    sheet = sheet_screen_button(each.class_id, t, frame.seal)
    told = acquaintance_screen_button(each.class_id, number, t, frame.seal)
    back = ((sheet, told), (frame.button(t("finals.all_classes"), TERM, ALL_CLASSES, number),))
    return Screen(
        fit_on_screen_page(head, lines, more=t("teaching.more")),
        (*screen_button_rows(subjects, width=2), *_terms(frame, each.class_id), *back),
    )


def term_state_deferrals_screen(deferrals: Sequence[OpenDeferral], today: date, t: Translator, seal: Seal) -> Screen:
    """Open deferrals, the first to run out first; those that have run out are marked."""
    head = [screen_bold(t("finals.deferrals", len(deferrals))), ""]
    lines = [_deferral_line(each, today, t) for each in deferrals]
    buttons = [
        Button(
            screen_frame_button_label(f"{gradebook_screen_name(each.pupil.name)} · {each.subject}"),
            seal(Handle(STUDENT, (each.pupil.class_id, each.deferral.subject_id, number, each.pupil.student_id))),
        )
        for each in deferrals[:_MOST_CLASSES]
        if (number := each.term.number if each.term else None) is not None
    ]
    back = Button(t("finals.all_classes"), seal(Handle(TERM)))
    text = fit_on_screen_page(head, lines or [t("finals.no_deferrals")], more=t("teaching.more"))
    return Screen(text, (*screen_button_rows(buttons, width=1), (back,)))


def term_state_refused_screen(missing: Sequence[MissingMark], t: Translator) -> list[str]:
    """That the term stays open, and who lacks what (Q52)."""
    named = [
        f"• {screen_text(each.expected.pupil.school_class)} "
        f"{screen_text(gradebook_screen_name(each.expected.pupil.name))}: {screen_text(each.expected.subject)}"
        for each in missing[: 2 * _NAMED]
    ]
    more = [t("finals.and_more", len(missing) - len(named))] if len(missing) > len(named) else []
    return [t("finals.not_closed", len(missing)), *named, *more]


def term_state_reason_screen(frame: TermStateScreenFrame) -> Screen:
    """Asks why a closed term is opened again."""
    words = [screen_bold(frame.term), "", frame.t("finals.reason_asked")]
    back = frame.button(frame.t("teaching.cancel"), TERM, ALL_CLASSES, frame.state.term.number)
    return Screen("\n".join(words), ((back,),))


def term_state_screen_button(t: Translator, seal: Seal) -> Button:
    """A button to the state of the reader's classes."""
    return Button(t("command.term"), seal(Handle(TERM)))


def _total(frame: TermStateScreenFrame) -> str:
    t, state = frame.t, frame.state
    missing = t("finals.missing", state.missing) if state.missing else t("finals.complete")
    return f"{t('finals.is_closed')} {missing}" if state.is_closed else missing


def _class_line(each: ClassCompleteness, t: Translator) -> str:
    return f"{screen_bold(screen_text(each.school_class))}: {_class_words(each, t)}"


def _class_words(each: ClassCompleteness, t: Translator) -> str:
    if not each.unfinished:
        return t("finals.class_done", len(each.subjects))
    unfinished = t("finals.class_unfinished", len(each.unfinished), all=len(each.subjects))
    return f"{unfinished}, {t('finals.missing_short', each.missing)}"


def _mark(label: str, *, is_done: bool) -> str:
    return f"{label} ✓" if is_done else label


def _subject_line(each: SubjectState, t: Translator) -> str:
    """«Физика – Осипова Д. О.: 2 из 30 – Белов Б. Б., Волков В. В.»."""
    name = screen_bold(screen_text(each.subject))
    if not each.missing:
        return f"✓ {name}"
    teacher = next((mark.teacher for mark in each.missing if mark.teacher), None)
    whose = f" – {screen_text(with_initials(teacher))}" if teacher else ""
    students = [screen_text(gradebook_screen_name(mark.expected.pupil.name)) for mark in each.missing]
    names = ", ".join(students[:_NAMED]) + (", …" if len(students) > _NAMED else "")
    return f"{name}{whose}: {t('finals.of', count=len(each.missing), all=each.expected)} – {names}"


def _subject_label(each: SubjectState) -> str:
    return f"{each.subject}: {len(each.missing)}" if each.missing else f"{each.subject} ✓"


def _deferral_line(each: OpenDeferral, today: date, t: Translator) -> str:
    due = t("finals.deferred", due=screen_date(each.deferral.due_on))
    over = f" ⚠ {t('finals.deferral_over')}" if each.deferral.due_on <= today else ""
    who = f"{each.pupil.school_class} {gradebook_screen_name(each.pupil.name)}"
    return f"• {screen_text(who)}: {screen_text(each.subject)} ({screen_text(each.deferral.term)}) – {due}{over}"


def _duties(frame: TermStateScreenFrame) -> Rows:
    """What only the deputy head does: reminders, closing, reopening."""
    if not frame.runs_school:
        return ()
    t, number, state = frame.t, frame.state.term.number, frame.state
    if state.is_closed:
        return ((frame.button(t("finals.reopen"), REOPEN, number),),)
    remind = [frame.button(t("finals.remind"), REMIND, number)] if state.missing else []
    return ((*remind, frame.button(t("finals.close"), CLOSE, number)),)


def _terms(frame: TermStateScreenFrame, class_id: int) -> Rows:
    def button(term: FinalTerm) -> Button:
        label = screen_frame_choice_label(class_finals_screen_term(term.name, frame.t), when=term == frame.state.term)
        return frame.button(label, TERM, class_id, term.number)

    return screen_button_rows([button(term) for term in frame.state.terms], width=3)


def _below(frame: TermStateScreenFrame) -> Rows:
    t = frame.t
    count = frame.state.deferrals
    deferred = [frame.button(t("finals.deferrals", count), DEFERRALS)] if count else []
    return ((*deferred, frame.button(t("command.finals"), FINALS)),)
