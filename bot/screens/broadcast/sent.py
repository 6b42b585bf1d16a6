"""A sent broadcast: who has read it, student by student, and what can still be done (Q97)."""

from collections.abc import Sequence

from bot.screens.broadcast.compose import ComposeScreenFrame, Rows
from bot.screens.broadcast.draft import draft_screen_lesson_line
from bot.screens.frame import clip_to_screen_frame, screen_frame_button_label
from bot.screens.screen import Screen, Seal, fit_on_screen_page, screen_bold, screen_text
from core.actions.broadcast.acknowledgements import LoadedAcknowledgements, PersonReading, StudentReading
from core.model.broadcast import Broadcast, BroadcastState
from core.model.channels import PAPER, channel_name
from core.model.delivery.text import Button
from core.model.notices.family import LessonChanged
from core.ports import Translator
from core.rules.conversation.buttons import Handle
from core.rules.people.initials import with_initials

LIST, REMIND, RECALL, CORRECT, SENT, CALLS = "blist", "bremind", "brecall", "bcorrect", "bsent", "bcalls"

MOST_SENT = 10
_LONGEST_LABEL = 30
_MOST_CHANGES, _LONGEST_TEXT = 4, 120
_UNDONE = {BroadcastState.RECALLED, BroadcastState.REPLACED}
_WAITING = {BroadcastState.PLANNED, BroadcastState.HELD}


def sent_broadcast_screen(
    board: ComposeScreenFrame, readings: LoadedAcknowledgements, changes: Sequence[LessonChanged], *, note: str = ""
) -> Screen:
    """Shows who has read it: unread students first, late readers marked; a button refreshes the list."""
    t, sent = board.t, readings.broadcast
    head = [*board.head("broadcast.sent_title", state=t(f"broadcast.state_{sent.state}")), *([note] if note else [])]
    if sent.state in _WAITING:
        head.append(t("broadcast.goes", when=board.moment(sent.send_at)))
    else:
        head.append(screen_bold(t("broadcast.told_of", told=readings.told_count, all=len(readings.students))))
    lines = [] if board.is_discreet else _lines(board, readings)
    return Screen(
        fit_on_screen_page([*head, *_content(board, sent, changes)], lines, more=t("broadcast.more")),
        _buttons(board, readings),
    )


def sent_broadcast_list_screen(own: Sequence[Broadcast], days: Sequence[str], t: Translator, seal: Seal) -> Screen:
    """Lists the actor's own broadcasts with their days, the newest first."""
    if not own:
        return Screen(t("broadcast.none_sent"))
    buttons = tuple(
        (Button(screen_frame_button_label(f"{at} {_label(broadcast, t)}"), seal(Handle(LIST, (broadcast.id,)))),)
        for broadcast, at in zip(own, days, strict=True)
    )
    return Screen(t("broadcast.own_sent"), buttons)


def _label(broadcast: Broadcast, t: Translator) -> str:
    words = " ".join((broadcast.text or t("broadcast.lesson_changes")).split())
    return f"{clip_to_screen_frame(words, _LONGEST_LABEL)} · {t(f'broadcast.state_{broadcast.state}')}"


def _content(board: ComposeScreenFrame, sent: Broadcast, changes: Sequence[LessonChanged]) -> list[str]:
    """The first changes and the beginning of the announcement."""
    words = " ".join((sent.text or "").split())
    lines = [draft_screen_lesson_line(notice, board) for notice in changes[:_MOST_CHANGES]]
    return ["", *lines, *([screen_text(clip_to_screen_frame(words, _LONGEST_TEXT))] if words else []), ""]


def _lines(board: ComposeScreenFrame, readings: LoadedAcknowledgements) -> list[str]:
    students = sorted(readings.students, key=lambda student: (student.is_told, student.name))
    unseen = board.t("broadcast.called_back" if readings.broadcast.state in _UNDONE else "broadcast.going")
    lines = [_line(board, student, unseen) for student in students]
    if readings.staff:
        lines += [
            "",
            screen_bold(board.t("broadcast.staff_title")),
            *(_line(board, student, unseen) for student in readings.staff),
        ]
    return lines


def _line(board: ComposeScreenFrame, student: StudentReading, unseen: str) -> str:
    """«✓ Иванов Пётр: Иванова О. Н. 18:05» or «– …: Telegram, не прочитано»; `unseen` where nothing is planned yet."""
    mark = ("⏰" if student.is_late else "✓") if student.is_told else "–"
    persons = "; ".join(
        f"{_name(board, person, alone=student.student_id is None)}{sent_screen_reading_state(board, person)}"
        for person in student.persons
    )
    return screen_text(f"{mark} {student.name}: {persons or unseen}")


def _name(board: ComposeScreenFrame, reading: PersonReading, *, alone: bool) -> str:
    return "" if alone else f"{board.t('broadcast.student') if reading.is_student else with_initials(reading.person)} "


def sent_screen_reading_state(board: ComposeScreenFrame, reading: PersonReading) -> str:
    """When a person has read it or was reached by phone, else how far it has come."""
    t = board.t
    if reading.read_at is not None:
        at = f"{reading.read_at.astimezone(board.zone):%d.%m %H:%M}"
        return t("broadcast.reached_at", at=at, caller=with_initials(reading.call.caller)) if reading.call else at
    if reading.channel is None or reading.status is None:
        return t("broadcast.called_back" if reading.called_back else "broadcast.is_off")
    if reading.channel == PAPER:
        return t("broadcast.to_call")
    return f"{channel_name(reading.channel, t)} ({t(f'status.{reading.status}')})"


def _buttons(board: ComposeScreenFrame, readings: LoadedAcknowledgements) -> Rows:
    sent = readings.broadcast
    refresh = (board.key("broadcast.refresh", LIST, sent.id),)
    recall = (board.key("broadcast.recall", RECALL, sent.id),)
    correct = board.key("broadcast.correct", CORRECT, sent.id)
    calls = () if board.is_discreet else (board.key("broadcast.calls", CALLS, sent.id),)
    match sent.state:
        case BroadcastState.PLANNED | BroadcastState.HELD:
            return (recall, (correct,))
        case BroadcastState.SENT if readings.told_count < len(readings.students):
            remind = board.key("broadcast.remind", REMIND, sent.id)
            return tuple(filter(None, (refresh, calls, (remind, correct), recall)))
        case BroadcastState.SENT:
            reached = any(person.call for student in readings.students for person in student.persons)
            return tuple(filter(None, (refresh, calls if reached else (), (correct,), recall)))
        case _:
            return ()
