"""Finds the mark in a question about a forecast: hoped for, supposed, enough or not; and asks for the risk list."""

import re

from bot.questions.model import Final, Wish

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
_MENDED = re.compile(r"исправ|испрал|\b(?P<outweighs>перекр[оы]|закры\w+\s+(?:дв|тр|пару|2|3))", re.IGNORECASE)
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
    1: r"одн\w+|a|one",
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
    r"|how|need|реально|точно|между|или)\b",
    re.IGNORECASE,
)
_FINALS = (
    r"\b(?:оценк|оценок|отметк|отметок|предмет|четвертн|четверт[ьи]|полугод|итогов|годов|выход|выйд|получ"
    r"|marks?\b|grades?\b|subjects?\b)"
)
_OPEN = (
    r"\b(?:под\s+(?:больш\w+\s+)?вопрос\w+|не\s*решен\w*|не\s*решён\w*|не\s*определ\w+|не\s*ясн\w+|не\s*понятн\w+"
    r"|сомнительн\w+|колебл\w+|шатк\w+|на\s+волоск\w+|undecided|uncertain|unclear|not\s+clear)"
)
_UNCLEAR = re.compile(
    r"\bспорн\w*|\bпограничн\w*|\bна\s+грани\b|\bна\s+границе\b|\bborderline\b"
    rf"|{_FINALS}[^?!.]*{_OPEN}|{_OPEN}[^?!.]*{_FINALS}|^\W*(?:что|где)\s+(?:\w+\s){{0,3}}?под\s+вопросом",
    re.IGNORECASE,
)
_ENDS = (
    r"(?:выйти|выйдет|выходит|может|могу|можно|возможн\w*|получу|получить(?:ся)?|получит(?:ся)?|четверт\w*|полугоди\w*"
    r"|год\w*|случа\w+)"
)
_WORST = (
    r"\b(?:худш\w*|наихудш\w*|минимум|минимальн\w*|хуже\s+всего|плох\w+\s+чт[оё]"
    r"|сам\w+\s+(?:плох|низк|страшн)\w+|worst)\b"
)
_BEST = r"\b(?:лучш\w*|наилучш\w*|максимум|максимальн\w*|лучше\s+всего|сам\w+\s+(?:хорош|высок)\w+|best)\b"
_NO_MORE = (
    r"\bесли\b[^?!.]*\b(?:больше|новых)\b[^?!.]*\bне\s+(?:будет|получ\w+|постав\w+|появ\w+)|\bесли\s+(?:вс[её]\s+)?остав\w+\s+как"
    r"|\bесли\s+(?:вс[её]\s+)?остан\w+\s+(?:так|как)|\bесли\s+ничего\s+не\s+(?:делать|получ\w+|исправ\w+)"
    r"|\bесли\s+не\s+исправ\w+|\bif\s+nothing\s+(?:more|else|changes)"
)
_NOT_WRITTEN = (
    r"\b(?:не\s+(?:пи[сш]|напи[сш]|сда|при[дй]|идти|пойд|ход|дела|явл)\w*|пропу[сщ]\w+|прогул\w+|без"
    r"|skip\w*|miss|without)\b"
)
_COMES_TO = r"\b(?:могу|можно|может|можем|если|выйдет|выходит|что\s+будет|сколько\s+будет|can|may|if)\b"
_AS_IS = re.compile(
    rf"{_NO_MORE}|^(?=.*{_COMES_TO})(?!.*\b(?:почему|когда|дз|домашк\w*|задал\w*)\b)[^?!.]*{_NOT_WRITTEN}\s+(?:\w+\s+){{0,3}}?{_CONTROL.pattern}",
    re.IGNORECASE,
)
_EXTREMES = (Wish.AS_IS, _AS_IS.pattern), (Wish.WORST, _WORST), (Wish.BEST, _BEST)
_YEAR = re.compile(r"\bгодов\w+|\b(?:в|за|на)\s+(?:\w+\s+)?год(?:у|а)?\b|\b(?:year|annual)\b", re.IGNORECASE)
_HALF_YEAR = re.compile(r"\bполугод\w*|\bhalf.?year\b", re.IGNORECASE)
MOST_SUPPOSED = 6
"""Marks that one question supposes."""

