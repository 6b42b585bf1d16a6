"""A teacher keeps the register in the chat: own lessons, a class in one screen, marks that parents see later."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import App, open_app
from bot.processes import open_worker_process, run_bot_process
from bot.run.worker import RunningOutboxWorker
from bot.sandbox import SandboxPerson, SandboxServer
from bot.sandbox.bot_api.call import Upload
from bot.settings import SettingsFromArguments
from core.model.people import Role
from core.model.register.consents import Decision
from core.model.year import GroupKind
from core.rules.people.names import normal_class_name
from storage.schema import migrate_schema
from tests.support.conversation.chat import Chat
from tests.support.delivery.fakes import Clock
from tests.support.schools.builders import NOW, Builder

pytestmark = pytest.mark.no_cover

TEACHER = SandboxPerson("Громова Инна Павловна", "учитель алгебры", 201)
LEADER = SandboxPerson("Лосева Анна Юрьевна", "классный руководитель 8Б", 202)
MOTHER = SandboxPerson("Соколова Вера Ивановна", "мама Анны", 203)
STUDENT = SandboxPerson("Соколова Анна Олеговна", "ученица 8Б", 204)
BLACKBOARD = Upload("доска.gif", "image/gif", b"GIF89a" + (64).to_bytes(2, "little") * 2)


@dataclass(frozen=True, slots=True)
class MarkingSchool:
    """A school that makes its marks in the bot; its clock is moved by hand."""

    app: App
    world: SandboxServer
    worker: RunningOutboxWorker
    clock: Clock

    def chat(self, person: SandboxPerson) -> Chat:
        return Chat(self.world, person.chat_id or 0)

    async def wait(self, **ahead: float) -> None:
        """Time passes, and the worker sends what is due then."""
        self.clock.advance(**ahead)
        await self.worker.drain()


@asynccontextmanager
async def marking_school(marks: str = "bot") -> AsyncIterator[MarkingSchool]:
    clock = Clock(NOW)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="vestnik-test-")))
        world = await stack.enter_async_context(SandboxServer.open([TEACHER, LEADER, MOTHER, STUDENT]))
        settings = SettingsFromArguments.of(
            data=folder, bot_token=world.token, bot_api=world.bot_api, telegram_policy="full", push_pace=0, quiet=None,
            window=timedelta(0), log_level="error", marks=marks,
        )  # fmt: skip
        await migrate_schema(settings.database)
        app = await stack.enter_async_context(open_app(settings, clock=clock))
        await _people(app)
        worker = await stack.enter_async_context(open_worker_process(app))
        stopping = asyncio.Event()
        talking = asyncio.create_task(run_bot_process(app, stopping=stopping))
        try:
            school = MarkingSchool(app, world, worker, clock)
            for person in (TEACHER, LEADER, MOTHER, STUDENT):
                await school.chat(person).send("/start")
                await school.chat(person).reply()
            yield school
        finally:
            stopping.set()
            await talking


async def _people(app: App) -> None:
    async with app.open_uow() as uow:
        build = Builder(uow)
        anna = await build.student(STUDENT.name)
        for name in ("Алексеев Пётр Ильич", "Яшин Олег <&> Петрович"):
            await build.student(name)
        await uow.people.set_account(anna, opened=True)
        mother = await build.guardian(MOTHER.name, anna)
        for person, chat in ((mother, MOTHER), (anna, STUDENT)):
            await build.decides(person, anna, Decision.CONSENT)
            await build.contact(person, "telegram", str(chat.chat_id))
        group = await uow.year.ensure_group(GroupKind.CLASS, "8Б", normal_class_name("8Б"))
        algebra = (await uow.year.ensure_subjects({"алгебра": "Алгебра"}))["алгебра"]
        for chat, role, subject in ((TEACHER, Role.TEACHER, algebra), (LEADER, Role.CLASS_TEACHER, None)):
            person = await build.guardian(chat.name)
            await uow.people.add_staff_role(person, role, group_id=group, subject_id=subject)
            await build.contact(person, "telegram", str(chat.chat_id))
        await uow.commit()


@pytest.fixture
async def school() -> AsyncIterator[MarkingSchool]:
    async with marking_school() as school:
        yield school


async def open_class(school: MarkingSchool) -> Chat:
    """The teacher opens today's register of the only lesson there is."""
    teacher = school.chat(TEACHER)
    await teacher.send("/journal")
    await teacher.reply()
    await teacher.press("8Б · Алгебра")
    return teacher


async def mark(teacher: Chat, student: str, token: str) -> None:
    await teacher.press(student)
    await teacher.press(token)


