"""Shows the final marks of a file as JSON (contracts, "Final marks")."""

from pathlib import PurePath

from bot.imports.summary import Json, import_summary_problem_json
from core.model.imports.finals import FinalRow
from core.model.imports.reports import ReadFile
from core.ports import Translator
from core.rules.people.names import normal_class_name


def results_summary_json(read: ReadFile, t: Translator) -> Json:
    """One object a file: its marks in reading order, the class that all its sheets name, and its problems."""
    kinds = [table.kind.value for table in read.finals]
    classes = {normal_class_name(table.school_class or ""): table.school_class for table in read.finals}
    return {
        "file": PurePath(read.file).name,
        "kind": kinds[0] if kinds else None,
        "class": next(iter(classes.values())) if len(classes) == 1 else None,
        "results": [_result(row) for table in read.finals for row in table.rows],
        "problems": [import_summary_problem_json(problem, t) for problem in read.problems],
    }


def _result(row: FinalRow) -> Json:
    return {"student": row.student, "subject": row.subject, "term": row.term, "mark": row.mark}
