"""The doctor looks at the real peers and at what the school has brought in, and says what to do (Q132)."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot import doctor
from bot.app import App, bootstrap_app
from bot.doctor import messengers, peers, school
from bot.doctor.findings import Finding
from bot.locales import LocaleCatalogues
from bot.max import health
from bot.sandbox import FaultKind, Peer
from bot.sandbox.server import SandboxServer
from bot.settings import SettingsErrorSentence, SettingsFromArguments
from core.actions.imports import silence
from core.actions.imports.people import import_people
from core.actions.job_runs import note_job_run
from core.model.delivery.job_runs import JobStep
from core.model.imports.people_lists import GuardianRow, PeopleKind, PeopleTable, PersonRow, StaffRow, StudentRow
from core.model.imports.reports import ReadFile, ReportKind
from core.model.people import SYSTEM, Role
from tests.peers.raw_server import raw_server

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
"""A Wednesday of the second quarter."""

NOBODY = ("", None, None, None, False, None, None, None, None)


def told(findings: Sequence[Finding]) -> Mapping[str, bool]:
    """Keys of the sentences, and whether each is a fault; every sentence can be said in both languages."""
    for finding in findings:
        assert all(finding.sentence(t) for t in LocaleCatalogues.load().translators.values())
    return {finding.sentence.key: finding.is_fault for finding in findings}


@pytest.fixture
async def world() -> AsyncIterator[SandboxServer]:
    async with SandboxServer.open() as world:
        yield world


@pytest.fixture
def folder(tmp_path: Path, sqlite_template: Path) -> Path:
    """The data folder of a new school."""
    (tmp_path / "data").mkdir(mode=0o700)
    shutil.copy(sqlite_template, tmp_path / "data" / "vestnik.db")
    return tmp_path / "data"


async def examined(folder: Path, **chosen: Any) -> Mapping[str, bool]:
    """What the doctor finds in a new school with these settings."""
    return told(await doctor.run_doctor_checks(SettingsFromArguments.of(data=folder, telegram_policy="full", **chosen)))


@pytest.fixture
async def app(folder: Path) -> AsyncIterator[App]:
    app = bootstrap_app(SettingsFromArguments.of(data=folder), clock=lambda: NOW)
    yield app
    await app.engine.dispose()


async def test_peers_that_take_us_are_told(world: SandboxServer, folder: Path) -> None:
    """Bot API, SMTP and the SMS gateway are asked, and nothing is sent to anybody."""
    found = await examined(
        folder,
        bot_token=world.token,
        bot_api=world.bot_api,
        bot_name="@Vestnik_sandbox_bot",
        smtp_url=f"{world.smtp_url}?from=school@school.test&starttls=never",
        sms_url=world.sms_url,
    )
    assert found["doctor.channel_answers"] is False
    assert {"doctor.channel_refused", "doctor.channel_silent", "doctor.account_unset", "doctor.clock"}.isdisjoint(found)
    assert found["doctor.mailbox_missing"] is False
    assert (len(world.phone), [*world.mailbox]) == (0, [])


@pytest.mark.parametrize(
    ("chosen", "key"),
    [
        ({"bot_token": "30:WRONG", "bot_api": "{bot_api}"}, "doctor.channel_refused"),
        ({"bot_token": "30:A", "bot_api": "http://127.0.0.1:1"}, "doctor.channel_silent"),
        ({"bot_token": "{token}", "bot_api": "{bot_api}", "bot_name": "other_bot"}, "doctor.account_differs"),
        ({"sms_url": "http://a:b@127.0.0.1:{port}/cgi-bin/sendsms"}, "doctor.channel_refused"),
        ({"sms_url": "http://a:b@127.0.0.1:1/cgi-bin/sendsms"}, "doctor.channel_silent"),
        ({"smtp_url": "smtp://127.0.0.1:1?from=school@school.test&starttls=never"}, "doctor.channel_silent"),
        ({"smtp_url": "{smtp_url}?from=school@school.test"}, "doctor.channel_unencrypted"),
        ({"imap_url": "imap://user:secret@127.0.0.1:1/?starttls=never"}, "doctor.mailbox_closed"),
    ],
)
async def test_a_peer_that_refuses_us_is_a_fault(
    world: SandboxServer, folder: Path, chosen: dict[str, str], key: str
) -> None:
    """A wrong token, a wrong login, a server without STARTTLS, another bot, an address where nobody answers."""
    facts = {"token": world.token, "bot_api": world.bot_api, "smtp_url": world.smtp_url}
    facts["port"] = world.bot_api.rpartition(":")[2]
    found = await examined(folder, **{name: value.format(**facts) for name, value in chosen.items()})
    assert found[key] is True


async def test_a_return_mailbox_without_encryption_is_named_before_the_login(folder: Path) -> None:
    """A server that offers no STARTTLS is told apart from a wrong password, which it never hears (Q132)."""
    heard: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK ready\r\n")
        while line := (await reader.readline()).decode():
            heard.append(line)
            writer.write(b"* CAPABILITY IMAP4rev1\r\n" + f"{line.split()[0]} OK done\r\n".encode())

    async with raw_server(serve) as port:
        found = await examined(folder, imap_url=f"imap://user:secret@127.0.0.1:{port}/")
    assert found["doctor.mailbox_unencrypted"] is True
    assert not any("secret" in line for line in heard)


def in_max(world: SandboxServer, **chosen: Any) -> dict[str, Any]:
    return {"max_token": world.max_token, "max_api": world.max_api, "max_policy": "full"} | chosen


async def test_max_is_asked_who_the_bot_is_and_where_updates_go(world: SandboxServer, folder: Path) -> None:
    """It answers, so its channel is ready, and the missing name of the bot is told with its setting."""
    settings = SettingsFromArguments.of(data=folder, **in_max(world))
    findings = await doctor.run_doctor_checks(settings)
    assert not any("doctor.max" in key for key in told(findings))
    words = [each.sentence(LocaleCatalogues.load().translator("ru")) for each in findings]
    assert "Канал «MAX» подключён: сервер отвечает и принимает наш вход." in words
    assert any("VESTNIK_MAX_NAME=vestnik_sandbox_bot" in each for each in words)
    assert {name for name, *_ in world.max.network.calls} == {"GET /me", "GET /subscriptions"}


@pytest.mark.parametrize("call", ["GET /me", "GET /subscriptions"])
@pytest.mark.parametrize(
    ("kind", "key"),
    [
        (FaultKind.UNAUTHORIZED, "doctor.max.token_refused"),
        (FaultKind.HTML_OK, "doctor.max.unreachable"),
        (FaultKind.HTML_BAD_GATEWAY, "doctor.max.unreachable"),
        (FaultKind.SILENCE, "doctor.max.unreachable"),
        (FaultKind.TOO_MANY_REQUESTS, "doctor.max.told_to_wait"),
    ],
)
async def test_what_is_wrong_with_max_is_one_line(
    world: SandboxServer, folder: Path, monkeypatch: pytest.MonkeyPatch, kind: FaultKind, key: str, call: str
) -> None:
    """A refused token, a page of a proxy, silence, at either question; the other channels are told all the same."""
    monkeypatch.setattr(peers, "TIMEOUT", 0.5)
    monkeypatch.setattr(health, "LONGEST", 0.5)
    world.faults.add(kind, peer=Peer.MAX_API, method=call, times=None)
    found = await examined(folder, **in_max(world, max_name="vestnik_sandbox_bot", sms_url=world.sms_url))
    wrong = [name for name, is_fault in found.items() if is_fault and ("max" in name or "channel" in name)]
    assert wrong == [key]
    assert found["doctor.channel_answers"] is False


async def test_a_messenger_that_hangs_hides_nothing_of_the_others(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is asked for itself, whatever becomes of the others (Q142)."""

    async def hang(*_: object, **_now: object) -> Sequence[SettingsErrorSentence]:
        await asyncio.sleep(60)
        return []

    async def fail(*_: object, **_now: object) -> Sequence[SettingsErrorSentence]:
        raise RuntimeError("Соколова")

    async def tell(*_: object, **_now: object) -> Sequence[SettingsErrorSentence]:
        return [SettingsErrorSentence("doctor.max.not_subscribed")]

    settings = SettingsFromArguments.of(data=app.settings.data, bot_token="1:a", max_token="m" * 20)
    monkeypatch.setattr(messengers, "TIMEOUT", 0.1)
    monkeypatch.setattr(messengers, "has_messenger_findings", lambda _: True)
    for first, key in ((hang, "doctor.no_answer"), (fail, "doctor.failed")):
        modules = {
            "bot.telegram.health": SimpleNamespace(find_messenger_health_faults=first),
            "bot.max.health": SimpleNamespace(find_messenger_health_faults=tell),
        }
        monkeypatch.setattr(messengers, "import_module", modules.__getitem__)
        findings = await messengers.messenger_findings(replace(app, settings=settings))
        assert [each.sentence.key for each in findings] == [key, "doctor.max.not_subscribed"]
        assert "Telegram" in findings[0].sentence(LocaleCatalogues.load().translator("ru"))


