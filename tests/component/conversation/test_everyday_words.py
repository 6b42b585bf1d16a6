"""Everyday words of families: kit, missed days, breaks, late arrivals, changed and final marks (Q110–Q113)."""

import pytest

from bot.handlers.doors import DoorSchool
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from notifiers.directory import InstalledChannelDirectory
from tests.support.conversation.asking import CATALOGUES, KEY
from tests.support.conversation.phone import Phone, answers_without, other_first_lines
from tests.support.conversation.telegram import Line
from tests.support.schools.asked import FATHER, MOTHER, a_school_to_ask
from tests.support.schools.builders import NOW


@pytest.fixture
async def line(open_sqlite: UnitOfWorkFactory) -> Line:
    """The bot of a school where a father of one asks."""
    await a_school_to_ask(open_sqlite)
    school = DoorSchool(
        open_uow=open_sqlite, catalogues=CATALOGUES, clock=lambda: NOW, policy=Policy(), closes={}, signing_key=KEY,
        language="ru", channels=InstalledChannelDirectory(),
    )  # fmt: skip
    return Line(school)


async def test_everyday_words_are_answered_in_the_first_line(line: Line) -> None:
    """Kit for a lesson, a missed day, breaks, late arrivals, changed and final marks, days of study (Q110)."""
    holidays = "Зимние каникулы: 30.12–10.01, через 40 дней."
    assert not await other_first_lines(
        Phone(line, FATHER),
        {
            "завтра форму на физру брать?": "Нет: Физическая культура, завтра, сб 21.11 – урока нет.",
            "форма во вторник на физкультуру нужна": "Да, вт 24.11, 2-й урок, 09:25–10:10.",
            "в субботу школа?": "Нет, завтра уроков нет.",
            "в понедельник физика?": "Да, пн 23.11, 3-й урок, 10:20–11:05.",
            "сколько длится большая перемена": "Самая длинная перемена: 10 минут, 09:15–09:25, после 1-го урока.",
            "перемена после 2 урока сколько": "Перемена после 2-го урока: 10 минут, 10:10–10:20.",
            "сколько длится урок": "Урок длится 45 минут: 08:30–09:15.",
            "сколько раз в неделю физика": "Физика: 3 урока, 16.11–22.11.",
            "сколько опозданий": "Опозданий нет: в этом учебном году.",
            "сколько пропусков по болезни": "Пропусков по болезни нет: в этом учебном году.",
            "пропуски по уважительной": "1 пропуск по уважительной причине: в этом учебном году.",
            "откуда 2 по физике": "18.11 Физика: 2 – Самостоятельная работа, «Сила»; Нет единиц",
            "почему нет оценок по русскому": "Оценок нет: в этом учебном году.",
            "двойку исправили, правда?": "Исправленных оценок нет: в этом учебном году.",
            "когда поставят оценку за контрольную":
                "Когда поставят оценку, в журнале не записано. О новой оценке придёт сообщение.",
            "какая четвертная по алгебре": "Алгебра, 2 четверть: отметка ещё не выставлена. Мало данных для прогноза"
            " (оценок: 2, нужно от 3) · средний балл 4,67",
            "годовая по физике": "Физика, год: отметка ещё не выставлена.",
            "до какого числа учимся": holidays,
            "сколько осталось учиться до каникул": holidays,
            "кто классный руководитель": "Классный руководитель не указан.",
        },
    )  # fmt: skip


async def test_what_was_given_on_a_missed_day_is_shown(line: Line) -> None:
    """The day that was missed is kept, unless another day is named (Q110, Q113)."""
    assert not await answers_without(
        Phone(line, FATHER),
        {
            "дочка болела вчера что там задали по всем предметам": "упр. 42",
            "задания за вчера что пропустили": "упр. 42",
            "дз на понедельник, вчера не было в школе": "№ 315, 316",
        },
    )


