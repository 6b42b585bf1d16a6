"""Settings: what is taken, what is refused, and that all of it is told at once without a value."""

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from dotenv.parser import parse_stream
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.locales import LANGUAGES, LocaleCatalogues
from bot.settings import ENV_FILE, Settings, SettingsError, SettingsFromArguments, bounds, settings_source_line
from bot.settings import sources as reading
from bot.settings.errors import right_values
from bot.settings.subject_lists import settings_subject_list
from core.model.delivery.states import Status

CATALOGUES = LocaleCatalogues.load()
CANARY = "hunter2"

Set = Callable[..., None]


@pytest.fixture
def school(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Set:
    """Sets variables of a school whose data folder is the test's own."""
    monkeypatch.setenv("VESTNIK_DATA", str(tmp_path))

    def set_all(**named: str) -> None:
        for name, value in named.items():
            monkeypatch.setenv(f"VESTNIK_{name}", value)

    return set_all


def told(language: str = "ru") -> list[str]:
    """The sentences with which the settings are refused."""
    with pytest.raises(SettingsError) as refused:
        Settings.load()
    return [fault(CATALOGUES.translator(language)) for fault in refused.value.faults]


def write(folder: Path, content: str | bytes) -> None:
    file = folder / ENV_FILE
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    file.chmod(0o600)


REFUSED = [
    ("LEASE", "PT0S", "PT1S"),
    ("LEASE", "-PT10S", "PT1S"),
    ("LEASE", "P1000D", "PT10M"),
    ("LEASE", "10", "PT10S"),
    ("LEASE", "hunter2", "PT10S"),
    ("WINDOW", "-PT1S", "PT0S"),
    ("MARK_DELAY", "-P1D", "PT0S"),
    ("MARK_DELAY", "P2D", "P1D"),
    ("WARN_BEFORE", "PT0S", "PT1M"),
    ("WARN_BEFORE", "PT24H", "PT23H"),
    ("THRESHOLDS", "4.6,3.6,2.6", "2.6,3.6,4.6"),
    ("THRESHOLDS", "2.6,2.6,4.6", "2.6,3.6,4.6"),
    ("THRESHOLDS", "1.6,3.6,4.6", "2.6,3.6,4.6"),
    ("THRESHOLDS", "2.6,3.6,5.6", "2.6,3.6,4.6"),
    ("THRESHOLDS", "2.6,3.6", "2.6,3.6,4.6"),
    ("THRESHOLDS", "2.6,NaN,4.6", "2.6,3.6,4.6"),
    ("THRESHOLDS", "2.6,Infinity,4.6", "2.6,3.6,4.6"),
    ("PUSH_PACE", "nan", "30"),
    ("PUSH_PACE", "inf", "30"),
    ("PUSH_PACE", "-1", "30"),
    ("PUSH_PACE", "31", "30"),
    ("REPEATS", "-1", "10"),
    ("REPEATS", "1e9", "10"),
    ("TRIES", "0", "20"),
    ("PAPER_WEEKDAY", "7", "6"),
    ("LOWEST_MARK", "3", "2"),
    ("PAPER_AT", "25:00", "18:00"),
    ("PAPER_AT", "12", "18:00"),
    ("DIGEST_AT", "18:00+03:00", "18:00"),
    ("SCHOOL_CODES", "школа 30", "900142"),
    ("SCHOOL_CODES", "900142;edu990142", "900142"),
    ("ODD_WEEK", "31.09.2026", "2026-09-01"),
    ("ODD_WEEK", "нечётная", "2026-09-01"),
    ("QUIET", "21:00", "21:00-07:00"),
    ("QUIET", "21:00-24:30", "21:00-07:00"),
    ("QUIET", "21:00-21:00", "21:00-07:00"),
    ("ZONE", "Europe", "Europe/Moscow"),
    ("ZONE", "../../etc/passwd", "Europe/Moscow"),
    ("ZONE", "Europe/Nowhere", "Europe/Moscow"),
    ("LANGUAGE", "de", "ru, en"),
    ("LOG_LEVEL", "trace", "debug"),
    ("MARKS", "paper", "journal"),
    ("TELEGRAM_POLICY", "everything", "full"),
    ("CLASS_AVERAGE", "maybe", "true"),
    ("SCHOOL", "Школа\r\nBcc: a@b.c", "200"),
    ("SCHOOL", "Ш" * 201, "200"),
    ("SIGNATORY", "Астахова\u2028М. И.", "200"),
    ("SCHOOL", "\udcd8\udcea\udcee\udceb\udce0", "200"),
    ("SCHOOL", "Школа \u202e 30", "200"),
    ("SECRET", "\udcff" * 40, "32"),
    ("BOT_TOKEN", "1:sec ret", "@BotFather"),
    ("BOT_TOKEN", "hunter2", "@BotFather"),
    ("BOT_API", "ftp://127.0.0.1", "http://"),
    ("BOT_API", "http://127.0.0.1:70000", "http://"),
    ("BOT_API", "https://", "http://"),
    ("RECEIPTS_URL", "http://host:abc/receipts", "http://"),
    ("RECEIPTS_LISTEN", "127.0.0.1:abc", "127.0.0.1:8030"),
    ("RECEIPTS_LISTEN", "127.0.0.1:70000", "127.0.0.1:8030"),
    ("RECEIPTS_LISTEN", "127.0.0.1:0", "127.0.0.1:8030"),
    ("RECEIPTS_LISTEN", "127.0.0.1", "127.0.0.1:8030"),
    ("WEBHOOK_LISTEN", ":8040", "127.0.0.1:8030"),
    ("WEBHOOK_LISTEN", "127.0.0.1:8030", "VESTNIK_RECEIPTS_LISTEN"),
    ("WEBHOOK_URL", "https://", "https://"),
    ("DATABASE_URL", "mysql://school:hunter2@host/db", "postgresql://"),
    ("DATABASE_URL", "sqlite:///:memory:", "sqlite:///"),
    ("DATABASE_URL", "sqlite://school.db", "sqlite:///"),
    ("DATABASE_URL", "postgresql://school:hunter2@host:abc/db", "postgresql://"),
    ("DATABASE_URL", "postgresql://school:hunter2@host:70000/db", "postgresql://"),
    ("DATABASE_URL", "postgresql://school:hunter2@host", "postgresql://"),
    ("DATABASE_URL", "postgresql://school:hunter2@host/db?mode=require", "postgresql://"),
    ("DATABASE_URL", "postgresql://school:hunter2@host/db?sslmode=hunter2", "postgresql://"),
    ("DATABASE_URL", "postgresql://school:hunter2@/db?host=h&port=70000", "postgresql://"),
    ("DATABASE_URL", "sqlite:////srv/school.db?timeout=1", "sqlite:///"),
    ("DATABASE_URL", "sqlite:////dev/null", "sqlite:///"),
    ("SECRET", "k", "32"),
    ("SECRET", " " * 40, "32"),
    ("SMTP_URL", "smtp://u:hunter2@host:abc?from=a@b.c", "smtp://"),
    ("SMTP_URL", "smtp://u:hunter2@host:70000?from=a@b.c", "smtp://"),
    ("SMTP_URL", "smtp://u:hunter2@host?from=a%0D%0ABcc:x@b.c", "smtp://"),
    ("SMTP_URL", "smtp://u:hunter2@host?from=a@b.c\r\nBcc: x@y.z", "smtp://"),
    ("SMTP_URL", "smtp://u:hunter2@host?from=Школа", "smtp://"),
    ("SMTP_URL", "smtp://u:hunter2@host?form=a@b.c", "smtp://"),
    ("SMTP_URL", "smtp://u:hunter2@host?from=a@b.c&starttls=maybe", "smtp://"),
    ("SMTP_URL", "smtp://u:hunter2@host?from=a@b.c&ca=/no/such/file", "smtp://"),
    ("SMTP_URL", "smtp://u:hunter2@?from=a@b.c", "smtp://"),
    ("SMTP_URL", "smtp://hunter2@host?from=a@b.c", "smtp://"),
    ("SMTP_URL", "http://u:hunter2@host?from=a@b.c", "smtp://"),
    ("IMAP_URL", "imaps://host/INBOX", "imaps://"),
    ("IMAP_URL", 'imaps://u:hunter2@host/IN"BOX', "imaps://"),
    ("IMAP_URL", "imaps://u:hunter2@[::1/INBOX", "imaps://"),
    ("SMS_URL", "kannel://u:hunter2@host:99999/", "kannel://"),
    ("SMS_URL", "kannel://u:hunter2@host/?from=a%0Ab", "kannel://"),
    ("SMS_URL", "kannel://u:hunter2@host/?dlr=ftp://x", "kannel://"),
    ("LEADS", "{", "PT23H"),
    ("LEADS", "[]", "PT23H"),
    ("LEADS", '{"owl": "PT1H"}', "PT23H"),
    ("LEADS", '{"sms": "-PT1H"}', "PT23H"),
    ("LEADS", '{"sms": "PT24H"}', "PT23H"),
    ("LEADS", '{"sms": 3600}', "PT23H"),
    ("LEADS", '{"sms": "PT1H", "sms": "PT2H"}', "PT23H"),
    ("LEADS", "[" * 100_000, "PT23H"),
    ("LEADS", '{"telegram": "PT10H", "email": "PT10H"}', "24"),
    ("NEXT_WAY_AFTER", '{"finals": "PT1H"}', "others"),
    ("NEXT_WAY_AFTER", '{"other": "PT1H"}', "others"),
    ("NEXT_WAY_AFTER", '{"marks": "PT0S"}', "PT5M"),
    ("NEXT_WAY_AFTER", '{"marks": "P30D"}', "P3D"),
    ("CLOSES", '{"sms": "signed"}', "delivered"),
    ("CLOSES", '{"telegram": "delivered"}', "acknowledged"),
    ("CLOSES", '{"paper": "accepted"}', "printed"),
    ("CLOSES", '{"email": "pending"}', "accepted"),
    ("CLOSES", '{"owl": "accepted"}', "accepted"),
    ("CLOSES", '{"sms": null}', "delivered"),
    ("CLOSES", "null", "delivered"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "needed"), REFUSED, ids=[f"{name}-{n}" for n, (name, *_) in enumerate(REFUSED)]
)
def test_a_wrong_value_is_told_with_what_is_right(school: Set, name: str, value: str, needed: str) -> None:
    """One sentence names the setting and what it takes, in both languages, and never shows the value (Q103)."""
    school(**{name: value})
    for language in LANGUAGES:
        (sentence,) = told(language)
        assert f"VESTNIK_{name}" in sentence
        assert needed in sentence
        assert CANARY not in sentence
        assert "\n" not in sentence


TAKEN = [
    ("LEASE", "PT1S"), ("LEASE", "PT10M"), ("WINDOW", "PT0S"), ("MARK_DELAY", "P1D"), ("PUSH_PACE", "0"),
    ("PUSH_PACE", "2.5"), ("LOWEST_MARK", "1"), ("THRESHOLDS", "2.5, 3.5, 4.5"), ("THRESHOLDS", "2.65,3.65,4.65"),
    ("QUIET", "none"), ("ODD_WEEK", "2026-09-01"), ("QUIET", "9:00–12:30"), ("ZONE", "Asia/Vladivostok"),
    ("SCHOOL", "МБОУ «Школа № 30»"),
    ("BOT_TOKEN", "1:a"), ("BOT_API", "http://127.0.0.1:9100"), ("BOT_API", "https://api.example.org/bot-api/"),
    ("RECEIPTS_LISTEN", "[::1]:8031"), ("RECEIPTS_LISTEN", "localhost:65535"), ("SECRET", "к" * 16),
    ("DATABASE_URL", "postgresql://school:p%40ss@[::1]:5432/db"), ("DATABASE_URL", "postgresql:///db?host=/run/pg"),
    ("DATABASE_URL", "postgresql://school@host/db?sslmode=verify-full"),
    ("DATABASE_URL", "sqlite:////srv/school.db"), ("DATABASE_URL", "postgresql+asyncpg://postgres@127.0.0.1:1/x"),
    ("SMTP_URL", "smtp://127.0.0.1:25?from=Школа <school@localhost>&starttls=never"),
    ("SMTP_URL", "smtps://u%40x:p@почта.школа.рф?from=a@b.c&bounce=bounce@b.c"),
    ("IMAP_URL", "imap://u:p@host:143/Returned%20mail?starttls=required"),
    ("SMS_URL", "kannels://u:p@host/?from=School%2030&dlr=https://school.example.org/receipts"),
    ("LEADS", '{"sms": "PT3H"}'), ("NEXT_WAY_AFTER", '{"marks": "PT12H", "others": "PT5M"}'),
    ("CLOSES", '{"telegram": "acknowledged", "paper": "signed"}'),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), TAKEN)
