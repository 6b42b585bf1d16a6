"""A person enters an address of their own: it gets a code and nothing else, until a form confirms it too (Q80, Q81)."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import text

from core.actions.register import codes, contacts, ownership
from core.errors import CodeRefusedError, NotAllowedError, NotFoundError, TooManyCodesError
from core.model.delivery.states import Reason, State, Status
from core.model.people import Actor, Role
from core.ports import RefusedError, UnavailableError, UnitOfWorkFactory
from core.rules.register.ownership import CODE_TERM, MOST_SENT, SENDS_WINDOW
from tests.support.delivery.post import POLICY, Post, rows
from tests.support.schools.builders import MARK, NOW, Family, a_family

KEY, CHAT = b"key", "501"


@dataclass(frozen=True, slots=True)
class Mother:
    """A mother with a second mail address that nobody has confirmed."""

    family: Family
    post: Post
    second: int

    @property
    def actor(self) -> Actor:
        return Actor(self.family.mother, frozenset({Role.GUARDIAN}), "telegram")

    async def asks(self) -> None:
        async with self.family.open_uow() as uow:
            await ownership.send_ownership_code(
                uow, self.actor, contact_id=self.second, now=self.post.clock(), policy=POLICY, key=KEY
            )
            await uow.commit()

    async def types(self, code: str) -> None:
        async with self.family.open_uow() as uow:
            await ownership.prove_contact_ownership(
                uow, self.actor, code, contact_id=self.second, origin=CHAT, now=self.post.clock(), policy=POLICY,
                key=KEY,
            )  # fmt: skip
            await uow.commit()

    def newest_code(self) -> str:
        return self.post.email.sent[-1][1].secret


@pytest.fixture
async def mother(open_uow: UnitOfWorkFactory) -> Mother:
    family = await a_family(open_uow)
    async with open_uow() as uow:
        second = await contacts.add_contact(
            uow, Actor(family.mother, frozenset()), person_id=family.mother, channel="email",
            address="new@example.org", now=NOW,
        )  # fmt: skip
    return Mother(family, Post(open_uow), second)


async def test_the_code_goes_to_the_contact_itself_at_once(mother: Mother) -> None:
    """Though nothing is proven and whatever the hour; what comes back proves whose the contact is (Q80, Q81)."""
    mother.post.clock.advance(hours=14)  # two in the morning
    await mother.asks()
    await mother.post.drain()
    ((address, message, _),) = mother.post.email.sent
    assert address == "new@example.org"
    assert message.secret in message.short
    assert "Соколова" not in str(message)
    await mother.types(f" код {message.secret[:3]} {message.secret[3:]}")
    async with mother.family.open_uow(reading=True) as uow:
        assert (await uow.register.contact(mother.second)).proven_at == mother.post.clock()


async def test_a_proven_contact_without_a_form_gets_nothing_else(mother: Mother) -> None:
    """Both proofs or none of the child's data: the mark goes where both are (Q80, Q81)."""
    await mother.asks()
    await mother.post.drain()
    await mother.types(mother.newest_code())
    async with mother.family.open_uow() as uow:
        await contacts.set_contact_order(uow, mother.actor, [mother.second], now=NOW)
    await mother.family.learns(MARK)
    await mother.post.drain()
    await mother.post.drain(minutes=3)
    assert len(mother.post.email.sent) == 1
    assert [address for address, *_ in mother.post.telegram.sent] == ["501"]


async def test_no_code_is_stored_where_it_can_be_read(mother: Mother) -> None:
    """Not in the outbox, not in the ledger, not as a hash of the message, which a list of a million would open."""
    await mother.asks()
    await mother.post.drain()
    code = mother.newest_code()
    stored = []
    async with mother.family.open_uow(reading=True) as uow:
        for table in ("notice", "attempt", "audit_line", "one_time_code"):
            stored += (await uow.audit._connection.execute(text(f"SELECT * FROM {table}"))).all()  # type: ignore[attr-defined]  # noqa: S608, SLF001
    assert len(stored) > 3
    assert code not in str(stored)
    (row,) = await rows(mother.family.open_uow)
    assert [(each.channel, each.status) for each in row.deliveries] == [("email", Status.ACCEPTED)]


async def test_a_code_is_good_once_and_for_an_hour(mother: Mother) -> None:
    """To the second; and not for another contact of the same person (Q82)."""
    await mother.asks()
    await mother.post.drain()
    code = mother.newest_code()
    mother.post.clock.advance(seconds=CODE_TERM.total_seconds() + 1)
    with pytest.raises(CodeRefusedError):
        await mother.types(code)
    mother.post.clock.advance(seconds=-1)
    await mother.types(code)
    with pytest.raises(NotFoundError):
        await mother.types(code)


async def test_a_code_that_could_not_be_sent_in_time_is_not_sent_later(mother: Mother) -> None:
    """It goes by no other channel and never on paper; the reason stays in the journal (Q87)."""
    mother.post.email.script.append(UnavailableError(Reason.CHANNEL_DOWN))
    await mother.asks()
    await mother.post.drain()
    await mother.post.drain(seconds=CODE_TERM.total_seconds() + 1)
    assert not mother.post.email.sent
    assert not mother.post.paper.sent
    (row,) = await rows(mother.family.open_uow)
    assert row.obligation.state is State.EXPIRED
    assert [each.channel for each in row.deliveries] == ["email"]


async def test_an_address_that_is_refused_is_set_aside(mother: Mother) -> None:
    """The owner sees it among the contacts and corrects it; nothing goes to paper (Q84)."""
    mother.post.email.refuses["new@example.org"] = RefusedError(Reason.NO_SUCH_ADDRESS)
    await mother.asks()
    await mother.post.drain()
    async with mother.family.open_uow(reading=True) as uow:
        assert (await uow.register.contact(mother.second)).set_aside_reason == Reason.NO_SUCH_ADDRESS
    (row,) = await rows(mother.family.open_uow)
    assert [each.channel for each in row.deliveries] == ["email"]


async def test_five_codes_a_day_and_channel_are_enough(mother: Mother) -> None:
    """A stranger's address is not written to again and again (Q81)."""
    for _ in range(MOST_SENT):
        await mother.asks()
    with pytest.raises(TooManyCodesError):
        await mother.asks()
    mother.post.clock.advance(seconds=SENDS_WINDOW.total_seconds())
    await mother.asks()


async def test_guesses_are_limited_for_the_chat(mother: Mother) -> None:
    """After five wrong codes within an hour even the right one is refused; an hour later it is asked for anew (Q82)."""
    await mother.asks()
    await mother.post.drain()
    right = mother.newest_code()
    for guess in range(codes.MAX_GUESSES):
        with pytest.raises(CodeRefusedError):
            await mother.types(f"{(int(right) + guess + 1) % 10**6:06}")
    with pytest.raises(CodeRefusedError):
        await mother.types(right)
    mother.post.clock.advance(seconds=timedelta(hours=1, seconds=1).total_seconds())
    await mother.asks()
    await mother.post.drain()
    await mother.types(mother.newest_code())


async def test_nobody_proves_a_contact_of_another_person(mother: Mother) -> None:
    """Neither sends a code there nor types one (Q80)."""
    async with mother.family.open_uow() as uow:
        with pytest.raises(NotAllowedError):
            await ownership.send_ownership_code(
                uow, Actor(mother.family.student, frozenset()), contact_id=mother.second, now=NOW, policy=POLICY,
                key=KEY,
            )  # fmt: skip
