"""Cuts a text into what is asked and what is remarked beside it, and into its clauses."""

import re
from functools import cache

from bot.questions.tables import question_table_rows

_TOLD = re.compile(
    r"(?P<asked>[^,.!?]{8,})[,.!]\s*(?P<told>(?=.*\b(?:я|мы|он|она|они|мне|нам|меня|его|е[её]|ему|ей|пропустил\w*|болел\w*"
    r"|забыл\w*|потерял\w*|говорит|сказал\w*|уверя\w+)\b)"
    r"(?!.*(?:\?|\b(?:что|ч[её]|когда|сколько|скок\w*|как(?:ой|ая|ие|ое|их)|кто|где|куда|чтоб\w*|есть ли)\b"
    r"|\bесли\b.*(?:получ|постав|\d|двой|трой|четв|пят))).*)",
    re.IGNORECASE | re.DOTALL,
)
"""«какой параграф читать, тему пропустил»."""

_CLAUSE_END = re.compile(r"[,;:!?…()\n]+|\s[–—-]\s|\.(?!\d)|\s(?=(?:подскажите|скажите)\s)")
_FEWEST_LETTERS, _MOST_CLAUSES = 3, 6
_LONGEST_PAIR, _MOST_JOINTS = 200, 4
_BETWEEN_QUESTIONS = re.compile(
    r"(?P<mark>[?;\n]+)\s*(?:(?:и|а)\s)?(?=\w)|[.,!]?\s(?P<and>и|а ещё|а еще|а также|плюс|\+|/|and)\s"
    r"(?:(?:ещё|еще|также|заодно|also)\s)?|[.,]?\s(?:ещё|еще|также|заодно)\s"
    r"|(?P<comma>,)\s(?=(?:кто|что|ч[еёо]|когда|сколько|скок|во сколько|где|как(?:ой|ая|ие|ое)|\w{3,}\sли)\b)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\?\s*$|\b(?:(?:что|ч[еёо])(?!\sли\b)|шо|ко?[гд]да|кагда|када|сколько|скок\w*|скольк\w|как|как(?:ой|ая|ое|ие|ого|ую|им|ом)|кто|кого|где|куда"
    r"|есть|нет ли|нужн\w ли|надо ли|почему"
    r"|покажи\w*|подскажи\w*|скажи\w*|напиши\w*|\w{3,}\sли|what|when|how|which|who|where|why|are|is|any)\b(?!-)",
    re.IGNORECASE,
)
_BARE_QUESTION = re.compile(
    r"(?!.*(?:дво[йе]|тро[йе]|четв[её]р(?!г)|пят[её]р|\d))\W*\w+(?:\s\w+){0,2}\W*"
    r"|\W*у\s\w+\sпо\s\w+(?:\s\w+)?\W*"
    r"|\W*(?:дз|домашк\w*|домашнее|задани\w+|уроки|расписание|оценки|звонки|контрольн\w+|замены|долги|пропуски)\b(?:\s\w+){0,6}\W*"
    r"|\W*(?:(?:на|во?)\s)?\d{1,2}(?:\.\d\d|-?(?:го|е|ое)|\s(?:январ|феврал|март|апрел|ма[яй]|июн|сентябр|октябр|ноябр|декабр)\w*)\W*",
    re.IGNORECASE,
)
"""«дз на завтра»: a question without a question word."""

_OF_THE_FIRST = re.compile(r"\bэто\b", re.IGNORECASE)
"""«сколько баллов и какая это оценка»: one question."""

_BEFORE_REMARK = re.compile(r"(?P<asked>[^?]*\?)(?P<remark>(?!.*\b(?:если|при|if)\b)[^?]*\w[^?]*)", re.IGNORECASE)
_BEFORE_REASON = re.compile(
    r"^(.*\b(?:почему|отчего|за что)\b(?:[^,]|,\d)*?)"
    r"(?:,\s*(?:а\s|и\s)?(?:если|хотя|ведь|когда|раз)|\s(?:если|хотя|ведь))\b.*$",
    re.IGNORECASE | re.DOTALL,
)
_WHOSE_REASON = re.compile(r"\bу\s(?:не[её]|него)\b", re.IGNORECASE)

