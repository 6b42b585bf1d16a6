"""Turns a text into a line of slots, one a word, in their order: «хватит двух пятёрок до 4» is `enough @5x2 to @4`.

`forecast_words.csv` has the words of each slot; `*` stands for any ending. A word that is unknown is read with one
letter changed. A number is a mark (`@4`) unless it counts marks, terms or lessons; a decimal is an average, `value`.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache

from bot.questions.spelling import ENDINGS, is_one_letter_away
from bot.questions.tables import question_table_rows

UNKNOWN = "_"
_SIGNS = {"date": "term", "value": "value", "stop": ".", "more": "more", "sure": "sure"}
"""The slots of what is neither a word nor a number."""

_SHORTEST_TYPED = 5
_MONTHS = r"(?:янв|фев|марта|апр|мая|мае|июн|июл|авг|сент|окт|ноя|дек)\w*|числ\w*"
_TOKEN = re.compile(
    rf"(?P<date>(?:\b(?:с|со|от)\s+\d{{1,2}}(?:-?го)?\s+(?:по|до)\s+)?\b\d{{1,2}}(?:-?(?:го|е|ое))?\s+(?:{_MONTHS}))|"
    r"(?P<sure>100\s?%)|(?P<value>(?<![\w.,])[2-5][.,]\d{1,2}(?![\w.,]*\d))|\d+(?:\s?[./:*-]\d+|\+\d+\b(?!\s*по))+"
    r"|(?P<mark>[2-5])-?(?:[её]?р?(?:к[аиуе]|ок|ек|кой|ками)|'?s)\b"
    r"|(?P<number>\d+(?!-?[а-я]|[a-z]),?)|(?P<stop>[?!;\n]|\.(?!\d))|(?P<more>[+])|(?P<word>\d*-?(?:н/а|к/р|[^\W\d_]+))"
)
_BETWEEN = r"((?: (?!\.)[^@#\s]\S*){0,4}?)"
_COUNTED: Sequence[tuple[re.Pattern[str], str]] = (
    (re.compile(r"(?<!\S)pair(?= times(?!\S))"), "#w2"),
    (re.compile(rf"(?<!\S)[@#]w?([2-5])[sn]?,?{_BETWEEN}(?: more)? #w?([1-5])(?: more)? times(?!\S)"), r"@\1x\3\2"),
    (re.compile(rf"(?<!\S)#w?([1-5])(?: more)? times{_BETWEEN} [@#]w?([2-5])[sn]?,?(?!\S)"), r"_\2 @\3x\1"),
    (re.compile(r"(?<!\S)(?:#\S+ )?times(?!\S)"), UNKNOWN),
    (re.compile(r"(?<!\S)both((?: (?:_|next|final|more|come|in|of))*) @([2-5])n(?!\S)"), r"_\1 @\2x2"),
    (re.compile(r"^(?:(?!if |so |come )[^.\s]\S* )*got (?:[^.?\s]\S* )*[@#]\d\S* (?:[^.\s]\S* )*\. (?=.*[@#]\d)"), ""),
    (re.compile(r"(?<!\S)had(?! [@#])(?! it)(?!\S)"), UNKNOWN),
    (re.compile(r"(?<!\S)(?:got|get) would(?!\S)"), "if get"),
    (re.compile(r"(?<!\S)#w?([1-5])(?: more)? @([2-5])n(?!\S)"), r"@\2x\1"),
    (re.compile(r"(?<!\S)#w?1(?: more)? @([2-5])s(?!\S)"), r"@\1x1"),
    (re.compile(r"(?<!\S)@([2-5])s(?!\S)"), r"@\1n"),
    (re.compile(r"(?<!\S)pair(?: more)? @([2-5])n(?!\S)"), r"@\1x2"),
    (re.compile(r"(?<!\S)#w?([1-5])(?: more)? pair(?!\S)"), r"@2x\1"),
    (re.compile(r"(?<!\S)#w([1-5])(?: more)? #([2-5]),?(?!\S)"), r"@\2x\1"),
    (
        re.compile(
            r"((?<!\S)@([2-5])(?:x\d(?: [^@#\s]\S*)* (?:and|or)|n(?: [^@#\s]\S*)* or) )"
            r"#w([1-5])(?= (?:of|in|_)(?!\S))"
        ),
        r"\1@\2x\3",
    ),
    (re.compile(r"(?<!\S)#w?\d(?= (?:_ )?term quarter(?!\S))"), "nth"),
    (re.compile(r"(?<!\S)#w?\d,?(?= (?:_ )?(?:term|lessons|control|homework)(?!\S))"), UNKNOWN),
    (re.compile(r"(?<!\S)(?<!and )#w?\d(?= (?:_ )?final(?!\S))"), UNKNOWN),
    (re.compile(r"(?<!\S)#w?([2-5]),?(?!\S)"), r"@\1"),
    (re.compile(r"(?<!\S)pair(?!\S)"), "@2"),
    (re.compile(r"(?<!\S)#\S*"), UNKNOWN),
)
"""What numbers are: «две пятёрки» and «одной 4» counts, «2 четверть» none, else marks; «пару» alone is a «2».

