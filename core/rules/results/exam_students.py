"""Finds the student of a row of an exam file; doubtful cases are left to a person (contracts, Exams)."""

from collections.abc import Iterable, Sequence

from core.model.imports.exam_files import PrintedResult
from core.model.people import RollEntry
from core.model.results.exams import ExamKind
from core.rules.people.matching import MatchingRoll, Miss
from core.rules.people.names import normal_class_name
from core.rules.year import grade_level_of_name

_PARALLELS = {
    ExamKind.EGE: (11,),
    ExamKind.EGE_BASE: (11,),
    ExamKind.ESSAY: (11,),
    ExamKind.OGE: (9,),
    ExamKind.INTERVIEW: (9,),
    ExamKind.GVE: (9, 11),
}
"""The years of study in which an exam is taken, for a class that names none."""


class ExamStudentRoll:
    """The students on the day of an exam and today: classes change in September, and graduates leave."""

    def __init__(self, entries: Iterable[RollEntry]) -> None:
        self._entries = list(dict.fromkeys(entries))
        self._roll = MatchingRoll(self._entries)
        self._classes = {entry.class_key for entry in self._entries if entry.class_key}

    def find(self, result: PrintedResult, kind: ExamKind, *, grade: int | None = None) -> RollEntry | Miss:
        """The student of this full name and class.

        By parallel only where the file gives no letter or an unknown class. Look-alike letters find nobody.
        """
        if not result.student:
            return Miss.NO_NAME
        class_key = normal_class_name(result.school_class) if result.school_class else None
        if class_key in self._classes or class_key is None:
            return self._one(self._roll.named(result.student), result.student, class_key)
        level = grade_level_of_name(class_key)
        levels = (level,) if level is not None else ((grade,) if grade else _PARALLELS.get(kind, ()))
        return self._in_parallel(result.student, levels)

    def facts_of_miss(self, miss: Miss, name: str) -> tuple[tuple[str, str], ...]:
        """As of `MatchingRoll`, of the students then and now."""
        return self._roll.facts_of_miss(miss, name)

    def _one(self, namesakes: Sequence[RollEntry], name: str, class_key: str | None) -> RollEntry | Miss:
        found = [entry for entry in namesakes if class_key in {None, entry.class_key}]
        return _only(found) or self._miss(name, class_key, namesakes, found)

    def _in_parallel(self, name: str, levels: Sequence[int]) -> RollEntry | Miss:
        """Among the namesakes of these years of study; of all years where none is known."""
        namesakes = self._roll.named(name)
        found = [entry for entry in namesakes if not levels or grade_level_of_name(entry.class_name) in levels]
        return _only(found) or self._miss(name, None, namesakes, found)

    def _miss(
        self, name: str, class_key: str | None, namesakes: Sequence[RollEntry], found: Sequence[RollEntry]
    ) -> Miss:
        if found:
            return Miss.AMBIGUOUS
        if self._roll.has_look_alike(name, class_key):
            return Miss.LOOK_ALIKE
        return Miss.OTHER_CLASS if namesakes else self._roll.unknown(name)


def _only(found: Sequence[RollEntry]) -> RollEntry | None:
    """The one student among entries of one or two days; None where there are several, or none."""
    return found[0] if len({entry.student_id for entry in found}) == 1 else None