async def plan_control_work(school: MarkingSchool, words: str) -> Chat:
    teacher = await open_class(school)
    await teacher.press("Контрольная")
    await teacher.send(words)
    await teacher.reply()
    return teacher


async def test_a_whole_class_stands_on_one_screen(school: MarkingSchool) -> None:
    """Group, subject and day above, every student by name with a button, today first."""
    teacher = await open_class(school)
    assert teacher.last.text.startswith(
        "8Б · Алгебра\nсегодня, пт 20.11\n\n1. Алексеев П. И.\n2. Соколова А. О.\n3. Яшин О."
    )
    assert teacher.last.labels[:3] == ["1. Алексеев П. И.", "2. Соколова А. О.", "3. Яшин О. <. П."]


async def test_a_mark_is_two_taps_and_parents_hear_of_it_after_the_delay(school: MarkingSchool) -> None:
    """Students see it at once, parents half an hour later, by message and by asking (Q95)."""
    teacher, mother, anna = await open_class(school), school.chat(MOTHER), school.chat(STUDENT)
    await mark(teacher, "2. Соколова А. О.", "5")
    assert "✓ Соколова А. О.: 5 ⏳ – родители увидят в 12:30" in teacher.last.text
    await anna.send("/marks")
    assert "5" in (await anna.reply()).text.replace("20.11", "")
    await mother.send("/marks")
    assert "Алгебра" not in (await mother.reply()).text
    await school.wait(minutes=29, seconds=59)
    assert "Алгебра, 20.11: 5" not in mother.last.text
    await school.wait(seconds=1)
    assert "Алгебра, 20.11: 5" in mother.last.text


async def test_a_slip_is_undone_before_anybody_hears_of_it(school: MarkingSchool) -> None:
    """One tap takes back what was just written."""
    teacher, mother = await open_class(school), school.chat(MOTHER)
    await mark(teacher, "2. Соколова А. О.", "2")
    await teacher.press("↩ Отменить: Соколова А. О. 2 ⏳")
    assert "снято" in teacher.last.text
    await school.wait(hours=1)
    assert len(mother.messages) == 1


async def test_a_correction_is_told_as_old_and_new(school: MarkingSchool) -> None:
    """The family sees 3 → 4 and the teacher the whole history (Q38)."""
    teacher, mother = await open_class(school), school.chat(MOTHER)
    await mark(teacher, "2. Соколова А. О.", "3")
    await school.wait(minutes=30)
    await teacher.press("2. Соколова А. О.: 3 ⏳")
    await teacher.press("Изменить: 3")
    await teacher.press("→ 4")
    assert "20.11 12:30: 3 → 4" in teacher.last.text
    await school.wait(minutes=30)
    assert "Алгебра, 20.11: 3 → 4" in mother.last.text


async def test_an_absence_is_told_at_once(school: MarkingSchool) -> None:
    """The same day, without a delay; the mark beside it is kept apart (Q27)."""
    teacher, mother = await open_class(school), school.chat(MOTHER)
    await mark(teacher, "2. Соколова А. О.", "НП")
    await mark(teacher, "2. Соколова А. О.: НП", "4")
    assert "2. Соколова А. О.: НП, 4 ⏳" in teacher.last.text
    await school.wait(seconds=0)
    assert "неуважительной" in mother.last.text
    assert "Алгебра, 20.11: 4" not in mother.last.text


async def test_a_class_in_one_line_is_shown_before_it_is_written(school: MarkingSchool) -> None:
    """In the order of the list, a dash for nothing; a fault names the value and the student (Q37)."""
    teacher = await open_class(school)
    await teacher.press("Весь класс строкой")
    await teacher.send("5 6 н 4")
    faulty = await teacher.reply()
    assert "4 – лишнее" in faulty.text
    assert "⚠ Соколова А. О.: «6» записать нельзя" in faulty.text
    assert "Записать" not in faulty.labels
    await teacher.send("5 - н/а")
    read = await teacher.reply()
    assert "Алексеев П. И.: 5\nЯшин О. <. П.: н/а" in read.text
    await teacher.press("Записать")
    assert "✓ Сделано 2 записи" in read.text
    assert "1. Алексеев П. И.: 5 ⏳\n2. Соколова А. О.\n3. Яшин О. <. П.: н/а ⏳" in read.text


