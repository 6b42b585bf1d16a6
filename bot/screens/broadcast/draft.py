"""The draft of a broadcast: its content, the acknowledgement rule and the sending time (Q97)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.screens.broadcast.compose import DRAFT, DROP, START, ComposeScreenFrame, Rows, compose_screen_with_hint
from bot.screens.frame import screen_frame_choice_label
from bot.screens.screen import Screen, fit_on_screen_page, screen_button_rows, screen_text
from core.model.broadcast import Acknowledging, Draft
from core.model.notices.family import LessonChanged
from core.ports import Translator

WORDS, FILES, REMOVE, RULE, WHEN, PREVIEW = "bwords", "bfiles", "bremove", "brule", "bwhen", "bpreview"

LONGEST_WORDS = 2500
"""Characters of an announcement: it fits the page of its draft, whose changes stand below it."""

MOST_CHANGES = 20


def draft_announcement_screen(board: ComposeScreenFrame, *, hint: str | None = None) -> Screen:
    """Asks for the announcement: typed words, or a file with a caption."""
    screen = board.asks("broadcast.which_words", (board.key("broadcast.to_draft", DRAFT),))
    return compose_screen_with_hint(screen, hint, board.t)


def broadcast_draft_screen(board: ComposeScreenFrame, draft: Draft, notices: Sequence[LessonChanged]) -> Screen:
    """Shows the announcement and the lesson changes of a draft, with buttons that change or preview it."""
    t = board.t
    if not draft.changes and not draft.text and draft.replaces_id is None:
        return board.asks("broadcast.empty", *_more(board), (board.key("broadcast.drop", DROP),))
    lines = [draft_screen_lesson_line(notice, board) for notice in notices]
    head = board.head("broadcast.draft" if draft.replaces_id is None else "broadcast.draft_correction")
    text = fit_on_screen_page(
        [*head, *_settings(board, draft), ""], [*_words(draft, t), *lines], more=t("broadcast.more")
    )
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
            *screen_button_rows(removing[:MOST_CHANGES], width=2),
            (board.key("broadcast.drop", DROP),),
        ),
    )


def draft_acknowledging_screen(board: ComposeScreenFrame, current: Acknowledging) -> Screen:
    """Asks who must have read the message for a student to count as informed."""
    buttons = [
        board.button(screen_frame_choice_label(board.t(f"broadcast.rule_{rule}"), when=rule is current), RULE, place)
        for place, rule in enumerate(Acknowledging)
    ]
    return board.asks("broadcast.which_rule", *screen_button_rows(buttons, width=1))


def draft_sending_time_screen(board: ComposeScreenFrame, offered: Sequence[datetime]) -> Screen:
    """Asks when to send: now, at an offered time, or at a typed one."""
    later = [board.button(board.moment(at), WHEN, place) for place, at in enumerate(offered, start=1)]
    return board.asks(
        "broadcast.which_time", (board.key("broadcast.now", WHEN, 0),), *screen_button_rows(later, width=1)
    )


def unclear_draft_time_screen(screen: Screen, t: Translator) -> Screen:
    """Asks again after a typed time that is no time or lies in the past."""
    return compose_screen_with_hint(screen, "broadcast.time_unclear", t)


def dropped_draft_screen(t: Translator) -> Screen:
    return Screen(t("broadcast.dropped"))


def draft_screen_lesson_line(notice: LessonChanged, board: ComposeScreenFrame) -> str:
    """A change as families read it: «вт 24.11, 2 урок, Алгебра: замена …»; the group where it is not in the title."""
    words = board.notice_words(notice, board.t)
    group = None if notice.group == board.title else notice.group
    return screen_text(f"{', '.join(filter(None, (group, words.when, words.about)))}: {words.what}")


def _words(draft: Draft, t: Translator) -> Sequence[str]:
    files = [t("broadcast.file", name=screen_text(file.name)) for file in draft.files]
    return [*(screen_text(line) for line in (draft.text or "").splitlines()), *files]


def _settings(board: ComposeScreenFrame, draft: Draft) -> Sequence[str]:
    t = board.t
    at = t("broadcast.now") if draft.send_at is None else board.moment(draft.send_at)
    return [t("broadcast.goes", when=at), t("broadcast.told_when", rule=t(f"broadcast.rule_{draft.rule}"))]


def _more(board: ComposeScreenFrame) -> Rows:
    return ((board.key("broadcast.add_change", START, 1), board.key("broadcast.add_words", WORDS)),)


def kept_draft_screen(answer: Screen, t: Translator) -> Screen:
    """The answer to something else, while a broadcast waits half composed."""
    return replace(answer, text=f"{answer.text}\n\n{t('broadcast.kept')}")
