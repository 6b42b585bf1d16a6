"""What a one-time code may do: it never moves what a form confirms, and guessing is limited, by chat and by school."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from core.actions.register import codes
from core.actions.register import contacts as contact_actions
from core.actions.register.codes import LONGEST_TERM
from core.errors import CodeRefusedError, ConflictError
from core.model.notices.staff import CodesGuessed
from core.model.people import SYSTEM, Role
from core.model.register.contacts import Contact, Invitation
from core.model.register.forms import WrittenForm
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from tests.support.schools.builders import Builder

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
KEY = b"the school's signing key"
POLICY = Policy()
FORM = WrittenForm("17", date(2026, 11, 16), "Секретарёва И. О.")
HOME, NEW = "501", "502"
EVERYWHERE = [str(900 + chat) for chat in range(21)]
"""Chats of somebody who guesses: five wrong codes each."""


@dataclass(frozen=True, slots=True)
class Office:
    """A mother, a grandmother and a secretary, and what is done with codes."""

    open_uow: UnitOfWorkFactory
    mother: int
    grandmother: int
    secretary: int

    async def invites(self, person: int, *, term: timedelta = LONGEST_TERM, now: datetime = NOW) -> str:
        """A new code, as it is typed."""
        return (await self.issues(person, term=term, now=now)).code

    async def issues(self, person: int, *, term: timedelta = LONGEST_TERM, now: datetime = NOW) -> Invitation:
        async with self.open_uow() as uow:
            return await codes.issue_code(
                uow, SYSTEM, person_id=person, channel="telegram", now=now, term=term, key=KEY
            )

    async def agrees(self, person: int, chat: str | None) -> int:
        """A Telegram contact that a form confirms and nobody has proven yet."""
        async with self.open_uow() as uow:
            added = await contact_actions.add_contact(
                uow, SYSTEM, person_id=person, channel="telegram", address=chat, now=NOW
            )
        async with self.open_uow() as uow:
            await contact_actions.confirm_contact(uow, SYSTEM, contact_id=added, written=FORM, now=NOW, policy=POLICY)
        return added

    async def hears(self, said: str, chat: str, *, now: datetime = NOW) -> bool:
        """Whether the chat that says this is bound."""
        async with self.open_uow() as uow:
            try:
                await codes.redeem_code(uow, said, channel="telegram", address=chat, key=KEY, now=now, policy=POLICY)
            except CodeRefusedError:
                return False
        return True

    async def is_guessed_at(self, chats: Iterable[str], *, now: datetime = NOW) -> None:
        for chat in chats:
            for guess in range(5):
                assert not await self.hears(f"WRNG222{guess}", chat, now=now)

    async def contacts(self, person: int) -> list[tuple[str | None, bool, bool]]:
        """Address, proven, confirmed, of contacts in use."""
        async with self.open_uow(reading=True) as uow:
            own = [each for each in await uow.register.contacts(person) if each.revoked_at is None]
            return [(each.address, each.proven_at is not None, await self._is_confirmed(each)) for each in own]

    async def _is_confirmed(self, each: Contact) -> bool:
        async with self.open_uow(reading=True) as uow:
            return bool(await uow.register.confirmations(each.id))

    async def speakers(self, chat: str) -> list[int | None]:
        """Whom the bot knows in a chat."""
        async with self.open_uow(reading=True) as uow:
            return [each.actor.person_id for each in await uow.conversations.speakers("telegram", chat, on=NOW.date())]

    async def told(self) -> list[tuple[int | None, object]]:
        """Who was told that codes are being guessed."""
        async with self.open_uow(reading=True) as uow:
            waiting = await uow.outbox.unplanned(100)
        return [(each.person_id, each.notice) for each in waiting if isinstance(each.notice, CodesGuessed)]


@pytest.fixture
async def office(open_uow: UnitOfWorkFactory) -> Office:
    async with open_uow() as uow:
        build = Builder(uow)
        student = await build.student("Соколова Анна Олеговна")
        mother = await build.guardian("Соколова Вера Ивановна", student)
        grandmother = await build.guardian("Белова Нина Петровна", student)
        secretary = await build.guardian("Секретарёва Инна Олеговна")
        await uow.people.add_staff_role(secretary, Role.SECRETARY, group_id=None)
        await uow.commit()
    return Office(open_uow, mother, grandmother, secretary)


async def test_a_code_said_in_another_chat_moves_no_confirmation(office: Office) -> None:
    """A form that names one chat says nothing of another: the other chat is proven and unconfirmed (R7, Q80)."""
    await office.agrees(office.mother, HOME)
    assert await office.hears(await office.invites(office.mother), NEW)
    assert await office.contacts(office.mother) == [(NEW, True, False), (HOME, False, True)]
    assert await office.speakers(NEW) == []
    assert await office.speakers(HOME) == []


async def test_the_chat_that_a_form_names_has_both_proofs_with_its_code(office: Office) -> None:
    """Said where it was meant, the code completes the contact (Q80)."""
    await office.agrees(office.mother, HOME)
    assert await office.hears(await office.invites(office.mother), HOME)
    assert await office.contacts(office.mother) == [(HOME, True, True)]
    assert await office.speakers(HOME) == [office.mother]


async def test_a_form_signed_in_advance_goes_to_the_first_chat_alone(office: Office) -> None:
    """A form for «a Telegram chat» confirms the chat that says the first code, and no later one (Q80)."""
    await office.agrees(office.mother, None)
    assert await office.hears(await office.invites(office.mother), HOME)
    assert await office.hears(await office.invites(office.mother), NEW)
    assert await office.contacts(office.mother) == [(HOME, True, True), (NEW, True, False)]
    assert (await office.speakers(HOME), await office.speakers(NEW)) == ([office.mother], [])


async def test_a_chat_bound_before_its_form_becomes_the_contact_of_the_form(office: Office) -> None:
    """The chat's own unconfirmed contact ends: one chat is one way to a person."""
    assert await office.hears(await office.invites(office.mother), HOME)
    await office.agrees(office.mother, None)
    assert await office.hears(await office.invites(office.mother), HOME)
    assert await office.contacts(office.mother) == [(HOME, True, True)]


