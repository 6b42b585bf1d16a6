"""A class's final marks in a subject on a phone: proposals, marks, one student with the history (Q55, Q58, Q67)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from bot.screens.dates import short_date
from bot.screens.frame import button_label, choice_label, clip_words
from bot.screens.marks.gradebook import FEW, short_student_name
from bot.screens.screen import Screen, Seal, bold, button_rows, fit_on_page, italic, plain_text
from core.errors import SchoolError
from core.model.delivery.text import Button
from core.model.imports.reports import EXAM, FINAL, YEAR
from core.model.marks.gradebook import Taught
from core.model.results.class_finals import FinalsPage, FinalsRow, FinalTerm, OpenedFinal
from core.model.results.period_marks import PeriodMarkVersion
from core.model.results.proposals import DEFERRAL, Proposal
from core.model.year import GroupKind
from core.ports import Translator
from core.rules.conversation.buttons import FINALS_PAGE, Handle, button_moment_number
from core.rules.marks.averages import format_average
from core.rules.marks.gradebook import MarkingPolicy
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
class FinalsDesk:
    """An open page of final marks with the school's rules for marks. `leads`: the reader leads the class or school."""

    page: FinalsPage
    zone: tzinfo
    t: Translator
    seal: Seal
    policy: MarkingPolicy
    leads: bool = False

    def button(self, label: str, door: str, *numbers: int, term: FinalTerm | None = None) -> Button:
        """A button about this page, or about another term of the same group and subject."""
        page = self.page
        place = page.group.id, page.subject_id, (term or page.term).number
        return Button(button_label(label), self.seal(Handle(door, (*place, *numbers))))

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
        return term_label(self.page.term.name, self.t)


def settable_marks(policy: MarkingPolicy) -> Sequence[str]:
    """The final marks that the school gives."""
    return TOKENS if policy.lowest_mark == 1 else [mark for mark in TOKENS if mark != "1"]


def term_label(term: str, t: Translator) -> str:
    """The name of a term; year, exam and final have words of their own."""
    key = term_key(term)
    return t(f"finals.term.{key}") if key in {YEAR, EXAM, FINAL} else plain_text(term)


def finals_choice(taught: Sequence[Taught], t: Translator, seal: Seal, *, above: Rows = ()) -> Screen:
    """Asks for a group and subject. `above`: buttons to the state of whole classes."""
    if not taught:
        return Screen(t("finals.nothing_taught") if not above else t("finals.which_class"), above)
    buttons = [
        Button(
            button_label(f"{each.group.name} · {each.subject}"), seal(Handle(CLASS, (each.group.id, each.subject_id)))
        )
        for each in taught[:_MOST_STUDENTS]
    ]
    return Screen(t("finals.which_subject"), (*above, *button_rows(buttons, width=2 if len(buttons) > FEW else 1)))


def finals_group_choice(taught: Iterable[Taught], t: Translator, seal: Seal, *, above: Rows = ()) -> Screen:
    """Asks for the group first, where a teacher has many."""
    names = {each.group.id: each.group.name for each in taught}
    buttons = [Button(button_label(name), seal(Handle(FINALS, (group_id,)))) for group_id, name in names.items()]
    return Screen(t("teaching.which_group"), (*above, *button_rows(buttons[:_MOST_STUDENTS], width=3)))


def class_finals(desk: FinalsDesk, *, done: Sequence[str] = (), undo: datetime | None = None) -> Screen:
    """The class with averages, misses, proposals and marks. `done`: what has just changed, at `undo`."""
    t, page = desk.t, desk.page
    settled = sum(row.is_settled for row in page.rows)
    state = t("finals.state", term=desk.term, settled=settled, all=len(page.rows))
    head = [bold(plain_text(desk.name)), plain_text(state), *_remarks(desk), *done, ""]
    lines = [_line(number, row, t) for number, row in enumerate(page.rows, start=1)]
    text = fit_on_page(head, lines or [t("finals.nobody")], more=t("teaching.more"))
    back = ((undo_button(undo, desk),),) if undo is not None else ()
    return Screen(text, (*back, *_accept(desk), *_students(desk), *_terms(desk), _others(desk)))


