"""What `vestnik doctor` says of MAX: the token, the subscription, and certificates that end soon."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.bench.peers.processes import free_port_for_process
from bot.conversation.line import ConversationLine
from bot.conversation.line.webhook import LineWebhook, LineWebhookServer
from bot.max.health import find_messenger_health_faults
from bot.sandbox import SandboxServer


async def told(line: ConversationLine) -> list[str]:
    return [fault.key for fault in await find_messenger_health_faults(line, now=datetime.now(UTC))]


async def test_the_doctor_asks_max_who_the_bot_is_and_where_updates_go(world: SandboxServer) -> None:
    """A refused token, a missing or a foreign subscription, a server that is out of reach: each is a line."""
    line = ConversationLine(world.max_token, world.max_api)
    hooked = ConversationLine(
        world.max_token,
        world.max_api,
        LineWebhook("http://127.0.0.1:9/max", "secret", LineWebhookServer("127.0.0.1", 9)),
    )
    assert await told(line) == []
    assert await told(hooked) == ["doctor.max.not_subscribed"]
    await world.max.network.updates.subscribe({"url": "http://127.0.0.1:9/max", "secret": "secret"}, now=1)
    assert await told(hooked) == []
    assert await told(line) == ["doctor.max.subscribed_elsewhere"]
    assert await told(ConversationLine("another-token", world.max_api)) == ["doctor.max.token_refused"]
    assert await told(ConversationLine("another-token", f"http://127.0.0.1:{free_port_for_process()}")) == [
        "doctor.max.unreachable"
    ]


@pytest.fixture
def certificate(tmp_path: Path, days: int) -> Path:
    """A certificate that ends in so many days."""
    file = tmp_path / "ca.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Mintsifry", "-days", str(days),
         "-keyout", "/dev/null", "-out", str(file)],
        check=True, capture_output=True,
    )  # fmt: skip
    return file


@pytest.mark.parametrize(("days", "found"), [(30, ["doctor.max.certificate_ends"]), (90, [])])
async def test_a_certificate_that_ends_soon_is_told(world: SandboxServer, certificate: Path, found: list[str]) -> None:
    """Sixty days are enough to get another one; the school replaces the file itself."""
    assert await told(ConversationLine(world.max_token, world.max_api, certificates=certificate)) == found
