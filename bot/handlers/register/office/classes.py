"""Classes with states, their list as a file, and the consents of a whole class ticked off form by form (R1)."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from bot.documents.register.class_list import families_workbook
from bot.handlers.doors import WORDS, Ask, Behind, Door, Visit
from bot.handlers.register.office.desk import office_frame
from bot.handlers.register.office.papers import paper_fault, pressed_day, read_paper
from bot.screens.register.office import classes as screens
from bot.screens.register.office import desk as names
from bot.screens.screen import Screen, ScreenFile
from core.actions.register.office import class_consents, families
from core.actions.register.office.class_consents import ClassForms, PairIds, SignedClassForms, pair_ids
from core.errors import DocumentDateError, FormSettledError, NotFoundError
from core.model.people import OFFICE

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TICKS = "ticks"


async def choose_class(visit: Visit, ask: Ask) -> Screen:
    """Asks for the class."""
    classes = await families.office_classes(visit.uow, visit.reader, on=visit.today)
    return replace(screens.class_choice(office_frame(visit), classes), in_place=ask.pressed)


async def open_class(visit: Visit, ask: Ask) -> Screen:
    """The families of a class with their states."""
    (group_id,) = ask.exactly(1)
    group, stated = await families.class_families(visit.uow, visit.reader, group_id, on=visit.today)
    for student_id in dict.fromkeys(each.pair.student_id for each in stated):
        visit.afterwards.views.append((visit.reader, names.CLASS, student_id))
    return replace(screens.class_states(office_frame(visit), group, stated), in_place=ask.pressed)


async def send_class_file(visit: Visit, ask: Ask) -> Screen:
    """The list of a class with states as a workbook; it holds no addresses."""
    (group_id,) = ask.exactly(1)
    group, stated = await families.class_families(visit.uow, visit.reader, group_id, on=visit.today)
    for student_id in dict.fromkeys(each.pair.student_id for each in stated):
        visit.afterwards.views.append((visit.reader, names.CLASS_FILE, student_id))
    file = ScreenFile(visit.t("office.file", group=group.name), XLSX, families_workbook(stated, visit.t))
    frame = office_frame(visit)
    said = visit.t("office.file_below", len(stated), group=group.name)
    return replace(names.done_screen(frame, said, (frame.word("to_class", names.CLASS, group_id),)), files=(file,))


async def open_ticks(visit: Visit, ask: Ask) -> Screen:
    """The forms of a class with the ticks that the chat has kept."""
    group_id, *page = ask.exactly(1, 2)
    forms = await _forms(visit, group_id)
    frame = office_frame(visit)
    return replace(screens.tick_screen(frame, forms, _ticked(visit, forms), page=sum(page)), in_place=ask.pressed)


async def toggle_form(visit: Visit, ask: Ask) -> Screen:
    """A form came in, or did not."""
    group_id, person_id, student_id, page = ask.exactly(4)
    forms = await _forms(visit, group_id)
    if (person_id, student_id) not in {pair_ids(pair) for pair in forms.pairs}:
        raise NotFoundError
    return await _keep(visit, forms, _ticked(visit, forms) ^ {(person_id, student_id)}, page)


async def tick_all(visit: Visit, ask: Ask) -> Screen:
    """All forms came in, as far as it is clear who signs; or none."""
    group_id, on = ask.exactly(2)
    forms = await _forms(visit, group_id)
    return await _keep(visit, forms, _ticked(visit, forms) | forms.expected if on else frozenset())


async def enter_class(visit: Visit, ask: Ask) -> Screen:
    """Asks for the date of the papers, then enters what is ticked, all or none."""
    group_id, *day = ask.exactly(1, 2)
    forms = await _forms(visit, group_id)
    ticked = _ticked(visit, forms)
    if day:
        return replace(await _enter(visit, forms, ticked, "", pressed_day(day[0])), in_place=True)
    return replace(screens.enter_check(office_frame(visit), forms, ticked), in_place=True)


async def ask_class_paper(visit: Visit, ask: Ask) -> Screen:
    """Asks for the number and the date of the papers; the words that come enter what is ticked."""
    if ask.pressed:
        (group_id,) = ask.exactly(1)
        forms = await _forms(visit, group_id)
        await visit.wait_for(names.ENTER_DAY, **{TICKS: visit.dialog.draft.get(TICKS)})
        await visit.uow.commit()
        frame = office_frame(visit)
        back = frame.word("back", names.ENTER, group_id)
        return replace(screens.class_paper_request(frame, forms, back), in_place=True)
    kept = visit.dialog.draft.get(TICKS)
    if kept is None:
        raise NotFoundError
    forms = await _forms(visit, kept["group"])
    try:
        paper = read_paper(ask.text, today=visit.today)
    except DocumentDateError as fault:
        return screens.tick_screen(office_frame(visit), forms, _ticked(visit, forms), fault=paper_fault(fault, visit))
    return await _enter(visit, forms, _ticked(visit, forms), paper.document, paper.dated)


async def _forms(visit: Visit, group_id: int) -> ClassForms:
    return await class_consents.forms_of_class(visit.uow, visit.reader, group_id, on=visit.today)


def _ticked(visit: Visit, forms: ClassForms) -> frozenset[PairIds]:
    """What the chat has ticked of this class; what was entered meanwhile is no longer among it."""
    kept = visit.dialog.draft.get(TICKS) or {}
    if kept.get("group") != forms.group_id:
        return frozenset()
    return frozenset((person_id, student_id) for person_id, student_id in kept["pairs"]) & {
        pair_ids(pair) for pair in forms.pairs
    }


async def _keep(visit: Visit, forms: ClassForms, ticked: frozenset[PairIds], page: int = 0) -> Screen:
    kept = {"group": forms.group_id, "pairs": [list(pair) for pair in sorted(ticked)]}
    await visit.wait_for(None, **{TICKS: kept})
    await visit.uow.commit()
    return replace(screens.tick_screen(office_frame(visit), forms, ticked, page=page), in_place=True)


async def _enter(visit: Visit, forms: ClassForms, ticked: Collection[PairIds], document: str, dated: date) -> Screen:
    """The secretary has read that all fields must be filled before she pressed the date (Q4)."""
    paper = document or visit.t("office.class_paper", group=forms.school_class)
    new = SignedClassForms(forms.group_id, ticked, paper, dated, all_fields_filled=True)
    await visit.wait_for(None)
    try:
        count = await class_consents.register_class_consents(
            visit.uow, visit.reader, new, now=visit.now, policy=visit.school.policy
        )
    except (DocumentDateError, FormSettledError) as fault:
        await visit.uow.begin_reading()
        return screens.tick_screen(office_frame(visit), forms, ticked, fault=paper_fault(fault, visit))
    return screens.entered_screen(office_frame(visit), forms, count)


DOORS = (
    Door(names.CLASSES, choose_class, OFFICE, Behind.NOTHING, called="called.classes"),
    Door(names.CLASS, open_class, OFFICE, Behind.GROUP),
    Door(names.CLASS_FILE, send_class_file, OFFICE, Behind.GROUP),
    Door(names.TICK, open_ticks, OFFICE, Behind.GROUP),
    Door(names.TOGGLE, toggle_form, OFFICE, Behind.GROUP, writes=True),
    Door(names.ALL, tick_all, OFFICE, Behind.GROUP, writes=True),
    Door(names.ENTER, enter_class, OFFICE, Behind.GROUP, writes=True),
    Door(names.ENTER_DAY, ask_class_paper, OFFICE, Behind.GROUP, takes=WORDS, writes=True),
)
