"""A simulated world for the demo and the end-to-end tests: Telegram, mail, SMS and paper on 127.0.0.1, no network."""

from bot.sandbox.faults import FaultKind, Peer
from bot.sandbox.people import SandboxPerson
from bot.sandbox.server import SandboxServer

__all__ = ["FaultKind", "Peer", "SandboxPerson", "SandboxServer"]
