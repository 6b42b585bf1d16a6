"""The summary sheet of a class on a phone: what is open in it, and the files to print (Q65, Q67, Q68)."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.screens.screen import Screen, ScreenFile, Seal, screen_bold, screen_button_rows, screen_text
from core.model.delivery.text import Button
from core.model.results.summary_sheet import SummarySheet
from core.model.year import TeachingGroup
from core.ports import Translator
from core.rules.conversation.buttons import Handle

SHEET = "sheet"

LAYOUTS = ("columns", "rows")
"""The two arrangements, in the order of their numbers in a button."""


@dataclass(frozen=True, slots=True)
class SheetScreenFrame:
    """The classes that a person leads, and the language and seal of the answer."""

    classes: Sequence[TeachingGroup]
    t: Translator
    seal: Seal

    def class_buttons(self, shown: int | None = None) -> tuple[tuple[Button, ...], ...]:
        """A button for each other class."""
        others = [each for each in self.classes if each.id != shown]
        return screen_button_rows([Button(each.name, self.seal(Handle(SHEET, (each.id,)))) for each in others], width=6)


def sheet_screen_button(class_id: int, t: Translator, seal: Seal) -> Button:
    """The button that leads to the sheet of a class."""
    return Button(t("sheet.door"), seal(Handle(SHEET, (class_id,))))


def sheet_class_screen(frame: SheetScreenFrame) -> Screen:
    """Asks whose sheet; who leads no class is told so."""
    t = frame.t
    if not frame.classes:
        return Screen(t("statistics.no_classes"))
    return Screen("\n".join([screen_bold(t("sheet.tab")), "", t("sheet.choose")]), frame.class_buttons())


def sheet_screen(frame: SheetScreenFrame, sheet: SummarySheet) -> Screen:
    """How many students and deferrals the sheet has and whether it is to be reissued, with a button a file."""
    t = frame.t
    labels = zip(LAYOUTS, range(len(LAYOUTS)), strict=True)
    files = [
        Button(t(f"sheet.layout.{name}"), frame.seal(Handle(SHEET, (sheet.school_class.id, number))))
        for name, number in labels
    ]
    buttons = (*screen_button_rows(files, width=1), *frame.class_buttons(sheet.school_class.id))
    return Screen("\n".join([*_head(sheet, t), *_state(sheet, t), "", t("sheet.how")]), buttons)


def sheet_screen_files(frame: SheetScreenFrame, sheet: SummarySheet, files: tuple[ScreenFile, ...]) -> Screen:
    """The page and the workbook."""
    return Screen("\n".join([*_head(sheet, frame.t), frame.t("sheet.files")]), files=files)


def _head(sheet: SummarySheet, t: Translator) -> list[str]:
    years = f"{sheet.year.year}/{sheet.year.year + 1}"
    return [screen_bold(t("sheet.tab")), screen_text(f"{sheet.school_class.name} · {years}"), ""]


def _state(sheet: SummarySheet, t: Translator) -> list[str]:
    lines = [t("sheet.students", sum(row.departure is None for row in sheet.rows))]
    if deferred := sum(cell.deferred_until is not None for row in sheet.rows for cell in row.cells.values()):
        lines.append(t("sheet.deferrals", deferred))
    if sheet.is_to_be_reissued:
        lines.append(screen_bold(t("sheet.reissue")) + ": " + t("sheet.corrected", len(sheet.corrections)))
    return lines
