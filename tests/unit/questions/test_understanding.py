"""Questions as parents and children type them, against a list written beforehand; nobody else's child is spoken of."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bench import WrongFileError
from bot.bench.questions_bench import SUBJECTS, answer_bench_question, measure_questions_bench, read_question_samples
from bot.questions.grammar import understand_by_grammar
from bot.questions.model import Intent, Question
from bot.questions.spelling import spelling_topic_keys, spelling_topic_number, spelling_word_keys

LIST = Path(__file__).with_name("questions.csv")
TODAY = date(2026, 12, 9)
CHILDREN = ((1, "Ромашкина Дарья Ильинична"), (2, "Ромашкин Лев Ильич"))


def ask(words: str, today: date = TODAY, subjects: tuple[str, ...] = SUBJECTS) -> Question:
    return understand_by_grammar(words, today=today, subjects=subjects, children=CHILDREN)


@pytest.mark.parametrize(
    ("words", "subject", "child_id"),
    [("Экзамены", None, None), ("exams", None, None), ("олимпиады Даши", None, 1), ("результаты ЕГЭ", None, None),
     ("сколько баллов за егэ по физике", "Физика", None), ("my exam results", None, None)],
)  # fmt: skip
def test_what_was_reached_in_exams_is_asked_by_its_name(words: str, subject: str | None, child_id: int | None) -> None:
    """The door's own name opens it, in either language, with subject and child (Q111, Q113)."""
    question = ask(words)
    assert (question.intent, question.subject, question.child_id) == (Intent.EXAMS, subject, child_id)


@pytest.mark.parametrize("words", ["когда егэ", "огэ по физике когда"])
def test_the_day_of_a_state_exam_is_asked_of_exams(words: str) -> None:
    """Whoever writes such a question means an exam; the conversation answers with the plan (Q19)."""
    assert ask(words).intent is Intent.EXAMS


@pytest.mark.parametrize("words", ["экзамен по физике когда", "when is the exam", "когда пробный огэ"])
def test_an_exam_that_is_ahead_is_a_control_work(words: str) -> None:
    """What is planned stands in the schedule, not among the results (Q19)."""
    assert ask(words).intent is Intent.CONTROL_WORKS


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("когда соч по истории", Intent.CONTROL_WORKS),
        ("соч по химии на этой неделе есть", Intent.CONTROL_WORKS),
        ("будет ли сор на неделе", Intent.CONTROL_WORKS),
        ("завтра сор?", Intent.CONTROL_WORKS),
        ("к сочу по физике готовиться", Intent.CONTROL_WORKS),
        ("сколько троек за эту четверть", Intent.MARKS),
        ("сколько пятерок в четверти у даши", Intent.MARKS),
        ("сколько двоек за 2 четверть", Intent.MARKS),
        ("сколько четвёрок у меня в этой четверти по алгебре", Intent.MARKS),
        ("сколько двоек с начала четверти", Intent.MARKS),
        ("что за контру по физике", Intent.MARKS),
        ("за контрошку по алгебре сколько", Intent.MARKS),
        ("за сор по химии что поставили", Intent.MARKS),
        ("оценка за контру по русскому", Intent.MARKS),
        ("есть точки по алгебре", Intent.DEBTS),
        ("сколько у меня точек", Intent.DEBTS),
        ("у нас точка по химии за что", Intent.DEBTS),
        ("не пишите нам ночью", Intent.SETTINGS),
        ("не беспокой по ночам", Intent.SETTINGS),
        ("не пишите после 22", Intent.SETTINGS),
        ("не шли ночью", Intent.SETTINGS),
        ("завтра учимся или отдыхаем", Intent.TIMETABLE),
        ("завтра в школу или выходной", Intent.TIMETABLE),
        ("в субботу уроки есть или выходной", Intent.TIMETABLE),
        ("завтра выходной или учеба", Intent.TIMETABLE),
        ("завтра учёба или каникулы", Intent.TIMETABLE),
        ("мы завтра учимся или нет", Intent.TIMETABLE),
        ("выхожу на отличника?", Intent.FORECAST),
        ("сын выходит на хорошиста", Intent.FORECAST),
        ("когда выходим на каникулы", Intent.HOLIDAYS),
        ("сколько дней до конца четверти", Intent.HOLIDAYS),
        ("когда закончится четверть", Intent.HOLIDAYS),
        ("когда начинается четверть", Intent.HOLIDAYS),
    ],
)
def test_the_words_of_school_days_open_what_they_mean(words: str, intent: Intent) -> None:
    """«сор», «точка», «контра», marks of the term so far, a day of lessons or of rest, silence at night (Q96)."""
    question = ask(words)
    assert question.intent == intent


