"""The preview of a broadcast: persons by channel, number of SMS parts, whom to call and what to say (Q97)."""

from collections.abc import Sequence

from bot.screens.broadcast.compose import DRAFT, ComposeScreenFrame
from bot.screens.broadcast.draft import draft_screen_lesson_line
from bot.screens.screen import Screen, fit_on_screen_page, screen_bold, screen_text
from core.actions.broadcast.recipients import Addressee, BroadcastRecipientsPreview
from core.model.broadcast import Draft
from core.model.channels import PAPER, channel_name
from core.model.notices.family import LessonChanged
from core.ports import Translator

SEND = "bsend"


def broadcast_preview_screen(
    board: ComposeScreenFrame, preview: BroadcastRecipientsPreview, draft: Draft, *, sms_parts: int
) -> Screen:
    """Shows how many persons each channel reaches, then the call list; the buttons send the draft or open it again."""
    t = board.t
    counts = _counts(preview, t, sms_parts=sms_parts)
    head = [*board.head("broadcast.preview_title"), "", *counts, *_terms(board, preview, draft)]
    calls = [] if board.is_discreet else _calls(board, preview)
    text = fit_on_screen_page(head, [*_staff(preview, t), *calls], more=t("broadcast.more"))
    go = "broadcast.send_now" if draft.send_at is None else "broadcast.send_later"
    return Screen(text, ((board.key(go, SEND),), (board.key("broadcast.back", DRAFT),)))


def refused_preview_screen(board: ComposeScreenFrame) -> Screen:
    """Nothing was sent: the broadcast that the draft corrects was recalled or corrected meanwhile."""
    return board.asks("broadcast.correction_refused")


def _counts(preview: BroadcastRecipientsPreview, t: Translator, *, sms_parts: int) -> list[str]:
    persons = preview.persons_by_channel()
    lines = [
        t("broadcast.by_channel", count, channel=channel_name(channel, t))
        for channel, count in persons.items()
        if channel not in {"", PAPER}
    ]
    if sms_parts:
        lines.append(t("broadcast.sms_parts", sms_parts))
    if PAPER in persons:
        lines.append(t("broadcast.unreachable", persons[PAPER]))
    if "" in persons:
        lines.append(t("broadcast.switched_off", persons[""]))
    return lines


def _terms(board: ComposeScreenFrame, preview: BroadcastRecipientsPreview, draft: Draft) -> list[str]:
    t = board.t
    goes = t("broadcast.now") if draft.send_at is None else board.moment(draft.send_at)
    lines = ["", t("broadcast.goes", when=goes)]
    if preview.due is not None:
        lines.append(t("broadcast.due", when=board.moment(preview.due)))
    return lines


def _staff(preview: BroadcastRecipientsPreview, t: Translator) -> list[str]:
    if not preview.staff:
        return []
    lines = [
        t("broadcast.staff_line", name=screen_text(addressee.person), way=_way(addressee.channel, t))
        for addressee in preview.staff
    ]
    return ["", screen_bold(t("broadcast.staff_title")), *lines]


def _way(channel: str | None, t: Translator) -> str:
    if channel is None:
        return t("broadcast.is_off")
    return t("broadcast.to_call") if channel == PAPER else channel_name(channel, t)


def _calls(board: ComposeScreenFrame, preview: BroadcastRecipientsPreview) -> list[str]:
    """The persons whom only paper reaches; without consent the caller may tell the lesson changes alone."""
    t = board.t
    if not preview.persons_to_phone:
        return []
    named = [
        t(
            "broadcast.call" if addressee.consented else "broadcast.call_impersonal",
            person=screen_text(addressee.person),
            student=screen_text(addressee.student),
        )
        for addressee in preview.persons_to_phone
    ]
    return [
        "",
        screen_bold(t("broadcast.calls_title")),
        *named,
        t("broadcast.call_words"),
        *_changes_of(board, preview.persons_to_phone),
    ]


def _changes_of(board: ComposeScreenFrame, calls: Sequence[Addressee]) -> list[str]:
    """The lesson changes to tell on the phone, each once."""
    changes = [notice for addressee in calls for notice in addressee.notices if isinstance(notice, LessonChanged)]
    return [f"– {draft_screen_lesson_line(notice, board)}" for notice in dict.fromkeys(changes)] or [
        board.t("broadcast.call_bot")
    ]
