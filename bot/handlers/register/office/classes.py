"""Classes with states, their list as a file, and the consents of a whole class ticked off form by form (R1)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.documents.register.class_list import class_list_workbook
from bot.handlers.doors import WORDS, Behind, Door, DoorRequest, DoorVisit
from bot.handlers.register.office.desk import office_desk_door_frame
from bot.handlers.register.office.papers import day_of_office_paper, office_paper_fault, read_office_paper
from bot.handlers.register.office.processors import (
    NAMED,
    asked_paper_processors,
    said_paper_processors,
    turned_paper_processors,
)
from bot.screens.register.office import classes as screens
from bot.screens.register.office import desk as names
from bot.screens.screen import Screen, ScreenFile
from core.actions.register.office import class_consents, families
from core.actions.register.office.class_consents import (
    MissingClassConsents,
    PairIds,
    SignedClassConsents,
    class_consent_pair_ids,
)
from core.errors import DocumentDateError, FormSettledError, NotFoundError
from core.model.people import OFFICE

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TICKS = "ticks"


async def office_classes_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Asks for the class."""
    classes = await families.load_classes_with_families(visit.uow, visit.reader, on=visit.today)
    return replace(screens.office_class_choice_screen(office_desk_door_frame(visit), classes), in_place=ask.pressed)


async def office_class_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The families of a class with their states."""
    (group_id,) = ask.exactly(1)
    group, stated = await families.load_class_families(
        visit.uow, visit.reader, group_id, on=visit.today, served=visit.school.policy.served
    )
    for student_id in dict.fromkeys(each.pair.student_id for each in stated):
        visit.afterwards.views.append((visit.reader, names.CLASS, student_id))
    return replace(screens.office_classes_screen(office_desk_door_frame(visit), group, stated), in_place=ask.pressed)


async def office_class_file_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The list of a class with states as a workbook; it holds no addresses."""
    (group_id,) = ask.exactly(1)
    group, stated = await families.load_class_families(
        visit.uow, visit.reader, group_id, on=visit.today, served=visit.school.policy.served
    )
    for student_id in dict.fromkeys(each.pair.student_id for each in stated):
        visit.afterwards.views.append((visit.reader, names.CLASS_FILE, student_id))
    file = ScreenFile(visit.t("office.file", group=group.name), XLSX, class_list_workbook(stated, visit.t))
    frame = office_desk_door_frame(visit)
    said = visit.t("office.file_below", len(stated), group=group.name)
    return replace(names.desk_done_screen(frame, said, (frame.word("to_class", names.CLASS, group_id),)), files=(file,))


async def office_class_ticks_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """The forms of a class with the ticks that the chat has kept."""
    group_id, *page = ask.exactly(1, 2)
    forms = await _forms(visit, group_id)
    frame = office_desk_door_frame(visit)
    return replace(
        screens.office_classes_tick_screen(frame, forms, _ticked(visit, forms), page=sum(page)), in_place=ask.pressed
    )


async def tick_office_class_form_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """A form came in, or did not."""
    group_id, person_id, student_id, page = ask.exactly(4)
    forms = await _forms(visit, group_id)
    if (person_id, student_id) not in {class_consent_pair_ids(pair) for pair in forms.pairs}:
        raise NotFoundError
    return await _keep(visit, forms, _ticked(visit, forms) ^ {(person_id, student_id)}, page)


async def tick_whole_office_class_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """All forms came in, as far as it is clear who signs; or none."""
    group_id, on = ask.exactly(2)
    forms = await _forms(visit, group_id)
    return await _keep(visit, forms, _ticked(visit, forms) | forms.expected if on else frozenset())


async def enter_office_class_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Asks for the date of the papers, then enters what is ticked, all or none."""
    group_id, *day = ask.exactly(1, 2)
    forms = await _forms(visit, group_id)
    ticked = _ticked(visit, forms)
    if day:
        return replace(await _enter(visit, forms, ticked, "", day_of_office_paper(day[0])), in_place=True)
    asked = _asked(visit, forms, ticked, _named(visit, forms))
    return replace(screens.office_class_date_screen(office_desk_door_frame(visit), forms, ticked, asked), in_place=True)


async def office_class_processors_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Ticks a channel whose processor the papers of a class name, or takes the tick away (Q4)."""
    group_id, channel = ask.exactly(2)
    forms = await _forms(visit, group_id)
    ticked = _ticked(visit, forms)
    named = turned_paper_processors(visit, _named(visit, forms), channel)
    await _keep_draft(visit, forms, ticked, named)
    asked = _asked(visit, forms, ticked, named)
    return replace(screens.office_class_date_screen(office_desk_door_frame(visit), forms, ticked, asked), in_place=True)


