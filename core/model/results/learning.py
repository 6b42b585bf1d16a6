"""Who learns what in a term: the students with their class, and the subjects in which they get a final mark."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Pupil:
    """A student on a date with the class and all groups; individual plans stand in the class's sheet (Q39)."""

    student_id: int
    name: str
    class_id: int
    school_class: str
    grade_level: int | None
    group_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class LearnedSubject:
    """A subject that a student is taught in a term; the teacher is unknown where only marks tell of the subject."""

    student_id: int
    subject_id: int
    teacher_id: int | None


@dataclass(frozen=True, slots=True)
class ExpectedMark:
    """A final mark that a student must have in a term: a cell of the class's sheet (Q52).

    `since` and `until` are the term's days for this student, `day` the last of them that has come.
    """

    pupil: Pupil
    subject_id: int
    subject: str
    teacher_id: int | None
    since: date
    until: date
    day: date
