"""Turns words into glosses: S for a subject, dates, numbers, names of own children and others, the rest by lexicon."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.questions.asked.reading import asked_work_name, marks_asked_for
from bot.questions.forecast.line import is_forecast_line_word
from bot.questions.letters.blanks import Known, lacks_blanks, put_blanks_between_letters
from bot.questions.letters.keyboard import mended_keyboard_layout
from bot.questions.lexicon import Meaning, QuestionLexicon, Spoken
from bot.questions.model import Age
from bot.questions.people import (
    PeopleInQuestion,
    is_forename_in_question,
    is_surname_in_question,
    looks_like_genitive_name,
    looks_like_patronymic,
    looks_like_surname,
)
from bot.questions.spelling import SHORTEST_STEM
from bot.questions.subjects import Mention
from bot.questions.words import WordToken, word_tokens

SUBJECT, OWN, OTHER, STAFF, UNKNOWN = "S", "own", "other", "staff", "_"
TITLE, BESIDE = "title", "at"
ABOUT, ANNOUNCEMENT, BEYOND = "about", "announce", "beyond"
BOTH, WORK, TASK, TOPIC = "both", "control", "task", "topic"
DAUGHTER, SON = "daughter", "son"
_AGES = {"elder": Age.ELDER, "younger": Age.YOUNGER}
_LAST_DAY, _LAST_MONTH, _LONGEST_NUMBER = 31, 12, 4
_SHORTEST_NAME = 4
_MANY_CAPITALS = 0.6
_ANNOUNCEMENTS = (
    "объявлен",
    "обьявлен",
    "новост",
    "нового",
    "новое",
    "новенького",
    "рассыл",
    "чат",
    "new",
    "школ",
    "класс",
    "announcement",
    "news",
)
"""Words for announcements of any kind; «собрание» says what it is about."""

_TOPICAL = frozenset(
    {
        UNKNOWN,
        BEYOND,
        ANNOUNCEMENT,
        "control",
        "kit",
        "homework",
        "holidays",
        "marks",
        "timetable",
        "time",
        "lesson",
        "lessons",
    }
)
_TIMES = {"season", "term"}
_GRADE = re.compile(r"\b[no](\d{1,2}) class\b")
"""«у пятого класса», «в 9 классе»: the number stands for each class of that year of study."""

_WRITTEN_TERM = re.compile(r"\b([no][1-4]) wd3\b")
"""«2 четв» is a quarter; «четв» alone is Thursday."""

_KIN = {BOTH, DAUGHTER, SON, *_AGES}
_OWNED = (["marks"], ["forecast"], ["homework"], ["timetable"], ["recommend"])


@dataclass(frozen=True, slots=True)
class GlossedWords:
    """The glosses of a text, the subjects that it may mean, and the own children that it names.

    `named`: for each subject that is named, the names that fit it. `untaught`: the words of subjects that the school
    does not have. `work`: the words for a kind of work («контрольную»). `forms`: the classes that are named.
    `unread`: the words that mean nothing here (Q113).
    """

    glosses: str
    named: tuple[tuple[str, ...], ...]
    untaught: tuple[str, ...]
    child_ids: tuple[int, ...]
    about: tuple[str, ...] = ()
    """What an announcement is said to be about (Q116)."""

    work: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    """The words for what may be set: «стих», «проект»."""

    beyond: tuple[str, ...] = ()
    """The words for what the journal does not know: «экскурсия»."""

    forms: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    times: tuple[tuple[str, str], ...] = ()
    """Glosses of seasons and terms with their words, which not every question can use."""

    leaves_child: bool = False
    """One of several own children is spoken of, but not by a name that tells which."""

    age: Age | None = None

    unclear: tuple[str, ...] = ()
    """The words for a subject that fit several of the school's subjects, or none."""

    @property
    def subjects(self) -> tuple[str, ...]:
        """All names that fit."""
        return tuple(dict.fromkeys(name for names in self.named for name in names))

    @property
    def has_unknown_subject(self) -> bool:
        """True where a subject is named that the school does not have, or by a word that is not known."""
        return bool(self.untaught) or f"by {UNKNOWN}" in self.glosses

    @property
    def is_ambiguous(self) -> bool:
        """True where one of the words for a subject fits several."""
        return any(len(names) > 1 for names in self.named)


