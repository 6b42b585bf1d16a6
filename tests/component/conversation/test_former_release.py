"""A database of release 0.1, which knew one messenger, serves after the migration: nothing that waited is lost."""

import asyncio
import hmac
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiogram import Bot
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from bot.conversation.answering import AnsweringConversation
from bot.conversation.inbox import Inbox
from bot.handlers.broadcast.draft import BroadcastDraft
from bot.handlers.doors import DoorSchool
from bot.locales import LocaleCatalogues
from bot.telegram.messenger import TelegramMessenger
from core.model.conversation import Dialog, SentFile
from core.rules.delivery.timing import Policy
from notifiers.directory import InstalledChannelDirectory
from storage.database.engine import WRITE_LOCK, create_database_engine
from storage.schema import MIGRATIONS, migrate_schema
from storage.unit_of_work import unit_of_work_factory
from tests.support.conversation.telegram import TOKEN, Line, Recording
from tests.support.delivery.fakes import CLOSES
from tests.support.schools.builders import NOW, a_family

RELEASE_0_1 = "0018"
MOTHER = 501
KEY = b"key"
WORDS = {
    "update_id": 7,
    "message": {
        "message_id": 1, "date": 1, "chat": {"id": MOTHER, "type": "private"}, "text": "/marks",
        "from": {"id": MOTHER, "is_bot": False, "first_name": "Некто"},
    },
}  # fmt: skip
WAITING = """
INSERT INTO arrival (update_id, chat, body, holder, arrived_at, applied, held_at)
VALUES (7, '501', :body, 'polling', '2026-11-20 08:00:00.000000+00:00', false, '2026-11-20 08:00:00.000000+00:00')
"""
DRAFT = """
INSERT INTO dialog (chat, step, draft, kept_at)
VALUES ('501', 'bwords', :draft, '2026-11-20 08:00:00.000000+00:00')
"""


def to_release_0_1(connection: Connection) -> None:
    """The tables as they were."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.downgrade(config, RELEASE_0_1)


@pytest.fixture
async def school(request: pytest.FixtureRequest, store_url: str, tmp_path: Path) -> AsyncIterator[DoorSchool]:
    """A mother with a question that waits and a draft with a file, as release 0.1 left them."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'school.db'}"
    if not store_url.startswith("sqlite"):
        url = request.getfixturevalue("postgres").create_database()
    await migrate_schema(url)
    engine = create_database_engine(url)
    await a_family(unit_of_work_factory(engine))
    composing = BroadcastDraft((1,)).kept() | {"file": ["план.pdf", "application/pdf", "kept"]}
    del composing["files"]
    async with engine.execution_options(**{WRITE_LOCK: True}).begin() as connection:
        await connection.run_sync(to_release_0_1)
        await connection.execute(text(WAITING), {"body": json.dumps(WORDS)})
        await connection.execute(text(DRAFT), {"draft": json.dumps(composing)})
    await engine.dispose()
    await migrate_schema(url)
    engine = create_database_engine(url)
    yield DoorSchool(
        unit_of_work_factory(engine), LocaleCatalogues.load(), lambda: NOW, Policy(), CLOSES, KEY, "ru",
        channels=InstalledChannelDirectory(),
    )  # fmt: skip
    await engine.dispose()


async def test_a_question_that_waited_is_answered(school: DoorSchool) -> None:
    """The update belongs to Telegram now, and its process finds it."""
    recording = Recording()
    messenger = TelegramMessenger(Bot(TOKEN, session=recording))
    inbox = Inbox(messenger, AnsweringConversation.of_all_doors(school, messenger), school=school, holder="polling")
    async with inbox.open():
        await inbox.accept([])
        async with asyncio.timeout(5):
            while not recording.sent:
                await asyncio.sleep(0.01)
    (answer,) = recording.sent
    assert "Соколова" in answer.text  # type: ignore[attr-defined]


async def test_a_draft_goes_on_with_its_file(school: DoorSchool) -> None:
    """The file lies where it lay, and the draft says so."""
    async with school.open_uow(reading=True) as uow:
        dialog = await uow.conversations.dialog("telegram", str(MOTHER))
        assert await uow.conversations.dialog("max", str(MOTHER)) == Dialog("max", str(MOTHER))
    assert dialog.step == "bwords"
    assert BroadcastDraft.of(dialog.draft).files == (SentFile("план.pdf", "application/pdf", "kept", "telegram"),)


async def test_a_button_sent_before_still_opens(school: DoorSchool) -> None:
    """Its seal knew the chat alone."""
    words = "settings"
    seal = hmac.digest(KEY, f"button\n{MOTHER}\n{words}".encode(), "sha256")[:8].hex()
    assert "Настройки" in await Line(school).presses(MOTHER, f"{words}-{seal}")
