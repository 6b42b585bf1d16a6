"""Families find announcements again (Q116)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.handlers.doors import DoorVisit
from bot.handlers.lookups import dates_of_lookup, lookup_door
from bot.questions.model import Intent
from bot.questions.spelling import spelling_topic_keys, spelling_word_keys
from bot.questions.words import word_tokens
from bot.screens.broadcast import archive as screens
from bot.screens.frame import ScreenFrame, ScreenFrameLook
from bot.screens.screen import Screen
from core.actions.broadcast import archive
from core.model.broadcast import ReceivedAnnouncement
from core.rules import year


async def announcement_archive_door(visit: DoorVisit, frame: ScreenFrame) -> Screen:
    """`/news`: the announcements of this school year, of the days or with the words that were asked for.

    A day to come, or a topic's day before this school year, is the day of a meeting, not of its announcement
    («завтра собрание?»): then all are shown.
    """
    if _is_day_of_event(visit, frame.look):
        frame = replace(frame, look=replace(frame.look, since=None, until=None))
    since, until = dates_of_lookup(visit, frame)
    found = await archive.load_announcement_archive(
        visit.uow, visit.reader, student_id=frame.child.id, since=since, until=until, on=visit.today,
        policy=visit.school.policy,
    )  # fmt: skip
    topic: Sequence[str] = ()
    has_any = bool(found)
    if frame.look.words:
        found, topic = _mentioning(found, frame.look)
    return screens.announcement_archive_screen(frame, found, topic, has_any=has_any)


def _is_day_of_event(visit: DoorVisit, look: ScreenFrameLook) -> bool:
    if look.since is None or look.until is None:
        return False
    return look.since > visit.today or bool(look.words and look.until < year.first_day_of_year(visit.today))


def _mentioning(
    found: Sequence[ReceivedAnnouncement], look: ScreenFrameLook
) -> tuple[Sequence[ReceivedAnnouncement], Sequence[str]]:
    """Those with the most words of the topic, in any form of a word (Q116), and the topic as it was typed or found."""
    wanted = spelling_topic_keys(look.words)
    mentioned = [(each, _topic_words(each, wanted)) for each in found]
    most = max((len(words) for _, words in mentioned), default=0)
    best = [(each, words) for each, words in mentioned if most and len(words) == most]
    typed = [word for word in look.said if not best or spelling_word_keys(word) & {*best[0][1]}]
    return [each for each, _ in best], typed or list(best[0][1].values() if best else ())


def _topic_words(received: ReceivedAnnouncement, wanted: frozenset[int]) -> dict[int, str]:
    """The words of an announcement that are of the topic, by their keys; the names of its files count too."""
    return {key: word for word in reversed(_said_words(received)) for key in spelling_word_keys(word) & wanted}


def _said_words(received: ReceivedAnnouncement) -> Sequence[str]:
    notice = received.notice
    text = "\n".join([notice.text, notice.file or "", *(file.name for file in notice.more_files)])
    return [token.text for token in word_tokens(text) if token.kind == "word"]


async def announced_words(visit: DoorVisit, words: Sequence[str]) -> Mapping[int, Sequence[str]]:
    """For each child those of the words that an announcement of this school year has, in any form; none without any."""
    said: dict[int, Sequence[str]] = {}
    for child in await visit.children() if words else ():
        theirs = await visit.of_child(child.id)
        found = await archive.load_announcement_archive(
            theirs.uow, theirs.reader, student_id=child.id, since=year.first_day_of_year(visit.today),
            until=year.last_day_of_year(visit.today), on=visit.today, policy=visit.school.policy,
        )  # fmt: skip
        keys = {key for each in found for word in _said_words(each) for key in spelling_word_keys(word)}
        if of_child := [word for word in words if keys & {*spelling_word_keys(word)}]:
            said[child.id] = of_child
    return said


DOORS = (lookup_door(screens.NEWS, announcement_archive_door, command="news", intent=Intent.ANNOUNCEMENTS),)