@pytest.mark.parametrize(("words", "work"), [("что за кр по физике", "контрольную"), ("оценка за сор", "сор")])
def test_a_short_word_for_a_work_is_its_kind(words: str, work: str) -> None:
    """The journal says «контрольная», the family «контра» (Q113)."""
    assert ask(words).work == (work,)


async def test_the_list_of_questions_is_understood() -> None:
    """Of a thousand questions in two languages at least 97 % get the right intent, subject and dates (Q96)."""
    figures = await measure_questions_bench(LIST)
    assert len(read_question_samples(LIST)) > 1000
    assert figures["ok"], figures["wrong"]


def test_no_question_of_the_list_that_is_unclear_is_guessed_at() -> None:
    """What names another child, several subjects or none that is taught is never answered, not even sometimes (Q14)."""
    unclear = [each for each in read_question_samples(LIST) if each.wanted.intent == Intent.UNCLEAR]
    assert [each.text for each in unclear if answer_bench_question(each).intent != Intent.UNCLEAR] == []


@pytest.mark.parametrize(
    "name",
    ["Пети", "у пети", "Иванова", "петрова", "у Маши Сидоровой", "Зульфии", "у одноклассника", "Саши Ромашкиной",
     "Даши Петровой", "Кузнецовой Дарьи", "моего друга", "Машины", "у тёмы", "Тёмы", "Дамира", "дамира",
     "всего класса", "Смирнова Артёма Игоревича"],
)  # fmt: skip
@pytest.mark.parametrize(
    "asked",
    ["оценки {} по алгебре", "какие оценки {}", "двойки {} за неделю", "прогноз {} на год", "результаты экзаменов {}"],
)
def test_marks_of_others_are_not_spoken_of(name: str, asked: str) -> None:
    """Another child, by first name, surname, any case or «у соседа»: the question stays unclear (Q14)."""
    question = ask(asked.format(name))
    assert (question.intent, question.of_others, question.child_id) == (Intent.UNCLEAR, True, None)


@pytest.mark.parametrize("words", ["Peter's marks", "marks of Kate", "show Zulfiya's grades", "ocenki peti po algebre"])
def test_neither_in_english_nor_in_latin_letters(words: str) -> None:
    """A name is one in any alphabet."""
    assert ask(words).intent is Intent.UNCLEAR


@pytest.mark.parametrize(
    ("words", "child_id"),
    [
        ("оценки Даши", 1), ("что получила дарья по физике", 1), ("дз Дашеньки", 1), ("оценки Ромашкиной Дарьи", 1),
        ("оценки Дарьи Ильиничны", 1), ("оценки Лёвы", 2), ("оценки Льва", 2), ("у Льва Ромашкина какие оценки", 2),
        ("Dasha's marks", 1), ("homework for Daria", 1), ("оценки дочери", 1), ("оценки сына", 2),
        ("оценки старшей", None), ("у сынишки какие оценки", 2), ("оценки Ромашкиной", 1), ("оценки Ромашкина", None),
    ],
)  # fmt: skip
def test_an_own_child_is_known_by_every_form_of_the_name(words: str, child_id: int | None) -> None:
    """Declined, short and English forms name the own child; a word that fits both children leaves the choice."""
    question = ask(words)
    assert question.child_id == child_id
    assert not question.of_others


@pytest.mark.parametrize(
    "words",
    ["кто ведёт физику, Мария Ивановна?", "как зовут учителя физики, Иван Иваныч?", "что задала Марья Ивановна",
     "когда урок у Анны Сергеевны", "Здравствуйте, Ольга Петровна! Подскажите дз по химии"],
)  # fmt: skip
def test_a_teacher_by_first_name_and_patronymic_is_no_child(words: str) -> None:
    """Patronymics are how teachers are spoken of."""
    assert ask(words).intent is not Intent.UNCLEAR


