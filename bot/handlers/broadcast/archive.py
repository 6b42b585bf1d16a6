"""Families find announcements again (Q116)."""

from collections.abc import Sequence
from dataclasses import replace

from bot.handlers.doors import Visit
from bot.handlers.lookups import asked_dates, lookup_door
from bot.questions.model import Intent
from bot.questions.spelling import topic_keys, word_keys
from bot.questions.words import tokens
from bot.screens.broadcast import archive as screens
from bot.screens.frame import Frame, Look
from bot.screens.screen import Screen
from core.actions.broadcast import archive
from core.model.broadcast import ReceivedAnnouncement
from core.rules import year


async def look_up_announcements(visit: Visit, frame: Frame) -> Screen:
    """`/news`: the announcements of this school year, of the days or with the words that were asked for.

    A day to come, or a topic's day before this school year, is the day of a meeting, not of its announcement
    («завтра собрание?»): then all are shown.
    """
    if _is_day_of_event(visit, frame.look):
        frame = replace(frame, look=replace(frame.look, since=None, until=None))
    since, until = asked_dates(visit, frame)
    found = await archive.received_announcements(
        visit.uow, visit.reader, student_id=frame.child.id, since=since, until=until, on=visit.today,
        policy=visit.school.policy,
    )  # fmt: skip
    topic: Sequence[str] = ()
    if frame.look.words:
        found, topic = _mentioning(found, frame.look)
    return screens.announcements(frame, found, topic)


def _is_day_of_event(visit: Visit, look: Look) -> bool:
    if look.since is None or look.until is None:
        return False
    return look.since > visit.today or bool(look.words and look.until < year.first_day(visit.today))


def _mentioning(
    found: Sequence[ReceivedAnnouncement], look: Look
) -> tuple[Sequence[ReceivedAnnouncement], Sequence[str]]:
    """Those with the most words of the topic, in any form of a word (Q116), and the topic as it was typed or found."""
    wanted = topic_keys(look.words)
    mentioned = [(each, _topic_words(each, wanted)) for each in found]
    most = max((len(words) for _, words in mentioned), default=0)
    best = [(each, words) for each, words in mentioned if most and len(words) == most]
    typed = [word for word in look.said if not best or word_keys(word) & {*best[0][1]}]
    return [each for each, _ in best], typed or list(best[0][1].values() if best else ())


def _topic_words(received: ReceivedAnnouncement, wanted: frozenset[int]) -> dict[int, str]:
    """The words of an announcement that are of the topic, by their keys; the names of its files count too."""
    notice = received.notice
    text = "\n".join([notice.text, notice.file or "", *(file.name for file in notice.more_files)])
    said = [token.text for token in tokens(text) if token.kind == "word"]
    return {key: word for word in reversed(said) for key in word_keys(word) & wanted}


DOORS = (lookup_door(screens.NEWS, look_up_announcements, command="news", intent=Intent.ANNOUNCEMENTS),)