_ASKED_SENTENCE = re.compile(r"[^.!?]+\?")


def split_words_at_remark(text: str) -> tuple[str, str]:
    """The question and what is remarked behind it, «Боюсь, что тройка»; a condition is no remark."""
    found = _BEFORE_REMARK.fullmatch(text)
    return (text, "") if found is None else (found["asked"], found["remark"])


def split_words_at_reason(text: str) -> tuple[str, str]:
    """The question and the reason behind it: «до скольки уроки, а то бабушка ждёт»; ("", "") without one."""
    found = _reason().fullmatch(text)
    return ("", "") if found is None else (found["asked"], found["reason"])


def split_words_at_told(text: str) -> tuple[str, str]:
    """The words before the first comma, where those behind it tell of somebody and ask for nothing; else ("", "")."""
    found = _TOLD.fullmatch(text)
    return ("", "") if found is None else (found["asked"], found["told"])


@cache
def _reason() -> re.Pattern[str]:
    begins = "|".join(row["begins"] for row in question_table_rows("remarks"))
    return re.compile(rf"(?P<asked>.*?\w.*?)[\s,.;!–—(-]+(?P<reason>(?:{begins}).*)", re.IGNORECASE | re.DOTALL)


def clauses_of_words(text: str) -> list[str]:
    """All runs of clauses, the longest first, except the whole: of «a, b, c» «a, b», «b, c», «a», «b», «c».

    Of many clauses all from the sixth on are one: there are some twenty runs at most, for each one is read.
    """
    inner = [found.end() for found in _CLAUSE_END.finditer(text) if found.end() < len(text)]
    ends = [0, *inner[: _MOST_CLAUSES - 1], len(text)]
    runs = [text[start:end] for place, start in enumerate(ends) for end in ends[place + 1 :]]
    whole = [run.strip() for run in runs if run != text and sum(map(str.isalpha, run)) >= _FEWEST_LETTERS]
    return sorted(whole, key=len, reverse=True)


def is_clause_asked(clause: str) -> bool:
    """Whether it has a question word, or is as short as «дз на завтра»."""
    return _ASKS.search(clause) is not None or _BARE_QUESTION.fullmatch(clause) is not None


def pairs_of_questions(text: str, *, are_asked: bool) -> list[tuple[str, str]]:
    """Ways to read two questions in a text: «что задали», «какие уроки» of «что задали и какие уроки».

    `are_asked`: only where each has a question word or is as short as «дз на завтра», for else it may tell something.
    Behind a comma or a full stop alone is what is told, not asked.
    """
    pairs: list[tuple[str, str]] = []
    if len(text) > _LONGEST_PAIR:
        return pairs
    for joint in list(_BETWEEN_QUESTIONS.finditer(text))[:_MOST_JOINTS]:
        first, second = text[: joint.end("mark")] if joint["mark"] else text[: joint.start()], text[joint.end() :]
        both = (first, second)
        bare = bool(joint["and"] or joint["comma"])
        is_asked = [not are_asked or _ASKS.search(each) or (bare and _BARE_QUESTION.fullmatch(each)) for each in both]
        is_list = first[-1:].isdigit() and second[:1].isdigit()  # «4 и 5 ноября»
        if all(is_asked) and not is_list and not _OF_THE_FIRST.search(second):
            pairs.append(both)
    return pairs


def words_before_reason(text: str) -> str:
    """«почему 4 за четверть» of «почему 4 за четверть, если последняя пятёрка»; «у неё» stays, for it names a child."""
    asked = _BEFORE_REASON.sub(r"\1", text)
    whose = _WHOSE_REASON.search(text[len(asked) :]) if len(asked) < len(text) else None
    return f"{asked} {whose[0]}" if whose else asked


def asked_words_and_rest(text: str) -> tuple[str, str]:
    """The one sentence with a question mark, and the others that say why; empty where there is no such one."""
    asked, rest = _ASKED_SENTENCE.findall(text), _ASKED_SENTENCE.sub("", text)
    return (asked[0], rest) if len(asked) == 1 and rest.strip() else ("", "")
