"""Recognises names: an own child by any form of the name, first names, patronymics and surnames."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import product

from bot.questions.tables import question_table_rows, question_table_words

_AFTER_VOWEL = {
    "а": ["а", "ы", "и", "е", "у", "ой", "ою", "ин", "ина", "ины", "ину", "иной", "ино", "иных", "ине", "иным"],
    "я": ["я", "и", "е", "ю", "ей", "ею", "ь", "ин", "ина", "ины", "ину", "иной", "ино", "иных", "ине", "иным"],
    "й": ["й", "я", "ю", "ем", "е", "и"],
    "ь": ["ь", "я", "и", "ю", "ем", "ью", "е"],
    "и": ["и"],
}
_AFTER_CONSONANT = ["", "а", "у", "ом", "ем", "е", "ы", "ов", "ова", "овы", "ову", "овой"]
_SURNAME_ENDINGS = ["", "а", "у", "ым", "ой", "е", "ы", "ых", "ыми"]
_MOST_NAMES = 512  # whose forms are kept
_FEMALE = ("ая", "ой", "ую", "ою")
_MALE = ("ий", "ый", "ого", "ому", "им", "ым", "ом")
_FOND_ENDINGS = (
    "юшка", "ушка", "енька", "онька", "очка", "ечка", "юша", "уля", "юля", "уся", "юся", "уня", "юня", "улька", "юлька",
    "унька", "юнька", "аша", "яша", "ашка", "яшка",
)  # fmt: skip
"""«Аглаюшка», «Дашенька»: fond forms that no list of names has."""

_VOWELS, _SHORTEST_NAME_STEM = "аяиейьо", 3
_MOVING_VOWEL = {"лев": "льв", "павел": "павл"}
_LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "yo", "ж": "zh", "з": "z", "и": "i", "й": "y",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip
_GENITIVE = re.compile(r"[а-я]{2,}(?:[аяыу]|(?<!л)и)(?<!ла)")
_PATRONYMIC = re.compile(
    r"\w+(?:[ое]вич|ович|ьич|[ое]вн|ичн|ин[иэ]чн)(?:а|у|ем|ом|е|ы|ой|и)?|\w{2,}[аы]ныч\w?|\w{2,}[ао]лыч\w?"
)
_FEMALE_WORD = re.compile(r".{2,}(?:вна|чна|шна|кызы|ова|ева|ёва|ина|ына|ская|цкая)")
_MALE_WORD = re.compile(r".{2,}(?:вич|ьич|мич|кич|оглы|ов|ев|ёв|ин|ын|ский|цкий)")
_UNMISTAKABLE = re.compile(r"\w{2,}(?:енко|чук|швили|дзе)")
_SURNAME = re.compile(
    r"\w{2,}(?:[ое]в|[иы]н)(?:а|у|ым|ой|е|ы|ых)?|\w{2,}[сц]к(?:ий|ая|ого|ой|ому|ую|им)|\w{2,}(?:ян|янц)"
)

_TOPIC_ALONE = re.compile(r"\W*(?:а|и)\s(?:у\s)?тем[уыае](?:\s(?:тоже|как))?\W*", re.IGNORECASE)
"""«а тему?» behind «во сколько забирать Машу»: Тёму."""

_TOPIC_THAT_SPEAKS = re.compile(
    r"\bтема(?=\s(?:(?:опять|снова|мне|нам|вчера|сегодня|завтра|уже|тут|там|сам|у меня)\s)*"
    r"(?:говорит|сказал|получ|сдал|сдаст|пишет|болеет|заболел|уш[её]л|приш[её]л|прид[её]т|опоздал|пропустил|прогул|учится"
    r"|забыл|утверждает|уверяет|клян[её]тся|вр[её]т|молчит|плачет|хочет|просит|боится|выйдет|выходит|вытян|законч|заканч"
    r"|освобод|успе|может|сможет|должен|ид[её]т|хорошист|отличник|во сколько|до скольк|ко скольк|к скольк|когда|сколько"
    r"|что|ч[её]|где)(?!\w*\s(?:была|урок)))|(?<=ом )тема(?=\s\w)|(?<=хорошист )тема\b|(?<=отличник )тема\b",
    re.IGNORECASE,
)
"""«тема опять говорит, что ничего не задали»: Тёма, where a child is called so."""

_BROTHER = re.compile(r"\bбрат(?:а|у|ом|ик[ау]?|ишк[аиеу])?\b", re.IGNORECASE)
_SISTER = re.compile(r"\bсестр(?:а|ы|е|у|[её]нк[аиеу]|ичк[аиеу])\b", re.IGNORECASE)
_WORDS = re.compile(r"\w+")
_TOPIC = re.compile(r"\bтем(?P<case>[аыеу])\b", re.IGNORECASE)
_HE_DID = re.compile(
    r"(?:\s(?!какая|была|урока)\w+){0,2}?\s(?!стол|пол|зал|бал)\w{3,}(?:л|лся)\b"
    r"|(?:\s(?:сейчас|сегодня|вчера|завтра|уже|ещё|еще))*\s(?:на каком|где|дома|в школе|на уроке|свободен"
    r"|освободится)\b",
    re.IGNORECASE,
)
"""«тема опаздывал»: a topic is feminine."""

_OF_CHILD = re.compile(
    r"дз|домашк\w*|домашн\w*|оценки|отметки|расписание|уроки|долги|пропуски|прогулы|прогноз|звонки|контрольные|учителя"
)
"""«тема дз на завтра»: the child; a topic is that of a lesson."""

_DID = re.compile(
    r"(?:заканчива|освобожда|уход|приход|получа|пропуска)\w*(?:ет|ит|ется|ится)|учится|\w{2,}(?:ил|ел|ал|ял|ул|ался|ился)"
)
_BEFORE_TOPICS = re.compile(
    r"как\w+|все|всех|эт\w+|нов\w+|прошл\w+|сложн\w+|трудн\w+|так\w+|нет|мимо|кроме|назв\w+|номер|список|план|по|из|и|а"
    r"|скажи|покажи|перечисли|напиши|дай|скинь|подскажи|повтори|выучи|\w{2,}(?:ть|ли|ют|ят|ем|им|ет|ит|ал|ла)"
)
_OF_TOPICS = re.compile(
    r"урок\w*|занят\w+|сочин\w+|контрольн\w+|доклад\w*|реферат\w*|проект\w*|прош\w+|проход\w+|были|будут"
)
"""«темы уроков», «какие темы»."""

_SPEAKS_OF = re.compile(r"спрашива|говор|теперь|я$|$", re.IGNORECASE)
"""«я про тему спрашиваю»: the child."""

_AT_TOPIC = re.compile(r"по|о|об|в|к|на|при|\w+[оеё]й|одной")
_WHOM = re.compile(
    r"забрать|забира\w+|заберу|вызва\w+|вызыва\w+|спроси\w*|спрашива\w+|предупред\w+|отпуст\w+|ждать|жд[уе]\w*|хвал\w+|руга\w+"
)


class PeopleInQuestion:
    """The asker's children and all forms that their names take."""

    def __init__(self, children: Sequence[tuple[int, str]]) -> None:
        """`children`: id and full name, the surname first as schools write it."""
        self.ids = tuple(child_id for child_id, _ in children)
        self._women = {child_id: _is_female(name) for child_id, name in children}
        self._forms = [
            (child_id, _all_forms(written)) for child_id, name in children for written in name.casefold().split()
        ]

    def named_by(self, word: str) -> frozenset[int]:
        """Own children that bear this name in some form."""
        return frozenset(child_id for child_id, forms in self._forms if word in forms)

    def only_one_named(self, text: str) -> int | None:
        """The one own child whose name stands in the text; None for none and for several."""
        words = re.findall(r"\w+", text.casefold().replace("ё", "е"))
        named = frozenset[int]().union(*map(self.named_by, words))
        return next(iter(named)) if len(named) == 1 else None

    def of_sex(self, *, female: bool) -> tuple[int, ...]:
        """The daughters, or the sons, as far as the names tell."""
        return tuple(child_id for child_id, known in self._women.items() if known is female)

    def with_siblings_as_children(self, text: str) -> str:
        """«а у брата по алгебре» of a mother of a son and a daughter: her son."""
        for spoken, female, meant in ((_BROTHER, False, "сына"), (_SISTER, True, "дочери")):
            if len(self.ids) > 1 and len(self.of_sex(female=female)) == 1:
                text = spoken.sub(meant, text)
        return text

    def with_topic_as_name(self, text: str, *, may_be_topic: bool) -> str:
        """«тема опять говорит»: Тёма, where a child is called so; alone only where no topic was spoken of."""
        if not self.named_by("тема"):
            return text
        if not may_be_topic and _TOPIC_ALONE.fullmatch(text):
            return text.replace("ем", "ём")
        return _TOPIC.sub(self._topic_or_name, _TOPIC_THAT_SPEAKS.sub("тёма", text))

    def _topic_or_name(self, found: re.Match[str]) -> str:
        """«средний балл темы», «теме задали», «сравни машу и тему»: the child."""
        before, behind = _WORDS.findall(found.string[: found.start()]), _WORDS.findall(found.string[found.end() :])
        last, following = (before[-1:] or [""])[0].casefold(), (behind[:1] or [""])[0].casefold()
        beside = before[-2:-1] if last == "и" else behind[1:2] if following == "и" else []
        is_joined = any(self.named_by(word.casefold().replace("ё", "е")) for word in beside)
        is_told = last == "про" and _SPEAKS_OF.match(following) is not None
        is_name = (
            is_joined
            or is_told
            or {
                "а": _HE_DID.match(found.string[found.end() :]) is not None
                or _OF_CHILD.fullmatch(following) is not None
                or (not behind and _DID.fullmatch(last) is not None),
                "ы": bool(last) and _BEFORE_TOPICS.fullmatch(last) is None and _OF_TOPICS.fullmatch(following) is None,
                "е": _AT_TOPIC.fullmatch(last) is None,
                "у": _WHOM.fullmatch(last) is not None,
            }[found["case"].casefold()]
        )
        return f"{found[0][0]}ём{found['case']}" if is_name else found[0]


