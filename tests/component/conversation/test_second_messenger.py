"""Two messengers over the same doors: what one can do the other can, and equal numbers of chats never meet."""

import asyncio
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import count

import pytest
from aiogram import Bot

from bot.conversation.answering import AnsweringConversation
from bot.conversation.inbox import Inbox
from bot.conversation.rate_limit import MESSAGES
from bot.handlers.broadcast.draft import BroadcastDraft
from bot.handlers.doors import DoorSchool
from bot.locales import LocaleCatalogues
from bot.run.worker import RunningOutboxWorker
from bot.telegram.messenger import TelegramMessenger
from core.actions.delivery.worker import Worker
from core.errors import InvalidAddressError
from core.model.conversation import SentFile
from core.model.delivery.obligations import NewNotice
from core.model.delivery.states import State, Status
from core.model.people import Role
from core.model.register.consents import Decision
from core.model.timetable import Bell, NewTemplateLesson
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_class_name, normal_name
from notifiers.directory import InstalledChannelDirectory
from tests.support.conversation.pager import CHANNEL, Pager, PagerMessenger
from tests.support.conversation.telegram import TOKEN, Line, Recording
from tests.support.delivery.fakes import CLOSES, Clock, ScriptedNotifier
from tests.support.schools.builders import FINAL, NOW, Builder

MOTHER, DAUGHTER, LEADER = "501", "502", "503"
KEY = b"key"


class Channels(InstalledChannelDirectory):
    """The installed channels and the pager, whose addresses are numbers."""

    def normalise(self, channel: str, address: str) -> str:
        if channel != CHANNEL:
            return super().normalise(channel, address)
        if not address.isdecimal():
            raise InvalidAddressError
        return address


@dataclass(frozen=True, slots=True)
class PagerSchool:
    """5А whose people have pagers; the mother in Telegram has the same number as the one with a pager."""

    school: DoorSchool
    messenger: PagerMessenger
    worker: RunningOutboxWorker
    notifier: ScriptedNotifier
    clock: Clock
    student: int

    def pager(self, chat: str) -> Pager:
        return Pager(self.school, self.messenger, chat)


@pytest.fixture
async def school(open_sqlite: UnitOfWorkFactory) -> PagerSchool:
    """Monday has physics and algebra; homework is given for it."""
    async with open_sqlite() as uow:
        build = Builder(uow)
        class_id = await uow.year.ensure_group(GroupKind.CLASS, "5А", normal_class_name("5А"))
        ids = await uow.year.ensure_subjects({"алгебра": "Алгебра", "физика": "Физика"})
        name = "Орлова Нина Петровна"
        leader = await uow.people.add(name, normal_name(name))
        await uow.people.add_staff_role(leader, Role.CLASS_TEACHER, group_id=class_id)
        await build.contact(leader, CHANNEL, LEADER)
        anna, boris = await build.student("Соколова Анна Олеговна", "5А"), await build.student("Громов Борис", "5А")
        mother = await build.guardian("Соколова Вера Ивановна", anna)
        other = await build.guardian("Громова Ольга Ивановна", boris)
        for person, student, channel in ((mother, anna, CHANNEL), (other, boris, "telegram")):
            await build.decides(person, student, Decision.CONSENT)
            await build.contact(person, channel, MOTHER)
        await uow.people.set_account(anna, opened=True)
        await build.decides(anna, anna, Decision.CONSENT)
        await build.contact(anna, CHANNEL, DAUGHTER)
        lessons = [NewTemplateLesson(ids["физика"], 0, 1, "12"), NewTemplateLesson(ids["алгебра"], 0, 2, "7")]
        await uow.timetable.put_template(class_id, lessons, starts_on=date(2026, 9, 1))
        await uow.timetable.put_bells("", [Bell(0, "", 2, time(9, 25), time(10, 10))])
        task = await uow.schoolwork.give_homework(
            class_id, ids["алгебра"], due_on=date(2026, 11, 23), text="№ 315, " * 120, by=leader, at=NOW
        )
        for file in (
            SentFile("доска.jpg", "image/jpeg", "kept-1", CHANNEL),
            SentFile("задача.pdf", "application/pdf", "kept-2", "telegram"),
        ):
            await uow.schoolwork.add_homework_file(task, file)
        await uow.commit()
    clock, catalogues, closes = Clock(NOW), LocaleCatalogues.load(), CLOSES | {CHANNEL: Status.ACCEPTED}
    notifier = ScriptedNotifier(CHANNEL)
    worker = RunningOutboxWorker(
        open_uow=open_sqlite, channels={CHANNEL: notifier}, catalogues=catalogues, clock=clock, ticks=clock.ticks,
        identity=Worker("one", timedelta(seconds=10), Policy(), closes), signing_key=KEY,
    )  # fmt: skip
    served = DoorSchool(open_sqlite, catalogues, clock, Policy(), closes, KEY, "ru", channels=Channels())
    return PagerSchool(served, PagerMessenger(), worker, notifier, clock, anna)


