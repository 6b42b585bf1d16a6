"""Composing a broadcast: questions for the class, the kind of message, the day, the lessons and what changes (Q97)."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from bot.screens.dates import relative_screen_date, weekday_screen_date
from bot.screens.frame import screen_frame_button_label, screen_frame_choice_label
from bot.screens.screen import Screen, Seal, screen_bold, screen_button_rows, screen_text
from core.model.delivery.text import Button, NoticeInWords
from core.model.notices.facts import Notice
from core.model.people import Person
from core.model.timetable import ChangeKind, DayLesson, LessonState, SchoolDay
from core.model.year import Subject, TeachingGroup
from core.ports import Translator
from core.rules.conversation.buttons import Handle, button_day_number
from core.rules.people.initials import with_initials
from core.rules.year import school_date

START, CLASS, TICK, TICKED, PARALLEL, KIND, DAY, LESSON, NEXT = (
    "bstart", "bclass", "btick", "bticked", "bparallel", "bkind", "bday", "blesson", "bnext",
)  # fmt: skip
TEACHER, TEACHERS, SUBJECT, ROOM, MOVE_DAY, MOVE_NUMBER = (
    "bteacher", "bteachers", "bsubject", "broom", "bmoveday", "bmovenumber",
)  # fmt: skip
DRAFT, DROP = "bdraft", "bdrop"

ANNOUNCEMENT = len(ChangeKind)
"""The number of the announcement in a button; lower numbers are the kinds of lesson changes."""

FEW_CLASSES = 12
PAGE = 24
LESSON_NUMBERS = range(10)
_GONE = frozenset({LessonState.CANCELLED, LessonState.MOVED_AWAY})

Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class PickedLesson:
    """A lesson of the day that is being changed."""

    group_id: int
    subject_id: int
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposeScreenFrame:
    """What every screen of a broadcast needs: the classes (shown first, in bold), the translator, the buttons' seal."""

    title: str
    groups: Mapping[int, str]
    today: date
    zone: tzinfo
    t: Translator
    seal: Seal
    notice_words: Callable[[Notice, Translator], NoticeInWords]
    is_discreet: bool = False

    def head(self, key: str, **values: str) -> list[str]:
        """The first two lines: the classes and the question."""
        return [screen_bold(self.title), self.t(key, None, **values)]

    def asks(self, key: str, *buttons: Sequence[Button], **values: str) -> Screen:
        """A question with its answers as rows of buttons."""
        return Screen("\n".join(self.head(key, **values)), tuple(tuple(row) for row in buttons if row))

    def button(self, label: str, door: str, *numbers: int) -> Button:
        return Button(screen_frame_button_label(label), self.seal(Handle(door, numbers)))

    def key(self, key: str, door: str, *numbers: int) -> Button:
        """A button whose label is a message of the catalogue."""
        return self.button(self.t(key), door, *numbers)

    def moment(self, at: datetime) -> str:
        """A date and time of the school: «завтра, вт 24.11, 07:00»."""
        local = at.astimezone(self.zone)
        return f"{relative_screen_date(school_date(at, self.zone), self.today, self.t)}, {local:%H:%M}"


def nothing_to_compose_screen(t: Translator) -> Screen:
    """Tells a class teacher that the school's lists name no class of theirs."""
    return Screen(t("broadcast.nobody"))


def compose_class_screen(
    groups: Sequence[TeachingGroup], t: Translator, seal: Seal, *, several: bool = False
) -> Screen:
    """Asks which class or group the broadcast is for, or `several` of them."""
    buttons = [Button(screen_frame_button_label(group.name), seal(Handle(CLASS, (group.id,)))) for group in groups]
    more = ((_several(t, seal),),) if several else ()
    return Screen(t("broadcast.which_class"), (*screen_button_rows(buttons[:90], width=3), *more))


def _several(t: Translator, seal: Seal) -> Button:
    return Button(t("broadcast.several"), seal(Handle(TICK)))


