"""Parses a question in plain words with the names of the school's subjects and of the asker's children."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from bot.handlers.broadcast.archive import announced_words
from bot.handlers.doors import DoorVisit
from bot.handlers.questions.followups import PATRONYMIC, is_of_children_before
from bot.handlers.questions.joining import is_understood_by_no_door, question_joined_to_before
from bot.handlers.questions.rewording import words_behind_question
from bot.handlers.questions.turning import turned_question
from bot.handlers.remembered import recalled_followup
from bot.handlers.taught import (
    closeness_to_teacher,
    is_taught_to_child,
    subject_taught_on_days,
    subjects_taught_to_child,
    subjects_taught_to_children,
    taught_by_teacher,
    taught_class_name,
    teachings_of_children,
    words_of_teacher,
)
from bot.questions import grammar
from bot.questions.asked.reading import asked_of_own_children, names_class_teacher
from bot.questions.dates.terms import PRESENT, term_named_in_question
from bot.questions.intents import PERSONAL
from bot.questions.kinds import Asked
from bot.questions.model import Age, Intent, Question, Talk, Wish
from bot.questions.sentence.clauses import split_words_at_remark
from core.rules.people.names import normal_class_name
from core.rules.results.terms import is_numbered_term
from core.rules.year import first_day_of_year, grade_level_of_name, last_day_of_year

_WORD = re.compile(r"[^\W\d_]{4,}")
_OF_TEACHERS = {Intent.TIMETABLE, Intent.TEACHERS, Intent.HOMEWORK, Intent.CONTROL_WORKS}
_SETS_MARKS = re.compile(r"\b(?:постав|выстав|провер)ила?\b", re.IGNORECASE)
_WILL_SET = re.compile(r"\b(?:по|вы)ставит\b", re.IGNORECASE)
_BESIDE_AVERAGE = re.compile(
    r"\b(?:если|при|хотя|когда)\s(?:\w+\s){0,2}?средн|\bпочему\b.*\b(?:вы(?:шл[аио]|шел|шёл)|выставил\w*)\b",
    re.IGNORECASE,
)
"""«почему 4, если средний 3,09», «почему вышла 4»: the mark of the term."""

_OF_ONE = re.compile(r"\bпо\s(?:ней|нему)\b", re.IGNORECASE)
"""«а по ней что получил» where no subject was spoken of: which one, is asked back."""

_VERB = re.compile(r"(?:ть|ться|ет|ют|ит|ят|ешь|ишь)$")
_MOST_UNREAD = 2
"""Words that are not understood, from which on an answer would be a guess."""

_TO_CLASS_TEACHER = re.compile(
    r"\b(?:(?<=как )написать|(?<=мне )написать|(?<=хочу )написать|(?<=как )позвонить"
    r"|связаться|дозвониться|поговорить|встретиться|побеседовать|созвониться)"
    r"\s(?:\w+\s){0,3}?класс\w+(?:\sрук\w+)?"
    r"(?:\s(?P<whose>[^\W\d]+))?",
    re.IGNORECASE,
)
_TO_SUBJECT_TEACHER = re.compile(
    r"\bкак\s(?:\w+\s)?(?:связаться|дозвониться|написать|позвонить|поговорить)\s(?:с\s|до\s|к\s)?(?:учител|преподавател)\w*\s(?:по\s)?"
    r"(?P<subject>[^\W\d]{3,}(?:\s[^\W\d]{3,})?)\W*$",
    re.IGNORECASE,
)
_EXAM_LEVELS = (
    (re.compile(r"\bогэ\b", re.IGNORECASE), frozenset({9})),
    (re.compile(r"\bегэ\b", re.IGNORECASE), frozenset({10, 11})),
    (re.compile(r"\bпробник", re.IGNORECASE), frozenset({9, 11})),
)
"""The classes in which these exams are written."""

_YEAR = re.compile(r"\b20\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d\d\b")
_WHO_IS = re.compile(
    r"\W*(?:а\s)?(?:кто\s(?:такая|такой|это|у нас)\s(?P<name>\w{3,})|(?P<named>\w{3,})\s(?:это\s)?кто(?:\sтакая"
    r"|\sтакой|\sу нас)?)\W*$",
    re.IGNORECASE,
)
_OF_MAN = re.compile(
    r"(\b(?:у|от|для|про|телефон\w*|номер|урок\w*|кабинет|предмет\w*)\s[^\W\d]+(?:ов|ев|ин))а\b", re.IGNORECASE
)
"""«у мельникова»: Мельников, for of Мельникова it is «у мельниковой»."""

_TEACHES_WHAT = re.compile(
    r"\b(?:вед[её]т|препода[её]т|учит)\s(?:у нас\s)?(?:что|ч[еоё]|какой|какие)\b"
    r"|\b(?:что|ч[еоё]|предметы?)\s(?:у нас\s)?(?:вед[её]т|препода[её]т)"
    r"|\bкак(?:ие|ой)\s(?:предмет|урок)\w*\s(?:\w+\s){0,3}?(?:вед[её]т|препода[её]т)"
    r"|\bу кого\s(?:\w+\s){0,2}?(?:вед[её]т|препода[её]т|учит)"
    r"|\b(?:какой|что за)\s(?:\w+\s)?предмет\w*\sу\s\w{2,}(?:[оеи][вн]а|[оеи][вн]ой|ого)\b"
    r"|\bу\s\w{2,}(?:[оеи][вн]а|[оеи][вн]ой|ого)\sза\sпредмет\b"
    r"|\b(?:вед[её]т|препода[её]т)\s\w{2,}(?:ов|[её]в|ин|ын|ова|ева|ина|ына|ий|ая|ко|ук|ян)\W*$",
    re.IGNORECASE,
)
_TEACHES = re.compile(r"\b(?:вед[её]т|ведут|препода[её]т|учит)\b", re.IGNORECASE)
"""«алгебру ведёт Громов, и геометрию он же?»: who teaches them."""

_HOW_TO_REACH = re.compile(
    r"\W*(?:а\s)?как\s(?:мне\s|нам\s)?(?:написать|позвонить|связаться|дозвониться|найти)\b"
    r"|\W*(?:(?:скинь|скиньте|дай|дайте|подскажи\w*|скажи\w*|какой|какая|есть|у вас|мне|можно)\s)*(?:номер"
    r"|телефон\w*|почт[ауы]|контакт\w*|мейл)\b",
    re.IGNORECASE,
)
_WHOSE = re.compile(r"\b(?:чей|чья|у кого|у которого)\b", re.IGNORECASE)
_OF_EVENT = re.compile(
    r"^\W*(?:а\s)?(?:когда|где|во сколько|будет|будут|куда)\b|\b(?:будет|будут|состоится)\W*$", re.IGNORECASE
)
_EVENT = re.compile(
    r"дистан\w+|карантин\w*|удал[её]нк\w*|актиров\w+|субботник\w*|дискотек\w*|линейк\w+|утренник\w*|эвакуаци\w+",
    re.IGNORECASE,
)
"""«нас переведут на дистант?»: what only an announcement can tell."""

_SHORTEST_TOPIC = 4
"""Letters of a word that is looked for in the announcements."""

_FEBRUARY, _SHORTEST_MONTH = 2, 28
_OF_EXAMS = {Intent.EXAMS, Intent.CONTROL_WORKS}
_MARK_BESIDE_TERM = re.compile(
    r"(\bчетверт(?:[ьи]|н\w+))[\s,:;–-]+(?=[2-5]\b)|(\b[2-5])\s*[,:;–?]+\s*(?=четверт)", re.IGNORECASE
)
"""«будет ли в четверти 3», «если 3, четверть испортит?»: a mark, not the number of the term."""


async def understand_question_at_door(visit: DoorVisit, words: str, before: Question | None = None) -> Question:
    """The question in these words, joined with the one before where it goes on with it (Q112).

    A subject is looked for among the children's own first. `before`: None for the one that the chat remembers.
    """
    is_half = before is not None
    before = before or recalled_followup(visit.dialog.asked, now=visit.now)
    words = words_behind_question(words, before) if before is not None else words
    question = await _of_words(visit, words, before)
    if question.talk is Talk.TEACHER and (meant := _TO_CLASS_TEACHER.search(words)) is not None:
        question = await _of_words(visit, f"как связаться с классной {meant['whose'] or ''}", before)
    if question.talk is Talk.TEACHER and (of_subject := _TO_SUBJECT_TEACHER.search(words)) is not None:
        teaching = await _of_words(visit, f"кто ведёт {of_subject['subject']}", before)
        is_known = teaching.intent is Intent.TEACHERS and teaching.subject
        question = replace(teaching, asked=Asked.CONTACT) if is_known else question
    question = (
        question_joined_to_before(
            question, words, before, today=visit.today, child_id=visit.dialog.child_id, is_half=is_half
        )
        if before is not None
        else replace(question, goes_on=False)
    )
    if question.of_others and (named := _WHO_IS.match(words)) is not None:
        question = await taught_by_teacher(visit, [named["name"] or named["named"]]) or question
    names_teacher = PATRONYMIC.search(words) and not (question.child_id or question.child_ids or question.subject)
    is_of_teacher = names_teacher or _TEACHES_WHAT.search(words) or _HOW_TO_REACH.match(words)
    if question.of_others or is_understood_by_no_door(question) or is_of_teacher:
        question = await _of_teacher_named(visit, question, words, before)
    if is_understood_by_no_door(question):
        question = await _of_announcement(visit, question, words)
    question = turned_question(question, words, visit.today)
    question = await _without_subject_of_another(visit, question, before) if question.keeps_subject else question
    question = await _of_child_with_subject(visit, _of_this_year(question, words, visit.today))
    if _is_guess(question):
        question = replace(question, intent=Intent.UNCLEAR, maybe=(question.intent,))
    if before is not None and is_of_children_before(question, before):
        question = replace(question, child_ids=before.child_ids)
    return await _of_named_class(visit, question) if question.form else question


def _is_guess(question: Question) -> bool:
    """Whether too little is understood: two words, or one noun of what is answered with yes or no."""
    if question.intent in {Intent.UNCLEAR, Intent.ANNOUNCEMENTS}:
        return False
    is_said_yes = question.intent is Intent.TIMETABLE and question.asked is Asked.WHETHER
    unread = {word for word in question.unread if " " not in word}  # no sentence that stands beside the question
    unknown = [word for word in unread if not _VERB.search(word)] if is_said_yes else []
    return bool(unknown) or len(unread) >= _MOST_UNREAD


async def _of_words(visit: DoorVisit, words: str, before: Question | None) -> Question:
    """What these words ask by themselves, with the children's own subjects, the child meant by age, and the term."""
    question = await _read(visit, words, before, [subject.name for subject in await visit.subjects()])
    if question.subject or question.subjects:
        question = _more_exact(await _read(visit, words, before, await subjects_taught_to_children(visit)), question)
    question = await _of_child_by_age(visit, question) if question.age else question
    question = await _of_child_subjects(visit, question, words, before) if question.child_id else question
    is_of_one = question.wish is Wish.WEIGHTS or (question.intent in PERSONAL and _OF_ONE.search(words))
    if is_of_one and not (question.subject or question.subjects):
        taught = tuple(await subjects_taught_to_children(visit))
        question = replace(question, intent=Intent.UNCLEAR, maybe=(question.intent,), subjects=taught)
    question = await _of_child_with_exam(visit, question, words)
    if _is_of_exam(question):
        question = replace(question, intent=question.maybe[0], maybe=(), subjects=(), is_ambiguous=False)
    return question if question.calendar_days is not None else replace(question, term=_term_of(question, words))


