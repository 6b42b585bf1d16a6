"""Families talk with the bot, word by word: a mother of two, and a daughter with an account of her own."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from bot.handlers.doors import DoorSchool
from core.actions.people import endings
from core.model.conversation import SentFile
from core.model.marks.entries import EntryKind, NewEntry
from core.model.people import SYSTEM, Role
from core.model.register.consents import Decision
from core.model.register.preferences import Frequency
from core.model.schoolwork.control_works import NewControlWork
from core.model.schoolwork.recommendations import Audience
from core.model.timetable import NewTemplateLesson
from core.model.year import GroupKind
from core.ports import UnitOfWork, UnitOfWorkFactory
from core.rules.conversation.buttons import Handle, pack_button
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_class_name
from notifiers.directory import InstalledChannelDirectory
from tests.support.conversation.asking import CATALOGUES, KEY
from tests.support.conversation.phone import Phone
from tests.support.conversation.telegram import Line
from tests.support.schools.builders import NOW, Builder

TODAY = NOW.date()
"""A Friday, noon in Moscow."""

SATURDAY = TODAY + timedelta(days=1)
MOTHER, DAUGHTER, TEACHER = 501, 502, 503


@dataclass(frozen=True, slots=True)
class TwoFamilies:
    """Who is who, and the line to the bot."""

    open_uow: UnitOfWorkFactory
    line: Line
    mother: int
    maria: int
    artyom: int

    def phone(self, chat: int = MOTHER) -> Phone:
        return Phone(self.line, chat)


@pytest.fixture
async def school(open_sqlite: UnitOfWorkFactory) -> TwoFamilies:
    """Algebra is taught to Мария on Saturdays, with homework, a file, marks and advice."""
    async with open_sqlite() as uow:
        build = Builder(uow)
        maria = await build.student("Ковалёва Мария Денисовна", "8Б")
        artyom = await build.student("Ковалёв Артём Денисович", "5А")
        mother = await build.guardian("Ковалёва Ольга Николаевна", maria, artyom)
        for child in (maria, artyom):
            await build.decides(mother, child, Decision.CONSENT)
        await build.contact(mother, "telegram", str(MOTHER))
        await build.contact(mother, "email", "kovaleva@example.org", rank=2)
        await uow.people.set_account(maria, opened=True)
        await build.decides(maria, maria, Decision.CONSENT)
        await build.contact(maria, "telegram", str(DAUGHTER))
        teacher = await build.guardian("Иванова Ирина Олеговна")
        await uow.people.add_staff_role(teacher, Role.TEACHER, group_id=None)
        await build.contact(teacher, "telegram", str(TEACHER))
        subjects = await uow.year.ensure_subjects({"алгебра": "Алгебра", "физика": "Физика"})
        algebra, physics = subjects["алгебра"], subjects["физика"]
        year = await uow.year.ensure_year(TODAY)
        await uow.year.put_period(year, "2 четверть", starts_on=date(2026, 11, 9), ends_on=date(2026, 12, 29))
        for on in (date(2026, 11, 27), date(2027, 1, 22)):
            work = NewControlWork(await group_of(uow), physics, on, None, "Контрольная работа", "Механика")
            await uow.schoolwork.plan_control_work(work, by=None, at=NOW)
        group = await group_of(uow)
        await uow.timetable.put_template(group, [NewTemplateLesson(algebra, 5, 1, "12")], starts_on=date(2026, 9, 1))
        task = await uow.schoolwork.give_homework(group, algebra, due_on=SATURDAY, text="№ 315", by=teacher, at=NOW)
        await uow.schoolwork.add_homework_file(
            task, SentFile("рисунок.pdf", "application/pdf", "kept-by-telegram", "telegram")
        )
        marks = [
            NewEntry(maria, algebra, TODAY - timedelta(days=7), EntryKind.SCORE, "4", None, None, None, None),
            NewEntry(maria, algebra, TODAY, EntryKind.SCORE, "5", None, None, None, None),
            NewEntry(maria, physics, TODAY - timedelta(days=7), EntryKind.SCORE, "3", None, None, None, None),
            NewEntry(artyom, algebra, TODAY, EntryKind.SCORE, "3", None, None, None, None),
        ]
        await uow.marks.add_entries(marks, import_id=None, at=NOW)
        await uow.schoolwork.recommend(
            maria, subject_id=algebra, author_id=teacher, audience=Audience.BOTH, text="Повторить дроби", at=NOW
        )
        await uow.commit()
    return TwoFamilies(open_sqlite, Line(the_school(open_sqlite)), mother, maria, artyom)


async def group_of(uow: UnitOfWork) -> int:
    return await uow.year.ensure_group(GroupKind.CLASS, "8Б", normal_class_name("8Б"))


def the_school(open_uow: UnitOfWorkFactory, *, discreet: bool = False) -> DoorSchool:
    policy = Policy(discreet=frozenset({"telegram"}) if discreet else frozenset())
    return DoorSchool(
        open_uow=open_uow, catalogues=CATALOGUES, clock=lambda: NOW, policy=policy, closes={}, signing_key=KEY,
        language="ru", channels=InstalledChannelDirectory(),
    )  # fmt: skip


async def test_the_menu_asks_once_about_whom(school: TwoFamilies) -> None:
    """Then the chat is about that child, whatever is opened next, until another one is tapped (Q15)."""
    phone = school.phone()
    assert "О ком показать?" in await phone.says("/menu")
    assert (await phone.presses("Ковалёва Мария Денисовна")).startswith("<b>Ковалёва Мария Денисовна</b>")
    assert phone.in_place
    for label in ("Оценки", "Расписание", "Домашние задания"):
        assert (await phone.presses(label)).startswith("<b>Ковалёва Мария Денисовна</b>"), label
        assert phone.in_place
    assert (await phone.presses("Прогноз")).startswith("Мария: ")
    shown = await phone.presses("Артём")
    assert shown.startswith("Артём: ")
    assert "<b>Ковалёв Артём Денисович</b>" in shown
    assert "Мария Денисовна" not in shown
    assert (await phone.says("/marks")).startswith("<b>Ковалёв Артём Денисович</b>")


async def test_start_and_help_open_the_menu(school: TwoFamilies) -> None:
    """Everything is one tap from the first words on."""
    daughter = school.phone(DAUGHTER)
    for words in ("/start", "/help", "/menu"):
        shown = await daughter.says(words)
        assert shown.startswith("<b>Ковалёва Мария Денисовна</b>")
        assert {"Оценки", "Расписание", "Домашние задания", "Контрольные работы", "Каникулы"} <= set(shown.split("\n"))


async def test_a_student_with_an_own_account_sees_themself(school: TwoFamilies) -> None:
    """Nobody is asked about whom, and no brother is there to switch to (Q14)."""
    daughter = school.phone(DAUGHTER)
    shown = await daughter.says("/marks")
    assert "20.11 Алгебра: <b>5</b>" in shown
    assert "Артём" not in shown


async def test_homework_is_that_of_the_next_school_day_with_its_file(school: TwoFamilies) -> None:
    """A student asks, presses the file and has it (Q96)."""
    daughter = school.phone(DAUGHTER)
    shown = await daughter.says("/homework")
    assert "Домашнее задание: завтра, сб 21.11" in shown
    assert "<b>Алгебра</b>: № 315\n    <i>задано 20.11, Иванова И. О.</i>" in shown
    await daughter.presses("Файл: рисунок.pdf")
    assert daughter.files == ["kept-by-telegram"]


async def test_any_date_is_reached_by_buttons(school: TwoFamilies) -> None:
    """A day of the week, a week on, and today again, all in place (Q16, Q96)."""
    daughter = school.phone(DAUGHTER)
    assert "Расписание: завтра, сб 21.11" in await daughter.says("/timetable")
    assert "Уроков нет" in await daughter.presses("Пт")
    assert "Расписание: пт 27.11" in await daughter.presses("27.11 ›")
    assert "сб 28.11" in await daughter.presses("Сб")
    assert "Сб 28.11" in await daughter.presses("Неделя")
    assert daughter.in_place


@pytest.mark.parametrize("asked", ["есть ли завтра физика", "когда физика", "расписание: физика на следующей неделе"])
async def test_no_lesson_is_said_only_of_a_subject_that_the_timetable_has(school: TwoFamilies, asked: str) -> None:
    """Physics has marks and no place in the timetable: it may stand there under another name (Q113)."""
    answer = await school.phone(DAUGHTER).says(asked)
    assert "В расписании нет предмета с таким названием" in answer
    assert "Уроков нет" not in answer


@pytest.mark.parametrize("asked", ["есть ли в понедельник алгебра", "расписание: алгебра во вторник"])
async def test_a_subject_of_the_timetable_has_no_lesson_that_day(school: TwoFamilies, asked: str) -> None:
    """Algebra is on Saturdays, so of other days it is known that there is none."""
    answer = await school.phone(DAUGHTER).says(asked)
    assert "Уроков нет" in answer
    assert "нет предмета" not in answer


async def test_the_timetable_goes_into_the_familys_calendar(school: TwoFamilies) -> None:
    """Four weeks of lessons as a file, from the week that was looked at (Q16)."""
    daughter = school.phone(DAUGHTER)
    await daughter.says("/timetable")
    assert "Расписание: 16.11–13.12" in await daughter.presses("В календарь")
    (file,) = daughter.files
    assert file.filename == "timetable.ics"
    assert file.data.decode().count("BEGIN:VEVENT") == 4


async def test_a_button_under_a_notice_opens_below_it(school: TwoFamilies) -> None:
    """What was pushed stays; its buttons say only child and subject (Q95)."""
    phone = school.phone()
    for handle in (Handle("marks", (school.maria,)), Handle("subject", (school.maria, 1))):
        phone.buttons["notice"] = pack_button(handle, channel="telegram", chat=str(MOTHER), key=KEY)
        assert (await phone.presses("notice")).startswith("<b>Ковалёва Мария Денисовна</b>")
        assert not phone.in_place


async def test_marks_over_time_come_as_a_picture(school: TwoFamilies) -> None:
    """A chart, and the words again below it."""
    daughter = school.phone(DAUGHTER)
    await daughter.says("/marks")
    assert "Средний балл, 2 четверть, без весов: <b>4,50</b> (2 оценки)" in await daughter.presses("Алгебра")
    await daughter.presses("График")
    assert daughter.pictures == 1
    assert "Средний балл, 2 четверть" in await daughter.presses("Словами")
    assert not daughter.in_place


async def test_advice_is_read_by_whoever_opened_it(school: TwoFamilies) -> None:
    """New at the first look, known at the second; the daughter has still not read it (Q24)."""
    phone, daughter = school.phone(), school.phone(DAUGHTER)
    await phone.says("/advice")
    assert "Новая" in await phone.presses("Ковалёва Мария Денисовна")
    assert "Новая" not in await phone.says("/advice")
    assert "Новая" in await daughter.says("/advice")


@pytest.mark.parametrize(("asked", "shown"), [
    ("что выйдет по физике", "мало данных для прогноза"), ("что задали по физике", "Ничего не задано"),
    ("рекомендации по физике", "Рекомендаций и замечаний учителей пока нет"),
    ("когда контрольная по физике", "тема: Механика"),
    ("когда физика", "В расписании нет предмета"),
])  # fmt: skip
async def test_a_question_about_a_subject_is_answered_about_it(school: TwoFamilies, asked: str, shown: str) -> None:
    """The subject stands below the child's name and nothing of another one, even where there is nothing (Q96)."""
    answer = (await school.phone(DAUGHTER).says(asked)).partition("☰")[0]
    said = answer[answer.index("<b>Ковалёва Мария Денисовна</b>") :]
    head, _, below = said.partition("\n\n")
    assert "<b>Физика</b>" in head.split("\n")
    assert shown in answer
    assert not {"№ 315", "Повторить дроби", "Алгебра: <b>4,50</b>"} & set(below.split("\n"))


