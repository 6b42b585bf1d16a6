"""Questions about a forecast in plain words: the subject, and the mark that is hoped for or supposed (Q29)."""

import csv
from datetime import date
from fractions import Fraction
from operator import itemgetter
from pathlib import Path

import pytest

from bot.questions.forecast.reading import read_forecast
from bot.questions.glossing import gloss_words
from bot.questions.grammar import understand_by_grammar
from bot.questions.kinds import Asked
from bot.questions.lexicon import QuestionLexicon
from bot.questions.model import Intent, Wish
from bot.questions.people import PeopleInQuestion
from bot.questions.tables import question_table_rows

SUBJECTS = ("Алгебра", "Физика", "Химия", "Биология", "Русский язык", "История", "Английский язык")
ASKED = Path(__file__).with_name("questions.csv")
KINDS = Path(__file__).with_name("kinds.csv")
NEEDED = 38
NEXT = 1

HOPED = {
    "что нужно, чтобы вышла 5 по физике": ("Физика", 5),
    "выходит ли 4": (None, 4),
    "выходит ли 4 по химии?": ("Химия", 4),
    "сколько пятёрок надо": (None, NEXT),
    "сколько пятёрок надо до четвёрки по алгебре": ("Алгебра", 4),
    "сколько четвёрок нужно чтобы вышла четыре": (None, 4),
    "какая четвертная выходит": (None, None),
    "исправлю ли": (None, NEXT),
    "исправлю ли двойку по химии": ("Химия", 3),
    "будет ли пятёрка в четверти по биологии": ("Биология", 5),
    "какая оценка выходит за 2 четверть": (None, None),
    "дотяну ли до четвёрки по химии": ("Химия", 4),
    "what do I need for a 5 in physics": ("Физика", 5),
}


@pytest.mark.parametrize(("words", "wanted"), HOPED.items())
def test_the_hoped_mark_is_understood(words: str, wanted: tuple[str | None, int | None]) -> None:
    """A number of a term is no mark; to mend a «2» is to hope for a «3»."""
    asked = understand_by_grammar(words, today=date(2026, 10, 1), subjects=SUBJECTS, children=())
    assert (asked.intent, asked.subject, asked.mark, asked.is_supposed) == (Intent.FORECAST, *wanted, False)


@pytest.mark.parametrize(("words", "mark"), [("а если получу 3", 3), ("если получу двойку по физике что выйдет", 2)])
def test_a_supposed_mark_is_understood(words: str, mark: int) -> None:
    """The mark behind «если» is the next one."""
    asked = understand_by_grammar(words, today=date(2026, 10, 1), subjects=SUBJECTS, children=())
    assert (asked.intent, asked.mark, asked.is_supposed) == (Intent.FORECAST, mark, True)


SUPPOSED = {
    "что если получу три пятёрки по физике": (5, 5, 5),
    "что будет, если две двойки по химии": (2, 2),
    "если получу пару четвёрок по химии": (4, 4),
    "если завтра 5 и потом 4 по алгебре": (5, 4),
    "а если 5 по алгебре": (5,),
    "если получу 5, 4 выйдет по химии?": (5,),
    "если в среду 4, а в пятницу 5 по химии": (4, 5),
    "если будет три четвёрки подряд по истории": (4, 4, 4),
    "если схвачу пару по физике, трояк выйдет?": (2,),
    "три пятёрки подряд по алгебре это сколько в четверти": (5, 5, 5),
    "что выйдет по химии, если отвечу на 5 два раза": (5, 5),
    "если дважды получу 5 по алгебре что выйдет": (5, 5),
    "если ещё пару раз двойку по истории получу что будет": (2, 2),
    "если три раза подряд будет 4 по физике": (4, 4, 4),
    "алгебра 5 и 5 подряд, сколько будет?": (5, 5),
    "посчитайте: алгебра, ещё 4, 4, 5. итог за четверть?": (4, 4, 5),
    "пара двоек по алгебре и что будет в четверти": (2, 2),
    "двойка по истории и что будет в четверти": (2,),
    "получу 2 по истории это конец?": (2,),
    "две двойки по химии уронят её до тройки?": (2, 2),
    "если обе следующие оценки по физике будут тройками": (3, 3),
    "5 5 5 по алгебре и чё будет": (5, 5, 5),
    "4 5 5 по алгебре, чё будет": (4, 5, 5),
    "получил бы 5 по физике, что было бы?": (5,),
    "получила бы она пять по алгебре – вышла бы четвёрка?": (5,),
}


@pytest.mark.parametrize(("words", "marks"), SUPPOSED.items())
def test_a_count_of_marks_is_no_mark(words: str, marks: tuple[int, ...]) -> None:
    """«три пятёрки» are 5, 5, 5, never a «3»; «пару» alone is a «2»; nothing of it is called not understood."""
    asked = understand_by_grammar(words, today=date(2026, 10, 1), subjects=SUBJECTS, children=())
    assert (asked.intent, asked.marks, asked.mark, asked.unread) == (Intent.FORECAST, marks, marks[0], ())
    assert (asked.is_supposed, asked.is_heavy) == (True, False)


