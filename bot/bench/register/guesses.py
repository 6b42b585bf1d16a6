"""`bench guesses`: 10,000 guessed codes from 200 chats, then 200 times two chats that race for one code (Q82)."""

import asyncio
import random
import tempfile
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.bench import Figures
from bot.bench.peers.postgres import postgres_and_sqlite_databases
from bot.bench.schools.database import migrated_bench_database
from core.actions.register import codes
from core.errors import CodeRefusedError
from core.model.people import SYSTEM
from core.model.register.contacts import Invitation
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_name
from core.rules.register.codes import ALPHABET, CODE_LENGTH

GUESSES, CHATS, RACES = 10_000, 200, 200
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
KEY, CHANNEL, POLICY = b"a school's signing key", "telegram", Policy()
MINUTES = 30
"""The guesses come within half an hour, so no chat gets five new ones."""


async def run_code_guesses(
    open_uow: UnitOfWorkFactory, *, guesses: int, chats: int, dice: random.Random
) -> Counter[str]:
    """Random codes from chats in turn while one code waits: how many hit, and what typed codes and links do then."""
    waiting = await _invite_somebody(open_uow)
    told: Counter[str] = Counter(dict.fromkeys(("hits", "refused", "typed_later", "link_later"), 0))
    for number in range(guesses):
        said = "".join(dice.choice(ALPHABET) for _ in range(CODE_LENGTH))
        now = NOW + timedelta(minutes=MINUTES) * number / guesses
        is_bound = await _binds_chat(open_uow, said, str(1_000 + number % chats), now=now)
        told["hits" if is_bound else "refused"] += 1
    later = NOW + timedelta(minutes=MINUTES)
    told["typed_later"] = int(await _binds_chat(open_uow, waiting.code, "1", now=later))
    told["link_later"] = int(await _binds_chat(open_uow, waiting.token, "1", now=later))
    return told


async def race_guessing_chats(open_uow: UnitOfWorkFactory, *, races: int) -> Counter[int]:
    """Two chats say one code at once, by turns typed and by its link: how many were bound, by race."""
    winners: Counter[int] = Counter()
    for number in range(races):
        invitation = await _invite_somebody(open_uow)
        said = invitation.token if number % 2 else invitation.code
        both = [_binds_chat(open_uow, said, str(chat + number)) for chat in (20_000, 30_000)]
        winners[sum(await asyncio.gather(*both))] += 1
    return winners


async def _invite_somebody(open_uow: UnitOfWorkFactory) -> Invitation:
    """A code for a new person."""
    async with open_uow() as uow:
        person = await uow.people.add("Родитель", normal_name("Родитель"))
        return await codes.issue_code(
            uow, SYSTEM, person_id=person, channel=CHANNEL, now=NOW, term=codes.LONGEST_TERM, key=KEY
        )


async def _binds_chat(open_uow: UnitOfWorkFactory, said: str, chat: str, *, now: datetime = NOW) -> bool:
    """Whether the chat that says this is bound."""
    async with open_uow() as uow:
        try:
            await codes.redeem_code(uow, said, channel=CHANNEL, address=chat, key=KEY, now=now, policy=POLICY)
        except CodeRefusedError:
            return False
    return True


async def measure_guesses() -> Figures:
    """No hit, typed codes locked, the link served, one winner a race; on each kind of database."""
    figures: dict[str, object] = {}
    is_ok = True
    with (
        tempfile.TemporaryDirectory(prefix="vestnik-guesses-") as folder,
        postgres_and_sqlite_databases(Path(folder)) as kinds,
    ):
        for kind, server in kinds.items():
            async with migrated_bench_database(server.create("guesses")) as open_uow:
                winners = await race_guessing_chats(open_uow, races=RACES)
                told = await run_code_guesses(open_uow, guesses=GUESSES, chats=CHATS, dice=random.Random(82))  # noqa: S311  # dice, not secrets
            figures |= {f"{kind}_{name}": count for name, count in told.items()}
            figures[f"{kind}_races_with_one_winner"] = winners[1]
            is_ok = is_ok and are_guesses_refused(told, GUESSES) and winners == {1: RACES}
    return {**figures, "ok": is_ok}


def are_guesses_refused(told: Mapping[str, int], guesses: int) -> bool:
    """Whether nothing was hit, typed codes were locked after the guesses, and the link was served all the same."""
    return told == {"hits": 0, "refused": guesses, "typed_later": 0, "link_later": 1}
