"""The school's settings: the only code that reads the environment, `vestnik.env` and the signing key."""

import os
from collections.abc import Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from bot.settings import bounds, cross_checks, signing_key
from bot.settings.errors import BadTokenError, SettingsError, SettingsErrorSentence, wrong_setting_error
from bot.settings.messengers import MESSENGERS, PROXY
from bot.settings.names import PREFIX, setting_variable_name
from bot.settings.processors import named_processors, settings_processor_names
from bot.settings.sources import (
    GivenSettingsSource,
    settings_source_folder,
    settings_source_for_child,
    settings_source_line,
    settings_source_variable,
    take_on_settings_source,
)
from bot.settings.subject_lists import settings_subject_list
from core.model.delivery.states import Status
from core.model.register.forms import Operator
from core.rules.delivery.timing import Policy
from core.rules.results.proposals import USUALLY_UNMARKED, ResultsPolicy
from notifiers.discovery import discovered_channels, discovered_closing_statuses

__all__ = [
    "DATABASE_FILE",
    "ENV_FILE",
    "KEY_FILE",
    "PREFIX",
    "BadTokenError",
    "Settings",
    "SettingsError",
    "SettingsErrorSentence",
    "SettingsFromArguments",
    "settings_source_for_child",
    "settings_source_line",
    "take_on_settings_source",
]

ENV_FILE = "vestnik.env"
KEY_FILE = "signing.key"
DATABASE_FILE = "vestnik.db"
DATA = "~/.local/share/vestnik"
CODE = "[A-Za-z]{0,8}[0-9]{1,12}"
PRINTER = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,126}|[/~].{1,400}"

Words = Annotated[str, bounds.one_line_bounds()]
Url = Annotated[str | None, bounds.http_url_bounds()]
Listen = Annotated[str, bounds.listen_bounds()]
Clock = Annotated[time, bounds.time_of_day_bounds()]