def test_what_is_right_is_taken(school: Set, name: str, value: str) -> None:
    """Bounds themselves, other spellings and other schools' choices are no faults."""
    school(**{name: value})
    assert Settings.load().language == "ru"


def test_a_folder_in_the_databases_place_is_not_ours_to_close(school: Set, tmp_path: Path) -> None:
    """It is somebody's, and would be lost to its other users before anybody reads that it is no database."""
    school(DATABASE_URL=f"sqlite:///{tmp_path.parent}")
    assert tmp_path.parent not in Settings.load().files
    school(DATABASE_URL=f"sqlite:///{tmp_path / 'school.db'}")
    assert tmp_path / "school.db" in Settings.load().files


def test_all_faults_are_told_at_once_in_the_schools_language(school: Set, tmp_path: Path) -> None:
    """Mistakes of all kinds and places are told together: whoever mends them starts the service once more."""
    write(tmp_path, "VESTNIK_LANGUAGE=en\nVESTNIK_LEASE=PT0S\nhunter2\n")
    (tmp_path / "signing.key").touch(mode=0o600)
    school(BOT_TOKE="1:hunter2", SMTP_URL="smtp://u:hunter2@host:abc", WEBHOOK_URL="http://hunter2.example.org/")
    with pytest.raises(SettingsError) as refused:
        Settings.load()
    assert refused.value.language == "en"
    said = [fault(CATALOGUES.translator("en")) for fault in refused.value.faults]
    for named in (
        "_BOT_TOKE. Perhaps VESTNIK_BOT_TOKEN",
        "VESTNIK_LEASE",
        "line 3",
        "VESTNIK_SMTP_URL",
        "VESTNIK_WEBHOOK_SECRET",
        "signing.key",
    ):
        assert [sentence for sentence in said if named in sentence], named
    assert not [sentence for sentence in said if CANARY in sentence]