async def test_a_bot_without_a_name_in_the_settings_is_named(world: SandboxServer, folder: Path) -> None:
    """Then invitations have a link; the name is the one that Telegram says."""
    settings = SettingsFromArguments.of(
        data=folder, telegram_policy="full", bot_token=world.token, bot_api=world.bot_api
    )
    findings = await doctor.run_doctor_checks(settings)
    words = [each.sentence(LocaleCatalogues.load().translator("ru")) for each in findings]
    assert any("VESTNIK_BOT_NAME=vestnik_sandbox_bot" in each for each in words)


async def test_a_clock_that_is_wrong_is_told(world: SandboxServer, folder: Path) -> None:
    """Ours beside the clock of a peer that tells its own; and a trail that was written in the future."""
    settings = SettingsFromArguments.of(
        data=folder, telegram_policy="full", bot_token=world.token, bot_api=world.bot_api
    )
    app = bootstrap_app(settings, clock=lambda: datetime.now(UTC) - timedelta(hours=2))
    async with app.open_uow() as uow:
        await uow.audit.write(SYSTEM, "test", at=datetime.now(UTC))
        await uow.commit()
    found = told([*await peers.channel_peer_findings(app), *await school.doctor_school_findings(app)])
    await app.engine.dispose()
    assert (found["doctor.clock"], found["doctor.clock_back"]) == (True, True)