def compose_several_classes_screen(
    classes: Sequence[TeachingGroup], ticked: Collection[int], t: Translator, seal: Seal
) -> Screen:
    """Asks for several classes: a tap ticks one, the first button the whole school."""
    every = Button(_ticked(t("broadcast.whole_school"), is_on=len(ticked) == len(classes)), seal(Handle(TICK, (0,))))
    buttons = [
        Button(
            screen_frame_button_label(_ticked(group.name, is_on=group.id in ticked)), seal(Handle(TICK, (group.id,)))
        )
        for group in classes[:90]
    ]
    on = ((Button(t("broadcast.next_classes", len(ticked)), seal(Handle(TICKED))),),) if ticked else ()
    return Screen(t("broadcast.which_classes"), ((every,), *screen_button_rows(buttons, width=4), *on))


def unfinished_composing_screen(board: ComposeScreenFrame) -> Screen:
    """A draft waits that was not sent: it is opened or dropped before another one begins."""
    return board.asks(
        "broadcast.unfinished", (board.key("broadcast.open_draft", DRAFT),), (board.key("broadcast.drop", DROP),)
    )


def compose_grade_screen(grades: Iterable[int], t: Translator, seal: Seal) -> Screen:
    """Asks for the grade first, where the classes are too many for one screen."""
    buttons = [Button(t("broadcast.grade", grade=grade), seal(Handle(PARALLEL, (grade,)))) for grade in grades]
    return Screen(t("broadcast.which_grade"), (*screen_button_rows(buttons, width=3), (_several(t, seal),)))


def compose_grade_classes_screen(grade: int, groups: Sequence[TeachingGroup], t: Translator, seal: Seal) -> Screen:
    """Asks for one class of the grade; the last button takes them all."""
    whole = Button(t("broadcast.whole_grade", grade=grade), seal(Handle(PARALLEL, (grade, 1))))
    screen = compose_class_screen(groups, t, seal)
    return Screen(screen.text, (*screen.buttons, (whole,)))


def compose_kind_screen(board: ComposeScreenFrame) -> Screen:
    """Asks what the message is: one of the lesson changes, or an announcement."""
    names = [*ChangeKind, "announcement"]
    buttons = [board.key(f"broadcast.kind_{name}", KIND, place) for place, name in enumerate(names)]
    return board.asks("broadcast.which_kind", *screen_button_rows(buttons, width=2))


def compose_day_screen(
    board: ComposeScreenFrame, ahead: Sequence[date], kind: ChangeKind, *, door: str = DAY, hint: str | None = None
) -> Screen:
    """Asks for the day of the change: buttons for the next school days, any other date is typed."""
    buttons = [
        board.button(relative_screen_date(on, board.today, board.t), door, button_day_number(on)) for on in ahead
    ]
    key = "broadcast.which_day" if door == DAY else "broadcast.which_new_day"
    screen = board.asks(key, *screen_button_rows(buttons, width=2), kind=board.t(f"broadcast.kind_{kind}"))
    return compose_screen_with_hint(screen, hint, board.t)


def compose_lesson_screen(
    board: ComposeScreenFrame, day: SchoolDay, kind: ChangeKind, picked: Sequence[PickedLesson]
) -> Screen:
    """Asks which lessons of the day change; a tap ticks a lesson, several may be ticked."""
    open_lessons = [lesson for lesson in day.lessons if lesson.state not in _GONE]
    values = {"day": weekday_screen_date(day.on, board.t), "kind": board.t(f"broadcast.kind_{kind}")}
    if not open_lessons:
        return board.asks("broadcast.no_lessons", (board.key("broadcast.other_day", KIND, _place(kind)),), **values)
    several = len({lesson.group_id for lesson in open_lessons}) > 1
    buttons = [
        board.button(
            _ticked(_lesson(board, lesson, several=several), is_on=_picked(lesson) in picked),
            LESSON,
            lesson.group_id,
            lesson.subject_id,
            lesson.number,
        )
        for lesson in open_lessons[:80]
    ]
    on = (board.button(board.t("broadcast.next", len(picked)), NEXT),) if picked else ()
    back = (board.key("broadcast.other_day", KIND, _place(kind)),)
    return board.asks("broadcast.which_lessons", *screen_button_rows(buttons, width=1), on, back, **values)