@pytest.mark.usefixtures("school")
@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("VESTNIK_BOT_TOKE", "VESTNIK_BOT_TOKEN"),
        ("VESTNIK_TRESHOLDS", "VESTNIK_THRESHOLDS"),
        ("VESTNIK_NOTHING_LIKE_IT", "README"),
        ("VESTNIK_OWL_URL", "README"),
        ("vestnik_leese", "VESTNIK_LEASE"),
    ],
)
def test_an_unknown_name_is_told_with_the_nearest(monkeypatch: pytest.MonkeyPatch, name: str, near: str) -> None:
    """A token under a misspelt name would leave the bot silent, so the slip stops the start."""
    monkeypatch.setenv(name, CANARY)
    (sentence,) = told()
    assert name.upper() in sentence
    assert near in sentence
    assert CANARY not in sentence


def test_an_old_name_is_told_with_its_new_one(school: Set, monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting that was renamed is not ignored in silence."""
    monkeypatch.setitem(reading.RENAMED, "printing_day", "paper_weekday")
    school(PRINTING_DAY="4")
    (sentence,) = told()
    assert "VESTNIK_PRINTING_DAY" in sentence
    assert "VESTNIK_PAPER_WEEKDAY" in sentence


def test_the_channel_of_a_third_party_has_its_own_setting(school: Set, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed channel's URL may stand in either place, and no other name is free (Q86)."""
    monkeypatch.setattr(reading, "discovered_channel_names", lambda: frozenset({"pigeon-post", "email"}))
    school(PIGEON_POST_URL="loft:1")
    assert Settings.load().channel_url("pigeon-post") == "loft:1"
    assert Settings.load().channel_url("owl") is None
    school(PIGEON_POST_URL="loft:1\r\nhunter2")
    assert CANARY not in told()[0]


LINES = [
    ("VESTNIK_SCHOOL=Школа\nVESTNIK_LEASE=PT5S\nVESTNIK_SCHOOL=hunter2\n", 3),
    ("\ufeffVESTNIK_SCHOOL=Школа\n", 1),
    ("# настройки\n\nVESTNIK_BOT_TOKEN\n", 3),
    ("1234:hunter2\n", 1),
    ("hunter2\n", 1),
    ("BOT_TOKEN=1:hunter2\n", 1),
    ("VESTNIK_HUNTER=1\n", 1),
    ('VESTNIK_SCHOOL="Школа "hunter2""\n', 1),
    ('VESTNIK_SCHOOL="Школа\n', 1),
    ("\nVESTNIK_DATA=/srv\n", 2),
    ("VESTNIK_MARKS=bot\nVESTNIK_SCHOOL=Школа\x00hunter2\n", 2),
    (b"VESTNIK_MARKS=bot\nVESTNIK_SCHOOL=\xd8\xea\xee\xeb\xe0\n", 2),
]


@pytest.mark.usefixtures("school")
@pytest.mark.parametrize(("content", "line"), LINES)
def test_a_wrong_line_of_the_file_is_told_by_its_number(tmp_path: Path, content: str | bytes, line: int) -> None:
    """Twice, without a value, of another program, misspelt, torn, in another encoding: the place and no value."""
    write(tmp_path, content)
    (sentence,) = told()
    assert f"{ENV_FILE}, строка {line}" in sentence
    assert CANARY not in sentence


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=60))
def test_what_init_writes_is_what_is_read(value: str) -> None:
    """Quotes, backslashes and dollar signs of a school's name survive the file."""
    (binding,) = parse_stream(StringIO(settings_source_line("SCHOOL", value)))
    assert (binding.key, binding.value) == ("VESTNIK_SCHOOL", value)