async def test_a_confirmed_chat_leaves_a_second_form_waiting(office: Office) -> None:
    """A second form signed in advance waits for another chat; the code said at home changes nothing there."""
    await office.agrees(office.mother, None)
    assert await office.hears(await office.invites(office.mother), HOME)
    await office.agrees(office.mother, None)
    assert await office.hears(await office.invites(office.mother), HOME)
    assert await office.contacts(office.mother) == [(HOME, True, True), (None, False, True)]


async def test_a_code_said_twice_binds_the_first_chat(office: Office) -> None:
    """The second chat is refused, and the first keeps what it has (Q82)."""
    await office.agrees(office.mother, None)
    code = await office.invites(office.mother)
    assert [await office.hears(code, chat) for chat in (HOME, NEW)] == [True, False]
    assert await office.contacts(office.mother) == [(HOME, True, True)]


async def test_a_chat_of_one_person_may_become_another_persons_too(office: Office) -> None:
    """Mother and grandmother share a phone: each has her own contact there with her own proofs (Q80)."""
    await office.agrees(office.mother, None)
    assert await office.hears(await office.invites(office.mother), HOME)
    assert await office.hears(await office.invites(office.grandmother), HOME)
    assert await office.contacts(office.grandmother) == [(HOME, True, False)]
    assert await office.speakers(HOME) == [office.mother]


async def test_an_address_that_a_contact_has_is_never_replaced(office: Office) -> None:
    """Whoever tries is refused by the register itself, a mailbox like a chat."""
    home = await office.agrees(office.mother, HOME)
    async with office.open_uow() as uow:
        with pytest.raises(ConflictError):
            await uow.register.bind(home, NEW, at=NOW)
        await uow.register.bind(home, HOME, at=NOW)


async def test_a_code_lives_a_week_at_most(office: Office) -> None:
    """A longer term is cut to seven days (contracts, Guesses)."""
    code = await office.invites(office.mother, term=timedelta(days=90))
    assert not await office.hears(code, HOME, now=NOW + timedelta(days=7, seconds=1))
    assert await office.hears(code, HOME, now=NOW + timedelta(days=7))


async def test_a_hundred_wrong_codes_stop_typed_ones(office: Office) -> None:
    """Guesses from twenty chats close the door to typed codes, also right ones, until an hour has passed (Q82)."""
    code = await office.invites(office.mother)
    await office.is_guessed_at(EVERYWHERE[:19])
    for guess in range(4):
        assert not await office.hears(f"WRNG333{guess}", EVERYWHERE[19])
    assert await office.hears(await office.invites(office.grandmother), NEW)
    assert not await office.hears("WRNG3334", EVERYWHERE[19])
    assert not await office.hears(code, HOME)
    assert not await office.hears(code, HOME, now=NOW + timedelta(minutes=59))
    assert await office.hears(code, HOME, now=NOW + timedelta(hours=1, seconds=1))


async def test_links_go_on_while_codes_are_guessed(office: Office) -> None:
    """Nobody guesses the 128 bits of a link, so it binds its chat at once, and once only (contracts, Guesses)."""
    invitation = await office.issues(office.mother)
    assert len(invitation.token) * 6 >= 128
    await office.is_guessed_at(EVERYWHERE)
    assert await office.hears(invitation.token, HOME)
    assert not await office.hears(invitation.token, NEW)