async def test_a_full_disk_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where less than a gibibyte is left for messages and nightly copies."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=900 << 20))
    assert (await examined(folder))["doctor.disk_full"] is True


def listed(kind: PeopleKind, *rows: PersonRow) -> ReadFile:
    return ReadFile("list.csv", "", people=(PeopleTable(kind, None, rows),))


async def test_what_a_school_lacks_is_told(app: App) -> None:
    """First that there are no students; then who has no representative, that nobody may act, and doubled subjects."""
    assert told(await school.doctor_school_findings(app)) == {
        "doctor.no_students": False, "doctor.schedule_never": False, "doctor.import_never": False,
    }  # fmt: skip
    students = [StudentRow(n, name, None, "5А", None) for n, name in enumerate(("Янова Ия", "Чижов Лев"), start=2)]
    mother = GuardianRow(2, "Янова Ольга", "Янова Ия", "5А", "мать", *NOBODY[1:])
    async with app.open_uow() as uow:
        files = [listed(PeopleKind.STUDENTS, *students), listed(PeopleKind.GUARDIANS, mother)]
        assert (await import_people(uow, SYSTEM, files, now=NOW, policy=app.policy)).ok
    async with app.open_uow() as uow:
        await uow.year.ensure_subjects({"физра": "Физ-ра", "физическая культура": "Физическая культура"})
        await uow.commit()
    findings = await school.doctor_school_findings(app)
    assert told(findings) == {
        "doctor.no_office": True, "doctor.unrepresented": True, "doctor.subjects_alike": False,
        "doctor.no_class_teacher": False,
        "doctor.schedule_never": False, "doctor.import_never": False,
    }  # fmt: skip
    [alone] = [each.sentence for each in findings if each.sentence.key == "doctor.unrepresented"]
    assert dict(alone.facts) == {"count": "1", "classes": "5А: 1"}
    async with app.open_uow() as uow:
        staff = StaffRow(2, "Ткач Вера", Role.SECRETARY, None, None)
        assert (await import_people(uow, SYSTEM, [listed(PeopleKind.STAFF, staff)], now=NOW, policy=app.policy)).ok
    assert "doctor.no_office" not in told(await school.doctor_school_findings(app))


