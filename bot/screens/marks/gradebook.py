"""The gradebook on a phone: choosing a lesson, a class on a day, one student (Q27, Q37)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo

from bot.screens.dates import relative_screen_date, weekday_screen_date
from bot.screens.frame import clip_to_screen_frame, screen_frame_button_label
from bot.screens.screen import Screen, Seal, fit_on_screen_page, screen_bold, screen_button_rows, screen_text
from core.model.delivery.text import Button
from core.model.marks.entries import Entry
from core.model.marks.gradebook import GradebookPage, GradebookRow, Taught, Work
from core.ports import Translator
from core.rules.conversation.buttons import FINALS_PAGE, Handle, button_day_number
from core.rules.marks.averages import format_weight
from core.rules.marks.gradebook import GradebookRules
from core.rules.marks.tokens import DEBT
from core.rules.people.initials import with_initials
from core.rules.results.statistics.lesson_types import KNOWN_TYPES
from core.rules.year import is_first_grade

JOURNAL, DAY, STUDENT, MARK = "tjournal", "tday", "tstudent", "tmark"
LINE, WORK, TOPIC, HOMEWORK, CONTROL, ADVICE = "tline", "twork", "ttopic", "thome", "tcontrol", "tadvice"
LESSON_TYPE = "tlessontype"
ENTRY, UNDO = "tentry", "tundo"

MARKS = ("5", "4", "3", "2", "1", "зач", "незач", "н/а", DEBT)
ABSENCES = ("Н", "УП", "Б", "НП", "ОП", "ОСВ")
TOKENS = (*MARKS, *ABSENCES)
"""The tokens that a button can write; the button carries the position."""

FEW = 12
"""So many lessons are shown at once; with more of them the group is chosen first."""

_SHORT_NAME = 22
_WAITS = "⏳"

ButtonRows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GradebookScreenDesk:
    """An open gradebook page of a lesson day, with the school's rules for marks.

    `lesson_types` are those that are named for the day's lessons, each once (Q60).
    """

    page: GradebookPage
    today: date
    zone: tzinfo
    t: Translator
    seal: Seal
    policy: GradebookRules
    work: Work = field(default_factory=Work)
    lesson_types: Sequence[str] = ()

    def button(self, label: str, door: str, *numbers: int, on: date | None = None) -> Button:
        """A button about this lesson, or about that of another day."""
        lesson = self.page.lesson
        day = button_day_number(on or lesson.on)
        return Button(label, self.seal(Handle(door, (lesson.group_id, lesson.subject_id, day, *numbers))))

    def key(self, key: str, door: str) -> Button:
        """A button of this lesson whose label is a message of the catalogue."""
        return self.button(self.t(key), door)

    @property
    def name(self) -> str:
        """Group and subject, the title of every screen of a lesson."""
        return f"{self.page.group.name} · {self.page.subject}"

    @property
    def day(self) -> str:
        """The lesson's day in words."""
        return relative_screen_date(self.page.lesson.on, self.today, self.t)

    def clock(self, at: datetime) -> str:
        """Hours and minutes of a moment in school time."""
        return f"{at.astimezone(self.zone):%H:%M}"


def gradebook_nothing_taught_screen(t: Translator) -> Screen:
    """Tells a person that the school's lists name no lesson of theirs."""
    return Screen(t("teaching.nothing"))


def gradebook_lesson_choice_screen(taught: Sequence[Taught], today: date, t: Translator, seal: Seal) -> Screen:
    """Asks for a group and subject; a tap opens today's gradebook page."""
    day = button_day_number(today)
    buttons = [
        Button(
            screen_frame_button_label(f"{lesson.group.name} · {lesson.subject}"),
            seal(Handle(DAY, (lesson.group.id, lesson.subject_id, day))),
        )
        for lesson in taught[:90]
    ]
    return Screen(t("teaching.which_lesson"), screen_button_rows(buttons, width=2 if len(buttons) > FEW else 1))


