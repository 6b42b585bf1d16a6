"""The summary sheet for those who lead a class or the school: its state, and the files to print (Q65)."""

import asyncio
from dataclasses import replace

from bot.documents.results.sheet.grid import Layout
from bot.documents.results.sheet.page import MEDIA_TYPE as PDF
from bot.documents.results.sheet.page import PageForm, sheet_page_pdf
from bot.documents.results.sheet.words import SheetIssue
from bot.documents.results.sheet.workbook import MEDIA_TYPE as XLSX
from bot.documents.results.sheet.workbook import sheet_workbook
from bot.handlers.doors import LEADERS, Behind, Door, DoorRequest, DoorVisit
from bot.screens.results import sheet as screens
from bot.screens.results.sheet import SheetScreenFrame
from bot.screens.screen import Screen, ScreenFile
from core.actions.results.sheet import reading
from core.actions.results.sheet.reading import SheetRequest
from core.model.results.summary_sheet import SummarySheet
from core.rules.conversation.buttons import HandleRefusedError

_CLASS, _FILES = 1, 2
_LAYOUTS = (Layout.TERMS_IN_COLUMNS, Layout.TERMS_IN_ROWS)


async def sheet_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The only class at once, else the choice; with the number of an arrangement the files of the sheet."""
    frame = SheetScreenFrame(
        await reading.load_sheet_classes(visit.uow, visit.reader, on=visit.today), visit.t, visit.seal
    )
    if not ask.numbers and len(frame.classes) != 1:
        return screens.sheet_class_screen(frame)
    class_id, *layout = ask.exactly(_CLASS, _FILES) if ask.numbers else (frame.classes[0].id,)
    request = SheetRequest(class_id, visit.today, visit.today, visit.school.results.unmarked)
    sheet = await reading.load_summary_sheet(visit.uow, visit.reader, request)
    if not layout:
        return replace(screens.sheet_screen(frame, sheet), in_place=ask.pressed)
    (number,) = layout
    if number >= len(_LAYOUTS):
        raise HandleRefusedError
    visit.afterwards.views += [(visit.reader, screens.SHEET, row.student_id) for row in sheet.rows]
    return screens.sheet_screen_files(frame, sheet, await _files(visit, sheet, _LAYOUTS[number]))


async def _files(visit: DoorVisit, sheet: SummarySheet, layout: Layout) -> tuple[ScreenFile, ...]:
    """The page and the workbook; a page takes half a second, so others are answered meanwhile."""
    form, issue = PageForm(layout), SheetIssue(visit.school.name, visit.today, visit.school.policy.zone)
    pdf = await asyncio.to_thread(sheet_page_pdf, sheet, form, issue, visit.t)
    book = await asyncio.to_thread(sheet_workbook, sheet, form, issue, visit.t)
    name = visit.t("sheet.file", school_class=sheet.school_class.name)
    return ScreenFile(f"{name}.pdf", PDF, pdf), ScreenFile(f"{name}.xlsx", XLSX, book)


DOORS = (Door(screens.SHEET, sheet_door, LEADERS, Behind.GROUP, command="sheet"),)