async def test_a_mother_hears_of_a_final_mark_and_confirms_that_she_read_it(school: PagerSchool) -> None:
    """The push, the proof by a button, the look-up: in plain words, with three buttons a message (Q72)."""
    async with school.school.open_uow() as uow:
        await uow.outbox.add([NewNotice(school.student, FINAL, "period_mark:1")], received_at=NOW, published_at=NOW)
        await uow.commit()
    await school.worker.drain()
    mother = school.pager(MOTHER)
    (_, text, _) = next(sent for sent in school.notifier.sent if sent[0] == MOTHER)
    assert "Соколова Анна Олеговна" in mother.receives(text)
    assert await mother.presses("Прочитано")
    async with school.school.open_uow(reading=True) as uow:
        rows = await uow.outbox.obligations()
    assert {row.obligation.state for row in rows} == {State.CLOSED}
    assert Status.ACKNOWLEDGED in {delivery.status for row in rows for delivery in row.deliveries}
    assert "Соколова Анна Олеговна" in await mother.says("/marks")


async def test_a_daughter_asks_for_homework_in_plain_words(school: PagerSchool) -> None:
    """A text longer than a message of this messenger comes whole, in several."""
    daughter = school.pager(DAUGHTER)
    shown = await daughter.says("что задали на понедельник?")
    first, whole = shown.split("\n\n", 1)
    assert first.startswith("Алгебра, на пн 23.11: № 315,")
    assert "".join(whole.split()).count("№315,") == 120
    assert len(daughter.messages) > 2
    await daughter.presses("☰ Меню")
    assert "Расписание" in await daughter.presses("Расписание")


async def test_a_class_teacher_changes_a_lesson_and_sees_who_has_read_it(school: PagerSchool) -> None:
    """From the command to the live list, by three buttons a message (Q97)."""
    leader, mother = school.pager(LEADER), school.pager(MOTHER)
    await leader.says("/broadcast")
    for label in ("Отмена урока", "пн 23.11", "☐ 2. Алгебра", "Дальше"):
        await leader.presses(label)
    assert "pager: 2 человека" in await leader.presses("Проверить")
    assert "Оповещены: 0 из 2" in await leader.presses("Отправить")
    await school.worker.drain()
    school.clock.advance(minutes=3)
    await school.worker.drain()
    (_, text, _) = next(sent for sent in school.notifier.sent if sent[0] == MOTHER)
    assert "Алгебра: отменён" in mother.receives(text)
    await mother.presses("Прочитано")
    assert "Оповещены: 1 из 2" in await leader.presses("Обновить")


async def test_a_file_opens_in_the_messenger_that_stores_it(school: PagerSchool) -> None:
    """A reference of one messenger is no file of another, and the person reads where it is (Q96)."""
    daughter = school.pager(DAUGHTER)
    await daughter.says("/homework")
    assert "kept-1" in await daughter.presses("Файл: доска.jpg")
    await daughter.says("/homework")
    shown = await daughter.presses("Файл: задача.pdf")
    assert "через канал «Telegram»" in shown
    assert "kept-2" not in shown


