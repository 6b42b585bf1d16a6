"""Cuts a text into what is asked and what is remarked beside it, and into its clauses."""

import re
from functools import cache

from bot.questions.spelling import is_one_letter_away
from bot.questions.tables import question_table_rows
from bot.questions.words import ORDINALS

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
    r"|(?P<comma>,)\s(?=(?:кто|что|ч[еёо]|когда|сколько|скок|во сколько|где|как(?:ой|ая|ие|ое)|есть ли|будет ли)\b)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\?\s*$|\b(?:что|ч[еёо]|шо|когда|сколько|скок\w*|скольк\w|как|как(?:ой|ая|ое|ие|ого|ую|им|ом)|кто|кого|где|куда"
    r"|есть|нет ли|нужн\w ли|надо ли|почему"
    r"|покажи\w*|подскажи\w*|скажи\w*|напиши\w*|будет ли|будут ли|what|when|how|which|who|where|why|are|is|any)\b(?!-)",
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
_AVERAGES = re.compile(r"(?=.*(?<![\d.])[2-5]\.(?:1[3-9]|[2-9]\d)(?![\d.]))(?!.*\d\d\.\d)", re.DOTALL)
_POINT_BETWEEN_DIGITS = re.compile(r"(?<![\d.])([2-5])\.(?=\d{1,2}(?![\d.]))")
"""«почему 4.95, а не 4.5»: beside a number that is no day another one is none either."""

_POINT_OF_AVERAGE = re.compile(
    r"(\bсредн\w*\s(?:балл\w*\s)?[2-5]|\bу\s\w+\s[2-5](?=\.\d{1,2}\s(?:по|средн|балл|в|выходит)\b))\.(?=\d{1,2}\b(?!\.))",
    re.IGNORECASE,
)
_MARK_BEFORE_DAY = re.compile(
    r"(\b(?:за что|почему|откуда|отчего)\s)([2-5])(?:(\sи\s)([2-5]))?(?=\s(?:(?:по\s)?\w+\s)?(?:\d{1,2}"
    r"|\w{4,}(?:ого|его|ого))"
    r"(?:\s(?:янв|фев|мар|апр|ма[йя]|июн|сен|окт|ноя|дек|числ)|[./]\d))",
    re.IGNORECASE,
)
_OF_THING = re.compile(
    r"(?:(?<=вместо )|(?<=до )|(?<=после )|(?<=перед )|(?<=от )|(?<=за ))(?:не[её]|него|них|ней|ним|ними)\b|"
    r"(?<!у )\b(?:е[её]|его|их|ей|ему|с ней|с ним|ней|ним)\b"
    r"(?=\s(?:(?:\w+\s){0,2}?(?:исправ|пересда|перепис|закры|сда(?:ть|вать)\b|перекры|вед[её]т|препода[её]т|учит\b|убра|убер|снять|отмен|замен|поправ"
    r"|провер|связаться|передать)|как\b|зовут|звать|имя|отчество|телефон|номер\b|почт))"
    r"|(?:(?<=исправить )|(?<=переписать )|(?<=сдал )|(?<=сдала )|(?<=исправил )|"
    r"(?<=\bон )|(?<=\bона )|(?<=исправила ))(?:е[её]|его|их)\b"
    r"|(?:(?<=телефон )|(?<=номер )|(?<=почта )|(?<=зовут )|(?<=отчество )|(?<=имя ))(?:е[её]|его)\b"
    r"|(?<=связаться )с (?:ней|ним)\b"
    r"|(?:(?<=написать )|(?<=передать ))(?:ей|ему)\b",
    re.IGNORECASE,
)
"""«как её исправить», «дайте её телефон», «кто вместо неё»: a pronoun that stands for no child."""

_SLIPS = ("средний", "последняя", "последний", "начинается", "заканчивается")
_STEMS = ("средн", "последн", "начин", "законч", "заканч")
_LONG_WORD = re.compile(r"[^\W\d_]{5,}")
"""Words by which patterns tell what is asked: «срдений» is «средний»."""

_DIGIT_FOR_LETTER = re.compile(r"\b(?:4(?=[её]тверт|исл[ао])|3(?=ада[лнв]|автра)|0(?=цен|тмет))", re.IGNORECASE)
_WHOSE_REASON = re.compile(r"\bу\s(?:не[её]|него)\b", re.IGNORECASE)
_OUT_TOGETHER = re.compile(r"\bвместе\sвыход\w+", re.IGNORECASE)
_PAIR_LESSON = re.compile(
    r"\b(?P<which>перв\w+|втор\w+|трет\w+|четв[её]рт\w+|последн\w+|как\w+)(?P<blank>\s?)пар(?:а|ы|у|ой|е)\b",
    re.IGNORECASE,
)
"""«первая пара»: a lesson."""

