"""What lies in one message: facts that waited together, told once, in the order a family reads them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.locales import LocaleCatalogues
from bot.run.worker import RunningOutboxWorker
from core.actions.delivery.worker import Worker
from core.actions.schoolwork import reminders
from core.model.delivery.text import Text
from core.model.notices.family import AbsenceRecorded, MarkChanged, MarkRecorded
from core.model.schoolwork.control_works import NewControlWork
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from core.rules.conversation.buttons import Handle, unpack_button
from core.rules.delivery.timing import Policy
from tests.support.delivery.fakes import CLOSES, Clock, ScriptedNotifier
from tests.support.schools.builders import NOW, Family, a_family

KEY = b"key"
POLICY = Policy()
SATURDAY = date(2026, 11, 21)
EVENING = datetime.combine(NOW.date(), time(18), tzinfo=ZoneInfo("Europe/Moscow")).astimezone(UTC)


class Post:
    """A worker whose Telegram keeps what it was given."""

    def __init__(self, open_uow: UnitOfWorkFactory, now: datetime, *, policy: Policy = POLICY) -> None:
        self.clock = Clock(now)
        self.telegram = ScriptedNotifier("telegram")
        self._worker = RunningOutboxWorker(
            open_uow=open_uow,
            channels={"telegram": self.telegram},
            catalogues=LocaleCatalogues.load(),
            identity=Worker("one", timedelta(seconds=10), policy, CLOSES),
            clock=self.clock,
            ticks=self.clock.ticks,
            signing_key=KEY,
        )

    async def messages(self) -> list[Text]:
        """All that goes once the grouping window has passed."""
        await self._worker.drain()
        self.clock.now += POLICY.window
        await self._worker.drain()
        return [text for _, text, _ in self.telegram.sent]


@pytest.fixture
async def family(open_uow: UnitOfWorkFactory) -> Family:
    """A student whose mother agreed to Telegram, then e-mail."""
    return await a_family(open_uow)


def actions(text: Text) -> list[Handle]:
    """What the buttons carry in the mother's chat."""
    return [
        unpack_button(button.data or "", channel="telegram", chat="501", key=KEY)
        for row in text.buttons
        for button in row
    ]


async def test_a_mark_that_was_mended_before_it_went_is_told_once(family: Family) -> None:
    """A slip of the pen that the teacher corrects within the window is the corrected mark, with no 2 in sight (Q95)."""
    on = NOW.date()
    await family.learns(
        MarkRecorded("Алгебра", on, "2", subject_id=3), MarkChanged("Алгебра", on, "2", "5", subject_id=3)
    )
    (text,) = await Post(family.open_uow, NOW).messages()
    assert text.sections[0].lines == ("Алгебра, 20.11: 5",)
    assert text.short == "Анна С.: Алгебра 20.11 5"
    assert actions(text) == [Handle("subject", (family.student, 3)), Handle("hush", (0,))]


async def test_an_absence_is_told_before_the_night(family: Family) -> None:
    """Recorded a minute before the quiet hours, it does not wait for the morning (Q89)."""
    late = NOW.replace(hour=17, minute=59)
    await family.learns(AbsenceRecorded("Химия", NOW.date(), "НП"), at=late)
    post = Post(family.open_uow, late)
    await post.messages()
    assert [text.title for _, text, _ in post.telegram.sent] == ["Пропуски: Соколова Анна Олеговна"]


async def gives_work(family: Family) -> None:
    """For Saturday there is homework and a control work."""
    async with family.open_uow() as uow:
        group = await uow.year.ensure_group(GroupKind.CLASS, "8Б", "8б")
        ids = await uow.year.ensure_subjects({"алгебра": "Алгебра", "физика": "Физика"})
        await uow.schoolwork.give_homework(group, ids["алгебра"], due_on=SATURDAY, text="№ 5", by=None, at=NOW)
        new = NewControlWork(group, ids["физика"], SATURDAY, 2, "Контрольная работа", "Законы Ньютона")
        await uow.schoolwork.plan_control_work(new, by=None, at=NOW)
        await uow.commit()


async def test_the_evening_is_one_message(family: Family) -> None:
    """Homework and the control work of tomorrow come together, with buttons to both (Q19, Q23, Q89)."""
    await gives_work(family)
    async with family.open_uow() as uow:
        assert await reminders.publish_schoolwork_reminders(uow, time(18), now=EVENING, policy=POLICY) == 2
    (text,) = await Post(family.open_uow, EVENING).messages()
    assert text.title == "Новое из школы: Соколова Анна Олеговна"
    assert [(section.heading, *section.lines) for section in text.sections] == [
        ("Домашние задания", "Алгебра, на сб 21.11: № 5"),
        ("Контрольные работы", "Физика, сб 21.11: контрольная работа («Законы Ньютона»)"),
    ]
    assert [handle.action for handle in actions(text)] == ["homework", "control", "hush", "hush"]


async def test_a_discreet_evening_names_nobody(family: Family) -> None:
    """Homework is no personal data; of the control work only that something is there (Q85)."""
    await gives_work(family)
    async with family.open_uow() as uow:
        await reminders.publish_schoolwork_reminders(uow, time(18), now=EVENING, policy=POLICY)
    (text,) = await Post(family.open_uow, EVENING, policy=Policy(discreet=frozenset({"telegram"}))).messages()
    assert text.sections[0].lines == ("Алгебра, на сб 21.11: № 5",)
    assert text.short.startswith("Алгебра на сб 21.11 № 5. Новая запись в журнале.")
    assert not any(word in f"{text}" for word in ("Соколова", "Анна", "Физика"))
    assert actions(text) == [Handle("homework", (0, 20261121))]
