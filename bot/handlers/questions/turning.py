"""Turns readings that only the day, the whole text or the school's doors tell (Q110, Q113)."""

import re
from dataclasses import replace
from datetime import date, timedelta

from bot.handlers.questions.followups import ENDS_ON, MARK_OF_TERM, WHY_OF_TERM
from bot.questions.asked.reading import asked_lesson_number, names_class_teacher
from bot.questions.dates.terms import PRESENT
from bot.questions.kinds import Asked
from bot.questions.model import LAST, CalendarDays, Intent, Question, Wish
from core.model.forecast import HIGHEST

_MENDED = re.compile(r"\b(?:подтян|запада|проседа)\w+|\bна (?:что|как\w+ предмет\w*) обратить внимание", re.IGNORECASE)
_TEACHERS_WORDS = re.compile(r"учител|совет|рекоменд|пиш|писал|комментар|отзыв|классн", re.IGNORECASE)
_WHAT_OF_SUBJECT = re.compile(
    r"\W*(?:ч[оеё]|что|шо)\s(?:там\s)?(?:у\s\w+\s)?(?:в\s(?:этой\s)?четверти\s)?(?:по|с|со)\s"
    r"|\W*(?!(?:а|и|ну|по|у|за)\b)[^\W\d]{3,}(?:\s[^\W\d]{3,})?\W*$",
    re.IGNORECASE,
)
"""«чё по алгебре», «химия Артём»: no «а» that goes on."""

_NAMES_DAY = re.compile(r"\b(?:сегодня|седня|вчера|позавчера|недел\w+|(?:за|в)\s\w{3,})\b", re.IGNORECASE)
_WHICH_OF_SUBJECT = re.compile(r"\W*(?:а|и)\sпо\s\w+(?:\s\w+)?\s(?:какие|как|что|ч[еёо])\W*$", re.IGNORECASE)
"""«а по русскому какие» behind the reason of a five."""

_TERM_ALONE = re.compile(r"\W*(?:[^\W\d]{3,}\s)?(?:четверть|триместр|полугодие)(?:\s[^\W\d]{3,})?\W*$", re.IGNORECASE)
_WEEK_OF_DATE = re.compile(r"\bнедел\w+\s(?:с\s|от\s)?\d{1,2}(?:[.]\d|\s[а-я]{3,})", re.IGNORECASE)
"""«расписание на неделю 9 ноября»: the week of that day."""

_WEEK = re.compile(r"\bнедел", re.IGNORECASE)
_HOW_IS = re.compile(r"\W*(?:а\s)?как\s(?:там\s)?\w+\s(?:за|на|в)\s", re.IGNORECASE)
_OR_WITH = re.compile(r"\bили\s(?:с|всё таки|все таки)?\s?(?:двойк|тройк|четв[её]рк)(?:ами|и)?\b", re.IGNORECASE)
"""«на четвёрки выхожу или с тройками»: what comes out in all subjects."""

_WITHOUT = re.compile(r"\bбез\s(?:\w+\s)?(?:троек|четв[её]рок|двоек)\b", re.IGNORECASE)
_IN_WHICH = re.compile(r"\b(?:по|в) каки[мх] предмет", re.IGNORECASE)
_USUALLY = re.compile(r"\bпо (?:понедельник|вторник|сред|четверг|пятниц|суббот)ам\b", re.IGNORECASE)
_ON_WHICH_DAYS = re.compile(
    r"\b(?:какой|когда|какие)\b.*\bсам\w+ (?:л[её]гк|тяж[её]л|коротк|длинн|загруженн)\w+ д(?:ень|ни)"
    r"|\b(?:когда|какой день)\b.*\b(?:больше|меньше) всего урок|"
    r"\b(?:в|по) как(?:ой|ие|им|их) дн\w+|\bв какой день недел|\bкакие дни недел",
    re.IGNORECASE,
)
_OF_WEEK = {Asked.FEWEST_LESSONS, Asked.MOST_LESSONS}
_ARE_ALL = re.compile(r"\b(?:все|одни|только) ли\b", re.IGNORECASE)
"""«все ли пятёрки?»: whether none is worse."""

