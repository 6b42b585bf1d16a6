"""The contents of a weekly extract in words: a block for each thing that the bot shows (Q31)."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from bot.paper.marks_table import marks_table_blocks
from bot.screens.dates import screen_date, screen_date_span, weekday_screen_date
from bot.screens.forecast.wishes import ForecastWishScales
from bot.screens.results.class_finals import class_finals_screen_term
from bot.screens.results.exams import exam_screen_lines
from bot.screens.screen import screen_text
from bot.screens.timetable.days import timetable_day_screen_lines
from core.actions.paper.contents import Contents
from core.model.imports.reports import EXAM, FINAL, YEAR
from core.model.paper import Block, BlockLayout
from core.model.schoolwork.control_works import ControlWork
from core.model.schoolwork.homework import AssignedHomework
from core.model.schoolwork.recommendations import ReadRecommendation
from core.model.timetable import Holiday, SchoolDay, Teaching
from core.ports import Translator
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy
from core.rules.people.initials import with_initials
from core.rules.results.terms import term_key


def paper_content_blocks(
    contents: Contents, t: Translator, *, scales: ForecastWishScales, policy: Policy
) -> tuple[Block, ...]:
    """The blocks in the order of the page; one that has nothing to say says so or is left out."""
    lines = {
        "exams": [screen_text(line) for known in contents.exams for line in exam_screen_lines(known, t)],
        "homework": list(_homework(contents.homework, t)),
        "advice": [_advice(each, t, policy) for each in contents.advice],
    }
    blocks = [
        *marks_table_blocks(contents, t, scales=scales, policy=policy),
        _finals(contents, t),
        _block("exams", BlockLayout.LINES, lines["exams"], t),
        Block(t("extract.timetable"), BlockLayout.DAYS, _days(contents.days, t)),
        _block("homework", BlockLayout.LINES, lines["homework"] or [t("homework.none")], t),
        _block("control", BlockLayout.SHORT, _control_works(contents.control_works, t), t),
        _block("advice", BlockLayout.LINES, lines["advice"], t),
        _block("teachers", BlockLayout.SHORT, _teachers(contents.teachers, t), t),
        _block("holidays", BlockLayout.SHORT, _holidays(contents.holidays, t), t),
    ]
    return tuple(block for block in blocks if block.rows)


def _block(name: str, layout: BlockLayout, lines: Iterable[str], t: Translator) -> Block:
    return Block(t(f"extract.{name}"), layout, tuple((line,) for line in lines))


def _finals(contents: Contents, t: Translator) -> Block:
    """All final marks of the school year, a row a subject and a column a term; deferrals with their last day (Q68)."""
    cells: dict[str, dict[str, str]] = {}
    terms = {term_key(each.name): each.name for each in contents.periods}
    for final, name in contents.finals:
        if final.value is not None:
            cells.setdefault(name, {})[term_key(final.term)] = final.value
            terms.setdefault(term_key(final.term), final.term)
    for deferral, name in contents.deferrals:
        words = t("finals.deferred", due=screen_date(deferral.due_on))
        cells.setdefault(name, {}).setdefault(term_key(deferral.term), words)
    shown = {key for of_subject in cells.values() for key in of_subject}
    order = [
        key for key in (*(key for key in terms if key not in {YEAR, EXAM, FINAL}), YEAR, EXAM, FINAL) if key in shown
    ]
    columns = (t("extract.subject"), *(class_finals_screen_term(terms.get(key, key), t) for key in order))
    rows = tuple((name, *(of_subject.get(key, "") for key in order)) for name, of_subject in sorted(cells.items()))
    return Block(t("finals.table"), BlockLayout.TABLE, rows, columns)


def _days(days: Sequence[SchoolDay], t: Translator) -> tuple[tuple[str, ...], ...]:
    """A day and its lessons with rooms and changes; days without lessons and holidays are left out."""
    return tuple(
        (
            weekday_screen_date(day.on, t),
            *(screen_text(line) for line in timetable_day_screen_lines(day, t, with_teacher=False)),
        )
        for day in days
        if day.lessons or day.holiday
    )


def _homework(assigned: Sequence[AssignedHomework], t: Translator) -> Iterator[str]:
    for on, of_day in groupby(assigned, key=lambda each: each.homework.due_on):
        for each in of_day:
            yield t("extract.homework_line", on=weekday_screen_date(on, t), subject=each.subject, text=_task(each, t))


def _task(assigned: AssignedHomework, t: Translator) -> str:
    """The text, that it was withdrawn, its former text, the names of its files."""
    task = assigned.homework
    if task.withdrawn_at is not None:
        return t("extract.homework_withdrawn", text=task.text)
    files = [t("homework.file", name=file.name) for file in assigned.files]
    was = [screen_text(t("homework.was", text=assigned.was))] if assigned.was else []
    return "; ".join([task.text or t("homework.in_files"), *was, *files])


def _control_works(works: Sequence[tuple[ControlWork, str]], t: Translator) -> Iterator[str]:
    for work, subject in works:
        number = t("control.number", number=work.number) if work.number is not None else None
        topic = t("control.topic", topic=work.topic) if work.topic else None
        about = ", ".join(filter(None, (work.work_kind, number, topic)))
        yield f"{weekday_screen_date(work.on, t)} {subject} – {about}"


def _advice(read: ReadRecommendation, t: Translator, policy: Policy) -> str:
    given = read.recommendation
    on = screen_date(timing.local_date_of_time(given.given_at, policy))
    about, author = read.subject or t("advice.general"), with_initials(read.author)
    return f"{on} {about}, {author}, {t(f'advice.for_{given.audience}')}: {given.text}"


def _teachers(teachings: Sequence[Teaching], t: Translator) -> Iterator[str]:
    """«Физика: Иванова Ирина Олеговна»; a study group, a stream and an individual plan are named (Q21)."""
    for each in teachings:
        subject = each.subject or t("teachers.class_teacher")
        group = "" if each.group in subject or each.kind.value == "class" else f" ({each.group})"
        yield f"{subject}{group}: {each.teacher}"


def _holidays(holidays: Sequence[Holiday], t: Translator) -> Iterator[str]:
    for each in holidays:
        yield f"{screen_date_span(each.starts_on, each.ends_on, t)} {each.name}"
