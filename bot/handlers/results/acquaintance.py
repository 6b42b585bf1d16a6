"""Sheets of acquaintance with an exam or a term for those who lead classes: a PDF to sign, then lines ticked off."""

from dataclasses import replace

from bot.documents.results import acquaintance as documents
from bot.handlers.doors import LEADERS, Ask, Behind, Door, Visit
from bot.screens.results import acquaintance as screens
from bot.screens.results.class_finals import term_label
from bot.screens.results.exams import exam_title
from bot.screens.screen import Screen, ScreenFile
from core.actions.delivery import acquaintance
from core.actions.delivery.acquaintance import SheetContent
from core.actions.results.exams import exam_lookup
from core.actions.results.term_end import term_state
from core.errors import NotFoundError

PDF = "application/pdf"


async def print_exam_sheet(visit: Visit, ask: Ask) -> Screen:
    """The sheet of an exam with a number; who has signed is ticked off below it. Records whom it names (Q102)."""
    (exam_id,) = ask.exactly(1)
    exam = (await exam_lookup.exam_list(visit.uow, visit.reader, exam_id=exam_id, on=visit.today)).exam
    about = exam_title(exam, visit.t)
    content = await acquaintance.sheet_of_exam(visit.uow, visit.reader, exam_id, about=about, on=visit.today)
    return await _numbered(visit, content, screens.EXAM_SHEET)


async def print_term_sheet(visit: Visit, ask: Ask) -> Screen:
    """The sheet of a term's final marks of one class."""
    class_id, number = ask.exactly(2)
    state = await term_state.term_state(
        visit.uow, visit.reader, policy=visit.school.results, on=visit.today, term=number, class_id=class_id
    )
    content = await acquaintance.sheet_of_term(
        visit.uow, visit.reader, state.term.name, on=visit.today, class_id=class_id
    )
    about = f"{term_label(state.term.name, visit.t)}, {state.classes[0].school_class}"
    return await _numbered(visit, replace(content, about=about), screens.TERM_SHEET)


async def _numbered(visit: Visit, content: SheetContent, door: str) -> Screen:
    """A sheet with a number; whoever it names is recorded as seen (Q102)."""
    sheet, rows = await acquaintance.number_sheet(visit.uow, visit.reader, content, now=visit.now)
    students = dict.fromkeys(row.results[0].obligation.student_id or 0 for row in content.rows)
    visit.afterwards.views += [(visit.reader, door, student_id) for student_id in students]
    words = documents.AcquaintanceWords(visit.t, visit.school.policy, visit.school.channels.notice_words)
    pdf = documents.sheet_pdf(content, sheet, rows, words, school=visit.school.name, whose="")
    persons, known = [(row.person, row.student) for row in rows], len(content.rows) - len(rows)
    screen = screens.sheet_lines(sheet, persons, visit.t, visit.seal, known=known)
    return replace(screen, files=(ScreenFile(visit.t("acquaint.file", number=sheet.number), PDF, pdf),))


async def tick_line(visit: Visit, ask: Ask) -> Screen:
    """One line of a sheet was signed, or with 0 all of them."""
    sheet_id, line = ask.exactly(2)
    lines = (line,) if line else ()
    number = await acquaintance.sheet_number(visit.uow, sheet_id)
    if number is None:
        raise NotFoundError
    signed = await acquaintance.record_signed_lines(
        visit.uow, visit.reader, number, lines, closes=visit.school.closes, now=visit.now, on=visit.today
    )
    return Screen(visit.t("acquaint.signed_of", signed, number=number))


DOORS = (
    Door(screens.EXAM_SHEET, print_exam_sheet, LEADERS, Behind.RECORD, writes=True),
    Door(screens.TERM_SHEET, print_term_sheet, LEADERS, Behind.GROUP, writes=True),
    Door(screens.TICK, tick_line, LEADERS, Behind.RECORD, writes=True),
)
