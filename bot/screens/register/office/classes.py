"""Classes with the states of their families, and the consents of a whole class, ticked off form by form (R1)."""

from collections import Counter
from collections.abc import Collection, Sequence

from bot.screens.register.office.desk import (
    ALL,
    CLASS,
    CLASS_FILE,
    CLASS_NAMES,
    CLASSES,
    ENTER,
    ENTER_DAY,
    TICK,
    TOGGLE,
    OfficeDeskScreenFrame,
)
from bot.screens.register.office.processors import (
    Ticks,
    processors_screen_request,
    processors_screen_ticks,
    processors_screen_unnamed,
)
from bot.screens.screen import Screen, fit_on_screen_page, screen_bold, screen_button_rows, screen_text
from core.actions.register.office.class_consents import MissingClassConsents, class_consent_pair_ids
from core.model.delivery.text import Button
from core.model.register.families import FamilyPair, PairState, StatedPair
from core.model.year import TeachingGroup
from core.rules.people.initials import with_initials

TICKS_PAGE = 40
"""Forms on one page: a class fits on one, and a messenger takes no more than a hundred buttons."""


def office_class_choice_screen(frame: OfficeDeskScreenFrame, classes: Sequence[TeachingGroup]) -> Screen:
    """Asks for the class."""
    buttons = [frame.button(group.name, CLASS, group.id) for group in classes]
    return Screen(frame.t("office.which_class"), (*screen_button_rows(buttons, width=5), frame.home()))


def office_classes_screen(frame: OfficeDeskScreenFrame, group: TeachingGroup, stated: Sequence[StatedPair]) -> Screen:
    """The families of a class with their states; the first line counts who receives electronically."""
    t = frame.t
    states = Counter(each.state for each in stated)
    head = [
        screen_bold(t("office.class_title", group=group.name)),
        t("office.class_active", states[PairState.ACTIVE], count=len(stated)),
        "",
    ]
    lines = [screen_text(_stated_words(frame, each)) for each in stated]
    buttons = (
        (frame.word("tick_button", TICK, group.id),),
        (frame.word("file_button", CLASS_FILE, group.id), frame.word("other_class", CLASSES)),
        frame.home(),
    )
    return Screen(fit_on_screen_page(head, lines, more=t("office.more_in_file")), buttons)


def office_classes_tick_screen(
    frame: OfficeDeskScreenFrame,
    forms: MissingClassConsents,
    ticked: Collection[tuple[int, int]],
    *,
    page: int = 0,
    fault: str = "",
) -> Screen:
    """The forms of a class with ticks for those that came in; a button a form, one for all, one that enters them."""
    t = frame.t
    last = max(len(forms.pairs) - 1, 0) // TICKS_PAGE
    page = min(page, last)
    shown = forms.pairs[page * TICKS_PAGE : (page + 1) * TICKS_PAGE]
    lines = [*([fault, ""] if fault else []), screen_bold(t("office.tick_title", group=forms.school_class))]
    if not forms.pairs:
        return Screen("\n".join([*lines, t("office.nothing_missing")]), (_class(frame, forms), frame.home()))
    lines += [t("office.ticked", len(ticked), count=len(forms.pairs)), "", t("office.tick_hint")]
    settled = {student_id for _, student_id in ticked}
    doubtful = [student_id for _, student_id in forms.doubtful if student_id not in settled]
    lines += [t("office.tick_doubtful", len(doubtful))] if doubtful else []
    ticks = [_tick(frame, forms, pair, ticked, page) for pair in shown]
    pages = [frame.button(f"{other + 1}", TICK, forms.group_id, other) for other in range(last + 1) if other != page]
    every = frame.word("tick_all", ALL, forms.group_id, 1), frame.word("tick_none", ALL, forms.group_id, 0)
    enter = ((frame.button(t("office.enter_button", len(ticked)), ENTER, forms.group_id),),) if ticked else ()
    rows = (every, *screen_button_rows(ticks, width=2), pages, *enter, _class(frame, forms))
    return Screen("\n".join(lines), tuple(tuple(row) for row in rows if row))


def office_class_date_screen(
    frame: OfficeDeskScreenFrame, forms: MissingClassConsents, ticked: Collection[tuple[int, int]], processors: Ticks
) -> Screen:
    """Asks for the date of the papers; by pressing it the secretary says that all fields are filled (Q4).

    It asks besides whose processors those papers name that are no numbered forms.
    """
    t = frame.t
    left = [pair for pair in forms.pairs if class_consent_pair_ids(pair) not in ticked]
    head = [screen_bold(t("office.enter_title", len(ticked), group=forms.school_class)), t("office.nine_fields_all")]
    head += [t("office.left_out", len(left))] if left else []
    lines = [screen_text(_pair_words(pair)) for pair in left]
    days = frame.recent_days(ENTER, forms.group_id)
    other = (frame.word("other_document", ENTER_DAY, forms.group_id),)
    back = (frame.word("back", TICK, forms.group_id),)
    asked = "\n".join([t("office.which_date"), *processors_screen_request(frame, processors)])
    ticks = processors_screen_ticks(frame, processors, CLASS_NAMES, forms.group_id)
    return Screen(fit_on_screen_page([*head, ""], lines, more="…") + f"\n\n{asked}", (*ticks, days, other, back))


def office_class_paper_screen(frame: OfficeDeskScreenFrame, forms: MissingClassConsents, back: Button) -> Screen:
    """Asks for the number and the date of the papers of a class."""
    said = frame.t("office.class_paper_request", group=forms.school_class)
    return Screen(said, ((back,),))


def office_class_entered_screen(frame: OfficeDeskScreenFrame, forms: MissingClassConsents, count: int) -> Screen:
    """How many consents were entered."""
    said = frame.t("office.entered", count, group=forms.school_class)
    return Screen(said, (_class(frame, forms), frame.home()))


def _tick(
    frame: OfficeDeskScreenFrame,
    forms: MissingClassConsents,
    pair: FamilyPair,
    ticked: Collection[tuple[int, int]],
    page: int,
) -> Button:
    mark = "☑" if class_consent_pair_ids(pair) in ticked else "☐"
    who = _pair_words(pair) if class_consent_pair_ids(pair) in forms.doubtful else with_initials(pair.student)
    return frame.button(f"{mark} {who}", TOGGLE, forms.group_id, pair.person_id, pair.student_id, page)


def _stated_words(frame: OfficeDeskScreenFrame, each: StatedPair) -> str:
    """«Соколова А. О. ← Соколова В. И. – нет канала; в бумаге не назван обработчик: MAX»."""
    state = frame.t(f"families.state.{each.state}")
    why = processors_screen_unnamed(frame, each.pair)
    return f"{_pair_words(each.pair)} – {'; '.join(filter(None, (state, why)))}"


def _pair_words(pair: FamilyPair) -> str:
    """«Соколова А. О. ← Соколова В. И.»: the student, and whose decision it is."""
    student = with_initials(pair.student)
    return student if pair.is_own else f"{student} ← {with_initials(pair.person)}"


def _class(frame: OfficeDeskScreenFrame, forms: MissingClassConsents) -> tuple[Button, ...]:
    return (frame.word("to_class", CLASS, forms.group_id),)
