"""MAX from end to end: a deep link binds a person, the school's news arrive, and questions are answered."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.processes import run_bot_process
from bot.sandbox import FaultKind, Peer
from bot.settings import BadTokenError
from core.model.delivery.states import Reason, State, Status
from core.model.notices.kinds import NoticeKind
from core.model.register.contacts import Contact
from tests.support.conversation.chat import Chat
from tests.support.schools.builders import FINAL, MARK, NOW
from tests.support.schools.max_school import MaxSchool, max_school


@pytest.fixture
async def school(sqlite_url: str, tmp_path: Path) -> AsyncIterator[MaxSchool]:
    async with max_school(tmp_path, sqlite_url) as school:
        yield school


async def test_a_parent_presses_the_deep_link_and_a_mark_arrives(school: MaxSchool) -> None:
    """Nothing is typed: the link carries the code, and from then on the school's news come to MAX (Q140, Q141)."""
    mother = school.mother
    mother.start(school.invitation.token)
    assert "Соколова" in await mother.reply()
    await school.tells(MARK, "entry:1")
    assert "Алгебра" in mother.texts()[-1]
    await school.tells(FINAL)
    assert "Прочитано" in mother.messages[-1].labels
    mother.press("Прочитано")
    await mother.reply()
    await mother.reply()
    async with school.app.open_uow(reading=True) as uow:
        rows = await uow.outbox.obligations()
    final = next(row for row in rows if row.obligation.kind is NoticeKind.FINALS)
    assert final.obligation.state is State.CLOSED
    assert Status.ACKNOWLEDGED in {delivery.status for delivery in final.deliveries}
    mother.send("/marks")
    assert "Соколова" in await mother.reply()


async def until_state(school: MaxSchool, is_so: Callable[[Contact], bool]) -> None:
    """Until the mother's contact is so."""
    async with asyncio.timeout(5):
        while True:
            async with school.app.open_uow(reading=True) as uow:
                (contact,) = await uow.register.contacts_at("max", "7001")
            if is_so(contact):
                return
            await asyncio.sleep(0.01)


async def test_who_stops_the_bot_is_set_aside_until_the_next_word(school: MaxSchool) -> None:
    """Neither a stopped bot nor a removed dialog loses news; a start or a message makes it a way again (Q84)."""
    mother = school.mother
    mother.start(school.invitation.token)
    await mother.reply()
    dialog = mother.dialog
    ways: list[Callable[[], None]] = [lambda: mother.send("/marks"), mother.start]
    for end, begin in zip((dialog.stop, dialog.remove), ways, strict=True):
        end()
        await until_state(school, lambda contact: contact.set_aside_reason == "blocked")
        begin()
        assert await mother.reply()
        await until_state(school, lambda contact: contact.set_aside_at is None)


async def test_while_muted_results_go_the_next_way_and_the_rest_goes_on(school: MaxSchool) -> None:
    """Who mutes the dialog would read a final mark too late, so it starts at the next way (R6)."""
    mother = school.mother
    mother.start(school.invitation.token)
    await mother.reply()
    mother.dialog.mute(int((NOW + timedelta(hours=8)).timestamp() * 1000))
    await until_state(school, lambda contact: contact.muted_until == NOW + timedelta(hours=8))
    before = len(mother.messages)
    await school.tells(FINAL)
    assert len(mother.messages) == before
    await school.tells(MARK, "entry:1")
    assert "Алгебра" in mother.texts()[-1]
    async with school.app.open_uow(reading=True) as uow:
        rows = await uow.outbox.obligations()
    final = next(row for row in rows if row.obligation.kind is NoticeKind.FINALS)
    assert [(each.channel, each.reason) for each in final.deliveries] == [("max", Reason.MUTED), ("paper", None)]
    mother.dialog.unmute()
    await until_state(school, lambda contact: contact.muted_until is None)


async def test_a_refused_token_ends_the_bot_only_where_no_messenger_is_accepted(
    sqlite_url: str, tmp_path: Path
) -> None:
    """One token says nothing of the other messenger, which goes on; with both refused a person must mend it (Q142)."""
    wrong = "a-token-that-max-does-not-know"
    async with max_school(tmp_path, sqlite_url, with_telegram=True, max_token=wrong) as school:
        there = Chat(school.world, 501)
        await there.send("/start")
        assert "/start КОД" in (await there.reply()).text
    chosen = {"max_token": wrong, "bot_token": "42:wrong"}
    async with max_school(
        tmp_path, sqlite_url, with_telegram=True, with_mail=False, is_talking=False, **chosen
    ) as school:
        with pytest.raises(BadTokenError) as refused:
            await asyncio.wait_for(run_bot_process(school.app, stopping=asyncio.Event()), 20)
    assert dict(refused.value.faults[0].facts) == {"settings": "VESTNIK_BOT_TOKEN, VESTNIK_MAX_TOKEN"}


async def test_a_messenger_out_of_reach_leaves_the_other_as_it_was(school: MaxSchool) -> None:
    """MAX answers nothing for a while: what waits is sent afterwards, and no contact is at fault (Q92, Q142)."""
    mother = school.mother
    mother.start(school.invitation.token)
    await mother.reply()
    school.world.faults.add(FaultKind.SERVER_ERROR, peer=Peer.MAX_API, method="POST /messages")
    await school.tells(MARK, "entry:1")
    async with school.app.open_uow(reading=True) as uow:
        (contact,) = await uow.register.contacts_at("max", "7001")
    assert contact.set_aside_at is None


async def test_max_is_asked_for_updates_twice_a_second_at_most(sqlite_url: str, tmp_path: Path) -> None:
    """However fast updates come: more polls would be refused, and what waits comes with the next one (Q142)."""
    async with max_school(tmp_path, sqlite_url, max_pace=4) as school:
        calls, updates = school.world.max.network.calls, school.world.max.network.updates
        async with asyncio.timeout(60):
            while sum(name == "GET /updates" for name, *_ in calls) < 6:
                updates.add_raw({"update_type": "telepathy", "timestamp": len(calls)})
                await asyncio.sleep(0.05)
    polls = [at for name, _, at in calls if name == "GET /updates"]
    assert all(third - first >= 0.9 for first, third in zip(polls, polls[2:], strict=False))
