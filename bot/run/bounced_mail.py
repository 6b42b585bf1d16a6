"""Reads the return mailbox: bounces, which start the next channel (Q84), and what families answer to a mail (Q83)."""

from functools import partial
from typing import TYPE_CHECKING

import structlog

from bot.run.supervision import run_in_supervised_thread
from bot.settings import Settings, SettingsError
from core.actions.delivery import mail_replies, receipts
from core.ports import UnavailableError, UnitOfWork
from notifiers.email.bounces import is_processed_bounce, parse_bounce
from notifiers.email.replies import MailReply, parse_reply
from notifiers.email.return_mailbox import ReturnedMail, ReturnMailbox

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger()


def mailbox_for_bounces(settings: Settings) -> ReturnMailbox | None:
    """The mailbox for bounces; None where none is configured. SettingsError for a wrong URL."""
    if settings.imap_url is None:
        return None
    try:
        return ReturnMailbox.from_url(settings.imap_url.get_secret_value())
    except ValueError as wrong:
        raise SettingsError("settings.return_mailbox", why=str(wrong)) from None


async def collect_bounced_mail(app: "App", mailbox: ReturnMailbox) -> None:
    """Record what came back, then mark it as seen: after a crash in between it is read again without effect (Q93)."""
    try:
        letters = await run_in_supervised_thread(mailbox.unseen_mail)
        changed = [await _record_letter(app, letter) for letter in letters]
        done = [letter.uid for letter in letters if is_processed_bounce(letter.message, secret=app.signing_key)]
        await run_in_supervised_thread(partial(mailbox.mark_seen, done))
    except UnavailableError as error:
        log.warning("returns.mailbox_unavailable", reason=str(error.reason))
    else:
        if letters:
            log.info("returns.collected", letters=len(letters), changed=sum(changed))


async def _record_letter(app: "App", letter: ReturnedMail) -> bool:
    """Record a bounce or an answer. True where it changed anything."""
    bounced = parse_bounce(letter.message, secret=app.signing_key)
    reply = parse_reply(letter.message, secret=app.signing_key)
    if bounced is None and reply is None:
        return False
    async with app.open_uow() as uow:
        if bounced is not None:
            key, receipt = bounced
            return await receipts.record_delivery_receipt(
                uow, key, receipt, worker=app.worker_identity, now=app.clock()
            )
        return reply is not None and await _record_reply(app, uow, *reply)


async def _record_reply(app: "App", uow: UnitOfWork, reply: MailReply, key: str) -> bool:
    match reply:
        case MailReply.READ:
            closes = app.settings.closing_statuses()
            return await mail_replies.acknowledge_by_mail_reply(uow, key, closes=closes, now=app.clock())
        case MailReply.UNSUBSCRIBE:
            return bool(await mail_replies.unsubscribe_by_mail_reply(uow, key, now=app.clock()))
