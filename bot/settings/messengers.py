"""The settings of each messenger, by what they are for: all that reads them asks here by the messenger's name."""

from dataclasses import dataclass

PROXY = (
    r"https?://[!-~]{1,300}|socks(?:4a?|5h?)://(?:[^@/?#\s]{1,200}@)?(?:[A-Za-z0-9._-]{1,200}|\[[0-9A-Fa-f:.]{2,45}\])"
    r":(?!0)(?:[0-5]?[0-9]{1,4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])/?"
)
"""Proxies through which Telegram may be reached."""


@dataclass(frozen=True, slots=True)
class MessengerFields:
    """The fields of `Settings` that belong to one messenger.

    `secret_form`: what the messenger takes as the secret of its webhook.
    """

    token: str
    api: str
    name: str
    policy: str
    pace: str
    webhook_url: str
    webhook_secret: str
    secret_form: str
    certificates: str | None = None
    proxy: str | None = None


MESSENGERS = {
    "telegram": MessengerFields(
        token="bot_token",  # noqa: S106
        api="bot_api",
        name="bot_name",
        policy="telegram_policy",
        pace="push_pace",
        webhook_url="webhook_url",
        webhook_secret="webhook_secret",  # noqa: S106  # the name of a field
        secret_form="[A-Za-z0-9_-]{1,256}",  # noqa: S106
        proxy="telegram_proxy",
    ),
    "max": MessengerFields(
        token="max_token",  # noqa: S106
        api="max_api",
        name="max_name",
        policy="max_policy",
        pace="max_pace",
        webhook_url="max_webhook_url",
        webhook_secret="max_webhook_secret",  # noqa: S106  # the name of a field
        secret_form="[A-Za-z0-9_-]{5,256}",  # noqa: S106
        certificates="max_ca",
    ),
}
"""The messengers of this release."""