_PAIR_MARK = re.compile(r"\bпар[ау]\b(?=\s(?:есть|по|получ|схват|влеп|у\s)|\W*$)", re.IGNORECASE)
"""«у меня пара есть?»: a two."""

_JOINED_NUMBER = re.compile(r"\b([1-8])(?:й|ый|ой|ий|го|му|м|ым|ом|ого)\b(?=\sурок)", re.IGNORECASE)
_BELL_OF_LESSON = re.compile(r"\b(звонок\w*\s(?:со?|на)\s[1-8])-?(?:го|й|м)?\b(?!\s?урок|[:.])", re.IGNORECASE)
_FOR_WEEKDAY = re.compile(r"\bза\s(?=(?:понедельник|вторник|среду|четверг|пятницу|субботу)\b.*\bзада)", re.IGNORECASE)
"""«за вторник что задали»: the one that is over."""

_BIRTHDAY = re.compile(r"\b(?:день рождения|днюха|др)\s(?:(?:у\s\w+|будет|это)\s){0,2}(?=\d{1,2}[\s.])", re.IGNORECASE)
"""«день рождения 29 октября, учёба есть?»: that day."""

_LACKS = re.compile(r"\b(чего|сколько|что)\sне хвата\w+\s(?=по\s\w+(?:\s\w+)?\W*$)", re.IGNORECASE)
_LAST_DAYS = re.compile(
    r"\b(?:за\s)?последни[ех]\s(?:пар[ау]\s|несколько\s)?дн\w+|(?:\b(?:за|в)\s)?\bпоследнее время\b|\bна днях\b",
    re.IGNORECASE,
)
"""«за последние дни»: the week that ends today."""

_NOW_ON = re.compile(r"\bчто\s(?:у\s\w+\s)?сейчас\s(?:ид[её]т|за урок|по расписанию)\b", re.IGNORECASE)
_WHEN_SPELT = re.compile(r"\b(?:када|кагда|кода)\b", re.IGNORECASE)
_AT_HOME = re.compile(r"\bуже\s(?:должн\w+\sбыть\s)?дома(?:\sдолж\w+(?:\sбыть)?)?\b", re.IGNORECASE)
_NUMBERED_BREAK = re.compile(r"\b([1-8])(?:-?(?:я|ая|ой|ую))?\sперемен(?:а|у|ы|е|ой)\b", re.IGNORECASE)
"""«4 перемена»: that behind the fourth lesson."""

_TAKEN_EXAMS = re.compile(
    r"\b(?:предметы(?=.*\b(?:сда[её]т|сдают|сдаю|сда[её]м|сдавать)\b)|экзы|экзов|экз|экзам)\b", re.IGNORECASE
)
"""«какие предметы он сдаёт»: exams."""

_WEEK_OF_MONTH = re.compile(
    r"\b(?P<which>перв|втор|трет|четв[её]рт)\w+\sнедел\w+\s(?P<month>сентября|октября|ноября|декабря|января|февраля|марта|апреля|мая)\b",
    re.IGNORECASE,
)
"""«за первую неделю октября»."""

_WEEKS = {"пер": (1, 7), "вто": (8, 14), "тре": (15, 21), "чет": (22, 28)}
_THIS_EVENING = re.compile(
    r"(?=.*\b(?:дз|домаш\w*|делать|сделать|учить|выучить|уроки)\b)(?P<before>.*)\b(?:сегодня\s)?(?:вечером"
    r"|после школы)\b",
    re.IGNORECASE,
)
"""«что делать сегодня вечером»: what is due tomorrow."""

_ALSO_AT = re.compile(r"\b(?:тоже|опять|снова|также)\s(?:в|к)\s\d{1,2}(?:[:. ]\d\d)?(?=\W*$)", re.IGNORECASE)
"""«завтра тоже в 8:30?»"""

_LETTERS_LIKE_DIGITS = {"4": "ч", "3": "з", "0": "о"}
"""«какая 4етверть»."""

_FORM_IN_WORDS = re.compile(
    rf"\b(?P<number>{'|'.join(ORDINALS)})\w*?(?:ого|его|ому|ему|ом|ем|ый|ий|ой)\s[\"«]?(?P<letter>[бгде]|[ав](?=\W*$))\b[\"»]?",
    re.IGNORECASE,
)
"""«классный у девятого б»: 9Б."""

_INTRODUCED = re.compile(
    r"^\W*(?:(?:здравствуйте|здрасте|добрый день|добрый вечер|доброе утро|привет)\W+)?это\s(?!мам|пап|бабушк|дед)"
    r"[^\W\d]{3,}\s[^\W\d]{4,}(?:\s[^\W\d]{5,})?\s*[,.]\s*(?=\S)",
    re.IGNORECASE,
)
"""«здравствуйте, это ольга ковалева, что задали»: who asks is known by the chat."""

