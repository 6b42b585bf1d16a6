"""Everyday words of families: kit, missed days, breaks, late arrivals, changed and final marks (Q110–Q113)."""

import pytest

from bot.handlers.doors import DoorSchool
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from notifiers.directory import InstalledChannelDirectory
from tests.support.conversation.asking import CATALOGUES, KEY
from tests.support.conversation.phone import Phone, answers_without, other_first_lines
from tests.support.conversation.telegram import Line
from tests.support.schools.asked import FATHER, a_school_to_ask
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
            "какая четвертная по алгебре": "Алгебра, 2 четверть: отметка ещё не выставлена.",
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