def student_final(opened: OpenedFinal, desk: FinalsDesk, *, done: Sequence[str] = (), more: Rows = ()) -> Screen:
    """One student: what the proposal rests on, the mark, its history, and a button for each mark."""
    t, row = desk.t, opened.row
    head = [
        bold(plain_text(row.proposed.pupil.name)),
        plain_text(f"{desk.name} · {desk.term}"),
        *_remarks(desk),
        *done,
        "",
        facts_words(row.proposed.proposal, t),
        _proposal_words(row.proposed.proposal, t),
        t("finals.stands", value=bold(_state(row, t))),
    ]
    history = [_version(version, desk) for version in opened.versions if version.before != version.after]
    may = row.may_set and desk.policy.made_here
    return Screen(
        fit_on_page(head, ["", *history] if history else [], more=t("teaching.more")),
        (*(_tokens(row, desk) if may else ()), *(_steps(opened, desk) if may else ()), *more, (back_to_class(desk),)),
    )


def words_request(row: FinalsRow, value: str, desk: FinalsDesk, *, ground: bool, proposal: str = "") -> Screen:
    """Asks why the mark differs from the proposal (Q55), or on what ground it is corrected after closing (Q67)."""
    t = desk.t
    asked = t("finals.ground_asked") if ground else t("finals.comment_asked", value=value, proposal=_value(proposal, t))
    words = [bold(plain_text(row.proposed.pupil.name)), plain_text(f"{desk.name} · {desk.term} · {value}"), "", asked]
    cancel = desk.key("teaching.cancel", STUDENT, row.proposed.pupil.student_id)
    return Screen("\n".join(words), ((cancel,),))


def undo_button(at: datetime, desk: FinalsDesk) -> Button:
    """A button that takes back what was written at a moment."""
    return desk.key("finals.undo", UNDO, button_moment_number(at))


def back_to_class(desk: FinalsDesk) -> Button:
    """A button to the whole class."""
    return desk.key("teaching.back", CLASS)


def mark_set(row: FinalsRow, value: str | None, t: Translator) -> str:
    """A line on what has just been written."""
    name = plain_text(short_student_name(row.proposed.pupil.name))
    return t("finals.annulled", name=name) if value is None else t("finals.set", name=name, value=bold(value))


def refusal_words(refusal: SchoolError, t: Translator) -> str:
    """Why nothing was written."""
    return t(f"finals.refused.{type(refusal).__name__}")


def facts_words(proposal: Proposal, t: Translator) -> str:
    """«Средний балл 4,33 · оценок 9 · пропущено 2 из 20 уроков»."""
    average = _average(proposal, t)
    return t("finals.facts", average=average, marks=proposal.marks, missed=proposal.missed, lessons=proposal.lessons)


def _remarks(desk: FinalsDesk) -> list[str]:
    t = desk.t
    closed = [t("finals.closed")] if desk.page.is_closed else []
    return [*closed, *([] if desk.policy.made_here else [t("finals.journal_mode")])]


def _line(number: int, row: FinalsRow, t: Translator) -> str:
    proposal = row.proposed.proposal
    name = plain_text(short_student_name(row.proposed.pupil.name))
    facts = t("finals.short_facts", average=_average(proposal, t), marks=proposal.marks, missed=proposal.missed)
    return f"{number}. {name}: {_outcome(row, t)} · {facts}"


def _outcome(row: FinalsRow, t: Translator) -> str:
    """The mark in bold, else a deferral, else the proposal behind an arrow, else why there is none."""
    proposal = row.proposed.proposal
    if row.is_settled:
        other = proposal.value not in {None, DEFERRAL, row.value} and row.value is not None
        beside = f" {t('finals.instead_of', proposal=proposal.value)}" if other else ""
        return bold(_state(row, t)) + beside
    if proposal.value is not None:
        return f"→ {_value(proposal.value, t)}"
    return italic(t(f"results.reason.{proposal.reason}"))


def _state(row: FinalsRow, t: Translator) -> str:
    if row.value is not None:
        return row.value
    if row.deferral is not None:
        return t("finals.deferred", due=short_date(row.deferral.due_on))
    return t("finals.not_set")