_IF = r"\b(?:если|ежели|коли|вдруг|допустим|if|suppose)\b"
_GETS = r"\b(?:получ\w+|постав\w+|напиш\w+|схва\w+|закрою|закроет|get|gets|got)\b"
_REACHES = r"\b(?:вытян\w+|дотян\w+|натян\w+|исправ\w+|подтян\w+|выкарабк\w+|закрыть|успе\w+|выйти)\b"
_FINAL = r"\b(?:как\w+\s+(?:оценк|отметк)\w+|итогов\w+|четвертн\w+|годов\w+|полугодов\w+|четверт[ьи]|полугоди\w+)\b"
_COMING = r"\b(?:ожида\w+|законч\w+|намеча\w+|вырисов\w+|светит|грозит|прогноз\w*)\b"
_A_MARK = rf"{_NO_PART}[«\"']?(?:{_ANY}){_NOT_OTHER}"
_COMING_NOW = (
    r"(?:выход\w*|выйд\w*|будет|будут|буду|светит|светят|грозит|грозят|получа[ею]тся|получ[иа]тся|ожида\w+|намеча\w+|прогноз\w*"
    r"|идут|идет|ид[её]т|will|coming|heading)"
)
_HOW_MANY = r"\b(?:(?:по\s+)?скольк\w*|скок\w*|how\s+many)\s+"
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
_COUNT_BEFORE = re.compile(rf"\s+(?:ещё\s+|еще\s+)?(?:{_NOUN}|[2-5]\b)", re.IGNORECASE)
_ENOUGH = re.compile(
    r"(?<!\bне\s)\b(?:хват(?:ит|ает|ило)|достаточн\w+|спас[её]т|спасут|прокат[ия]т|выруч[аи]т|помо(?:жет|гут)|исправ[ия]т|вытян[еу]т|перекро[ею]т|enough)\b",
    re.IGNORECASE,
)
_HONOURS = r"\b(?:хорошист|ударни[кц]|отлични[кц])\w*"
_OF_OTHERS = r"\b(?:кто|кого|сколько|список|все|всех|в\s+класс\w+|класса|who|list)\b"
_WITHOUT = rf"\bбез\s+(?:единой\s+|одной\s+)?(?:{_NOUN}|[2-4](?!\w))"
_ALL = re.compile(rf"{_WITHOUT}|{_HONOURS}|\bна\s+(?:одни|все)\s+пят[её]рки\b", re.IGNORECASE)
_HOLDS = (
    r"\b(?:держ\w+|удерж\w+|продерж\w+|оста[её]тся|остан\w+|сохран\w+|подтверд\w+|съед\w+|слет\w+|потеря\w+"
    r"|над[её]жн\w+|крепк\w+|прочн\w+)\b"
)
_THREATENS = r"\b(?:риск\w*|опасност\w+|угро\w+|вероятност\w+|шанс\w*|risk\w*|danger)\b"
_AVERAGE = r"\b(?:средн\w+|ср\.?\s*балл?|average)\b"
_ASKS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        _AS_IS.pattern,
        _HOW_MANY_COME.pattern,
        rf"^(?!.*{_OF_OTHERS}).*{_HONOURS}",
        rf"\b(?:подним|вырас|вырос|повыс|дойд|дорас)\w+\s[^?!.]*\b(?:до|на)\s+{_A_MARK}",
        rf"\b(?:далеко|много|немного)\b[^?!.]*\bдо\s+{_A_MARK}|\bдо\s+{_A_MARK}[^?!.]*\b(?:далеко|много|немного)\b",
        rf"\bвы(?:хо[жд]|йд)\w+\s+(?:\w+\s+){{0,3}}?на\s+{_A_MARK}",
        rf"{_WITHOUT}[^?!.]*{_FINALS}|(?:{_FINALS}|\b(?:законч|можно|остан|обойд)\w*)[^?!.]*{_WITHOUT}",
        rf"(?:{_HOLDS}|{_THREATENS})[^?!.]*{_A_MARK}|{_A_MARK}[^?!.]*(?:{_HOLDS}|{_THREATENS})",
        rf"{_AVERAGE}[^?!.]*\b(?:выход\w+|выйдет|получ\w+ся|прогноз\w*)|\b(?:выход\w+|прогноз\w*)[^?!.]*\bи\b[^?!.]*{_AVERAGE}",
        rf"{_WORST}[^?!.]*\b{_ENDS}\b|\b{_ENDS}\b[^?!.]*{_WORST}",
        rf"{_BEST}[^?!.]*\b{_ENDS}\b|\b{_ENDS}\b[^?!.]*{_BEST}",
        _UNCLEAR.pattern,
        rf"{_IF}[^?!.]*{_GETS}[^?!.]*{_A_MARK}",
        rf"{_IF}\s[^?!.]*{_A_MARK}",
        rf"{_IF}\s[^?!.]*{_COUNTED}",
        rf"\b(?:сколько|скольк\w*|скок\w*|how many)\s+(?:\w+\s+){{0,3}}?{_A_MARK}[^?!.]*\b(?:чтоб\w*|перекры\w+)\b",
        rf"\bперекры\w+[^?!.]*{_A_MARK}",
        rf"\bэто\s+{_A_MARK}(?:\s+или\s+{_A_MARK}|\W*$)",
        rf"{_A_MARK}\s+или\s+{_A_MARK}\W*$",
        rf"\b(?:нужна|надо|хочу|хочется|нужен)\s+{_A_MARK}(?=\s+(?:по|в|за)\s|\W)",
        rf"{_IF}\s(?:\w+\s){{0,3}}{_A_MARK}\W*$",
        rf"\b(?:реально|возможно|можно|смогу|сможет|могу)\b[^?!.]*(?:{_REACHES}|{_GETS})[^?!.]*{_A_MARK}",
        rf"\b(?:вытян|дотян|натян)\w+\b[^?!.]*{_A_MARK}",
        r"\b(?:стану|стать|буду|выйду|остан\w+|будет|станет)\b[^?!.]*\b(?:отличн|хорошист|троечн)\w*",
        rf"{_A_MARK}[^?!.]*\b(?:точно|наверняка|реально|возможно|for sure)\W*$",
        rf"\b(?:получу|получит|поставят)\b[^?!.]*{_A_MARK}[^?!.]*\b(?:что|какая)\b",
        rf"\bчтоб\w*\s+не\s[^?!.]*{_A_MARK}",
        rf"\b(?:сколько|скольк\w*|скок)\b[^?!.]*\bдо\s+[«\"']?(?:{_ANY}){_NOT_OTHER}",
        rf"\bмежду\s+(?:{_ANY})\s+и\s+(?:{_ANY})",
        rf"\bчтоб\w*\s[^?!.]*\b(?:выш\w+|вых\w+|был[ао])\b[^?!.]*{_A_MARK}",
        rf"{_IF}[^?!.]*\b(?:будет|выйдет)\s+{_A_MARK}(?=\s+(?:по|за|в)\s|\W*$)",
        r"\b(?:будет|выйдет|съе\w+|скач\w+)\b[^?!.]*\b(?:двойк|тройк|четв[её]рк|пят[её]рк)\w*",
        rf"{_FINAL}[^?!.]*{_COMING}|{_COMING}[^?!.]*{_FINAL}|\bwhat grade\b[^?!.]*\b(?:heading|on track)\b",
    )
]
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
    counted = re.search(r"(?:сколько|how many)\s(?:\w+\s)?", text, re.IGNORECASE)
    if counted is None:
        aim = _PURPOSE.search(text)
        return _mark_of(aim["mark"]) if aim else named[0] if named else None
    aims = [*_PURPOSE.finditer(text), *_AIM.finditer(text, counted.end()), *_AIM.finditer(text)]
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
    if _ENOUGH.search(text) is None or re.search(_HOW_MANY, text, re.IGNORECASE):
        return None
    goal = next((found for found in _GOAL.finditer(text) if not _counts(found)), None)
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
    return (
        re.match(rf"\s+(?:ещё\s+|еще\s+)?(?:{_NOUN}|[2-5]\b)", found.string[found.end() :], re.IGNORECASE) is not None
    )