_VISIT = re.compile(
    r"^\W*(?:(?:я|мы|меня|нас|завтра|сегодня|скоро|во?\s\w{5,})\s){0,2}"
    r"(?:ид[уё]м?|пойд[уё]м?|поеду|вызыва\w+|вызвал\w*|собираюсь)\s[^,.;!?]{2,40}[,.;!]+\s*(?=\S.{7})"
    r"|,\s(?:(?:завтра|сегодня|я)\s){0,2}(?:к|на)\s\w+(?:\s\w+)?\s(?:ид[уё]м?|пойд[уё]м?)\W*$",
    re.IGNORECASE,
)
"""«иду завтра к физику, что у артёма по физике»: the day is that of the visit."""

_KIT_OF_SUBJECT = re.compile(r"\bфизр[ауы]\s(?=(?:нести|брать|взять|собирать|класть)\b)", re.IGNORECASE)
"""«физру нести»: the kit."""

_PARTICIPLE = re.compile(r",\s(?=(?:полученн|поставленн|выставленн|заданн)\w+\s)", re.IGNORECASE)
"""«оценки, полученные на этой неделе»: no other clause."""

_BREAK_AFTER = re.compile(
    r"(\bперемен\w*\s(?:\w+\s)?после\s(?:\d-?(?:го)?|перв\w+|втор\w+|треть\w+|четв[её]рт\w+|пят\w+|шест\w+))\b(?!\sурок)",
    re.IGNORECASE,
)
_MARKS_FIRST = re.compile(
    r"^(\W*(?:(?:а|и|ну)\s)?)((?:пят[её]р|четв[её]р|тро|дво)\w+)\s(сколько|скок\w*)\b", re.IGNORECASE
)
_SO_IT_IS = re.compile(r",?\sполучается(?=\W*$)(?<!оценка получается)(?<!балл получается)", re.IGNORECASE)
"""«в пятницу последний день учатся, получается?»."""

_KIT = re.compile(
    r"^(?!.*\b(?:школьн|парадн|бел|справк|заявлен|обучен|труд|физ|фк\b|пэ\b))(?P<before>.*)(?P<kit>\bформ[уа]\b)"
    r"(?=.*\b(?:брать|взять|нужна|нести|надо|нужно|класть|собирать)\b"
    r"|(?<=нужна форма)|(?<=ли форма)|(?<=взять форму)|(?<=брать форму)|(?<=класть форму)|(?<=собирать форму)"
    r"|(?<=собрать форму)|(?<=нести форму)|(?<=положить форму))",
    re.IGNORECASE,
)
"""«форму брать?»: that of physical education."""

_HOME_ON_DAY = re.compile(r"\bкогда\s(?P<day>сегодня|завтра|в\s\w+)\sдомой\b", re.IGNORECASE)
"""«когда сегодня домой»: «когда домой» of that day."""

_HOW_SOON_HOME = re.compile(r"\bчерез\sск[оа]\w*\s(?=домой\b)", re.IGNORECASE)
_WHAT_WORKS = re.compile(
    r"\bчто\sза\s(?=(?:контрольн|самостоятельн|проверочн|тест|диктант)\w*\b.*\b(?:жд[уеё]т|буд[уе]т|предсто|намеча|ожида))",
    re.IGNORECASE,
)
"""«что за контрольные ждут нас»: which ones."""

_IS_IT_SO = re.compile(r",?\s(?:верно|правильно|так ведь|ведь так|не так ли)\s*(?=[?.!]|$)", re.IGNORECASE)
"""«у Даши две пятёрки, верно?»."""

_CORRECTED = re.compile(
    r"(?P<before>^|\s)(?:по|на|у)\s\w+,?\s(?:не|ой|нет|тьфу)[,\s]+(?:не\s|стоп|а|вернее|точнее)?[,\s]*(?=(?:по|на|у)\s)"
    r"|(?P<other>^\W*|\s)не\s[^\W\d]{3,},?\sа\s(?=[^\W\d]{3,})",
    re.IGNORECASE,
)
"""«по матике не, стоп, по физике», «не физра а физика»: what is taken back."""

_REFUSED = re.compile(
    r"^\W*(?:(?:нет|не|ой|да нет|нее?т?)\W+)?(?:(?:мне|мы|я)\s)?не\s(?:на|по|у|за|про|во?|с|к)\s\w+(?:\s[^\W\d]+)?"
    r"(?:,?\s(?=а\s)|,\s(?=(?:на|по|у|за|про|во?|к)\s))",
    re.IGNORECASE,
)
"""«не, мне не на завтра, а что сегодня», «не по химии, по алгебре»: what is refused."""