_ONLY_MARKS = re.compile(
    r"(?<!перечислите )(?<!покажите )(?<!перечисли )(?<!покажи )\b(?:одни|только|все)\s(?:ли\s)?(?:пят|четв)[её]рк",
    re.IGNORECASE,
)
_ANYTHING = re.compile(r"\bчто[- ]?(?:нибудь|то)\b", re.IGNORECASE)
"""«а за сегодня ей что-нибудь поставили»: any mark."""

_WILL_BE = re.compile(r"\bкак(?:ая|ой)\s(?:\w+\s)?(?:будет|выйдет|выходит)\b", re.IGNORECASE)
_WHAT_IS_NEW = re.compile(r"\bчто нов(?!.*(?:объявл|сообщ|новост))", re.IGNORECASE)
_ABOUT_CHILD = re.compile(r"(?=.*\b(?:учител|классн)).*\b(?:про|о|об)\s", re.IGNORECASE)
_STATE_EXAM = re.compile(r"\b(?:егэ|огэ|гиа)\b", re.IGNORECASE)
_WHO = re.compile(r"\W*(?:а\s)?кто\b", re.IGNORECASE)
_WHAT_OF_OWN = re.compile(
    r"\W*(?:а\s)?по\s\w+(?:\s\w+)?\s(?:что|ч[еёо])\s(?:сейчас|там|у\s\w+)\W*$"
    r"|\W*(?:а\s|и\s|ну\s)?(?:ч[еоё]|что|шо)\s(?:там\s)?у\s\w+(?:\s(?!вы[хй]|получ|буд|прох|прош|дел|зад|изуч|был)\w+)?\sпо\s\w+(?:\s\w+)?(?:\sсейчас)?\s*(?:[,.!?].*)?$",
    re.IGNORECASE,
)
_MARK = re.compile(r"(?<![\d.,])[2-5](?![\d.,-]| четв| трим| полуг)")
_WHICH_DAY = re.compile(
    r"\W*(?:а\s)?как(?:ое|ая|ой)\s(?:у нас\s)?(?:сегодня|сейчас)\s(?:число|дата|день|день недели)\W*$"
    r"|\W*(?:а\s)?(?:сегодня|сейчас)\sкак(?:ое|ая|ой)\s(?:число|дата|день|день недели)\W*$"
    r"|\W*(?:а\s)?как(?:ое|ая|ой)\s(?P<next>завтра)\s(?:число|дата|день|день недели)\W*$"
    r"|\W*(?:а\s)?(?P<morrow>завтра)\sкак(?:ое|ая|ой)\s(?:число|дата|день недели)\W*$",
    re.IGNORECASE,
)
_ARE_OVER = re.compile(r"\b(?:за|о)?кончил[аиос]\w*|\bуже\s(?:\w+\s){0,2}?дома\b|\bдома\s(?:уже|ли)\b", re.IGNORECASE)
"""«закончились ли уже уроки»: those of today."""

_IS_DENIED = re.compile(
    r"^(?!.*\bили\b).*(?:\bне\s(?:будет|учимся|учатся|учится|ид[её]м|надо)\b|\bнет[у]?\s(?:ж|же|ведь|да)\b)",
    re.IGNORECASE,
)
"""«математики завтра не будет, это так?»: neither yes nor no."""

_DIGIT_OF_LESSON = re.compile(r"\b([1-8])(?:-?(?:й|м|ым|ом|го))?\sурок(?:ом|е)?\b", re.IGNORECASE)
_HAS_BEEN = re.compile(r"\bбыл[аои]?\b", re.IGNORECASE)
_NEW_MARKS = re.compile(r"\b(?:нов(?:ые|ых|ая|ую)|свеж\w+)\s(?:\w+\s)?(?:оцен|отмет)", re.IGNORECASE)
_IS_TOLD = re.compile(r"\b(?:правда|верно|действительно|говорит|пишет|сказал\w*|хвастается|уверяет)\b", re.IGNORECASE)
"""«пишет, что у него сегодня 5 по физике, это правда?»: a mark that is set."""

