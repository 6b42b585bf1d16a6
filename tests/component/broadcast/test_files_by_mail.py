"""An announcement's file reaches the families of mail too (Q97)."""

from dataclasses import dataclass, field, replace

import pytest

from bot.run.lanes import WorkerLane
from core.model.conversation import SentFile
from core.model.delivery.states import Status
from core.model.delivery.text import Text
from core.model.notices.family import Announcement
from core.ports import Limits, Notifier
from core.rules.delivery.timing import Policy
from notifiers.stored_files import MOST_BYTES, StoredFiles
from tests.support.delivery.fakes import Clock, ScriptedNotifier
from tests.support.delivery.parcels import ANYA, BORIS, CATALOGUES, DAY, KEY, NOW, parcel

PLAN = Announcement("План каникул", DAY, "Ким Ён", None, "план.pdf", "application/pdf", "kept-1", "telegram")
WHERE = "в Telegram или у автора"


@dataclass(slots=True)
class Messenger(ScriptedNotifier):
    """A messenger that stores files."""

    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def fetch_file(self, reference: str, *, most: int) -> bytes | None:
        self.asked.append(reference)
        content = self.files.get(reference)
        return content if content is not None and len(content) <= most else None


def lane(to: Notifier, messenger: Notifier | None) -> WorkerLane:
    """The channel's part of a worker that also has this messenger."""
    clock = Clock(NOW)
    files = StoredFiles({"telegram": messenger} if messenger is not None else {})
    return WorkerLane(to, CATALOGUES, KEY, Policy(), clock, clock.ticks, files)


async def sent(
    messenger: Notifier | None,
    *notices: Announcement,
    to: str = "email",
    limits: Limits | None = None,
    discreet: bool = False,
) -> Text:
    """What the channel was given to send."""
    channel = ScriptedNotifier(to, limits or Limits(4096, 8, None, attachments=True))
    whole = replace(
        parcel(*((child, each) for each in notices for child in (ANYA, BORIS)), discreet=discreet), channel=to
    )
    outcome = await lane(channel, messenger).send(whole)
    assert outcome.status is Status.ACCEPTED
    return channel.sent[0][1]


def words(text: Text) -> str:
    return " ".join(line for section in text.sections for line in section.lines)


async def test_the_file_goes_with_the_mail() -> None:
    """It is fetched from the messenger that stores it, attached once, and not named as missing."""
    messenger = Messenger("telegram", files={"kept-1": b"%PDF"})
    text = await sent(messenger, PLAN)
    assert [(each.name, each.content, each.reference) for each in text.attachments] == [("план.pdf", b"%PDF", None)]
    assert WHERE not in words(text)
    assert messenger.asked == ["kept-1"]


@pytest.mark.parametrize("files", [{}, {"kept-1": b"x" * (MOST_BYTES + 1)}])
async def test_a_file_that_is_not_to_be_had_is_named(files: dict[str, bytes]) -> None:
    """A mail does not wait for a file that is gone or too long: it says where it is."""
    text = await sent(Messenger("telegram", files=files), PLAN)
    assert (text.attachments, WHERE in words(text)) == ((), True)


async def test_of_an_album_the_missing_file_alone_is_named() -> None:
    """Two of three photos are attached, and the third is not passed over in silence (Q115)."""
    more = tuple(SentFile(f"фото {n}.jpg", "image/jpeg", f"photo-{n}", "telegram") for n in (2, 3))
    text = await sent(Messenger("telegram", files={"kept-1": b"1", "photo-3": b"3"}), replace(PLAN, more_files=more))
    assert [each.name for each in text.attachments] == ["план.pdf", "фото 3.jpg"]
    assert [line for section in text.sections for line in section.lines if WHERE in line] == [
        "Файл «фото 2.jpg»: в Telegram или у автора сообщения"
    ] * 2


async def test_a_school_without_that_messenger_names_the_file() -> None:
    """A channel that stores nothing, and one that is not there, are asked for nothing."""
    for messenger in (None, ScriptedNotifier("telegram")):
        text = await sent(messenger, PLAN)
        assert (text.attachments, WHERE in words(text)) == ((), True)


async def test_a_channel_that_carries_no_files_fetches_none() -> None:
    """An SMS names the file; a discreet mail says nothing of it; the messenger itself sends by reference."""
    messenger = Messenger("telegram", files={"kept-1": b"%PDF"})
    sms = await sent(messenger, PLAN, to="sms", limits=Limits(670, 8, None, attachments=False))
    discreet = await sent(messenger, PLAN, discreet=True)
    own = await sent(messenger, PLAN, to="telegram")
    assert (messenger.asked, sms.attachments, discreet.attachments) == ([], (), ())
    assert [each.reference for each in own.attachments] == ["kept-1"]


async def test_one_broadcast_fetches_its_file_once() -> None:
    """Thirty mails of a class ask the messenger once; two files of two announcements both go."""
    messenger = Messenger("telegram", files={"kept-1": b"%PDF", "kept-2": b"GIF"})
    channel = ScriptedNotifier("email")
    own = lane(channel, messenger)
    board = replace(PLAN, text="Доска", file="доска.gif", file_type="image/gif", file_reference="kept-2")
    for _ in range(30):
        await own.send(replace(parcel((ANYA, PLAN), (ANYA, board)), channel="email"))
    assert messenger.asked == ["kept-1", "kept-2"]
    assert {len(text.attachments) for _, text, _ in channel.sent} == {2}