_CONFUSED = re.compile(
    r"^\W*(?:(?:ой|ах|блин|простите|извините)\W+)?(?:это\s)?я\s(?:(?:это|сам[аи]?|всё|все)\s)*(?:перепутал[аи]?|ошибл\w+|попутал[аи]?)\s?[\w\s]{0,12}[,.;:!]+\s*(?=\S.{5})"
    r"|^\W*(?:ой|ах|блин|простите|извините)\s(?:это\s)?я\s(?:сам[аи]?\s)?(?:перепутал[аи]?|ошибл\w+)\s(?=\S.{5})",
    re.IGNORECASE,
)
"""«ой, это я сама перепутала, среда у Маши какие уроки»."""

_MARKS = {"2": "двойка", "3": "тройка", "4": "четвёрка", "5": "пятёрка"}
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


def _without_slip(word: str) -> str:
    """The word that is meant, where it is one letter off and none of its own."""
    lower = word.casefold()
    if lower.startswith(_STEMS):
        return word
    return next((meant for meant in _SLIPS if is_one_letter_away(lower, meant)), word)


def words_with_clear_meaning(text: str) -> str:
    """«при среднем 3.09» has no day of September, «за что 4 12 октября» no span of days, «исправить её» no daughter."""
    text = _WHEN_SPELT.sub("когда", _REFUSED.sub("", _CONFUSED.sub("", text)))
    text = _OUT_TOGETHER.sub("вместе заканчивают уроки", text)
    text = _FOR_WEEKDAY.sub("в ", _BELL_OF_LESSON.sub(r"\1 урока", text))
    text = _PAIR_MARK.sub("двойка", _PAIR_LESSON.sub(r"\g<which> урок", _JOINED_NUMBER.sub(r"\1", text)))
    text = _LACKS.sub("что нужно для лучшей оценки ", _BIRTHDAY.sub("", text))
    text = _NOW_ON.sub("какой сейчас урок", _LAST_DAYS.sub("за последнюю неделю", text))
    text = _WEEK_OF_MONTH.sub(_days_of_week, text)
    text = _THIS_EVENING.sub(r"\g<before>на завтра", text) if "сегодня" in text.casefold() else text
    text = _ALSO_AT.sub("во сколько начинаются уроки", text)
    text = _AT_HOME.sub("закончила уроки", text)
    text = _NUMBERED_BREAK.sub(r"перемена после \1 урока", _TAKEN_EXAMS.sub("экзамены", text))
    text = _LONG_WORD.sub(lambda found: _without_slip(found[0]), text)
    if _AVERAGES.match(text):
        text = _POINT_BETWEEN_DIGITS.sub(r"\1,", text)
    text = _DIGIT_FOR_LETTER.sub(lambda found: _LETTERS_LIKE_DIGITS[found[0]], text)
    text = _FORM_IN_WORDS.sub(_form, _VISIT.sub("", _INTRODUCED.sub("", text)))
    text = _KIT_OF_SUBJECT.sub("форму на физкультуру ", _PARTICIPLE.sub(" ", text))
    text = _BREAK_AFTER.sub(r"\1 урока", _OF_THING.sub("", text))
    text = _WHAT_WORKS.sub("какие ", text)
    text = _HOW_SOON_HOME.sub("во сколько сегодня ", text)
    text = _HOME_ON_DAY.sub(r"\g<day> когда домой", text)
    text = _KIT.sub(r"\g<before>\g<kit> на физкультуру", text)
    text = _IS_IT_SO.sub("", _CORRECTED.sub(" ", text))
    if not re.search(r"оцен|балл|четв|тро|дво|пят[её]р|\bпо\s|\bчто\b|\d", text, re.IGNORECASE):
        text = _SO_IT_IS.sub("", text)
    text = _POINT_OF_AVERAGE.sub(r"\1,", _MARKS_FIRST.sub(r"\1\3 \2", text))
    return _MARK_BEFORE_DAY.sub(_marks_in_words, text)


def _marks_in_words(found: re.Match[str]) -> str:
    """«за что четвёрка и пятёрка» of «за что 4 и 5»."""
    return found[1] + _MARKS[found[2]] + (found[3] + _MARKS[found[4]] if found[3] else "")


def _days_of_week(found: re.Match[str]) -> str:
    """«с 1 по 7 октября» of «первую неделю октября»."""
    first, last = _WEEKS[found["which"][:3].casefold()]
    return f"с {first} по {last} {found['month']}"


def _form(found: re.Match[str]) -> str:
    """«9б» of «девятого б»."""
    return f"{1 + ORDINALS.index(found['number'].casefold())}{found['letter']}"


def asked_words_and_rest(text: str) -> tuple[str, str]:
    """The one sentence with a question mark, and the others that say why; empty where there is no such one."""
    asked, rest = _ASKED_SENTENCE.findall(text), _ASKED_SENTENCE.sub("", text)
    return (asked[0], rest) if len(asked) == 1 and rest.strip() else ("", "")
