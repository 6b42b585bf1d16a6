"""Statistics for those who lead a class or the school: results, a chart, lessons against the plan, lists (Q59–Q64)."""

from dataclasses import replace

from bot.documents import charts
from bot.handlers.doors import LEADERS, Behind, Door, DoorRequest, DoorVisit
from bot.screens.results import statistics as screens
from bot.screens.results.statistics import StatisticsScreenFrame
from bot.screens.screen import Screen
from core.actions.results import lesson_statistics, overview, result_statistics
from core.model.results.statistics import Wanted
from core.rules.conversation.buttons import HandleRefusedError

_BUTTON = 2  # numbers: class and term


async def result_statistics_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Results of a class by subject, or of all classes."""
    frame = await _frame(visit, ask, screens.RESULTS)
    if frame is None:
        return screens.statistics_no_classes_screen(visit.t)
    rows = await result_statistics.load_result_statistics(
        visit.uow, visit.reader, on=visit.today, term=frame.term, unmarked=visit.school.results.unmarked
    )
    return replace(screens.result_statistics_screen(frame, rows), in_place=ask.pressed)


async def statistics_chart_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The averages of the same rows as a picture; the words alone where there are no marks."""
    frame = await _frame(visit, ask, screens.CHART)
    if frame is None:
        return screens.statistics_no_classes_screen(visit.t)
    rows = await result_statistics.load_result_statistics(
        visit.uow, visit.reader, on=visit.today, term=frame.term, unmarked=visit.school.results.unmarked
    )
    shown = screens.statistics_screen_rows(frame, rows)
    bars = [(screens.statistics_screen_row_name(frame, row), row.average) for row in shown if row.average is not None]
    if not bars:
        return screens.result_statistics_screen(frame, rows)
    return screens.statistics_chart_screen(
        frame, charts.figures_chart(visit.t("chart.title"), bars, visit.t, term=frame.term or "")
    )


async def lesson_statistics_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Lessons held against the plan until today."""
    frame = await _frame(visit, ask, screens.LESSONS)
    if frame is None:
        return screens.statistics_no_classes_screen(visit.t)
    wanted = Wanted(frame.term, frame.school_class.id if frame.school_class else None)
    rows = await lesson_statistics.load_lesson_statistics(visit.uow, visit.reader, on=visit.today, wanted=wanted)
    return replace(screens.lesson_statistics_screen(frame, rows), in_place=ask.pressed)


async def statistics_lists_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The lists of a term. Each student who is named is recorded as seen (Q102)."""
    frame = await _frame(visit, ask, screens.LISTS)
    if frame is None:
        return screens.statistics_no_classes_screen(visit.t)
    wanted = Wanted(frame.term, frame.school_class.id if frame.school_class else None)
    lists = await result_statistics.load_result_student_lists(
        visit.uow, visit.reader, on=visit.today, wanted=wanted, unmarked=visit.school.results.unmarked
    )
    if frame.school_class is not None:
        for student_id in dict.fromkeys(each.student_id for each in lists.listed):
            visit.afterwards.views.append((visit.reader, screens.LISTS, student_id))
    return replace(screens.statistics_list_screen(frame, lists), in_place=ask.pressed)


async def _frame(visit: DoorVisit, ask: DoorRequest, door: str) -> StatisticsScreenFrame | None:
    """What the button is about, else the only class and the present term. None where the person leads no class.

    NotFoundError for a class of somebody else, HandleRefusedError for a term that the school year does not have.
    """
    choice = await overview.load_statistics_overview(visit.uow, visit.reader, on=visit.today)
    if not choice.classes:
        return None
    class_id, term = choice.classes[0].id if len(choice.classes) == 1 else screens.WHOLE_SCHOOL, choice.current
    if ask.numbers:
        class_id, at = ask.exactly(_BUTTON)
        if at >= len(choice.terms):
            raise HandleRefusedError
        term = choice.terms[at]
    return StatisticsScreenFrame(
        door=door,
        classes=choice.classes,
        school_class=choice.school_class(class_id) if class_id != screens.WHOLE_SCHOOL else None,
        terms=choice.terms,
        term=term,
        subjects={each.id: each.name for each in await visit.subjects()},
        t=visit.t,
        seal=visit.seal,
    )


DOORS = (
    Door(screens.RESULTS, result_statistics_door, LEADERS, Behind.GROUP, command="statistics"),
    Door(screens.CHART, statistics_chart_door, LEADERS, Behind.GROUP),
    Door(screens.LESSONS, lesson_statistics_door, LEADERS, Behind.GROUP),
    Door(screens.LISTS, statistics_lists_door, LEADERS, Behind.GROUP),
)
