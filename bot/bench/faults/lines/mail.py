"""Faults of the mail server: refusals for now and for good, bounces hours later, silence."""

from bot.bench.faults.line import FaultLine, FaultLineFinding, FaultLinePlace
from bot.bench.faults.returned_letters import failure_letters, junk_letters
from bot.bench.faults.school import (
    ALL_KINDS,
    MAIL,
    MESSENGER,
    REFUSED,
    RESULTS,
    FaultySchool,
    FaultySchoolFamily,
    faulty_school,
    run_faulty_school_part,
    wait_for_faulty_school,
)
from bot.bench.faults.sending import open_fault_sender
from bot.bench.peers.return_mailbox import MailboxServer
from bot.bench.schools.cast import SECRET
from core.model.delivery.states import Reason, Status
from notifiers.email.bounces import bounce_address

FOR_NOW = (
    ("MAIL", "421 4.3.2 Service shutting down"),
    ("RCPT", "450 4.7.1 Greylisted, try again in a minute"),
    ("RCPT", "451 4.3.0 Temporary lookup failure"),
    ("DATA", "452 4.3.1 Insufficient system storage"),
)
"""Stage and reply of refusals that a later try may not meet."""

OF_EACH = 2
"""So many mails meet each of the refusals for good."""

BOUNCES_TO = "bounce@example.org"


async def _refused_for_now(place: FaultLinePlace) -> FaultLineFinding:
    """Each of these mails is sent later, once, and the contact stays."""
    async with faulty_school(place) as school:
        families = await school.add(8, MAIL) + await school.add(1, MESSENGER)
        for stage, reply in FOR_NOW:
            await place.world.add_fault("reply", 1.0, peer="mail", method=stage, times=1, reply=reply)
        await school.owe(families, *ALL_KINDS)
        async with open_fault_sender(school) as sending:
            await sending.send_all()
        told, aside = await school.told(), await school.set_aside(families)
    return told.finding(holds=not aside and not told.on_paper, also=f"{aside} contacts set aside")


async def _refused_for_good(place: FaultLinePlace) -> FaultLineFinding:
    """At RCPT the address is wrong and set aside; after DATA the mail alone is refused; both go the next way (Q122)."""
    async with faulty_school(place) as school:
        families = await school.add(5, MAIL) + await school.add(3, MAIL, MESSENGER)
        for stage, reply in (("RCPT", "550 5.1.1 No such user"), ("DATA", "554 5.7.1 Looks like spam")):
            await place.world.add_fault("reply", 1.0, peer="mail", method=stage, times=OF_EACH, reply=reply)
        await school.owe(families, *RESULTS)
        async with open_fault_sender(school) as sending:
            await sending.send_all()
        reasons = sorted(str(each.reason) for row in await school.rows() for each in row.deliveries if each.reason)
        told, aside = await school.told(), await school.set_aside(families)
    wanted = sorted([Reason.NO_SUCH_ADDRESS] * OF_EACH + [Reason.REJECTED] * OF_EACH)
    return told.finding(holds=aside == OF_EACH and reasons == wanted, also=f"{aside} contacts set aside")


async def _bounced(place: FaultLinePlace) -> FaultLineFinding:
    """Twenty reports that a mail failed after all start the next way; five letters that are none change nothing."""
    failures, junk = failure_letters(), junk_letters()
    mailbox = MailboxServer()
    async with faulty_school(place) as school, mailbox.serving() as port:
        families = await school.add(len(failures) + len(junk), MAIL)
        await school.owe(families, *RESULTS)
        smtp = f"{school.environment()['SMTP_URL']}&bounce={BOUNCES_TO}"
        async with run_faulty_school_part(school, SMTP_URL=smtp):
            await school.wait_until_sent()
        returned = dict(zip([each.person for each in families], [*failures, *junk], strict=True))
        mailbox.letters += [returned[person](address) for person, address in await _return_addresses(school)]
        imap = f"imap://school:secret@127.0.0.1:{port}/INBOX?starttls=never"
        async with (
            run_faulty_school_part(school, "schedule", SMTP_URL=smtp, IMAP_URL=imap),
            run_faulty_school_part(school, name="worker", SMTP_URL=smtp),
        ):

            async def are_read() -> bool:
                return len(mailbox.seen) >= len(failures)

            await wait_for_faulty_school(are_read)
            await school.wait_until_sent()
        told = await school.told()
        wrong = await _wrongly_taken(school, families, len(failures))
    return told.finding(holds=not wrong, also=f"{wrong} letters misread")


async def _return_addresses(school: FaultySchool) -> list[tuple[int, str]]:
    """Each person with the sealed return address of the mail that was sent."""
    found = []
    for row in await school.rows():
        async with school.open_uow(reading=True) as uow:
            (attempt,) = await uow.outbox.attempts_of(row.obligation.id)
        address = bounce_address(BOUNCES_TO, key=attempt.key, secret=SECRET.encode())
        found.append((row.obligation.person_id, address))
    return found


async def _wrongly_taken(school: FaultySchool, families: list[FaultySchoolFamily], failures: int) -> int:
    """Mails that failed and count as sent, and the other way round."""
    failed = {
        row.obligation.person_id
        for row in await school.rows()
        if any(each.channel == MAIL and each.status in {Status.FAILED, Status.REFUSED} for each in row.deliveries)
    }
    return len(failed ^ {family.person for family in families[:failures]})


async def _hanging(place: FaultLinePlace) -> FaultLineFinding:
    """The server says nothing at RCPT, then nothing after it took a mail; Telegram goes on meanwhile."""
    async with faulty_school(place) as school:
        families = await school.add(5, MAIL) + await school.add(5, MESSENGER) + await school.add(1, REFUSED)
        await place.world.add_fault("silence", 1.0, peer="mail", method="RCPT", times=1)
        await place.world.add_fault("silence", 1.0, peer="mail", method="DATA", times=1, accepted=True)
        await school.owe(families, *RESULTS)
        async with open_fault_sender(school) as sending:
            await sending.send_all()
        told = await school.told()
    return told.finding(most_repeats=1)


LINES = (
    FaultLine("F18", "SMTP 4xx", "later, once, the contact stays", _refused_for_now),
    FaultLine(
        "F19", "SMTP 5xx at RCPT, after DATA", "next way; only the wrong address is set aside", _refused_for_good
    ),
    FaultLine("F20", "20 later bounces, 5 junk letters", "next way for the 20, nothing for the 5", _bounced),
    FaultLine("F21", "SMTP hangs", "all later; what was taken again once, marked", _hanging),
)
