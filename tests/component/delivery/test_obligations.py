"""The deputy head hears of results that are about to be late: once before their term, once after it, at any hour."""

from datetime import timedelta

import pytest

from bot.documents.delivery.obligations import obligation_table_cells
from bot.locales import LocaleCatalogues
from bot.run.worker import RunningOutboxWorker
from core.actions.delivery import fan_out, obligations
from core.actions.delivery.worker import Worker
from core.actions.register import preferences as preference_actions
from core.errors import AlwaysSentError
from core.model.delivery.states import Reason, Status
from core.model.delivery.text import Text
from core.model.notices.kinds import CHOSEN_KINDS, PERSONAL_KINDS, STAFF_KINDS, STATUS_KINDS, NoticeKind
from core.model.people import Actor, Role
from core.model.register.preferences import Frequency
from core.ports import RefusedError, UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from tests.support.delivery.fakes import CLOSES, Clock, ScriptedNotifier
from tests.support.schools.builders import FINAL, MARK, NOW, Builder, Family, a_family

POLICY = Policy()
RECEIVED = NOW - timedelta(hours=6)
"""Six in the morning in Moscow, so that the term and its warning fall into the quiet hours of the next day."""
DUE = RECEIVED + timedelta(hours=24)
NIGHT = DUE - timedelta(hours=4)


async def deputy(open_uow: UnitOfWorkFactory, address: str = "601") -> int:
    """A deputy head who is reached over Telegram, then e-mail."""
    async with open_uow() as uow:
        build = Builder(uow)
        person = await build.guardian("Громова Вера Павловна")
        await uow.people.add_staff_role(person, Role.DEPUTY_HEAD, group_id=None)
        await build.contact(person, "telegram", address)
        await build.contact(person, "email", f"{address}@example.org", rank=2)
        await uow.commit()
    return person


@pytest.fixture
async def family(open_uow: UnitOfWorkFactory) -> Family:
    """A mother whom a final mark is owed to; nobody has sent it yet."""
    family = await a_family(open_uow)
    await owes(family, fact="period_mark:1")
    return family


async def owes(family: Family, *, fact: str) -> None:
    """One more final mark that came at the same moment."""
    await family.learns(FINAL, at=RECEIVED, fact=fact)
    async with family.open_uow() as uow:
        await fan_out.fan_out_notice_batch(uow, now=RECEIVED, policy=POLICY)


async def warned(family: Family, **ahead: float) -> int:
    """The job wakes so long after the warning time; how many obligations are told of."""
    async with family.open_uow() as uow:
        return len(await obligations.warn_of_late_obligations(uow, now=NIGHT + timedelta(**ahead), policy=POLICY))


class Post:
    """What a worker sends at once at a moment, by address."""

    def __init__(self, family: Family) -> None:
        self.clock = Clock(NIGHT)
        self.channels = {name: ScriptedNotifier(name) for name in ("telegram", "email", "paper")}
        self._worker = RunningOutboxWorker(
            open_uow=family.open_uow,
            channels=self.channels,
            catalogues=LocaleCatalogues.load(),
            identity=Worker("one", timedelta(seconds=10), POLICY, CLOSES),
            clock=self.clock,
            ticks=self.clock.ticks,
            signing_key=b"key",
        )

    async def brings(self, address: str) -> list[Text]:
        """All that this address has got."""
        await self._worker.drain()
        return [text for channel in self.channels.values() for to, text, _ in channel.sent if to == address]


async def test_the_deputy_head_is_told_four_hours_ahead_even_at_night(family: Family) -> None:
    """How many, of which kind, by when and where to look, but of no child by name (Q75)."""
    await deputy(family.open_uow)
    await owes(family, fact="period_mark:2")
    assert await warned(family, seconds=-1) == 0
    assert await warned(family) == 2
    (text,) = await Post(family).brings("601")
    assert text.title == "Итоги: срок 24 часа"
    assert text.sections[0].lines == ("срок сб 21.11, 06:00, итоговые оценки: 2 сообщения не дошли",)
    assert text.footer == "Кому и о чём: /hours или vestnik obligations --open"
    assert (text.buttons, text.unsubscribable) == ((), False)
    assert "Соколова" not in f"{text}"


async def test_a_second_run_says_only_what_is_new(family: Family) -> None:
    """One warning for each obligation, however often the job wakes (Q75)."""
    await deputy(family.open_uow)
    assert [await warned(family), await warned(family, minutes=15)] == [1, 0]
    await owes(family, fact="period_mark:2")
    assert await warned(family, minutes=30) == 1
    assert len(await Post(family).brings("601")) == 1