async def test_doors_open_by_what_is_wanted(line: Line) -> None:
    """A digest, the language, a chart, a calendar file, marks of a term that is over, the day's lessons (Q111)."""
    assert not await answers_without(
        Phone(line, FATHER),
        {
            "хочу отчет раз в неделю": "<b>Настройки</b>",
            "язык": "<b>Настройки</b>",
            "не пришло сообщение про двойку": "<b>Настройки</b>",
            "график оценок по алгебре": "Словами",
            "добавь уроки в календарь": "Файл для календаря телефона",
            "какие четвертные были в прошлой четверти": "<b>1 четверть</b>",
            "с какими оценками закончил прошлую четверть": "<b>1 четверть</b>",
            "что в понедельник": "<b>Расписание: пн 23.11</b>",
        },
    )


async def test_a_final_mark_stands_alone(line: Line) -> None:
    """«четвертные за первую четверть» behind a question about debts asks for no debts (Q112)."""
    phone = Phone(line, FATHER)
    await phone.says("долги есть?")
    assert "<b>1 четверть</b>" in await phone.says("четвертные за первую четверть")


async def test_nobody_is_compared_with_the_class(line: Line) -> None:
    """«лучше всех в классе» would tell of the others' marks (Q14)."""
    said = await Phone(line, FATHER).says("где маша лучше всех в классе")
    assert said.startswith("Я показываю только те сведения")


async def test_a_question_without_a_word_for_what_is_asked_has_an_answering_first_line(line: Line) -> None:
    """Marks, homework, lessons, debts, teachers: the answer first, then the name and the table (Q110)."""
    averages = "Средний балл, 2 четверть: от 2,00 (Физика) до 5,00 (Физическая культура)."
    assert not await other_first_lines(
        Phone(line, FATHER),
        {
            "какие оценки по алгебре": "Алгебра, 2 четверть: 4, 5 · средний балл 4,67",
            "оценки по русскому": "Русский язык, 2 четверть: оценок нет.",
            "какие оценки за неделю": "4 оценки: 14.11–20.11. Последняя: 19.11 Алгебра: 5.",
            "что задали на понедельник": "Задано по 2 предметам: пн 23.11.",
            "дз по физике": "Физика, на ср 25.11: § 12",
            "расписание на понедельник": "Пн 23.11: 5 уроков, 08:30–12:55.",
            "расписание на неделю": "24 урока: 16.11–22.11.",
            "покажи пропуски": "1 пропуск: в этом учебном году.",
            "какие у неё долги": "1 долг: в этом учебном году. История.",
            "какие контрольные будут": "Ближайшая: пт 27.11 <b>Физика</b> – Контрольная работа, тема: Механика",
            "итоговые оценки за 2 четверть": f"2 четверть: итоговых пока нет. {averages}",
            "средний балл по всем предметам":
                "Средний балл, 2 четверть: 3,67 в среднем по предметам, "
                "от 2,00 (Физика) до 5,00 (Физическая культура).",
            "годовые оценки": "Год: итоговых пока нет.",
            "кто учителя": "1 учитель. Классный руководитель не указан.",
            "какие рекомендации": "Рекомендаций пока нет.",
            "результаты экзаменов": "Результатов пока нет.",
            "что проходили сегодня": "4 предмета: сегодня, пт 20.11. Темы записаны: 0.",
        },
    )  # fmt: skip


async def test_slang_and_the_hour_are_answered(line: Line) -> None:
    """Words for giving a mark, absences by their letter, the lesson of this hour, a teacher's phone (Q110)."""
    assert not await other_first_lines(
        Phone(line, FATHER),
        {
            "чё влепили по физике": "Физика, 2 четверть: 2 · средний балл 2,00",
            "5 по алгебре есть?": "Да, 2 пятёрки: в этом учебном году.",
            "сколько н-ок по химии": "1 пропуск: в этом учебном году.",
            "почему стоит УП по химии":
                "19.11 Химия: пропуск по уважительной причине; почему, в журнале не записано",
            "во сколько в понедельник домой": "Пн 23.11: до 12:55, последний урок – 5-й.",
            "не шлите мне смс": "<b>Настройки</b>",
            "какой щас урок": "Сейчас уроков нет.",
            "какой следующий урок": "Сегодня уроков больше нет.",
            "телефон учителя физики":
                "Телефонов учителей здесь нет. Физика: Иванова Ирина Олеговна. "
                "Обратитесь в школу или к классному руководителю.",
            "почему в один день две контрольные": "Двух контрольных в один день впереди нет.",
            "болела три дня, что проходили на физике и что задали":
                "Физика, сегодня, пт 20.11: тема в журнале не записана; задано на ср 25.11: § 12.",
            "расписание на 12.10": "Пн 12.10: 5 уроков, 08:30–12:55.",
            "дз с 5 по 9 октября": "Ничего не задано: 05.10–09.10.",
        },
    )  # fmt: skip


