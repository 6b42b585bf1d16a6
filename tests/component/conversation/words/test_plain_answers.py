"""Families ask in their own words: the first line answers, and nothing that was said is dropped (Q110–Q114)."""

from datetime import datetime, timedelta

import pytest

from bot.handlers.doors import DoorSchool
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from notifiers.directory import InstalledChannelDirectory
from tests.support.conversation.asking import CATALOGUES, KEY
from tests.support.conversation.phone import Phone, answers_without, other_first_lines
from tests.support.conversation.telegram import Line
from tests.support.schools.asked import DAUGHTER, FATHER, MOTHER, TEACHER, a_school_to_ask
from tests.support.schools.builders import NOW

OFFICE, NURSE = "секретарь, каб. 5", "медсестра, каб. 3"
MARIA, ARTYOM = "<b>Ковалёва Мария Денисовна</b>", "<b>Ковалёв Артём Денисович</b>"


class Clock:
    """The school's clock, which a test moves on."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def line(open_sqlite: UnitOfWorkFactory, clock: Clock) -> Line:
    """The bot of a school with a mother of two, a father of one, a daughter with an own account and a teacher."""
    await a_school_to_ask(open_sqlite)
    school = DoorSchool(
        open_uow=open_sqlite, catalogues=CATALOGUES, clock=clock, policy=Policy(), closes={}, signing_key=KEY,
        language="ru", channels=InstalledChannelDirectory(), ways={"school": OFFICE, "illness": NURSE},
    )  # fmt: skip
    return Line(school)


async def test_a_question_about_lessons_is_answered_in_the_first_line(line: Line) -> None:
    """How many, when, where, whether, which: the number or the time comes first, the table follows (Q110)."""
    assert not await other_first_lines(
        Phone(line, FATHER),
        {
            "сколько уроков в понедельник": "Пн 23.11: 5 уроков, 08:30–12:55.",
            "сколько уроков завтра": "Завтра уроков нет.",
            "скока уроков сегодня": "Сегодня 4 урока, 08:30–12:00.",
            "сколько алгебры на этой неделе": "Алгебра: 5 уроков, 16.11–22.11.",
            "когда физра": "Физическая культура: вт 24.11, 2-й урок, 09:25–10:10.",
            "где сегодня физика": "Физика: каб. 205 – сегодня, пт 20.11, 1-й урок, 08:30–09:15.",
            "во сколько в понедельник в школу": "Пн 23.11: с 08:30, первый урок – 1-й.",
            "до скольки уроки в среду": "Ср 25.11: до 13:50, последний урок – 6-й.",
            "какой третий урок в понедельник": "Физика: пн 23.11, 3-й урок, 10:20–11:05",
            "что последним уроком во вторник": "Физика: вт 24.11, 4-й урок, 11:15–12:00",
            "есть ли завтра физика": "Нет: Физика, завтра, сб 21.11 – урока нет.",
            "есть ли в понедельник физика?": "Да, пн 23.11, 3-й урок, 10:20–11:05.",
            "учимся ли в субботу": "Нет, завтра уроков нет.",
            "замены на понедельник есть?": "Замен нет: пн 23.11.",
            "замены на вторник есть?": "Есть 1 изменение: вт 24.11.",
        },
    )


async def test_what_follows_a_lesson_is_shown_with_its_whole_day(line: Line) -> None:
    """«что после физики» names the lesson that follows; one that is over is not meant (Q110)."""
    phone = Phone(line, FATHER)
    assert not await other_first_lines(
        phone,
        {
            "что сегодня после физики": "После урока «Физика» – Алгебра: сегодня, пт 20.11, 2-й урок, 09:25–10:10.",
            "что перед химией": "Чт 26.11: «Химия» – первый урок.",
            "что перед химией сегодня":
                "Перед уроком «Химия» – Русский язык: сегодня, пт 20.11, 3-й урок, 10:20–11:05.",
            "какой урок после химии сегодня": "Сегодня «Химия» – последний урок.",
            "что идет перед физикой сегодня": "Сегодня «Физика» – первый урок.",
        },
    )  # fmt: skip
    assert "Русский язык" in await phone.says("что сегодня после физики")


async def test_what_a_command_does_not_read_is_named(line: Line) -> None:
    """Words behind a command that opens a list are not dropped in silence (Q113)."""
    assert "Не понял: «по физике»." in await Phone(line, FATHER).says("/contacts по физике")


async def test_a_replaced_lesson_is_not_the_next_one(line: Line) -> None:
    """Chemistry on Tuesday is given to physics, so the next chemistry is on Thursday (Q17, Q110)."""
    phone = Phone(line, FATHER)
    assert not await other_first_lines(phone, {"когда следующая химия": "Химия: чт 26.11, 1-й урок, 08:30–09:15."})


async def test_a_question_about_marks_is_answered_in_the_first_line(line: Line) -> None:
    """Whether any, how many, why, for which work, which average: the answer first, of which time it says (Q110)."""
    assert not await other_first_lines(
        Phone(line, FATHER),
        {
            "есть ли двойки": "Да, 1 двойка: в этом учебном году.",
            "есть ли двойки по химии": "Двоек нет: Химия, в этом учебном году.",
            "сколько пятёрок": "3 пятёрки: в этом учебном году.",
            "сколько четверок за ноябрь": "1 четвёрка: 01.11–30.11.",
            "пятёрки за прошлую четверть": "1 пятёрка: 01.09–25.10. 14.10 Алгебра: 5.",
            "почему двойка": "18.11 Физика: 2 – Самостоятельная работа, «Сила»; Нет единиц",
            "за что 2 по физике": "18.11 Физика: 2 – Самостоятельная работа, «Сила»; Нет единиц",
            "поставили ли за контрольную": "Да: 19.11 Алгебра: 5 – Контрольная работа, «Корни», вес 20.",
            "поставили ли за диктант": "Оценок за «диктант» нет: в этом учебном году. "
            "За что поставлены остальные оценки, записано не везде.",
            "средний балл по алгебре": "Средний балл, 2 четверть, с учётом весов: <b>4,67</b> (2 оценки)",
            "сколько пропусков": "1 пропуск: в этом учебном году. 19.11 Химия: пропуск по уважительной причине.",
            "есть ли пропуски за октябрь": "Пропусков нет: 01.10–31.10.",
            "есть долги?": "1 долг: в этом учебном году. 16.11 История.",
            "оценки за прошлый год": "За прошлый учебный год оценок здесь нет, ниже – этого года.",
            "долги по химии": "Химия: долгов нет: в этом учебном году.",
        },
    )


async def test_a_question_about_work_and_the_year_is_answered_in_the_first_line(line: Line) -> None:
    """Homework, control works, holidays, ends of terms, teachers (Q110)."""
    physics = "<b>Физика</b> – Контрольная работа, тема: Механика"
    assert not await other_first_lines(
        Phone(line, FATHER),
        {
            "есть ли дз на понедельник": "Да, задано по 2 предметам: пн 23.11.",
            "дз на завтра": "Ничего не задано: завтра, сб 21.11.",
            "дз по геометрии": "Геометрия: впереди ничего не задано.",
            "когда контрольная по физике": f"Ближайшая: пт 27.11 {physics}",
            "будет ли контрольная на следующей неделе": f"Да: пт 27.11 {physics}",
            "есть ли контрольная в понедельник": "Нет, контрольных не запланировано: пн 23.11.",
            "сколько контрольных впереди": "2 контрольные впереди: 20.11–29.12.",
            "когда диктант": "Ближайшая: ср 02.12 <b>Русский язык</b> – Диктант",
            "когда каникулы": "Зимние каникулы: 30.12–10.01, через 40 дней.",
            "когда весенние каникулы": "Весенние каникулы: 25.03–01.04, через 125 дней.",
            "когда летние каникулы": "В календаре школы таких каникул впереди нет.",
            "когда закончится четверть": "2 четверть: конец вт 29.12, через 39 дней.",
            "когда начнётся 3 четверть": "3 четверть: начало пн 11.01, через 52 дня.",
            "кто ведёт физику": "Физика: Иванова Ирина Олеговна",
            "кто учитель химии": "Кто ведёт предмет «Химия», в расписании не указано.",
        },
    )


async def test_english_questions_are_answered_alike(line: Line) -> None:
    """The language of the words is not that of the answer, which is the person's own (Q110)."""
    assert not await other_first_lines(
        Phone(line, FATHER),
        {
            "how many lessons on Monday": "Пн 23.11: 5 уроков, 08:30–12:55.",
            "any twos?": "Да, 1 двойка: в этом учебном году.",
            "when does the quarter end": "2 четверть: конец вт 29.12, через 39 дней.",
        },
    )


