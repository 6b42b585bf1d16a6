"""Asks each messenger that can be asked what is wrong with the bot there: its module `health`."""

import asyncio
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

from bot.app import App
from bot.doctor.findings import Finding, guard_doctor_findings
from bot.messengers import bot_line_for_messenger, webhook_server_for_messengers
from bot.settings import SettingsErrorSentence

TIMEOUT = 15.0
"""Seconds for one messenger."""


async def messenger_findings(app: App) -> Sequence[Finding]:
    """What the messengers say, each for itself: one that does not answer hides nothing of the others (Q142)."""
    asked = [name for name in app.settings.offered_messengers() if has_messenger_findings(name)]
    looks = (
        guard_doctor_findings(SettingsErrorSentence(f"channel.{name}"), _messenger_findings(app, name))
        for name in asked
    )
    return [finding for found in await asyncio.gather(*looks) for finding in found]


def has_messenger_findings(messenger: str) -> bool:
    """Whether it says itself what is wrong where it does not take us, more exactly than its channel could."""
    return find_spec(f"bot.{messenger}") is not None and find_spec(f"bot.{messenger}.health") is not None


async def _messenger_findings(app: App, name: str) -> Sequence[Finding]:
    health = import_module(f"bot.{name}.health")
    line = bot_line_for_messenger(name, app.settings, webhook_server_for_messengers(app.settings))
    async with asyncio.timeout(TIMEOUT):
        return [Finding(wrong) for wrong in await health.find_messenger_health_faults(line, now=app.clock())]
