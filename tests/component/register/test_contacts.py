"""A contact's two proofs, its one-time codes, and what becomes of it when a chat is blocked or taken back."""

import asyncio
from collections import deque
from datetime import UTC, date, datetime, timedelta

import pytest

from core.actions import conversation
from core.actions.delivery import fan_out
from core.actions.register import codes, preferences
from core.actions.register import contacts as contact_actions
from core.errors import AlwaysSentError, CodeRefusedError, NotAllowedError, NotFoundError
from core.model.delivery.obligations import NewNotice
from core.model.delivery.states import Reason, Status
from core.model.notices.family import FinalMarkSet
from core.model.notices.kinds import NoticeKind
from core.model.people import SYSTEM, Actor, Role
from core.model.register.consents import Decision, NewConsent
from core.model.register.contacts import Contact
from core.model.register.forms import FormKind, WrittenForm
from core.model.register.preferences import Frequency
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from core.rules.register.codes import ALPHABET
from tests.support.schools.builders import Builder
from tests.support.schools.files import FATHER, MOTHER, PYOTR

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
TERM = timedelta(days=7)
KEY = b"the school's signing key"
POLICY = Policy()
CHAT, OTHER_CHAT = "501", "502"
MAIL = "olga@example.org"
FORM = WrittenForm("17", date(2026, 11, 16), "Секретарёва И. О.")


@pytest.fixture
async def mother(open_uow: UnitOfWorkFactory) -> Actor:
    """A mother without contacts, and a father, of one student."""
    async with open_uow() as uow:
        build = Builder(uow)
        student = await build.student(PYOTR)
        mother, _father = [await build.guardian(name, student) for name in (MOTHER, FATHER)]
        await uow.commit()
    return Actor(mother, frozenset({Role.GUARDIAN}), "telegram")


async def invite(
    open_uow: UnitOfWorkFactory, person: Actor, *, channel: str = "telegram", now: datetime = NOW, actor: Actor = SYSTEM
) -> str:
    async with open_uow() as uow:
        invitation = await codes.issue_code(
            uow, actor, person_id=number(person), channel=channel, now=now, term=TERM, key=KEY
        )
    return invitation.code


def number(person: Actor) -> int:
    assert person.person_id is not None
    return person.person_id


def child_of(person: Actor) -> int:
    return number(person) - 1


def father_beside(mother: Actor) -> int:
    return number(mother) + 1


async def bind(open_uow: UnitOfWorkFactory, code: str, *, chat: str = CHAT, now: datetime = NOW) -> str:
    async with open_uow() as uow:
        return (
            await codes.redeem_code(uow, code, channel="telegram", address=chat, key=KEY, now=now, policy=POLICY)
        ).name


async def add(open_uow: UnitOfWorkFactory, person: Actor, address: str | None = MAIL, channel: str = "email") -> int:
    async with open_uow() as uow:
        return await contact_actions.add_contact(
            uow, person, person_id=number(person), channel=channel, address=address, now=NOW
        )


async def contacts(open_uow: UnitOfWorkFactory, person: Actor) -> list[Contact]:
    async with open_uow(reading=True) as uow:
        return list(await uow.register.contacts(number(person)))


async def confirmed(open_uow: UnitOfWorkFactory, person: Actor, address: str, channel: str) -> int:
    """A contact with both proofs, entered by the office."""
    contact_id = await add(open_uow, person, address, channel)
    async with open_uow() as uow:
        in_person = WrittenForm("17", None, "Секретарёва И. О.", FormKind.E_DOCUMENT, in_person=True)
        await contact_actions.confirm_contact(
            uow, SYSTEM, contact_id=contact_id, written=in_person, now=NOW, policy=POLICY
        )
    return contact_id


async def actions(open_uow: UnitOfWorkFactory) -> list[str]:
    async with open_uow(reading=True) as uow:
        return [line.action for line in reversed(await uow.audit.lines(limit=50))]


async def test_a_code_binds_the_chat_that_says_it(open_uow: UnitOfWorkFactory, mother: Actor) -> None:
    """`/start CODE` makes the chat the person's contact with ownership proven; agreement in writing is not (Q82)."""
    code = await invite(open_uow, mother)
    assert await bind(open_uow, code) == MOTHER
    (bound,) = await contacts(open_uow, mother)
    assert (bound.channel, bound.address, bound.proven_at, bound.origin) == ("telegram", CHAT, NOW, "chat")
    async with open_uow(reading=True) as uow:
        assert not await uow.register.confirmations(bound.id)
    assert await actions(open_uow) == ["contact_invited", "chat_bound"]


