"""Faults of the messenger: limits, refusals, a lost token, an outage, broken answers."""

from typing import Any

from bot.bench.fault_storm import AFTER, BEFORE
from bot.bench.faults.line import FaultLine, FaultLineFinding, FaultLinePlace
from bot.bench.faults.messenger import IN_TELEGRAM
from bot.bench.faults.school import (
    ALL_KINDS,
    FORECAST,
    MAIL,
    MESSENGER,
    REFUSED,
    RESULTS,
    SMS,
    faulty_school,
    run_faulty_school_part,
    wait_for_faulty_school,
)
from bot.bench.faults.sending import open_fault_sender
from core.model.delivery.states import Reason, Status

PACE = 20
"""Messages a second that the setting of F10 allows; in MAX fewer. Those in flight may arrive together."""

LOST = tuple(kind for kind in AFTER if kind != "html_bad_gateway")
"""Answers after which a message may have been accepted; a page with 502 counts as an outage, in which nothing was."""

MOST_REPEATS = 2
ASKED_WAIT = 5
"""Seconds that a 429 asks for."""

REFUSED_TOKEN = 75
"""The exit code where Telegram refuses the token at the start."""

OUTAGE, WITHOUT_TOKEN = 120.0, 15.0
"""Seconds of F15 and of F14."""


async def _limited_chat(place: FaultLinePlace) -> FaultLineFinding:
    """One chat is refused: it waits as long as asked for, the others are served meanwhile."""
    async with faulty_school(place) as school:
        families = await school.add(12, MESSENGER) + await school.add(1, REFUSED)
        limited = families[3]
        await place.fail_sends("too_many_requests", chat_id=limited.chat, times=1, retry_after=ASKED_WAIT)
        await school.owe(families, *RESULTS)
        async with open_fault_sender(school) as sending:
            await sending.send_all()
        order = [each["chat_id"] for each in await school.sends()]
        told = await school.told()
    before = order.index(limited.chat)
    return told.finding(holds=before > len(order) / 2, also=f"{before} others served before the limited chat")


async def _pace(place: FaultLinePlace) -> FaultLineFinding:
    """A backlog comes in no burst that the messenger would refuse."""
    async with faulty_school(place) as school:
        families = await school.add(place.choose(30, 200), MESSENGER)
        await school.owe(families, *ALL_KINDS)
        async with run_faulty_school_part(school, pace=PACE):
            await school.wait_until_sent()
        moments = sorted(float(str(each["at"])) for each in await school.sends())
        peak = max(sum(begin <= moment < begin + 1 for moment in moments) for begin in moments)
        told = await school.told()
    mean = (len(moments) - 1) / (moments[-1] - moments[0])
    return told.finding(holds=peak <= place.messenger.most, also=f"{mean:.1f} a second, at most {peak}")


async def _blocked(place: FaultLinePlace) -> FaultLineFinding:
    """Some chats block the bot: the next agreed channel starts, else paper; an unblocked chat is used again (Q84)."""
    async with faulty_school(place) as school:
        deaf = await school.add(2, MESSENGER) + await school.add(2, MESSENGER, MAIL)
        others = await school.add(10, MESSENGER)
        for family in deaf:
            await place.world.act(family.chat, place.messenger.block, place.messenger.channel)
        await school.owe([*deaf, *others], *RESULTS)
        async with run_faulty_school_part(school, "all"):
            await school.wait_until_sent()
            told = await school.told()
            for family in deaf:
                await place.world.act(family.chat, place.messenger.unblock, place.messenger.channel)

            async def are_back() -> bool:
                return not await school.set_aside(deaf)

            await wait_for_faulty_school(are_back)
            await school.owe(deaf, *RESULTS)
            await school.wait_until_sent()
        back = len({each["chat_id"] for each in await school.sends()} & {family.chat for family in deaf})
    return told.finding(holds=back == len(deaf), also=f"{back} of {len(deaf)} chats used again")


async def _refused_content(place: FaultLinePlace) -> FaultLineFinding:
    """A text that is not taken goes the next way, and the chat stays in use (Q122)."""
    return await _refused(place, "refused_content", Reason.REJECTED, set_aside=0)


async def _migrated(place: FaultLinePlace) -> FaultLineFinding:
    """A number that is none of a private chat any more: the contact is set aside, the next way starts (Q84)."""
    return await _refused(place, "migrated", Reason.NO_SUCH_ADDRESS, set_aside=4)


async def _refused(place: FaultLinePlace, fault: str, reason: Reason, *, set_aside: int) -> FaultLineFinding:
    async with faulty_school(place) as school:
        refused = await school.add(2, MESSENGER) + await school.add(2, MESSENGER, MAIL)
        families = refused + await school.add(10, MESSENGER)
        for family in refused:
            await place.fail_sends(fault, chat_id=family.chat)
        await school.owe(families, *RESULTS)
        async with run_faulty_school_part(school):
            await school.wait_until_sent()
        reasons = {each.reason for row in await school.rows() for each in row.deliveries if each.reason}
        aside = await school.set_aside(refused)
        told = await school.told()
    return told.finding(holds=aside == set_aside and reasons == {reason}, also=f"{aside} contacts set aside")


