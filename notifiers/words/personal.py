"""Notices about persons in words: the code of a contact (Q81), the 18th birthday (Q8), a consent's end (Q7)."""

from typing import assert_never

from core.model.delivery.deliveries import Parcel
from core.model.delivery.text import NoticeInWords, Section, Text
from core.model.notices.personal import ComesOfAge, ConsentExpiring, OwnershipCode, PersonalNotice
from core.ports import Translator
from core.rules.register.ownership import ownership_code


def personal_ownership_text(parcel: Parcel, t: Translator, *, key: bytes) -> Text | None:
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


def personal_notice_words(notice: PersonalNotice, t: Translator) -> NoticeInWords:
    """The 18th birthday; of a code what reports call it, since the code itself is in the message alone."""
    match notice:
        case OwnershipCode():
            what = t("notice.ownership_sent")
            return NoticeInWords("", "", what, what)
        case ComesOfAge():
            when = t("notice.day", on=notice.on)
            return NoticeInWords(t("notice.of_age"), when, t("notice.of_age_means"), t("notice.of_age_brief"))
        case ConsentExpiring():
            return _expiring_consent_words(notice, t)
        case _:
            assert_never(notice)


def _expiring_consent_words(notice: ConsentExpiring, t: Translator) -> NoticeInWords:
    """The last day, and what to do; the child is named by the message."""
    what = t("notice.consent_expiring")
    return NoticeInWords(
        t("notice.consent"), t("notice.until_day", on=notice.on), what, t("notice.consent_expiring_brief")
    )