async def _of_child_with_exam(visit: DoorVisit, question: Question, words: str) -> Question:
    """«когда ОГЭ» in a family where only one child is in the ninth class: that child."""
    levels = next((levels for exam, levels in _EXAM_LEVELS if exam.search(words)), frozenset())
    if not levels or question.child_id or question.child_ids or question.leaves_child or question.form:
        return question
    having = [
        child.id
        for child in await visit.children()
        if grade_level_of_name(await taught_class_name(visit, child.id)) in levels
    ]
    return replace(question, child_id=having[0]) if len(having) == 1 else question


def _of_this_year(question: Question, words: str, today: date) -> Question:
    """«расписание на 12.10» in December: a day without a year is one of this school year, where that is nearer."""
    since, until = question.since, question.until
    if since is None or until is None or since <= last_day_of_year(today) or _YEAR.search(words):
        return question
    behind = since.replace(year=since.year - 1, day=min(since.day, _SHORTEST_MONTH if since.month == _FEBRUARY else 31))
    if behind < first_day_of_year(today) or today - behind > since - today:
        return question
    return replace(question, since=behind, until=behind + (until - since))


def _term_of(question: Question, words: str) -> str | None:
    """The term that is named; for a forecast only a numbered quarter, for its own answer names the present one."""
    if question.intent is Intent.FORECAST:
        words, _ = split_words_at_remark(words)
    if question.intent is Intent.FORECAST or question.asked in {Asked.WHY, Asked.FINAL}:
        words = _MARK_BESIDE_TERM.sub(r"\1\2 – оценка ", words)
    term = term_named_in_question(words, of_marks=question.intent in {Intent.MARKS, Intent.UNCLEAR})
    is_why = question.asked is Asked.WHY and question.intent is not Intent.FORECAST
    if term is None and is_why and _BESIDE_AVERAGE.search(words):
        return PRESENT
    is_kept = question.intent is not Intent.FORECAST or (
        term is not None and is_numbered_term(term) and question.final is None
    )
    return term if is_kept else None


