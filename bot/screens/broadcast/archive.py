"""Announcements that a family got, the newest first (Q116)."""

from collections.abc import Iterator, Sequence

from bot.screens.dates import screen_date, screen_date_span
from bot.screens.frame import ScreenFrame, clip_to_screen_frame
from bot.screens.schoolwork.homework import homework_screen_text_chunks
from bot.screens.screen import Screen, screen_bold, screen_italic, screen_text
from core.model.broadcast import ReceivedAnnouncement
from core.ports import Translator
from core.rules.people.initials import with_initials

NEWS = "news"
_LONGEST_WORD = 40


def announcement_archive_screen(
    frame: ScreenFrame, found: Sequence[ReceivedAnnouncement], topic: Sequence[str] = (), *, has_any: bool = True
) -> Screen:
    """Each with its day, author, text and the names of its files; `frame.look` has the days that were asked for.

    With a topic, whose words the title names, a button leads to all announcements. `has_any`: of whatever topic.
    """
    t, since, until = frame.t, frame.look.since, frame.look.until
    title = t("news.title_of", dates=screen_date_span(since, until, t)) if since and until else t("news.title")
    lines = [line for announcement in found for line in _announcement(frame, announcement)]
    head = [*frame.head()[:-1], screen_bold(title)]
    if not frame.look.words:
        screen = frame.screen([*head, ""], lines or [t("news.none")])
        return frame.answered(_first_line(frame, found, t("news.none")), screen)
    words = ", ".join(f"«{screen_text(clip_to_screen_frame(word, _LONGEST_WORD))}»" for word in topic)
    if found:
        head.append(t("news.about", words=words))
    none = _none_of_topic(words, t) if has_any else t("news.none_at_all")
    every = (frame.button(t("news.all"), since=None, until=None, words=0),)
    screen = frame.screen([*head, ""], lines or [none], every)
    return frame.answered(_first_line(frame, found[:1], none), screen)


def _none_of_topic(words: str, t: Translator) -> str:
    return t("news.none_about", words=words) if words else t("news.none_of_topic")


def _first_line(frame: ScreenFrame, found: Sequence[ReceivedAnnouncement], none: str) -> str:
    """«3 объявления, последнее: 02.12 – Собрание 10 декабря», the one alone, or that there is none (Q110)."""
    if frame.question is None or not found:
        return none if frame.question else ""
    day, text = screen_date(frame.day_of(found[0].sent_at)), " ".join(found[0].notice.text.split())
    newest = f"{day} – {screen_text(clip_to_screen_frame(text))}"
    return newest if len(found) == 1 else frame.t("news.count_newest", len(found), newest=newest)


def _announcement(frame: ScreenFrame, received: ReceivedAnnouncement) -> Iterator[str]:
    notice = received.notice
    yield f"{screen_bold(screen_date(frame.day_of(received.sent_at)))}, {screen_text(with_initials(notice.author))}"
    yield from map(screen_text, homework_screen_text_chunks(notice.text))
    names = [notice.file, *(file.name for file in notice.more_files)] if notice.file else []
    yield from (screen_italic(frame.t("news.file", name=name)) for name in names)
    yield ""
