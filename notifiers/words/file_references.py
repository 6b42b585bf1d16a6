"""Files of announcements lie with Telegram: shown there over the words, elsewhere named in them (Q97)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from core.model.delivery.text import Attachment
from core.model.notices import Announcement
from core.ports import Translator
from notifiers.words.content import News
from notifiers.words.sentences import plain

KEEPER = "telegram"
"""The channel that knows these files by its own numbers."""


def kept_files(news: Iterable[News], t: Translator) -> tuple[Attachment, ...]:
    """What goes along; two children of one class need it once."""
    told = [each.notice for each in news if isinstance(each.notice, Announcement)]
    return tuple(dict.fromkeys(_kept(each.file, each, t) for each in told if each.file and each.file_reference))


def unnamed(news: Iterable[News]) -> Sequence[News]:
    """The same news where their files are shown, so that no words need to name them."""
    return [
        replace(each, notice=replace(each.notice, file=None)) if isinstance(each.notice, Announcement) else each
        for each in news
    ]


def _kept(name: str, notice: Announcement, t: Translator) -> Attachment:
    instead = t("notice.file_gone", name=plain(name))
    return Attachment(name, notice.file_type, b"", notice.file_reference, instead)
