"""After sending: who has read it, student by student, and what can still be done (Q97)."""

from collections.abc import Sequence

from bot.screens.broadcast.compose import BroadcastFrame, Rows
from bot.screens.broadcast.draft import changed_lesson_line
from bot.screens.frame import button_label, clip_words
from bot.screens.screen import Screen, Seal, bold, fit_on_page, plain_text
from core.actions.broadcast.acknowledgements import Acknowledgements, PersonReading, StudentReading
from core.model.broadcast import Broadcast, BroadcastState
from core.model.channels import PAPER
from core.model.delivery.text import Button
from core.model.notices import LessonChanged
from core.ports import Translator
from core.rules.conversation.buttons import Handle
from core.rules.people.initials import with_initials

LIST, REMIND, RECALL, CORRECT, SENT = "blist", "bremind", "brecall", "bcorrect", "bsent"

MOST_SENT = 10
_LONGEST_LABEL = 30
_MOST_SAID, _LONGEST_SAID = 4, 120
_UNDONE = {BroadcastState.RECALLED, BroadcastState.REPLACED}
_WAITING = {BroadcastState.PLANNED, BroadcastState.HELD}


def sent_broadcast(
    board: BroadcastFrame, heard: Acknowledgements, said: Sequence[LessonChanged], *, note: str = ""
) -> Screen:
    """The list as it is now: those who have not read it first, late readers marked; a button refreshes it."""
    t, sent = board.t, heard.broadcast
    head = [*board.head("broadcast.sent_title", state=t(f"broadcast.state_{sent.state}")), *([note] if note else [])]
    if sent.state in _WAITING:
        head.append(t("broadcast.goes", when=board.moment(sent.send_at)))
    else:
        head.append(bold(t("broadcast.told_of", told=heard.told_count, all=len(heard.students))))
    lines = [] if board.is_discreet else _lines(board, heard)
    return Screen(
        fit_on_page([*head, *_said(board, sent, said)], lines, more=t("broadcast.more")), _buttons(board, heard)
    )


def sent_broadcast_list(own: Sequence[Broadcast], days: Sequence[str], t: Translator, seal: Seal) -> Screen:
    """One's own broadcasts with their days, the newest first."""
    if not own:
        return Screen(t("broadcast.none_sent"))
    buttons = tuple(
        (Button(button_label(f"{at} {_label(each, t)}"), seal(Handle(LIST, (each.id,)))),)
        for each, at in zip(own, days, strict=True)
    )
    return Screen(t("broadcast.own_sent"), buttons)


def _label(each: Broadcast, t: Translator) -> str:
    words = " ".join((each.text or t("broadcast.lesson_changes")).split())
    return f"{clip_words(words, _LONGEST_LABEL)} · {t(f'broadcast.state_{each.state}')}"


def _said(board: BroadcastFrame, sent: Broadcast, said: Sequence[LessonChanged]) -> list[str]:
    """The content in brief."""
    words = " ".join((sent.text or "").split())
    lines = [changed_lesson_line(notice, board) for notice in said[:_MOST_SAID]]
    return ["", *lines, *([plain_text(clip_words(words, _LONGEST_SAID))] if words else []), ""]


def _lines(board: BroadcastFrame, heard: Acknowledgements) -> list[str]:
    students = sorted(heard.students, key=lambda each: (each.is_told, each.name))
    unseen = board.t("broadcast.called_back" if heard.broadcast.state in _UNDONE else "broadcast.going")
    lines = [_line(board, each, unseen) for each in students]
    if heard.staff:
        lines += ["", bold(board.t("broadcast.staff_title")), *(_line(board, each, unseen) for each in heard.staff)]
    return lines


def _line(board: BroadcastFrame, student: StudentReading, unseen: str) -> str:
    """«✓ Иванов Пётр: Иванова О. Н. 18:05» or «– …: Telegram, не прочитано»; `unseen`: the worker has not seen it."""
    mark = ("⏰" if student.is_late else "✓") if student.is_told else "–"
    persons = "; ".join(_person(board, each, alone=student.student_id is None) for each in student.persons)
    return plain_text(f"{mark} {student.name}: {persons or unseen}")


def _person(board: BroadcastFrame, heard: PersonReading, *, alone: bool) -> str:
    t = board.t
    name = "" if alone else f"{t('broadcast.student') if heard.is_student else with_initials(heard.person)} "
    if heard.read_at is not None:
        return f"{name}{heard.read_at.astimezone(board.zone):%d.%m %H:%M}"
    if heard.channel is None or heard.status is None:
        return f"{name}{t('broadcast.called_back' if heard.called_back else 'broadcast.is_off')}"
    if heard.channel == PAPER:
        return f"{name}{t('broadcast.to_call')}"
    return f"{name}{t(f'channel.{heard.channel}')} ({t(f'status.{heard.status}')})"


def _buttons(board: BroadcastFrame, heard: Acknowledgements) -> Rows:
    sent = heard.broadcast
    refresh = (board.key("broadcast.refresh", LIST, sent.id),)
    recall = (board.key("broadcast.recall", RECALL, sent.id),)
    correct = board.key("broadcast.correct", CORRECT, sent.id)
    match sent.state:
        case BroadcastState.PLANNED | BroadcastState.HELD:
            return (recall, (correct,))
        case BroadcastState.SENT if heard.told_count < len(heard.students):
            return (refresh, (board.key("broadcast.remind", REMIND, sent.id), correct), recall)
        case BroadcastState.SENT:
            return (refresh, (correct,), recall)
        case _:
            return ()
