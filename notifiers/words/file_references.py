"""Files of announcements are stored by a messenger: attached there, named in the text on other channels (Q97)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from core.model.delivery.text import Attachment
from core.model.notices import Announcement
from core.ports import Translator
from notifiers.words.content import News
from notifiers.words.sentences import one_line


def stored_files(news: Iterable[News], channel: str, t: Translator) -> tuple[Attachment, ...]:
    """Files that this channel can attach; one that two children of a class share is attached once."""
    announcements = [each.notice for each in news if isinstance(each.notice, Announcement)]
    return tuple(
        dict.fromkeys(
            file
            for notice in announcements
            if notice.file and notice.file_reference and notice.file_channel == channel
            for file in _attachments(notice.file, notice, t)
        )
    )


def without_file_names(news: Iterable[News], channel: str) -> Sequence[News]:
    """The same news without the names of the files that this channel attaches."""
    return [
        replace(each, notice=replace(each.notice, file=None, more_files=()))
        if isinstance(each.notice, Announcement) and each.notice.file_channel == channel
        else each
        for each in news
    ]


def _attachments(name: str, notice: Announcement, t: Translator) -> Iterator[Attachment]:
    files = [(file.name, file.media_type, file.reference) for file in notice.more_files]
    for each, media_type, reference in [(name, notice.file_type, notice.file_reference), *files]:
        yield Attachment(each, media_type, b"", reference, t("notice.file_gone", name=one_line(each)))