def gradebook_group_choice_screen(taught: Iterable[Taught], t: Translator, seal: Seal) -> Screen:
    """Asks for the group first, where a teacher has many."""
    names = {lesson.group.id: lesson.group.name for lesson in taught}
    buttons = [
        Button(screen_frame_button_label(name), seal(Handle(JOURNAL, (group_id,)))) for group_id, name in names.items()
    ]
    return Screen(t("teaching.which_group"), screen_button_rows(buttons[:90], width=3))


def gradebook_class_day_screen(
    desk: GradebookScreenDesk, around: tuple[date | None, date | None], *, done: Sequence[str] = ()
) -> Screen:
    """The class with the entries of that day. `done`: lines on what has just been changed."""
    t = desk.t
    head = [screen_bold(desk.name), screen_text(desk.day), *_about(desk), *done, ""]
    lines = [_line(number, line, t) for number, line in enumerate(desk.page.lines, start=1)]
    text = fit_on_screen_page(head, lines or [t("teaching.nobody")], more=t("teaching.more"))
    may = desk.policy.made_here
    students = [
        desk.button(f"{number}. {_label(line, t)}", STUDENT, line.student_id)
        for number, line in enumerate(desk.page.lines, start=1)
    ]
    return Screen(
        text, (*(screen_button_rows(students[:80], width=2) if may else ()), *_around(desk, around), *_tools(desk))
    )


def gradebook_student_day_screen(desk: GradebookScreenDesk, line: GradebookRow) -> Screen:
    """A student's entries of the lesson, and a button for each token that may be added."""
    t = desk.t
    existing = [f"• {gradebook_screen_entry_words(entry, desk)}" for entry in line.entries] or [
        t("teaching.no_entries")
    ]
    work = [t("teaching.for_work", work=screen_text(_work_words(desk.work, t)))] if _work_words(desk.work, t) else []
    head = [screen_bold(line.name), screen_text(f"{desk.name} · {weekday_screen_date(desk.page.lesson.on, t)}")]
    opened = [
        Button(t("teaching.edit", value=gradebook_screen_value_words(entry, t)), desk.seal(Handle(ENTRY, (entry.id,))))
        for entry in line.entries
    ]
    return Screen(
        fit_on_screen_page([*head, ""], [*existing, *work], more=t("teaching.more")),
        (
            *screen_button_rows(opened, width=3),
            *_token_buttons(line.school_class, desk, door=MARK, numbers=(line.student_id, len(line.entries))),
            (desk.button(t("teaching.advise"), ADVICE, line.student_id), desk.key("teaching.work", WORK)),
            (gradebook_screen_back_button(desk),),
        ),
    )


def _token_buttons(school_class: str, desk: GradebookScreenDesk, *, door: str, numbers: tuple[int, ...]) -> ButtonRows:
    """A button for each token that a student of this class may get."""
    lowest = desk.policy.lowest_mark
    marks = [] if is_first_grade(school_class) else [mark for mark in MARKS if mark != "1" or lowest == 1]

    def buttons(tokens: Iterable[str]) -> list[Button]:
        return [
            desk.button(gradebook_screen_token_words(token, desk.t), door, *numbers, TOKENS.index(token))
            for token in tokens
        ]

    scores = [mark for mark in marks if mark.isdigit()]
    others = [mark for mark in marks if not mark.isdigit()]
    return (
        *screen_button_rows(buttons(scores), width=5),
        *screen_button_rows(buttons(others), width=4),
        *screen_button_rows(buttons(ABSENCES), width=6),
    )


def gradebook_screen_back_button(desk: GradebookScreenDesk) -> Button:
    """A button to the whole class."""
    return desk.key("teaching.back", DAY)


def gradebook_screen_token_words(token: str, t: Translator) -> str:
    """The token as in the journal; «.» gets words, since nobody understands it on a screen (Q28)."""
    return t("teaching.debt") if token == DEBT else token


def gradebook_screen_value_words(entry: Entry, t: Translator) -> str:
    """The token, with an hourglass if families do not see it yet."""
    value = gradebook_screen_token_words(entry.value, t)
    return f"{value} {_WAITS}" if entry.awaiting else value


