"""A class's final marks in a subject on a phone: proposals, marks, one student with the history (Q55, Q58, Q67)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from bot.screens.dates import screen_date
from bot.screens.frame import clip_to_screen_frame, screen_frame_button_label, screen_frame_choice_label
from bot.screens.marks.gradebook import FEW, gradebook_screen_name
from bot.screens.screen import (
    Screen,
    Seal,
    fit_on_screen_page,
    screen_bold,
    screen_button_rows,
    screen_italic,
    screen_text,
)
from core.errors import SchoolError
from core.model.delivery.text import Button
from core.model.imports.reports import EXAM, FINAL, YEAR
from core.model.marks.gradebook import Taught
from core.model.results.class_finals import ClassFinalsRow, FinalsPage, FinalTerm, OpenedFinal
from core.model.results.period_marks import PeriodMarkVersion
from core.model.results.proposals import DEFERRAL, Proposal
from core.model.year import GroupKind
from core.ports import Translator
from core.rules.conversation.buttons import FINALS_PAGE, Handle, button_moment_number
from core.rules.marks.averages import format_average
from core.rules.marks.gradebook import GradebookRules
from core.rules.results.terms import term_key

FINALS, CLASS, STUDENT, ACCEPT, SET = "finals", FINALS_PAGE, "fstudent", "faccept", "fset"
WORDS, ANNUL, UNDO = "fwords", "fannul", "fundo"

TERM = "term"
"""Opens the state of classes in a term."""

TOKENS = ("5", "4", "3", "2", "1", "зач", "незач", "н/а", "осв")
"""The final marks that a button can set; the button carries the position."""

_MOST_STUDENTS = 80

Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassFinalsScreenDesk:
    """An open page of final marks with the school's rules for marks. `leads`: the reader leads the class or school."""

    page: FinalsPage
    zone: tzinfo
    t: Translator
    seal: Seal
    policy: GradebookRules
    leads: bool = False

    def button(self, label: str, door: str, *numbers: int, term: FinalTerm | None = None) -> Button:
        """A button about this page, or about another term of the same group and subject."""
        page = self.page
        place = page.group.id, page.subject_id, (term or page.term).number
        return Button(screen_frame_button_label(label), self.seal(Handle(door, (*place, *numbers))))

    def key(self, key: str, door: str, *numbers: int) -> Button:
        """A button whose label is a message of the catalogue."""
        return self.button(self.t(key), door, *numbers)

    @property
    def name(self) -> str:
        """Group and subject, the title of every screen of a page."""
        return f"{self.page.group.name} · {self.page.subject}"

    @property
    def term(self) -> str:
        """The term in words."""
        return class_finals_screen_term(self.page.term.name, self.t)


def class_finals_screen_marks(policy: GradebookRules) -> Sequence[str]:
    """The final marks that the school gives."""
    return TOKENS if policy.lowest_mark == 1 else [mark for mark in TOKENS if mark != "1"]


def class_finals_screen_term(term: str, t: Translator) -> str:
    """The name of a term; year, exam and final have words of their own."""
    key = term_key(term)
    return t(f"finals.term.{key}") if key in {YEAR, EXAM, FINAL} else screen_text(term)


def class_finals_choice_screen(taught: Sequence[Taught], t: Translator, seal: Seal, *, above: Rows = ()) -> Screen:
    """Asks for a group and subject. `above`: buttons to the state of whole classes."""
    if not taught:
        return Screen(t("finals.nothing_taught") if not above else t("finals.which_class"), above)
    buttons = [
        Button(
            screen_frame_button_label(f"{each.group.name} · {each.subject}"),
            seal(Handle(CLASS, (each.group.id, each.subject_id))),
        )
        for each in taught[:_MOST_STUDENTS]
    ]
    return Screen(
        t("finals.which_subject"), (*above, *screen_button_rows(buttons, width=2 if len(buttons) > FEW else 1))
    )


def class_finals_group_screen(taught: Iterable[Taught], t: Translator, seal: Seal, *, above: Rows = ()) -> Screen:
    """Asks for the group first, where a teacher has many."""
    names = {each.group.id: each.group.name for each in taught}
    buttons = [
        Button(screen_frame_button_label(name), seal(Handle(FINALS, (group_id,)))) for group_id, name in names.items()
    ]
    return Screen(t("teaching.which_group"), (*above, *screen_button_rows(buttons[:_MOST_STUDENTS], width=3)))