async def _refused_token(place: FaultLinePlace) -> FaultLineFinding:
    """At the start it ends the process; later the messenger waits, nothing fails, and mail and SMS go on."""
    async with faulty_school(place) as school:
        families = await school.add(6, MESSENGER) + await school.add(3, MAIL) + await school.add(3, SMS)
        wrong: dict[str, Any] = {place.messenger.token: "100:wrong-token"}
        async with run_faulty_school_part(school, "all", name="wrong", **wrong) as process:
            code = await process.wait()
        async with open_fault_sender(school) as sending:
            await school.owe(families[:1], *RESULTS)
            await sending.send_all()
            await place.fail_messenger("unauthorized")
            await school.owe(families[1:], *RESULTS)
            await sending.let_pass(WITHOUT_TOKEN)
            served = len(await school.messages())
            await place.world.remove_faults()
            await sending.send_all()
        failed = sum(
            each.status in {Status.FAILED, Status.REFUSED} for row in await school.rows() for each in row.deliveries
        )
        told = await school.told()
    holds = code == REFUSED_TOKEN and served == len(families) - 5 and not failed
    return told.finding(holds=holds, also=f"exit code {code} at the start, {failed} failed")


async def _outage(place: FaultLinePlace) -> FaultLineFinding:
    """For two minutes there are only pages of a proxy: all goes once afterwards, or results go the next way.

    MAX's pages count as "perhaps taken": a forecast is not repeated then, so nobody is owed one here (Q121).
    """
    kinds = ALL_KINDS if place.messenger.waits_for_pages else RESULTS
    async with faulty_school(place) as school:
        families = await school.add(place.choose(9, 60), MESSENGER) + await school.add(3, MAIL)
        await school.owe(families, *kinds)
        for kind in ("html_bad_gateway", "html_forbidden"):
            await place.fail_messenger(kind, share=0.5)
        await place.fail_messenger("html_bad_gateway")
        async with open_fault_sender(school) as sending:
            await sending.let_pass(OUTAGE)
            during = len(await school.messages())
            await place.world.remove_faults()
            await sending.send_all()
        told = await school.told()
    return told.finding(holds=during == len(families[-3:]), also=f"{during} mails during the outage")


async def _lost_answers(place: FaultLinePlace) -> FaultLineFinding:
    """The messenger accepts, and its answer is lost: a result comes again and says so, a forecast does not (Q121)."""
    async with faulty_school(place) as school:
        owed = await school.add(len(LOST) * 2, MESSENGER)
        told_once = await school.add(len(LOST), MESSENGER)
        for families in (owed[::2], owed[1::2], told_once):
            for family, kind in zip(families, LOST, strict=True):
                await place.fail_sends(kind, chat_id=family.chat, times=1, accepted=True)
        await school.owe(owed, *RESULTS)
        await school.owe(told_once, FORECAST)
        async with open_fault_sender(school) as sending:
            await sending.send_all()
        messages, told = await school.messages(), await school.told()
    again = sum(len(messages[family.person]) > 1 for family in told_once)
    return told.finding(holds=not again, also=f"{again} forecasts again", most_repeats=MOST_REPEATS * len(owed))


async def _garbage(place: FaultLinePlace) -> FaultLineFinding:
    """Pages, halves of JSON, other types, huge numbers, silence: whoever got nothing gets it later, and once."""
    async with faulty_school(place) as school:
        families = await school.add(len(BEFORE) * 2, MESSENGER)
        for family, kind in zip(families, BEFORE * 2, strict=True):
            await place.fail_sends(kind, chat_id=family.chat, times=1, delay=0.5, retry_after=2)
        await school.owe(families, *RESULTS)
        async with open_fault_sender(school) as sending:
            await sending.send_all()
        told = await school.told()
    return told.finding(also=f"{len(BEFORE)} kinds of answers")


LINES = (
    FaultLine("F9", "429 of a chat", "this chat waits, the others go on", _limited_chat),
    FaultLine("F10", "pace of pushes", "as set, never more in a second than the messenger takes", _pace),
    FaultLine("F11", "403 of a chat", "set aside, next way, back after unblocking", _blocked),
    FaultLine("F12", "400 of a text", "next way, the contact stays", _refused_content),
    FaultLine("F13", "migrate_to_chat_id", "set aside, next way", _migrated, messengers=IN_TELEGRAM),
    FaultLine("F14", "401 of the token", "75 at the start; later it waits, mail and SMS go on", _refused_token),
    FaultLine("F15", "outage of 2 min, HTML pages", "all once afterwards, or results the next way", _outage),
    FaultLine("F16", "accepted, answer lost", "results again, marked, twice at most; forecasts never", _lost_answers),
    FaultLine("F17", "garbage answers", "all once", _garbage),
)
