"""A file sent in one messenger reaches the families of the other, and those of mail (Q97, Q141)."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.sandbox import FaultKind, Peer
from bot.sandbox.bot_api.call import Upload
from core.actions.schoolwork.homework import give_homework
from core.model.conversation import SentFile
from core.model.marks.gradebook import LessonDay
from core.model.people import SYSTEM, Role
from core.model.register.consents import Decision
from core.model.year import GroupKind
from core.rules.people.names import normal_class_name
from tests.support.conversation.chat import Chat
from tests.support.conversation.max_chat import MaxChat
from tests.support.schools.builders import NOW, Builder
from tests.support.schools.max_school import MaxSchool, max_school

PLAN = Upload("план.pdf", "application/pdf", b"%PDF-1.7 invented")
FATHER, MAIL = "Соколов Олег Петрович", "father@example.org"
MONDAY = date(2026, 11, 23)


@dataclass(frozen=True, slots=True)
class Families:
    """8Б: the mother has MAX, the father mail, the student both messengers; the class teacher has both too."""

    school: MaxSchool
    leader: MaxChat
    leader_there: Chat
    student: MaxChat
    student_there: Chat
    group: int
    subject: int


@pytest.fixture
async def of_class(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Families]:
    async with AsyncExitStack() as stack:
        school = await stack.enter_async_context(max_school(tmp_path, sqlite_url, with_telegram=True, with_mail=True))
        async with school.app.open_uow() as uow:
            build = Builder(uow)
            group = await uow.year.ensure_group(GroupKind.CLASS, "8Б", normal_class_name("8Б"))
            subject = (await uow.year.ensure_subjects({"алгебра": "Алгебра"}))["алгебра"]
            leader = await build.guardian("Орлова Нина Петровна")
            await uow.people.add_staff_role(leader, Role.CLASS_TEACHER, group_id=group)
            father = await build.guardian(FATHER, school.student)
            await uow.people.set_account(school.student, opened=True)
            for person in (father, school.student):
                await build.decides(person, school.student, Decision.CONSENT)
            for person, numbers in ((leader, ("502", "7002")), (school.student, ("503", "7003"))):
                for rank, (channel, number) in enumerate(zip(("telegram", "max"), numbers, strict=True)):
                    await build.contact(person, channel, number, rank=rank)
            await build.contact(father, "email", MAIL)
            await uow.commit()
        school.mother.start(school.invitation.token)
        await school.mother.reply()
        chats = [MaxChat(school.world, number) for number in (7002, 7003)]
        there = [Chat(school.world, number) for number in (502, 503)]
        for dialog in chats:
            dialog.start()
            await dialog.reply()
        for chat in there:
            await chat.send("/start")
            await chat.reply()
        yield Families(school, chats[0], there[0], chats[1], there[1], group, subject)


async def test_a_file_of_max_goes_to_telegram_and_mail_as_bytes(of_class: Families) -> None:
    """By its token in MAX, uploaded in Telegram, attached to the mail."""
    leader, school = of_class.leader, of_class.school
    leader.send("/broadcast")
    await leader.reply()
    leader.press("Объявление")
    await leader.reply()
    leader.dialog.send_file(PLAN, caption="План каникул")
    await leader.reply()
    for label in ("Проверить и отправить ›", "Отправить"):
        leader.press(label)
        await leader.reply()
    await school.worker.drain()
    assert any(each["type"] == "file" for message in school.mother.messages for each in message.attachments)
    (sent,) = [message.attachment for message in of_class.student_there.messages if message.attachment]
    assert (sent.file.name, sent.file.data) == (PLAN.name, PLAN.data)
    (mail,) = school.world.mailbox[MAIL]
    assert mail.attachments == (PLAN.name,)


async def test_a_file_of_telegram_goes_to_max_and_mail_as_bytes(of_class: Families) -> None:
    """The other way round; MAX gets an upload of ours, made once for all."""
    there, school = of_class.leader_there, of_class.school
    await there.send("/broadcast")
    await there.reply()
    await there.press("Объявление")
    await there.reply()
    of_class.school.world.chats[502].send_file(PLAN, caption="План каникул")
    await there.reply()
    for label in ("Проверить и отправить ›", "Отправить"):
        await there.press(label)
        await there.reply()
    await school.worker.drain()
    (received,) = [each for message in school.mother.messages for each in message.attachments if each["type"] == "file"]
    assert received["filename"] == PLAN.name
    assert len(school.world.max.network.files) == 1
    (mail,) = school.world.mailbox[MAIL]
    assert mail.attachments == (PLAN.name,)


async def gives(of_class: Families, upload: Upload) -> None:
    """Homework with a file that its teacher had sent to the bot in Telegram."""
    school = of_class.school
    stored = school.world.chats[502].send_file(upload)
    assert stored.attachment is not None
    file = SentFile(upload.name, upload.mime, stored.attachment.file.file_id, "telegram")
    lesson = LessonDay(of_class.group, of_class.subject, MONDAY)
    async with school.app.open_uow() as uow:
        await give_homework(
            uow, SYSTEM, lesson, due_on=MONDAY, text="№ 5", now=NOW, policy=school.app.policy, files=[file]
        )
    await school.worker.drain()


async def opens_file(student: MaxChat) -> str:
    student.send("что задали на понедельник?")
    await student.reply()
    student.press(next(label for label in student.messages[-1].labels if PLAN.name in label))
    return await student.reply()


async def test_homework_from_telegram_is_opened_in_max(of_class: Families) -> None:
    """The bytes are there before anybody asks, Telegram is not asked again; after the term words say where it is."""
    school, student = of_class.school, of_class.student
    await gives(of_class, PLAN)
    school.world.faults.add(FaultKind.SERVER_ERROR, peer=Peer.BOT_API, method="getFile")
    assert PLAN.name in await opens_file(student)
    await student.reply()
    (received,) = [each for message in student.messages for each in message.attachments if each["type"] == "file"]
    assert received["filename"] == PLAN.name
    async with school.app.open_uow() as uow:
        await uow.conversations.erase_files(before=NOW + timedelta(days=30))
        await uow.commit()
    assert "Telegram" in await opens_file(student)


async def test_a_file_that_is_too_long_is_said_in_words(of_class: Families) -> None:
    """Telegram gives bots no more than 20 MB."""
    await gives(of_class, replace(PLAN, data=b"x" * ((20 << 20) + 1)))
    assert "Telegram" in await opens_file(of_class.student)