def class_finals_screen(
    desk: ClassFinalsScreenDesk, *, done: Sequence[str] = (), undo: datetime | None = None
) -> Screen:
    """The class with averages, misses, proposals and marks. `done`: what has just changed, at `undo`."""
    t, page = desk.t, desk.page
    settled = sum(row.is_settled for row in page.rows)
    state = t("finals.state", term=desk.term, settled=settled, all=len(page.rows))
    head = [screen_bold(screen_text(desk.name)), screen_text(state), *_remarks(desk), *done, ""]
    lines = [_line(number, row, t) for number, row in enumerate(page.rows, start=1)]
    text = fit_on_screen_page(head, lines or [t("finals.nobody")], more=t("teaching.more"))
    back = ((_undo_button(undo, desk),),) if undo is not None else ()
    return Screen(text, (*back, *_accept(desk), *_students(desk), *_terms(desk), _others(desk)))


def class_finals_student_screen(
    opened: OpenedFinal, desk: ClassFinalsScreenDesk, *, done: Sequence[str] = (), more: Rows = ()
) -> Screen:
    """One student: what the proposal rests on, the mark, its history, and a button for each mark."""
    t, row = desk.t, opened.row
    head = [
        screen_bold(screen_text(row.proposed.pupil.name)),
        screen_text(f"{desk.name} · {desk.term}"),
        *_remarks(desk),
        *done,
        "",
        _facts_words(row.proposed.proposal, t),
        _proposal_words(row.proposed.proposal, t),
        t("finals.stands", value=screen_bold(_state(row, t))),
    ]
    history = [_version(version, desk) for version in opened.versions if version.before != version.after]
    may = row.may_set and desk.policy.made_here
    return Screen(
        fit_on_screen_page(head, ["", *history] if history else [], more=t("teaching.more")),
        (*(_tokens(row, desk) if may else ()), *(_steps(opened, desk) if may else ()), *more, (_back_to_class(desk),)),
    )


def class_finals_words_screen(
    row: ClassFinalsRow, value: str, desk: ClassFinalsScreenDesk, *, ground: bool, proposal: str = ""
) -> Screen:
    """Asks why the mark differs from the proposal (Q55), or on what ground it is corrected after closing (Q67)."""
    t = desk.t
    asked = t("finals.ground_asked") if ground else t("finals.comment_asked", value=value, proposal=_value(proposal, t))
    words = [
        screen_bold(screen_text(row.proposed.pupil.name)),
        screen_text(f"{desk.name} · {desk.term} · {value}"),
        "",
        asked,
    ]
    cancel = desk.key("teaching.cancel", STUDENT, row.proposed.pupil.student_id)
    return Screen("\n".join(words), ((cancel,),))


def _undo_button(at: datetime, desk: ClassFinalsScreenDesk) -> Button:
    """A button that takes back what was written at a moment."""
    return desk.key("finals.undo", UNDO, button_moment_number(at))


def _back_to_class(desk: ClassFinalsScreenDesk) -> Button:
    """A button to the whole class."""
    return desk.key("teaching.back", CLASS)


def class_finals_screen_done(row: ClassFinalsRow, value: str | None, t: Translator) -> str:
    """A line on what has just been written."""
    name = screen_text(gradebook_screen_name(row.proposed.pupil.name))
    return t("finals.annulled", name=name) if value is None else t("finals.set", name=name, value=screen_bold(value))


def class_finals_screen_refusal(refusal: SchoolError, t: Translator) -> str:
    """Why nothing was written."""
    return t(f"finals.refused.{type(refusal).__name__}")


def _facts_words(proposal: Proposal, t: Translator) -> str:
    """«Средний балл 4,33 · оценок 9 · пропущено 2 из 20 уроков»."""
    average = _average(proposal, t)
    return t("finals.facts", average=average, marks=proposal.marks, missed=proposal.missed, lessons=proposal.lessons)


def _remarks(desk: ClassFinalsScreenDesk) -> list[str]:
    t = desk.t
    closed = [t("finals.closed")] if desk.page.is_closed else []
    return [*closed, *([] if desk.policy.made_here else [t("finals.journal_mode")])]


def _line(number: int, row: ClassFinalsRow, t: Translator) -> str:
    proposal = row.proposed.proposal
    name = screen_text(gradebook_screen_name(row.proposed.pupil.name))
    facts = t("finals.short_facts", average=_average(proposal, t), marks=proposal.marks, missed=proposal.missed)
    return f"{number}. {name}: {_outcome(row, t)} · {facts}"


def _outcome(row: ClassFinalsRow, t: Translator) -> str:
    """The mark in bold, else a deferral, else the proposal behind an arrow, else why there is none."""
    proposal = row.proposed.proposal
    if row.is_settled:
        other = proposal.value not in {None, DEFERRAL, row.value} and row.value is not None
        beside = f" {t('finals.instead_of', proposal=proposal.value)}" if other else ""
        return screen_bold(_state(row, t)) + beside
    if proposal.value is not None:
        return f"→ {_value(proposal.value, t)}"
    return screen_italic(t(f"results.reason.{proposal.reason}"))


