"""The sheet of acquaintance of an exam for those who lead classes: a numbered PDF to sign, then lines ticked off."""

from dataclasses import replace

from bot.documents.results import acquaintance as documents
from bot.handlers.doors import LEADERS, Ask, Behind, Door, Visit
from bot.screens.results import acquaintance as screens
from bot.screens.results.exams import exam_title
from bot.screens.screen import Screen, ScreenFile
from core.actions.delivery import acquaintance
from core.actions.results.exams import exam_lookup
from core.errors import NotFoundError

PDF = "application/pdf"


async def print_exam_sheet(visit: Visit, ask: Ask) -> Screen:
    """The sheet of an exam with a number; who has signed is ticked off below it. Records whom it names (Q102)."""
    (exam_id,) = ask.exactly(1)
    exam = (await exam_lookup.exam_list(visit.uow, visit.reader, exam_id=exam_id, on=visit.today)).exam
    about = exam_title(exam, visit.t)
    content = await acquaintance.sheet_of_exam(visit.uow, visit.reader, exam_id, about=about, on=visit.today)
    sheet, rows = await acquaintance.number_sheet(visit.uow, visit.reader, content, now=visit.now)
    for row in content.rows:
        visit.afterwards.views.append((visit.reader, screens.EXAM_SHEET, row.results[0].obligation.student_id or 0))
    words = documents.AcquaintanceWords(visit.t, visit.school.policy, visit.school.channels.notice_words)
    pdf = documents.sheet_pdf(content, sheet, rows, words, school=visit.school.name, whose="")
    screen = screens.sheet_lines(sheet, [(row.person, row.student) for row in rows], visit.t, visit.seal)
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
    Door(screens.TICK, tick_line, LEADERS, Behind.RECORD, writes=True),
)