async def test_a_chat_agreed_on_a_form_gets_its_address_from_the_code(
    open_uow: UnitOfWorkFactory, mother: Actor
) -> None:
    """The contact that waits for its chat is the one that is bound, with its confirmation (Q80)."""
    waiting = await add(open_uow, mother, None, "telegram")
    async with open_uow() as uow:
        await contact_actions.confirm_contact(uow, SYSTEM, contact_id=waiting, written=FORM, now=NOW, policy=POLICY)
    await bind(open_uow, await invite(open_uow, mother))
    (bound,) = await contacts(open_uow, mother)
    assert (bound.id, bound.address, bound.proven_at) == (waiting, CHAT, NOW)


async def test_a_chat_bound_again_is_the_same_contact(open_uow: UnitOfWorkFactory, mother: Actor) -> None:
    """A second code said in the same chat adds no contact, one said in another chat does."""
    for chat in (CHAT, CHAT, OTHER_CHAT):
        await bind(open_uow, await invite(open_uow, mother), chat=chat)
    assert [(each.address, each.rank) for each in await contacts(open_uow, mother)] == [(CHAT, 0), (OTHER_CHAT, 1)]


async def test_a_code_is_said_in_any_case(open_uow: UnitOfWorkFactory, mother: Actor) -> None:
    """Small letters, blanks and a hyphen in a code that is typed by hand do no harm."""
    code = await invite(open_uow, mother)
    assert await bind(open_uow, f" {code[:5].lower()} – {code[5:]} ") == MOTHER


async def test_a_code_is_ten_of_32_letters(open_uow: UnitOfWorkFactory, mother: Actor) -> None:
    """Each character is drawn from 32 that nobody mistakes for another; only keyed hashes are kept (Q82)."""
    drawn = deque("ABCDEFGH0J")
    async with open_uow() as uow:
        invitation = await codes.issue_code(
            uow,
            SYSTEM,
            person_id=number(mother),
            channel="telegram",
            now=NOW,
            term=TERM,
            key=KEY,
            draw=lambda alphabet: drawn.popleft() if alphabet == ALPHABET else "",
        )
    assert invitation.code == "ABCDEFGH0J"
    assert len(set(ALPHABET)) == 32
    async with open_uow(reading=True) as uow:
        assert await uow.register.code(invitation.code, "telegram") is None
        assert await uow.register.code(invitation.token, "telegram") is None


async def test_a_used_code_is_refused(open_uow: UnitOfWorkFactory, mother: Actor) -> None:
    """A code binds one chat once (Q82)."""
    code = await invite(open_uow, mother)
    await bind(open_uow, code)
    with pytest.raises(CodeRefusedError):
        await bind(open_uow, code, chat=OTHER_CHAT)


async def test_a_code_said_in_two_chats_at_once_binds_one(open_uow: UnitOfWorkFactory, mother: Actor) -> None:
    """Of two chats that say the code at the same moment one is bound, the other refused (Q82)."""
    code = await invite(open_uow, mother)
    said = await asyncio.gather(
        *(bind(open_uow, code, chat=chat) for chat in (CHAT, OTHER_CHAT)), return_exceptions=True
    )
    assert [type(each) for each in said if each != MOTHER] == [CodeRefusedError]
    assert len(await contacts(open_uow, mother)) == 1


@pytest.mark.parametrize(("after", "is_bound"), [(TERM, True), (TERM + timedelta(seconds=1), False)])
async def test_a_code_has_a_term(
    open_uow: UnitOfWorkFactory, mother: Actor, after: timedelta, *, is_bound: bool
) -> None:
    """The last moment of the term still counts, the second after it does not (Q82, Q105)."""
    code = await invite(open_uow, mother)
    if not is_bound:
        with pytest.raises(CodeRefusedError):
            await bind(open_uow, code, now=NOW + after)
    else:
        assert await bind(open_uow, code, now=NOW + after) == MOTHER