def compose_substitute_screen(
    board: ComposeScreenFrame, teachers: Sequence[Person], *, page: int = 0, hint: str | None = None
) -> Screen:
    """Asks for the substitute teacher, in pages; the beginning of a surname may be typed."""
    on_page = teachers[page * PAGE : (page + 1) * PAGE]
    buttons = [board.button(with_initials(teacher.name), TEACHER, teacher.id) for teacher in on_page]
    pager = []
    if page > 0:
        pager.append(board.button("‹", TEACHERS, page - 1))
    if len(teachers) > (page + 1) * PAGE:
        pager.append(board.button("›", TEACHERS, page + 1))
    same = (board.key("broadcast.same_teacher", TEACHER, 0),)
    return compose_screen_with_hint(
        board.asks("broadcast.which_teacher", *screen_button_rows(buttons, width=2), pager, same), hint, board.t
    )


def compose_subject_screen(
    board: ComposeScreenFrame, subjects: Sequence[Subject], *, may_stay: bool, hint: str | None = None
) -> Screen:
    """Asks for the subject of the changed lesson; the first button keeps the planned subject."""
    same = (board.key("broadcast.same_subject", SUBJECT, 0),) if may_stay else ()
    buttons = [board.button(subject.name, SUBJECT, subject.id) for subject in subjects[:60]]
    return compose_screen_with_hint(
        board.asks("broadcast.which_subject", same, *screen_button_rows(buttons, width=2)), hint, board.t
    )


def compose_room_screen(board: ComposeScreenFrame, known: Sequence[str]) -> Screen:
    """Asks for the new room: buttons for the rooms of the timetable, any other is typed."""
    buttons = [board.button(room, ROOM, place) for place, room in enumerate(known)]
    return board.asks("broadcast.which_room", *screen_button_rows(buttons, width=4))


def compose_number_screen(board: ComposeScreenFrame, on: date, taken: Iterable[int]) -> Screen:
    """Asks for the lesson number on the new day; numbers at which the class has a lesson anyway are marked."""
    busy = set(taken)
    buttons = [
        board.button(screen_frame_choice_label(str(number), when=number in busy), MOVE_NUMBER, number)
        for number in LESSON_NUMBERS
    ]
    return board.asks(
        "broadcast.which_number", *screen_button_rows(buttons, width=5), day=weekday_screen_date(on, board.t)
    )


def compose_occupied_number_screen(
    board: ComposeScreenFrame, on: date, number: int, lessons: Sequence[DayLesson]
) -> Screen:
    """Another lesson has that place: the first button moves the lesson there all the same, as in an exchange of two."""
    names = ", ".join(dict.fromkeys(screen_text(lesson.subject) for lesson in lessons))
    return board.asks(
        "broadcast.occupied",
        (board.key("broadcast.move_anyway", MOVE_NUMBER, number, 1),),
        (board.key("broadcast.other_number", MOVE_DAY, button_day_number(on)),),
        day=weekday_screen_date(on, board.t),
        number=str(number),
        lessons=names,
    )


def compose_screen_with_hint(screen: Screen, hint: str | None, t: Translator) -> Screen:
    """Repeats a question under a hint, after an answer that was not understood."""
    if hint is None:
        return screen
    return Screen(f"{t(hint)}\n\n{screen.text}", screen.buttons)


def _place(kind: ChangeKind) -> int:
    return list(ChangeKind).index(kind)


def _picked(lesson: DayLesson) -> PickedLesson:
    return PickedLesson(lesson.group_id, lesson.subject_id, lesson.number)


def _ticked(label: str, *, is_on: bool) -> str:
    return f"{'☑' if is_on else '☐'} {label}"


def _lesson(board: ComposeScreenFrame, lesson: DayLesson, *, several: bool) -> str:
    """The label of a lesson: «5А 2. Алгебра, 7, Белов П. И.»; the group only where there are several."""
    group = f"{board.groups.get(lesson.group_id, '')} " if several else ""
    details = [lesson.subject, lesson.room, with_initials(lesson.teacher) if lesson.teacher else None]
    return f"{group}{lesson.number}. {', '.join(filter(None, details))}"
