"""What each class still lacks in a term, from the marks that are owed and those that are missing (Q52)."""

from collections import defaultdict
from collections.abc import Sequence

from core.model.results.completeness import ClassCompleteness, MissingMark, SubjectState
from core.model.results.learning import ExpectedMark


def class_states_of_term(owed: Sequence[ExpectedMark], missing: Sequence[MissingMark]) -> Sequence[ClassCompleteness]:
    """The classes and their subjects, in the order of the marks that are owed."""
    counts: dict[tuple[int, str], dict[tuple[int, str], int]] = {}
    for each in owed:
        of_class = counts.setdefault((each.pupil.class_id, each.pupil.school_class), {})
        subject = each.subject_id, each.subject
        of_class[subject] = of_class.get(subject, 0) + 1
    lacking: dict[tuple[int, int], list[MissingMark]] = defaultdict(list)
    for mark in missing:
        lacking[mark.expected.pupil.class_id, mark.expected.subject_id].append(mark)
    return [
        ClassCompleteness(
            class_id,
            school_class,
            [
                SubjectState(subject_id, subject, count, lacking.get((class_id, subject_id), ()))
                for (subject_id, subject), count in of_class.items()
            ],
        )
        for (class_id, school_class), of_class in counts.items()
    ]
