"""Checks across settings, after each one alone: URLs of channels, and values that must fit together."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import SecretStr

from bot.settings.errors import SettingsErrorSentence, right_values, wrong_setting_error
from bot.settings.messengers import MESSENGERS
from bot.settings.names import setting_variable_name
from core.rules.delivery.timing import R6_TERM
from notifiers.certificates import trusted_certificates
from notifiers.discovery import discovered_channel_names
from notifiers.email.return_mailbox import ReturnMailbox
from notifiers.peer_url import WrongUrlError, is_peer_url_loopback, require_peer_url_certificates

if TYPE_CHECKING:
    from bot.settings import Settings


def cross_check_faults(settings: "Settings") -> Iterator[SettingsErrorSentence]:
    """All faults; connects to nothing. A channel's library is imported only where its URL is set."""
    yield from _peer_url("smtp_url", settings.smtp_url, _check_mail)
    yield from _peer_url("imap_url", settings.imap_url, _check_mailbox)
    yield from _peer_url("sms_url", settings.sms_url, _check_gateway)
    yield from _database_faults(settings)
    yield from _webhook_faults(settings)
    yield from _max_faults(settings)
    yield from _listen_faults(settings)
    policy = settings.policy()
    if sum((policy.leads.get(name, policy.lead) for name in discovered_channel_names()), timedelta(0)) >= R6_TERM:
        yield SettingsErrorSentence.of("settings.leads_too_long", setting=setting_variable_name("leads"))


def _peer_url(name: str, url: SecretStr | None, check: Callable[[str], None]) -> Iterator[SettingsErrorSentence]:
    if url is None:
        return
    try:
        check(url.get_secret_value())
    except WrongUrlError as error:
        yield wrong_setting_error(name, error.what, right_values(name))
    except ValueError:
        yield wrong_setting_error(name, "unreadable", right_values(name))


def _check_mail(url: str) -> None:
    from notifiers.email.channel import EmailChannelServer  # noqa: PLC0415  # aiosmtplib: 0.03 s

    require_peer_url_certificates(EmailChannelServer.from_url(url).certificates)


def _check_mailbox(url: str) -> None:
    require_peer_url_certificates(ReturnMailbox.from_url(url).certificates)


def _check_gateway(url: str) -> None:
    from notifiers.sms.channel import SmsChannelGateway  # noqa: PLC0415  # aiohttp: 0.14 s

    SmsChannelGateway.from_url(url)


def _database_faults(settings: "Settings") -> Iterator[SettingsErrorSentence]:
    """A pipe would be read without end, and a device holds nothing; a folder is told of where it is opened."""
    if any(map(_is_no_file, settings.database_files)):
        yield wrong_setting_error("database_url", "no_file", right_values("database"))


def _is_no_file(path: Path) -> bool:
    try:
        return path.exists() and not path.is_file() and not path.is_dir()
    except OSError:
        return False  # opening it gives a better message


def _webhook_faults(settings: "Settings") -> Iterator[SettingsErrorSentence]:
    """Messengers deliver updates over TLS only, each to its own path; one's own API server may use plain HTTP."""
    paths: dict[str, str] = {}
    for messenger, fields in MESSENGERS.items():
        if (webhook := settings.webhook(messenger)) is None:
            continue
        url, secret = webhook
        if urlsplit(url).scheme != "https" and settings.channel_url(messenger) is None:
            yield wrong_setting_error(fields.webhook_url, "scheme", right_values("https"))
        if not re.fullmatch(fields.secret_form, secret):
            yield SettingsErrorSentence.of(
                "settings.no_webhook_secret",
                setting=setting_variable_name(fields.webhook_secret),
                form=fields.secret_form,
            )
        other = paths.setdefault(urlsplit(url).path or "/", fields.webhook_url)
        if other != fields.webhook_url:
            names = {"setting": setting_variable_name(fields.webhook_url), "other": setting_variable_name(other)}
            yield SettingsErrorSentence.of("settings.same_path", **names)


def _max_faults(settings: "Settings") -> Iterator[SettingsErrorSentence]:
    """The token goes over TLS; only a server on this machine may be reached without, and without a limit."""
    is_here = settings.max_api is not None and is_peer_url_loopback(urlsplit(settings.max_api).hostname or "")
    if settings.max_api is not None and urlsplit(settings.max_api).scheme != "https" and not is_here:
        yield wrong_setting_error("max_api", "scheme", right_values("https"))
    if not settings.max_pace and not is_here:
        yield SettingsErrorSentence.of("settings.no_pace", setting=setting_variable_name("max_pace"))
    if settings.max_ca is not None:
        try:
            trusted_certificates(settings.max_ca)
        except ValueError:
            yield SettingsErrorSentence.of("settings.no_certificates", setting=setting_variable_name("max_ca"))


def _listen_faults(settings: "Settings") -> Iterator[SettingsErrorSentence]:
    """Two servers of one process cannot listen on one address."""
    names = [name for name in type(settings).model_fields if name.endswith("_listen")]
    first: dict[str, str] = {}
    for name in names:
        other = first.setdefault(getattr(settings, name), name)
        if other != name:
            yield SettingsErrorSentence.of(
                "settings.same_listen", setting=setting_variable_name(name), other=setting_variable_name(other)
            )
