"""A deferral granted step by step: illness, document, decision, last day, subjects (Q53)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.screens.frame import clip_to_screen_frame
from bot.screens.results.class_finals import STUDENT, TOKENS, ClassFinalsScreenDesk, class_finals_screen_marks
from bot.screens.screen import Screen, screen_bold, screen_button_rows, screen_text
from core.model.delivery.text import Button
from core.model.results.class_finals import OpenedFinal

DEFER, STEP, PICK, GRANT, END = "fdefer", "fdstep", "fdpick", "fdgrant", "fdend"

STEPS = ("illness", "document", "decision", "due")
"""What is asked, in this order."""

Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class DeferralScreenDraft:
    """What has been said of a deferral so far."""

    illness: tuple[date, date] | None = None
    document: str | None = None
    decision: str | None = None
    due: date | None = None

    @property
    def next_step(self) -> str | None:
        """What is still to be asked; None where all is known."""
        return next((step for step in STEPS if getattr(self, step) is None), None)


def deferral_screen_buttons(opened: OpenedFinal, desk: ClassFinalsScreenDesk) -> Rows:
    """For the deputy head: grant or extend, and where the journal makes marks, end by a mark."""
    row, t = opened.row, desk.t
    if row.value is not None:
        return ()
    student = row.proposed.pupil.student_id
    key = "finals.defer" if row.deferral is None else "finals.defer_longer"
    ends = () if row.deferral is None or desk.policy.made_here else class_finals_screen_marks(desk.policy)
    marks = [desk.button(mark, END, student, TOKENS.index(mark)) for mark in ends]
    return (*screen_button_rows(marks, width=4), (desk.button(t(key), DEFER, student),))


def deferral_step_screen(
    opened: OpenedFinal, draft: DeferralScreenDraft, desk: ClassFinalsScreenDesk, *, fault: str | None = None
) -> Screen:
    """Asks for the next thing; `fault` says what was wrong with the last answer."""
    t = desk.t
    said = [*_head(opened, desk), *_said(draft, desk)]
    words = [*said, "", *([fault] if fault else []), t(f"finals.defer_{draft.next_step}")]
    return Screen("\n".join(words), (_cancel(opened, desk),))


def deferral_check_screen(
    opened: OpenedFinal,
    draft: DeferralScreenDraft,
    desk: ClassFinalsScreenDesk,
    *,
    subjects: Mapping[int, str],
    picked: Collection[int],
    fault: str | None = None,
) -> Screen:
    """All that was said, the subjects to choose, and the button that grants it."""
    t = desk.t
    student = opened.row.proposed.pupil.student_id
    buttons = [
        desk.button(f"{'☑' if subject_id in picked else '☐'} {name}", PICK, student, subject_id)
        for subject_id, name in subjects.items()
    ]
    grant = ((desk.button(t("finals.grant", len(picked)), GRANT, student),),)
    words = [*_head(opened, desk), *_said(draft, desk), "", *([fault] if fault else []), t("finals.defer_subjects")]
    return Screen(
        "\n".join(words), (*screen_button_rows(buttons, width=2), *(grant if picked else ()), _cancel(opened, desk))
    )


def _head(opened: OpenedFinal, desk: ClassFinalsScreenDesk) -> Sequence[str]:
    pupil = opened.row.proposed.pupil
    return [screen_bold(screen_text(pupil.name)), screen_text(f"{pupil.school_class} · {desk.term}")]


def _said(draft: DeferralScreenDraft, desk: ClassFinalsScreenDesk) -> list[str]:
    t = desk.t
    illness = t("finals.said_illness", since=draft.illness[0], until=draft.illness[1]) if draft.illness else None
    document = (
        t("finals.said_document", words=screen_text(clip_to_screen_frame(draft.document))) if draft.document else None
    )
    decision = (
        t("finals.said_decision", words=screen_text(clip_to_screen_frame(draft.decision))) if draft.decision else None
    )
    due = t("finals.said_due", on=draft.due) if draft.due else None
    return [line for line in (illness, document, decision, due) if line]


def _cancel(opened: OpenedFinal, desk: ClassFinalsScreenDesk) -> tuple[Button, ...]:
    return (desk.key("teaching.cancel", STUDENT, opened.row.proposed.pupil.student_id),)
