"""The school's settings: alone reads the environment, a closed file in the data folder and the signing key."""

import os
import re
import secrets
import stat
from collections.abc import Mapping
from contextlib import suppress
from datetime import time, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from core.errors import SchoolError
from core.model.delivery import Status
from core.rules.evidence import CLOSES
from core.rules.timing import Policy

PREFIX = "VESTNIK_"
ENV_FILE = "vestnik.env"
KEY_FILE = "signing.key"
DATABASE_FILE = "vestnik.db"

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_HOURS = re.compile(r"(\d{1,2}:\d{2})\s*[-–]\s*(\d{1,2}:\d{2})")


class SettingsError(SchoolError):
    """A setting is missing or wrong; `key` names the sentence, `facts` the setting, never its value (Q103)."""

    def __init__(self, key: str, **facts: str) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts


def _quiet(value: Any) -> Any:
    """«21:00-07:00», or «none» where the school keeps no quiet hours."""
    if not isinstance(value, str):
        return value
    if value.strip().lower() in {"", "none"}:
        return None
    found = _HOURS.fullmatch(value.strip())
    if found is None:
        raise ValueError("21:00-07:00")
    return time.fromisoformat(found[1].zfill(5)), time.fromisoformat(found[2].zfill(5))


def _thresholds(value: Any) -> Any:
    """«2.6,3.6,4.6»: exact decimals, since 4.60 must be a 5 (Q42)."""
    if not isinstance(value, str):
        return value
    try:
        return tuple(Decimal(part) for part in value.split(","))
    except InvalidOperation:
        raise ValueError("2.6,3.6,4.6") from None