async def _read(visit: DoorVisit, words: str, before: Question | None, subjects: Sequence[str]) -> Question:
    named = [(child.id, child.name) for child in await visit.children()]
    intent = before.intent if before else Intent.UNCLEAR
    read = partial(grammar.understand_by_grammar, today=visit.today, subjects=subjects, children=named, before=intent)
    question = read(words)
    is_open = question.of_others or (question.intent in {Intent.UNCLEAR, Intent.TIMETABLE} and question.talk is None)
    own = asked_of_own_children(words) if is_open and len(named) > 1 else ""
    return replace(read(own), order=question.order) if own else question


def _more_exact(of_children: Question, of_school: Question) -> Question:
    """The reading with the children's own subjects, if it names as many; else the one with the school's.

    An exam may be in a subject that only other classes have.
    """
    is_exam = _is_of_exam(of_children)
    return of_children if is_exam or (_count_subjects(of_children) >= 1 and not of_children.untaught) else of_school


def _count_subjects(question: Question) -> int:
    return 1 if question.subject else len(question.subjects)


def _is_of_exam(question: Question) -> bool:
    """«ОГЭ по математике»: of no subject of the class, which an exam need not have."""
    is_read = len(question.maybe) == 1 and question.maybe[0] in _OF_EXAMS
    return question.intent is Intent.UNCLEAR and bool(question.about) and is_read