async def test_a_class_without_its_teacher_or_its_students_is_told(app: App) -> None:
    """A misprint of a class in the staff list leaves one class without a leader and makes one without students."""
    students = [StudentRow(n, name, None, "5А", None) for n, name in enumerate(("Янова Ия", "Чижов Лев"), start=2)]
    teachers = [
        StaffRow(2, "Ткач Вера", Role.CLASS_TEACHER, "5В", None),
        StaffRow(3, "Мохова Анна", Role.CLASS_TEACHER, "5Г", None, NOW.date() - timedelta(days=1)),
    ]
    files = [listed(PeopleKind.STUDENTS, *students), listed(PeopleKind.STAFF, *teachers)]
    async with app.open_uow() as uow:
        assert (await import_people(uow, SYSTEM, files, now=NOW, policy=app.policy)).ok
    findings = await school.doctor_school_findings(app)
    assert told(findings)["doctor.class_empty"] is False
    facts = {each.sentence.key: dict(each.sentence.facts) for each in findings}
    assert facts["doctor.no_class_teacher"] == {"classes": "5А"}
    assert facts["doctor.class_empty"] == {"classes": "5В"}


@pytest.mark.parametrize(
    ("desk", "is_told"),
    [("ткач  вера", False), ("Ткач Верра", True), ("Янова Ия", True), ("99", True), ("9" * 20, True), (None, False)],
)
async def test_a_desk_that_names_nobody_is_told(folder: Path, desk: str | None, is_told: bool) -> None:  # noqa: FBT001
    """Every command that writes would refuse; who has another role or is a student may not act either."""
    app = bootstrap_app(SettingsFromArguments.of(data=folder, desk=desk), clock=lambda: NOW)
    rows = StudentRow(2, "Янова Ия", None, "5А", None), StaffRow(2, "Ткач Вера", Role.SECRETARY, None, None)
    files = [listed(PeopleKind.STUDENTS, rows[0]), listed(PeopleKind.STAFF, rows[1])]
    async with app.open_uow() as uow:
        assert (await import_people(uow, SYSTEM, files, now=NOW, policy=app.policy)).ok
    found = told(await school.doctor_school_findings(app))
    await app.engine.dispose()
    assert ("doctor.desk_nobody" in found) is is_told
    assert found.get("doctor.desk_nobody", True)


@pytest.mark.parametrize(
    ("ran", "step", "expected"),
    [
        (NOW - timedelta(minutes=3), JobStep.DONE, {}),
        (NOW - timedelta(hours=5), JobStep.DONE, {"doctor.schedule_still": True}),
    ],
)
async def test_a_school_that_stands_still_is_told(
    app: App, ran: datetime, step: JobStep, expected: Mapping[str, bool]
) -> None:
    """The jobs of the day wake every five minutes: an hour without one means that nobody runs Vestnik."""
    async with app.open_uow() as uow:
        await note_job_run(uow, "announce", date(2026, 11, 25), step, now=ran)
    found = {key: value for key, value in told(await school.doctor_school_findings(app)).items() if "schedule" in key}
    assert found == expected


@pytest.mark.parametrize(
    ("at", "days", "expected"),
    [
        (NOW - timedelta(hours=20), {24}, ("doctor.import_last", False)),
        (NOW - timedelta(days=2), {24}, ("doctor.import_old", False)),
        (NOW - timedelta(days=4), {23, 24}, ("doctor.import_old", True)),
    ],
)
async def test_a_journal_that_does_not_come_is_told(
    app: App, monkeypatch: pytest.MonkeyPatch, at: datetime, days: set[int], expected: tuple[str, bool]
) -> None:
    """After two school days without an import; a weekend and holidays do not count."""

    async def is_school_day(_: object, on: date) -> bool:
        return on.day in days

    monkeypatch.setattr(silence, "has_lessons_for_silence", is_school_day)
    async with app.open_uow() as uow:
        await uow.imports.add_import(sha256="", kind=f"{ReportKind.DIARY}+{ReportKind.TABLE}", at=at, by=None)
        await uow.commit()
    found = told(await school.doctor_school_findings(app))
    assert found[expected[0]] is expected[1]