def _value(value: str, t: Translator) -> str:
    return t("results.deferral") if value == DEFERRAL else value


def _average(proposal: Proposal, t: Translator) -> str:
    return "–" if proposal.average is None else format_average(proposal.average, point=t("marks.point"))


def _proposal_words(proposal: Proposal, t: Translator) -> str:
    reason = t(f"results.reason.{proposal.reason}")
    if proposal.value is None:
        return t("finals.no_proposal", reason=reason)
    words = t("finals.proposal", value=bold(_value(proposal.value, t)), reason=reason)
    return f"{words} {t('finals.deferral_by_deputy')}" if proposal.value == DEFERRAL else words


def _accept(desk: FinalsDesk) -> Rows:
    """The tap that finishes a subject: how many marks it sets."""
    waiting = [
        row
        for row in desk.page.rows
        if row.may_set and row.value is None and row.proposed.proposal.value not in {None, DEFERRAL}
    ]
    if not waiting or desk.page.is_closed or not desk.policy.made_here:
        return ()
    return ((desk.button(desk.t("finals.accept", len(waiting)), ACCEPT),),)


def _students(desk: FinalsDesk) -> Rows:
    buttons = [
        desk.button(_label(number, row, desk.t), STUDENT, row.proposed.pupil.student_id)
        for number, row in enumerate(desk.page.rows, start=1)
    ]
    return button_rows(buttons[:_MOST_STUDENTS], width=2)


def _label(number: int, row: FinalsRow, t: Translator) -> str:
    name = f"{number}. {short_student_name(row.proposed.pupil.name)}"
    proposed = row.proposed.proposal.value
    if row.value is not None:
        return f"{name}: {row.value}"
    if row.deferral is not None:
        return f"{name}: {t('finals.deferred_short')}"
    return f"{name} ?" if proposed is None else f"{name} → {_value(proposed, t)}"


def _terms(desk: FinalsDesk) -> Rows:
    page = desk.page
    buttons = [
        desk.button(choice_label(term_label(term.name, desk.t), when=term == page.term), CLASS, term=term)
        for term in page.terms
    ]
    return button_rows(buttons, width=3)


def _others(desk: FinalsDesk) -> tuple[Button, ...]:
    """Buttons to the other subjects: of the class for who leads it, and of one's own."""
    page, t = desk.page, desk.t
    own = Button(t("finals.other_subject"), desk.seal(Handle(FINALS)))
    if not desk.leads or page.group.kind is not GroupKind.CLASS:
        return (own,)
    return Button(t("finals.all_subjects"), desk.seal(Handle(TERM, (page.group.id, page.term.number)))), own


def _tokens(row: FinalsRow, desk: FinalsDesk) -> Rows:
    """A button for each mark but the one that stands there."""
    student = row.proposed.pupil.student_id

    def buttons(*, scores: bool) -> list[Button]:
        wanted = [mark for mark in settable_marks(desk.policy) if mark.isdecimal() == scores and mark != row.value]
        return [desk.button(mark, SET, student, row.version, TOKENS.index(mark)) for mark in wanted]

    return (*button_rows(buttons(scores=True), width=5), *button_rows(buttons(scores=False), width=4))


def _steps(opened: OpenedFinal, desk: FinalsDesk) -> Rows:
    row = opened.row
    if row.mark is None or row.mark.received_at is None:
        return ()
    annul = [desk.key("finals.annul", ANNUL, row.proposed.pupil.student_id, row.version)] if row.value else []
    return ((*annul, undo_button(row.mark.received_at, desk)),)


def _version(made: PeriodMarkVersion, desk: FinalsDesk) -> str:
    """«20.11 12:05: 3 → 4 – «пересдал»»."""
    t = desk.t
    at = f"{made.received_at.astimezone(desk.zone):%d.%m %H:%M}" if made.received_at else "–"
    notes = [
        t(key, words=plain_text(clip_words(words)))
        for key, words in (("finals.note.comment", made.comment), ("finals.note.ground", made.ground))
        if words
    ]
    return " – ".join([f"{at}: {made.before or '–'} → {made.after or '–'}", *notes])
