"""The page for the head, in sections: for the chat, the terminal and one sheet of paper (Q108)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from bot.documents.results.lesson_statistics import lesson_statistics_term_name
from bot.documents.typesetting import typeset_document
from bot.screens.delivery.report import delivery_report_screen_lines
from bot.screens.results.statistics import result_figures_on_screen
from core.actions.results.school_page import LoadedSchoolPageLessons, SchoolPage
from core.model.results.statistics import ResultStatistics, StatisticsScope
from core.ports import Translator
from core.rules.delivery.timing import Policy
from core.rules.marks.averages import format_average

_TEMPLATE = Path(__file__).with_name("school_page.typ")

MOST_LAGGING, MOST_IMPORTS = 5, 6


@dataclass(frozen=True, slots=True)
class PageSection:
    """A heading with lines."""

    heading: str
    lines: tuple[str, ...]


def school_page_sections(page: SchoolPage, t: Translator, *, policy: Policy) -> Sequence[PageSection]:
    """The page in words."""
    return [
        PageSection(t("page.families"), tuple(_families(page, t))),
        PageSection(
            t("page.deadlines"),
            tuple(each.strip() for each in delivery_report_screen_lines(page.deadlines, t, policy.zone)),
        ),
        PageSection(t("page.plan"), tuple(_plan(page, t))),
        PageSection(t("page.results", term=lesson_statistics_term_name(page.term, t)), tuple(_results(page, t))),
        PageSection(t("page.other"), tuple(_other(page, t, policy))),
    ]


def _families(page: SchoolPage, t: Translator) -> Iterator[str]:
    everybody = page.electronic + page.paper
    percent = _figure(Fraction(100 * page.electronic, everybody) if everybody else None, t)
    yield t("page.electronic", count=page.electronic, percent=percent)
    yield t("page.paper", count=page.paper)


def _plan(page: SchoolPage, t: Translator) -> Iterator[str]:
    whole, *classes = page.lessons
    yield _held(whole, t) if whole.planned else t("page.no_plan")
    lagging = [each for each in classes if each.lag]
    yield from (_held(each, t) for each in lagging[:MOST_LAGGING])
    if len(lagging) > MOST_LAGGING:
        yield t("page.more_lagging", len(lagging) - MOST_LAGGING)


def _held(lessons: LoadedSchoolPageLessons, t: Translator) -> str:
    words = t("statistics.held", held=lessons.held, planned=lessons.planned, percent=_figure(lessons.percent, t))
    lag = f", {t('statistics.aside.lag', count=lessons.lag)}" if lessons.lag else ""
    return f"{lessons.school_class or t('statistics.together')}: {words}{lag}"


def _results(page: SchoolPage, t: Translator) -> Iterator[str]:
    rows = sorted(page.results, key=lambda row: (row.scope is not StatisticsScope.SCHOOL, _class_place(page, row)))
    yield from (_result(page, row, t) for row in rows)
    if not rows:
        yield t("statistics.nothing")


def _class_place(page: SchoolPage, row: ResultStatistics) -> int:
    return next((place for place, class_id in enumerate(page.classes) if class_id == row.scope_id), -1)


def _result(page: SchoolPage, row: ResultStatistics, t: Translator) -> str:
    school_class = page.classes.get(row.scope_id or 0)
    marked, pupils = row.counts.n, row.counts.pupils - row.counts.exempt
    rests_on = f" ({t('page.rests_on', marked=marked, pupils=pupils)})" if marked < pupils else ""
    figures = result_figures_on_screen(row, t)
    return f"{school_class.name if school_class else t('statistics.together')}: {figures}{rests_on}"


def _other(page: SchoolPage, t: Translator, policy: Policy) -> Iterator[str]:
    yield t("page.deferrals", count=page.open_deferrals)
    if page.overdue_deferrals:
        yield t("page.overdue", count=page.overdue_deferrals)
    last = sorted(page.imported_at.items(), key=lambda item: item[1], reverse=True)
    for kind, at in last[:MOST_IMPORTS]:
        yield t("page.imported", kind=_import_words(kind, t), at=at.astimezone(policy.zone))
    if not last:
        yield t("page.never_imported")


def _import_words(kinds: str, t: Translator) -> str:
    """The words for the kinds of a file, which stand joined by «+» where a file has several."""
    return ", ".join(t(f"page.import.{kind}") for kind in kinds.split("+"))


def _figure(figure: Fraction | None, t: Translator) -> str:
    return "—" if figure is None else format_average(figure, point=t("marks.point"))


def school_page_pdf(page: SchoolPage, t: Translator, *, policy: Policy, school: str) -> bytes:
    """The page on paper: A4, two columns; equal data give an equal document."""
    data = {
        "language": t.language,
        "school": school,
        "title": t("page.title"),
        "day": t("statistics.day", day=f"{page.on:%d.%m.%Y}"),
        "sections": [
            {"heading": section.heading, "lines": list(section.lines)}
            for section in school_page_sections(page, t, policy=policy)
        ],
    }
    return typeset_document(_TEMPLATE, data, format="pdf", timestamp=0)