def _is_female(name: str) -> bool | None:
    """By the patronymic, else by the surname; None where neither tells."""
    for word in (*reversed(name.casefold().split()[1:]), name.casefold().split()[0] if name.split() else ""):
        if _FEMALE_WORD.fullmatch(word):
            return True
        if _MALE_WORD.fullmatch(word):
            return False
    return None


def is_forename_in_question(word: str, *, stands_out: bool) -> bool:
    """True for a first name in any case and form; one that is also a word («слава») only where `stands_out`."""
    needs_capital = _first_names().get(word)
    return needs_capital is not None and (stands_out or not needs_capital)


def is_surname_in_question(word: str) -> bool:
    """True for a common surname in any case, or an ending that only surnames have."""
    return word in _surnames() or _UNMISTAKABLE.fullmatch(word) is not None


def looks_like_genitive_name(word: str) -> bool:
    """True where an unknown word may be a name in the genitive («оценки дамира»); False for «пришли»."""
    return _GENITIVE.fullmatch(word) is not None


def looks_like_patronymic(word: str) -> bool:
    """True for a patronymic in any case, also a spoken one («Иваныч»)."""
    return _PATRONYMIC.fullmatch(word) is not None


def looks_like_surname(word: str) -> bool:
    """True by its ending only, so a capital letter is needed as well."""
    return _SURNAME.fullmatch(word) is not None


