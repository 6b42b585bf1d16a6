"""Two days of the demo's school, by the same actions as in a real one: lists, codes, journals, the worker."""

import asyncio
import secrets
import socket
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.app import App, open_app
from bot.clocks import utc_clock
from bot.demo.people import AT_SCHOOL, CHATTING, HAS_BLOCKED, IN_BOTH, INVITED, MAX_BOT, PEOPLE, STUDENT, Invited
from bot.demo.story import demo_story_json
from bot.documents.delivery.obligations import obligation_table_row
from bot.documents.register.invitations import InvitationStrip, invitations_pdf
from bot.imports.files import read_import_files
from bot.paper.print_queue import print_queue_pdf, print_queue_shop
from bot.processes import open_worker_process, run_bot_process
from bot.run.receipts import serve_receipts
from bot.run.supervision import sleep_under_supervision
from bot.run.worker import RunningOutboxWorker
from bot.sandbox import SandboxPerson, SandboxServer
from bot.settings import Settings, SettingsFromArguments
from core.actions.imports import journal
from core.actions.imports import people as people_import
from core.actions.imports.journal import JournalResult
from core.actions.imports.people import PeopleResult
from core.actions.imports.timetable import tables
from core.actions.imports.timetable.tables import TimetableResult
from core.actions.paper import queue
from core.actions.register import accounts, codes, consents
from core.actions.register import contacts as contact_actions
from core.model.delivery.states import State, Status
from core.model.people import SYSTEM
from core.model.register.consents import Decision, NewConsent
from core.model.register.contacts import Invitation
from core.model.register.forms import WrittenForm
from core.rules.access import Everything, Family
from core.rules.delivery import timing
from core.rules.people.names import normal_name
from notifiers.discovery import discovered_channels
from storage.schema import migrate_schema

DATA = Path(__file__).with_name("data")
SECOND_DAY = date(2026, 10, 22)
"""A Thursday: ordinary extracts wait for Friday's printing, results do not."""

BOTS = {"telegram": "school30_bot", "max": MAX_BOT}
PATIENCE = 20.0
LOOK = 0.02
LOOK_FOR_NEWCOMERS = 1.0


class DemoSchoolCalendar:
    """The demo's clock: the real time of day on the date of the demo's files."""

    def __init__(self) -> None:
        self._shift = timedelta()

    def __call__(self) -> datetime:
        """Now, in the demo's school."""
        return utc_clock() + self._shift

    def turn_to(self, day: date, settings: Settings) -> None:
        """Set the date; the time of day stays real."""
        self._shift += day - timing.local_date_of_time(self(), settings.policy())


