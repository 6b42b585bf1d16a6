"""Files of announcements are stored by Telegram: attached there, named in the text on other channels (Q97)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from core.model.delivery.text import Attachment
from core.model.notices import Announcement
from core.ports import Translator
from notifiers.words.content import News
from notifiers.words.sentences import one_line

FILE_CHANNEL = "telegram"
"""The channel whose file ids these are."""


def stored_files(news: Iterable[News], t: Translator) -> tuple[Attachment, ...]:
    """Files to attach; one that two children of a class share is attached once."""
    told = [each.notice for each in news if isinstance(each.notice, Announcement)]
    return tuple(dict.fromkeys(_attachment(each.file, each, t) for each in told if each.file and each.file_reference))


def without_file_names(news: Iterable[News]) -> Sequence[News]:
    """The same news without the names of files, for a message that has the files attached."""
    return [
        replace(each, notice=replace(each.notice, file=None)) if isinstance(each.notice, Announcement) else each
        for each in news
    ]


def _attachment(name: str, notice: Announcement, t: Translator) -> Attachment:
    instead = t("notice.file_gone", name=one_line(name))
    return Attachment(name, notice.file_type, b"", notice.file_reference, instead)
