"""Finds the mark in a question about a forecast: hoped for, supposed, enough or not; and asks for the risk list.

`forecast.csv` holds the forms of these questions, what each of them wishes, and an example. `<MARK>` in it is any mark,
`<WEAK>` the row of `forecast_words.csv` with that name. A row that decides `always` makes a text a question about a
forecast; `two subjects`: beside two names of subjects; `no`: it tells the wish of a text that is one already.
"""

import re
from functools import cache

from bot.questions.model import COMPARING, Final, Wish
from bot.questions.tables import table_rows_of

NEXT_BETTER = 1
"""In place of a mark: the next better one than the average so far makes."""

_MARKS = {
    5: r"5|пять|пяти|пят[её]р\w*|отличн\w*|fives?",
    4: r"4|четыре|четыр[её]х|четв[её]р(?:к|ок|оч)\w*|хорошо|хорошист\w*|ударни[кц]\w*|fours?",
    3: r"3|три|тр[её]х|тро(?:й|я|е)\w*|удовл\w*|threes?",
    2: r"2|два|двух|двой\w*|двое[кч]\w*|неуд\w*|пар[ау]|twos?",
}
_ORDINAL = r"(?:-?(?:й|я|ю|ая|ую|ой|ей|е|nd|rd|th)\s+)?"
_MONTH = r"(?:январ|феврал|марта|апрел|мая|июн|июл|август|сентябр|октябр|ноябр|декабр)"
_TERM = (
    rf"{_ORDINAL}(?:четв(?!ер|ёр)|четверт[ьи]|чтв|полуг|трим|класс|quarter|term|half|week|недел|урок|дн|числ|час"
    rf"|минут|{_MONTH})"
)
_NO_PART = r"(?<![\w.,/:-])"
_NOT_OTHER = rf"(?!\w|[.,/:-]\d|\s*{_TERM})"
_ANY = "|".join(_MARKS.values())
_WORD = re.compile(rf"{_NO_PART}[«\"']?(?P<mark>{_ANY}){_NOT_OTHER}", re.IGNORECASE)
_AIM = re.compile(
    rf"\b(?:чтоб\w*|для|до|на|вый[дт]\w+|выход\w*|ради|for|so|to|get)\s(?:[^?!.]*?\s)?[«\"']?(?P<mark>{_ANY}){_NOT_OTHER}",
    re.IGNORECASE,
)
_PURPOSE = re.compile(
    rf"\b(?:чтоб\w*|для)\s(?:[^?!.]*?\s)?[«\"']?(?P<mark>{_ANY}){_NOT_OTHER}",
    re.IGNORECASE,
)
_NOT_TO_GET = re.compile(
    rf"(?:\bчтоб\w*\s+не|\bне\s+(?:получить|выш\w+|вых\w+|схватить|было)|избежать|без|without)\s(?:[^?!.]*?\s)?[«\"']?(?P<mark>{_ANY}){_NOT_OTHER}",
    re.IGNORECASE,
)
_ONTO = re.compile(rf"\b(?:на|до|to)\s+[«\"']?(?P<mark>{_ANY}){_NOT_OTHER}", re.IGNORECASE)
_MENDED = re.compile(
    r"исправ|испрал|\bподтян|\bулучш|\bспасти|\bвытащить|\b(?P<outweighs>перекр[оы]|закры\w+\s+(?:дв|тр|пару|2|3))",
    re.IGNORECASE,
)
_GOAL = re.compile(
    rf"(?:\b(?:чтоб\w*|что\s+бы|so\s+that)\s(?:[^?!.]*?\s)?|\b(?:до|на|для|ради|for|to)\s+(?:оценки\s+|an?\s+)?"
    rf"|\b(?:исправ|перекр|закр)\w*\s+(?:ли\s+)?(?:на\s+)?(?!\w+ка\b))[«\"']?(?P<mark>{_ANY}){_NOT_OTHER}",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(
    r"\b(?:если|ежели|коли|вдруг|допустим|if|suppose)\b"
    r"|^\W*(?:ну\s+)?(?:я\s+|мне\s+)?(?:получу|получит|поставят)\b(?=.*\b(?:что|какая|какой|сколько)\b)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(rf"\bмежду\s+(?:{_ANY})\s+и\s+(?P<mark>{_ANY})", re.IGNORECASE)

_COUNTS = {
    1: r"1|одн\w+|a|one",
    2: r"2|две|двух|пар[аыу]|two",
    3: r"3|три|тр[её]х|three",
    4: r"4|четыре|четыр[её]х|four",
    5: r"5|пять|пяти|five",
}
_COUNTED_MARKS = {
    5: r"пят[её]р\w*|пятак\w*|fives?",
    4: r"четв[её]р(?:к|ок|оч)\w*|fours?",
    3: r"тро(?:й|е)к\w*|тро(?:як|еч)\w*|threes?",
    2: r"двойк\w*|дво(?:ек|еч|як)\w*|twos?",
}
_NOUN = "|".join(_COUNTED_MARKS.values())
_COUNT = "|".join(_COUNTS.values())
_COUNTED = (
    rf"{_NO_PART}(?P<count>{_COUNT})\s+(?:ещё\s+|еще\s+)?"
    rf"(?P<noun>{_NOUN}|(?<=[^\W\d]\s)[2-5])\b(?![.,/:-]\d)"
)
_ONE_OR_MORE = re.compile(rf"{_COUNTED}|{_NO_PART}[«\"']?(?P<mark>{_ANY}){_NOT_OTHER}[»\"']?", re.IGNORECASE)
_AND_THEN = re.compile(
    r"(?:\s*,\s*|\s*\+\s*|\s+)"
    r"(?:(?:и|а|ещё|еще|потом|затем|плюс|следом|and|then|завтра|послезавтра"
    r"|во?\s+(?:понедельник|вторник|среду|четверг|пятницу|субботу))\s+)*",
    re.IGNORECASE,
)
_COMES_OUT = re.compile(r"\s*(?:выйд|выход|будет|получит?ся|возможн|реальн)", re.IGNORECASE)
_CONTROL = re.compile(
    r"\b(?:контрольн|контрош|контр(?:а|у|ой|ы)?\b|к\s?/?\.?\s?р\b|кр\b|кр[уы]\b|диктант|сочинени|изложени|зач[её]т|тест\w*\b"
    r"|экзамен|впр\b|со[рч]\w?\b|проверочн|больш\w+ работ|control|test\b|exam)",
    re.IGNORECASE,
)
_TAKES = re.compile(
    r"\b(?:сколько|скольк\w*|скок\w*|чтоб\w*|надо|нужн\w*|исправ\w*|перекры\w*|дотян\w*|вытян\w*|хват\w*|не\s+хвата\w*|как|до"
    r"|how|need|реально|точно|между|или|ближе|ближайш\w+|близк\w+|близко|недалеко)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\bгодов\w+|\b(?:в|за|на)\s+(?:\w+\s+)?год(?:у|а)?\b|\b(?:year|annual)\b", re.IGNORECASE)
_HALF_YEAR = re.compile(r"\bполугод\w*|\bhalf.?year\b", re.IGNORECASE)
MOST_SUPPOSED = 6
"""Marks that one question supposes."""

_A_MARK = rf"{_NO_PART}[«\"']?(?:{_ANY}){_NOT_OTHER}"
_COMING_NOW = (
    r"(?:выход\w*|выйд\w*|будет|будут|буду|светит|светят|грозит|грозят|получа[ею]тся|получ[иа]тся|ожида\w+|намеча\w+|прогноз\w*"
    r"|идут|идет|ид[её]т|will|coming|heading)"
)
_HOW_MANY = r"\b(?:(?:по\s+)?с?кольк\w*|сколк\w*|скок\w*|как(?:ой|ое)\s+минимум|how\s+many)\s+"
_FILLER = r"(?:(?!(?:до|на|для|чтоб\w*|в|за|по|to|for|in)\b)\w+\s+){0,3}?"
_MARK_WORD = rf"(?:{_NOUN}|[2-5](?:-?(?:к|ок|ек|р)\w*)?)(?!\w|[.,/:-]\d|\s*{_TERM})"
_HOW_MANY_COME = re.compile(
    rf"^(?!.*\b(?:надо|нужн\w*|чтоб\w*|для|хват\w*|исправ\w*|перекр\w*|закры\w*|до|need)\b)(?=.*\b{_COMING_NOW}\b)"
    rf".*{_HOW_MANY}(?:\w+\s+){{0,4}}?(?P<mark>{_ANY}){_NOT_OTHER}(?!\s*[+*])",
    re.IGNORECASE,
)
_BY = re.compile(
    rf"{_HOW_MANY}{_FILLER}(?P<mark>{_MARK_WORD})|(?P<alone>{_MARK_WORD})\s+(?:\w+\s+){{0,2}}?скольк\w*\s+(?:надо|нужно)"
    rf"|\bодн\w+\s+(?P<only>(?:пят[её]рк|четв[её]рк|тройк)ами)\b",
    re.IGNORECASE,
)
_ASKED_FIRST = re.compile(
    rf"^(?!.*\b(?:у\s+меня|сейчас|пока|стоит|есть)\b).*{_NO_PART}(?P<mark>{_ANY})\s+(?:это\s+)?{_HOW_MANY}",
    re.IGNORECASE,
)
_SPOILING = re.compile(rf"(?:\b(?:{_COUNT})\s+(?:ещё\s+|еще\s+)?)?(?P<noun>{_MARK_WORD})", re.IGNORECASE)
_COUNT_BEFORE = re.compile(rf"\s+(?:ещё\s+|еще\s+)?(?:{_NOUN}|[2-5]\b)", re.IGNORECASE)
_ENOUGH = re.compile(
    r"(?<!\bне\s)\b(?:хват(?:ит|ает|ило)|достаточн\w+|спас[её]т|спасут|прокат[ия]т|выруч[аи]т|помо(?:жет|гут)|исправ[ия]т|вытян[еу]т|перекро[ею]т|enough)\b",
    re.IGNORECASE,
)
_STAY = (
    r"(?:останется|остан[еу]сь|остаться|остаётся|остается|сохранится|сохраню|удержится|удержу|устоит"
    r"|не\s+(?:потеряю|потеряет|слетит|съедет))"
)
_STAYS = re.compile(rf"\b{_STAY}\s+(?:ли\s+)?(?:у\s+\w+\s+)?(?:на\s+|при\s+)?(?:{_ANY}){_NOT_OTHER}", re.IGNORECASE)
_STAYS_BEHIND = re.compile(rf"{_NO_PART}(?:{_ANY})\s+{_STAY}\b", re.IGNORECASE)
_HONOURS = r"\b(?:хорошист|ударни[кц]|отлични[кц])\w*"
_WITHOUT = rf"\bбез\s+(?:единой\s+|одной\s+)?(?:{_NOUN}|[2-4](?!\w))"
_ALL = re.compile(rf"{_WITHOUT}|{_HONOURS}|\bна\s+(?:одни|все)\s+пят[её]рки\b", re.IGNORECASE)
_PIECES = {
    "<MARK>": _A_MARK, "<ANY>": _ANY, "<NOUN>": _MARK_WORD, "<COUNTED>": _COUNTED, "<NOT_OTHER>": _NOT_OTHER,
    "<HOW_MANY>": _HOW_MANY, "<HOW_MANY_COME>": _HOW_MANY_COME.pattern, "<HONOURS>": _HONOURS,
    "<WITHOUT>": _WITHOUT, "<CONTROL>": _CONTROL.pattern,
}  # fmt: skip
"""Pieces that the functions here read marks by; the others are rows of `forecast_words.csv`."""

_PIECE = re.compile(r"<[A-Z_]+>")
_GROUP_NAME = re.compile(r"\?P<\w+>")
_OF_SUBJECTS = COMPARING | {Wish.WHICH}
_TOGETHER = {(Wish.WEAKEST, Wish.STRONGEST): Wish.RANKING, (Wish.WORST, Wish.BEST): Wish.BOUNDS}
_WHO = r"(?:у\s+кого|кто|кому|кого|чьи|какие\s+ученики|список|покажи|who|which\s+students|list)"
_BAD = r"(?:двой\w*|двоеч\w*|неуд\w*|не\s?успева\w*|«?2»?|два|не\s?аттест\w*|н/а|отста\w*|failing|fails?|a\s+2|twos?)"
_COMES = r"(?:выходит|выйдет|выходят|выйдут|грозит|светит|получается|будет|может|риск\w*|скатыва\w*|heading|at\s+risk)"
_RISKS = re.compile(
    rf"\bриск\w*\b|\bat\s+risk\b|\brisk\s+list\b"
    rf"|\b{_WHO}\b.*\b{_COMES}.*{_BAD}"
    rf"|\b{_WHO}\b.*{_BAD}.*\b{_COMES}"
    rf"|\b{_WHO}\b.*\bна\s+грани\b|\bна\s+грани\b.*\b{_WHO}\b"
    rf"|\b(?:кто|who)\b.*\b(?:не\s?успева|двоечник|отста[её]т|неуспева|is\s+failing)"
    rf"|\b(?:which\s+students|who)\b.*\b(?:are|is)\s+failing|^\W*(?:мои\s+)?(?:двоечники|неуспевающие|отстающие)\W*$",
    re.IGNORECASE,
)


def hoped_mark(text: str) -> int | None:
    """The mark that is aimed at.

    Of «сколько пятёрок до четвёрки» it is the «4», of «сколько пятёрок надо» `NEXT_BETTER`, of «исправлю двойку» and of
    «чтобы не вышла двойка» «3».
    """
    named = [_mark_of(found["mark"]) for found in _WORD.finditer(text)]
    if (coming := _HOW_MANY_COME.search(text)) is not None:
        return _mark_of(coming["mark"])
    if (avoided := _NOT_TO_GET.search(text)) is not None:
        return min(_mark_of(avoided["mark"]) + 1, max(_MARKS))
    if _MENDED.search(text):
        return _mark_to_mend(text)
    if (between := _BETWEEN.search(text)) is not None:
        return _mark_of(between["mark"])
    counted = re.search(rf"{_HOW_MANY}(?:\w+\s)?", text, re.IGNORECASE)
    if counted is None:
        aim = _PURPOSE.search(text)
        return _mark_of(aim["mark"]) if aim else named[0] if named else None
    return _mark_counted_for(text, counted.end())


def _mark_counted_for(text: str, counted: int) -> int:
    """Of «сколько пятёрок до 4» and «4 сколько пятёрок» the «4»; `counted`: where «сколько» ends."""
    aims = [
        *_ASKED_FIRST.finditer(text), *_PURPOSE.finditer(text), *_AIM.finditer(text, counted), *_AIM.finditer(text),
    ]  # fmt: skip
    return _mark_of(aims[0]["mark"]) if aims else NEXT_BETTER


def marks_for_it(text: str) -> tuple[int, ...]:
    """The mark by which the one hoped for is to be reached: of «сколько четвёрок надо» 4; () for fives."""
    found = _BY.search(text)
    if found is None:
        return ()
    mark = _mark_of(found["mark"] or found["alone"] or found["only"])
    return () if mark in {min(_MARKS), max(_MARKS)} else (mark,)


def enough_marks(text: str) -> tuple[int, tuple[int, ...]] | None:
    """Of «хватит ли двух пятёрок до 4» the 4 and 5, 5; without a goal `NEXT_BETTER`; None where nothing is counted."""
    if re.search(_HOW_MANY, text, re.IGNORECASE):
        return None
    stays = _STAYS.search(text) or _STAYS_BEHIND.search(text)
    if stays is None and _ENOUGH.search(text) is None:
        return None
    goal = stays or next((found for found in _GOAL.finditer(text) if not _counts(found)), None)
    rest = f"{text[: goal.start()]} . {text[goal.end() :]}" if goal else text
    marks = supposed_marks(rest)
    if goal is None and len(marks) > 1 and _MENDED.search(text):
        return min(marks[-1] + 1, max(_MARKS)), marks[:-1]
    if not marks:
        return None
    aim = hoped_mark(goal[0]) if goal else None
    return aim or NEXT_BETTER, marks


def _counts(found: re.Match[str]) -> bool:
    """Whether the word is the count of other marks: «для двух пятёрок»."""
    return _COUNT_BEFORE.match(found.string, found.end()) is not None


def _mark_to_mend(text: str) -> int:
    """Of «исправить на 4» the «4», of «исправить двойку» the «3», of «перекрыть двойку» `NEXT_BETTER`."""
    if (onto := _ONTO.search(text)) is not None:
        return _mark_of(onto["mark"])
    said = _MENDED.search(text)
    if said is None or said["outweighs"]:
        return NEXT_BETTER
    mended = _WORD.search(text, said.end()) or _WORD.search(text)
    return min(_mark_of(mended["mark"]) + 1, max(_MARKS)) if mended else NEXT_BETTER


def asks_for_forecast(text: str, *, subjects: int = 0) -> bool:
    """Whether the words ask what will come of a mark, or whether one can be reached, whatever else they name.

    `subjects`: how many are named; «что лучше, физика или химия» compares them.
    """
    deciding = {"always", "two subjects"} if subjects > 1 else {"always"}
    decided = any(pattern.search(text) for _, decides, pattern in _forms() if decides in deciding)
    return decided or enough_marks(text) is not None


@cache
def _forms() -> list[tuple[Wish | None, str, re.Pattern[str]]]:
    """The rows of `forecast.csv`: the wish, what the row decides, the pattern."""
    return [
        (Wish(row["wish"]) if row["wish"] else None, row["decides"], form_pattern(row["pattern"]))
        for row in table_rows_of("forecast")
    ]


def form_pattern(row: str) -> re.Pattern[str]:
    """The expression of a row with its pieces put in."""
    whole = _PIECE.sub(lambda piece: f"(?:{_pieces()[piece[0]]})", row)
    return re.compile(_GROUP_NAME.sub("?:", whole), re.IGNORECASE)


@cache
def _pieces() -> dict[str, str]:
    return _PIECES | {f"<{row['piece']}>": row["pattern"] for row in table_rows_of("forecast_words")}


def supposed_marks(text: str) -> tuple[int, ...]:
    """The marks that are supposed to come next: of «если получу три пятёрки» 5, 5, 5; of «если 5 и потом 4» 5, 4."""
    after = text[_start_of_supposition(text) :]
    found = _ONE_OR_MORE.search(after) or _ONE_OR_MORE.search(text)
    marks: list[int] = []
    while found is not None and len(marks) < MOST_SUPPOSED:
        marks += _marks_of(found)
        joint = _AND_THEN.match(found.string, found.end())
        found = _ONE_OR_MORE.match(found.string, joint.end()) if joint else None
        found = None if found is not None and _COMES_OUT.match(found.string, found.end()) else found
    return tuple(marks[:MOST_SUPPOSED])


def wish_of(text: str, *, subjects: int) -> Wish | None:
    """What is asked besides a mark: «по каким предметам выходит тройка», «худшая оценка», «спорные оценки».

    `subjects`: how many are named; of one alone no subjects are compared.
    """
    if (wish := _wish_said(text, subjects)) is not None:
        return wish
    is_of_subject = subjects > 0
    if not is_of_subject and _ALL.search(text):
        return Wish.ALL
    if not is_of_subject and _HOW_MANY_COME.search(text):
        return Wish.WHICH
    if is_of_subject or _WORD.search(text) is None or _TAKES.search(text):
        return None
    return Wish.WHICH


def _wish_said(text: str, subjects: int) -> Wish | None:
    """The first wish of the table that the words say; of two that belong together both."""
    said = [
        wish
        for wish, decides, pattern in _forms()
        if wish is not None and _is_of(wish, decides, subjects) and pattern.search(text)
    ]
    both = next((wish for pair, wish in _TOGETHER.items() if said and said[0] in pair and {*pair} <= {*said}), None)
    return both or next(iter(said), None)


def _is_of(wish: Wish, decides: str, subjects: int) -> bool:
    """Whether a row counts beside so many subjects."""
    return (decides != "two subjects" or subjects > 1) and (wish not in _OF_SUBJECTS or subjects != 1)


def spared_mark(text: str) -> tuple[int, int] | None:
    """Of «сколько двоек можно, чтобы осталась 4» the 4 and the 2, of «сколько двоек до тройки» too.

    Without a mark to keep `NEXT_BETTER`.
    """
    spoiling = _BY.search(text) or _SPOILING.search(text)
    if spoiling is None:
        return None
    rest = f"{text[: spoiling.start()]} . {text[spoiling.end() :]}"
    kept = _WORD.search(rest)
    is_fallen_to = kept is not None and re.search(r"\bдо\s+$", rest[: kept.start()]) is not None
    by = _mark_of(next(filter(None, spoiling.groupdict().values())))
    return (min(_mark_of(kept["mark"]) + is_fallen_to, max(_MARKS)) if kept else NEXT_BETTER), by


def named_final(text: str) -> Final | None:
    """The final mark that is asked for: «годовая», «за полугодие»; None for the present term's."""
    if _YEAR.search(text):
        return Final.YEAR
    return Final.HALF_YEAR if _HALF_YEAR.search(text) else None


def is_of_control(text: str) -> bool:
    """«за контрольную»: what is supposed is a large work."""
    return _CONTROL.search(text) is not None


def _marks_of(found: re.Match[str]) -> list[int]:
    if found["noun"] is None:
        return [_mark_of(found["mark"])]
    count = next(count for count, forms in _COUNTS.items() if re.fullmatch(forms, found["count"], re.IGNORECASE))
    return [_mark_of(found["noun"])] * count


def is_supposition(text: str) -> bool:
    """«а если получу 3»."""
    return _SUPPOSED.search(text) is not None


def _start_of_supposition(text: str) -> int:
    found = _SUPPOSED.search(text)
    return found.end() if found else 0


def _mark_of(word: str) -> int:
    return next(mark for mark, forms in _MARKS.items() if re.fullmatch(rf"{forms}|{mark}\D*", word, re.IGNORECASE))


def asks_for_risks(words: str) -> bool:
    """Whether the words ask who of a class is at risk."""
    return _RISKS.search(words) is not None
