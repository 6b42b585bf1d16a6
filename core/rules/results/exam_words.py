"""What a student reached, in the words of the catalogue, the same in a message and on a screen (Q77, Q78)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from core.model.results.exams import Exam, ExamKind, ExamOutcome, ExamStatus, OlympiadStage
from core.rules.results.exams import WITHOUT_SCORE, has_failed_exam_geometry

Words = Callable[..., str]
"""Gives the text under a key of the catalogue."""


_CREDITS = frozenset({ExamKind.ESSAY, ExamKind.INTERVIEW})
"""Exams that are passed or failed; a score is a detail."""


@dataclass(frozen=True, slots=True)
class ExamResultWords:
    """Writes outcomes of one exam; `brief` is for a line of an SMS. `most` is the highest primary score."""

    kind: ExamKind
    threshold: int | None
    most: int | None
    t: Words
    brief: bool = False
    geometry: bool = False

    @classmethod
    def of(cls, exam: Exam, outcome: ExamOutcome, threshold: int | None, t: Words) -> "ExamResultWords":
        """The words of an outcome on a screen."""
        geometry = has_failed_exam_geometry(exam.kind, exam.subject, outcome)
        return cls(exam.kind, threshold, exam.max_primary, t, geometry=geometry)

    def value(self, outcome: ExamOutcome) -> str:
        """A status, or the figure that counts with its details and «сдан»: «76 баллов (порог 24) – сдан»."""
        if outcome.status in WITHOUT_SCORE:
            return self.status(outcome.status)
        if outcome.place is not None:
            words = self.t(f"notice.place_{outcome.place}")
            return ", ".join(filter(None, (words, self._points(outcome.score))))
        figure, details = self._figure(outcome)
        verdict = self._verdict(outcome)
        return _in_brackets(figure, details) + (f" – {verdict}" if verdict and figure != verdict else "")

    def known(self, outcome: ExamOutcome) -> str | None:
        """An earlier outcome in short: its status or its figure alone; None where nothing was known."""
        if outcome.status in WITHOUT_SCORE:
            return self.status(outcome.status)
        if outcome.mark is not None:
            return self._mark(outcome.mark)
        return self._points(outcome.primary if outcome.score is None else outcome.score) or None

    def status(self, status: ExamStatus) -> str:
        """A status that is shown instead of a score."""
        return self.t(f"notice.{'short' if self.brief else 'status'}_{status}")

    def _figure(self, outcome: ExamOutcome) -> tuple[str, list[str]]:
        """The mark, else the test score, else the primary one, else the verdict; and what stands in brackets."""
        if outcome.mark is not None:
            return self._mark(outcome.mark), [] if self.brief else self._details_of_mark(outcome)
        if outcome.score is not None and self.kind not in _CREDITS:
            threshold = "" if self.threshold is None else self.t("notice.threshold", score=self.threshold)
            return self._points(outcome.score), [threshold]
        if outcome.primary is not None and self.kind not in _CREDITS:
            return self._primary(outcome.primary), []
        return self._verdict(outcome) or self.t("notice.exam_received"), [self._points(outcome.score)]

    def _details_of_mark(self, outcome: ExamOutcome) -> list[str]:
        points = outcome.score if outcome.primary is None else outcome.primary
        details = [] if points is None else [self._primary(points)]
        return [*details, self.t("notice.geometry")] if self.geometry else details

    def _primary(self, points: int) -> str:
        words = self.t("notice.points", points)
        return words if self.most is None else self.t("notice.points_of", points=words, most=self.most)

    def _points(self, points: int | None) -> str:
        if points is None:
            return ""
        return str(points) if self.brief else self.t("notice.points", points)

    def _mark(self, mark: str) -> str:
        return mark if self.brief else self.t("notice.mark_words", mark=mark)

    def _verdict(self, outcome: ExamOutcome) -> str:
        """«сдан», «не сдан», for an essay or an interview «зачёт», «незачёт»; "" where nobody decides it."""
        if outcome.passed is None:
            return ""
        kind = "credit" if self.kind in _CREDITS else "exam"
        return self.t(f"notice.{kind}_{'passed' if outcome.passed else 'failed'}")


def worded_exam_name(kind: ExamKind, stage: OlympiadStage | None, t: Words) -> str:
    """The exam's name; an olympiad's with its stage."""
    named = t(f"notice.stage_{stage}") if stage else ""
    return ", ".join(filter(None, (t(f"notice.exam_{kind}"), named)))


def _in_brackets(figure: str, details: Iterable[str]) -> str:
    known = list(filter(None, details))
    return f"{figure} ({', '.join(known)})" if known else figure
