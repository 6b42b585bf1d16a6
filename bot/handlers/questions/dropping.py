"""What a question that goes on speaks of no more: the subject, the marks or the days of the one before (Q112)."""

import re
from dataclasses import replace

from bot.questions.kinds import Asked
from bot.questions.model import Intent, Question

_IN_GENERAL = re.compile(
    r"\b(?:вообще|в целом|всегда|вечно|постоянно|за вс[её] время|(?:остальн|друг)\w+\sдн\w+|ч(?:его|то)[- ]?нибудь"
    r"|когда[- ]?нибудь|хоть раз)\b",
    re.IGNORECASE,
)
"""«а по химии что вообще» behind «что получил сегодня»: of all days."""

_OF_ALL_SUBJECTS_SAID = re.compile(r"дн|\b(?:всегда|вечно|постоянно)\b|\bуч(?:ится|усь|[её]ба|[её]бе)\b", re.IGNORECASE)
"""«а она вообще хорошо учится» behind a subject: in all of them."""

_ALL_NAMED = re.compile(
    r"\bпо\s(?:всем|другим|остальным|каким)\b|\b(?:остальн|друг)(?:ые|ых|ыми|ими|ие|их)\b(?!\s(?:дн|урок|недел))",
    re.IGNORECASE,
)
_ALL_HOMEWORK = re.compile(
    r"\b(?:вообще|всего|вс[её])\b.*\b(?:что|ч[её]|какие)\b|\b(?:что|ч[её]|какие)\b.*\b(?:вообще|всего|вс[её])\b",
    re.IGNORECASE,
)
"""«а на пятницу вообще что делать» behind the homework of a subject: in all of them."""

_OF_DAY = re.compile(
    r"\b(?:домой|забирать|забрать|освобо\w+|в школу|ко? скольк\w+|уч[её]ба|учатся|учимся|учиться)\b", re.IGNORECASE
)
"""«а домой во сколько», «а в субботу учатся» behind a lesson of a subject: the day."""

_WAS_ILL = re.compile(r"\bболе[лю]\w*\b", re.IGNORECASE)
"""«а болела она когда» behind an absence from a lesson: whole days."""

_ANY_MARKS = re.compile(r"\b(?:какие|все)\s(?:\w+\s)?(?:оценки|отметки)\b", re.IGNORECASE)
"""«а какие оценки у Маши» behind fours: any."""

_BY_NUMBER = re.compile(r"\bкаким\W*$", re.IGNORECASE)
"""«а физкультура каким?»: which lesson of the day."""

_ASKS = re.compile(r"\b(?:что|ч[её]|как(?:ой|ая|ое|ие)|кто)\b", re.IGNORECASE)


def followup_without_dropped(joined: Question, question: Question, words: str, child_id: int | None) -> Question:
    """The joined question without the subject, the marks or the days that these words speak of no more."""
    is_of_day = joined.intent is Intent.TIMETABLE and _OF_DAY.search(words)
    is_of_other = question.child_id not in {None, child_id} and not question.is_fragment and _ASKS.search(words)
    is_of_all_days = _IN_GENERAL.search(words) and question.since is None and question.term is None
    is_of_all = (
        is_of_day
        or is_of_other
        or _ALL_NAMED.search(words)
        or (joined.intent is Intent.ABSENCES and _WAS_ILL.search(words))
        or (joined.intent is Intent.HOMEWORK and _ALL_HOMEWORK.search(words))
        or (is_of_all_days and _OF_ALL_SUBJECTS_SAID.search(words))
    )
    if joined.keeps_subject and is_of_all:
        joined = replace(joined, subject=None, subjects=(), keeps_subject=False)
    if joined.intent is Intent.TIMETABLE and _BY_NUMBER.search(words):
        joined = replace(joined, asked=Asked.WHEN)
    if joined.intent is Intent.MARKS and not question.marks and _ANY_MARKS.search(words):
        joined = replace(joined, marks=())
    is_of_one_day = joined.since is not None and joined.since == joined.until and question.since is None
    is_average_of_day = joined.asked is Asked.AVERAGE and is_of_one_day
    return replace(joined, since=None, until=None, term=None) if is_of_all_days or is_average_of_day else joined
