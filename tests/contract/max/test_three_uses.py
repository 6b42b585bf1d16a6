"""MAX beside Telegram: files by their token, one discreet and one full, each lost alone (Q140, Q141, Q142).

The uses themselves are played in `contract/conversation/test_both_messengers.py`.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

import pytest

from bot.sandbox.bot_api.call import Upload
from core.model.people import Role
from core.model.register.consents import Decision
from core.model.timetable import Bell, NewTemplateLesson
from core.model.year import GroupKind
from core.rules.people.names import normal_class_name
from tests.support.conversation.chat import Chat
from tests.support.conversation.max_chat import MaxChat
from tests.support.schools.builders import FINAL, MARK, NOW, Builder
from tests.support.schools.max_school import MaxSchool, max_school

LEADER, STUDENT = 7002, 7003


@dataclass(frozen=True, slots=True)
class Class:
    """8Б: its class teacher and a student have MAX, the mother has MAX and Telegram."""

    school: MaxSchool
    leader: MaxChat
    student: MaxChat
    there: Chat
    """The mother's chat in Telegram."""


@pytest.fixture
async def of_class(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Class]:
    async with max_school(tmp_path, sqlite_url, with_telegram=True, telegram_policy="discreet") as school:
        async with school.app.open_uow() as uow:
            build = Builder(uow)
            group = await uow.year.ensure_group(GroupKind.CLASS, "8Б", normal_class_name("8Б"))
            subject = (await uow.year.ensure_subjects({"алгебра": "Алгебра"}))["алгебра"]
            leader = await build.guardian("Орлова Нина Петровна")
            await uow.people.add_staff_role(leader, Role.CLASS_TEACHER, group_id=group)
            await build.contact(leader, "max", str(LEADER))
            await uow.people.set_account(school.student, opened=True)
            await build.decides(school.student, school.student, Decision.CONSENT)
            await build.contact(school.student, "max", str(STUDENT))
            (mother,) = await uow.people.named({"соколова вера ивановна"})
            await build.contact(mother.id, "telegram", "501", rank=2)
            await uow.timetable.put_template(
                group, [NewTemplateLesson(subject, 0, 1, "12")], starts_on=date(2026, 9, 1)
            )
            await uow.timetable.put_bells("", [Bell(0, "", 1, time(8, 30), time(9, 15))])
            await uow.schoolwork.give_homework(
                group, subject, due_on=date(2026, 11, 23), text="№ 315 <a & b>", by=leader, at=NOW
            )
            await uow.commit()
        school.mother.start(school.invitation.token)
        await school.mother.reply()
        leader_chat, student = MaxChat(school.world, LEADER), MaxChat(school.world, STUDENT)
        for chat in (leader_chat, student):
            chat.start()
            await chat.reply()
        there = Chat(school.world, 501)
        await there.send("/start")
        await there.reply()
        yield Class(school, leader_chat, student, there)


async def test_a_photo_of_an_announcement_reaches_families_by_its_token(of_class: Class) -> None:
    """It is not uploaded again (Q97)."""
    leader, school = of_class.leader, of_class.school
    leader.send("/broadcast")
    await leader.reply()
    leader.press("Объявление")
    await leader.reply()
    leader.dialog.send_file(Upload("сбор.png", "image/png", b"\x89PNG"), photo=True, caption="Сбор в 9:00")
    await leader.reply()
    for label in ("Проверить и отправить ›", "Отправить"):
        leader.press(label)
        await leader.reply()
    await school.worker.drain()
    received = [each["type"] for message in school.mother.messages for each in message.attachments]
    assert "image" in received
    assert len(school.world.max.network.files) == 1


async def test_what_is_discreet_in_one_messenger_is_full_in_the_other(of_class: Class) -> None:
    """The school chose that Telegram names nobody: no door and no notice does there, while MAX says all (Q85, Q140)."""
    school, there = of_class.school, of_class.there
    school.mother.send("/marks")
    assert "Соколова" in await school.mother.reply()
    for said in ("/marks", "/menu", "/results", "/forecast", "/settings", "что задали на понедельник?", "оценки"):
        await there.send(said)
        await there.reply()
    school.mother.dialog.stop()
    await asyncio.sleep(0.2)
    for notice, fact in ((MARK, "entry:1"), (FINAL, "period_mark:1")):
        await school.tells(notice, fact)
    personal = ("Соколова", "Анна", "Алгебра: 5", "Алгебра: 4")
    assert len(there.texts()) >= 9
    assert [text for text in there.texts() if any(word in text for word in personal)] == []


async def test_a_person_with_both_messengers_loses_one_at_a_time(of_class: Class) -> None:
    """A block in one leaves the other as it was; a withdrawn consent stops both (Q140, Q142)."""
    school, there = of_class.school, of_class.there
    await school.tells(MARK, "entry:1")
    assert "Алгебра" in school.mother.texts()[-1]
    before = len(there.texts())
    school.mother.dialog.stop()
    async with asyncio.timeout(5):
        while True:
            async with school.app.open_uow(reading=True) as uow:
                (in_max,) = await uow.register.contacts_at("max", "7001")
                (in_telegram,) = await uow.register.contacts_at("telegram", "501")
            if in_max.set_aside_at is not None:
                break
            await asyncio.sleep(0.01)
    assert in_telegram.set_aside_at is None
    await school.tells(FINAL)
    assert len(there.texts()) == before + 1
    async with school.app.open_uow() as uow:
        await Builder(uow).decides(in_max.person_id, school.student, Decision.WITHDRAWAL)
        await uow.commit()
    school.mother.start()
    await school.mother.reply()
    written = len(there.texts()), len(school.mother.messages)
    await school.tells(MARK, "entry:2")
    assert (len(there.texts()), len(school.mother.messages)) == written
