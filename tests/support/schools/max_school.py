"""A school that offers MAX, in a sandbox; the mother wished for it on her form and has a code."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.app import App, open_app
from bot.processes import open_worker_process, run_bot_process
from bot.run.worker import RunningOutboxWorker
from bot.sandbox import SandboxPerson, SandboxServer
from bot.settings import SettingsFromArguments
from core.actions.register import codes
from core.model.delivery.obligations import NewNotice
from core.model.people import SYSTEM
from core.model.register.consents import Decision
from core.model.register.contacts import Invitation
from core.model.register.forms import WrittenForm
from tests.support.conversation.max_chat import MaxChat
from tests.support.delivery.fakes import Clock
from tests.support.schools.builders import NOW, Builder

MOTHER = SandboxPerson("Соколова Вера Ивановна", "мама Анны", chat_id=501, max_id=7001, phone="+79000000001")


@dataclass(frozen=True, slots=True)
class MaxSchool:
    """A school that offers MAX; the mother wished for it on her form and has a code."""

    app: App
    world: SandboxServer
    worker: RunningOutboxWorker
    student: int
    invitation: Invitation
    mother: MaxChat

    async def tells(self, notice: Any, fact: str = "period_mark:1") -> None:
        """The school publishes a fact, and the worker sends what is due."""
        async with self.app.open_uow() as uow:
            await uow.outbox.add([NewNotice(self.student, notice, fact)], received_at=NOW, published_at=NOW)
            await uow.commit()
        await self.worker.drain()


@asynccontextmanager
async def max_school(
    folder: Path,
    database: str,
    *,
    with_telegram: bool = False,
    with_mail: bool = False,
    is_talking: bool = True,
    **chosen: Any,
) -> AsyncIterator[MaxSchool]:
    """The school, its bot listening and its worker at hand."""
    async with SandboxServer.open([MOTHER]) as world:
        usual = {
            "max_token": world.max_token, "max_api": world.max_api, "max_policy": "full", "max_pace": 0, "quiet": None,
            "window": timedelta(0), "log_level": "error",
        }  # fmt: skip
        if with_telegram:
            usual |= {"bot_token": world.token, "bot_api": world.bot_api, "telegram_policy": "full", "push_pace": 0}
        if with_mail:
            usual |= {"smtp_url": f"{world.smtp_url}?from=school@school.test&starttls=never"}
        settings = SettingsFromArguments.of(data=folder, database_url=database, **(usual | chosen))
        async with open_app(settings, clock=Clock(NOW)) as app, open_worker_process(app) as worker:
            student, invitation = await _people(app)
            stopping = asyncio.Event()
            talking = [asyncio.create_task(run_bot_process(app, stopping=stopping))] if is_talking else []
            try:
                yield MaxSchool(app, world, worker, student, invitation, MaxChat(world, 7001))
            finally:
                stopping.set()
                await asyncio.gather(*talking, return_exceptions=True)


async def _people(app: App) -> tuple[int, Invitation]:
    async with app.open_uow() as uow:
        build = Builder(uow)
        student = await build.student("Соколова Анна Олеговна")
        mother = await build.guardian(MOTHER.name, student)
        await build.decides(mother, student, Decision.CONSENT)
        contact = await uow.register.add_contact(
            person_id=mother, channel="max", address=None, rank=1, origin="form", proven_at=None
        )
        await uow.register.confirm(contact, WrittenForm("К-1", NOW.date(), "Секретарь"), at=NOW)
        await uow.commit()
    async with app.open_uow() as uow:
        invitation = await codes.issue_code(
            uow, SYSTEM, person_id=mother, channel="max", now=NOW, term=timedelta(days=7), key=app.signing_key
        )
    return student, invitation
