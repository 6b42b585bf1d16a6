"""Builds a mail from a Text: plain text and small HTML that loads nothing from the network."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from html import escape
from string import Template

from core.model.delivery.text import Button, Text
from notifiers.email.headers import SenderHeader, WordHeaderPolicy
from notifiers.email.replies import MailReply, MailReplyLinks

_POLICY = WordHeaderPolicy(linesep="\r\n", cte_type="7bit")  # servers without 8BITMIME accept it too

_MEDIA_TYPE = re.compile(r"(?!multipart|message|text)[a-z]+/[A-Za-z0-9.+-]+")
_ANY_FILE = "application/octet-stream"
"""Also for text: a mail program would show it in the mail, and its encoding is unknown."""

_PAGE = Template(
    """\
<!doctype html>
<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>$title</title></head>
<body style="margin:0;padding:24px 12px;background:#eef1f5;color:#1d2733;\
font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;font-size:16px;line-height:1.45">
<div style="max-width:560px;margin:0 auto;background:#ffffff;border:1px solid #d9dfe7;border-radius:10px">
$school<h1 style="margin:0;padding:20px 24px 16px;font-size:20px;line-height:1.3;border-bottom:3px solid #2f6fb3">\
$title</h1>
<div style="padding:4px 24px 20px">
$body
</div></div>
<div style="max-width:512px;margin:12px auto 0">
$end
</div></body></html>
"""
)
_HEADING = '<h2 style="margin:20px 0 4px;font-size:15px;color:#2f6fb3">{}</h2>'
_LINE = '<p style="margin:0;padding:9px 0;border-bottom:1px solid #edf0f4">{}</p>'
_LINK = (
    '<p style="margin:20px 0 0"><a href="{}" style="display:inline-block;padding:9px 16px;border-radius:6px;'
    'background:#2f6fb3;color:#ffffff;text-decoration:none">{}</a></p>'
)
_SCHOOL = '<p style="margin:0;padding:16px 24px 0;font-size:14px;color:#4a5666">{}</p>\n'
_IMPRINT = '<p style="margin:0 0 6px;font-size:13px;color:#4a5666">{}</p>'
_FOOTER = '<p style="margin:20px 0 0;font-size:13px;color:#6a7686">{}</p>'


def build_email_message(
    text: Text,
    *,
    sender: SenderHeader,
    recipient: str,
    key: str,
    date: datetime,
    links: MailReplyLinks,
    school: str = "",
) -> EmailMessage:
    """The mail of one attempt; it bears the school's name. One with a result under R6 has no unsubscribe header."""
    mail = EmailMessage(policy=_POLICY)
    mail["From"], mail["To"], mail["Subject"] = sender.mailbox, recipient, " ".join(text.title.split())
    mail["Date"], mail["Message-ID"] = format_datetime(date), _mail_message_id(key, sender)
    mail["Auto-Submitted"] = "auto-generated"
    stop = links.letter(MailReply.UNSUBSCRIBE, key) if text.unsubscribable else None
    if stop is not None:
        mail["List-Unsubscribe"] = f"<{stop}>"
    buttons = _links(text, links, key)
    mail.set_content(_mail_plain_text(text, buttons, school=school, stop=stop))
    mail.add_alternative(_mail_html_page(text, buttons, school=school, stop=stop), subtype="html")
    for each in text.attachments:
        if each.reference is not None:  # the file lies with a messenger; its name stands in the text
            continue
        main, sub = (each.media_type if _MEDIA_TYPE.fullmatch(each.media_type) else _ANY_FILE).split("/")
        mail.add_attachment(each.content, maintype=main, subtype=sub, filename=" ".join(each.name.split()))
    return mail


def _mail_message_id(key: str, sender: SenderHeader) -> str:
    """The same for the same key, so that a mail sent again is recognised."""
    return f"<{sha256(key.encode()).hexdigest()[:32]}@{sender.domain}>"


def _mail_plain_text(text: Text, buttons: Sequence[Button], *, school: str = "", stop: str | None = None) -> str:
    """Title, sections, links and footer, separated by empty lines; then who wrote, why, and how to stop it."""
    sections = ["\n".join(filter(None, (section.heading, *section.lines))) for section in text.sections]
    links = [f"{button.label}: {button.url}" for button in buttons]
    end = [text.imprint, f"{text.unsubscribe}: {stop}" if stop and text.unsubscribe else ""]
    signed = "\n".join(filter(None, (f"-- \n{school}" if school else "", *end)))
    return "\n\n".join(filter(None, (text.title, *sections, *links, text.footer, signed))) + "\n"


def _mail_html_page(text: Text, buttons: Sequence[Button], *, school: str = "", stop: str | None = None) -> str:
    """One column that fits a phone. Styles are inline, since mail programs drop style sheets."""
    return _PAGE.substitute(
        title=escape(text.title),
        school=_SCHOOL.format(escape(school)) if school else "",
        body="\n".join(_body(text, buttons)),
        end="\n".join(_end(text, stop)),
    )


def _end(text: Text, stop: str | None) -> Iterator[str]:
    """Below the page: why the letter came, and the link that stops such letters."""
    if text.imprint:
        yield _IMPRINT.format(escape(text.imprint))
    if stop and text.unsubscribe:
        yield _IMPRINT.format(f'<a href="{escape(stop)}" style="color:#4a5666">{escape(text.unsubscribe)}</a>')


def _body(text: Text, buttons: Sequence[Button]) -> Iterator[str]:
    for section in text.sections:
        if section.heading:
            yield _HEADING.format(escape(section.heading))
        yield from (_LINE.format(escape(line)) for line in section.lines)
    for button in buttons:
        yield _LINK.format(escape(button.url or ""), escape(button.label))
    if text.footer:
        yield _FOOTER.format(escape(text.footer))


def _links(text: Text, links: MailReplyLinks, key: str) -> list[Button]:
    """«Прочитано» where it is proof, then buttons with a URL; the others work in a chat only."""
    read = [Button(text.acknowledge, url=links.read(key))] if text.acknowledge else []
    return [*read, *(button for row in text.buttons for button in row if button.url)]
