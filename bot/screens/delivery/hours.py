"""Results that are still owed, by the time that is left, and what to say to whom (Q75)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from bot.screens.dates import relative_screen_date
from bot.screens.delivery.ways import delivery_ways_on_screen
from bot.screens.frame import screen_frame_button_label
from bot.screens.screen import Screen, Seal, screen_bold, screen_button_rows, screen_text
from core.actions.delivery.open_results import OpenResultsPerson
from core.model.channels import PAPER
from core.model.delivery.owed_results import OwedResult
from core.model.delivery.text import Button, NoticeInWords
from core.model.notices.facts import Notice
from core.ports import Translator
from core.rules.conversation.buttons import Handle
from core.rules.delivery.steps import delivery_of_current_step, is_on_paper_step
from core.rules.delivery.timing import is_past_due_time
from core.rules.people.initials import with_initials
from core.rules.year import school_date

HOURS, PERSON, CALL, UNCALL, SEND, PAPERS = (
    "hours", "hoursof", "hourscall", "hoursuncall", "hourssend", "hourspaper",
)  # fmt: skip
PRINT, PRINTED, REPORT, PROOF = "hoursprint", "hoursprinted", "hoursreport", "hoursproof"

PAGE = 8
"""Persons on one page, each with a button."""

MOST_RESULTS, MOST_PROOFS = 30, 6
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursScreenFrame:
    """What the screens of the deputy head need besides their data."""

    now: datetime
    zone: tzinfo
    t: Translator
    seal: Seal
    notice_words: Callable[[Notice, Translator], NoticeInWords]

    @property
    def today(self) -> date:
        """The school's date."""
        return school_date(self.now, self.zone)

    def button(self, label: str, door: str, *numbers: int) -> Button:
        return Button(screen_frame_button_label(label), self.seal(Handle(door, numbers)))

    def moment(self, at: datetime) -> str:
        """«сегодня, пт 20.11, 18:00»."""
        return (
            f"{relative_screen_date(school_date(at, self.zone), self.today, self.t)}, {at.astimezone(self.zone):%H:%M}"
        )

    def time_left(self, due: datetime | None) -> str:
        """«осталось 2 ч 10 мин», or how long it has been late."""
        if due is None:
            return ""
        left = abs(due - self.now)
        hours, minutes = left // _HOUR, left % _HOUR // timedelta(minutes=1)
        span = self.t("hours.span", hours=hours, minutes=minutes) if hours else self.t("hours.minutes", minutes=minutes)
        return self.t("hours.late_by" if is_past_due_time(due, self.now) else "hours.left", span=span)


