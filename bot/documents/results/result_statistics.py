"""Results and lists of students as JSON and as tables (Q62–Q64)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.documents.results.lesson_statistics import lesson_statistics_term_name
from bot.documents.results.table import Cell, FigureTable, exact_table_text
from core.model.results.statistics import ListedStudent, ResultStatistics, StatisticsScope, StudentLists
from core.ports import Translator
from core.rules.people.initials import with_initials

COUNTS = ("pupils", "n", "n5", "n4", "n3", "n2", "na", "exempt", "deferred", "unmarked")
SHARES = ("passed_percent", "quality_percent", "sou")


@dataclass(frozen=True, slots=True)
class StatisticsDocumentNames:
    """The names of classes, teachers and subjects, and of the school."""

    school: str
    classes: Mapping[int, str]
    teachers: Mapping[int, str]
    subjects: Mapping[int, str]

    def of_row(self, row: ResultStatistics) -> str:
        """The name of a row's class, parallel, school, teacher or subject."""
        scope_id = row.scope_id or 0
        match row.scope:
            case StatisticsScope.CLASS:
                return self.classes[scope_id]
            case StatisticsScope.PARALLEL:
                return str(scope_id)
            case StatisticsScope.SCHOOL:
                return self.school
            case StatisticsScope.TEACHER:
                return self.teachers[scope_id]
            case StatisticsScope.SUBJECT:
                return self.subjects[scope_id]


def result_statistics_json(rows: Sequence[ResultStatistics], names: StatisticsDocumentNames) -> list[dict[str, Any]]:
    """The rows as contracts, Final marks, has them."""
    return [
        {
            "scope": row.scope.value,
            "name": names.of_row(row),
            "subject": None if row.subject_id is None else names.subjects[row.subject_id],
            "term": row.term,
            **{name: getattr(row.counts, name) for name in COUNTS},
            **{name: exact_table_text(getattr(row.counts, name)) for name in SHARES},
            "average": exact_table_text(row.average),
        }
        for row in rows
    ]


def result_statistics_table(
    rows: Sequence[ResultStatistics], names: StatisticsDocumentNames, t: Translator
) -> FigureTable:
    """All rows, a line each."""
    heads = ("scope", "name", "subject", "term", *COUNTS, *SHARES, "average")
    return FigureTable(
        t("statistics.results"),
        [t(f"statistics.column.{head}") for head in heads],
        [_cells(row, names, t) for row in rows],
        [t("statistics.by_worst")] if any(row.subject_id is None for row in rows) else [],
    )


def _cells(row: ResultStatistics, names: StatisticsDocumentNames, t: Translator) -> Sequence[Cell]:
    return (
        t(f"statistics.scope.{row.scope}"),
        names.of_row(row),
        t("statistics.all_subjects") if row.subject_id is None else names.subjects[row.subject_id],
        lesson_statistics_term_name(row.term, t),
        *(getattr(row.counts, name) for name in (*COUNTS, *SHARES)),
        row.average,
    )


def result_comparison_table(
    rows: Sequence[ResultStatistics], names: StatisticsDocumentNames, t: Translator
) -> FigureTable:
    """Term against term: passed, quality and average of each scope in all subjects together (Q62)."""
    terms = list(dict.fromkeys(row.term for row in rows))
    together = [row for row in rows if row.subject_id is None or row.scope is StatisticsScope.SUBJECT]
    by_scope: dict[tuple[StatisticsScope, str], dict[str, ResultStatistics]] = {}
    for row in together:
        by_scope.setdefault((row.scope, names.of_row(row)), {})[row.term] = row
    figures = ("passed_percent", "quality_percent", "average")
    heads = [
        f"{lesson_statistics_term_name(term, t)}: {t(f'statistics.column.{name}')}"
        for name in figures
        for term in terms
    ]
    return FigureTable(
        t("statistics.comparison"),
        [t("statistics.column.scope"), t("statistics.column.name"), *heads],
        [
            (
                t(f"statistics.scope.{scope}"),
                name,
                *(_figure(of_term.get(term), each) for each in figures for term in terms),
            )
            for (scope, name), of_term in by_scope.items()
        ],
    )


def _figure(row: ResultStatistics | None, name: str) -> Cell:
    if row is None:
        return None
    return row.average if name == "average" else getattr(row.counts, name)


def result_student_lists_json(lists: StudentLists, subjects: Mapping[int, str]) -> list[dict[str, Any]]:
    """A student of a list a line, with the subjects that put them there."""
    return [
        {
            "list": each.kind.value,
            "class": each.school_class.name,
            "student": lists.names[each.student_id],
            "subjects": [subjects[subject_id] for subject_id in each.subject_ids],
        }
        for each in lists.listed
    ]


def result_student_lists_table(lists: StudentLists, subjects: Mapping[int, str], t: Translator) -> FigureTable:
    """The lists one after another."""
    heads = [t(f"statistics.column.{head}") for head in ("list", "class", "student", "subjects")]
    return FigureTable(t("statistics.lists"), heads, [_listed(each, lists, subjects, t) for each in lists.listed])


def _listed(each: ListedStudent, lists: StudentLists, subjects: Mapping[int, str], t: Translator) -> Sequence[Cell]:
    named = ", ".join(subjects[subject_id] for subject_id in each.subject_ids)
    return t(f"statistics.list.{each.kind}"), each.school_class.name, with_initials(lists.names[each.student_id]), named