async def test_a_code_and_its_link_are_one(office: Office) -> None:
    """Whichever is used first uses up the other (Q82)."""
    invitation = await office.issues(office.mother)
    assert await office.hears(invitation.code, HOME)
    assert not await office.hears(invitation.token, NEW)
    invitation = await office.issues(office.mother)
    assert await office.hears(invitation.token, HOME)
    assert not await office.hears(invitation.code, NEW)


async def test_a_new_code_ends_the_earlier_ones(office: Office) -> None:
    """A sheet that was lost binds no chat once another code was issued; other people's codes stay (Q82)."""
    lost, other = await office.issues(office.mother), await office.issues(office.grandmother)
    again = await office.issues(office.mother)
    assert not await office.hears(lost.code, NEW)
    assert not await office.hears(lost.token, NEW)
    assert await office.hears(again.code, HOME)
    assert await office.hears(other.token, HOME)


async def test_a_link_made_up_is_a_wrong_code(office: Office) -> None:
    """Tokens that nobody issued are counted like typed guesses, and the right link is kept (Q82)."""
    invitation = await office.issues(office.mother)
    swapped = invitation.token.swapcase()
    for made_up in (swapped, "A" * 22, "-" * 22, f"{invitation.code}-{'0' * 16}", "юникод"):
        assert not await office.hears(made_up, NEW)
    assert not await office.hears(invitation.token, NEW), "the fifth wrong one was the last that is heard"
    assert await office.hears(invitation.token, HOME)


async def test_no_code_is_in_a_dump(office: Office, dump: Callable[[], list[str]], store_url: str) -> None:
    """Neither the code nor the link's token, used or not, in any case: only keyed hashes are kept (Q82)."""
    issued = []
    for number in range(20):
        issued.append(invitation := await office.issues(office.mother))
        if number % 4 < 2:
            assert await office.hears(invitation.code if number % 2 else invitation.token, HOME)
    kept = "\n".join(dump()).encode()
    if store_url.startswith("sqlite"):
        file = Path(store_url.partition("///")[2])
        kept += b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))
    assert b"contact_invited" in kept
    for invitation in issued:
        assert invitation.token.encode() not in kept
        assert invitation.code.encode() not in kept.upper()


async def test_an_old_link_pressed_again_locks_nobody_out(office: Office) -> None:
    """A family that presses its used link six times has guessed nothing."""
    link = (await office.issues(office.mother)).token
    assert [await office.hears(link, HOME) for _ in range(7)] == [True, *[False] * 6]
    assert await office.hears(await office.invites(office.mother), HOME)


async def test_the_secretary_is_told_once_a_day_of_guesses(office: Office) -> None:
    """However long it goes on; the next day again if it does (contracts, Guesses)."""
    await office.is_guessed_at(EVERYWHERE[:20])
    assert await office.told() == [(office.secretary, CodesGuessed(NOW.date(), 100))]
    later = NOW + timedelta(hours=2)
    await office.is_guessed_at(EVERYWHERE[:20], now=later)
    assert len(await office.told()) == 1
    await office.is_guessed_at(EVERYWHERE[:20], now=NOW + timedelta(days=1))
    assert len(await office.told()) == 2


async def test_a_chat_that_is_bound_later_is_the_first_way(office: Office) -> None:
    """Mail was there before; bound again, the chat keeps the place that was chosen for it (Q83)."""
    async with office.open_uow() as uow:
        await contact_actions.add_contact(
            uow, SYSTEM, person_id=office.mother, channel="email", address="m@example.org", now=NOW
        )
    assert await office.hears(await office.invites(office.mother), HOME)
    assert [address for address, *_ in await office.contacts(office.mother)] == [HOME, "m@example.org"]
    async with office.open_uow() as uow:
        own = await uow.register.contacts(office.mother)
        mail = next(each.id for each in own if each.channel == "email")
        await contact_actions.set_contact_order(uow, SYSTEM, [mail], now=NOW)
    assert await office.hears(await office.invites(office.mother), HOME)
    assert [address for address, *_ in await office.contacts(office.mother)] == ["m@example.org", HOME]


async def test_a_confirmed_chat_is_announced_once(office: Office) -> None:
    """When the form follows the code; a form that was there before needs no word (Q81)."""
    assert await office.hears(await office.invites(office.mother), HOME)
    async with office.open_uow() as uow:
        (bound,) = await uow.register.contacts(office.mother)
        assert await contact_actions.take_contact_announcements(uow, "telegram") == []
        for _ in range(2):
            await contact_actions.confirm_contact(
                uow, SYSTEM, contact_id=bound.id, written=FORM, now=NOW, policy=POLICY
            )
        assert await contact_actions.take_contact_announcements(uow, "telegram") == [HOME]
        assert await contact_actions.take_contact_announcements(uow, "telegram") == []
    await office.agrees(office.grandmother, None)
    assert await office.hears(await office.invites(office.grandmother), NEW)
    async with office.open_uow() as uow:
        assert await contact_actions.take_contact_announcements(uow, "telegram") == []