async def test_control_works_beyond_the_period_are_told_apart(school: TwoFamilies) -> None:
    """The period's schedule first; what is planned after it is not left out (Q19)."""
    said = await school.phone(DAUGHTER).says("/control")
    assert "2 четверть (09.11–29.12)" in said
    assert said.index("пт 27.11 <b>Физика</b>") < said.index("<b>Дальше</b>") < said.index("пт 22.01 <b>Физика</b>")


async def test_a_kind_of_notice_is_switched_off_under_it_and_on_again(school: TwoFamilies) -> None:
    """One tap each way, by its owner only; results of R6 stay on and say why (Q83)."""
    phone = school.phone()
    phone.buttons |= {
        "Не присылать: оценки": pack_button(Handle("hush", (0,)), channel="telegram", chat=str(MOTHER), key=KEY),
        "Не присылать: итоговые": pack_button(Handle("hush", (2,)), channel="telegram", chat=str(MOTHER), key=KEY),
    }
    assert "Больше не присылаю: <b>Оценки</b>" in await phone.presses("Не присылать: оценки")
    assert "✗ Оценки" in await phone.says("/settings")
    assert await _frequencies(school) == {"marks": Frequency.OFF}
    await phone.presses("Вернуть")
    assert await _frequencies(school) == {"marks": Frequency.AT_ONCE}
    assert "в течение суток" in await phone.presses("Не присылать: итоговые")
    assert await _frequencies(school) == {"marks": Frequency.AT_ONCE}