async def test_what_goes_on_may_have_a_verb(line: Line) -> None:
    """«а когда поставили», «а без уважительной», «а за вторую», «до скольки» belong to the question before (Q112)."""
    phone = Phone(line, FATHER)
    for first, then, answer in (
        ("есть ли двойки?", "а когда поставили", "18.11 Физика: 2"),
        ("когда контрольная по физике", "а по русскому когда", "Ближайшая: ср 02.12 <b>Русский язык</b> – Диктант"),
        (
            "пропуски за четверть",
            "а без уважительной",
            "Пропусков без уважительной причины нет: 03.11–29.12. Всего 1 пропуск.",
        ),
        ("оценки по алгебре за 1 четверть", "а за вторую", "Алгебра, 2 четверть: 4, 5 · средний балл 4,67"),
        ("какой первый урок в понедельник", "а второй?", "Русский язык: пн 23.11, 2-й урок, 09:25–10:10"),
        ("сколько уроков в понедельник", "до скольки", "Пн 23.11: до 12:55, последний урок – 5-й."),
        ("дз по физике", "а на понедельник есть?", "Физика. Ничего не задано: пн 23.11."),
    ):
        await phone.says(first)
        assert (await phone.says(then)).split("\n")[0] == answer, then


async def test_the_forecast_goes_on_with_the_year(line: Line) -> None:
    """«а за год?» after a forecast asks for that of the year (Q112)."""
    phone = Phone(line, FATHER)
    await phone.says("прогноз по алгебре")
    assert "итоговых" not in (await phone.says("а за год?")).split("\n")[0]


async def test_what_was_asked_in_vain_is_answered(line: Line) -> None:
    """The reason of a term's mark, papers, late marks, deadlines, exams, the length of holidays (Q110, Q114)."""
    assert not await other_first_lines(
        Phone(line, FATHER),
        {
            "почему у дочки 4 по алгебре в четверти":
                "Алгебра, 2 четверть: отметка ещё не выставлена. "
                "18.11 Алгебра: 4 – Ответ на уроке, вес 10",
            "почему годовая не пять": "Год: итоговых пока нет.",
            "нужна справка что ребенок учится в вашей школе":
                "Справки и характеристики я не выдаю: их готовит школа. "
                "Обратитесь в школу или к классному руководителю.",
            "почему учителя не выставляют оценки вовремя, безобразие!!!":
                "Оценки ставит учитель, и когда – в журнале не записано; о новой оценке придёт сообщение. "
                "Напишите учителю так, как принято в школе, или спросите классного руководителя.",
            "исправляли ли ей оценки?": "Исправленных оценок нет: в этом учебном году.",
            "как дела у дочки по физике": "Физика, 2 четверть: 2 · средний балл 2,00",
            "когда у неё ОГЭ": "ОГЭ: даты и предметы здесь не объявлены, о них скажет школа.",
            "до какого числа сдать историю":
                "Срок сдачи в журнале не записан, его назначает учитель. "
                "1 долг: в этом учебном году. История.",
            "сколько дней зимние каникулы": "12 дней: 30.12–10.01, Зимние каникулы.",
            "ацэнки па физеке": "Физика, 2 четверть: 2 · средний балл 2,00",
            "кто в понедельник позже заканчивает": "Пн 23.11: до 12:55, последний урок – 5-й.",
            "прогуливала?": "Пропусков без уважительной причины нет: в этом учебном году. Всего 1 пропуск.",
            "на каком уроке пропуск": "19.11 Химия: пропуск по уважительной причине",
            "сколько пятёрок и четвёрок": "3 пятёрки, 1 четвёрка: в этом учебном году.",
            "не присылайте мне ничего ночью":
                "Тихие часы сейчас: 21:00–07:00. "
                "В эти часы ничего не приходит; другие – кнопкой ниже.",
            "can you speak english?": "Язык меняется кнопкой ниже. The button below changes the language.",
            "сменил почту": "Новый номер или почта: добавьте их кнопкой ниже, старые можно отвязать.",
        },
    )  # fmt: skip