class Settings(BaseModel):
    """All settings of a school, each within its bounds. `repr` never shows secrets.

    The content policies of messengers have no default (149-ФЗ art. 10).
    """

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    data: Annotated[Path, bounds.folder_bounds()] = Path(DATA)
    database_url: Annotated[SecretStr | None, bounds.database_url_bounds()] = None
    backups: Annotated[Path | None, bounds.text_bounds("backups", "/.{1,400}")] = None
    """Where nightly copies go, best on another disk; by default a folder beside the database."""
    school: Words = "Школа"
    language: Annotated[Literal["ru", "en"], bounds.choice_bounds("ru", "en")] = "ru"
    desk: Annotated[str | None, bounds.one_line_bounds()] = None
    """The staff member who acts at this command line where `--as` names none."""
    zone: Annotated[ZoneInfo, bounds.zone_bounds()] = ZoneInfo("Europe/Moscow")
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], bounds.choice_bounds("debug", "info", "warning", "error")
    ] = "info"

    bot_token: Annotated[SecretStr | None, bounds.text_bounds("bot_token", r"[0-9]{1,20}:[A-Za-z0-9_-]{1,200}")] = None
    bot_api: Url = None
    bot_name: Annotated[str | None, bounds.text_bounds("bot_name", r"@?[A-Za-z][A-Za-z0-9_]{4,31}")] = None
    """The bot's name in Telegram, for links that carry a code."""
    telegram_policy: Annotated[Literal["full", "discreet"] | None, bounds.choice_bounds("full", "discreet")] = None
    telegram_proxy: Annotated[SecretStr | None, bounds.text_bounds("proxy", PROXY)] = None
    """A proxy of the network between the school and Telegram."""
    push_pace: Annotated[float, bounds.number_bounds(0, 30)] = 25
    """Messages a second; 0 is no limit, for the sandbox."""
    max_token: Annotated[SecretStr | None, bounds.text_bounds("max_token", r"[!-~]{10,400}")] = None
    max_api: Url = None
    max_ca: Annotated[Path | None, bounds.text_bounds("max_ca", "[/~].{1,400}")] = None
    """Certificates that are trusted for MAX beside the system's own, as PEM."""
    max_name: Annotated[str | None, bounds.text_bounds("bot_name", r"@?[A-Za-z0-9_]{4,60}")] = None
    """The bot's name in MAX, for links that carry a code."""
    max_policy: Annotated[Literal["full", "discreet"] | None, bounds.choice_bounds("full", "discreet")] = None
    max_pace: Annotated[float, bounds.number_bounds(0, 4)] = 4
    """Requests a second of each process; 0 is no limit, on loopback only."""
    max_webhook_url: Url = None
    max_webhook_secret: Annotated[SecretStr | None, bounds.cross_checked_bounds("webhook_secret")] = None
    smtp_url: Annotated[SecretStr | None, bounds.cross_checked_bounds("smtp_url")] = None
    imap_url: Annotated[SecretStr | None, bounds.cross_checked_bounds("imap_url")] = None
    """The mailbox that the `bounce` of `smtp_url` names, where mail comes back to."""
    sms_url: Annotated[SecretStr | None, bounds.cross_checked_bounds("sms_url")] = None
    receipts_url: Url = None
    receipts_listen: Listen = "127.0.0.1:8030"
    health_listen: Listen = "127.0.0.1:8031"
    """Where `/health` and `/metrics` are for an administrator and a monitor."""
    public_url: Url = None
    """Where families reach the page behind «Прочитано» of a mail; `receipts_listen` serves it."""
    webhook_url: Url = None
    """Where Telegram brings updates to; without one the bot asks for them."""
    webhook_listen: Listen = "127.0.0.1:8040"
    webhook_secret: Annotated[SecretStr | None, bounds.cross_checked_bounds("webhook_secret")] = None
    secret: Annotated[SecretStr | None, bounds.secret_bounds(signing_key.LEAST_BYTES)] = None

    marks: Annotated[Literal["journal", "bot"], bounds.choice_bounds("journal", "bot")] = "journal"
    marks_by: Clock = time(16)
    """By when marks come on a school day; the deputy head is told of a day without any (Q107)."""
    mark_delay: Annotated[timedelta, bounds.duration_bounds("PT0S", "P1D", "PT30M")] = timedelta(minutes=30)
    """Delay before parents see a mark given in the bot; imported marks and results have none."""
    class_average: Annotated[bool, bounds.yes_or_no_bounds()] = False
    lowest_mark: Annotated[Literal[1, 2], bounds.whole_number_bounds(1, 2)] = 2
    thresholds: Annotated[tuple[Decimal, Decimal, Decimal], bounds.thresholds_bounds()] = (
        Decimal("2.6"),
        Decimal("3.6"),
        Decimal("4.6"),
    )
    missed_percent: Annotated[int, bounds.whole_number_bounds(1, 100)] = 50
    """More than this share of the lessons missed, with too few marks, is proposed as н/а (Q58)."""
    final_comments: Annotated[bool, bounds.yes_or_no_bounds()] = True
    """Whether another final mark than the proposal wants a comment (Q55)."""
    unmarked: Annotated[frozenset[str], settings_subject_list()] = USUALLY_UNMARKED
    """Subjects without marks."""
    signatory: Words = ""
    operator: Annotated[str | None, bounds.one_line_bounds(300)] = None
    """The school's full name and address, as a consent names the operator of personal data; else `school`."""
    processors: Annotated[dict[str, str], settings_processor_names()] = Field(default_factory=dict)
    """By channel: name and address of who processes data on the school's behalf (152-ФЗ art. 9 p. 4)."""
    consent_reminder: Annotated[timedelta, bounds.duration_bounds("P1D", "P90D", "P30D")] = timedelta(days=30)
    """How long before a consent expires the secretary and the representative are reminded (Q7)."""
    contact_school: Annotated[str | None, bounds.one_line_bounds()] = None
    """How people reach a person at the school; the other contacts default to it."""
    contact_teachers: Annotated[str | None, bounds.one_line_bounds()] = None
    """How families write to teachers."""
    contact_illness: Annotated[str | None, bounds.one_line_bounds()] = None
    """Where families report an illness and bring the doctor's note."""
    contact_data: Annotated[str | None, bounds.one_line_bounds()] = None
    """Who answers at the school for personal data."""
    school_codes: Annotated[str | None, bounds.text_bounds("school_codes", rf"{CODE}(?:\s*,\s*{CODE})*")] = None
    """The school's codes in exam files; a school has two: «Код ОО» and the login of ВПР."""
    odd_week: Annotated[date | None, bounds.school_day_bounds()] = None
    """A day of an odd week, where the timetable has two weeks."""

    quiet: Annotated[tuple[time, time] | None, bounds.quiet_hours_bounds()] = (time(21), time(7))
    window: Annotated[timedelta, bounds.duration_bounds("PT0S", "PT1H", "PT2M")] = timedelta(minutes=2)
    digest_at: Clock = time(18)
    paper_weekday: Annotated[int, bounds.whole_number_bounds(0, 6)] = 4
    paper_at: Clock = time(12)
    printer: Annotated[str | None, bounds.text_bounds("printer", PRINTER)] = None
    """A queue of CUPS, or a folder for PDF files: where `vestnik paper print` prints."""
    leads: Annotated[dict[str, timedelta], bounds.lead_times_bounds()] = Field(default_factory=dict)
    next_way_after: Annotated[dict[str, timedelta], bounds.waiting_times_bounds()] = Field(default_factory=dict)
    """By kind of notice, or `others`: how long a channel may give no evidence before the next one starts."""
    warn_before: Annotated[timedelta, bounds.duration_bounds("PT1M", "PT23H", "PT4H")] = timedelta(hours=4)
    repeats: Annotated[int, bounds.whole_number_bounds(0, 10)] = 2
    """Repeats, marked as such, of results and lesson changes after a lost answer."""
    tries: Annotated[int, bounds.whole_number_bounds(1, 20)] = 5
    """Failures answered by the channel before the next channel starts."""
    closes: Annotated[dict[str, Status], bounds.closing_statuses_bounds()] = Field(default_factory=dict)
    lease: Annotated[timedelta, bounds.duration_bounds("PT1S", "PT10M", "PT10S")] = timedelta(seconds=10)

    channel_urls: dict[str, SecretStr] = Field(default_factory=dict)
    """Channels of third parties, each set by its own `VESTNIK_<CHANNEL>_URL` (Q86)."""

    @classmethod
    def load(cls, **chosen: Any) -> Self:
        """Load `vestnik.env` of the data folder, overridden by the environment, overridden by `chosen`.

        Raises SettingsError with all faults at once; nothing starts with a wrong setting.
        """
        data, faults = settings_source_folder(chosen.get("data") or settings_source_variable("DATA") or DATA)
        given = GivenSettingsSource.read(data / ENV_FILE, cls.names())
        settings, wrong_values = cls._validated(given.values | chosen | {"data": data, "channel_urls": given.urls})
        faults += [*given.faults, *wrong_values, *cross_checks.cross_check_faults(settings)]
        if settings.secret is None:
            faults += signing_key.signing_key_faults(data / KEY_FILE)
        if faults:
            raise SettingsError.all_of(faults, language=settings.language)
        return settings

    @classmethod
    def _validated(cls, values: Mapping[str, Any]) -> tuple[Self, list[SettingsErrorSentence]]:
        """The settings, with defaults in place of wrong values, and a sentence for each wrong value."""
        try:
            return cls(**values), []
        except ValidationError as invalid:
            errors = {str(error["loc"][0]): error.get("ctx", {}).get("error") for error in invalid.errors()}
        usable = {name: value for name, value in values.items() if name not in errors}
        found = [
            wrong_setting_error(name, getattr(error, "what", "unreadable"), cls.right_values(name))
            for name, error in errors.items()
        ]
        return cls(**usable), found

    @classmethod
    def names(cls) -> frozenset[str]:
        """Names of all fields that a school may set."""
        return frozenset(cls.model_fields) - {"channel_urls"}

    @classmethod
    def right_values(cls, name: str) -> SettingsErrorSentence:
        """The sentence that describes right values of a setting."""
        (kind,) = (each for each in cls.model_fields[name].metadata if isinstance(each, bounds.ValueKind))
        return kind.right

    @property
    def database(self) -> str:
        """The database's URL; by default a file in the data folder."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite+aiosqlite:///{self.data / DATABASE_FILE}"

    @property
    def backup_folder(self) -> Path:
        """Where the nightly copies lie."""
        return self.backups or self.data / "backups"

    @property
    def files(self) -> list[Path]:
        """The data folder and the files with secrets or personal data, existing or not; only the owner may read them.

        Of a database elsewhere the files are included, but not its folder, which is not ours.
        """
        databases = [file for file in self.database_files if not os.path.isdir(file)]  # noqa: PTH112  # never raises
        return [self.data, self.data / ENV_FILE, self.data / KEY_FILE, *databases]

    @property
    def database_files(self) -> list[Path]:
        """SQLite's file and its -wal, -shm and -journal; empty for a server."""
        scheme, _, place = self.database.partition(":///")
        file = place.partition("?")[0]
        return [Path(file + end) for end in ("", "-wal", "-shm", "-journal")] if scheme in bounds.SQLITE_SCHEMES else []

    @property
    def receipts_address(self) -> str:
        """The URL for reports of the SMS gateway; a gateway on another machine needs VESTNIK_RECEIPTS_URL."""
        return self.receipts_url or f"http://{self.receipts_listen}/receipts"

    def channel_url(self, channel: str) -> str | None:
        """The URL of a channel's peer; a third party's channel has its own `VESTNIK_<CHANNEL>_URL` (Q86)."""
        if channel in MESSENGERS:
            return self._of_messenger(channel, "api")  # type: ignore[no-any-return]
        known = {"email": self.smtp_url, "sms": self.sms_url}
        if channel in known:
            url = known[channel]
            return url.get_secret_value() if url else None
        own = self.channel_urls.get(channel)
        return own.get_secret_value() if own else None

    def channel_token(self, channel: str) -> str | None:
        """The token of a messenger's bot."""
        token: SecretStr | None = self._of_messenger(channel, "token")
        return token.get_secret_value() if token else None

    def channel_certificates(self, channel: str) -> Path | None:
        """Certificates that a messenger's channel trusts beside the system's own."""
        return self._of_messenger(channel, "certificates")  # type: ignore[no-any-return]

    def channel_proxy(self, channel: str) -> str | None:
        """The proxy through which a messenger is reached."""
        proxy: SecretStr | None = self._of_messenger(channel, "proxy")
        return proxy.get_secret_value() if proxy else None

    def _of_messenger(self, channel: str, what: str) -> Any:
        name = getattr(MESSENGERS.get(channel), what, None)
        return None if name is None else getattr(self, name)

    def offered_messengers(self) -> list[str]:
        """The messengers that the school offers: those with a token."""
        return [name for name in MESSENGERS if self.channel_token(name) is not None]

    def webhook(self, messenger: str) -> tuple[str, str] | None:
        """Where the messenger brings updates to, and the secret that it shows; None where the bot asks for them."""
        fields = MESSENGERS[messenger]
        url, secret = getattr(self, fields.webhook_url), getattr(self, fields.webhook_secret)
        return None if url is None else (url, secret.get_secret_value() if secret else "")

    def channel_pace(self, channel: str) -> float | None:
        """Messages a second; None: no limit."""
        if channel in MESSENGERS:
            return self._of_messenger(channel, "pace") or None
        return discovered_channels()[channel].pace

    def channel_setting(self, channel: str) -> str:
        """The name of the setting that makes a channel available."""
        own = {name: fields.token.upper() for name, fields in MESSENGERS.items()}
        own |= {"email": "SMTP_URL", "sms": "SMS_URL"}
        return f"{PREFIX}{own.get(channel, f'{channel.upper()}_URL')}"

    def form_operator(self) -> Operator:
        """The operator of personal data with its processors, as forms name them."""
        return Operator(self.school, self.operator or self.school, self.processors_by_channel())

    def processors_by_channel(self) -> dict[str, str | None]:
        """The channels that are set up, with the processor of each; None: the school has not named it."""
        used = [name for name in discovered_channels() if self._is_set_up(name)]
        return {name: self.processors.get(name) for name in sorted({*used, *self.processors})}

    def _is_set_up(self, channel: str) -> bool:
        return self.channel_token(channel) is not None or (
            channel not in MESSENGERS and bool(self.channel_url(channel))
        )

    def bot_name_in(self, channel: str) -> str | None:
        """What people call the school's bot in a messenger, without «@»."""
        name: str | None = self._of_messenger(channel, "name")
        return name.removeprefix("@") if name else None

    def start_links(self) -> dict[str, str]:
        """The link that opens the bot with a `{code}`, for each messenger in which the bot's name is set."""
        links = {name: traits.start_link for name, traits in discovered_channels().items() if traits.converses}
        return {
            name: link.replace("{bot}", bot)
            for name, link in links.items()
            if link is not None and (bot := self.bot_name_in(name))
        }

    def own_school_codes(self) -> frozenset[str]:
        """The codes of `school_codes`, one by one."""
        return frozenset(code.strip() for code in (self.school_codes or "").split(",") if code.strip())

    def contacts(self) -> dict[str, str]:
        """How people reach the school, by what for, as far as it is set (Q114)."""
        given = {
            "school": self.contact_school,
            "teachers": self.contact_teachers or self.contact_school,
            "illness": self.contact_illness or self.contact_school,
            "data": self.contact_data or self.contact_school,
        }
        return {what: way for what, way in given.items() if way}

    def missing_policies(self) -> list[str]:
        """The settings that choose what a messenger may carry, of those that are offered without (149-ФЗ art. 10)."""
        chosen = self.content_policies()
        return [
            setting_variable_name(MESSENGERS[name].policy)
            for name, traits in discovered_channels().items()
            if traits.needs_policy and self.channel_token(name) is not None and name not in chosen
        ]

    def content_policies(self) -> dict[str, str]:
        """What the school lets each channel carry that needs such a choice (Q85)."""
        chosen = {name: getattr(self, fields.policy) for name, fields in MESSENGERS.items()}
        return {name: policy for name, policy in chosen.items() if policy}

    def policy(self) -> Policy:
        """The settings as a Policy for the timing rules."""
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
            repeats=self.repeats,
            tries=self.tries,
            discreet=frozenset(name for name, chosen in self.content_policies().items() if chosen == "discreet"),
            warn_before=self.warn_before,
            processors=named_processors(self.processors_by_channel()),
            served=frozenset(filter(self._is_set_up, discovered_channels())),
        )

    def results_policy(self) -> ResultsPolicy:
        """The settings of final marks."""
        return ResultsPolicy(self.thresholds, Fraction(self.missed_percent, 100), self.final_comments, self.unmarked)

    def closing_statuses(self) -> dict[str, Status]:
        """The grade of evidence that closes an obligation, channel by channel (Q72)."""
        return discovered_closing_statuses() | self.closes

    def signing_key(self) -> bytes:
        """The key of buttons, codes and receipts; made once in the data folder. Raises SettingsError."""
        if self.secret is not None:
            return self.secret.get_secret_value().encode()
        return signing_key.load_signing_key(self.data / KEY_FILE)


class SettingsFromArguments(Settings):
    """Settings from arguments only: the demo and the tests do not read the machine's settings."""

    @classmethod
    def of(cls, **chosen: Any) -> Self:
        """These settings, and defaults for the rest; secrets may be plain strings."""
        return cls(**chosen)