def test_the_environment_goes_before_the_file_and_blank_is_not_set(school: Set, tmp_path: Path) -> None:
    """A file for the school, a variable for the day, a default for the rest."""
    write(tmp_path, "VESTNIK_LEASE=PT5S\nVESTNIK_WINDOW=PT1M\nVESTNIK_SCHOOL=\n")
    school(LEASE="PT7S", WINDOW="")
    settings = Settings.load()
    assert (settings.lease, settings.window) == (timedelta(seconds=7), timedelta(minutes=1))
    assert settings.school == "Школа"


@pytest.mark.usefixtures("school")
@pytest.mark.parametrize("kind", ["folder", "pipe", "large"])
def test_what_is_no_settings_file_is_not_read(tmp_path: Path, kind: str) -> None:
    """A folder, a pipe without an end, a file of any size: told, and nothing is waited for."""
    file = tmp_path / ENV_FILE
    match kind:
        case "folder":
            file.mkdir(mode=0o700)
        case "pipe":
            subprocess.run(["mkfifo", "-m", "600", file], check=True)
        case _:
            write(tmp_path, b"#" * (1 << 20))
    (sentence,) = told()
    assert ENV_FILE in sentence


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_data_folder_that_is_none_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    """A file where the folder should be is a setting to mend."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("VESTNIK_DATA", str(tmp_path / place))
    if place == "file":
        assert "VESTNIK_DATA" in told()[0]
    else:
        with pytest.raises(SettingsError):
            Settings.load().signing_key()


def test_a_webhook_needs_tls_unless_the_bot_api_is_the_schools_own(school: Set) -> None:
    """Telegram brings updates over https only; a server of one's own may stand on the same machine."""
    school(WEBHOOK_URL="http://school.example.org/t", WEBHOOK_SECRET="wolf-and-hare")
    assert "https://" in told()[0]
    school(BOT_API="http://127.0.0.1:8081")
    assert Settings.load().webhook_url == "http://school.example.org/t"


