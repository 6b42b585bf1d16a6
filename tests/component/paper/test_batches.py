"""Extracts go out class by class and come back as slips; what was not handed over is told (Q33, Q34)."""

import asyncio
import io
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from bot.app import App, bootstrap_app
from bot.cli import main
from bot.paper.weekly_batches import print_weekly_batches, queue_weekly_batches, verify_weekly_batches
from bot.settings import Settings
from core.actions.paper import queue, weekly
from core.model.delivery.states import State, Status
from core.model.notices.kinds import NoticeKind
from core.model.paper import Extract
from core.model.people import Actor, Role
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from tests.peers import processes
from tests.support.delivery.fakes import CLOSES
from tests.support.delivery.paper import BEFORE, SHOP, batch_of, print_week, queued_extracts, read_pages
from tests.support.delivery.post import POLICY, Post, rows
from tests.support.schools.builders import NOW, Builder

CLASSES = (("10А", ("Яшина Ада", "Белов Ян")), ("9Б", ("Орлова Ия", "Зимин Лев")))
MONDAY = NOW + timedelta(days=3)
SECRET = "печать листков школы номер тридцать"


@pytest.fixture
async def school(open_sqlite: UnitOfWorkFactory) -> UnitOfWorkFactory:
    """Two classes of two, each with a parent who has no phone; a deputy head and a class teacher of 9Б with chats."""
    async with open_sqlite() as uow:
        build = Builder(uow)
        for school_class, names in CLASSES:
            for name in names:
                student = await build.student(name, school_class)
                await build.guardian(f"Родитель {name}", student)
        group = await uow.year.ensure_group(GroupKind.CLASS, "9Б", "9б")
        for name, role, group_id, chat in (
            ("Завуч", Role.DEPUTY_HEAD, None, "601"),
            ("Классный", Role.CLASS_TEACHER, group, "602"),
        ):
            person = await build.guardian(name)
            await uow.people.add_staff_role(person, role, group_id=group_id)
            await build.contact(person, "telegram", chat)
        await uow.commit()
    return open_sqlite


async def deputy(open_uow: UnitOfWorkFactory) -> Actor:
    async with open_uow(reading=True) as uow:
        (person_id,) = await uow.people.holders_of_role(Role.DEPUTY_HEAD, on=NOW.date())
    return Actor(person_id, frozenset({Role.DEPUTY_HEAD}))


async def test_a_batch_follows_the_class_list(school: UnitOfWorkFactory, tmp_path: Path) -> None:
    """9Б before 10А, each in the order of its list behind its hand-over list (Q34)."""
    pdf = await batch_of(school, await print_week(school), handover=True)
    pages = read_pages(pdf, tmp_path)
    names = [name for page in pages for _, names in CLASSES for name in names if f"Родитель {name} За" in page]
    assert names == ["Зимин Лев", "Орлова Ия", "Белов Ян", "Яшина Ада"]
    lists = [page.splitlines()[1] for page in pages if "Ведомость" in page]
    assert lists == [f"Ведомость выдачи выписок, {each}, 20.11.2026" for each in ("9Б", "10А")]