def _state(row: ClassFinalsRow, t: Translator) -> str:
    if row.value is not None:
        return row.value
    if row.deferral is not None:
        return t("finals.deferred", due=screen_date(row.deferral.due_on))
    return t("finals.not_set")


def _value(value: str, t: Translator) -> str:
    return t("results.deferral") if value == DEFERRAL else value


def _average(proposal: Proposal, t: Translator) -> str:
    return "–" if proposal.average is None else format_average(proposal.average, point=t("marks.point"))


def _proposal_words(proposal: Proposal, t: Translator) -> str:
    reason = t(f"results.reason.{proposal.reason}")
    if proposal.value is None:
        return t("finals.no_proposal", reason=reason)
    words = t("finals.proposal", value=screen_bold(_value(proposal.value, t)), reason=reason)
    return f"{words} {t('finals.deferral_by_deputy')}" if proposal.value == DEFERRAL else words


def _accept(desk: ClassFinalsScreenDesk) -> Rows:
    """The tap that finishes a subject: how many marks it sets."""
    waiting = [
        row
        for row in desk.page.rows
        if row.may_set and row.value is None and row.proposed.proposal.value not in {None, DEFERRAL}
    ]
    if not waiting or desk.page.is_closed or not desk.policy.made_here:
        return ()
    return ((desk.button(desk.t("finals.accept", len(waiting)), ACCEPT),),)


def _students(desk: ClassFinalsScreenDesk) -> Rows:
    buttons = [
        desk.button(_label(number, row, desk.t), STUDENT, row.proposed.pupil.student_id)
        for number, row in enumerate(desk.page.rows, start=1)
    ]
    return screen_button_rows(buttons[:_MOST_STUDENTS], width=2)


def _label(number: int, row: ClassFinalsRow, t: Translator) -> str:
    name = f"{number}. {gradebook_screen_name(row.proposed.pupil.name)}"
    proposed = row.proposed.proposal.value
    if row.value is not None:
        return f"{name}: {row.value}"
    if row.deferral is not None:
        return f"{name}: {t('finals.deferred_short')}"
    return f"{name} ?" if proposed is None else f"{name} → {_value(proposed, t)}"


def _terms(desk: ClassFinalsScreenDesk) -> Rows:
    page = desk.page
    buttons = [
        desk.button(
            screen_frame_choice_label(class_finals_screen_term(term.name, desk.t), when=term == page.term),
            CLASS,
            term=term,
        )
        for term in page.terms
    ]
    return screen_button_rows(buttons, width=3)


def _others(desk: ClassFinalsScreenDesk) -> tuple[Button, ...]:
    """Buttons to the other subjects: of the class for who leads it, and of one's own."""
    page, t = desk.page, desk.t
    own = Button(t("finals.other_subject"), desk.seal(Handle(FINALS)))
    if not desk.leads or page.group.kind is not GroupKind.CLASS:
        return (own,)
    return Button(t("finals.all_subjects"), desk.seal(Handle(TERM, (page.group.id, page.term.number)))), own


def _tokens(row: ClassFinalsRow, desk: ClassFinalsScreenDesk) -> Rows:
    """A button for each mark but the one that stands there."""
    student = row.proposed.pupil.student_id

    def buttons(*, scores: bool) -> list[Button]:
        wanted = [
            mark for mark in class_finals_screen_marks(desk.policy) if mark.isdecimal() == scores and mark != row.value
        ]
        return [desk.button(mark, SET, student, row.version, TOKENS.index(mark)) for mark in wanted]

    return (*screen_button_rows(buttons(scores=True), width=5), *screen_button_rows(buttons(scores=False), width=4))


def _steps(opened: OpenedFinal, desk: ClassFinalsScreenDesk) -> Rows:
    row = opened.row
    if row.mark is None or row.mark.received_at is None:
        return ()
    annul = [desk.key("finals.annul", ANNUL, row.proposed.pupil.student_id, row.version)] if row.value else []
    return ((*annul, _undo_button(row.mark.received_at, desk)),)


def _version(made: PeriodMarkVersion, desk: ClassFinalsScreenDesk) -> str:
    """«20.11 12:05: 3 → 4 – «пересдал»»."""
    t = desk.t
    at = f"{made.received_at.astimezone(desk.zone):%d.%m %H:%M}" if made.received_at else "–"
    notes = [
        t(key, words=screen_text(clip_to_screen_frame(words)))
        for key, words in (("finals.note.comment", made.comment), ("finals.note.ground", made.ground))
        if words
    ]
    return " – ".join([f"{at}: {made.before or '–'} → {made.after or '–'}", *notes])
