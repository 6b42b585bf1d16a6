"""Files that were uploaded to MAX, by token."""

import itertools
from dataclasses import dataclass

from bot.sandbox.bot_api.call import Json, Upload
from bot.sandbox.max_api.refusal import invalid_max_api_refusal


@dataclass(frozen=True, slots=True)
class MaxFile:
    """A file under the token by which it is sent; `number` is its place."""

    number: int
    kind: str
    token: str
    upload: Upload


class MaxApiFiles:
    """All files of one sandbox."""

    def __init__(self) -> None:
        self._files: dict[str, MaxFile] = {}
        self._numbers = itertools.count(1)
        self.base = ""
        """Where files are uploaded to and fetched from, once it is known."""

    def __len__(self) -> int:
        return len(self._files)

    def keep(self, kind: str, upload: Upload) -> MaxFile:
        """Keep an upload."""
        number = next(self._numbers)
        file = MaxFile(number, kind, f"token-of-{kind}-{number}", upload)
        self._files[file.token] = file
        return file

    def find(self, token: str) -> MaxFile:
        """The file of a token."""
        if token not in self._files:
            raise invalid_max_api_refusal("attachments: unknown token")
        return self._files[token]

    def shown(self, kind: str, payload: Json) -> Json:
        """The attachment of a message whose request had this payload."""
        photos = payload.get("photos") or {}
        token = payload.get("token") or next((each["token"] for each in photos.values()), "")
        file = self.find(token)
        if file.kind != kind:
            raise invalid_max_api_refusal(f"attachments: this is no {kind}")
        return self.attachment(file)

    def attachment(self, file: MaxFile) -> Json:
        """The file in a message."""
        place: Json = {"url": f"{self.base}/max-files/{file.token}", "token": file.token}
        if file.kind == "image":
            return {"type": "image", "payload": {"photo_id": file.number, **place}}
        return {"type": "file", "payload": place, "filename": file.upload.name, "size": len(file.upload.data)}
