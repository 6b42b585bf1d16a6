"""Mail that came back hours later: each report becomes a receipt of its attempt, so that the next way starts (Q84)."""

from functools import partial
from typing import TYPE_CHECKING

import structlog

from bot.run.supervision import in_its_own_thread
from bot.settings import Settings, SettingsError
from core.actions.delivery import receipts
from core.ports import UnavailableError
from notifiers.email.bounces import parse_bounce
from notifiers.email.return_mailbox import Returned, ReturnMailbox

if TYPE_CHECKING:
    from bot.app import App

log = structlog.get_logger()


def mailbox_of(settings: Settings) -> ReturnMailbox | None:
    """The mailbox of the settings; None where returned mail is not read. SettingsError for a wrong URL."""
    if settings.imap_url is None:
        return None
    try:
        return ReturnMailbox.of(settings.imap_url.get_secret_value())
    except ValueError as wrong:
        raise SettingsError("settings.return_mailbox", why=str(wrong)) from None


async def collect(app: "App", mailbox: ReturnMailbox) -> None:
    """Record what came back, then mark it as seen: a process that dies between meets it again, as old news (Q93)."""
    try:
        reports = await in_its_own_thread(mailbox.unseen)
        refused = [await _is_refusal(app, report) for report in reports]
        await in_its_own_thread(partial(mailbox.mark_seen, [report.uid for report in reports]))
    except UnavailableError as error:
        log.warning("returns.mailbox_unavailable", reason=str(error.reason))
    else:
        if reports:
            log.info("returns.collected", reports=len(reports), refused=sum(refused))


async def _is_refusal(app: "App", report: Returned) -> bool:
    """Whether it says something new of an attempt of ours; it is committed by then."""
    bounced = parse_bounce(report.message, secret=app.signing_key)
    if bounced is None:
        return False
    key, receipt = bounced
    async with app.open_uow() as uow:
        return await receipts.record_receipt(uow, key, receipt, worker=app.worker_identity, now=app.clock())