«две пятёрки по физике и одну по алгебре»: the second number counts the same marks. Of «4, четвёрка» and «4 четвёрка»
(`s`: one mark) the number counts nothing. «на 5 два раза», «дважды на 5»: the times count the mark.
«Получила 4. Пятёрка останется?»: what was got before is told, not asked.
"""

_OPEN_VERB = re.compile(r"(?<!\S)(?P<verb>pull|reach)/enough(?!\S)")
"""«исправит», «вытянет»: what a person does, and what marks do."""

_OF_MARKS = re.compile(r"(?<!\S)(?<!on )(?<!to )(?<!for )@([2-5])n?(?:x\d)?(?!\S)")
_SURE_TO_MEND = re.compile(r"(?<!\S)(?<!on )(?<!to )(?<!for )(?:@5|@4n?x)")

_Phrase = tuple[Sequence[str], str]


def read_forecast_line(text: str, knows: Callable[[str], bool]) -> str:
    """The line of a text; `knows`: whether a word is one of the language or the school, and so no typing error."""
    line = " ".join(_slots([*_said(text)], knows))
    for pattern, meaning in _COUNTED:
        line = pattern.sub(meaning, line)
    return _OPEN_VERB.sub("mends enough" if _is_done_by_marks(line) else r"\g<verb>", line)


def _is_done_by_marks(line: str) -> bool:
    """«исправит ли пятёрка двойку», «исправят ли две четвёрки»: not «исправит ли она двойку»."""
    return len(_OF_MARKS.findall(line)) > 1 or _SURE_TO_MEND.search(line) is not None


def is_forecast_line_word(word: str) -> bool:
    """Whether a word stands in one of the phrases, with an ending that words have."""
    said = word.casefold().replace("ё", "е")
    words = _words()
    return said in words or any(f"{said[:at]}*" in words and said[at:] in ENDINGS for at in range(1, len(said) + 1))


@cache
def _words() -> frozenset[str]:
    return frozenset(word for phrases in _phrases().values() for phrase, _ in phrases for word in phrase)


def _said(text: str) -> Iterator[str]:
    """The words, and the slots of what is none, with a blank before them."""
    for found in _TOKEN.finditer(text.casefold().replace("ё", "е")):
        kind = found.lastgroup
        if kind == "word":
            yield found[0]
        elif kind in {"mark", "number"}:
            yield f" @{found[0][0]}n" if kind == "mark" else f" #{found[0]}"
        else:
            yield f" {_SIGNS.get(kind or '', UNKNOWN)}"


def _slots(said: Sequence[str], knows: Callable[[str], bool]) -> Iterator[str]:
    place = 0
    while place < len(said):
        if said[place].startswith(" "):
            yield said[place][1:]
            place += 1
            continue
        words, slot = _longest(said[place:]) or ((said[place],), _mended(said[place], knows))
        yield slot
        place += len(words)


def _longest(said: Sequence[str]) -> _Phrase | None:
    """The longest phrase that begins here."""
    return next((phrase for phrase in _phrases().get(said[0][:1], ()) if _fits(said, phrase[0])), None)


def _fits(said: Sequence[str], phrase: Sequence[str]) -> bool:
    return len(said) >= len(phrase) and all(map(_is_word, said, phrase))


def _is_word(word: str, pattern: str) -> bool:
    return word.startswith(pattern[:-1]) if pattern.endswith("*") else word == pattern


@cache
def _phrases() -> Mapping[str, Sequence[_Phrase]]:
    """The phrases by their first letter, the longest and the most exact first."""
    found: defaultdict[str, list[_Phrase]] = defaultdict(list)
    for row in question_table_rows("forecast_words"):
        for phrase in row["phrases"].split("|"):
            found[phrase.strip()[0]].append((phrase.split(), row["slot"]))
    return {letter: sorted(phrases, key=_exactness, reverse=True) for letter, phrases in found.items()}


def _exactness(phrase: _Phrase) -> tuple[int, bool, int]:
    words = phrase[0]
    return len(words), not words[-1].endswith("*"), sum(map(len, words))


def _mended(word: str, knows: Callable[[str], bool]) -> str:
    """The slot of a word with one wrong letter behind its first."""
    if len(word) < _SHORTEST_TYPED or knows(word):
        return UNKNOWN
    near = (slot for words, slot in _phrases().get(word[0], ()) if len(words) == 1 and _is_nearly(word, words[0]))
    return next(near, UNKNOWN)


def _is_nearly(word: str, pattern: str) -> bool:
    bare = pattern.rstrip("*")
    if len(bare) < _SHORTEST_TYPED:
        return False
    lengths = range(len(bare) - 1, len(bare) + 2) if pattern != bare else [max(len(word), len(bare))]
    return any(is_one_letter_away(word[:length], bare) for length in lengths)