async def office_class_paper_door(visit: DoorVisit, ask: DoorRequest) -> Screen:
    """Asks for the number and the date of the papers; the words that come enter what is ticked."""
    if ask.pressed:
        (group_id,) = ask.exactly(1)
        forms = await _forms(visit, group_id)
        await visit.wait_for(names.ENTER_DAY, **{TICKS: visit.dialog.draft.get(TICKS)})
        await visit.uow.commit()
        frame = office_desk_door_frame(visit)
        back = frame.word("back", names.ENTER, group_id)
        return replace(screens.office_class_paper_screen(frame, forms, back), in_place=True)
    kept = visit.dialog.draft.get(TICKS)
    if kept is None:
        raise NotFoundError
    forms = await _forms(visit, kept["group"])
    try:
        paper = read_office_paper(ask.text, today=visit.today)
    except DocumentDateError as fault:
        return screens.office_classes_tick_screen(
            office_desk_door_frame(visit), forms, _ticked(visit, forms), fault=office_paper_fault(fault, visit)
        )
    return await _enter(visit, forms, _ticked(visit, forms), paper.document, paper.dated)


async def _forms(visit: DoorVisit, group_id: int) -> MissingClassConsents:
    return await class_consents.load_class_consents(visit.uow, visit.reader, group_id, on=visit.today)


def _ticked(visit: DoorVisit, forms: MissingClassConsents) -> frozenset[PairIds]:
    """What the chat has ticked of this class; what was entered meanwhile is no longer among it."""
    kept = visit.dialog.draft.get(TICKS) or {}
    if kept.get("group") != forms.group_id:
        return frozenset()
    return frozenset((person_id, student_id) for person_id, student_id in kept["pairs"]) & {
        class_consent_pair_ids(pair) for pair in forms.pairs
    }


def _named(visit: DoorVisit, forms: MissingClassConsents) -> Sequence[str] | None:
    """The channels whose processors the papers of this class name, as far as the chat has ticked them."""
    kept = visit.dialog.draft.get(TICKS) or {}
    return kept.get(NAMED) if kept.get("group") == forms.group_id else None


def _asked(
    visit: DoorVisit, forms: MissingClassConsents, ticked: Collection[PairIds], named: Sequence[str] | None
) -> Mapping[str, bool]:
    """The channels to tick; none where all forms that came in are numbered ones."""
    return asked_paper_processors(visit, named) if set(ticked) - forms.issued.keys() else {}


async def _keep_draft(
    visit: DoorVisit, forms: MissingClassConsents, ticked: Collection[PairIds], named: Sequence[str] | None
) -> None:
    kept = {"group": forms.group_id, "pairs": [list(pair) for pair in sorted(ticked)], NAMED: named}
    await visit.wait_for(None, **{TICKS: kept})
    await visit.uow.commit()


async def _keep(visit: DoorVisit, forms: MissingClassConsents, ticked: frozenset[PairIds], page: int = 0) -> Screen:
    await _keep_draft(visit, forms, ticked, _named(visit, forms))
    return replace(
        screens.office_classes_tick_screen(office_desk_door_frame(visit), forms, ticked, page=page), in_place=True
    )


async def _enter(
    visit: DoorVisit, forms: MissingClassConsents, ticked: Collection[PairIds], document: str, dated: date
) -> Screen:
    """The secretary has read that all fields must be filled before she pressed the date (Q4)."""
    paper = document or visit.t("office.class_paper", group=forms.school_class)
    said = said_paper_processors(visit, _named(visit, forms))
    new = SignedClassConsents(forms.group_id, ticked, paper, dated, all_fields_filled=True, channels=said)
    await visit.wait_for(None)
    try:
        count = await class_consents.register_class_consents(
            visit.uow, visit.reader, new, now=visit.now, policy=visit.school.policy
        )
    except (DocumentDateError, FormSettledError) as fault:
        await visit.uow.begin_reading()
        return screens.office_classes_tick_screen(
            office_desk_door_frame(visit), forms, ticked, fault=office_paper_fault(fault, visit)
        )
    return screens.office_class_entered_screen(office_desk_door_frame(visit), forms, count)


DOORS = (
    Door(names.CLASSES, office_classes_door, OFFICE, Behind.NOTHING, called="called.classes"),
    Door(names.CLASS, office_class_door, OFFICE, Behind.GROUP),
    Door(names.CLASS_FILE, office_class_file_door, OFFICE, Behind.GROUP),
    Door(names.TICK, office_class_ticks_door, OFFICE, Behind.GROUP),
    Door(names.TOGGLE, tick_office_class_form_door, OFFICE, Behind.GROUP, writes=True),
    Door(names.ALL, tick_whole_office_class_door, OFFICE, Behind.GROUP, writes=True),
    Door(names.ENTER, enter_office_class_door, OFFICE, Behind.GROUP, writes=True),
    Door(names.CLASS_NAMES, office_class_processors_door, OFFICE, Behind.GROUP, writes=True),
    Door(names.ENTER_DAY, office_class_paper_door, OFFICE, Behind.GROUP, takes=WORDS, writes=True),
)
