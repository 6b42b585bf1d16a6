"""A class with its families in one messenger: what the conversations of both messengers are played in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

from bot.app import App, open_app
from bot.processes import open_worker_process, run_bot_process
from bot.run.worker import RunningOutboxWorker
from bot.sandbox import SandboxPerson, SandboxServer
from bot.settings import SettingsFromArguments
from core.actions.register import codes
from core.model.delivery.obligations import NewNotice
from core.model.marks.entries import EntryKind, NewEntry
from core.model.people import SYSTEM, Role
from core.model.register.consents import Decision
from core.model.timetable import Bell, NewTemplateLesson
from core.model.year import GroupKind
from core.rules.people.names import normal_class_name
from tests.support.conversation.either_chat import EitherChat
from tests.support.delivery.fakes import Clock
from tests.support.schools.builders import NOW, Builder

LEADER, STUDENT, MOTHER, FATHER, SECRETARY, STRANGER = 701, 702, 703, 704, 705, 709
MONDAY = date(2026, 11, 23)
HOMEWORK = "№ 315 <a & b>"


@dataclass(frozen=True, slots=True)
class ClassOfFamilies:
    """8Б: its teacher, a student, the mother, the secretary; the father has a code and has signed nothing yet."""

    app: App
    world: SandboxServer
    worker: RunningOutboxWorker
    messenger: str
    student: int
    fathers_code: str

    def chat(self, number: int, messenger: str | None = None) -> EitherChat:
        """Somebody's chat in the school's messenger, or in the one that is named."""
        return EitherChat.of(self.world, messenger or self.messenger, number)

    async def served(self, number: int, messenger: str | None = None) -> EitherChat:
        """The chat of somebody who has opened it."""
        chat = self.chat(number, messenger)
        await chat.starts()
        return chat

    async def tells(self, notice: Any, fact: str) -> None:
        """The school publishes a fact, and the worker sends what is due."""
        async with self.app.open_uow() as uow:
            await uow.outbox.add([NewNotice(self.student, notice, fact)], received_at=NOW, published_at=NOW)
            await uow.commit()
        await self.worker.drain()


@asynccontextmanager
async def class_of_families(
    folder: Path, database: str, messenger: str, *, also: str | None = None
) -> AsyncIterator[ClassOfFamilies]:
    """The class, its bot listening; the families have chats in `messenger` and, with `also`, in that one too."""
    phones = [SandboxPerson(f"Человек {n}", "", n, phone=f"+79000000{n}", max_id=n) for n in (MOTHER, FATHER)]
    async with SandboxServer.open(phones) as world:
        usual: dict[str, Any] = {"quiet": None, "window": timedelta(0), "log_level": "error", "marks": "bot"}
        offered = [each for each in (messenger, also) if each]
        for name in offered:
            usual |= _settings(world, name)
        settings = SettingsFromArguments.of(data=folder, database_url=database, **usual)
        async with open_app(settings, clock=Clock(NOW)) as app, open_worker_process(app) as worker:
            student, code = await _people(app, offered)
            stopping = asyncio.Event()
            talking = asyncio.create_task(run_bot_process(app, stopping=stopping))
            try:
                yield ClassOfFamilies(app, world, worker, messenger, student, code)
            finally:
                stopping.set()
                await asyncio.gather(talking, return_exceptions=True)


def _settings(world: SandboxServer, messenger: str) -> dict[str, Any]:
    if messenger == "max":
        return {"max_token": world.max_token, "max_api": world.max_api, "max_policy": "full", "max_pace": 0}
    return {"bot_token": world.token, "bot_api": world.bot_api, "telegram_policy": "full", "push_pace": 0}


async def _people(app: App, messengers: list[str]) -> tuple[int, str]:
    async with app.open_uow() as uow:
        build = Builder(uow)
        student = await build.student("Соколова Анна Олеговна")
        mother = await build.guardian("Соколова Вера Ивановна", student)
        father = await build.guardian("Соколов Олег Петрович", student)
        leader, secretary = await build.guardian("Орлова Нина Петровна"), await build.guardian("Ткач Вера Львовна")
        group = await uow.year.ensure_group(GroupKind.CLASS, "8Б", normal_class_name("8Б"))
        subject = (await uow.year.ensure_subjects({"алгебра": "Алгебра"}))["алгебра"]
        await uow.people.add_staff_role(leader, Role.CLASS_TEACHER, group_id=group)
        await uow.people.add_staff_role(secretary, Role.SECRETARY, group_id=None)
        await uow.people.set_account(student, opened=True)
        for person in (mother, student):
            await build.decides(person, student, Decision.CONSENT)
        chats = ((leader, LEADER), (student, STUDENT), (mother, MOTHER), (secretary, SECRETARY))
        for rank, messenger in enumerate(messengers):
            for person, number in chats:
                await build.contact(person, messenger, str(number), rank=rank)
        mark = NewEntry(student, subject, NOW.date(), EntryKind.SCORE, "5", None, "Дроби", None, None)
        await uow.marks.add_entries([mark], import_id=None, at=NOW)
        await uow.timetable.put_template(group, [NewTemplateLesson(subject, 0, 1, "12")], starts_on=date(2026, 9, 1))
        await uow.timetable.put_bells("", [Bell(0, "", 1, time(8, 30), time(9, 15))])
        await uow.schoolwork.give_homework(group, subject, due_on=MONDAY, text=HOMEWORK, by=leader, at=NOW)
        await uow.commit()
    async with app.open_uow() as uow:
        first, *others = messengers
        code = await codes.issue_code(
            uow, SYSTEM, person_id=father, channel=first, also=others, now=NOW, term=timedelta(days=7),
            key=app.signing_key,
        )  # fmt: skip
    return student, code.token