async def test_what_a_door_is_called_opens_it(line: Line) -> None:
    """The label of each button of the menu, a parent's word for it, and the English one (Q111)."""
    titles = {
        "меню": "Что показать?", "помощь": "Что показать?", "настройки": "<b>Настройки</b>",
        "Пропуски": "Пропуски и опоздания", "absences": "Пропуски и опоздания", "долги": "Несданные работы",
        "debts": "Несданные работы", "что нового": "<b>Объявления</b>", "рассылки": "<b>Объявления</b>",
        "Четверти и итоговые": "<b>2 четверть</b>", "Контрольные работы": "Контрольные работы: 2 четверть",
        "Homework": "Домашнее задание", "Прогноз": "Прогноз", "Каникулы": "<b>Каникулы</b>", ".ьфклы": "<b>Оценки</b>",
    }  # fmt: skip
    assert not await answers_without(Phone(line, FATHER), titles)


async def test_all_doors_are_offered_where_nothing_is_understood(line: Line) -> None:
    """What can be asked at all stands below the question back (Q111)."""
    phone = Phone(line, FATHER)
    offered = (await phone.says("ывапывап")).split("\n")
    menu = (await phone.says("/menu")).split("\n")
    labels = {"Оценки", "Расписание", "Домашние задания", "Пропуски", "Долги", "Объявления", "Экзамены", "Настройки"}
    assert labels <= set(offered)
    assert labels <= set(menu)


