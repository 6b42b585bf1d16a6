"""Files that bots and people sent, by file_id, and what Telegram asks of them."""

import itertools
import mimetypes
import struct
from dataclasses import dataclass

from bot.sandbox.bot_api.call import Upload
from bot.sandbox.bot_api.refusal import bad_request_refusal

MEGABYTE = 1024 * 1024
PHOTO_LIMIT = 10 * MEGABYTE
DOCUMENT_LIMIT = 50 * MEGABYTE
DOWNLOAD_LIMIT = 20 * MEGABYTE
UNKNOWN = "application/octet-stream"
PHOTO_SIDES = 10_000  # width and height together
PHOTO_RATIO = 20
FRAME_HEADERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # of JPEG: SOF0-SOF15 but DHT, JPG, DAC


@dataclass(frozen=True, slots=True)
class BotApiStoredFile:
    """A file under the id by which it can be sent again or downloaded."""

    file_id: str
    name: str
    mime: str
    data: bytes
    width: int = 0
    height: int = 0

    @property
    def kind(self) -> str:
        """``photo`` or ``document``, as it was sent first."""
        return "photo" if self.width else "document"

    @property
    def path(self) -> str:
        """The ``file_path`` of getFile."""
        return f"files/{self.file_id}/{self.name}"


class BotApiFiles:
    """All files of one sandbox; a file is kept for as long as the sandbox runs."""

    def __init__(self) -> None:
        self._stored: dict[str, BotApiStoredFile] = {}
        self._numbers = itertools.count(1)

    def keep(self, upload: Upload, *, photo: bool = False) -> BotApiStoredFile:
        """Keep an upload; raises the 400 of a file too big or of a photo that is no photo."""
        if not upload.data:
            raise bad_request_refusal("file must be non-empty")
        if len(upload.data) > (PHOTO_LIMIT if photo else DOCUMENT_LIMIT):
            raise bad_request_refusal("file is too big")
        width, height = _photo_size(upload.data) if photo else (0, 0)
        kind = "photo" if photo else "document"
        name = upload.name.replace("/", "_") or kind
        mime = upload.mime if upload.mime not in {"", UNKNOWN} else mimetypes.guess_type(name)[0] or UNKNOWN
        stored = BotApiStoredFile(f"{kind}-{next(self._numbers)}", name, mime, upload.data, width, height)
        self._stored[stored.file_id] = stored
        return stored

    def get(self, file_id: str) -> BotApiStoredFile | None:
        """The file under this id, if there is one."""
        return self._stored.get(file_id)

    def find(self, file_id: str) -> BotApiStoredFile:
        """The file with this id; a URL is refused, since the sandbox has no network."""
        if file_id.startswith(("http://", "https://")):
            raise bad_request_refusal("failed to get HTTP URL content")
        try:
            return self._stored[file_id]
        except KeyError:
            raise bad_request_refusal("wrong file identifier/HTTP URL specified") from None

    def again(self, file_id: str, kind: str) -> BotApiStoredFile:
        """The file to be sent once more; by its id it keeps the type that it had."""
        stored = self.find(file_id)
        if stored.kind != kind:
            raise bad_request_refusal(f"can't use file of type {stored.kind.title()} as {kind.title()}")
        return stored


def _photo_size(data: bytes) -> tuple[int, int]:
    size = _png(data) or _jpeg(data) or _gif(data)
    if size is None:
        raise bad_request_refusal("IMAGE_PROCESS_FAILED")
    width, height = size
    if width + height > PHOTO_SIDES or max(size) > PHOTO_RATIO * min(size):
        raise bad_request_refusal("PHOTO_INVALID_DIMENSIONS")
    return size


def _png(data: bytes) -> tuple[int, int] | None:
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        return None
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def _gif(data: bytes) -> tuple[int, int] | None:
    if not data.startswith(b"GIF8"):
        return None
    width, height = struct.unpack("<HH", data[6:10])
    return width, height


def _jpeg(data: bytes) -> tuple[int, int] | None:
    """Walk the segments to the frame header."""
    if not data.startswith(b"\xff\xd8"):
        return None
    at = 2
    while at + 9 < len(data):
        marker, length = struct.unpack(">xBH", data[at : at + 4])
        if marker in FRAME_HEADERS:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None