def letters_mended_for_glossing(text: str, lexicon: QuestionLexicon, family: PeopleInQuestion) -> str:
    """The text with missing blanks put in and words of the other keyboard layout read in theirs."""

    def knows(word: str) -> bool:
        is_name = bool(family.named_by(word)) or is_forename_in_question(word, stands_out=True)
        return lexicon.knows(word) or is_name or is_forecast_line_word(word)

    def may_stand_alone(word: str) -> bool:
        is_name = len(word) >= _SHORTEST_NAME and is_forename_in_question(word, stands_out=True)
        return lexicon.knows(word) or bool(family.named_by(word)) or is_name

    def is_whole(word: str) -> bool:
        return knows(word) or is_surname_in_question(word) or looks_like_patronymic(word)

    def is_nearly_known(word: str) -> bool:
        return lexicon.nearly_knows(word) or lacks_blanks(word, may_stand_alone)

    known = Known(is_whole, may_stand_alone, lexicon.nearly_knows, lexicon.knows)
    return put_blanks_between_letters(mended_keyboard_layout(text, knows, is_nearly_known), known)


def gloss_words(text: str, lexicon: QuestionLexicon, family: PeopleInQuestion) -> GlossedWords:
    """Gloss a text with the subjects of a school and the names of a family."""
    said = word_tokens(text)
    reading = _Reading(lexicon, family, capitals_tell=_capitals_mark_names(said))
    for spoken in lexicon.read(said):
        reading.take(spoken)
    return reading.result()


def _capitals_mark_names(said: Sequence[WordToken]) -> bool:
    """False for a text In Which Most Words Are Capitalised: there a capital letter marks no name."""
    words = [token for token in said if token.kind == "word"]
    return sum(token.as_typed[:1].isupper() for token in words) <= max(2, len(words) * _MANY_CAPITALS)


@dataclass(slots=True)
class _Topics:
    """Collects what an announcement is about: the words after «про», else those after «объявление», and «собрание»."""

    words: list[str] = field(default_factory=list)
    is_named: bool = False
    is_after_about: bool = False

    def take(self, spoken: Spoken) -> None:
        """Read the next phrase."""
        glosses = (spoken.meaning or Meaning((UNKNOWN,))).glosses
        if spoken.tokens[0].kind != "word":
            return
        if glosses == (ABOUT,) and not self.is_after_about:
            self.words, self.is_after_about = [], True
        elif ANNOUNCEMENT in glosses and spoken.tokens[-1].text.startswith(_ANNOUNCEMENTS):
            self.is_named = True
        elif self._may_be_topic(spoken, glosses):
            self.words += (token.text for token in spoken.tokens if len(token.text) >= SHORTEST_STEM)

    def _may_be_topic(self, spoken: Spoken, glosses: tuple[str, ...]) -> bool:
        is_subject = spoken.meaning is not None and spoken.meaning.mention is not None
        if self.is_after_about:
            return is_subject or bool(_TOPICAL & {*glosses})
        if ANNOUNCEMENT in glosses:
            return True
        return self.is_named and (is_subject or glosses in {(UNKNOWN,), (BEYOND,)})