def four_slips(pdf: bytes, folder: Path) -> bytes:
    """The slips cut off and laid askew on one sheet, photographed badly."""
    (folder / "batch.pdf").write_bytes(pdf)
    scanner = processes.program("pdftoppm", package="poppler-utils")
    subprocess.run([scanner, "-r", "110", "-gray", "-png", folder / "batch.pdf", folder / "page"], check=True)
    sheet = Image.new("L", (2000, 1600), 235)
    for place, file in enumerate(sorted(folder.glob("page-*.png"))):
        page = Image.open(file)
        slip = page.crop((0, int(page.height * 0.86), page.width, page.height))
        turned = slip.rotate((-8, 5, 174, 12)[place], expand=True, fillcolor=235)
        sheet.paste(turned, (20 + place % 2 * 960, 40 + place // 2 * 700))
    shadow, noise = Image.linear_gradient("L").resize(sheet.size), Image.effect_noise(sheet.size, 60)
    poor = Image.blend(Image.blend(sheet, shadow, 0.25), noise, 0.2)
    photo = io.BytesIO()
    poor.save(photo, "JPEG", quality=45)
    return photo.getvalue()


def set_desk(monkeypatch: pytest.MonkeyPatch, sqlite_url: str, folder: Path) -> None:
    """The desk of this school's office, where commands are typed."""
    settings = {"DATA": folder / "data", "DATABASE_URL": sqlite_url, "SECRET": SECRET, "DESK": "Завуч"}
    for name, value in settings.items():
        monkeypatch.setenv(f"VESTNIK_{name}", str(value))


async def test_a_photo_of_four_slips_closes_four_obligations(
    school: UnitOfWorkFactory, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Askew, upside down, noisy, on one picture: `vestnik paper scan` has each signed, and what was owed is closed."""
    set_desk(monkeypatch, sqlite_url, tmp_path)
    batch = await batch_of(school, await print_week(school), shop=replace(SHOP, key=SECRET.encode()))
    photo = tmp_path / "slips.jpg"
    photo.write_bytes(four_slips(batch, tmp_path))
    assert {row.obligation.state for row in await rows(school)} == {State.OPEN}
    assert await asyncio.to_thread(main, ["paper", "scan", str(photo)]) == 0
    closed = [(row.obligation.state, row.obligation.evidence) for row in await rows(school)]
    assert closed == [(State.CLOSED, Status.SIGNED)] * 4


async def hand_over(open_uow: UnitOfWorkFactory, extract: Extract) -> None:
    for status in (Status.PRINTED, Status.HANDED):
        async with open_uow() as uow:
            await queue.record_queued_paper_status(
                uow, await deputy(open_uow), extract.number, status, closes=CLOSES, now=NOW
            )  # fmt: skip


async def test_what_was_not_handed_over_is_told(school: UnitOfWorkFactory) -> None:
    """On Monday at noon, once: the numbers by class, to class teacher and deputy head; nobody is named (Q34)."""
    extracts = await print_week(school)
    await hand_over(school, extracts[0])
    counts = []
    for at in (NOW + timedelta(hours=1), MONDAY - timedelta(hours=1), MONDAY + timedelta(minutes=1), MONDAY):
        async with school() as uow:
            counts.append(await weekly.tell_of_weekly_leftovers(uow, now=at, policy=POLICY))
    assert counts == [0, 0, 3, 0]
    post = Post(school)
    post.clock.now = MONDAY + timedelta(minutes=2)
    await post.drain(seconds=1)
    told = {address: str([part.lines for part in text.sections]) for address, text, _ in post.telegram.sent}
    left = {each.number for each in extracts[1:]}
    assert {number for number in left if number in told["601"]} == left
    assert ("9Б" in told["602"], "10А" in told["602"]) == (True, False)
    assert "Родитель" not in "".join(told.values())


@asynccontextmanager
async def printing(open_uow: UnitOfWorkFactory, folder: Path) -> AsyncIterator[App]:
    """The school's clock, twenty minutes after noon, and a folder as the printer."""
    settings = Settings(data=folder / "data", printer=str(folder / "printed"), school="Школа № 30")
    app = bootstrap_app(settings)
    try:
        yield replace(app, open_uow=open_uow, clock=lambda: NOW + timedelta(minutes=20))
    finally:
        await app.engine.dispose()


async def test_the_clock_prints_the_week_once(school: UnitOfWorkFactory, tmp_path: Path) -> None:
    """A document a class with its hand-over list, once; that pages came out is for a person to say (Q33)."""
    extracts = await print_week(school)
    async with printing(school, tmp_path / "school") as app:
        early = replace(app, clock=lambda: NOW + timedelta(minutes=5))
        for each in (early, app, app):
            await print_weekly_batches(each)
    files = sorted((tmp_path / "school" / "printed").iterdir(), key=lambda file: file.name.split("-")[3])
    assert [file.name.split("-")[3] for file in files] == ["10А", "9Б"]
    assert [len(read_pages(file.read_bytes(), tmp_path)) for file in files] == [3, 3]
    assert [each.status for each in await queued_extracts(school)] == [Status.ACCEPTED] * len(extracts)


async def test_a_printer_out_of_order_loses_nothing(school: UnitOfWorkFactory, tmp_path: Path) -> None:
    """What it did not take is printed at a later look (Q33)."""
    await print_week(school)
    async with printing(school, tmp_path / "school") as app:
        folder = tmp_path / "school" / "printed"
        folder.mkdir(mode=0o755, parents=True)
        await print_weekly_batches(app)
        assert list(folder.iterdir()) == []
        folder.chmod(0o700)
        await print_weekly_batches(app)
        assert len(list(folder.iterdir())) == 2


async def test_pages_that_cannot_be_set_are_printed_later(
    school: UnitOfWorkFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of our own at one class holds back neither it nor the next for ever (Q33)."""
    await print_week(school)
    async with printing(school, tmp_path / "school") as app:
        with monkeypatch.context() as broken:
            broken.setattr("bot.paper.print_queue.paper_extracts_pdf", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                await print_weekly_batches(app)
        await print_weekly_batches(app)
        assert len(list((tmp_path / "school" / "printed").iterdir())) == 2


async def test_a_week_that_the_clock_printed_is_printed_again_only_when_asked(
    school: UnitOfWorkFactory, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the printing hour `paper print` finds nothing new; `--again --out FOLDER` makes a closed folder (Q33)."""
    set_desk(monkeypatch, sqlite_url, tmp_path)
    await print_week(school)
    async with printing(school, tmp_path / "school") as app:
        await print_weekly_batches(app)
    folder = tmp_path / "again" / "pages"
    print_out = ["paper", "print", "--out", str(folder)]
    assert await asyncio.to_thread(main, print_out) == 2
    assert not folder.exists()
    assert await asyncio.to_thread(main, [*print_out, "--again", "--class", "9б"]) == 0
    (file,) = folder.iterdir()
    assert (
        folder.stat().st_mode & 0o777,
        file.stat().st_mode & 0o777,
        len(read_pages(file.read_bytes(), tmp_path)),
    ) == (0o700, 0o600, 2)
    assert await asyncio.to_thread(main, [*print_out[:-1], str(tmp_path / "all.pdf"), "--again"]) == 0
    assert len(read_pages((tmp_path / "all.pdf").read_bytes(), tmp_path)) == 4


async def test_the_clock_queues_and_checks(school: UnitOfWorkFactory, tmp_path: Path) -> None:
    """At a start the extracts of the week are queued; with them nobody is without a channel (Q30)."""
    async with printing(school, tmp_path / "school") as app:
        early = replace(app, clock=lambda: BEFORE)
        async with school(reading=True) as uow:
            assert len(await weekly.students_without_weekly_paper(uow, now=BEFORE, policy=POLICY)) == 4
        await verify_weekly_batches(early)
        await queue_weekly_batches(early)
        async with school(reading=True) as uow:
            assert await weekly.students_without_weekly_paper(uow, now=BEFORE, policy=POLICY) == frozenset()
            assert {each.kind for each in await uow.outbox.published({NoticeKind.DEADLINES})} == set()


async def test_a_student_without_a_channel_is_an_alarm(school: UnitOfWorkFactory) -> None:
    """Should the queue ever lack somebody, the deputy head hears how many, once a date (Q30)."""
    for count in (4, 4):
        async with school() as uow:
            assert await weekly.warn_missing_weekly_paper(uow, now=BEFORE, policy=POLICY) == count
    post = Post(school)
    post.clock.now = BEFORE
    await post.drain(seconds=1)
    assert [address for address, _, _ in post.telegram.sent] == ["601"]
    assert "4 ученика без электронного канала" in str(post.telegram.sent)


async def test_only_the_unclosed_are_printed_again(school: UnitOfWorkFactory) -> None:
    """What was handed over stays with its family; the printed and the waiting come again (Q34)."""
    first, second, *_ = extracts = await print_week(school)
    await hand_over(school, first)
    async with school() as uow:
        await queue.record_queued_paper_status(
            uow, await deputy(school), second.number, Status.PRINTED, closes=CLOSES, now=NOW
        )
    async with school(reading=True) as uow:
        again = await uow.paper.extracts({Status.ACCEPTED, Status.PRINTED})
    assert [each.id for each in again] == [each.id for each in extracts[1:]]