async def test_a_code_of_another_channel_is_refused(open_uow: UnitOfWorkFactory, mother: Actor) -> None:
    """A code that was made for e-mail binds no chat (Q82)."""
    await add(open_uow, mother)
    code = await invite(open_uow, mother, channel="email")
    with pytest.raises(CodeRefusedError):
        await bind(open_uow, code)


async def test_guessing_is_limited(open_uow: UnitOfWorkFactory, mother: Actor) -> None:
    """After five wrong codes within an hour a chat is not heard, even with the right one; others are (Q82)."""
    code = await invite(open_uow, mother)
    for guess in range(5):
        with pytest.raises(CodeRefusedError):
            await bind(open_uow, f"WRONG{guess}", now=NOW + timedelta(minutes=guess))
    with pytest.raises(CodeRefusedError):
        await bind(open_uow, code, now=NOW + timedelta(minutes=59))
    assert await bind(open_uow, code, chat=OTHER_CHAT) == MOTHER


async def test_an_hour_later_a_chat_may_guess_again(open_uow: UnitOfWorkFactory, mother: Actor) -> None:
    """The limit is per hour: the right code is heard once the wrong ones are an hour old (Q82)."""
    code = await invite(open_uow, mother)
    for guess in range(5):
        with pytest.raises(CodeRefusedError):
            await bind(open_uow, f"WRONG{guess}")
    assert await bind(open_uow, code, now=NOW + timedelta(hours=1, seconds=1)) == MOTHER


async def test_a_contact_that_somebody_typed_in_has_neither_proof(open_uow: UnitOfWorkFactory, mother: Actor) -> None:
    """A self-entered contact is unproven and unconfirmed, whoever entered it (Q81)."""
    await add(open_uow, mother)
    async with open_uow() as uow:
        await contact_actions.add_contact(
            uow, SYSTEM, person_id=number(mother), channel="sms", address="+79010000001", now=NOW
        )
    own, entered = await contacts(open_uow, mother)
    assert (own.origin, own.rank, own.proven_at) == ("self", 0, None)
    assert (entered.origin, entered.rank, entered.proven_at) == ("staff", 1, None)


async def test_a_form_handed_in_by_its_owner_is_both_proofs(open_uow: UnitOfWorkFactory, mother: Actor) -> None:
    """Whoever takes the form sees the owner; a form that was sent in confirms and leaves ownership open (Q80)."""
    mail, phone = await add(open_uow, mother), await add(open_uow, mother, "+79010000001", "sms")
    async with open_uow() as uow:
        await contact_actions.confirm_contact(uow, SYSTEM, contact_id=mail, written=FORM, now=NOW, policy=POLICY)
    await confirmed(open_uow, mother, CHAT, "telegram")
    async with open_uow(reading=True) as uow:
        forms = [[each.document for each in await uow.register.confirmations(number)] for number in (mail, phone)]
    assert forms == [["17"], []]
    assert [each.proven_at for each in await contacts(open_uow, mother)] == [None, None, NOW]


async def _owed(open_uow: UnitOfWorkFactory, person: Actor) -> None:
    """A final mark of the child waits on the first agreed channel."""
    student = child_of(person)
    async with open_uow() as uow:
        consent = NewConsent(number(person), student, Decision.CONSENT, NOW.date(), "17")
        await uow.register.add_consent(consent, registered_by="Секретарёва И. О.", at=NOW)
        notice = FinalMarkSet("Алгебра", "1 четверть", "5")
        await uow.outbox.add([NewNotice(student, notice, "period_mark:1")], received_at=NOW, published_at=NOW)
        await fan_out.fan_out_notice_batch(uow, now=NOW, policy=POLICY)
        await uow.commit()


async def _deliveries(open_uow: UnitOfWorkFactory, person: Actor) -> list[tuple[str, Status, Reason | None]]:
    async with open_uow(reading=True) as uow:
        found = await uow.outbox.deliveries_of_pair(number(person), child_of(person), set(Status))
    return [(each.channel, each.status, each.reason) for each in found]