async def test_a_period_is_honoured_or_asked_back(line: Line) -> None:
    """Terms by number or place, months, days that only the calendar knows; what there is not is said (Q113)."""
    assert not await answers_without(
        Phone(line, FATHER),
        {
            "за 3 четверть": "<b>3 четверть</b>",
            "за прошлую четверть": "<b>1 четверть</b>",
            "оценки по алгебре за прошлую четверть": "<b>Алгебра</b>, 01.09–25.10",
            "оценки за октябрь": "01.10–31.10",
            "оценки за месяц": "22.10–20.11",
            "пропуски за 1 четверть": "01.09–25.10",
            "итоговые оценки": "<b>2 четверть</b>",
            "годовые": "Все итоговые",
            "расписание после каникул": "Расписание: пн 11.01",
            "дз на первый день после каникул": "Домашнее задание: пн 11.01",
            "контрольные до каникул": "Контрольные работы: 20.11–29.12",
            "оценки за 5 четверть": "Такого учебного периода в календаре школы нет.",
            "дз на 31.02": "Такого дня нет в календаре.",
            "marks for the 1st quarter": "<b>1 четверть</b>",
        },
    )


async def test_a_question_goes_on_with_the_one_before(line: Line, clock: Clock) -> None:
    """What is not changed is kept; the answer says how it was understood; after ten minutes it stands alone (Q112)."""
    phone = Phone(line, FATHER)
    assert "№ 315" in await phone.says("дз на понедельник")
    said = await phone.says("а по физике?")
    assert "<b>Физика</b>" in said
    assert "Понял так: домашние задания, Физика, пн 23.11." in said
    assert "§ 12" in await phone.says("а на среду?")
    assert "Алгебра: 5" in (await phone.says("сколько алгебры на этой неделе")).split("\n")[0]
    assert "Химия: 3" in (await phone.says("химия")).split("\n")[0]
    assert "Двоек нет" in await phone.says("есть двойки по алгебре?")
    assert "1 двойка" in await phone.says("а по физике")
    assert "<b>Пропуски и опоздания</b>\n<b>Физика</b>" in await phone.says("а пропуски?")
    clock.now += timedelta(minutes=11)
    assert (await phone.says("а по химии?")).startswith("Химия: что показать?")


async def test_an_answer_to_a_question_back_goes_on_with_it(line: Line) -> None:
    """«Какой предмет?» is answered by a word or a button (Q112)."""
    phone = Phone(line, FATHER)
    assert (await phone.says("оценки по математике")).startswith("Какой предмет?")
    assert "<b>Геометрия</b>" in await phone.says("геометрия")