async def test_what_became_late_is_told_once_more(family: Family) -> None:
    """To the second: at its due time it is in time, after it the deputy head hears that it is late (Q70, Q75)."""
    await deputy(family.open_uow)
    assert [await warned(family, hours=hours) for hours in (0, 4)] == [1, 0]
    assert [await warned(family, hours=4, seconds=seconds) for seconds in (1, 2)] == [1, 0]
    assert await warned(family, hours=50) == 0
    (text,) = await Post(family).brings("601")
    assert text.sections[0].lines == (
        "срок сб 21.11, 06:00, итоговые оценки: 1 сообщение не дошло",
        "срок прошёл сб 21.11, 06:00, итоговые оценки: 1 сообщение не дошло",
    )


async def test_what_was_found_late_is_told_late_only(family: Family) -> None:
    """After an outage there is no warning ahead of what has passed."""
    await deputy(family.open_uow)
    assert [await warned(family, hours=hours) for hours in (10, 11)] == [1, 0]


async def test_every_deputy_head_is_told(family: Family) -> None:
    """Whoever is on duty knows."""
    for address in ("601", "602"):
        await deputy(family.open_uow, address)
    await warned(family)
    post = Post(family)
    assert [len(await post.brings(address)) for address in ("601", "602")] == [1, 1]


async def test_a_warning_takes_the_next_way_where_the_first_is_closed(family: Family) -> None:
    """A deputy head who blocked the bot gets it by mail at once, not in the morning (Q84)."""
    await deputy(family.open_uow)
    await warned(family)
    post = Post(family)
    post.channels["telegram"].script.extend([RefusedError(Reason.BLOCKED)] * 2)
    assert len(await post.brings("601@example.org")) == 1


async def test_a_school_without_a_deputy_head_has_the_log(family: Family) -> None:
    """Nobody is told, so each run names what is about to be late."""
    assert [await warned(family), await warned(family, minutes=15)] == [1, 1]
    async with family.open_uow(reading=True) as uow:
        assert await uow.outbox.unplanned(9) == []


async def test_what_is_closed_or_has_no_term_is_not_spoken_of(family: Family) -> None:
    """A mark has no 24 hours, and what arrived is settled."""
    await deputy(family.open_uow)
    await family.learns(MARK, at=RECEIVED, fact="entry:1")
    post = Post(family)
    post.clock.now = RECEIVED + timedelta(hours=2)
    assert len(await post.brings("501")) == 1
    assert await warned(family) == 0


async def test_nobody_switches_a_warning_off(family: Family) -> None:
    """It stands in no settings, and a forged choice is refused (Q83)."""
    head = Actor(await deputy(family.open_uow), frozenset({Role.DEPUTY_HEAD}))
    assert set(NoticeKind) - set(CHOSEN_KINDS) == STAFF_KINDS | PERSONAL_KINDS | STATUS_KINDS
    async with family.open_uow() as uow:
        with pytest.raises(AlwaysSentError):
            await preference_actions.choose_frequency_preference(
                uow, head, kind=NoticeKind.DEADLINES, frequency=Frequency.OFF, now=NOW
            )


async def test_a_digest_does_not_hold_a_warning_back(family: Family) -> None:
    """Whatever was agreed, it goes at once, also on paper (Q75)."""
    head = await deputy(family.open_uow)
    async with family.open_uow() as uow:
        await uow.register.prefer(head, NoticeKind.DEADLINES, Frequency.DIGEST)
        for each in await uow.register.contacts(head):
            await uow.register.set_aside(each.id, Reason.BLOCKED, at=NOW)
        await uow.commit()
    await warned(family)
    assert len(await Post(family).brings(f"{head}:-")) == 1
    async with family.open_uow(reading=True) as uow:
        (row,) = await uow.outbox.obligations(kinds=STAFF_KINDS)
    assert row.deliveries[-1].status is Status.ACCEPTED


async def test_what_waits_for_the_morning_says_until_when(open_uow: UnitOfWorkFactory) -> None:
    """A mark that comes in the quiet hours goes at seven; its line in the table says so, until then only."""
    family = await a_family(open_uow)
    late, seven = NOW.replace(hour=20), (NOW + timedelta(days=1)).replace(hour=4)  # 23:00 and 07:00 in Moscow
    await family.learns(MARK, at=late, fact="mark:1")
    async with open_uow() as uow:
        await fan_out.fan_out_notice_batch(uow, now=late, policy=POLICY)
        await uow.commit()
    async with open_uow(reading=True) as uow:
        (row,) = await uow.outbox.obligations()
    t = LocaleCatalogues.load().translator("ru")
    for now, words in ((late, f"Telegram: ожидает (до 07:00, {seven:%d.%m})"), (seven, "Telegram: ожидает")):
        assert str(obligation_table_cells(row, t, POLICY, now=now)[-1]).split("; ")[0] == words