async def test_a_revoked_contact_hands_over_what_waits_for_it(open_uow: UnitOfWorkFactory, mother: Actor) -> None:
    """The owner takes the chat back: its message goes by e-mail at once, and a second time there is nothing to take."""
    chat = await confirmed(open_uow, mother, CHAT, "telegram")
    await confirmed(open_uow, mother, MAIL, "email")
    await _owed(open_uow, mother)
    async with open_uow() as uow:
        await contact_actions.revoke_contact(uow, mother, contact_id=chat, now=NOW, policy=POLICY)
    assert await _deliveries(open_uow, mother) == [
        ("telegram", Status.WITHDRAWN, Reason.CONTACT_REVOKED),
        ("email", Status.PENDING, None),
    ]
    async with open_uow() as uow:
        with pytest.raises(NotFoundError):
            await contact_actions.revoke_contact(uow, mother, contact_id=chat, now=NOW, policy=POLICY)


async def test_a_blocked_bot_is_set_aside_and_resumes(open_uow: UnitOfWorkFactory, mother: Actor) -> None:
    """The chat is set aside with its reason and the next channel takes over; unblocked, it is agreed again (Q84)."""
    await confirmed(open_uow, mother, CHAT, "telegram")
    await confirmed(open_uow, mother, MAIL, "email")
    await _owed(open_uow, mother)
    async with open_uow() as uow:
        await contact_actions.set_blocked_contact_aside(uow, "telegram", CHAT, now=NOW, policy=POLICY)
    chat, _ = await contacts(open_uow, mother)
    assert (chat.set_aside_at, chat.set_aside_reason) == (NOW, "blocked")
    assert await _deliveries(open_uow, mother) == [
        ("telegram", Status.WITHDRAWN, Reason.BLOCKED),
        ("email", Status.PENDING, None),
    ]
    async with open_uow() as uow:
        await contact_actions.resume_unblocked_contact(uow, "telegram", CHAT, now=NOW)
    assert (await contacts(open_uow, mother))[0].set_aside_at is None
    assert (await actions(open_uow))[-2:] == ["chat_blocked", "chat_unblocked"]


async def test_a_contact_that_was_set_aside_by_mistake_is_resumed(open_uow: UnitOfWorkFactory, mother: Actor) -> None:
    """The secretary, and no parent, puts it back in use; the trace says what it had been set aside for (Q84)."""
    chat = await confirmed(open_uow, mother, CHAT, "telegram")
    async with open_uow() as uow:
        await uow.register.set_aside(chat, Reason.NO_SUCH_ADDRESS, at=NOW)
        await uow.commit()
    async with open_uow() as uow:
        with pytest.raises(NotAllowedError):
            await contact_actions.resume_contact(uow, mother, contact_id=chat, now=NOW)
        assert await contact_actions.resume_contact(uow, SYSTEM, contact_id=chat, now=NOW)
        assert not await contact_actions.resume_contact(uow, SYSTEM, contact_id=chat, now=NOW)
    assert (await contacts(open_uow, mother))[0].set_aside_reason is None
    assert (await actions(open_uow))[-1:] == ["contact_resumed"]
    async with open_uow() as uow:
        await contact_actions.revoke_contact(uow, mother, contact_id=chat, now=NOW, policy=POLICY)
        with pytest.raises(NotFoundError):
            await contact_actions.resume_contact(uow, SYSTEM, contact_id=chat, now=NOW)


async def test_a_block_by_an_unknown_chat_is_nothing(open_uow: UnitOfWorkFactory, mother: Actor) -> None:
    """Somebody without an account blocks and unblocks the bot, and nobody's contact moves."""
    await confirmed(open_uow, mother, CHAT, "telegram")
    async with open_uow() as uow:
        await contact_actions.set_blocked_contact_aside(uow, "telegram", OTHER_CHAT, now=NOW, policy=POLICY)
        await contact_actions.resume_unblocked_contact(uow, "telegram", OTHER_CHAT, now=NOW)
    assert (await contacts(open_uow, mother))[0].set_aside_at is None


async def test_the_owner_chooses_how_often_notices_come(open_uow: UnitOfWorkFactory, mother: Actor) -> None:
    """Marks as a digest, with a trace of who chose it (Q83)."""
    async with open_uow() as uow:
        await preferences.choose_frequency_preference(
            uow, mother, kind=NoticeKind.MARKS, frequency=Frequency.OFF, now=NOW
        )
        await preferences.choose_frequency_preference(
            uow, mother, kind=NoticeKind.MARKS, frequency=Frequency.DIGEST, now=NOW
        )
        recipients = await uow.people.recipients([child_of(mother)], on=NOW.date())
    agreed = {each.person_id: dict(each.frequencies) for each in recipients}
    assert agreed[number(mother)] == {NoticeKind.MARKS: Frequency.DIGEST}
    assert await actions(open_uow) == ["preference_changed", "preference_changed"]