async def _of_teacher_named(visit: DoorVisit, question: Question, words: str, before: Question | None) -> Question:
    """«где сидит Фролова», «Юдина поставила?»: a teacher of the children stands for the subject.

    Marks are shown only where the teacher sets them, for a student may bear the same surname.
    """
    said = _WORD.findall(_OF_MAN.sub(r"\1", words))
    is_asked = _TEACHES_WHAT.search(words) or _HOW_TO_REACH.match(words)
    if is_asked and (teaching := await taught_by_teacher(visit, said)) is not None:
        return replace(teaching, asked=Asked.CONTACT) if _HOW_TO_REACH.match(words) else teaching
    found = [
        (closeness_to_teacher(said, teacher), named, child_id, subject)
        async for child_id, subject, teacher in teachings_of_children(visit)
        if (named := words_of_teacher(said, teacher))
    ]
    if found and (asked := _asked_of_teacher(question, words, [child.id for child in await visit.children()])):
        return asked
    closest_first = sorted(found, key=lambda each: each[0], reverse=True)  # «мельникова олега» is no Дарья
    for _, named, child_id, subject in closest_first:
        who = " ".join(named) if " ".join(named) in words else named[0]
        read = await _read(visit, words.replace(who, subject), before, [subject])
        sets_marks = read.intent is Intent.MARKS and _SETS_MARKS.search(words) is not None
        is_hoped = read.intent is Intent.FORECAST and _WILL_SET.search(words) is not None
        if read.intent is Intent.TIMETABLE and read.since is not None:
            taught = [each for _, _, whose, each in closest_first if whose == child_id]
            on = await subject_taught_on_days(visit, child_id, taught, read.since, read.until or read.since)
            return replace(read, child_id=child_id, subject=on or read.subject or subject)
        if read.intent in _OF_TEACHERS or sets_marks or is_hoped:
            return replace(read, child_id=child_id)
        if (told := await _read(visit, words.replace(who, "учителю"), None, [])).talk is not None:
            return told
    return question


def _asked_of_teacher(question: Question, words: str, children: Sequence[int]) -> Question | None:
    """«алгебру ведёт Громов?» asks who teaches it, «Громов чей классный?» whose class teacher he is."""
    if question.subjects and (Intent.TEACHERS in question.maybe or _TEACHES.search(words)):
        one = question.subjects[0] if len(question.subjects) == 1 else None
        return Question(Intent.TEACHERS, subject=one, subjects=() if one else question.subjects)
    if names_class_teacher(words) and _WHOSE.search(words):
        of_all = tuple(children) if len(children) > 1 else ()
        return Question(Intent.TEACHERS, child_ids=of_all, asked=Asked.CLASS_TEACHER)
    return None


