"""Letters that come back to the school hours later: reports of mail servers, in fields and in words, and junk."""

from collections.abc import Callable, Sequence
from email.message import EmailMessage, Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

Letter = Callable[[str], bytes]
"""A letter to a sealed return address."""

REPORTED = (
    ("5.1.1", "smtp; 550 5.1.1 <family@example.org>: Recipient address rejected: User unknown"),
    ("5.1.1", "smtp; 550-5.1.1 The email account that you tried to reach does not exist"),
    ("5.1.10", "smtp; 550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"),
    ("5.0.0", "smtp; 550 No such user here"),
    ("5.1.2", "dns; Host or domain name not found"),
    ("5.2.1", "smtp; 550 5.2.1 The email account that you tried to reach is disabled"),
    ("5.2.2", "smtp; 552 5.2.2 Mailbox full"),
    ("4.2.2", "smtp; 452 4.2.2 The email account that you tried to reach is over quota"),
    ("4.4.7", "smtp; 451 4.4.7 Delivery time expired"),
    ("5.7.1", "smtp; 554 5.7.1 Message rejected under suspicion of SPAM"),
    ("5.7.1", "smtp; 550 5.7.1 Blocked by policy"),
    ("5.4.1", "smtp; 550 5.4.1 Recipient address rejected: Access denied"),
)
"""Status and diagnostic code of reports in fields (RFC 3464), as Postfix, Google, Exchange, Yandex and others say."""

WORDED = (
    ("Mail delivery failed: returning message to sender",
     ("A message that you sent could not be delivered to one or more of its recipients. This is a permanent error.\n"
     "  family@example.org\n    550 Unrouteable address\n")),
    ("failure notice",
     ("Hi. This is the qmail-send program. I'm afraid I wasn't able to deliver your message.\n"
     "<family@example.org>:\nSorry, no mailbox here by that name. (#5.1.1)\n")),
    ("Undeliverable: Итоговая отметка",
     "Your message did not reach some or all of the intended recipients. 550 5.1.1 User unknown\n"),
    ("Returned mail: see transcript for details",
     ("   ----- The following addresses had permanent fatal errors -----\n<family@example.org>\n"
     "    (reason: 550 5.1.1 <family@example.org>... User unknown)\n")),
    ("Недоставленное сообщение",
     "Ваше письмо не может быть доставлено: ящик family@example.org не существует. 550 5.1.1\n"),
    ("Не удалось доставить письмо",
     "Почтовый ящик получателя переполнен. 552 5.2.2 Mailbox is full\n"),
    ("Delivery Status Notification (Failure)",
     "Delivery to the following recipient failed permanently: family@example.org. 550 5.1.1 no such user\n"),
    ("Undelivered Mail Returned to Sender",
     "I'm sorry to have to inform you that your message could not be delivered: user unknown. 550 5.1.1\n"),
)  # fmt: skip
"""Subject and words of reports of older servers: Exim, qmail, Exchange, Sendmail, and Russian ones."""


def failure_letters() -> Sequence[Letter]:
    """Twenty letters that say that a mail did not arrive."""
    in_fields = [lambda to, said=said: _report(to, "failed", *said) for said in REPORTED]
    in_words = [lambda to, said=said: _worded(to, *said) for said in WORDED]
    return [*in_fields, *in_words]


def junk_letters() -> Sequence[Letter]:
    """Five letters that say nothing of a failure of ours."""
    return [
        lambda to: _report(to, "delayed", "4.4.1", "smtp; 451 4.4.1 will keep trying for 3 days"),
        lambda to: _personal(to, "Автоответ", "Я в отпуске до 10 января и не доставлю себе удовольствия отвечать."),
        lambda to: _personal(to, "Скидки", "Только сегодня: доставка не удалась — вернём деньги! 550 рублей."),
        lambda to: _report(_forged(to), "failed", *REPORTED[0]),
        lambda to: b"To: " + to.encode() + b"\r\nContent-Type: multipart/report; boundary=x\r\n\r\n--x\r\n\xff\xfe\x00",
    ]


def _report(to: str, action: str, status: str, diagnostic: str) -> bytes:
    letter = MIMEMultipart("report")
    letter.set_param("report-type", "delivery-status")
    letter["From"], letter["To"], letter["Subject"] = "MAILER-DAEMON@mx.example.org", to, "Delivery Status Notification"
    letter.attach(MIMEText("This is the mail system. Your message was returned.", "plain"))
    fields = MIMEBase("message", "delivery-status")
    of_mail, of_recipient = Message(), Message()
    of_mail["Reporting-MTA"] = "dns; mx.example.org"
    of_recipient["Final-Recipient"], of_recipient["Action"] = "rfc822; family@example.org", action
    of_recipient["Status"], of_recipient["Diagnostic-Code"] = status, diagnostic
    fields.set_payload([of_mail, of_recipient])
    letter.attach(fields)
    return letter.as_bytes()


def _worded(to: str, subject: str, words: str) -> bytes:
    return _plain(to, "Mail Delivery System <MAILER-DAEMON@mx.example.org>", subject, words)


def _personal(to: str, subject: str, words: str) -> bytes:
    return _plain(to, "Мария <family@example.org>", subject, words)


def _plain(to: str, sender: str, subject: str, words: str) -> bytes:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = sender, to, subject
    letter.set_content(words)
    return letter.as_bytes()


def _forged(to: str) -> str:
    """The address with another seal."""
    local, _, domain = to.rpartition("@")
    return f"{local[:-4]}0000@{domain}"