@pytest.mark.parametrize("kind", [NoticeKind.FINALS, NoticeKind.EXAMS])
async def test_what_r6_owes_cannot_be_switched_off(
    open_uow: UnitOfWorkFactory, mother: Actor, kind: NoticeKind
) -> None:
    """Final marks and exam results are always sent (Q83)."""
    async with open_uow() as uow:
        with pytest.raises(AlwaysSentError):
            await preferences.choose_frequency_preference(uow, mother, kind=kind, frequency=Frequency.OFF, now=NOW)


async def test_nobody_touches_another_persons_contacts(open_uow: UnitOfWorkFactory, mother: Actor) -> None:
    """Inviting, adding, confirming and revoking are the owner's or the office's; preferences need a person."""
    chat = await confirmed(open_uow, mother, CHAT, "telegram")
    father = Actor(father_beside(mother), frozenset({Role.GUARDIAN}))
    async with open_uow() as uow:
        with pytest.raises(NotAllowedError):
            await contact_actions.revoke_contact(uow, father, contact_id=chat, now=NOW, policy=POLICY)
        with pytest.raises(NotAllowedError):
            await contact_actions.add_contact(
                uow, father, person_id=number(mother), channel="email", address=MAIL, now=NOW
            )
        with pytest.raises(NotAllowedError):
            await contact_actions.confirm_contact(uow, mother, contact_id=chat, written=FORM, now=NOW, policy=POLICY)
        with pytest.raises(NotAllowedError):
            await preferences.choose_frequency_preference(
                uow, SYSTEM, kind=NoticeKind.MARKS, frequency=Frequency.OFF, now=NOW
            )
    with pytest.raises(NotAllowedError):
        await invite(open_uow, mother, actor=father)


async def test_nobody_who_is_not_known_is_invited(open_uow: UnitOfWorkFactory) -> None:
    """An invitation is for a person of the school."""
    with pytest.raises(NotFoundError):
        await invite(open_uow, Actor(999, frozenset()))


async def test_an_address_is_entered_once(open_uow: UnitOfWorkFactory, mother: Actor) -> None:
    """Typed again it is the contact that is there; taken back it may be entered anew (fault 11)."""
    first = await add(open_uow, mother)
    assert await add(open_uow, mother) == first
    async with open_uow() as uow:
        await contact_actions.revoke_contact(uow, mother, contact_id=first, now=NOW, policy=POLICY)
    assert await add(open_uow, mother) != first


async def test_a_chat_bound_twice_is_one_contact(open_uow: UnitOfWorkFactory, mother: Actor) -> None:
    """A contact that the form made takes the chat's address, and the earlier one of it is taken back (Q82)."""
    await bind(open_uow, await invite(open_uow, mother))
    waiting = await add(open_uow, mother, None, "telegram")
    await bind(open_uow, await invite(open_uow, mother))
    in_use = [each for each in await contacts(open_uow, mother) if each.revoked_at is None]
    assert [(each.id, each.address) for each in in_use] == [(waiting, CHAT)]


async def test_a_mute_that_is_over_ends_whatever_becomes_of_old_updates(
    open_uow: UnitOfWorkFactory, mother: Actor
) -> None:
    """The two are kept apart: neither waits for the other (Q142)."""
    chats = [await add(open_uow, mother, chat, "max") for chat in (CHAT, OTHER_CHAT)]
    async with open_uow() as uow:
        for contact, hours in zip(chats, (1, 3), strict=True):
            await uow.register.mute(contact, until=NOW + timedelta(hours=hours))
        await conversation.forget_conversation_arrivals(uow, before=NOW + timedelta(hours=2))
        await uow.commit()
    assert all(each.muted_until for each in await contacts(open_uow, mother))
    async with open_uow() as uow:
        await contact_actions.end_past_mutes(uow, now=NOW + timedelta(hours=2))
        await uow.commit()
    assert [each.muted_until for each in await contacts(open_uow, mother)] == [None, NOW + timedelta(hours=3)]
