"""Statistics on a phone: results by subject or class, lessons against the plan, lists of students (Q59–Q64)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from bot.screens.forecast.risks import risk_screen_button
from bot.screens.results.sheet import sheet_screen_button
from bot.screens.screen import Screen, Seal, fit_on_screen_page, screen_bold, screen_button_rows, screen_text
from core.model.delivery.text import Button
from core.model.imports.reports import YEAR
from core.model.results.statistics import (
    LessonStatistics,
    ListedStudent,
    ResultStatistics,
    StatisticsScope,
    StudentLists,
)
from core.model.year import TeachingGroup
from core.ports import Translator
from core.rules.conversation.buttons import Handle
from core.rules.marks.averages import format_average
from core.rules.people.initials import with_initials

RESULTS, LESSONS, LISTS, CHART = "stats", "statlessons", "statlists", "statchart"

WHOLE_SCHOOL = 0
"""In place of a class."""

MOST_CLASSES = 60

Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsScreenFrame:
    """Which statistics of which class (None: all that the person leads) and term are shown; `door` shows them."""

    door: str
    classes: Sequence[TeachingGroup]
    school_class: TeachingGroup | None
    terms: Sequence[str]
    term: str
    subjects: Mapping[int, str]
    t: Translator
    seal: Seal

    def button(
        self, label: str, *, door: str | None = None, class_id: int | None = None, term: int | None = None
    ) -> Button:
        """A button that changes what is named and keeps the rest."""
        own = self.school_class.id if self.school_class else WHOLE_SCHOOL
        numbers = own if class_id is None else class_id, self.terms.index(self.term) if term is None else term
        return Button(label, self.seal(Handle(door or self.door, numbers)))

    def head(self, title: str) -> list[str]:
        """What is shown, of whom and when."""
        whose = self.school_class.name if self.school_class else self.t("statistics.all_classes")
        return [screen_bold(self.t(title)), screen_text(f"{whose} · {_term_label(self.term, self.t)}"), ""]

    def screen(
        self, title: str, lines: Sequence[str], *, notes: Sequence[str] = (), picture: bytes | None = None
    ) -> Screen:
        """A page with the choices below."""
        t = self.t
        page = fit_on_screen_page(self.head(title), lines or [t("statistics.nothing")], more=t("statistics.more"))
        return Screen("\n".join([page, *notes]), (*self._doors(), *self._terms(), *self._classes()), picture=picture)

    def _doors(self) -> Rows:
        named = {RESULTS: "results", CHART: "chart", LESSONS: "lessons", LISTS: "lists"}
        doors = [
            self.button(self.t(f"statistics.door.{word}"), door=door)
            for door, word in named.items()
            if door != self.door
        ]
        of_class: list[Button] = []
        if self.school_class is not None:
            own = self.school_class.id
            of_class = [sheet_screen_button(own, self.t, self.seal), risk_screen_button(own, self.t, self.seal)]
        return screen_button_rows([*doors, *of_class], width=3)

    def _terms(self) -> Rows:
        labels = [_chosen(_term_label(term, self.t), when=term == self.term) for term in self.terms]
        return screen_button_rows([self.button(label, term=at) for at, label in enumerate(labels)], width=3)

    def _classes(self) -> Rows:
        if len(self.classes) < 2:  # noqa: PLR2004  # nothing to choose
            return ()
        own = self.school_class.id if self.school_class else WHOLE_SCHOOL
        every = self.button(_chosen(self.t("statistics.all_classes"), when=own == WHOLE_SCHOOL), class_id=WHOLE_SCHOOL)
        of_classes = [
            self.button(_chosen(each.name, when=each.id == own), class_id=each.id)
            for each in self.classes[:MOST_CLASSES]
        ]
        return ((every,), *screen_button_rows(of_classes, width=6))


def statistics_no_classes_screen(t: Translator) -> Screen:
    """Tells a person that the school's lists name no class of theirs."""
    return Screen(t("statistics.no_classes"))


def result_statistics_screen(frame: StatisticsScreenFrame, rows: Sequence[ResultStatistics]) -> Screen:
    """A class by subject; all classes by class. The first line is all together."""
    return frame.screen("statistics.results", [_result_line(row, frame) for row in statistics_screen_rows(frame, rows)])


def statistics_screen_rows(frame: StatisticsScreenFrame, rows: Iterable[ResultStatistics]) -> list[ResultStatistics]:
    """The rows of the chosen class, or the classes and the school in all subjects together."""
    if frame.school_class is not None:
        of_class = StatisticsScope.CLASS, frame.school_class.id
        own = [row for row in rows if (row.scope, row.scope_id) == of_class]
        return sorted(own, key=lambda row: "" if row.subject_id is None else frame.subjects[row.subject_id])
    together = [row for row in rows if row.subject_id is None]
    names = {each.id: at for at, each in enumerate(frame.classes)}
    classes = [row for row in together if row.scope is StatisticsScope.CLASS and row.scope_id in names]
    school = [row for row in together if row.scope is StatisticsScope.SCHOOL]
    return [*school, *sorted(classes, key=lambda row: names[row.scope_id or 0])]


