"""A letter says which school wrote, why it came and how to stop it (Q83, Q103)."""

from datetime import UTC, datetime

import pytest

from core.model.delivery.text import Text
from core.model.notices.family import FinalMarkSet, MarkRecorded
from core.model.notices.personal import OwnershipCode
from notifiers.email.channel import EmailChannelServer
from notifiers.email.headers import SenderHeader
from notifiers.email.message import build_email_message
from notifiers.email.replies import MailReplyLinks
from notifiers.words.texts import compose_text
from tests.support.delivery.parcels import ANYA, CATALOGUES, DAY, KEY, RUSSIAN, composed, parcel

SCHOOL = "МБОУ «Школа № 30» <&>"


def mailed(text: Text, sender: str = "school@example.org") -> tuple[str, str, str]:
    """The sender's name, the plain text and the page of a letter."""
    server = EmailChannelServer.from_url(f"smtp://localhost?from={sender}").named(SCHOOL)
    mail = build_email_message(
        text,
        sender=server.sender,
        recipient="vera@example.org",
        key="k",
        date=datetime(2026, 11, 12, tzinfo=UTC),
        links=MailReplyLinks("bounce@example.org"),
        school=SCHOOL,
    )
    plain, page = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert page is not None
    return SenderHeader.parse(str(mail["From"])).name, plain.get_content().replace("\r\n", "\n"), page.get_content()


def test_the_sender_is_the_school() -> None:
    """Unless the address of the mail server names somebody else; angle brackets would end the name."""
    text = composed((ANYA, MarkRecorded("Алгебра", DAY, "5")))
    assert mailed(text)[0] == "МБОУ «Школа № 30» &"
    assert mailed(text, "Учебная часть <school@example.org>")[0] == "Учебная часть"


def test_a_letter_about_marks_can_be_stopped_in_one_press() -> None:
    """The school, the reason, where to choose, and a link, in the text and on the page."""
    _, plain, page = mailed(composed((ANYA, MarkRecorded("Алгебра", DAY, "5"))))
    assert f"-- \n{SCHOOL}\n{RUSSIAN('notice.imprint_family')}" in plain
    assert "Отписаться от таких писем: mailto:bounce@example.org?subject=Vestnik%20unsubscribe" in plain
    assert "МБОУ «Школа № 30» &lt;&amp;&gt;</p>" in page
    assert RUSSIAN("notice.imprint_family") in page
    assert 'href="mailto:bounce@example.org?subject=Vestnik%20unsubscribe' in page


def test_a_letter_about_results_says_why_it_cannot_be_stopped() -> None:
    """Results under R6 are always told; how else to hear of them is said instead of a link."""
    _, plain, page = mailed(composed((ANYA, FinalMarkSet("Алгебра", "2 четверть", "4"))))
    assert RUSSIAN("notice.imprint_results") in plain
    assert "unsubscribe" not in plain + page


@pytest.mark.parametrize("language", sorted(CATALOGUES.translators))
def test_a_letter_with_a_code_says_what_to_do_if_it_is_a_strangers(language: str) -> None:
    """Whoever did not ask for it need do nothing; it names nobody."""
    t = CATALOGUES.translator(language)
    _, plain, _ = mailed(compose_text(parcel(((None, ""), OwnershipCode(7, 1, DAY))), t, key=KEY))
    assert t("notice.imprint_code") in plain
    assert "Анна" not in plain