@dataclass(frozen=True, slots=True)
class DemoSchool:
    """The school, the world around it, and its worker."""

    app: App
    world: SandboxServer
    worker: RunningOutboxWorker
    calendar: DemoSchoolCalendar

    async def first_day(self) -> None:
        """Import lists, bind chats by codes, import the first journal, which notifies nobody (Q90)."""
        self.calendar.turn_to(SECOND_DAY - timedelta(days=1), self.app.settings)
        people = read_import_files([DATA / "people"])
        async with self.app.open_uow() as uow:
            _require(
                await people_import.import_people(uow, SYSTEM, people, now=self.app.clock(), policy=self.app.policy)
            )
        await self._import_timetable()
        await self._open_account(STUDENT)
        for person in IN_BOTH:
            await self._bind(person, "max")
        for person in (*CHATTING, *AT_SCHOOL):
            await self._bind(person, "telegram")
        for person in AT_SCHOOL:
            await self._confirm(person)
        for invited in INVITED:
            await self._invite(invited)
        await self._import_journal("day1")

    async def second_day(self) -> None:
        """One family blocks the bot; import new, changed and withdrawn marks; send everything."""
        self.calendar.turn_to(SECOND_DAY, self.app.settings)
        await self._block(HAS_BLOCKED)
        await self._import_journal("day2")
        await self.worker.drain()
        await self._print_queue()
        await _until(self._all_is_proved)
        self.world.open_story()

    async def newcomers_join(self, *, stopping: asyncio.Event) -> None:
        """Wait until the visitor has led somebody in; then the journal brings the child's next mark."""
        waiting = list(INVITED)
        while waiting and not stopping.is_set():
            for invited in [each for each in waiting if await self._is_served(each)]:
                waiting.remove(invited)
                await self._import_journal(invited.folder)
            await sleep_under_supervision(LOOK_FOR_NEWCOMERS, stopping)

    async def _is_served(self, invited: Invited) -> bool:
        """Whether a chat is confirmed and a consent in force: what the school has to say may go there."""
        app, person, channel = self.app, invited.person, invited.channel
        on = timing.local_date_of_time(app.clock(), app.policy)
        async with app.open_uow(reading=True) as uow:
            (known,) = await uow.people.named({normal_name(person.name)})
            children = await uow.people.children(Family(known.id, on, needs_consent=True))
            chats = await uow.register.contacts_at(channel, _address(person, channel))
            untold = await uow.register.announcements(channel)
            is_confirmed = any([await uow.register.confirmations(chat.id) for chat in chats])
            return bool(children) and is_confirmed and not {each.id for each in untold} & {chat.id for chat in chats}

    async def _invite(self, invited: Invited) -> None:
        """The class teacher hands the family a printed strip with a code (Q82)."""
        app, channel = self.app, invited.channel
        now, t = app.clock(), app.catalogues.translator(app.settings.language)
        signs = iter(invited.code)
        invitation = await self._issue_code(invited.person, channel, draw=lambda _: next(signs))
        until = timing.local_date_of_time(now + codes.LONGEST_TERM, app.policy)
        links = {channel: discovered_channels()[channel].start_link or ""}
        links = {name: link.format(bot=BOTS[name], code=invitation.token) for name, link in links.items()}
        strip = InvitationStrip(invited.person.name, invited.child, invitation.code, links, until)
        pdf = invitations_pdf([strip], t, school=app.settings.school, bots=BOTS)
        title = t(f"demo.invitation.{channel}", code=invitation.code)
        self.world.tray.add(person=invited.person.name, title=title, pdf=pdf)

    async def _issue_code(self, person: SandboxPerson, channel: str, draw: codes.Draw = secrets.choice) -> Invitation:
        app = self.app
        async with app.open_uow() as uow:
            (known,) = await uow.people.named({normal_name(person.name)})
            return await codes.issue_code(
                uow, SYSTEM, person_id=known.id, channel=channel, now=app.clock(), term=codes.LONGEST_TERM,
                key=app.signing_key, draw=draw,
            )  # fmt: skip

    async def _bind(self, person: SandboxPerson, channel: str) -> None:
        """The person sends the code, in MAX by the link, and the bot answers."""
        code = (await self._issue_code(person, channel)).code
        chat, dialog = self.world.chats[person.chat_id or 0], self.world.max[person.max_id or 0]
        if channel == "max":
            dialog.start(code)
        else:
            chat.send(f"/start {code}")

        async def is_answered() -> bool:
            messages = dialog.messages if channel == "max" else chat.messages
            return any(message.from_bot for message in messages)

        await _until(is_answered)

    async def _import_timetable(self) -> None:
        app = self.app
        files = read_import_files([DATA / "timetable"])
        async with app.open_uow() as uow:
            _require(await tables.import_timetable_tables(uow, SYSTEM, files, now=app.clock(), policy=app.policy))

    async def _open_account(self, person: SandboxPerson) -> None:
        """From 14 a student may have an own account, and signs for it (Q9)."""
        app = self.app
        now = app.clock()
        on = timing.local_date_of_time(now, app.policy)
        async with app.open_uow(reading=True) as uow:
            (student,) = await uow.people.named({normal_name(person.name)})
        async with app.open_uow() as uow:
            await accounts.open_student_account(uow, SYSTEM, student_id=student.id, on=on, now=now)
        own = NewConsent(student.id, student.id, Decision.CONSENT, on, "С-109")
        async with app.open_uow() as uow:
            await consents.register_consent(uow, SYSTEM, own, now=now, policy=app.policy)

    async def _confirm(self, person: SandboxPerson) -> None:
        """Confirm the chat by the signed form."""
        app = self.app
        now = app.clock()
        form = WrittenForm(
            f"К-{person.chat_id}", timing.local_date_of_time(now, app.policy), "Тихонова В. С.", in_person=True
        )
        async with app.open_uow() as uow:
            (chat,) = await uow.register.contacts_at("telegram", str(person.chat_id))
            await contact_actions.confirm_contact(
                uow, SYSTEM, contact_id=chat.id, written=form, now=now, policy=app.policy
            )

    async def _block(self, person: SandboxPerson) -> None:
        self.world.chats[person.chat_id or 0].block()

        async def is_known() -> bool:
            async with self.app.open_uow(reading=True) as uow:
                contacts = await uow.register.contacts_at("telegram", str(person.chat_id))
                return any(each.set_aside_at is not None for each in contacts)

        await _until(is_known)

    async def _import_journal(self, folder: str) -> None:
        files = read_import_files([DATA / folder])
        async with self.app.open_uow() as uow:
            _require(await journal.import_journal(uow, SYSTEM, files, now=self.app.clock(), policy=self.app.policy))

    async def _print_queue(self) -> None:
        """The secretary prints what waits: each family's extract lies in the tray, ready in time (R6)."""
        app = self.app
        t = app.catalogues.translator(app.settings.language)
        shop = print_queue_shop(app, t)
        async with app.open_uow(reading=True) as uow:
            waiting = await uow.paper.extracts({Status.ACCEPTED})
        for extract in waiting:
            async with app.open_uow() as uow:
                pdf = await print_queue_pdf(uow, [extract], shop)
                recipient = await uow.people.person(extract.person_id, Everything())
                self.world.tray.add(person=recipient.name, title=t("demo.extract", number=extract.number), pdf=pdf)
                await queue.record_queued_paper_status(
                    uow, SYSTEM, extract.number, Status.PRINTED, closes=app.settings.closing_statuses(), now=app.clock()
                )

    async def _all_is_proved(self) -> bool:
        """True when every open obligation waits for Friday's printing."""
        async with self.app.open_uow(reading=True) as uow:
            rows = await uow.outbox.obligations(states={State.OPEN})
        return all(row.deliveries[-1].status is Status.PENDING for row in rows)


