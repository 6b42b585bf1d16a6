"""A channel of somebody else serves a school by its own declaration, with no line changed in the product (Q86)."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot import locales
from bot.app import open_app
from bot.processes import open_worker_process
from bot.screens.broadcast.preview import broadcast_preview_screen
from bot.settings import SettingsFromArguments
from core.actions.broadcast.recipients import Addressee, BroadcastRecipientsPreview
from core.model.delivery.obligations import NewNotice
from core.model.delivery.states import State
from core.model.register.consents import Decision
from tests.support.delivery.third_party import installed_pigeon
from tests.support.keyboard import Keyboard
from tests.support.schools.builders import FINAL, NOW, Builder
from tests.unit.broadcast.test_screens import DRAFT, board

PIGEON = """
from core.model.channels import ChannelTraits
from core.model.delivery.deliveries import Receipt
from core.model.delivery.states import Status
from core.ports import Limits

TRAITS = ChannelTraits(
    label={"ru": "голубиная почта", "en": "pigeon post"}, gives=frozenset({Status.ACCEPTED}), closes=Status.ACCEPTED
)

def normalise(address): return address.casefold()

class Pigeon:
    channel = "pigeon"
    limits = Limits(text=4000, concurrency=1, pace=None, attachments=False)
    def normalise(self, address): return normalise(address)
    async def send(self, address, text, *, key): return Receipt(Status.ACCEPTED, reference=key)
    async def close(self): pass

async def open_channel(config): return Pigeon() if config.url else None
"""


@pytest.fixture(autouse=True)
def pigeon_post(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installed package that brings a channel; labels are read again, as in a new process."""
    with installed_pigeon(PIGEON, tmp_path, monkeypatch):
        yield


@pytest.fixture
def keyboard(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Keyboard:
    """A school whose only channel is the pigeon post."""
    keyboard = Keyboard(tmp_path / "school", capsys, monkeypatch)
    monkeypatch.setenv("VESTNIK_PIGEON_URL", "loft:1")
    keyboard.open_school()
    keyboard.employ()
    return keyboard


async def owe_and_send(data: Path) -> list[State]:
    """A family agreed to the pigeon post and is owed a final mark; the states of what is owed after the worker ran."""
    settings = SettingsFromArguments.of(data=data, channel_urls={"pigeon": "loft:1"})
    async with open_app(settings, clock=lambda: NOW) as app:
        async with app.open_uow() as uow:
            build = Builder(uow)
            student = await build.student("Соколова Анна Олеговна")
            mother = await build.guardian("Соколова Вера Ивановна", student)
            await build.decides(mother, student, Decision.CONSENT)
            await build.contact(mother, "pigeon", "roof")
            await uow.outbox.add([NewNotice(student, FINAL, "period_mark:1")], received_at=NOW, published_at=NOW)
            await uow.commit()
        async with open_worker_process(app) as worker:
            await worker.drain()
        async with app.open_uow(reading=True) as uow:
            return [row.obligation.state for row in await uow.outbox.obligations()]


def test_it_closes_its_obligation_and_is_named_in_proof_and_doctor(keyboard: Keyboard) -> None:
    """It gives no receipts, says so, and its acceptance closes; people read its own label."""
    assert asyncio.run(owe_and_send(keyboard.data)) == [State.CLOSED]
    ((row,)) = keyboard.done("obligations", "--json").data
    assert "голубиная почта" in keyboard.done("proof", str(row["id"])).out
    assert "Канал «голубиная почта» подключён." in keyboard.type("doctor").out


def test_a_preview_names_it() -> None:
    """The class teacher sees how many families it reaches."""
    reached = Addressee(1, "Мать", 1, "Ученик", "ru", "pigeon", True, ())  # noqa: FBT003  # a field
    here = replace(board(), t=locales.LocaleCatalogues.load().translator("ru"))
    shown = broadcast_preview_screen(here, BroadcastRecipientsPreview(None, (reached,), ()), DRAFT, sms_parts=0)
    assert "голубиная почта: 1 человек" in shown.text