async def test_own_children_are_compared_and_others_are_not(line: Line) -> None:
    """«у кого больше троек» is asked of each own child; who has no other child asks about others (Q14, Q113)."""
    both = await Phone(line, MOTHER).says("у кого в понедельник больше уроков")
    assert "Мария: Пн 23.11: 5 уроков" in both
    assert "Артём: Пн 23.11:" in both
    others = "Я показываю только те сведения, которые открыты вам."
    assert others in await Phone(line, FATHER).says("у кого больше троек")
    assert others in await Phone(line, MOTHER).says("у кого в классе больше троек")
    assert "Про одного ребёнка настроить нельзя" in await Phone(line, MOTHER).says("уведомления про машу отключите")


async def test_short_words_ask_why_and_when(line: Line) -> None:
    """«за что?», «а когда?» and «как с ней связаться» go on with the question before (Q112)."""
    phone = Phone(line, FATHER)
    for first, then, answer in (
        ("есть двойки?", "за что?", "18.11 Физика: 2 – Самостоятельная работа, «Сила»; Нет единиц"),
        ("есть двойки?", "а когда?", "18.11 Физика: 2"),
        ("кто ведет физику", "как с ней связаться", ("Телефонов учителей здесь нет. Физика: Иванова Ирина Олеговна. "
         "Обратитесь в школу или к классному руководителю.")),
    ):  # fmt: skip
        await phone.says(first)
        assert (await phone.says(then)).split("\n")[0] == answer, then


async def test_a_reason_names_every_mark_that_is_asked_about(line: Line) -> None:
    """Of an average, of several marks, of a subject beside one that is not taught; an exam has subjects of its own."""
    assert not await other_first_lines(
        Phone(line, FATHER),
        {
            "почему средний балл по алгебре такой":
                "Средний балл, 2 четверть, с учётом весов: <b>4,67</b> (2 оценки): "
                "4 – Ответ на уроке, вес 10; 5 – Контрольная работа, «Корни», вес 20",
            "срзнач по физике": "Средний балл, 2 четверть, без весов: <b>2,00</b> (1 оценка)",
            "оценки по астрономии и физике": "Физика, 2 четверть: 2 · средний балл 2,00",
            "во сколько в понедельник физика": "Физика: пн 23.11, 3-й урок, 10:20–11:05.",
            "огэ по математике": "«математике»: результатов пока нет.",
            "когда огэ по математике": "ОГЭ: даты и предметы здесь не объявлены, о них скажет школа.",
            "скока мне отдыхать": "12 дней: 30.12–10.01, Зимние каникулы.",
            "что было задано на вторник": "Ничего не задано: вт 17.11.",
        },
    )  # fmt: skip
    assert "Такого предмета в школе нет: «астрономии»." in await Phone(line, FATHER).says("дз по астрономии и физике")


async def test_what_goes_on_names_its_subject_in_the_first_line(line: Line) -> None:
    """The words name none, so the answer says of which subject it is; debts are those of all subjects (Q112)."""
    phone = Phone(line, FATHER)
    await phone.says("что задали по физике")
    assert (await phone.says("а на завтра?")).startswith("Физика. Ничего не задано: завтра, сб 21.11.")
    await phone.says("уроки в субботу")
    assert (await phone.says("а физика во сколько?")).startswith(
        "Физика: уроков нет, завтра, сб 21.11. Ближайший урок: пн 23.11, 3-й урок, 10:20–11:05."
    )
    await phone.says("оценки по физике")
    assert (await phone.says("а долги?")).startswith("1 долг: в этом учебном году. История.")
