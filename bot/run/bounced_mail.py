"""Collects bounces: each report becomes a receipt of its attempt, so that the next channel starts (Q84)."""

from functools import partial
from typing import TYPE_CHECKING

import structlog

from bot.run.supervision import run_in_daemon_thread
from bot.settings import Settings, SettingsError
from core.actions.delivery import receipts
from core.ports import UnavailableError
from notifiers.email.bounces import is_processed, parse_bounce
from notifiers.email.return_mailbox import BounceReport, ReturnMailbox

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger()


def bounce_mailbox(settings: Settings) -> ReturnMailbox | None:
    """The mailbox for bounces; None where none is configured. SettingsError for a wrong URL."""
    if settings.imap_url is None:
        return None
    try:
        return ReturnMailbox.from_url(settings.imap_url.get_secret_value())
    except ValueError as wrong:
        raise SettingsError("settings.return_mailbox", why=str(wrong)) from None


async def collect_bounced_mail(app: "App", mailbox: ReturnMailbox) -> None:
    """Record the reports, then mark them as seen: after a crash in between they are read again without effect (Q93)."""
    try:
        reports = await run_in_daemon_thread(mailbox.unseen_reports)
        refused = [await _is_refusal(app, report) for report in reports]
        done = [report.uid for report in reports if is_processed(report.message, secret=app.signing_key)]
        await run_in_daemon_thread(partial(mailbox.mark_seen, done))
    except UnavailableError as error:
        log.warning("returns.mailbox_unavailable", reason=str(error.reason))
    else:
        if reports:
            log.info("returns.collected", reports=len(reports), refused=sum(refused))


async def _is_refusal(app: "App", report: BounceReport) -> bool:
    """Record one report. True where it changed the state of an attempt."""
    bounced = parse_bounce(report.message, secret=app.signing_key)
    if bounced is None:
        return False
    key, receipt = bounced
    async with app.open_uow() as uow:
        return await receipts.record_receipt(uow, key, receipt, worker=app.worker_identity, now=app.clock())