def test_marks_under_a_patronymic_alone_stay_unclear() -> None:
    """«оценки Ивана Петровича» may be a student's: nothing is shown."""
    assert ask("оценки Ивана Петровича").intent is Intent.UNCLEAR


def test_an_unclear_question_keeps_what_there_is_to_choose_from() -> None:
    """Several subjects that fit, or several things that were asked, become buttons, with the date that was said."""
    several = ask("дз по гео на завтра")
    assert (several.subjects, several.maybe) == (("География", "Геометрия"), (Intent.HOMEWORK,))
    assert several.since == several.until == date(2026, 12, 10)
    both = ask("оценки и домашка по химии")
    assert (set(both.maybe), both.subjects) == ({Intent.MARKS, Intent.HOMEWORK}, ("Химия",))


@given(st.text(max_size=200), st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_whatever_is_typed_there_is_an_answer(words: str, today: date) -> None:
    """No text breaks the grammar."""
    question = ask(words, today)
    assert (question.since is None) == (question.until is None)


WORDS = st.sampled_from(
    ["дз", "оценки", "расписание", "контрольная", "на", "за", "в", "с", "по", "через", "до", "завтра", "среду",
     "неделю", "месяц", "декабрь", "15.12", "31.02", "15-го", "29", "февраля", "следующей", "прошлую", "последние",
     "3", "9999", "дня", "назад", "конца", "начала", "Пети", "и", "алгебре", ".", "?", "прогноз", "у", "2099", "999"]
)  # fmt: skip


@given(st.lists(WORDS, max_size=14).map(" ".join), st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_dates_are_sane_whatever_words_meet(words: str, today: date) -> None:
    """A span never ends before it begins."""
    question = ask(words, today)
    if question.since is not None and question.until is not None:
        assert question.since <= question.until


@pytest.mark.parametrize(
    ("rows", "line"),
    [("дз,2026-12-09,homework,,вчера", 2), ("дз,today,homework,,", 2), ("дз,2026-12-09,guess,,", 2)],
)
async def test_a_list_that_cannot_be_read_is_refused_by_its_line(tmp_path: Path, rows: str, line: int) -> None:
    """The measure names the line that it cannot use."""
    file = tmp_path / "list.csv"
    file.write_text(f"text,today,intent,subject,date\n{rows}\n", encoding="utf-8")
    with pytest.raises(WrongFileError) as refused:
        await measure_questions_bench(file)
    assert refused.value.facts == {"line": line}


@pytest.mark.parametrize(
    ("words", "about"),
    [
        ("что писали про экскурсию", ("экскурсию",)),
        ("объявление про собрание", ("собрание",)),
        ("объявление об экскурсии в музей за неделю", ("экскурсии", "музей")),
        ("объявление про математику", ("математику",)),
        ("напоминали про форму?", ("форму",)),
        ("announcement about the trip", ("trip",)),
        ("what did they write about the trip yesterday", ("trip",)),
        ("новости", ()),
        ("объявления за неделю", ()),
        ("что было в объявлении", ()),
    ],
)
def test_what_an_announcement_is_about_is_kept_in_its_words(words: str, about: tuple[str, ...]) -> None:
    """The words after «про», or after «объявление»; days and names of children are none of them (Q113, Q116)."""
    question = ask(words)
    assert (question.intent, question.about) == (Intent.ANNOUNCEMENTS, about)


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("экскурсию", "экскурсиями"),
        ("собрание", "собрания"),
        ("форму", "форма"),
        ("trip", "trips"),
        ("деньги", "деньгах"),
    ],
)
def test_a_word_is_found_in_any_of_its_forms(asked: str, written: str) -> None:
    """The ending does not matter, another word is another (Q116)."""
    assert spelling_topic_keys(spelling_topic_number([asked])) & spelling_word_keys(written)
    assert not spelling_topic_keys(spelling_topic_number([asked])) & spelling_word_keys("субботник")