def statistics_screen_row_name(frame: StatisticsScreenFrame, row: ResultStatistics) -> str:
    """The subject of a class's row, or the class of one of the school's."""
    if row.subject_id is not None:
        return frame.subjects[row.subject_id]
    if frame.school_class is not None or row.scope is StatisticsScope.SCHOOL:
        return frame.t("statistics.together")
    return next(each.name for each in frame.classes if each.id == row.scope_id)


def statistics_chart_screen(frame: StatisticsScreenFrame, picture: bytes) -> Screen:
    """The chart with its title; it comes as a new message."""
    return frame.screen("statistics.results", [frame.t("statistics.chart")], picture=picture)


def _result_line(row: ResultStatistics, frame: StatisticsScreenFrame) -> str:
    t, counts = frame.t, row.counts
    figures = result_figures_on_screen(row, t)
    aside = [
        t(f"statistics.aside.{name}", count=count)
        for name in ("n2", "na", "deferred", "unmarked")
        if (count := getattr(counts, name))
    ]
    return " · ".join([f"{screen_bold(screen_text(statistics_screen_row_name(frame, row)))}: {figures}", *aside])


def result_figures_on_screen(row: ResultStatistics, t: Translator) -> str:
    """The shares and the average of a row; the average alone where nobody counts yet."""
    counts, average = row.counts, _figure(row.average, t)
    if not counts.n:
        return t("statistics.no_share", average=average)
    return t(
        "statistics.figures",
        passed=_figure(counts.passed_percent, t),
        quality=_figure(counts.quality_percent, t),
        sou=_figure(counts.sou, t),
        average=average,
    )


def lesson_statistics_screen(frame: StatisticsScreenFrame, rows: Sequence[LessonStatistics]) -> Screen:
    """A class by subject and group; all classes by class."""
    every = [row for row in rows if row.lesson_type is None]
    notes = [frame.t("statistics.by_template", sign="*")] if any(row.by_template for row in every) else []
    if frame.school_class is not None:
        ordered = sorted(every, key=lambda row: (frame.subjects[row.subject_id], row.group or ""))
        lines = [_lesson_line(_subject_label(row, frame), [row], frame.t) for row in ordered]
    else:
        by_class = groupby(every, key=lambda row: row.school_class.name)
        lines = [_lesson_line(name, list(of_class), frame.t) for name, of_class in by_class]
    return frame.screen("statistics.lessons", lines, notes=notes)


def _subject_label(row: LessonStatistics, frame: StatisticsScreenFrame) -> str:
    name = frame.subjects[row.subject_id] + (f", {row.group}" if row.group else "")
    return f"{name} *" if row.by_template else name


def _lesson_line(name: str, rows: Sequence[LessonStatistics], t: Translator) -> str:
    """«Алгебра: 32 из 34 (94,12 %), отставание 2 · отменено 1», without what is zero."""
    planned, held = sum(row.planned for row in rows), sum(row.held for row in rows)
    percent = _figure(Fraction(100 * held, planned) if planned else None, t)
    parts = [f"{screen_bold(screen_text(name))}: {t('statistics.held', held=held, planned=planned, percent=percent)}"]
    changed = {name: sum(getattr(row, name) for row in rows) for name in ("cancelled", "substituted", "moved")}
    aside = {"lag": max(planned - held, 0), **changed}
    return " · ".join([*parts, *(t(f"statistics.aside.{name}", count=count) for name, count in aside.items() if count)])


def statistics_list_screen(frame: StatisticsScreenFrame, lists: StudentLists) -> Screen:
    """The lists by name for a class, and how many students are on each for all classes."""
    t = frame.t
    lines: list[str] = []
    for kind, listed in groupby(lists.listed, key=lambda each: each.kind):
        students = list(listed)
        lines.append(screen_bold(f"{t(f'statistics.list.{kind}')}: {len({each.student_id for each in students})}"))
        if frame.school_class is not None:
            lines += [_student_line(each, lists.names, frame) for each in students]
    return frame.screen("statistics.lists", lines)


def _student_line(each: ListedStudent, names: Mapping[int, str], frame: StatisticsScreenFrame) -> str:
    subjects = ", ".join(frame.subjects[subject_id] for subject_id in each.subject_ids)
    name = with_initials(names[each.student_id])
    return screen_text(f"• {name}: {subjects}" if subjects else f"• {name}")


def _term_label(term: str, t: Translator) -> str:
    """The name of a term; the year has a word of its own."""
    return t("statistics.term.year") if term == YEAR else term


def _chosen(label: str, *, when: bool) -> str:
    return f"• {label}" if when else label


def _figure(figure: Fraction | None, t: Translator) -> str:
    return "—" if figure is None else format_average(figure, point=t("marks.point"))
