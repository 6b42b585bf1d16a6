"""The print queue keeps the contract of a channel."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from core.model.delivery.deliveries import Receipt
from core.model.delivery.states import Status
from core.model.delivery.text import Text
from notifiers.channel_kit import ChannelKitContract, ChannelKitPeer, ChannelKitRepeats, channel_kit_text
from notifiers.discovery import ChannelConfig
from notifiers.paper import PaperChannel, open_channel


@dataclass
class Tray:
    """A print tray on the desk."""

    pages: dict[str, tuple[int, int | None, Text]] = field(default_factory=dict)

    async def put(self, *, person_id: int, student_id: int | None, text: Text, key: str) -> str:
        self.pages.setdefault(key, (person_id, student_id, text))
        return f"2026-{list(self.pages).index(key) + 1}"


class TrayPeer(ChannelKitPeer):
    address = "700001:700002"
    rubbish = ("700001", "0:5", "5:-1", "5:6:7", "a:b")

    def __init__(self, channel: PaperChannel, tray: Tray) -> None:
        self.channel, self.tray = channel, tray

    async def read(self) -> str:
        return "\n".join(
            "\n".join([text.title, *(line for section in text.sections for line in section.lines)])
            for _, _, text in self.tray.pages.values()
        )


class TestPaper(ChannelKitContract, ChannelKitRepeats):
    """The contract kit on paper."""

    @pytest.fixture
    async def peer(self) -> AsyncIterator[TrayPeer]:
        tray = Tray()
        channel = PaperChannel(tray)
        yield TrayPeer(channel, tray)
        await channel.close()


async def test_an_extract_goes_to_a_person_about_one_student() -> None:
    """The tray learns whose extract it is, and the receipt carries its number."""
    tray = Tray()
    receipt = await PaperChannel(tray).send("17:5", channel_kit_text("Алгебра: 5"), key="k")
    assert receipt == Receipt(Status.ACCEPTED, reference="2026-1")
    assert [page[:2] for page in tray.pages.values()] == [(17, 5)]


async def test_a_staff_member_s_own_paper_is_about_no_student() -> None:
    """A teacher whom nothing electronic reaches gets a sheet without a child on it (Q97)."""
    tray = Tray()
    await PaperChannel(tray).send("17:-", channel_kit_text("Замена"), key="k")
    assert [page[:2] for page in tray.pages.values()] == [(17, None)]


async def test_without_a_tray_there_is_no_paper_channel() -> None:
    """What is not configured is not opened."""
    assert await open_channel(ChannelConfig()) is None