@dataclass(slots=True)
class _Reading:
    lexicon: QuestionLexicon
    family: PeopleInQuestion
    capitals_tell: bool
    glosses: list[str] = field(default_factory=list)
    mentions: list[tuple[Mention, str]] = field(default_factory=list)
    """Each with the words that name it."""

    children: list[frozenset[int]] = field(default_factory=list)
    work: list[str] = field(default_factory=list)
    tasks: list[str] = field(default_factory=list)
    beyond: list[str] = field(default_factory=list)
    forms: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    times: list[tuple[str, str]] = field(default_factory=list)
    kin: set[str] = field(default_factory=set)
    """How own children are spoken of without a name."""

    topics: _Topics = field(default_factory=_Topics)
    is_of_mark: bool = False
    """The last word that meant something names a mark, which nobody else is said to have: «пятёрка ещё живая»."""

    name: list[WordToken] = field(default_factory=list)
    """Words of a name that is still being read."""

    def take(self, spoken: Spoken) -> None:
        """Read the next phrase."""
        if self._is_name(spoken):
            self.name += spoken.tokens
            return
        self._end_name()
        self.topics.take(spoken)
        if (token := spoken.tokens[0]).kind != "word":
            self.glosses += _gloss_of_token(token)
            self.forms += [token.text] if token.kind == "form" else []
        else:
            self._keep_words(spoken)
            if spoken.meaning is None or spoken.meaning.glosses:
                self.is_of_mark = bool(marks_asked_for(_typed(spoken)))
            self._add_meaning(spoken.meaning or Meaning((UNKNOWN,)), _typed(spoken))

    def _keep_words(self, spoken: Spoken) -> None:
        """Keep the words whose glosses do not say what they were."""
        if spoken.meaning is None:
            self.unread.append(_typed(spoken))
        elif BEYOND in spoken.meaning.glosses:
            self.beyond.append(_typed(spoken))
        elif TASK in spoken.meaning.glosses:
            self.tasks.append(_typed(spoken))
        elif WORK in spoken.meaning.glosses:
            self.work.append(asked_work_name(" ".join(token.text for token in spoken.tokens)))
        elif _TIMES & {*spoken.meaning.glosses}:
            self.times.append((spoken.meaning.glosses[-1], _typed(spoken)))

    def result(self) -> GlossedWords:
        """Finish reading and return the result."""
        self._end_name()
        meant = [(self.lexicon.curriculum.meant(mention), words) for mention, words in self.mentions]
        child_ids = self._child_ids()
        return GlossedWords(
            _WRITTEN_TERM.sub(r"\1 term", " ".join(self.glosses)),
            named=tuple(dict.fromkeys(names for names, _ in meant if names)),
            untaught=tuple(dict.fromkeys(words for names, words in meant if not names)),
            child_ids=child_ids,
            leaves_child=bool(self.kin or self.children) and not child_ids,
            age=next((age for word, age in _AGES.items() if word in self.kin), None),
            about=tuple(dict.fromkeys(self.topics.words)),
            work=tuple(self.work),
            tasks=tuple(self.tasks),
            beyond=tuple(self.beyond),
            forms=tuple(dict.fromkeys([*self.forms, *_GRADE.findall(" ".join(self.glosses))])),
            unread=tuple(dict.fromkeys(self.unread)),
            unclear=tuple(dict.fromkeys(words for names, words in meant if len(names) != 1)),
            times=tuple(self.times),
        )

    def _add_meaning(self, meaning: Meaning, words: str) -> None:
        self.kin |= _KIN & {*meaning.glosses}
        self.glosses += [OWN if gloss in _KIN else gloss for gloss in meaning.glosses]
        if meaning.mention is not None and not self._joins_last_subject(meaning.mention, words):
            self.mentions.append((meaning.mention, words))
            self.glosses.append(SUBJECT)

    def _joins_last_subject(self, mention: Mention, words: str) -> bool:
        """Join words of one subject: «русский язык», «вероятность и статистика»."""
        if self.glosses[-1:] != [SUBJECT] and self.glosses[-2:] != [SUBJECT, "and"]:
            return False
        last, words_before = self.mentions[-1]
        if (joined := self.lexicon.curriculum.joined(last, mention)) is None:
            return False
        self.mentions[-1] = joined, f"{words_before} {words}"
        if self.glosses[-1] != SUBJECT:
            self.glosses.pop()
        return True

    def _is_name(self, spoken: Spoken) -> bool:
        token = spoken.tokens[0]
        if token.kind != "word" or len(spoken.tokens) > 1:
            return False
        stands_out = token.is_capital and not token.opens and self.capitals_tell
        is_named = self._is_forename(token, stands_out=stands_out or bool(self.name) or self._is_beside())
        if self.lexicon.knows(token.text):
            says_nothing = spoken.meaning in {Meaning(), Meaning((TOPIC,))}
            is_spelt = "ё" in token.as_typed.casefold() and self._is_own(token)  # «тёма» is no «тема»
            is_meant = stands_out or self._is_beside()
            return is_spelt or (is_meant and (self._is_own(token) or (says_nothing and is_named)))
        if self._is_own(token) or is_named or (looks_like_patronymic(token.text) and (self.name or token.is_capital)):
            return True
        if self._is_beside() and spoken.meaning == Meaning() and looks_like_surname(token.text):
            return True  # «у юдиной» is no misspelt «единой», which says nothing
        return spoken.meaning is None and (stands_out or self._may_be_name(token))

    def _is_forename(self, token: WordToken, *, stands_out: bool) -> bool:
        """«оценки коли»; not «а коли тройку получит», where the word is one of a forecast and belongs to nothing."""
        is_told = stands_out or self.glosses[-1:] in _OWNED or not is_forecast_line_word(token.text)
        return is_told and is_forename_in_question(token.text, stands_out=stands_out)

    def _is_own(self, token: WordToken) -> bool:
        return bool(self.family.named_by(token.text))

    def _is_beside(self) -> bool:
        """True after «у», where a name needs no capital letter: «у тёмы»."""
        return self.glosses[-1:] == [BESIDE]

    def _may_be_name(self, token: WordToken) -> bool:
        """True for an unknown word that may be a name: a surname, or a genitive as in «оценки дамира»."""
        if is_surname_in_question(token.text) or (token.is_capital and looks_like_surname(token.text)):
            return True
        is_owner = self.glosses[-1:] in _OWNED and not self.is_of_mark and looks_like_genitive_name(token.text)
        return is_owner and not is_forecast_line_word(token.text)

    def _end_name(self) -> None:
        """Gloss a finished name: an own child that bears all its words, a teacher by patronymic, or somebody else."""
        if not self.name:
            return
        words, self.name = self.name, []
        bearers = frozenset.intersection(*(self.family.named_by(token.text) for token in words))
        if bearers:
            self.children.append(bearers)
            self.glosses.append(OWN)
        elif self.glosses[-1:] == [TITLE] or _is_teacher(words):
            self.glosses.append(STAFF)
        else:
            self.glosses.append(OTHER)

    def _child_ids(self) -> tuple[int, ...]:
        """The only child that all names fit, else each child that one of them fits alone; all of the family, if said.

        Empty where a name leaves the choice.
        """
        if not self.children:
            return self._kin_ids()
        common = frozenset.intersection(*self.children) if self.children else frozenset()
        if len(common) == 1:
            return tuple(common)
        alone = [next(iter(each)) for each in self.children if len(each) == 1]
        return tuple(dict.fromkeys(alone)) if len(alone) == len(self.children) else ()

    def _kin_ids(self) -> tuple[int, ...]:
        """«у дочки», «у сына»: the only one of each; «у обоих»: all; empty where the words leave the choice."""
        if BOTH in self.kin:
            return self.family.ids
        meant = [[*self.family.of_sex(female=sex == DAUGHTER)] for sex in (DAUGHTER, SON) if sex in self.kin]
        return tuple(of_sex[0] for of_sex in meant) if all(len(of_sex) == 1 for of_sex in meant) else ()


def _typed(spoken: Spoken) -> str:
    return " ".join(token.as_typed for token in spoken.tokens)


def _is_teacher(words: Sequence[WordToken]) -> bool:
    return any(looks_like_patronymic(token.text) for token in words) and not any(
        is_surname_in_question(token.text) for token in words
    )


def _gloss_of_token(token: WordToken) -> list[str]:
    """The gloss of a token that is no word: number, date, mark, class, end of sentence; a time has none."""
    digits = "".join(filter(str.isdecimal, token.text))
    says = {
        "number": f"n{digits.lstrip('0')}" if len(digits) <= _LONGEST_NUMBER else "",
        "nth": f"o{digits}",
        "iso": f"dated{token.text}",
        "date": f"dated{token.text}" if token.kind == "date" and _is_date(token.text) else "",
        "mark": "marks",
        "form": "form",
        "stop": ".",
    }
    return [said] if (said := says.get(token.kind, "")) else []


def _is_date(text: str) -> bool:
    """False for «8.30», which is a time."""
    day, month, *_ = (int(part) for part in text.replace("/", ".").split("."))
    return 1 <= day <= _LAST_DAY and 1 <= month <= _LAST_MONTH