_LAST_TIME = re.compile(r"\bпоследний раз\b", re.IGNORECASE)
_FORTNIGHT = timedelta(days=13)
_WEEK_BEFORE = timedelta(days=6)
_UNTIL_END = re.compile(r"\bдо конца\s(?:\w+\s)?(?:четверт|триместр|полугод)", re.IGNORECASE)
_HOW_MUCH_COMES = re.compile(
    r"\W*(?:а\s)?ск[оа]\w*\s(?:у\s\w+\s)?(?:там\s)?(?:по\s\w+(?:\s\w+)?\s)?(?:выход|выйд|получа)\w*(?:\sпо\s\w+)?\W*$",
    re.IGNORECASE,
)
_LACKED = re.compile(r"\bне\sхвати\w+\sдо\s|\bдо\s\w+\s(?:\w+\s){0,2}?не\sхвати(?:л|ло|ли|ла)\b", re.IGNORECASE)
_WORSE_THAN = re.compile(r"\bпо каки[мх] предмет\w*\b.*\b(?:меньше|ниже|хуже)\s(?:чем\s)?[345]", re.IGNORECASE)
_ARE_LEFT = re.compile(r"\bостал\w*\b|\bещ[её]\sурок|\bбуд(?:ет|ут)\b", re.IGNORECASE)
_FOR_MARK = re.compile(r"оцен|балл|пят[её]р|четв[её]р(?!т)|трой|двой|исправ|успе", re.IGNORECASE)
_HOW_MANY = re.compile(r"\bск[оа]\w*\b|\bмного\b", re.IGNORECASE)
_OF_WHO = {Intent.MARKS, Intent.FORECAST}
_HOW_TO_REACH = re.compile(
    r"\W*(?:а\s)?как\s(?:мне\s|нам\s)?(?:написать|позвонить|связаться|дозвониться)\b", re.IGNORECASE
)
_WHO_SETS = re.compile(
    r"\W*(?:а\s)?кто\s(?:\w+\s){0,3}?(?:(?:по|вы)?ставил\w*|(?:вы)?ставит)\b|\W*у кого\s(?:\w+\s)?(?:спросить"
    r"|узнать|уточнить)\b",
    re.IGNORECASE,
)


def turned_question(question: Question, words: str, today: date) -> Question:
    """The question as it is meant; each of the turns changes one reading or none, and sees what those before did."""
    for turn in _TURNS:
        question = turn(question, words)
    return _to_days(_to_date(_to_lesson_ahead(question, words, today), words, today), words, today)


def _to_date(question: Question, words: str, today: date) -> Question:
    """«какое сегодня число» asks for the day itself; «новые оценки есть?» for those of a week."""
    is_over = question.intent is Intent.TIMETABLE and question.asked is Asked.END and _ARE_OVER.search(words)
    is_last = question.intent is Intent.TIMETABLE and question.number == LAST and _HAS_BEEN.search(words)
    if (is_over or is_last) and question.since is None:
        return replace(question, since=today, until=today)
    day = _WHICH_DAY.match(words)
    is_next = day is not None and bool(day["next"] or day["morrow"])
    if is_next or (day is not None and question.intent is Intent.UNCLEAR):
        on = today + timedelta(days=1) if is_next else None
        return Question(Intent.HOLIDAYS, asked=Asked.TODAY, since=on, until=on)
    is_of_day = question.since is not None and question.since == question.until and question.since <= today
    is_of_set = question.intent is Intent.FORECAST and bool(question.mark) and not question.is_supposed
    if is_of_set and is_of_day and question.mark and _IS_TOLD.search(words):
        return replace(question, intent=Intent.MARKS, marks=(question.mark,), mark=None, wish=None)
    is_open = question.intent is Intent.MARKS and not (question.since or question.term or question.marks)
    if is_open and _NEW_MARKS.search(words):
        return replace(question, since=today - _WEEK_BEFORE, until=today)
    return question


def _to_lesson_ahead(question: Question, words: str, today: date) -> Question:
    """«завтра физра?», «физика в среду?»: whether there is that lesson; the topic of one to come is its homework."""
    if question.intent is Intent.LESSON and question.since is not None and question.since > today:
        return replace(question, intent=Intent.HOMEWORK, asked=None)
    is_bare = question.intent is Intent.UNCLEAR and question.is_fragment and not question.goes_on and not question.maybe
    is_ahead = question.since is not None and question.since == question.until and question.since >= today
    if not (is_bare and is_ahead and len(question.subjects) == 1 and words.rstrip().endswith("?")):
        return question
    subject = question.subjects[0]
    return replace(
        question, intent=Intent.TIMETABLE, subject=subject, subjects=(), asked=Asked.WHETHER, is_fragment=False
    )