class _DataFolder(BaseSettings):
    """Where everything lives, known before the file in it can be read."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", hide_input_in_errors=True
    )

    data: Path = Path("~/.local/share/vestnik")


class Settings(_DataFolder):
    """What a school chooses. Secrets never show in `repr`; `telegram_policy` has no default (149-ФЗ art. 10)."""

    database_url: SecretStr | None = None
    school: str = "Школа"
    language: Literal["ru", "en"] = "ru"
    zone: ZoneInfo = ZoneInfo("Europe/Moscow")
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    bot_token: SecretStr | None = None
    bot_api: str | None = None
    telegram_policy: Literal["full", "discreet"] | None = None
    push_pace: float = Field(default=25, ge=0, le=30)
    """Messages a second; 0 is no pace at all, for a stand-in of Telegram."""
    smtp_url: SecretStr | None = None
    imap_url: SecretStr | None = None
    """The mailbox that the `bounce` of `smtp_url` names, where mail comes back to."""
    sms_url: SecretStr | None = None
    receipts_url: str | None = None
    receipts_listen: str = "127.0.0.1:8030"
    webhook_url: str | None = None
    """Where Telegram brings updates to; without one the bot asks for them."""
    webhook_listen: str = "127.0.0.1:8040"
    webhook_secret: SecretStr | None = None
    secret: SecretStr | None = None

    marks: Literal["journal", "bot"] = "journal"
    mark_delay: timedelta = timedelta(minutes=30)
    """How long parents wait for a mark given in the bot; marks of an import and results wait for nothing."""
    class_average: bool = False
    lowest_mark: Literal[1, 2] = 2
    thresholds: Annotated[tuple[Decimal, Decimal, Decimal], NoDecode, BeforeValidator(_thresholds)] = (
        Decimal("2.6"),
        Decimal("3.6"),
        Decimal("4.6"),
    )
    signatory: str = ""

    quiet: Annotated[tuple[time, time] | None, NoDecode, BeforeValidator(_quiet)] = (time(21), time(7))
    window: timedelta = timedelta(minutes=2)
    digest_at: time = time(18)
    paper_weekday: int = Field(default=4, ge=0, le=6)
    paper_at: time = time(12)
    leads: dict[str, timedelta] = Field(default_factory=dict)
    next_way_after: dict[str, timedelta] = Field(default_factory=dict)
    """By kind of notice, or `others`: how long a way may go without evidence before the next one starts."""
    warn_before: timedelta = timedelta(hours=4)
    max_repeats: int = Field(default=2, ge=0)
    closes: dict[str, Status] = Field(default_factory=dict)
    lease: timedelta = timedelta(seconds=10)

    @classmethod
    def load(cls, **chosen: Any) -> Self:
        """Read the environment and the data folder's `vestnik.env`; `chosen` goes before both. Raises SettingsError."""
        data = Path(chosen.get("data") or _DataFolder().data).expanduser()
        try:
            return cls(_env_file=_closed(data / ENV_FILE), **(chosen | {"data": data}))
        except ValidationError as invalid:
            raise SettingsError("settings.invalid", names=_names(invalid)) from None

    @property
    def database(self) -> str:
        """The database's URL; by default a file in the data folder."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite+aiosqlite:///{self.data / DATABASE_FILE}"

    @property
    def receipts_address(self) -> str:
        """Where the SMS gateway reports to; a gateway on another machine needs an address of ours that it can reach."""
        return self.receipts_url or f"http://{self.receipts_listen}/receipts"

    def channel_url(self, channel: str) -> str | None:
        """Where a channel's peer is; one of a third party has its own variable `VESTNIK_<CHANNEL>_URL` (Q86)."""
        known = {"email": self.smtp_url, "sms": self.sms_url}
        if channel in known:
            url = known[channel]
            return url.get_secret_value() if url else None
        return os.environ.get(f"{PREFIX}{channel.upper()}_URL")

    def policy(self) -> Policy:
        """The timing rules' view of the settings."""
        usual = Policy()
        return Policy(
            zone=self.zone,
            quiet=self.quiet,
            window=self.window,
            digest_at=self.digest_at,
            paper_weekday=self.paper_weekday,
            paper_at=self.paper_at,
            leads={**usual.leads, **self.leads},
            next_way_after={**usual.next_way_after, **self.next_way_after},
            max_repeats=self.max_repeats,
            discreet=frozenset({"telegram"}) if self.telegram_policy == "discreet" else frozenset(),
            warn_before=self.warn_before,
        )

    def closing(self) -> dict[str, Status]:
        """The grade of evidence that closes an obligation, channel by channel (Q72)."""
        return CLOSES | self.closes

    def signing_key(self) -> bytes:
        """The key of buttons, codes and receipts; made once in the data folder, readable by its owner only."""
        if self.secret is not None:
            return self.secret.get_secret_value().encode()
        path = self.data / KEY_FILE
        if not path.exists():
            _write_once(path, secrets.token_hex(32))
        return bytes.fromhex(path.read_text())


class GivenSettings(Settings):
    """Only what is given counts: the demo and the tests leave the machine's own settings alone."""

    @classmethod
    def of(cls, **chosen: Any) -> Self:
        """These settings and the defaults of the rest; secrets may come as plain words."""
        return cls(**chosen)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  # pydantic calls with all of these
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Nothing of the environment."""
        return (init_settings,)


def child_environment(chosen: Mapping[str, str]) -> dict[str, str]:
    """The machine's environment with these settings and no others, for a process of our own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return inherited | {PREFIX + name: value for name, value in chosen.items()}


def write_closed(path: Path, content: str) -> None:
    """Write a file that only its owner can read, from its first byte on."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(content)


def _write_once(path: Path, content: str) -> None:
    """Two processes that start together keep one key."""
    draft = path.with_suffix(f".{os.getpid()}")
    write_closed(draft, content)
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()


def _closed(path: Path) -> Path | None:
    """The settings file, refused when others can read the secrets in it."""
    if not path.exists():
        return None
    if path.stat().st_mode & _OTHERS:
        raise SettingsError("settings.file_open", file=path.name)
    return path


def _names(invalid: ValidationError) -> str:
    return ", ".join(sorted({PREFIX + str(error["loc"][0]).upper() for error in invalid.errors() if error["loc"]}))
