"""The draft of a broadcast: its content, the acknowledgement rule and the sending time (Q97)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.screens.broadcast.compose import DRAFT, DROP, START, BroadcastFrame, Rows, with_hint
from bot.screens.frame import choice_label
from bot.screens.screen import Screen, button_rows, fit_on_page, plain_text
from core.model.broadcast import Acknowledging, Draft
from core.model.notices.family import LessonChanged
from core.ports import Translator

WORDS, FILES, REMOVE, RULE, WHEN, PREVIEW = "bwords", "bfiles", "bremove", "brule", "bwhen", "bpreview"

LONGEST_WORDS = 2500
"""Characters of an announcement: it fits the page of its draft, whose changes stand below it."""

MOST_CHANGES = 20


def announcement_request(board: BroadcastFrame, *, hint: str | None = None) -> Screen:
    """Asks for the announcement: typed words, or a file with a caption."""
    screen = board.asks("broadcast.which_words", (board.key("broadcast.to_draft", DRAFT),))
    return with_hint(screen, hint, board.t)


def broadcast_draft(board: BroadcastFrame, draft: Draft, notices: Sequence[LessonChanged]) -> Screen:
    """Shows the announcement and the lesson changes of a draft, with buttons that change or preview it."""
    t = board.t
    if not draft.changes and not draft.text and draft.replaces_id is None:
        return board.asks("broadcast.empty", *_more(board), (board.key("broadcast.drop", DROP),))
    lines = [changed_lesson_line(notice, board) for notice in notices]
    head = board.head("broadcast.draft" if draft.replaces_id is None else "broadcast.draft_correction")
    text = fit_on_page([*head, *_settings(board, draft), ""], [*_words(draft, t), *lines], more=t("broadcast.more"))
    removing = [
        board.button(t("broadcast.remove", number=change.number, subject=notice.subject), REMOVE, place)
        for place, (change, notice) in enumerate(zip(draft.changes, notices, strict=False))
    ]
    if draft.text:
        removing.append(board.key("broadcast.remove_words", REMOVE, len(draft.changes)))
    return Screen(
        text,
        (
            (board.key("broadcast.preview", PREVIEW),),
            *_more(board),
            (board.key("broadcast.rule", RULE), board.key("broadcast.when", WHEN)),
            *button_rows(removing[:MOST_CHANGES], width=2),
            (board.key("broadcast.drop", DROP),),
        ),
    )


def acknowledging_rule_choice(board: BroadcastFrame, current: Acknowledging) -> Screen:
    """Asks who must have read the message for a student to count as informed."""
    buttons = [
        board.button(choice_label(board.t(f"broadcast.rule_{rule}"), when=rule is current), RULE, place)
        for place, rule in enumerate(Acknowledging)
    ]
    return board.asks("broadcast.which_rule", *button_rows(buttons, width=1))


def sending_time_choice(board: BroadcastFrame, offered: Sequence[datetime]) -> Screen:
    """Asks when to send: now, at an offered time, or at a typed one."""
    later = [board.button(board.moment(at), WHEN, place) for place, at in enumerate(offered, start=1)]
    return board.asks("broadcast.which_time", (board.key("broadcast.now", WHEN, 0),), *button_rows(later, width=1))


def sending_time_unclear(screen: Screen, t: Translator) -> Screen:
    """Asks again after a typed time that is no time or lies in the past."""
    return with_hint(screen, "broadcast.time_unclear", t)


def draft_dropped(t: Translator) -> Screen:
    return Screen(t("broadcast.dropped"))


def changed_lesson_line(notice: LessonChanged, board: BroadcastFrame) -> str:
    """A change as families read it: «вт 24.11, 2 урок, Алгебра: замена …»; the group where it is not in the title."""
    words = board.notice_words(notice, board.t)
    group = None if notice.group == board.title else notice.group
    return plain_text(f"{', '.join(filter(None, (group, words.when, words.about)))}: {words.what}")


def _words(draft: Draft, t: Translator) -> Sequence[str]:
    files = [t("broadcast.file", name=plain_text(file.name)) for file in draft.files]
    return [*(plain_text(line) for line in (draft.text or "").splitlines()), *files]


def _settings(board: BroadcastFrame, draft: Draft) -> Sequence[str]:
    t = board.t
    at = t("broadcast.now") if draft.send_at is None else board.moment(draft.send_at)
    return [t("broadcast.goes", when=at), t("broadcast.told_when", rule=t(f"broadcast.rule_{draft.rule}"))]


def _more(board: BroadcastFrame) -> Rows:
    return ((board.key("broadcast.add_change", START, 1), board.key("broadcast.add_words", WORDS)),)


def broadcast_kept(answer: Screen, t: Translator) -> Screen:
    """The answer to something else, while a broadcast waits half composed."""
    return replace(answer, text=f"{answer.text}\n\n{t('broadcast.kept')}")