@lru_cache(maxsize=_MOST_NAMES)
def _all_forms(written: str) -> frozenset[str]:
    """Russian and Latin forms of one word of a name; kept, since they are many and a family asks more than once."""
    word = written.replace("ё", "е")
    return frozenset((*_forms_of_child(word), *_latin_forms(word, written)))


def _forms_of_child(word: str) -> Iterator[str]:
    """All forms of one word of a child's name. A form that sons and daughters share («Ромашкина») fits both."""
    yield from _forms(word)
    if word.endswith(("ова", "ева", "ина", "ына")):
        yield from (word[:-1] + ending for ending in ("а", "ой", "у", "ою", "ы", "ых", "ыми"))
    elif word.endswith(("ая", "ий", "ый")):
        yield from (word[:-2] + ending for ending in (_FEMALE if word.endswith("ая") else _MALE))
    else:
        yield from (word + ending for ending in _SURNAME_ENDINGS if ending != "ой")
    for other in _other_names(word):
        yield from _forms(other)
    stems = {stem for name in (word, *_other_names(word)) for stem in (name[:-1], name.rstrip(_VOWELS))}
    for stem, ending in product((each for each in stems if len(each) >= _SHORTEST_NAME_STEM), _FOND_ENDINGS):
        yield from _forms(stem + ending)


def _latin_forms(word: str, written: str) -> Iterator[str]:
    """«Maria», «Masha», «Artyom»: how a name is written in English; `written`: with its «ё»."""
    for name in (written, *_other_names(word)):
        latin = "".join(_LATIN.get(letter, letter) for letter in name)
        yield from {latin, latin.replace("iya", "ia"), latin.replace("ya", "ia"), latin.replace("yo", "e")}


def _forms(name: str) -> Iterator[str]:
    yield name
    stem = _MOVING_VOWEL.get(name, name)
    endings = _AFTER_VOWEL.get(name[-1:])
    yield from (
        (stem[:-1] + ending for ending in endings) if endings else (stem + ending for ending in _AFTER_CONSONANT)
    )


@cache
def _short_forms() -> Mapping[str, tuple[str, ...]]:
    return {
        row["formal"].rstrip("!"): tuple(each.rstrip("!") for each in row["short"].split())
        for row in question_table_rows("names")
    }


@cache
def _other_names(word: str) -> frozenset[str]:
    """The short forms of a name; of a short one also those of the names that it may stand for: «Маша» is «Машка»."""
    shorts = _short_forms()
    formal = [each for each, short in shorts.items() if word in short]
    return frozenset({*shorts.get(word, ()), *formal, *(other for each in formal for other in shorts[each])})


@cache
def _first_names() -> Mapping[str, bool]:
    """Every form of every name, and whether it needs a capital letter: a form of two names only where both do."""
    found: dict[str, bool] = {}
    for row in question_table_rows("names"):
        for name in (row["formal"], *row["short"].split()):
            for form in _forms(name.rstrip("!")):
                found[form] = name.endswith("!") and found.get(form, True)
    return found


@cache
def _surnames() -> frozenset[str]:
    return frozenset(stem + ending for stem in question_table_words("surnames") for ending in _SURNAME_ENDINGS)
