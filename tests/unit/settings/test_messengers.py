"""Settings of MAX, and what two messengers may not have in common (Q140, Q142)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.app import require_app_policy
from bot.settings import Settings, SettingsError

TOKEN = "f9LHodD0cOL5NY7All_9xJRh5ZhPw6bRvq0Adm8"
OFFERED = {"MAX_TOKEN": TOKEN, "MAX_POLICY": "full"}
WEBHOOKS = {"MAX_WEBHOOK_URL": "https://s.example.org/max", "MAX_WEBHOOK_SECRET": "wolf-and-hare"}

Set = Callable[..., None]


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Set:
    """Sets variables of a school whose data folder is the test's own."""
    monkeypatch.setenv("VESTNIK_DATA", str(tmp_path))

    def set_all(**named: str) -> None:
        for name, value in named.items():
            monkeypatch.setenv(f"VESTNIK_{name}", value)

    return set_all


def keys() -> set[str]:
    with pytest.raises(SettingsError) as refused:
        Settings.load()
    return {fault.key for fault in refused.value.faults}


def test_max_is_offered_with_a_token_and_a_policy(school: Set) -> None:
    """What it may carry has no default, so a token alone starts nothing (149-ФЗ art. 10)."""
    school(MAX_TOKEN=TOKEN)
    settings = Settings.load()
    assert settings.offered_messengers() == ["max"]
    with pytest.raises(SettingsError) as refused:
        require_app_policy(settings)
    assert dict(refused.value.faults[0].facts) == {"settings": "VESTNIK_MAX_POLICY"}
    school(MAX_POLICY="discreet")
    settings = Settings.load()
    require_app_policy(settings)
    assert settings.policy().discreet == {"max"}
    assert settings.channel_pace("max") == 4


def test_each_messenger_has_a_policy_of_its_own(school: Set) -> None:
    """Full in one, discreet in the other."""
    school(**OFFERED, BOT_TOKEN="1:a", TELEGRAM_POLICY="discreet", MAX_NAME="@school30", BOT_NAME="school30_bot")
    settings = Settings.load()
    assert settings.policy().discreet == {"telegram"}
    assert settings.start_links() == {
        "telegram": "https://t.me/school30_bot?start={code}",
        "max": "https://max.ru/school30?start={code}",
    }


@pytest.mark.parametrize(
    ("name", "value", "key"),
    [
        ("MAX_API", "http://max.example.org", "settings.value"),
        ("MAX_PACE", "0", "settings.no_pace"),
        ("MAX_PACE", "5", "settings.value"),
        ("MAX_TOKEN", "short", "settings.value"),
        ("MAX_TOKEN", "with a blank in the middle", "settings.value"),
        ("MAX_CA", "/nowhere/ca.pem", "settings.no_certificates"),
        ("MAX_WEBHOOK_URL", "http://s.example.org/max", "settings.value"),
        ("MAX_WEBHOOK_SECRET", "four", "settings.no_webhook_secret"),
        ("MAX_WEBHOOK_SECRET", "волк-и-заяц", "settings.no_webhook_secret"),
        ("TELEGRAM_PROXY", "ftp://proxy", "settings.value"),
        ("TELEGRAM_PROXY", "socks5://proxy", "settings.value"),
        ("TELEGRAM_PROXY", "socks5://proxy:65536", "settings.value"),
        ("TELEGRAM_PROXY", "socks5://proxy:0", "settings.value"),
        ("TELEGRAM_PROXY", "socks6://proxy:1080", "settings.value"),
    ],
)
def test_a_wrong_setting_of_max_is_told(school: Set, name: str, value: str, key: str) -> None:
    """The token goes over TLS only, and without a limit to this machine only."""
    school(**OFFERED, **WEBHOOKS)
    assert Settings.load().webhook("max") == ("https://s.example.org/max", "wolf-and-hare")
    school(**{name: value})
    assert keys() == {key}


@pytest.mark.parametrize(
    "url",
    ["http://proxy:3128", "socks5://10.0.0.1:1080", "socks5h://school:s3cr%3At@proxy.local:65535", "socks4://[::1]:1"],
)
def test_telegram_is_reached_through_a_proxy_of_the_network(school: Set, url: str) -> None:
    """HTTP or SOCKS; MAX is never reached through it."""
    school(**OFFERED, TELEGRAM_PROXY=url)
    assert Settings.load().channel_proxy("telegram") == url
    assert Settings.load().channel_proxy("max") is None


def test_a_server_on_this_machine_needs_neither_tls_nor_a_limit(school: Set) -> None:
    """As in the sandbox."""
    for api in ("http://127.0.0.1:8000/max", "http://localhost:8000", "http://[::1]:8000"):
        school(**OFFERED, MAX_API=api, MAX_PACE="0")
        assert Settings.load().channel_pace("max") is None


def test_two_webhooks_need_two_paths(school: Set) -> None:
    """One server listens for both and tells them apart by path alone."""
    school(**OFFERED, **WEBHOOKS, WEBHOOK_URL="https://other.example.org/max", WEBHOOK_SECRET="s")
    assert keys() == {"settings.same_path"}
    school(WEBHOOK_URL="https://other.example.org/telegram")
    assert Settings.load().webhook("telegram") == ("https://other.example.org/telegram", "s")


def test_the_old_name_of_the_repeats_is_not_one_of_max(school: Set) -> None:
    """`VESTNIK_MAX_…` belongs to the messenger; the setting of release 0.1 is told its new name."""
    school(MAX_REPEATS="2")
    assert keys() == {"settings.renamed"}