async def test_settings_switch_kinds_hours_and_language(school: TwoFamilies) -> None:
    """The screen shows at once what was chosen; from then on the bot speaks English."""
    phone = school.phone()
    await phone.says("/settings")
    assert "🕕 Пропуски" in await phone.presses("✓ Пропуски")
    assert "✗ Пропуски" in await phone.presses("🕕 Пропуски")
    assert "✓ Пропуски" in await phone.presses("✗ Пропуски")
    assert "в течение суток" in await phone.presses("Итоговые: всегда")
    await phone.presses("Раз в день: в 18:00")
    assert "Раз в день: в 16:00" in await phone.presses("16:00")
    assert "Settings" in await phone.presses("English")
    assert "About whom?" in await phone.says("/marks")


async def test_a_lost_phone_is_unbound_in_two_taps(school: TwoFamilies) -> None:
    """From the settings of the chat itself: then nothing is told there any more (R7)."""
    phone = school.phone()
    await phone.says("/settings")
    assert "Отвязать: <b>этот чат</b>?" in await phone.presses("Отвязать этот чат")
    assert "Чат отвязан" in await phone.presses("Да, отвязать")
    assert "/start КОД" in await phone.says("/marks")


async def test_another_contact_is_unbound_and_the_last_one_means_paper(school: TwoFamilies) -> None:
    """The addresses are shown in part; without any way left the family is told of the paper (Q30)."""
    phone = school.phone()
    await phone.says("/settings")
    shown = await phone.presses("Мои контакты")
    assert "…@example.org – подтверждён" in shown
    assert "kovaleva@" not in shown
    await phone.presses(next(label for label in phone.buttons if label.startswith("Отвязать: почта")))
    assert "…@example.org" not in await phone.presses("Да, отвязать")
    await phone.presses("Отвязать: этот чат")
    assert "на бумаге" in await phone.presses("Отвязать: этот чат")


