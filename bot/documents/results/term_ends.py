"""Proposals and missing final marks as JSON and as rows of a table (contracts, Final marks)."""

from collections.abc import Sequence
from typing import Any

from core.model.results.completeness import MissingMark
from core.model.results.proposals import ProposedMark
from core.ports import Translator
from core.rules.marks.averages import format_average

Json = dict[str, Any]

PROPOSAL_HEADS = ("class", "subject", "student", "average", "marks", "missed", "lessons", "proposal", "reason")
MISSING_HEADS = ("class", "subject", "student", "teacher")


def term_end_proposal_json(proposed: ProposedMark) -> Json:
    """One proposal; the average is a string with a point and two decimals, half up."""
    proposal = proposed.proposal
    return {
        "student": proposed.pupil.name,
        "class": proposed.pupil.school_class,
        "subject": proposed.subject,
        "term": proposed.term,
        "average": None if proposal.average is None else format_average(proposal.average, point="."),
        "marks": proposal.marks,
        "missed": proposal.missed,
        "lessons": proposal.lessons,
        "proposal": proposal.value,
        "reason": proposal.reason,
    }


def term_end_proposal_cells(proposed: ProposedMark, t: Translator) -> Sequence[object]:
    """One proposal as a line of the table under PROPOSAL_HEADS."""
    pupil, proposal = proposed.pupil, proposed.proposal
    average = None if proposal.average is None else format_average(proposal.average, point=t("marks.point"))
    value = "–" if proposal.value is None else proposal.value
    shown = t("results.deferral") if value == "deferral" else value
    counts = proposal.marks, proposal.missed, proposal.lessons
    reason = t(f"results.reason.{proposal.reason}")
    return pupil.school_class, proposed.subject, pupil.name, average, *counts, shown, reason


def term_end_missing_json(missing: MissingMark) -> Json:
    """One missing final mark with its teacher, null where the school's lists name none."""
    expected = missing.expected
    return {
        "class": expected.pupil.school_class,
        "subject": expected.subject,
        "student": expected.pupil.name,
        "teacher": missing.teacher,
    }


def term_end_missing_cells(missing: MissingMark) -> Sequence[object]:
    """One missing final mark as a line of the table under MISSING_HEADS."""
    expected = missing.expected
    return expected.pupil.school_class, expected.subject, expected.pupil.name, missing.teacher
