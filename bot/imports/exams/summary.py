"""Shows an exam file as JSON (contracts, Exams)."""

from bot.imports.summary import Json, import_summary_problem_json
from core.model.imports.exam_files import REVIEWS, ExamFile, ExamFileKind, PrintedExam, PrintedResult
from core.model.results.exams import ExamOutcome
from core.ports import Translator


def exam_summary_json(read: ExamFile, t: Translator) -> Json:
    """The object of one file."""
    return {
        "file": read.file,
        "kind": read.kind,
        "exams": [_exam(exam, read.kind) for exam in read.exams],
        "problems": [import_summary_problem_json(problem, t) for problem in read.problems],
    }


def _exam(exam: PrintedExam, kind: ExamFileKind | None) -> Json:
    return {
        "exam": exam.kind,
        "subject": exam.subject,
        "date": exam.on and exam.on.isoformat(),
        "oral_date": exam.oral_on and exam.oral_on.isoformat(),
        "grade": exam.grade,
        "threshold": None if exam.threshold is None else {"primary": None, "score": exam.threshold},
        "max_primary": exam.max_primary,
        "results": [_result(result, kind) for result in exam.results],
    }


def _result(result: PrintedResult, kind: ExamFileKind | None) -> Json:
    outcome = result.outcome
    has_before = kind in REVIEWS and result.before_score is not None
    return {
        "student": result.student,
        "code": result.code,
        "class": result.school_class,
        "school": result.school,
        "primary": outcome.primary,
        "score": outcome.score,
        "mark": outcome.mark,
        "passed": outcome.passed,
        "parts": _parts(outcome),
        "status": outcome.status,
        "before": {"primary": None, "score": result.before_score, "mark": None} if has_before else None,
        "stage": result.stage,
        "place": outcome.place,
    }


def _parts(outcome: ExamOutcome) -> Json:
    parts = {"oral": outcome.oral, "written": outcome.written}
    return {name: score for name, score in parts.items() if score is not None}
