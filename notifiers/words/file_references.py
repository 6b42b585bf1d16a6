"""Files that a messenger stores: sent there by reference, attached elsewhere, else named (Q97, Q141)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from core.model.conversation import SentFile
from core.model.delivery.deliveries import Item
from core.model.delivery.text import Attachment
from core.model.notices.facts import Notice
from core.model.notices.family import Announcement, HomeworkDue
from core.ports import Translator
from notifiers.discovery import discovered_channels
from notifiers.words.content import ParcelContentNews
from notifiers.words.sentences import one_line_sentence

Files = Mapping[str, bytes]
"""Files that were fetched for a channel that does not store them, by their reference in the one that does."""


def file_references_to_fetch(items: Iterable[Item], channel: str) -> Iterable[tuple[str, str]]:
    """The channel that stores each file which another channel shall attach, and its reference there."""
    for item in items:
        yield from ((file.channel, file.reference) for file in _files(item.notice, channel) if file.channel != channel)


def stored_file_references(
    news: Iterable[ParcelContentNews], channel: str, t: Translator, files: Files
) -> tuple[Attachment, ...]:
    """Files that this channel can attach; one that two children of a class share is attached once."""
    told = [file for each in news for file in _files(each.notice, channel)]
    return tuple(dict.fromkeys(_attachment(file, t, files) for file in told if _is_attached(file, channel, files)))


def without_file_references(
    news: Iterable[ParcelContentNews], channel: str, files: Files
) -> Sequence[ParcelContentNews]:
    """The same news without the names of the files that this channel attaches."""
    return [replace(each, notice=_naming_missing(each.notice, channel, files)) for each in news]


def _files(notice: Notice, channel: str) -> Iterator[SentFile]:
    """The files that belong into a message; those of homework only where nobody can ask for them by a button."""
    match notice:
        case Announcement(file=str(name), file_reference=str(reference), file_channel=str(stored_in)):
            yield SentFile(name, notice.file_type, reference, stored_in)
            yield from notice.more_files
        case HomeworkDue() if not _converses(channel):
            yield from notice.more_files


def _converses(channel: str) -> bool:
    traits = discovered_channels().get(channel)
    return traits is not None and traits.converses


def _is_attached(file: SentFile, channel: str, files: Files) -> bool:
    return file.channel == channel or file.reference in files


def _naming_missing(notice: Notice, channel: str, files: Files) -> Notice:
    """The notice with the files alone that this channel cannot attach; an old one may have a name and no file."""
    known = list(_files(notice, channel))
    missing = [file for file in known if not _is_attached(file, channel, files)]
    if isinstance(notice, HomeworkDue):
        return replace(notice, more_files=tuple(missing))
    if not isinstance(notice, Announcement) or len(missing) == len(known):
        return notice
    if not missing:
        return replace(notice, file=None, more_files=())
    return replace(notice, file=missing[0].name, more_files=tuple(missing[1:]))


def _attachment(file: SentFile, t: Translator, files: Files) -> Attachment:
    if file.reference in files:
        return Attachment(one_line_sentence(file.name), file.media_type, files[file.reference])
    return Attachment(
        file.name, file.media_type, b"", file.reference, t("notice.file_gone", name=one_line_sentence(file.name))
    )
