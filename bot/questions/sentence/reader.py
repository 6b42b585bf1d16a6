"""Turns the words of a sentence into a Question: glosses, then dates, then the intent, then child and subject.

Nothing is guessed: an ambiguous question is UNCLEAR and lists the choices.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from bot.questions.asked.reading import (
    absences_asked_for,
    as_asked_of_family,
    asked_lesson_number,
    asks_for_given_homework,
    asks_for_holidays,
    asks_for_set_marks,
    asks_for_trend,
    asks_for_week,
    is_fewer_first,
    is_term_date_asked,
    setting_asked_for,
    what_is_asked,
)
from bot.questions.dates.calendar_days import take_spoken_calendar_days
from bot.questions.dates.chosen import (
    are_spoken_days_past,
    chosen_spoken_days,
    is_spoken_day_of_illness,
    with_spoken_days_marked,
)
from bot.questions.dates.days import SpokenDay, span_of_spoken_days, spoken_days_in
from bot.questions.dates.spans import QuestionDateSpans
from bot.questions.forecast.reading import ForecastReading, read_forecast
from bot.questions.forecast.wishing import add_forecast_wishing
from bot.questions.glossing import BESIDE, UNKNOWN, GlossedWords, gloss_words, letters_mended_for_glossing
from bot.questions.intents import (
    PERSONAL,
    intent_decided_by_question,
    intents_of_question,
    intents_of_question_parts,
    is_exam_named,
    is_exam_results_intent,
    is_intent_about_others,
)
from bot.questions.kinds import Asked
from bot.questions.lexicon import QuestionLexicon
from bot.questions.model import CalendarDays, Intent, Question
from bot.questions.people import PeopleInQuestion
from bot.questions.sentence.details import VERB_IN_QUESTION, with_details_of_question
from bot.questions.talk import decided_small_talk, other_small_talk

_PAST = {Intent.MARKS, Intent.ANNOUNCEMENTS, Intent.EXAMS, Intent.ABSENCES, Intent.DEBTS, Intent.LESSON}
_OF_TERMS = PERSONAL | {Intent.CONTROL_WORKS, Intent.HOLIDAYS}
"""What may be asked of a term."""

_HOPES = {"real", "can", "chance", "enough"}
_RANKING = {"weakest", "strongest", "ranking"}
"""Questions about all subjects, which go on with none: «по какому предмету хуже всего»."""

_BESIDE_UNKNOWN = re.compile(
    r"^_ (?:D )?(?:time|when)(?: D)?(?: \.)?$"
    r"|\bat _(?= |$)|\btimetable _(?: \.)?$|\b(?:marks|absences|debts|forecast|got) _(?= |$)"
)
"""«у обоих», «оценки однокласников» where that word is not known: about whom, or of what, is asked back."""

_CHANCE_TAUGHT = re.compile(
    r"\bвероятност\w*\sи\sстатист\w*"
    r"|(?:(?<=\bпо )|(?<=\bна )|(?<=\bза )|(?<=\bи ))вероятност\w*(?!\s(?:того|что|пят|четв|тро|дво|\d))",
    re.IGNORECASE,
)
"""A subject, and no chance of a mark: the forecast reads another subject in its place."""

_LOOKS_AHEAD = re.compile(
    r"выхо|выйд|выш[ле]|выше|прогноз|получ(?!ал|ил[аи]?\b(?!\sбы))|буд|итог|четв|тримест|полуг|год|ожида|свет|гроз|намеч|ид[её]т|тян|вырис|расклад|дела\b"
    r"|шанс|ближе|пережи|беспоко|постав|ставят|выстав|плох|если|средн|сравн|лучш|хуж|уч[её]том|обстоят|могут|может|успе|закры|исправ"
    r"|term|will|final|forecast|grade|end|year|quarter|expect|average|get",
    re.IGNORECASE,
)
"""Without any such word marks are asked about, not what comes out: «что случилось с оценками»."""

_WITH_TOPICS = {Intent.UNCLEAR, Intent.LESSON, Intent.HOMEWORK}
_NO_NAME = re.compile(r"(?:ть|ться|чь|ешь|ете|ите|[ыиуюея]сь|[ыиуюея]тся|но|ает|ует|ают|уют)$")
"""A word that stands for nobody: «какие долги остались»."""

_NOT_OF_TERM = {"absences", "debts", "missed"}
"""What is counted in a term: «сколько раз опаздывала в этой четверти» asks for none of its dates."""

_FRAGMENT = re.compile(
    r"(?=.*\b(?:S|D|own|class|form|term)\b)"
    r"(?:(?:S|D|own|class|form|term|what|how|and|or|of|by|on|over|for|in|at|to|from|about|till|this|next|last|beforelast|all|place"
    r"|n[1-4]|o[1-4]|\.) ?)+"
)
_ON_FRAGMENT = re.compile(
    r"(?=.*\b(?:S|D|own|reason)\b)(?:(?:(?:by|from|and|on) S|and|on|over|for|in|at|to|from|by|till|D|own|reason|is|yes"
    r"|what|went|will|when|howmany|of|\.) ?)+"
)
"""What goes on with the question before although it has a verb: «а за неделю были?», «а по русскому когда»."""

_EVERYTHING = re.compile(r"all (?:about|by) own(?: \.)?|(?:about|by) own all(?: \.)?")
"""«покажи всё по Маше»: of what, is asked back."""

_UNTIL = {Intent.TIMETABLE, Intent.CONTROL_WORKS}
"""«сколько уроков до 31 декабря» counts from today; homework «до пятницы» is due on that day."""

_LOOKING_AHEAD = {Intent.CONTROL_WORKS, Intent.HOMEWORK, Intent.TIMETABLE}
_PAST_HOLIDAYS = re.compile(
    r"(?:and )?(?:at )?(?:own )?(?:in (?:place|o1) week )?past holidays(?: in (?:place|o1) week)?(?: \.)?"
)
"""«а у Тёмы после каникул?» after a question about lessons."""

_TILL_TERM_ENDS = re.compile(r"(?:at own )?till (?:end )?(?:of )?(?:this )?term(?: at own)?(?: \.)?")
"""«а до конца четверти?»"""

_SHIFT = re.compile(
    r"(?:and )?(?:at own )?(?:on |over |for |in )?(?P<which>beforelast|last|next)(?: at own)?(?: (?:how|what|went"
    r"|is))*(?: \.)?"
)
_SHIFTS = {"beforelast": -1, "last": -1, "next": 1}  # «а за позапрошлую» follows «за прошлую»
_ON_WEEKDAY = re.compile(r"\b(?:in|over) wd\d")
_HALF_A_YEAR, _WEEK = timedelta(days=200), timedelta(days=7)
_TERM = re.compile(r"\bterm\b")
_TERMS = re.compile(
    r"\W*(?:(?:у\s)?\w+\s)?(?:четверти|четвертные|итоговые|годовые)(?:\s(?:у\s)?\w+)?\W*", re.IGNORECASE
)
_OF_TERM_ALONE = re.compile(r"(?:(?:at )?own )?(?:termly )?term(?: (?:at )?own)?(?: \.)?")
"""«четверти Мария» is the door, whatever was asked before."""
_GOES_ON = re.compile(r"\W*(?:а|и|так|то есть|значит|из них|форм[уа]|and|what about|how about)\s", re.IGNORECASE)
_DEFINES = re.compile(r"\bчто\s(?:такое|за\s(?:такое|предмет|группа)|значит|означает)\b", re.IGNORECASE)
"""«что такое 5А английский-1» goes on with nothing."""

_HOW_IS_SUBJECT = re.compile(r"^S at own how\b|^what (?:at own )?from S\b")
_MARKS_OF_SUBJECTS = re.compile(r"(?=.*\bmarks\b)(?:(?:what|is|how|marks|own|at|by|and|in|over|on|D|S|\.) ?)+")
"""«какие оценки по русскому и литературе»: those that are set, of however many subjects."""

_AHEAD = {"heading", "come", "get", "can", "forecast", "case", "chance", "closer"}
"""Words of a forecast for which the glosses have none: «ожидается», «намечается»."""

_AT_OWN_INSIDE = re.compile(r"(?<=\S) at own(?= \w)")
_OF_EVENT = re.compile(r"^(?!.*\btold\b).*\b(?:when|time|will)\b")
"""«во сколько собрание в четверг»: the day of the meeting, not of its announcement."""


@lru_cache(maxsize=64)
def _lexicon(subjects: tuple[str, ...]) -> QuestionLexicon:
    return QuestionLexicon(subjects)


@dataclass(frozen=True, slots=True)
class SentenceReader:
    """Reads sentences of one person on one day; `before`: the intent of the question before."""

    today: date
    subjects: tuple[str, ...]
    family: PeopleInQuestion
    before: Intent

    def mended(self, text: str) -> str:
        """The text with missing blanks put in and words of the other keyboard layout read in theirs."""
        own = self.family.with_siblings_as_children(text)
        mended = letters_mended_for_glossing(own, _lexicon(self.subjects), self.family)
        return self.family.with_topic_as_name(mended, may_be_topic=self.before in _WITH_TOPICS)

    def read(self, text: str) -> Question:
        """Read a text as it is: small talk that is certain, then the question, then any other talk."""
        if (talk := decided_small_talk(text)) is not None:
            return Question(Intent.UNCLEAR, talk=talk, child_id=self.family.only_one_named(text))
        question = self._question(text)
        is_empty = question.intent is Intent.UNCLEAR and not (question.maybe or question.of_others)
        if is_empty and not question.subjects and (talk := other_small_talk(text)) is not None:
            return replace(question, talk=talk, is_fragment=False)
        return question

    def _question(self, text: str) -> Question:
        lexicon = _lexicon(self.subjects)
        asked, text = text, as_asked_of_family(text, len(self.family.ids))
        order = 0 if asked == text else -1 if is_fewer_first(asked) else 1
        said = gloss_words(text, lexicon, self.family)
        reading = read_forecast(_CHANCE_TAUGHT.sub("алгебре", text), said.glosses.split().count("S"), lexicon.knows)
        glosses, calendar_days = take_spoken_calendar_days(said.glosses)
        dates, marked, intents = _days_and_intents(text, glosses, reading)
        question = replace(
            _without_intent(said, marked, text, self.family), maybe=intents, calendar_days=calendar_days, order=order
        )
        if (going_on := self._going_on(question, said, dates, text, marked)) is not None:
            return going_on
        is_decided = intent_decided_by_question(text, marked) is not None or asks_for_set_marks(text)
        stands_alone = asks_for_trend(text) or (
            not question.goes_on and (is_decided or _stands_alone(intents, marked, self.before, reading))
        )
        is_of_number = intents == (Intent.TIMETABLE,) and asked_lesson_number(text, marked) is not None
        stands_alone = stands_alone or (is_of_number and self.before is not Intent.TIMETABLE)
        stands_alone = stands_alone or _HOW_IS_SUBJECT.search(marked) is not None
        is_door = _TERMS.fullmatch(text) is not None and _OF_TERM_ALONE.fullmatch(marked) is not None
        stands_alone = stands_alone or is_door
        is_of_marks = intents == (Intent.MARKS,) and what_is_asked(text, marked, Intent.MARKS) is Asked.BY_SUBJECT
        stands_alone = stands_alone or (is_of_marks and not question.goes_on)
        stands_alone = stands_alone or _EVERYTHING.fullmatch(marked) is not None
        is_fragment = question.is_fragment and _names_something(said, dates, marked) and not stands_alone
        is_fragment = is_fragment and _DEFINES.search(text) is None
        question = replace(question, is_fragment=is_fragment)
        if is_intent_about_others(marked, intents, is_own=bool(said.child_ids)):
            return replace(question, child_id=None, child_ids=(), of_others=True, is_fragment=False)
        if not intents:
            if shifted := _SHIFT.fullmatch(marked):
                return replace(question, is_fragment=True, shift=_SHIFTS[shifted["which"]])
            return self._dated(question, dates, self.before, marked)
        if len(intents) > 1:
            return question
        if intents == (Intent.FORECAST,):
            question = add_forecast_wishing(question, text, reading, said.named)
        return self._with_intent(question, said, dates, text, marked)

    def _may_go_on(self, glosses: str) -> bool:
        """«и что проходили по химии» goes on with a lesson alone."""
        asks_for_content = {"what", "went"} <= {*glosses.split()}
        return self.before is not Intent.UNCLEAR and (self.before is Intent.LESSON or not asks_for_content)

    def _going_on(
        self, question: Question, said: GlossedWords, dates: Sequence[SpokenDay], text: str, glosses: str
    ) -> Question | None:
        """A fragment of the question before, with what it asks instead; None where it is none."""
        if self.before in _LOOKING_AHEAD and _PAST_HOLIDAYS.fullmatch(said.glosses):
            return replace(question, maybe=(), calendar_days=CalendarDays.AFTER_HOLIDAYS, is_fragment=True)
        if question.goes_on and self.before in _LOOKING_AHEAD and _TILL_TERM_ENDS.fullmatch(said.glosses):
            return replace(question, maybe=(), calendar_days=CalendarDays.UNTIL_TERM_ENDS, is_fragment=True)
        if not (question.goes_on and _ON_FRAGMENT.fullmatch(glosses) and self._may_go_on(glosses)):
            return None
        question = replace(
            question, maybe=(), is_fragment=True, absences=absences_asked_for(text),
            asked=Asked.WHEN if "when" in glosses.split() else None,
        )  # fmt: skip
        return self._dated(question, dates, self.before, glosses)

    def _with_intent(
        self, question: Question, said: GlossedWords, dates: Sequence[SpokenDay], text: str, glosses: str
    ) -> Question:
        """The question with its only intent; UNCLEAR with an impossible date or a subject that cannot be told."""
        (intent,) = question.maybe
        if intent is Intent.HOLIDAYS:
            question = replace(question, calendar_days=None)
        dates = [] if intent is Intent.HOLIDAYS and asks_for_holidays(text) else dates
        question = self._dated(question, dates, intent, glosses)
        if intent is Intent.TIMETABLE and not dates and asks_for_week(text):
            week = QuestionDateSpans(self.today, back=False).week(None)
            question = replace(question, since=week.since, until=week.until)
        if intent in {Intent.SETTINGS, Intent.MENU}:
            return Question(intent, asked=setting_asked_for(text, glosses) if intent is Intent.SETTINGS else None)
        if intent is Intent.ANNOUNCEMENTS and said.about:
            question = replace(question, about=said.about, subjects=())
        elif _is_of_exam(intent, said, text):
            question = replace(question, about=said.unclear, subjects=(), untaught=())
        elif said.is_ambiguous or (said.has_unknown_subject and not _is_told_of(question, intent, said)):
            return question
        is_read = intent is Intent.FORECAST and (
            _names_own_subject(said) or all(map(VERB_IN_QUESTION.search, question.unread))
        )
        is_read = is_read or (bool(question.unread) and all(map(_NO_NAME.search, question.unread)))
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
        question = self._given_before(with_details_of_question(question, said, text, glosses), said.glosses)
        if intent is not Intent.ANNOUNCEMENTS and question.about:
            return replace(question, intent=Intent.UNCLEAR, maybe=(intent,), subjects=said.subjects)
        return question

    def _given_before(self, question: Question, glosses: str) -> Question:
        """«что задали во вторник»: on a day to come nothing was given yet, so it is that of the week before."""
        since, until = question.since, question.until
        is_of_weekday = question.is_given and _ON_WEEKDAY.search(glosses) is not None
        if not is_of_weekday or since is None or until is None or since <= self.today:
            return question
        return replace(question, since=since - _WEEK, until=until - _WEEK)

    def _is_nearer_ahead(self, past: date, chosen: Sequence[SpokenDay]) -> bool:
        """«что задано к 20 января» in autumn; «что было задано на пятницу» on a Thursday, not on the Monday after."""
        is_of_weekday = all(said.is_weekday for said in chosen) and chosen[0].preposition == "on"
        return self.today - past > (_WEEK / 2 if is_of_weekday else _HALF_A_YEAR)

    def _dated(self, question: Question, dates: Sequence[SpokenDay], intent: Intent, glosses: str) -> Question:
        chosen = chosen_spoken_days(dates, intent)
        if not chosen:
            return question
        is_past = intent in _PAST and not (intent is Intent.ANNOUNCEMENTS and _OF_EVENT.search(glosses))
        is_past = is_past or (intent is Intent.HOMEWORK and are_spoken_days_past(chosen, glosses))
        is_past = is_past or (intent in {Intent.TIMETABLE, Intent.HOMEWORK} and "went" in glosses.split())
        span = span_of_spoken_days(chosen, QuestionDateSpans(self.today, back=is_past))
        if is_past and intent is Intent.HOMEWORK and span is not None and self._is_nearer_ahead(span.until, chosen):
            span = span_of_spoken_days(chosen, QuestionDateSpans(self.today, back=False))
        if not is_past and span is not None and span.until - span.since > _HALF_A_YEAR:
            behind = span_of_spoken_days(chosen, QuestionDateSpans(self.today, back=True))
            is_shorter = behind is not None and behind.until - behind.since < span.until - span.since
            span = behind if is_shorter else span  # «контрольные за сентябрь и октябрь» in October
        if span is None:
            return replace(question, bad_dates=True)
        if intent is Intent.DEBTS and span.until > self.today:
            return question  # «долги надо закрыть до пятницы?»: no day on which they were made
        if intent in _UNTIL and [said.preposition for said in chosen] == ["till"] and span.since > self.today:
            return replace(question, since=self.today, until=span.until)
        return replace(question, since=span.since, until=span.until)


def _days_and_intents(
    text: str, glosses: str, reading: ForecastReading
) -> tuple[Sequence[SpokenDay], str, tuple[Intent, ...]]:
    """The days, the glosses with D for each, and the intents; a day of an illness is none unless it is asked about.

    Where nothing is understood, «у меня» in the middle is passed over: «сколько 4 у дочки в октябре».
    """
    dates: Sequence[SpokenDay] = spoken_days_in(glosses)
    marked = with_spoken_days_marked(glosses, dates)
    intents = _intents(text, marked, reading)
    if not intents and (shorter := _AT_OWN_INSIDE.sub("", glosses)) != glosses:
        found = _days_and_intents(text, shorter, reading)
        return found if found[2] else (dates, marked, intents)
    if intents in {(Intent.ABSENCES,), (Intent.LESSON,)}:
        return dates, marked, intents
    others = [each for each in dates if not is_spoken_day_of_illness(each, glosses)]
    dates = others or (dates if Intent.HOMEWORK in intents and asks_for_given_homework(text) else [])
    marked = with_spoken_days_marked(glosses, dates)
    return dates, marked, _intents(text, marked, reading)


def _names_something(said: GlossedWords, dates: Sequence[SpokenDay], glosses: str) -> bool:
    """A subject, a child, a class, a day or a term, with which a fragment goes on."""
    is_named = said.named or said.untaught or said.child_ids or said.leaves_child or said.forms
    return bool(is_named or dates or _TERM.search(glosses))


def _intents(text: str, glosses: str, reading: ForecastReading) -> tuple[Intent, ...]:
    if (decided := intent_decided_by_question(text, glosses)) is not None:
        return (decided,)
    if asks_for_set_marks(text):
        return tuple(each for each in intents_of_question(glosses) if each is not Intent.FORECAST) or (Intent.MARKS,)
    is_of_term = is_term_date_asked(text) and not _NOT_OF_TERM & {*glosses.split()}
    if is_of_term and not (reading.decides and reading.slots & {"subject", "subjects", "way"}):
        return (Intent.HOLIDAYS,)
    is_of_day = reading.name == "lessons" and "D" in glosses.split()  # «сколько уроков в среду на той неделе»
    is_seen_now = reading.name == "outlook" and _LOOKS_AHEAD.search(text) is None
    if reading.decides and not (is_of_day or is_seen_now):
        is_set = _MARKS_OF_SUBJECTS.fullmatch(glosses) and not reading.slots & _AHEAD
        return (Intent.MARKS,) if is_set and reading.name == "outlook" else (Intent.FORECAST,)
    if is_exam_results_intent(text):
        return (Intent.EXAMS,)
    found = intents_of_question(glosses)
    alone = (Intent.FORECAST,) if reading.suits else ()
    return intents_of_question_parts(glosses) or found if len(found) == 1 else found or alone


def _stands_alone(intents: tuple[Intent, ...], glosses: str, before: Intent, reading: ForecastReading) -> bool:
    """«что завтра», «какая четверть сейчас»; «четверти Маши» after a question that no term can go on with."""
    is_of_terms = intents == (Intent.MARKS,) and before not in _OF_TERMS and _TERM.search(glosses) is not None
    is_ranking = intents == (Intent.FORECAST,) and before is not Intent.FORECAST and reading.name in _RANKING
    is_of_marks = intents == (Intent.MARKS,) and glosses.startswith("how ")
    is_hoped = intents == (Intent.FORECAST,) and bool(reading.slots & _HOPES)
    return intents in {(Intent.TIMETABLE,), (Intent.HOLIDAYS,)} or is_of_terms or is_ranking or is_of_marks or is_hoped


def _without_intent(said: GlossedWords, glosses: str, text: str, family: PeopleInQuestion) -> Question:
    """What is known of a question whatever its intent is."""
    return Question(
        Intent.UNCLEAR,
        subjects=said.subjects,
        child_id=said.child_ids[0] if len(said.child_ids) == 1 else None,
        child_ids=said.child_ids if len(said.child_ids) > 1 else (),
        leaves_child=said.leaves_child and len(family.ids) > 1,
        age=said.age if said.leaves_child else None,
        form=said.forms[0] if said.forms else None,
        unread=said.unread,
        beyond=said.beyond,
        is_ambiguous=said.is_ambiguous,
        untaught=said.untaught,
        is_fragment=_FRAGMENT.fullmatch(glosses) is not None and not said.unread,
        goes_on=_GOES_ON.match(text) is not None,
    )


def _names_own_subject(said: GlossedWords) -> bool:
    """Whether a subject is named, and nobody by a word that is not known: «у дамирки»."""
    return bool(said.named) and f"{BESIDE} {UNKNOWN}" not in said.glosses


def _is_of_exam(intent: Intent, said: GlossedWords, text: str) -> bool:
    """Whether an exam is asked for by a name that is no subject of the class: «ОГЭ по математике» beside algebra."""
    return bool(said.unclear) and intent in {Intent.EXAMS, Intent.CONTROL_WORKS} and is_exam_named(text)


def _is_told_of(question: Question, intent: Intent, said: GlossedWords) -> bool:
    """Whether a known subject is named beside one that is not taught, or a forecast's own words told what is none."""
    if said.untaught:
        return bool(said.subjects)
    return intent is Intent.FORECAST and (bool(said.subjects) or not question.unread)
