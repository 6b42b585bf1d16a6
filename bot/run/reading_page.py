"""The page behind «Прочитано» in a mail: one button, so that a program that opens links acknowledges nothing (Q72).

It shows nothing of the mail, and nothing of the person.
"""

from html import escape
from string import Template
from typing import TYPE_CHECKING

from aiohttp import web

from core.actions.delivery import mail_replies
from core.errors import MustBeMendedError, StorageError
from notifiers.email.replies import MailReply, is_reply_sealed

if TYPE_CHECKING:
    from bot.app import App

PATH = "/{prefix:.*}read/{key:[A-Za-z0-9_-]{1,40}}={seal:[0-9a-f]{16}}"
"""A proxy may keep a prefix of its own."""

_PAGE = Template(
    """\
<!doctype html>
<html lang="$language"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>$title</title></head>
<body style="margin:0;padding:24px 12px;background:#eef1f5;color:#1d2733;font:16px/1.45 system-ui,sans-serif">
<main style="max-width:560px;margin:0 auto;padding:20px 24px;background:#fff;border-radius:10px">
<h1 style="font-size:20px">$title</h1>
<p>$words</p>
$form</main></body></html>
"""
)
_FORM = (
    '<form method="post"><button style="padding:9px 16px;border:0;border-radius:6px;background:#2f6fb3;color:#fff;'
    'font-size:16px">{}</button></form>\n'
)
_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}


class ReadingPage:
    """Asks at GET, records at POST; 404 for an address that is not sealed by us or that nobody knows any more."""

    def __init__(self, app: "App") -> None:
        self._app = app
        self._t = app.catalogues.translator(app.settings.language)

    async def ask(self, request: web.Request) -> web.Response:
        """The page with its button."""
        if not self._is_ours(request):
            return self._page(404, "page.unknown")
        return self._page(200, "page.ask", form=_FORM.format(escape(self._t("notice.button_read"))))

    async def record(self, request: web.Request) -> web.Response:
        """The button was pressed; pressed again it says the same."""
        if not self._is_ours(request):
            return self._page(404, "page.unknown")
        app, closes = self._app, self._app.settings.closing_statuses()
        try:
            async with app.open_uow() as uow:
                known = await mail_replies.acknowledge_by_mail_reply(
                    uow, request.match_info["key"], closes=closes, now=app.clock()
                )
        except (StorageError, MustBeMendedError):
            return self._page(503, "page.later")
        return self._page(200, "page.thanks") if known else self._page(404, "page.unknown")

    def _is_ours(self, request: web.Request) -> bool:
        key, seal = request.match_info["key"], request.match_info["seal"]
        return is_reply_sealed(MailReply.READ, key, seal, secret=self._app.signing_key)

    def _page(self, status: int, words: str, *, form: str = "") -> web.Response:
        t = self._t
        page = _PAGE.substitute(
            language=t.language, title=escape(self._app.settings.school), words=escape(t(words)), form=form
        )
        return web.Response(status=status, text=page, content_type="text/html", headers=_HEADERS)