async def test_marks_are_given_for_a_work(school: MarkingSchool) -> None:
    """Kind, weight and topic are said once for the lesson (Q13)."""
    teacher, mother = await open_class(school), school.chat(MOTHER)
    await teacher.press("За что оценка")
    await teacher.send("Контрольная работа; 20; Дроби")
    assert "Работа: Контрольная работа, вес 20, «Дроби»" in (await teacher.reply()).text
    await mark(teacher, "2. Соколова А. О.", "5")
    await school.wait(minutes=30)
    assert "Алгебра, 20.11: 5 (контрольная работа, «Дроби»)" in mother.last.text


async def test_homework_is_given_in_words_and_taken_back(school: MarkingSchool) -> None:
    """It is there for the next lesson, and stays visible as withdrawn (Q23)."""
    teacher, anna = await open_class(school), school.chat(STUDENT)
    await teacher.press("Домашнее задание")
    assert "Домашнее задание на завтра, сб 21.11" in teacher.last.text
    await teacher.send("№ 214, 215")
    assert "✓ Задано на сб 21.11: № 214, 215" in (await teacher.reply()).text
    await anna.send("/homework")
    assert "№ 214, 215" in (await anna.reply()).text
    await teacher.press("Отозвать задание")
    assert "Задание отозвано" in teacher.last.text


async def test_homework_given_before_is_changed(school: MarkingSchool) -> None:
    """The teacher finds it where homework is given, families see old and new (Q23)."""
    teacher, anna = await open_class(school), school.chat(STUDENT)
    await teacher.press("Домашнее задание")
    await teacher.send("№ 214")
    await teacher.reply()
    teacher = await open_class(school)
    await teacher.press("Домашнее задание")
    assert "Уже задано:\n• № 214" in teacher.last.text
    await teacher.press("✎ № 214")
    assert "Задано на сб 21.11: № 214" in teacher.last.text
    await teacher.send("№ 215")
    assert "✓ Задано на сб 21.11: № 215" in (await teacher.reply()).text
    await anna.send("/homework")
    assert "№ 215" in (shown := (await anna.reply()).text)
    assert "было: № 214" in shown


async def test_homework_comes_as_a_photo(school: MarkingSchool) -> None:
    """A photo of the blackboard is enough; students open it from the homework (Q23, Q96)."""
    teacher, anna = await open_class(school), school.chat(STUDENT)
    await teacher.press("Домашнее задание")
    await teacher.send_photo(BLACKBOARD, "С доски")
    assert "✓ Задано на сб 21.11: С доски" in (await teacher.reply()).text
    await anna.send("/homework")
    homework = await anna.reply()
    assert "С доски" in homework.text
    assert any(".jpg" in label for label in homework.labels)


async def test_a_control_work_is_planned_with_its_warnings(school: MarkingSchool) -> None:
    """Two on one day break a norm, which is named; the teacher keeps or takes back (Q20)."""
    await plan_control_work(school, "Контрольная работа; Дроби")
    teacher = await plan_control_work(school, "Диктант")
    planned = teacher.last
    assert "⚠ Не больше одной контрольной в день: в этот день уже есть Алгебра." in planned.text
    await teacher.press("Отменить контрольную")
    assert "Контрольная отменена" in planned.text
    teacher = await open_class(school)
    await teacher.press("Контрольная")
    assert "Уже запланировано:\n• сб 21.11 Контрольная работа, Дроби" in teacher.last.text
    await teacher.press("✗ Отменить: сб 21.11")
    assert "Контрольная отменена" in teacher.last.text


async def test_advice_goes_to_whom_it_is_meant_for(school: MarkingSchool) -> None:
    """Typed, shown, then sent to the parents alone (Q24)."""
    teacher, mother, anna = await open_class(school), school.chat(MOTHER), school.chat(STUDENT)
    await teacher.press("2. Соколова А. О.")
    await teacher.press("Рекомендация")
    await teacher.send("Повторить дроби")
    assert "Кому отправить?" in (await teacher.reply()).text
    await teacher.press("Родителям")
    assert "Рекомендация отправлена" in teacher.last.text
    await school.wait(seconds=0)
    assert "Повторить дроби" in mother.last.text
    assert len(anna.messages) == 1


async def test_a_class_teacher_who_does_not_teach_marks_nothing(school: MarkingSchool) -> None:
    """Leading a class opens no register (Q14)."""
    leader = school.chat(LEADER)
    await leader.send("/journal")
    assert "ни одного урока" in (await leader.reply()).text


async def test_where_the_e_journal_makes_marks_the_bot_says_so() -> None:
    """The register can be looked at, and the reason stands above it."""
    async with marking_school("journal") as school:
        teacher = await open_class(school)
        assert "Оценки школа ставит в электронном журнале" in teacher.last.text
        assert "2. Соколова А. О." not in teacher.last.labels