def hours_list_screen(
    frame: HoursScreenFrame, persons: Sequence[OpenResultsPerson], *, page: int = 0, note: str = ""
) -> Screen:
    """Everybody who is still owed a result, the most urgent first, with the step that they are on."""
    t = frame.t
    page = min(page, max(len(persons) - 1, 0) // PAGE)
    shown = persons[page * PAGE : (page + 1) * PAGE]
    head = [screen_bold(t("hours.title")), *([note] if note else [])]
    if not persons:
        return Screen("\n".join([*head, t("hours.none")]), (_below(frame),))
    late = sum(is_past_due_time(each.due, frame.now) for each in persons)
    results = sum(len(each.results) for each in persons)
    head += [
        t("hours.open", results, persons=len(persons)),
        *([screen_bold(t("hours.late_persons", late))] if late else []),
    ]
    lines = [line for each in shown for line in _person_lines(frame, each)]
    return Screen("\n".join([*head, "", *lines]), tuple(_list_buttons(frame, persons, shown, page)))


def _person_lines(frame: HoursScreenFrame, owed: OpenResultsPerson) -> Iterator[str]:
    students = ", ".join(dict.fromkeys(with_initials(each.student) for each in owed.results))
    mark = "⏰" if is_past_due_time(owed.due, frame.now) else "•"
    count = frame.t("hours.results", len(owed.results))
    yield screen_text(f"{mark} {with_initials(owed.person)} ({students}): {count}, {frame.time_left(owed.due)}")
    yield screen_text(f"   {_step_words(frame, owed.results[0])}")


def _step_words(frame: HoursScreenFrame, result: OwedResult) -> str:
    """The channels so far, and when the next one starts if there is no evidence."""
    used = delivery_ways_on_screen(result.deliveries, frame.t) or frame.t("hours.not_planned")
    delivery = delivery_of_current_step(result.deliveries)
    if delivery is None or delivery.channel == PAPER or delivery.escalate_at is None:
        return used
    return f"{used}; {frame.t('hours.next_way', at=frame.moment(delivery.escalate_at))}"


def _list_buttons(
    frame: HoursScreenFrame, persons: Sequence[OpenResultsPerson], shown: Sequence[OpenResultsPerson], page: int
) -> Iterator[tuple[Button, ...]]:
    for each in shown:
        due = f" · {each.due.astimezone(frame.zone):%d.%m %H:%M}" if each.due else ""
        yield (frame.button(f"{with_initials(each.person)}{due}", PERSON, each.person_id),)
    before = [frame.button("‹", HOURS, page - 1)] if page else []
    after = [frame.button("›", HOURS, page + 1)] if len(persons) > (page + 1) * PAGE else []
    if before or after:
        yield (*before, *after)
    yield _below(frame)


def _below(frame: HoursScreenFrame) -> tuple[Button, ...]:
    return (
        frame.button(frame.t("hours.print"), PRINT),
        frame.button(frame.t("hours.report"), REPORT),
        frame.button(frame.t("hours.refresh"), HOURS, 0),
    )


def hours_person_screen(frame: HoursScreenFrame, owed: OpenResultsPerson, *, note: str = "") -> Screen:
    """What to say to a person, result by result, and what can be done at once."""
    t = frame.t
    head = [screen_bold(screen_text(owed.person)), *([note] if note else []), t("hours.what_to_say"), ""]
    lines = [line for each in owed.results[:MOST_RESULTS] for line in _result_lines(frame, each)]
    more = [t("hours.more", len(owed.results) - MOST_RESULTS)] if len(owed.results) > MOST_RESULTS else []
    person = owed.person_id, owed.last_id
    electronic = [each for each in owed.results if not is_on_paper_step(each)]
    sends = [frame.button(t("hours.send_now"), SEND, *person), frame.button(t("hours.on_paper"), PAPERS, *person)]
    rows = (
        (frame.button(t("hours.reached"), CALL, *person),),
        *((tuple(sends),) if electronic else ()),
        *screen_button_rows(_proofs(frame, owed), width=2),
        (frame.button(t("hours.back"), HOURS, 0),),
    )
    return Screen("\n".join([*head, *lines, *more]), rows)


def _result_lines(frame: HoursScreenFrame, result: OwedResult) -> Iterator[str]:
    yield f"{screen_text(with_initials(result.student))}: {screen_bold(screen_text(_result_words(frame, result)))}"
    due = result.obligation.due
    left = f"{frame.moment(due)}, {frame.time_left(due)}" if due else ""
    yield screen_text(f"   {frame.t('hours.until', at=left)}")
    yield screen_text(f"   {_step_words(frame, result)}")


def _result_words(frame: HoursScreenFrame, result: OwedResult) -> str:
    """«1 четверть, Алгебра: 4», as the message says it."""
    said = frame.notice_words(result.notice, frame.t)
    return f"{', '.join(filter(None, (said.when, said.about)))}: {said.what}"


def _proofs(frame: HoursScreenFrame, owed: OpenResultsPerson) -> Sequence[Button]:
    """The proof of each result, while they are few."""
    return [
        frame.button(
            frame.t("hours.proof", about=frame.notice_words(each.notice, frame.t).about), PROOF, each.obligation.id
        )
        for each in owed.results[:MOST_PROOFS]
    ]


def hours_called_screen(frame: HoursScreenFrame, called: OpenResultsPerson, count: int) -> Screen:
    """A person was reached by phone; the tap can be taken back."""
    head = [screen_bold(screen_text(called.person)), frame.t("hours.recorded", count), ""]
    lines = [
        screen_text(f"{with_initials(each.student)}: {_result_words(frame, each)}")
        for each in called.results[:MOST_RESULTS]
    ]
    return Screen(
        "\n".join([*head, *lines]),
        (
            (frame.button(frame.t("hours.not_reached"), UNCALL, called.person_id, called.last_id),),
            (frame.button(frame.t("hours.back"), HOURS, 0),),
        ),
    )


def hours_nothing_owed_screen(frame: HoursScreenFrame, note: str) -> Screen:
    """Nothing is owed to the person any more: somebody was faster, or the message has arrived."""
    return Screen(note, ((frame.button(frame.t("hours.back"), HOURS, 0),),))