@pytest.mark.parametrize(
    "words",
    [
        "а если я за контрольную 4 получу по физике, какая выйдет?",
        "если за кр по алгебре 4, то в четверти сколько",
        "что если за диктант по русскому 4 поставят",
        "если за тест по физике будет 4",
        "получим 4 за контрольную по физике, сильно упадет?",
        "напишет контрольную по химии на четвёрку, пятёрки уже не видать?",
    ],
)
def test_a_mark_may_be_supposed_for_a_control_work(words: str) -> None:
    """It then weighs as a large work."""
    asked = understand_by_grammar(words, today=date(2026, 10, 1), subjects=SUBJECTS, children=())
    assert (asked.intent, asked.marks, asked.is_supposed, asked.is_heavy) == (Intent.FORECAST, (4,), True, True)


WORKS = {
    "если напишет самостоятельную по алгебре на 5, какой средний": (("самостоят",), False),
    "а если на лабе по физике 5 получу": (("лаб",), False),
    "если за диктант по русскому 3": (("диктант",), True),
    "если за контрольную по алгебре 4 и за самостоятельную 5 что выйдет": (("контрол", "самостоят"), True),
    "две пятёрки за самостоятельные по алгебре что дадут": (("самостоят",), False),
    "если большая работа по физике на 4": ((), True),
    "если в среду 4 по алгебре": ((), False),
}


@pytest.mark.parametrize(("words", "wanted"), WORKS.items())
def test_the_kind_of_work_is_kept(words: str, wanted: tuple[tuple[str, ...], bool]) -> None:
    """One for all marks or one for each; only a large work may be taken for the heaviest kind."""
    asked = understand_by_grammar(words, today=date(2026, 10, 1), subjects=SUBJECTS, children=())
    assert (asked.intent, asked.work, asked.is_heavy) == (Intent.FORECAST, *wanted)


FAILED = {
    "если завалит обе контрольные": (2,),
    "если завалю обе контрольные по алгебре": (2, 2),
    "если завалит обе контрольные по алгебре и физике": (2,),
    "завалю контрольную по химии и что будет": (2,),
    "если завалю физику": (2,),
}


@pytest.mark.parametrize(("words", "marks"), FAILED.items())
def test_a_failed_control_work_is_a_two(words: str, marks: tuple[int, ...]) -> None:
    """One for each work; of several subjects one in each."""
    asked = understand_by_grammar(words, today=date(2026, 10, 1), subjects=SUBJECTS, children=())
    assert (asked.intent, asked.wish, asked.marks, asked.is_heavy) == (Intent.FORECAST, Wish.FAILED, marks, True)


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("четвертные за 1 четверть", Intent.MARKS),
        ("какие четвертные были", Intent.MARKS),
        ("что по четвертным за 1 четверть", Intent.MARKS),
        ("химия 5 кабинет, да?", Intent.TIMETABLE),
        ("завтра 5 уроков, да?", Intent.TIMETABLE),
        ("если завтра контрольная, что готовить по физике", Intent.CONTROL_WORKS),
    ],
)
def test_what_is_no_forecast_stays_what_it_is(words: str, intent: Intent) -> None:
    """Marks that are set, rooms, numbers of lessons."""
    asked = understand_by_grammar(words, today=date(2026, 12, 1), subjects=SUBJECTS, children=())
    assert asked.intent is intent


AIMED = {
    "можно ли еще исправить на 4 по химии": 4,
    "исправить на четвёрку химию": 4,
    "как исправить двойку на четвёрку по физике": 4,
    "успею исправить на «5» по истории": 5,
    "как исправить двойку по химии": 3,
    "сколько пятёрок чтобы перекрыть двойку по алгебре": NEXT,
    "сколько еще пятерок надо чтобы закрыть двойку по алгебре": NEXT,
    "чем перекрыть двойку по физике": NEXT,
    "нужна 5 по истории в году, что для этого надо": 5,
    "мне надо 4 по физике": 4,
    "у меня 3,5 по алгебре это 4 или 3?": 4,
    "какая итоговая оценка ожидается у дочери по русскому языку?": None,
    "какая оценка ожидается по физике": None,
}


@pytest.mark.parametrize(("words", "mark"), AIMED.items())
def test_what_it_is_mended_to_is_the_aim(words: str, mark: int | None) -> None:
    """«исправить на 4» aims at a «4», it does not mend one."""
    asked = understand_by_grammar(words, today=date(2026, 10, 1), subjects=SUBJECTS, children=((1, "Ковалёва Анна"),))
    assert (asked.intent, asked.mark, asked.is_supposed, asked.unread) == (Intent.FORECAST, mark, False, ())