def _to_weakest(question: Question, words: str) -> Question:
    """«что подтянуть» asks for the weakest subjects, where no teacher is named."""
    is_mended = _MENDED.search(words) and not (_TEACHERS_WORDS.search(words) or question.subject)
    if question.intent is Intent.RECOMMENDATIONS and is_mended:
        return replace(question, intent=Intent.FORECAST, wish=Wish.WEAKEST, asked=None)
    return question


def _to_marks(question: Question, words: str) -> Question:
    """«что у меня по химии», alone or behind anything: the marks; «почему 4 а не 5»: why the mark of the term."""
    subject = question.subject or (question.subjects[0] if len(question.subjects) == 1 else None)
    if question.wish is Wish.EARLIER and question.since is not None:  # «сравните с прошлой неделей»: no final marks
        return replace(question, intent=Intent.MARKS, wish=None, mark=None, asked=Asked.TREND, is_fragment=False)
    is_of_span = question.intent is Intent.UNCLEAR and not question.maybe and question.since != question.until
    if subject and is_of_span and _WHAT_OF_SUBJECT.match(words):  # «что по физике за месяц»
        return replace(question, intent=Intent.MARKS, subject=subject, subjects=(), is_fragment=False)
    if subject and _WHAT_OF_OWN.match(words):
        return replace(
            Question(Intent.MARKS, subject=subject), child_id=question.child_id, child_ids=question.child_ids
        )
    if question.asked is Asked.FINAL and subject and len(named := _MARK.findall(words)) == 1:
        return replace(question, marks=(int(named[0]),))
    is_lacking = question.intent is Intent.FORECAST and _LACKED.search(words) is not None
    is_why = question.asked is Asked.WHY and question.since is None and question.intent in _OF_WHO
    if subject and (is_lacking or (is_why and WHY_OF_TERM.search(words))):
        of_term = MARK_OF_TERM.search(words)
        marks = (int(of_term[1]),) if of_term else ()
        asked = replace(question, intent=Intent.MARKS, marks=marks, work=(), mark=None, wish=None, unread=())
        return replace(asked, asked=Asked.WHY, term=question.term or PRESENT)
    return question


def _to_forecast(question: Question, words: str) -> Question:
    """«а по английскому какая будет» behind a question about marks: what comes out."""
    if question.intent is Intent.MARKS and question.goes_on and question.subject and _WILL_BE.search(words):
        return replace(
            Question(Intent.FORECAST, subject=question.subject, goes_on=True), unread=question.unread,
            child_id=question.child_id, child_ids=question.child_ids, form=question.form,
        )  # fmt: skip
    return question


def _to_news(question: Question, words: str) -> Question:
    """«что нового у детей за неделю»: marks; «что писали учителя про Артёма»: their advice."""
    if question.intent is not Intent.ANNOUNCEMENTS:
        return question
    if _WHAT_IS_NEW.search(words) and (question.since or question.child_id or question.child_ids):
        return replace(question, intent=Intent.MARKS, about=(), asked=None)
    if question.child_id and not question.about and _ABOUT_CHILD.search(words):
        return replace(question, intent=Intent.RECOMMENDATIONS, about=(), asked=None)
    return question


def _to_teacher(question: Question, words: str) -> Question:
    """«кто поставил тройку по математике»: who teaches it."""
    subject = question.subject or (question.subjects[0] if len(question.subjects) == 1 else None)
    if question.intent is Intent.TEACHERS and question.asked is None and _HOW_TO_REACH.match(words):
        return replace(question, asked=Asked.CONTACT)
    is_of_mark = question.of_others or question.intent in _OF_WHO
    if is_of_mark and subject and not question.form and _WHO_SETS.match(words):
        return Question(Intent.TEACHERS, subject=subject, child_id=question.child_id, child_ids=question.child_ids)
    return question