def _mark_to_mend(text: str) -> int:
    """Of «исправить на 4» the «4», of «исправить двойку» the «3», of «перекрыть двойку» `NEXT_BETTER`."""
    if (onto := _ONTO.search(text)) is not None:
        return _mark_of(onto["mark"])
    said = _MENDED.search(text)
    if said is None or said["outweighs"]:
        return NEXT_BETTER
    mended = _WORD.search(text, said.end()) or _WORD.search(text)
    return min(_mark_of(mended["mark"]) + 1, max(_MARKS)) if mended else NEXT_BETTER


def asks_for_forecast(text: str) -> bool:
    """Whether the words ask what will come of a mark, or whether one can be reached, whatever else they name."""
    return any(pattern.search(text) for pattern in _ASKS) or enough_marks(text) is not None


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


def wish_of(text: str, *, is_of_subject: bool) -> Wish | None:
    """What is asked besides a mark: «по каким предметам выходит тройка», «худшая оценка», «спорные оценки»."""
    if _UNCLEAR.search(text):
        return Wish.EDGE
    for wish, words in _EXTREMES:
        if re.search(words, text, re.IGNORECASE):
            return wish
    if not is_of_subject and _ALL.search(text):
        return Wish.ALL
    if not is_of_subject and _HOW_MANY_COME.search(text):
        return Wish.WHICH
    if is_of_subject or _WORD.search(text) is None or _TAKES.search(text):
        return None
    return Wish.WHICH


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
