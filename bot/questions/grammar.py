"""Turns words into a Question: glosses, then dates, then the intent, then child and subject.

Nothing is guessed: an ambiguous question is UNCLEAR and lists the choices.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import pairwise

from bot.questions.asked import (
    absences_asked_for,
    asked_lesson_number,
    asked_seasons,
    asks_for_given_homework,
    asks_for_set_marks,
    is_term_date_asked,
    marks_asked_for,
    what_is_asked,
)
from bot.questions.dates.calendar_days import take_spoken_calendar_days
from bot.questions.dates.days import SpokenDay, span_of_spoken_days, spoken_days_in
from bot.questions.dates.spans import QuestionDateSpans
from bot.questions.dates.terms import term_named_in_question
from bot.questions.forecast.reading import ForecastReading, read_forecast
from bot.questions.forecast.wishing import add_forecast_wishing
from bot.questions.glossing import BESIDE, UNKNOWN, GlossedWords, gloss_words, letters_mended_for_glossing
from bot.questions.intents import intents_of_question
from bot.questions.letters.keyboard import respelled_from_keyboard
from bot.questions.lexicon import QuestionLexicon
from bot.questions.model import Intent, Question
from bot.questions.people import PeopleInQuestion
from bot.questions.talk import decided_small_talk, other_small_talk

_EXAM = r"\b(?:экзамен\w*|егэ|огэ|гвэ|впр|олимпиад\w*|(?:итогов\w+ )?(?:сочинени|собеседовани)\w*|exams?|olympiads?)\b"
_EXAM_ALONE = re.compile(rf"\W*(?:(?:покажи|мои|все|my|show|all)\s+)*{_EXAM}(?:\s+\w+)?\W*", re.IGNORECASE)
_EXAM_RESULTS = re.compile(
    rf"{_EXAM}.*\b(?:результат|балл|резы|порог|result|score|point)|"
    rf"{_EXAM}.*\bкак\s+(?:\w+\s+)?(?:написа|сда)|\bкак\s+(?:\w+\s+)?(?:написа|сда)\w*\s.*{_EXAM}|"
    rf"\b(?:результат\w*|балл\w*|резы|порог\w*|итоги|получил\w*|сдал\w*|набрал\w*|дали|поставили|results?|scores?|points?)\b.*{_EXAM}",
    re.IGNORECASE,
)
_EXAM_AHEAD = re.compile(
    r"^(?!.*\bрезультат).*\b(?:когда|какого|будет|будут|скоро|готов\w*|when|will|next|prepare)\b", re.IGNORECASE
)
_LANGUAGE_ALONE = re.compile(
    r"\W*(?:(?:как\w*|на|выбор|выбрать|выбери|смен\w+|помен\w+|измен\w+|перекл\w+|свой|другой|бота?|change|switch)\s+)*"
    r"(?:язык\w*|language|lang)(?:\s+(?:бота?|общени\w+|смен\w+|помен\w+|измен\w+|выбрать|переключи\w+|как|на|ты|вы"
    r"|пиш\w+|отвеча\w+|рус\w+|англ\w+|другой|please))*\W*",
    re.IGNORECASE,
)
"""«язык», «смена языка»: the language of the bot, where no subject is named."""

LONGEST = 500
"""Characters that are read of a question."""

Children = Sequence[tuple[int, str]]
_PAST = {Intent.MARKS, Intent.ANNOUNCEMENTS, Intent.EXAMS, Intent.ABSENCES, Intent.DEBTS, Intent.LESSON}
_PERSONAL = {
    Intent.MARKS, Intent.FORECAST, Intent.RECOMMENDATIONS, Intent.EXAMS, Intent.ABSENCES, Intent.DEBTS, Intent.LESSON,
}  # fmt: skip
_OTHERS = re.compile(r"\bother\b")
_BESIDE_UNKNOWN = re.compile(r"\bat _(?= |$)|\btimetable _(?: \.)?$|\b(?:marks|absences|debts|forecast|got) _(?= |$)")
"""«у обоих», «оценки однокласников» where that word is not known: about whom, or of what, is asked back."""

_VERB = re.compile(r"(?:ть|ться|чь|ешь|ете|ите)$")
"""An unknown word that is no name: «на пятёрку ответить»."""

_FRAGMENT = re.compile(
    r"(?=.*\b(?:S|D|own|class|form|term)\b)"
    r"(?:(?:S|D|own|class|form|term|what|how|and|or|of|by|on|over|for|in|at|to|from|about|till|this|next|last|all|place"
    r"|n[1-4]|o[1-4]|\.) ?)+"
)
_SHIFT = re.compile(r"(?:and )?(?:on |over |for |in )?(?P<which>last|next)(?: \.)?")
_TERM = re.compile(r"\bterm\b")
_GOES_ON = re.compile(r"\W*(?:а|и|and|what about|how about)\s", re.IGNORECASE)
_DUE = re.compile(r"\b(?:on|to|for|till) D\b")
_OTHERS_PERSONALLY = re.compile(
    r"\b(?:everybody|(?:who|howmany) (?:\S+ )?honours|who (?:\S+ )?(?:got|debts|absences|missed)|at who"
    r"|marks (?:own )?class(?! D)"
    r"|(?:at|marks|forecast) staff)\b"
)
_MISSED = re.compile(r"\b(?:ill|missed)\b")
_ILL_BEFORE = re.compile(r"\b(?:ill|missed) (?:(?:own|in|school) )*$")
_ILL_AFTER = re.compile(r" (?:own )?(?:ill|missed)\b")
_DEADLINE = {"on", "to", "for", "till"}
_PERIOD = {"over", "for"}
_OF_WORK = ("over ", "on ", "to ")
"""Prepositions of the days of homework, not of an illness: «дз за вчера, болели»."""

_OF_EVENT = re.compile(r"^(?!.*\btold\b).*\b(?:when|time|will)\b")
"""«во сколько собрание в четверг»: the day of the meeting, not of its announcement."""

_OVER_DAYS = {Intent.MARKS, Intent.ANNOUNCEMENTS, Intent.ABSENCES, Intent.DEBTS}


def understand_by_grammar(
    words: str, *, today: date, subjects: Sequence[str], children: Children, before: Intent = Intent.UNCLEAR
) -> Question:
    """The question of a text; `subjects` are the school's names, `children` the caller's own.

    `before`: the intent of the question before; a bare «на среду» is the day that this intent means.
    Words in another keyboard layout and without blanks are read as they were meant. Where nothing is understood, the
    whole text is read as transliterated Russian, then by the Russian keyboard layout.
    """
    if (talk := decided_small_talk(words)) is not None:
        return Question(Intent.UNCLEAR, talk=talk)
    reader = _Reader(today, tuple(subjects), PeopleInQuestion(tuple(children)), before)
    text = reader.mended(words[:LONGEST])
    question = reader.read(text)
    for other in respelled_from_keyboard(text) if _is_not_understood(question) else ():
        respelt = reader.read(other)
        if not _is_not_understood(respelt):
            return respelt
    return question


def _asks_for_exam_results(text: str) -> bool:
    """«экзамены», «результаты ЕГЭ по физике»; an exam that is ahead is a control work."""
    is_named = _EXAM_ALONE.fullmatch(text) or _EXAM_RESULTS.search(text)
    return is_named is not None and _EXAM_AHEAD.search(text) is None


def _is_not_understood(question: Question) -> bool:
    return question.intent is Intent.UNCLEAR and not question.maybe and question.talk is None


@lru_cache(maxsize=64)
def _lexicon(subjects: tuple[str, ...]) -> QuestionLexicon:
    return QuestionLexicon(subjects)


@dataclass(frozen=True, slots=True)
class _Reader:
    today: date
    subjects: tuple[str, ...]
    family: PeopleInQuestion
    before: Intent

    def mended(self, text: str) -> str:
        return letters_mended_for_glossing(text, _lexicon(self.subjects), self.family)

    def read(self, text: str) -> Question:
        """Read a text as it is: small talk that is certain, then the question, then any other talk."""
        if (talk := decided_small_talk(text)) is not None:
            return Question(Intent.UNCLEAR, talk=talk)
        question = self._question(text)
        is_empty = question.intent is Intent.UNCLEAR and not (question.maybe or question.of_others)
        if is_empty and not question.subjects and (talk := other_small_talk(text)) is not None:
            return replace(question, talk=talk, is_fragment=False)
        return question

    def _question(self, text: str) -> Question:
        lexicon = _lexicon(self.subjects)
        said = gloss_words(text, lexicon, self.family)
        reading = read_forecast(text, said.glosses.split().count("S"), lexicon.knows)
        glosses, calendar_days = take_spoken_calendar_days(said.glosses)
        dates: Sequence[SpokenDay] = spoken_days_in(glosses)
        marked = _with_dates_marked(glosses, dates)
        intents = _intents(text, marked, reading)
        if intents not in {(Intent.ABSENCES,), (Intent.LESSON,)}:
            others = [each for each in dates if not _is_date_of_illness(each, glosses)]
            dates = others or (dates if Intent.HOMEWORK in intents and asks_for_given_homework(text) else [])
            marked = _with_dates_marked(glosses, dates)
            intents = _intents(text, marked, reading)
        question = replace(_without_intent(said, marked, text, self.family), maybe=intents, calendar_days=calendar_days)
        names_something = (
            said.named
            or said.untaught
            or said.child_ids
            or said.leaves_child
            or said.forms
            or dates
            or _TERM.search(marked)
        )
        stands_alone = intents == (Intent.TIMETABLE,) and not question.goes_on  # «что завтра»
        is_fragment = question.is_fragment and bool(names_something) and not stands_alone
        question = replace(question, is_fragment=is_fragment)
        if _asks_about_others(marked, intents, is_own=bool(said.child_ids)):
            return replace(question, child_id=None, child_ids=(), of_others=True, is_fragment=False)
        if not intents:
            if shifted := _SHIFT.fullmatch(marked):
                return replace(question, is_fragment=True, shift=-1 if shifted["which"] == "last" else 1)
            return self._dated(question, dates, self.before, marked)
        if len(intents) > 1:
            return question
        if intents == (Intent.FORECAST,):
            question = add_forecast_wishing(question, text, reading, said.named)
        return self._with_intent(question, said, dates, text, marked)

    def _with_intent(
        self, question: Question, said: GlossedWords, dates: Sequence[SpokenDay], text: str, glosses: str
    ) -> Question:
        """The question with its only intent; UNCLEAR with an impossible date or a subject that cannot be told."""
        (intent,) = question.maybe
        question = self._dated(question, dates, intent, glosses)
        if intent in {Intent.SETTINGS, Intent.MENU}:
            return Question(intent)
        if intent is Intent.ANNOUNCEMENTS and said.about:
            question = replace(question, about=said.about, subjects=())
        elif said.is_ambiguous or (said.has_unknown_subject and not _is_told_of(question, intent, said)):
            return question
        is_read = intent is Intent.FORECAST and (_names_own_subject(said) or all(map(_VERB.search, question.unread)))
        if question.bad_dates or (_BESIDE_UNKNOWN.search(glosses) and not is_read):
            return question
        question = replace(
            question,
            intent=intent,
            maybe=(),
            subjects=said.subjects if len(said.subjects) > 1 and not question.about else (),
            subject=said.subjects[0] if len(said.subjects) == 1 and not question.about else None,
            asked=what_is_asked(text, glosses, intent),
        )
        return _with_details(question, said, text, glosses)

    def _dated(self, question: Question, dates: Sequence[SpokenDay], intent: Intent, glosses: str) -> Question:
        chosen = _chosen(dates, intent)
        if not chosen:
            return question
        is_past = intent in _PAST and not (intent is Intent.ANNOUNCEMENTS and _OF_EVENT.search(glosses))
        is_past = is_past or (intent is Intent.HOMEWORK and _is_past_homework(chosen, glosses))
        span = span_of_spoken_days(chosen, QuestionDateSpans(self.today, back=is_past))
        if span is None:
            return replace(question, bad_dates=True)
        return replace(question, since=span.since, until=span.until)


def _is_past_homework(dates: Sequence[SpokenDay], glosses: str) -> bool:
    """«не была в пятницу, что задали»: that day is behind; a day on which it is due is not."""
    if any(said.preposition in _DEADLINE for said in dates):
        return False
    return all(said.is_weekday for said in dates) and _MISSED.search(glosses) is not None


def _intents(text: str, glosses: str, reading: ForecastReading) -> tuple[Intent, ...]:
    if _LANGUAGE_ALONE.fullmatch(text):
        return (Intent.SETTINGS,)
    if asks_for_set_marks(text):
        return tuple(each for each in intents_of_question(glosses) if each is not Intent.FORECAST) or (Intent.MARKS,)
    if is_term_date_asked(text) and not (reading.decides and reading.slots & {"subject", "subjects", "way"}):
        return (Intent.HOLIDAYS,)
    if reading.decides:
        return (Intent.FORECAST,)
    if _asks_for_exam_results(text):
        return (Intent.EXAMS,)
    found = intents_of_question(glosses)
    alone = (Intent.FORECAST,) if reading.suits else ()
    return _of_both_parts(glosses) or found if len(found) == 1 else found or alone


def _of_both_parts(glosses: str) -> tuple[Intent, ...]:
    """«какие уроки и что задали»: the intents of two questions in one; empty where it is one question."""
    first, joined, second = glosses.partition(" and what ")
    parts = (intents_of_question(first), intents_of_question(f"what {second}")) if joined else ((), ())
    both = tuple(dict.fromkeys(intent for part in parts for intent in part))
    return both if all(len(part) == 1 for part in parts) and len(both) > 1 else ()


def _without_intent(said: GlossedWords, glosses: str, text: str, family: PeopleInQuestion) -> Question:
    """What is known of a question whatever its intent is."""
    return Question(
        Intent.UNCLEAR,
        subjects=said.subjects,
        child_id=said.child_ids[0] if len(said.child_ids) == 1 else None,
        child_ids=said.child_ids if len(said.child_ids) > 1 else (),
        leaves_child=said.leaves_child and len(family.ids) > 1,
        form=said.forms[0] if said.forms else None,
        unread=said.unread,
        is_ambiguous=said.is_ambiguous,
        untaught=said.untaught,
        is_fragment=_FRAGMENT.fullmatch(glosses) is not None and not said.unread,
        goes_on=_GOES_ON.match(text) is not None,
    )


def _with_details(question: Question, said: GlossedWords, text: str, glosses: str) -> Question:
    """What narrows the answer of this intent."""
    intent, is_due = question.intent, _DUE.search(glosses) is not None
    return replace(
        question,
        marks=marks_asked_for(text) if intent is Intent.MARKS else question.marks,
        work=_named_work(question, said),
        seasons=asked_seasons(text) if intent is Intent.HOLIDAYS else (),
        absences=absences_asked_for(text) if intent is Intent.ABSENCES else (),
        number=asked_lesson_number(text, glosses) if intent is Intent.TIMETABLE else None,
        is_given=intent is Intent.HOMEWORK and not is_due and _is_given(text, glosses),
        unread=(*question.unread, *_unused_times(question, said, text)),
    )


def _named_work(question: Question, said: GlossedWords) -> tuple[str, ...]:
    if question.intent is Intent.FORECAST:
        return question.work
    return said.work if question.intent in {Intent.MARKS, Intent.CONTROL_WORKS} else ()


def _is_given(text: str, glosses: str) -> bool:
    """Whether the days are those on which homework was given, as of a day that was missed."""
    return asks_for_given_homework(text) or _MISSED.search(glosses) is not None


def _unused_times(question: Question, said: GlossedWords, text: str) -> Sequence[str]:
    """The words for a season or a term that the answer does not take into account (Q113): «оценки за лето»."""
    is_of_year = question.intent in {Intent.HOLIDAYS, Intent.FORECAST, Intent.EXAMS}
    if is_of_year or question.calendar_days is not None or question.about:
        return []
    has_term = term_named_in_question(text, of_marks=question.intent is Intent.MARKS) is not None
    return [words for gloss, words in said.times if gloss == "season" or not (has_term or question.since)]


def _chosen(dates: Sequence[SpokenDay], intent: Intent) -> Sequence[SpokenDay]:
    """The dates that belong to the intent, by preposition: homework is due "on" a day, marks are "over" days."""
    if intent in {Intent.MARKS, Intent.FORECAST, Intent.ABSENCES}:
        dates = [said for said in dates if not said.is_loose]
    exact = [said for said in dates if not said.is_weekday]
    if len(dates) > 1 and len(exact) == 1 and _adjacent(dates):
        return exact
    wanted = _DEADLINE if intent is Intent.HOMEWORK else _PERIOD if intent in _OVER_DAYS else set()
    return [said for said in dates if said.preposition in wanted] or dates


def _names_own_subject(said: GlossedWords) -> bool:
    """Whether a subject is named, and nobody by a word that is not known: «у дамирки»."""
    return bool(said.named) and f"{BESIDE} {UNKNOWN}" not in said.glosses


def _is_told_of(question: Question, intent: Intent, said: GlossedWords) -> bool:
    """Whether a forecast is asked of subjects that are named, or its own words told what is no subject here."""
    is_told = bool(said.subjects) or not question.unread
    return intent is Intent.FORECAST and is_told and not said.untaught


def _is_date_of_illness(said: SpokenDay, glosses: str) -> bool:
    """True for the date of an illness, which is not what is asked."""
    if glosses.startswith(_OF_WORK, said.start):
        return False
    before, after = f" {glosses[: said.start]}", glosses[said.stop :]
    return bool(_ILL_BEFORE.search(before) or _ILL_AFTER.match(after))


def _adjacent(dates: Sequence[SpokenDay]) -> bool:
    return all(one.stop + 1 == other.start for one, other in pairwise(dates))


def _with_dates_marked(glosses: str, dates: Sequence[SpokenDay]) -> str:
    for said in reversed(dates):
        marked = f"{said.preposition} D".strip()
        glosses = glosses[: said.start] + marked + glosses[said.stop :]
    return glosses


def _asks_about_others(glosses: str, intents: Sequence[Intent], *, is_own: bool) -> bool:
    """True where the text asks about others: a foreign name, «оценки всего класса», «кто получил двойку»."""
    if _OTHERS.search(glosses):
        return True
    return not is_own and bool(_PERSONAL & {*intents}) and _OTHERS_PERSONALLY.search(glosses) is not None