def _to_lesson(question: Question, words: str) -> Question:
    """«кто завтра ведёт русский», «кто на четвёртом уроке»: who teaches that lesson, also in place of another."""
    if question.asked is Asked.CLASS and question.subject:  # «в каком классе физика»: the room
        return replace(question, intent=Intent.TIMETABLE, asked=Asked.PLACE)
    if question.intent is Intent.TIMETABLE and question.asked is Asked.PLACE and names_class_teacher(words):
        return Question(Intent.TEACHERS, asked=Asked.CONTACT, child_id=question.child_id, child_ids=question.child_ids)
    if question.intent is Intent.TIMETABLE and question.asked is Asked.NUMBER and _WHO.match(words):
        return replace(question, asked=Asked.TEACHER)
    digit = _DIGIT_OF_LESSON.search(words)
    number = int(digit[1]) if digit else asked_lesson_number(words, "")
    if question.intent is Intent.LESSON and number is not None and question.subject is None:
        return replace(question, intent=Intent.TIMETABLE, asked=Asked.NUMBER, number=number)
    is_of_lesson = (question.since and question.subject) or number is not None
    if question.intent is Intent.TEACHERS and question.asked in {None, Asked.WHETHER} and is_of_lesson:
        return replace(question, intent=Intent.TIMETABLE, asked=Asked.TEACHER, number=number)
    return question


def _to_fact(question: Question, words: str) -> Question:
    """«математики завтра не будет?» is answered with the lesson, not with a yes that may mean either.

    «перемена перед физикой» is answered with the breaks of the day.
    """
    if question.asked is Asked.BREAK and question.subject:
        return replace(question, subject=None)
    if question.intent is Intent.TIMETABLE and question.asked is Asked.WHETHER and _IS_DENIED.search(words):
        return replace(question, asked=Asked.WHEN if question.subject else Asked.COUNT)
    return question


def _to_plan(question: Question, words: str) -> Question:
    """«когда ЕГЭ»: a day that is ahead stands in the plan of works, not among the results."""
    if question.intent is Intent.EXAMS and question.asked is Asked.WHEN and (exam := _STATE_EXAM.search(words)):
        return replace(question, intent=Intent.CONTROL_WORKS, work=(exam[0].lower(),))
    return question


def _to_outcome(question: Question, words: str) -> Question:
    """«скок у меня по химии выходит» asks which mark, not how many fives."""
    if question.intent is Intent.FORECAST and question.asked is Asked.COUNT and _HOW_MUCH_COMES.match(words):
        return replace(question, asked=None, mark=None)
    return question


def _to_lessons_left(question: Question, words: str) -> Question:
    """«сколько уроков осталось до конца четверти»: the timetable counts them; «химия ещё будет до конца четверти»."""
    if question.asked is Asked.TERM_END and question.subject and _UNTIL_END.search(words):
        asked = Asked.COUNT if _HOW_MANY.search(words) else Asked.WHETHER
        days = CalendarDays.UNTIL_TERM_ENDS
        return replace(question, intent=Intent.TIMETABLE, calendar_days=days, term=None, asked=asked)
    if question.asked is Asked.LEFT and question.since and (question.subject or question.until != question.since):
        question = replace(question, asked=Asked.COUNT)  # «сколько уроков алгебры осталось до 31 декабря»
    is_of_subject = question.intent is Intent.TIMETABLE and question.asked is Asked.COUNT and question.subject
    if is_of_subject and question.since is None and _ARE_LEFT.search(words):
        return replace(question, calendar_days=CalendarDays.UNTIL_TERM_ENDS, term=None)
    is_hoped = (question.mark or 0) > 1 or question.marks or _FOR_MARK.search(words) is not None
    is_of_one = (question.subject and is_hoped) or question.subjects or question.since or is_hoped
    if question.intent is Intent.FORECAST and question.asked is Asked.LESSONS and not is_of_one:
        days = CalendarDays.UNTIL_TERM_ENDS
        return replace(question, intent=Intent.TIMETABLE, calendar_days=days, mark=None, wish=None, asked=Asked.COUNT)
    return question