async def test_nobody_unbinds_anothers_contact(school: TwoFamilies) -> None:
    """A sealed button with another's number opens nothing (Q14)."""
    daughter = school.phone(DAUGHTER)
    for numbers in ((1,), (1, 1)):
        daughter.buttons["forged"] = pack_button(
            Handle("unbind", numbers), channel="telegram", chat=str(DAUGHTER), key=KEY
        )
        assert "больше не действует" in await daughter.presses("forged")
    assert (await school.phone().says("/settings")).startswith("<b>Настройки</b>")


async def test_a_teacher_without_children_gets_a_menu_of_their_own(school: TwoFamilies) -> None:
    """No look-up of a family stands in it."""
    shown = await school.phone(TEACHER).says("/menu")
    assert "Настройки" in shown
    assert "Пропуски" not in shown.split("\n")


async def test_a_discreet_channel_answers_the_timetable_under_an_initial(school: TwoFamilies) -> None:
    """Timetable, homework and holidays are answered without a name, the rest names the ways (Q85)."""
    line = Line(the_school(school.open_uow, discreet=True))
    phone = Phone(line, MOTHER)
    assert "М." in await phone.says("/timetable")
    shown = await phone.presses("М.")
    assert shown.startswith("<b>М.</b>\n<b>Расписание: завтра, сб 21.11</b>")
    assert "№ 315" in await phone.says("/homework")
    assert "в электронном журнале" in await phone.says("/marks")
    menu = await phone.says("/menu")
    assert "Каникулы" in menu
    assert "Оценки" not in menu.split("\n")
    assert not any(name in shown + menu for name in ("Ковал", "Мария", "Артём"))


async def _frequencies(school: TwoFamilies) -> dict[str, Frequency]:
    async with school.open_uow(reading=True) as uow:
        return {each.kind: each.frequency for each in await uow.register.preferences(school.mother)}


async def test_a_barred_mother_sees_the_other_child_alone(school: TwoFamilies) -> None:
    """From that moment on no word and no old button shows the child; barred from both she is a stranger (Q127)."""
    phone = school.phone()
    await phone.says("/menu")
    await phone.presses("Ковалёва Мария Денисовна")
    await bar(school, school.maria)
    assert "Мария" not in await phone.presses("Оценки")
    shown = await phone.says("/marks")
    assert shown.startswith("<b>Ковалёв Артём Денисович</b>")
    await bar(school, school.artyom)
    for words in ("/marks", "/menu", "оценки по алгебре"):
        assert "Ковалёв" not in await phone.says(words)
    assert "Алгебра: <b>5</b>" in await school.phone(DAUGHTER).says("/marks")


async def bar(school: TwoFamilies, child: int) -> None:
    async with school.open_uow() as uow:
        await endings.end_guardianship_by_court(
            uow, SYSTEM, guardian_id=school.mother, student_id=child, document="2-17", now=NOW, policy=Policy()
        )
