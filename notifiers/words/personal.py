"""Notices to one person about themselves, in words: the code that proves a contact (Q81)."""

from core.model.delivery.deliveries import Parcel
from core.model.delivery.text import NoticeInWords, Section, Text
from core.model.notices.personal import OwnershipCode, PersonalNotice
from core.ports import Translator
from core.rules.register.ownership import ownership_code


def ownership_text(parcel: Parcel, t: Translator, *, key: bytes) -> Text | None:
    """The message with a code, the newest where several waited; None for a parcel of anything else.

    It names neither the child nor the reader, so a discreet channel shows the same (Q85).
    """
    notices = [item.notice for item in parcel.items if isinstance(item.notice, OwnershipCode)]
    if not notices:
        return None
    code = ownership_code(notices[-1].contact_id, notices[-1].serial, key=key)
    return Text(
        title=t("notice.heading_ownership"),
        sections=(Section(None, (t("notice.ownership_code", code=code), t("notice.ownership_why"))),),
        short=t("notice.ownership_short", code=code),
        unsubscribable=False,
        secret=code,
    )


def personal_notice_words(notice: PersonalNotice, t: Translator) -> NoticeInWords:  # noqa: ARG001  # as the others
    """What reports call it; the code itself is in the message alone."""
    what = t("notice.ownership_sent")
    return NoticeInWords("", "", what, what)
