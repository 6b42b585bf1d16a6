"""Sheets of acquaintance with an exam or a term for those who lead classes: a PDF to sign, then lines ticked off."""

from dataclasses import replace

from bot.documents.results import acquaintance as documents
from bot.handlers.doors import LEADERS, Behind, Door, DoorRequest, DoorVisit
from bot.screens.results import acquaintance as screens
from bot.screens.results.class_finals import class_finals_screen_term
from bot.screens.results.exams import exam_screen_title
from bot.screens.screen import Screen, ScreenFile
from core.actions.delivery import acquaintance
from core.actions.delivery.acquaintance import SheetContent
from core.actions.results.exams import exam_lookup
from core.actions.results.term_end import term_state
from core.errors import NotFoundError

PDF = "application/pdf"


async def exam_acquaintance_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The sheet of an exam with a number; who has signed is ticked off below it. Records whom it names (Q102)."""
    (exam_id,) = ask.exactly(1)
    exam = (await exam_lookup.look_up_exam_list(visit.uow, visit.reader, exam_id=exam_id, on=visit.today)).exam
    about = exam_screen_title(exam, visit.t)
    content = await acquaintance.load_exam_acquaintance_sheet(
        visit.uow, visit.reader, exam_id, about=about, on=visit.today
    )
    return await _numbered(visit, content, screens.EXAM_SHEET)


async def term_acquaintance_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The sheet of a term's final marks of one class."""
    class_id, number = ask.exactly(2)
    state = await term_state.load_term_state(
        visit.uow, visit.reader, policy=visit.school.results, on=visit.today, term=number, class_id=class_id
    )
    content = await acquaintance.load_term_acquaintance_sheet(
        visit.uow, visit.reader, state.term.name, on=visit.today, class_id=class_id
    )
    about = f"{class_finals_screen_term(state.term.name, visit.t)}, {state.classes[0].school_class}"
    return await _numbered(visit, replace(content, about=about), screens.TERM_SHEET)


async def _numbered(visit: DoorVisit, content: SheetContent, door: str) -> Screen:
    """A sheet with a number; whoever it names is recorded as seen (Q102)."""
    sheet, rows = await acquaintance.number_acquaintance_sheet(visit.uow, visit.reader, content, now=visit.now)
    students = dict.fromkeys(row.results[0].obligation.student_id or 0 for row in content.rows)
    visit.afterwards.views += [(visit.reader, door, student_id) for student_id in students]
    words = documents.AcquaintanceDocumentWords(visit.t, visit.school.policy, visit.school.channels.notice_words)
    pdf = documents.acquaintance_sheet_pdf(content, sheet, rows, words, school=visit.school.name, whose="")
    persons, known = [(row.person, row.student) for row in rows], len(content.rows) - len(rows)
    screen = screens.acquaintance_screen(sheet, persons, visit.t, visit.seal, known=known)
    return replace(screen, files=(ScreenFile(visit.t("acquaint.file", number=sheet.number), PDF, pdf),))


async def tick_acquaintance_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """One line of a sheet was signed, or with 0 all of them."""
    sheet_id, line = ask.exactly(2)
    lines = (line,) if line else ()
    number = await acquaintance.load_acquaintance_sheet_number(visit.uow, sheet_id)
    if number is None:
        raise NotFoundError
    signed = await acquaintance.record_signed_acquaintance(
        visit.uow, visit.reader, number, lines, closes=visit.school.closes, now=visit.now, on=visit.today
    )
    return Screen(visit.t("acquaint.signed_of", signed, number=number))


DOORS = (
    Door(screens.EXAM_SHEET, exam_acquaintance_door, LEADERS, Behind.RECORD, writes=True),
    Door(screens.TERM_SHEET, term_acquaintance_door, LEADERS, Behind.GROUP, writes=True),
    Door(screens.TICK, tick_acquaintance_door, LEADERS, Behind.RECORD, writes=True),
)