async def test_a_mother_of_two_turns_from_one_child_to_the_other(line: Line) -> None:
    """By name, by class, or both at once, each under the own name (Q112, Q113)."""
    phone = Phone(line, MOTHER)
    assert "О ком показать?" in await phone.says("дз на понедельник")
    assert "№ 315" in await phone.presses("Ковалёва Мария Денисовна")
    assert ARTYOM in await phone.says("а у Артёма?")
    assert MARIA in await phone.says("а у Маши?")
    both = await phone.says("оценки у обоих")
    assert both.index(ARTYOM) < both.index("Математика: <b>4</b>") < both.index(MARIA) < both.index("Физика: <b>2</b>")
    assert ARTYOM in await phone.says("дз на понедельник у 5А")
    assert "Маши" not in await phone.says("оценки у детей за неделю")


async def test_a_child_is_meant_as_it_is_spoken_of(line: Line) -> None:
    """«у дочки» and «у сына» are one child each; «у старшей» is the one in the higher class (Q113)."""
    phone = Phone(line, MOTHER)
    assert ARTYOM in await phone.says("расписание Артёма на среду")
    assert "чт 26.11" in await phone.says("а на четверг")
    assert MARIA in await phone.says("а у дочки?")
    assert ARTYOM in await phone.says("у сына какие оценки")
    assert (await phone.says("у старшей есть долги?")).startswith("Мария: ")
    said = await phone.says("у кого из детей есть двойки")
    assert said.startswith("Мария – 1, Артём – 0.")
    assert said.index("Мария: Да, 1 двойка") < said.index("Артём: Двоек нет")


async def test_a_time_and_a_shift_go_on_too(line: Line) -> None:
    """«а за прошлую?» is last week as «оценки за прошлую неделю» says it, «а во сколько?» keeps the day (Q112)."""
    phone = Phone(line, FATHER)
    await phone.says("оценки за неделю")
    assert "09.11–15.11" in await phone.says("а за прошлую?")
    await phone.says("есть ли в понедельник уроки")
    assert (await phone.says("а во сколько?")).startswith("Пн 23.11: с 08:30")


async def test_several_subjects_are_each_answered(line: Line) -> None:
    """Both answers first, then a table each; where it is not known about whom, by buttons (Q113)."""
    said = await Phone(line, FATHER).says("дз по физике и русскому")
    physics, russian = said.index("Физика, на ср 25.11: § 12"), said.index("Русский язык, на пн 23.11: упр. 42")
    assert physics < russian < said.index("<b>Физика</b>") < said.index("<b>Русский язык</b>")
    choice = await Phone(line, MOTHER).says("оценки по алгебре и химии")
    assert {"Мария: Алгебра", "Артём: Химия"} <= set(choice.split("\n"))


async def test_what_was_done_and_given_is_told(line: Line) -> None:
    """The topic, the mark and what was set; «задали вчера» is what was given then, not what was due (Q110)."""
    phone = Phone(line, FATHER)
    assert not await other_first_lines(
        phone,
        {
            "что было вчера на алгебре": "Алгебра, вчера, чт 19.11: тема: Корни; задано на пн 23.11: № 315, 316.",
            "что проходили по физике в среду": "Физика, ср 18.11: тема: Сила; задано на ср 25.11: § 12.",
            "что было в воскресенье на алгебре": "Алгебра: по расписанию урока не было, вс 15.11.",
        },
    )
    lesson = await phone.says("что было вчера на алгебре")
    assert "<b>5</b> – Контрольная работа, «Корни»" in lesson
    assert "задано на пн 23.11: № 315, 316" in lesson
    given = await phone.says("что задали вчера")
    assert "упр. 42" in given
    assert "№ 315" not in given
    assert "№ 315" in await phone.says("что задали сегодня")


async def test_letters_are_mended_before_words_are_read(line: Line) -> None:
    """Missing blanks, a layout that was switched within the line, English in the Russian one (Q113)."""
    phone = Phone(line, FATHER)
    for words in ("дз на понедельник", "дзнапонедельник", "lp на понедельник", "что pflfkb yf gjytltkmybr",
                  "чтозадали напонедельник", "dz на понедельник"):  # fmt: skip
        assert "№ 315, 316" in await phone.says(words), words
    assert not await answers_without(
        phone,
        {
            "дз пофизике": "<b>Физика</b>",
            "дз насреду": "ср 25.11",
            "ьфклы": "<b>Оценки</b>",
            "jwtyrb gj abpbrt": "<b>Физика</b>",
        },
    )