@pytest.mark.parametrize(
    "row", [*csv.DictReader(KINDS.read_text(encoding="utf-8").splitlines())], ids=itemgetter("words")
)
def test_each_kind_of_question_is_understood_however_it_is_put(row: dict[str, str]) -> None:
    """«хватит ли», «сколько троек выходит», «без троек», «хорошистка»: wish and marks, nothing left unread (Q29)."""
    asked = understand_by_grammar(
        row["words"], today=date(2026, 11, 30), subjects=SUBJECTS, children=((1, "Соколова Мария Андреевна"),)
    )
    wanted = row["wish"] or None, int(row["mark"]) if row["mark"] else None, tuple(map(int, row["marks"]))
    assert (asked.intent, asked.wish, asked.mark, asked.marks) == (Intent.FORECAST, *wanted)
    assert (asked.is_supposed, asked.unread, asked.talk) == (False, (), None)


@pytest.mark.parametrize("row", question_table_rows("forecast"), ids=itemgetter("example"))
def test_each_kind_knows_its_own_example(row: dict[str, str]) -> None:
    """The example that stands beside a row of the table is decided by that kind."""
    lexicon = QuestionLexicon(SUBJECTS)
    subjects = gloss_words(row["example"], lexicon, PeopleInQuestion(())).glosses.split().count("S")
    assert read_forecast(row["example"], subjects, lexicon.knows).name == row["kind"]


@pytest.mark.parametrize(
    "words",
    [
        "надо 4 до конца четверти по химии, сколько пятёрок",
        "сколько пятёрок до конца четверти, надо 4 по химии",
        "по химии до четвёрки сколько надо пятёрок",
        "скок пятерак нада по химии чтоб 4 вышло",
    ],
)
def test_the_order_of_the_words_does_not_matter(words: str) -> None:
    """The same slots are the same question, with a typing error too."""
    asked = understand_by_grammar(words, today=date(2026, 11, 30), subjects=SUBJECTS, children=())
    assert (asked.intent, asked.subject, asked.mark, asked.marks) == (Intent.FORECAST, "Химия", 4, ())


@pytest.mark.parametrize(
    ("words", "average", "mark"),
    [
        ("мне 4 по алгебре хватит 4.5?", "4.5", 4),
        ("по английскому 3,57 это три или четыре", "3.57", 3),
        ("у дочери 4 4 3 5 по физике какая выйдет", "4", None),
        ("как поднять средний по химии до 3.6", "3.6", NEXT),
    ],
)
def test_an_average_may_be_asked_about(words: str, average: str, mark: int | None) -> None:
    """A decimal is an average, and so are marks in a row."""
    asked = understand_by_grammar(words, today=date(2026, 11, 30), subjects=SUBJECTS, children=())
    assert (asked.intent, asked.wish, asked.average, asked.mark) == (
        Intent.FORECAST,
        Wish.MARK_OF,
        Fraction(average),
        mark,
    )


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("сколько уроков осталось, чтобы исправить химию", Asked.LESSONS),
        ("выходит ли 4 по физике", Asked.WHETHER),
        ("у маши выходит 4 по физике?", Asked.WHETHER),
        ("есть ли риск двойки по физике", Asked.WHETHER),
        ("можно ли получить 5 по физике", Asked.CAN),
        ("сколько троек выходит", Asked.COUNT),
        ("какой средний балл по химии и что выходит", Asked.AVERAGE),
        ("по каким предметам выходит тройка", None),
        ("что нужно, чтобы вышла 5 по физике", None),
    ],
)
def test_what_the_first_line_says_of_a_forecast(words: str, first: Asked | None) -> None:
    """«да» or «нет», whether it can be, how many, the average (Q110)."""
    asked = understand_by_grammar(words, today=date(2026, 11, 30), subjects=SUBJECTS, children=((1, "Соколова Мария"),))
    assert (asked.intent, asked.asked) == (Intent.FORECAST, first)


@pytest.mark.parametrize("words", ["кто отличник в классе", "сколько в классе отличников", "сколько будет 2+2"])
def test_who_does_well_in_the_class_is_not_told(words: str) -> None:
    """The words for good students are a forecast of one's own child alone (Q14)."""
    asked = understand_by_grammar(words, today=date(2026, 11, 30), subjects=SUBJECTS, children=((1, "Соколова Мария"),))
    assert asked.intent is Intent.UNCLEAR


def is_right(row: dict[str, str]) -> bool:
    """Whether a line of the list is understood as it says."""
    asked = understand_by_grammar(
        row["words"], today=date(2026, 11, 20), subjects=SUBJECTS, children=((1, "Ковалёв Артём"),)
    )
    wanted = row["subject"] or None, int(row["mark"]) if row["mark"] else None, row["supposed"] == "yes"
    return asked.intent is Intent.FORECAST and (asked.subject, asked.mark, asked.is_supposed) == wanted


@pytest.mark.parametrize("number", ["1", "2", "3"])
def test_of_forty_questions_thirty_eight_are_understood(number: str) -> None:
    """Three lists, each written by a fresh pair of eyes: what is needed, what comes, what if, can it be mended (R4)."""
    rows = [row for row in csv.DictReader(ASKED.read_text(encoding="utf-8").splitlines()) if row["list"] == number]
    wrong = [row["words"] for row in rows if not is_right(row)]
    assert len(rows) - len(wrong) >= NEEDED, wrong