def gradebook_screen_entry_words(entry: Entry, desk: GradebookScreenDesk) -> str:
    """An entry with its work, its comment and when families see it."""
    t = desk.t
    work = _work_words(Work(entry.work_kind, entry.weight, entry.topic), t)
    details = [screen_text(clip_to_screen_frame(detail)) for detail in (work, entry.comment) if detail]
    if entry.awaiting and entry.publish_at is not None:
        details.append(t("teaching.waits", time=desk.clock(entry.publish_at)))
    return " – ".join([screen_bold(gradebook_screen_value_words(entry, t)), *details])


def _work_words(work: Work, t: Translator) -> str:
    """«Контрольная работа, вес 20, «Дроби»»; nothing where nothing is known, and no more than a line."""
    weight = t("teaching.weight", weight=format_weight(work.weight, point=t("marks.point"))) if work.weight else None
    topic = t("teaching.topic_words", topic=work.topic) if work.topic else None
    return clip_to_screen_frame(", ".join(filter(None, [work.kind, weight, topic])))


def gradebook_screen_type_words(lesson_type: str, t: Translator) -> str:
    """The word for a type of lesson; one that the school alone knows stays as it is."""
    return t(f"statistics.type.{lesson_type}") if lesson_type in KNOWN_TYPES else lesson_type


def gradebook_screen_name(name: str) -> str:
    """«Иванова И. О.», cut where it would fill the line."""
    initials = with_initials(name) if name.strip() else name
    return initials if len(initials) <= _SHORT_NAME else f"{initials[: _SHORT_NAME - 1]}…"


def _about(desk: GradebookScreenDesk) -> list[str]:
    t, topic = desk.t, desk.page.topic
    work = _work_words(desk.work, t)
    types = ", ".join(
        screen_text(clip_to_screen_frame(gradebook_screen_type_words(each, t))) for each in desk.lesson_types
    )
    waiting = [entry.publish_at for line in desk.page.lines for entry in line.entries if entry.awaiting]
    first = min((at for at in waiting if at is not None), default=None)
    remarks = [
        t("teaching.topic_is", topic=screen_text(clip_to_screen_frame(topic))) if topic else None,
        t("teaching.lesson_type_is", types=types) if types else None,
        t("teaching.for_work", work=screen_text(work)) if work else None,
        t("teaching.legend", time=desk.clock(first)) if first else None,
        None if desk.policy.made_here else t("teaching.journal_mode"),
    ]
    return [remark for remark in remarks if remark is not None]


def _line(number: int, line: GradebookRow, t: Translator) -> str:
    values = ", ".join(gradebook_screen_value_words(entry, t) for entry in line.entries)
    return f"{number}. {screen_text(gradebook_screen_name(line.name))}" + (f": {screen_bold(values)}" if values else "")


def _label(line: GradebookRow, t: Translator) -> str:
    values = " ".join(gradebook_screen_value_words(entry, t) for entry in line.entries)
    return f"{gradebook_screen_name(line.name)}: {values}" if values else gradebook_screen_name(line.name)


def _around(desk: GradebookScreenDesk, around: tuple[date | None, date | None]) -> ButtonRows:
    """Buttons for the previous lesson, today's and the next one."""
    earlier, later = around
    buttons = [
        desk.button(f"‹ {weekday_screen_date(earlier, desk.t)}", DAY, on=earlier) if earlier else None,
        desk.key("day.today", DAY) if desk.page.lesson.on == desk.today else None,
        desk.button(f"{weekday_screen_date(later, desk.t)} ›", DAY, on=later) if later else None,
    ]
    return (tuple(button for button in buttons if button is not None),)


def _tools(desk: GradebookScreenDesk) -> ButtonRows:
    marks = (desk.key("teaching.by_line", LINE), desk.key("teaching.work", WORK)) if desk.policy.made_here else ()
    finals = Handle(FINALS_PAGE, (desk.page.lesson.group_id, desk.page.lesson.subject_id))
    others = (
        (desk.key("teaching.topic", TOPIC), desk.key("teaching.homework", HOMEWORK)),
        (desk.key("teaching.control", CONTROL), Button(desk.t("command.finals"), desk.seal(finals))),
        (
            desk.key("teaching.lesson_type", LESSON_TYPE),
            Button(desk.t("teaching.other_lesson"), desk.seal(Handle(JOURNAL))),
        ),
    )
    return ((marks, *others)) if marks else others