@asynccontextmanager
async def demo_school(*, port: int = 0, policy: str = "full", log_level: str = "error") -> AsyncIterator[DemoSchool]:
    """The school with its sandbox in a temporary folder, its bot listening, while the block runs."""
    calendar = DemoSchoolCalendar()
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="vestnik-demo-")))
        shown = DemoSchoolObligations()
        world = await stack.enter_async_context(
            SandboxServer.open(
                PEOPLE, port=port, obligations=shown.rows, story=demo_story_json(), clock=lambda: calendar().timestamp()
            )
        )
        world.hold_story()
        settings = _settings(folder, world, policy=policy, log_level=log_level)
        await migrate_schema(settings.database)
        app = await stack.enter_async_context(open_app(settings, clock=calendar))
        await stack.enter_async_context(shown.read_from(app))
        await stack.enter_async_context(serve_receipts(app))
        worker = await stack.enter_async_context(open_worker_process(app))
        await stack.enter_async_context(_conversing(app))
        yield DemoSchool(app, world, worker, calendar)


@dataclass(slots=True)
class DemoSchoolObligations:
    """The table under the phones; empty before the school opens and after it closes."""

    _app: App | None = None
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def read_from(self, app: App) -> AsyncIterator[None]:
        """Show this school while the block runs. An open page looks on: a read that has begun ends first.

        A read after the database is closed would open it again, in a folder that is being removed.
        """
        self._app = app
        try:
            yield
        finally:
            async with self._reading:
                self._app = None

    async def rows(self) -> list[dict[str, Any]]:
        """All obligations, the results first."""
        async with self._reading:
            if self._app is None:
                return []
            async with self._app.open_uow(reading=True) as uow:
                found = await uow.outbox.obligations()
            t = self._app.catalogues.translator(self._app.settings.language)
            return [obligation_table_row(row, t, now=self._app.clock()) for row in found]


def _settings(folder: Path, world: SandboxServer, *, policy: str, log_level: str) -> Settings:
    """Settings without quiet hours, pace and waiting, so that everything is sent at once."""
    return SettingsFromArguments.of(
        data=folder,
        school="МБОУ «Школа № 30»",
        log_level=log_level,
        bot_token=world.token,
        bot_api=world.bot_api,
        telegram_policy=policy,
        push_pace=0,
        max_token=world.max_token,
        max_api=world.max_api,
        max_name=BOTS["max"],
        max_policy=policy,
        max_pace=0,
        smtp_url=f"{world.smtp_url}?from=school30@sandbox.test&starttls=never",
        sms_url=f"{world.sms_url}?from=School30",
        receipts_listen=f"127.0.0.1:{_free_port()}",
        health_listen=f"127.0.0.1:{_free_port()}",
        quiet=None,
        window=timedelta(0),
        marks="bot",
        mark_delay=timedelta(0),
    )


def _address(person: SandboxPerson, channel: str) -> str:
    return str(person.max_id if channel == "max" else person.chat_id)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@asynccontextmanager
async def _conversing(app: App) -> AsyncIterator[None]:
    """The bot listens while the block runs."""
    stopping = asyncio.Event()
    talking = asyncio.create_task(run_bot_process(app, stopping=stopping))
    try:
        yield
    finally:
        stopping.set()
        await talking


def _require(result: PeopleResult | JournalResult | TimetableResult) -> None:
    """Raise where the demo's own files have problems."""
    if not result.ok:
        raise RuntimeError([problem.reason for file in result.files for problem in file.problems])


async def _until(happened: Callable[[], Awaitable[bool]]) -> None:
    """Poll until another part has acted; TimeoutError after PATIENCE seconds."""
    async with asyncio.timeout(PATIENCE):
        while not await happened():  # noqa: ASYNC110  # the sandbox has no event to wait for
            await asyncio.sleep(LOOK)
