"""Files that a messenger stores are fetched once, kept for their term, and then erased (Q97, Q141)."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from core.actions.conversation import erase_files
from core.model.conversation import SentFile
from core.ports import Limits, UnitOfWorkFactory
from notifiers.stored_files import MOST_BYTES, StoredFiles
from tests.component.broadcast.test_files_by_mail import Messenger
from tests.support.delivery.fakes import Clock, ScriptedNotifier
from tests.support.schools.builders import NOW

PLAN = SentFile("план.pdf", "application/pdf", "file token-1 https://files.test/1", "max")
PLACE = PLAN.channel, PLAN.reference
WEEK = timedelta(days=7)


async def expects(open_uow: UnitOfWorkFactory, *files: SentFile, term: timedelta = WEEK) -> None:
    async with open_uow() as uow:
        await uow.conversations.expect_files(files, at=NOW, until=NOW + term)
        await uow.commit()


async def kept(open_uow: UnitOfWorkFactory) -> bytes | None:
    async with open_uow(reading=True) as uow:
        return await uow.conversations.kept_file(*PLACE)


def files_of(open_uow: UnitOfWorkFactory, store: Messenger, *, clock: Clock, has_mail: bool = True) -> StoredFiles:
    """What a worker with this messenger knows, and with a mail server beside."""
    mail = ScriptedNotifier("email", Limits(4096, 8, None, attachments=True))
    return StoredFiles({"max": store, **({"email": mail} if has_mail else {})}, open_uow, clock)


async def worked(files: StoredFiles) -> None:
    files.keep_expected_soon()
    await files.stop(within=20)


def store_with(content: Mapping[str, bytes]) -> Messenger:
    return Messenger("max", Limits(4096, 8, None, attachments=True), files=dict(content))


async def test_a_file_is_fetched_once_for_all_channels_and_processes(open_uow: UnitOfWorkFactory) -> None:
    """Even before anybody needs it, since the messenger's address of it is good for a while only."""
    store, clock = store_with({PLAN.reference: b"%PDF"}), Clock(NOW)
    await expects(open_uow, PLAN)
    await worked(files_of(open_uow, store, clock=clock))
    assert (await kept(open_uow), len(store.asked)) == (b"%PDF", 1)
    store.files.clear()
    for _ in range(2):
        files = files_of(open_uow, store, clock=clock)
        await worked(files)
        assert await files.fetched([PLACE]) == {PLAN.reference: b"%PDF"}
    assert len(store.asked) == 1


async def test_a_file_that_is_not_to_be_had_is_asked_for_less_and_less(open_sqlite: UnitOfWorkFactory) -> None:
    """One that is too long, or gone, burdens nobody: after a minute, four, sixteen."""
    store, clock = store_with({PLAN.reference: b"x" * (MOST_BYTES + 1)}), Clock(NOW)
    await expects(open_sqlite, PLAN)
    tries = []
    for _ in range(30):
        await worked(files_of(open_sqlite, store, clock=clock))
        tries.append(len(store.asked))
        clock.advance(minutes=1)
    assert (tries[0], tries[1], tries[4], tries[5], tries[20], tries[-1]) == (1, 2, 2, 3, 3, 4)
    store.files[PLAN.reference] = b"%PDF"
    clock.advance(days=1)
    await worked(files_of(open_sqlite, store, clock=clock))
    assert await kept(open_sqlite) == b"%PDF"


async def test_a_file_goes_with_its_term(open_uow: UnitOfWorkFactory) -> None:
    """Expected again, as by a correction, it stays for the longer term; then no byte of it is left."""
    clock = Clock(NOW)
    await expects(open_uow, PLAN)
    await expects(open_uow, PLAN, term=2 * WEEK)
    await expects(open_uow, PLAN)
    await worked(files_of(open_uow, store_with({PLAN.reference: b"%PDF"}), clock=clock))
    found = []
    for after in (WEEK, 2 * WEEK, 2 * WEEK + timedelta(seconds=1)):
        async with open_uow() as uow:
            await erase_files(uow, now=NOW + after)
            await uow.commit()
        found.append(await kept(open_uow))
    assert found == [b"%PDF", b"%PDF", None]


async def test_a_school_with_one_channel_keeps_no_files(open_sqlite: UnitOfWorkFactory) -> None:
    """Where nobody else could be sent them, the messenger is not asked."""
    store = store_with({PLAN.reference: b"%PDF"})
    await expects(open_sqlite, PLAN)
    await worked(files_of(open_sqlite, store, clock=Clock(NOW), has_mail=False))
    assert (store.asked, await kept(open_sqlite)) == ([], None)


@pytest.mark.parametrize(("most", "is_there"), [(4, True), (3, False)])
async def test_each_channel_takes_files_up_to_its_own_length(
    open_sqlite: UnitOfWorkFactory, most: int, *, is_there: bool
) -> None:
    """Mail takes shorter ones than a messenger; a longer one is named there in words."""
    await expects(open_sqlite, PLAN)
    files = files_of(open_sqlite, store_with({PLAN.reference: b"%PDF"}), clock=Clock(NOW))
    assert bool(await files.fetched([PLACE], most=most)) is is_there