async def test_what_is_not_understood_is_named(line: Line) -> None:
    """A word, a class, a subject that the class or the school does not have: each is said (Q113)."""
    assert not await answers_without(
        Phone(line, FATHER),
        {
            "дз бла на понедельник": "Не понял: «бла».",
            "оценки у шмубиков": "Не понял: «шмубиков».",
            "дз на понедельник у 9Б": "9Б – не класс вашего ребёнка. Показываю: Ковалёва Мария Денисовна, 8Б.",
            "дз по астрономии": "Такого предмета в школе нет: «астрономии».",
        },
    )
    assert "открыты вам" not in await Phone(line, FATHER).says("дз у обоих")


async def test_a_subject_of_another_class_is_told_apart(line: Line) -> None:
    """The fifth class has no physics, so nothing of it is «nothing is set» alone (Q113)."""
    phone = Phone(line, MOTHER)
    said = await phone.says("дз по физике у Артёма")
    assert said.startswith("Предмета «Физика» в классе 5А нет")


async def test_marks_of_another_class_are_not_spoken_of(line: Line) -> None:
    """«оценки 9Б» of a father whose child is in 8Б; his own class is his child (Q14)."""
    phone = Phone(line, FATHER)
    assert (await phone.says("оценки 9Б")).startswith("Я показываю только те сведения")
    assert MARIA in await phone.says("оценки 8Б")
    for words in ("оценки однокласников", "оценки моего класса", "двойки Пети Сидорова"):
        assert MARIA not in await phone.says(words), words


async def test_what_is_no_question_gets_a_short_human_answer(line: Line) -> None:
    """No table and no guess (Q114)."""
    phone = Phone(line, FATHER)
    assert not await other_first_lines(
        phone,
        {
            "спасибо": "Пожалуйста!",
            "С Днём учителя!": "Спасибо, и вам всего доброго!",
            "хороших каникул": "Спасибо, и вам всего доброго!",
            "👍": "Принято. Если есть вопрос – напишите словами.",
            "расскажи анекдот": "Шутить не умею, зато знаю расписание.",
            "расписание электричек": f"Этого школьный журнал не знает. Обратитесь так: {OFFICE}",
        },
    )
    for words in ("привет", "дурак", "5", "как дела", "пока", "ок", "ты кто", "поставь мне пятёрку"):
        said = await phone.says(words)
        assert MARIA not in said, words
        assert "Не понял" not in said, words


async def test_a_wish_for_a_person_gets_the_schools_own_way(line: Line) -> None:
    """The settings hold whom to turn to; without them the usual way is named (Q114)."""
    assert not await answers_without(
        Phone(line, FATHER),
        {
            "позовите человека": f"Обратитесь так: {OFFICE}",
            "справка о болезни": f"Обратитесь так: {NURSE}",
            "завтра дочь не придёт, заболела": f"Обратитесь так: {NURSE}",
            "хочу написать учителю": "спросите классного руководителя",
            "кто меня видит": "Обратитесь в школу",
            "удали мои данные": "Данные удаляет школа",
            "поменяй язык": "English",
            "отключи уведомления об оценках": "✓ Оценки",
        },
    )


async def test_staff_get_their_menu_and_a_human_answer(line: Line) -> None:
    """A teacher without children is no family: a question about marks leads to the own doors (Q114)."""
    phone = Phone(line, TEACHER)
    assert not await answers_without(
        phone, {"привет": "Здравствуйте!", "оценки": "Журнал класса", "мои уроки": "Мои уроки"}
    )


async def test_a_student_asks_about_themself(line: Line) -> None:
    """Nobody is asked about whom."""
    assert not await other_first_lines(
        Phone(line, DAUGHTER), {"у меня есть двойки?": "Да, 1 двойка: в этом учебном году."}
    )


async def test_holidays_are_said_where_nothing_is_set(line: Line) -> None:
    """«Ничего не задано» alone would hide why (Q110)."""
    assert not await other_first_lines(
        Phone(line, FATHER),
        {"дз на 31 декабря": "Каникулы или выходной: Зимние каникулы. Ничего не задано, чт 31.12."},
    )


async def test_the_day_list_names_works_and_codes(line: Line) -> None:
    """Kind and topic stand with a mark, and each code is explained once on the screen."""
    said = await Phone(line, FATHER).says("оценки за неделю")
    assert "19.11 Алгебра: <b>5</b> – Контрольная работа, «Корни»" in said
    assert said.count("УП – пропуск по уважительной причине") == 1