async def _of_announcement(visit: DoorVisit, question: Question, words: str) -> Question:
    """«когда экскурсия»: what the journal does not know an announcement may have told, perhaps to one child only."""
    unknown = [word for word in (*question.beyond, *question.unread) if len(word) >= _SHORTEST_TOPIC]
    said = await announced_words(visit, unknown)
    if not said:
        events = [word for word in unknown if _EVENT.fullmatch(word)]
        asked = events or (unknown if _OF_EVENT.search(words) else [])
        return replace(question, about=tuple(asked)) if asked else question
    about = tuple(dict.fromkeys(word for words in said.values() for word in words))
    child_id = question.child_id or (next(iter(said)) if len(said) == 1 else None)
    return Question(Intent.ANNOUNCEMENTS, about=about, child_id=child_id)


async def _of_child_by_age(visit: DoorVisit, question: Question) -> Question:
    """«у старшего», «младшей»: the child of the highest class, or of the lowest; nobody where two share it."""
    levels = {
        child.id: grade_level_of_name(await taught_class_name(visit, child.id)) or 0 for child in await visit.children()
    }
    sought = (max if question.age is Age.ELDER else min)(levels.values())
    found = [child_id for child_id, level in levels.items() if level == sought]
    return replace(question, child_id=found[0], leaves_child=False) if len(found) == 1 else question


async def _of_child_subjects(visit: DoorVisit, question: Question, words: str, before: Question | None) -> Question:
    """«математика» of a child in a class that has algebra, though another child has a subject of that name."""
    child_id = question.child_id or 0
    taught = await subjects_taught_to_child(await visit.of_child(child_id), child_id)
    if question.subject is None or question.subject in taught or question.intent is Intent.EXAMS:
        return question
    exact = await _read(visit, words, before, sorted(taught))
    return exact if (exact.subject or exact.subjects) and not exact.untaught else question


async def _without_subject_of_another(visit: DoorVisit, question: Question, before: Question | None) -> Question:
    """The subject of the question before is not kept for a child who does not have it."""
    spoken_of = before.child_id if before is not None else None
    named = question.child_ids or (question.child_id or spoken_of or visit.dialog.child_id,)
    whose = [child.id for child in await visit.children() if child.id in named]
    if question.subject is None or not whose:
        return question
    taught = [await is_taught_to_child(await visit.of_child(each), each, question.subject) for each in whose]
    if all(taught):
        return question
    known = sorted(await subjects_taught_to_child(await visit.of_child(whose[0]), whose[0]))
    other = await _read(visit, question.subject, None, known)  # «математика» of a class with algebra and geometry
    return replace(question, subject=other.subject, subjects=other.subjects, keeps_subject=bool(_count_subjects(other)))


async def _of_child_with_subject(visit: DoorVisit, question: Question) -> Question:
    """«двойка по алгебре» in a family where only one child has algebra: that child, whoever was spoken of before."""
    children = await visit.children()
    is_told = question.child_id or question.child_ids or question.leaves_child
    if question.subject is None or is_told or question.intent is Intent.EXAMS:
        return question
    having = [
        child.id
        for child in children
        if len(children) > 1 and await is_taught_to_child(await visit.of_child(child.id), child.id, question.subject)
    ]
    return replace(question, child_id=having[0]) if len(having) == 1 else question


async def _of_named_class(visit: DoorVisit, question: Question) -> Question:
    """«дз у 9Б»: the child of that class, if only one is in it; the class stays named where it is nobody's (Q113)."""
    form = question.form or ""
    classes = {child.id: await taught_class_name(visit, child.id) for child in await visit.children()}
    if form.isdecimal():
        members = [child_id for child_id, name in classes.items() if grade_level_of_name(name) == int(form)]
        question = question if members else replace(question, form=None)
    else:
        members = [child_id for child_id, name in classes.items() if normal_class_name(form) == normal_class_name(name)]
    if not members and question.form is None:
        return question
    if not members:
        return _of_others(question) if question.intent in PERSONAL else question
    if question.child_id is None and not question.child_ids and len(members) == 1:
        question = replace(question, child_id=members[0])
    named = {question.child_id, *question.child_ids} - {None}
    return replace(question, form=None) if named <= {*members} else question


def _of_others(question: Question) -> Question:
    """Marks and the like of another class: nothing is said of its students."""
    return Question(Intent.UNCLEAR, maybe=(question.intent,), of_others=True)