def test_every_setting_has_bounds() -> None:
    """A new setting says what it takes, or this fails: there is none that takes anything."""
    for name in Settings.names():
        assert Settings.right_values(name).key.startswith(right_values("").key)


def test_given_settings_keep_to_the_same_bounds(tmp_path: Path) -> None:
    """Benches and tests cannot run on what a school could not set."""
    with pytest.raises(ValidationError):
        SettingsFromArguments.of(data=tmp_path, lease=timedelta(0))
    with pytest.raises(ValidationError):
        SettingsFromArguments.of(data=tmp_path, leese=timedelta(1))
    assert (
        SettingsFromArguments.of(data=tmp_path, closes={"sms": Status.ACCEPTED}).closing_statuses()["sms"]
        is Status.ACCEPTED
    )


@given(st.text(max_size=40))
def test_whatever_is_set_is_taken_or_refused(value: str) -> None:
    """No value of any kind of setting ends in another error than a refusal."""
    kinds = [bounds.duration_bounds("PT1S", "PT1H", "PT1M"), bounds.whole_number_bounds(0, 6),
             bounds.number_bounds(0, 30), bounds.zone_bounds(), bounds.time_of_day_bounds(),
             bounds.quiet_hours_bounds(), bounds.thresholds_bounds(), bounds.listen_bounds(), bounds.http_url_bounds(),
             bounds.database_url_bounds(), bounds.lead_times_bounds(),
             bounds.closing_statuses_bounds(), bounds.waiting_times_bounds(),
             bounds.one_line_bounds(), settings_subject_list(),
             bounds.secret_bounds(32)]  # fmt: skip
    for kind in kinds:
        try:
            kind.read(value)
        except bounds.WrongValueError as wrong:
            key = f"settings.wrong.{wrong.what}"
            assert CATALOGUES.translator("ru")(key) != key


def test_reading_settings_loads_no_channels_library() -> None:
    """A school without mail or SMS does not wait for their libraries at every command."""
    asked = "import sys, bot.settings as s; s.Settings.load(data='/nonexistent'); print('aiosmtplib' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"


def test_the_schools_contacts_stand_in_for_one_another() -> None:
    """What is not set for teachers, illness or data is the school's own way; nothing is named without it (Q114)."""
    settings = SettingsFromArguments.of(contact_school="каб. 5", contact_illness="медсестра")
    assert settings.contacts() == {"school": "каб. 5", "teachers": "каб. 5", "illness": "медсестра", "data": "каб. 5"}
    assert SettingsFromArguments.of().contacts() == {}