async def test_what_is_sent_is_read_or_named_as_unread(school: PagerSchool) -> None:
    """A caption and an edited message are questions too; of a file and a voice message the person is told (Q115)."""
    daughter, file = school.pager(DAUGHTER), {"name": "a", "media_type": "image/jpeg", "reference": "a"}
    shown = await daughter.says("что задали на понедельник?", files=[file])
    assert "Алгебра" in shown
    assert "ответил на подпись" in shown
    assert "Алгебра" in await daughter.says("что задали на понедельник?", edited=True, message=1)
    assert "читаю только текст" in await daughter.says("", content="VOICE")
    assert "Напишите вопрос словами" in await daughter.says("", files=[file])


async def test_a_text_cut_by_a_pager_is_one_announcement(school: PagerSchool) -> None:
    """Each messenger says where it cuts: this one after 500 characters (Q115)."""
    leader, words = school.pager(LEADER), "собрание " * 120
    await leader.says("/broadcast")
    await leader.presses("Объявление")
    parts = [words[start : start + 500] for start in range(0, len(words), 500)]
    inbox = Inbox(
        school.messenger,
        AnsweringConversation.of_all_doors(school.school, school.messenger),
        school=school.school,
        holder="one",
    )
    await inbox.accept(
        {"number": 100 + place, "chat": LEADER, "text": part, "at": 7} for place, part in enumerate(parts)
    )
    async with inbox.open(), asyncio.timeout(10):
        while inbox.unanswered:
            await asyncio.sleep(0.01)
    assert len(parts) == 3
    async with school.school.open_uow(reading=True) as uow:
        draft = (await uow.conversations.dialog(CHANNEL, LEADER)).draft
    assert BroadcastDraft.of(draft).text == words.strip()


async def test_equal_numbers_of_two_messengers_never_meet(school: PagerSchool) -> None:
    """Two mothers, one number: each has her own child, step, buttons, updates and limit of messages."""
    recording, pagers, numbers = Recording(), school.messenger, count(1)
    telegram = TelegramMessenger(Bot(TOKEN, session=recording))
    line, pager = Line(school.school), school.pager(MOTHER)
    assert "Соколова" in await pager.says("/marks")
    shown = await line.says(int(MOTHER), "/marks")
    assert "Громов" in shown
    assert "Соколова" not in shown
    button = next(button.data for message in pager.messages for button in message.buttons) or ""
    assert "больше не действует" in await line.presses(int(MOTHER), button)
    async with school.school.open_uow(reading=True) as uow:
        steps = [await uow.conversations.dialog(channel, MOTHER) for channel in (CHANNEL, "telegram")]
    assert steps[0].child_id != steps[1].child_id
    pagers.sent.clear()
    inboxes = [
        Inbox(
            messenger, AnsweringConversation.of_all_doors(school.school, messenger), school=school.school, holder="one"
        )
        for messenger in (telegram, pagers)
    ]
    async with inboxes[0].open(), inboxes[1].open():
        for _ in range(MESSAGES + 5):
            await inboxes[1].accept([{"number": next(numbers), "chat": MOTHER, "text": "/help"}])
        user = {"id": int(MOTHER), "is_bot": False, "first_name": "Некто"}
        message = {
            "message_id": 1,
            "date": 1,
            "chat": {"id": int(MOTHER), "type": "private"},
            "from": user,
            "text": "/help",
        }
        await inboxes[0].accept([{"update_id": 1, "message": message}])
        async with asyncio.timeout(20):
            while not recording.sent or len({message.text for message in pagers.sent}) < 2:
                await asyncio.sleep(0.01)
    assert "слишком" not in recording.sent[0].text.casefold()  # type: ignore[attr-defined]
    assert "Громов" in recording.sent[0].text  # type: ignore[attr-defined]