def _to_all_subjects(question: Question, words: str) -> Question:
    """«как Маша за неделю» asks for all subjects, «по каким предметам» for a list."""
    if question.keeps_subject and _HOW_IS.match(words):
        return replace(question, subject=None, subjects=(), keeps_subject=False, asked=None, marks=())
    if question.intent is Intent.FORECAST and not (question.subject or question.subjects) and _OR_WITH.search(words):
        return replace(question, wish=None, mark=None, marks=(), asked=None, is_supposed=False)
    is_hoped = question.intent is Intent.FORECAST and question.mark and question.asked in {Asked.WHETHER, Asked.CAN}
    is_of_all = is_hoped and question.wish is None and not (question.subject or question.subjects)
    if is_of_all and (ENDS_ON.search(words) or _WITHOUT.search(words)):
        return replace(question, wish=Wish.ALL)
    if question.intent in _OF_WHO and _WORSE_THAN.search(words):
        kept = replace(Question(Intent.FORECAST, wish=Wish.WEAKEST), child_id=question.child_id)
        return replace(kept, child_ids=question.child_ids)
    if question.wish is Wish.ALL and _IN_WHICH.search(words):
        return replace(question, wish=Wish.WHICH, asked=None)
    return question


def _to_all_marks(question: Question, words: str) -> Question:
    """«чё по алгебре», «что-нибудь поставили» behind a question about fives: all marks."""
    if question.intent in {Intent.MARKS, Intent.CONTROL_WORKS} and question.goes_on and _TERM_ALONE.match(words):
        return replace(
            question,
            intent=Intent.MARKS,
            term=PRESENT,
            marks=(),
            work=(),
            unread=(),
            asked=None,
            since=None,
            until=None,
        )
    if question.intent is not Intent.MARKS:
        return question
    if question.marks and _ANYTHING.search(words):
        return replace(question, marks=(), asked=None)
    if question.goes_on and _WHICH_OF_SUBJECT.match(words):
        return replace(question, marks=(), asked=None)
    if question.goes_on and not question.keeps_subject and _WHAT_OF_SUBJECT.match(words):
        is_of_day = _NAMES_DAY.search(words) or re.match(r"\W*(?:а|и|ну)\b", words, re.IGNORECASE) is not None
        dates = (question.since, question.until) if is_of_day else (None, None)
        return replace(question, marks=(), asked=None, since=dates[0], until=dates[1])
    return question


def _to_all_five(question: Question, words: str) -> Question:
    """«все ли пятёрки»: whether no subject is worse; «на неделе одни пятёрки»: whether no mark is."""
    is_of_days = (question.since or question.subject) and _ONLY_MARKS.search(words) is not None
    if question.intent is Intent.MARKS and len(question.marks) == 1 and is_of_days:
        return replace(question, asked=Asked.ONLY, unread=())
    if question.intent is Intent.MARKS and question.marks == (HIGHEST,) and _ARE_ALL.search(words):
        return replace(
            question, intent=Intent.FORECAST, wish=Wish.ALL, mark=HIGHEST, marks=(), term=None, asked=Asked.WHETHER
        )
    return question


def _to_days(question: Question, words: str, today: date) -> Question:
    """The week behind the holidays; «по вторникам» and «в какие дни» of this week, for the next may be a holiday."""
    if question.calendar_days is CalendarDays.AFTER_HOLIDAYS and _WEEK.search(words):
        return replace(question, calendar_days=CalendarDays.WEEK_AFTER_HOLIDAYS, since=None, until=None)
    is_when = question.intent is Intent.TIMETABLE and question.asked is Asked.WHEN and question.since is None
    if is_when and question.subject and _LAST_TIME.search(words):
        return replace(question, since=today - _FORTNIGHT, until=today)
    if question.until and _WEEK_OF_DATE.search(words):
        since = question.until - timedelta(days=question.until.weekday())
        return replace(question, since=since, until=since + timedelta(days=6))
    monday = today - timedelta(days=today.weekday())
    if question.intent is Intent.TIMETABLE and question.since is None and _ON_WHICH_DAYS.search(words):
        asked = question.asked if question.asked in _OF_WEEK else Asked.WHEN
        return replace(question, since=monday, until=monday + timedelta(days=6), asked=asked)
    if question.intent is Intent.TIMETABLE and question.since and _USUALLY.search(words):
        on = monday + timedelta(days=question.since.weekday())
        until = on + ((question.until or question.since) - question.since)
        return replace(question, since=on, until=until)
    return question


_TURNS = (
    _to_weakest,
    _to_marks,
    _to_forecast,
    _to_news,
    _to_teacher,
    _to_fact,
    _to_lesson,
    _to_plan,
    _to_outcome,
    _to_lessons_left,
    _to_all_subjects,
    _to_all_marks,
    _to_all_five,
)
