"""A class teacher changes tomorrow's lessons and knows who has heard of it, on both databases (Q97)."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

import pytest

from bot.locales import LocaleCatalogues
from bot.paper.tray import PaperTray
from bot.run.worker import RunningOutboxWorker
from core.actions.broadcast import acknowledgements, archive, broadcasts, phone_calls, recipients
from core.actions.delivery import receipts
from core.actions.delivery.worker import Worker
from core.actions.timetable import lookup as timetable_lookup
from core.errors import ConflictError, NotAllowedError, NotFoundError
from core.model.broadcast import Acknowledging, BroadcastState, Draft
from core.model.conversation import SentFile
from core.model.delivery.deliveries import Receipt
from core.model.delivery.obligations import NewNotice, ObligationRow
from core.model.delivery.states import Reason, State, Status
from core.model.notices.family import Announcement
from core.model.notices.kinds import NoticeKind
from core.model.people import Actor, Role
from core.model.register.consents import Decision
from core.model.register.preferences import Frequency
from core.model.timetable import Bell, ChangeKind, LessonState, NewLessonChange, NewTemplateLesson
from core.model.year import GroupKind
from core.ports import Notifier, UncertainError, UnitOfWork, UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_class_name, normal_name
from notifiers.paper import PaperChannel
from tests.support.delivery.fakes import CLOSES, Clock, ScriptedNotifier
from tests.support.schools.builders import MARK, NOW, Builder

POLICY = Policy()
TODAY = NOW.date()
MONDAY = date(2026, 11, 23)
WAYS: Sequence[tuple[str, ...]] = (("telegram",), ("email",), ("sms", "email"), ("telegram", "sms"), ())
"""What parents agreed to, in turn; none: paper."""


@dataclass(frozen=True, slots=True)
class School:
    """5А with its teacher, the substitute, the deputy head, and the ids that changes are made of."""

    open_uow: UnitOfWorkFactory
    class_id: int
    other_class_id: int
    algebra: int
    physics: int
    leader: Actor
    deputy: Actor
    foreign_teacher: Actor
    teacher: int
    substitute: int

    def substitution(self, number: int = 2) -> NewLessonChange:
        """The second lesson of Monday is physics with somebody else."""
        return NewLessonChange(
            self.class_id, self.algebra, MONDAY, number, ChangeKind.SUBSTITUTION, self.physics, self.substitute
        )

    def draft(self, *changes: NewLessonChange, **said: object) -> Draft:
        """Monday's substitution unless others are given."""
        return replace(Draft(frozenset({self.class_id}), changes or (self.substitution(),)), **said)  # type: ignore[arg-type]  # a test's keyword arguments

    async def send(self, draft: Draft | None = None, *, now: datetime = NOW) -> int:
        """The class teacher sends."""
        async with self.open_uow() as uow:
            return await broadcasts.send_broadcast(
                uow, self.leader, draft or self.draft(), now=now, policy=POLICY, on=TODAY
            )

    async def preview(
        self, draft: Draft | None = None, *, now: datetime = NOW
    ) -> recipients.BroadcastRecipientsPreview:
        """What the class teacher sees before sending."""
        async with self.open_uow(reading=True) as uow:
            return await broadcasts.preview_broadcast(
                uow, self.leader, draft or self.draft(), now=now, policy=POLICY, on=TODAY
            )

    async def acknowledged(self, broadcast_id: int) -> acknowledgements.LoadedAcknowledgements:
        """The list as the class teacher has it now."""
        async with self.open_uow(reading=True) as uow:
            return await acknowledgements.load_broadcast_acknowledgements(uow, self.leader, broadcast_id, on=TODAY)

    async def rows(self) -> Sequence[ObligationRow]:
        """All that is owed."""
        async with self.open_uow(reading=True) as uow:
            return await uow.outbox.obligations()

    async def reads(self, person_id: int, *, at: datetime) -> None:
        """Somebody presses «Прочитано» under the last message."""
        (*_, last) = [row for row in await self.rows() if row.obligation.person_id == person_id]
        attempt = last.deliveries[-1].attempt_id
        assert attempt is not None
        async with self.open_uow() as uow:
            reader = Actor(person_id, frozenset({Role.GUARDIAN}), "telegram")
            await receipts.record_read_receipt(uow, reader, attempt, closes=CLOSES, now=at)


class Post:
    """A worker with a channel of each kind, all of which accept, and a clock that the test moves."""

    def __init__(self, school: School, paper: PaperChannel | None = None) -> None:
        self.clock = Clock(NOW)
        self.channels = {name: ScriptedNotifier(name) for name in ("telegram", "email", "sms", "paper")}
        others: dict[str, Notifier] = {"paper": paper} if paper else {}
        self.worker = RunningOutboxWorker(
            open_uow=school.open_uow,
            channels={**self.channels, **others},
            catalogues=LocaleCatalogues.load(),
            identity=Worker("one", timedelta(seconds=10), POLICY, CLOSES),
            clock=self.clock,
            ticks=self.clock.ticks,
            signing_key=b"key",
        )

    async def drain(self, **ahead: float) -> None:
        """Let time pass, then send all that may go."""
        self.clock.advance(**ahead)
        await self.worker.drain()

    async def deliver(self) -> None:
        """Plan, let the grouping window pass, send."""
        await self.drain()
        await self.drain(minutes=3)

    def said(self, channel: str, to: str) -> list[str]:
        """What an address was told over a channel, a string a message."""
        return [
            "\n".join([text.title, *(line for section in text.sections for line in section.lines)])
            for address, text, _ in self.channels[channel].sent
            if address == to
        ]


async def _staff(uow: UnitOfWork, name: str, role: Role, group_id: int | None = None) -> Actor:
    person = await uow.people.add(name, normal_name(name))
    await uow.people.add_staff_role(person, role, group_id=group_id)
    return Actor(person, frozenset({role}), "telegram")


@pytest.fixture
async def school(open_uow: UnitOfWorkFactory) -> School:
    """Monday of 5А: physics, then algebra at 9:25; lessons begin at 8:30. The class has no students yet."""
    async with open_uow() as uow:
        class_id, other = [
            await uow.year.ensure_group(GroupKind.CLASS, name, normal_class_name(name)) for name in ("5А", "5Б")
        ]
        ids = await uow.year.ensure_subjects({"алгебра": "Алгебра", "физика": "Физика"})
        leader = await _staff(uow, "Орлова Нина Петровна", Role.CLASS_TEACHER, class_id)
        teacher = await _staff(uow, "Белов Пётр Ильич", Role.TEACHER, class_id)
        substitute = await _staff(uow, "Сомова Ирина Олеговна", Role.TEACHER, other)
        deputy = await _staff(uow, "Громова Вера Павловна", Role.DEPUTY_HEAD)
        assert teacher.person_id is not None
        assert substitute.person_id is not None
        build = Builder(uow)
        await build.contact(teacher.person_id, "telegram", "901")
        await build.contact(substitute.person_id, "email", "somova@example.org")
        lessons = [
            NewTemplateLesson(ids["физика"], 0, 1, "12"),
            NewTemplateLesson(ids["алгебра"], 0, 2, "7", teacher.person_id),
        ]
        await uow.timetable.put_template(class_id, lessons, starts_on=date(2026, 9, 1))
        bells = [Bell(0, "", 1, time(8, 30), time(9, 15)), Bell(0, "", 2, time(9, 25), time(10, 10))]
        await uow.timetable.put_bells("", bells)
        await uow.commit()
    return School(
        open_uow, class_id, other, ids["алгебра"], ids["физика"], leader, deputy, teacher,
        teacher.person_id, substitute.person_id,
    )  # fmt: skip


async def settle(school: School, *ways: tuple[str, ...], students: int = 1) -> Sequence[tuple[int, list[int]]]:
    """Students of 5А with two parents each, who agreed to these ways in turn; (student, parents)."""
    homes = []
    async with school.open_uow() as uow:
        build = Builder(uow)
        for number in range(students):
            student = await build.student(f"Ученик{number:02} Имя Отчество", "5А")
            parents = []
            for side in range(2):
                parent = await build.guardian(f"Родитель{number:02} {'АБ'[side]} Отчество", student)
                agreed = ways[(2 * number + side) % len(ways)]
                await build.decides(parent, student, Decision.CONSENT if agreed else Decision.REFUSAL)
                for rank, channel in enumerate(agreed):
                    await build.contact(parent, channel, f"{channel}-{number}-{side}", rank=rank)
                parents.append(parent)
            homes.append((student, parents))
        await uow.commit()
    return homes


async def reached(school: School) -> Mapping[str, int]:
    """Distinct persons of the families whose message a channel has accepted, per channel."""
    took: dict[str, set[int]] = {}
    for row in await school.rows():
        if row.obligation.student_id is not None:
            for each in row.deliveries:
                if each.status is Status.ACCEPTED:
                    took.setdefault(each.channel, set()).add(each.person_id)
    return {channel: len(persons) for channel, persons in sorted(took.items())}


async def test_those_whom_the_preview_counts_are_those_then_reached(school: School) -> None:
    """A class of 30 with two parents each: persons per channel are the same before and after (Q97)."""
    await settle(school, *WAYS, students=30)
    draft = school.draft(school.substitution(), text="Возьмите циркуль")
    promised = (await school.preview(draft)).persons_by_channel()
    assert promised == {"email": 12, "paper": 12, "sms": 12, "telegram": 24}
    await school.send(draft)
    post = Post(school)
    await post.deliver()
    await post.drain(days=7)
    assert await reached(school) == promised
    families = {name: channel.sent for name, channel in post.channels.items()}
    assert {name: len(sent) for name, sent in families.items()} == {"email": 13, "paper": 12, "sms": 12, "telegram": 25}


async def test_those_whom_only_paper_reaches_are_on_the_call_list_by_name(school: School) -> None:
    """Paper comes too late for a lesson; without consent only what is impersonal may be said (Q97)."""
    await settle(school, ("telegram",), (), students=1)
    preview = await school.preview(school.draft(text="Форма спортивная"))
    (call,) = preview.persons_to_phone
    assert (call.person, call.student) == ("Родитель00 Б Отчество", "Ученик00 Имя Отчество")
    assert not call.consented


async def test_a_lesson_change_is_due_an_hour_before_its_lesson(school: School) -> None:
    """Monday's second lesson begins at 9:25, so everybody should have heard by 8:25."""
    await settle(school, ("telegram",))
    due = datetime(2026, 11, 23, 8, 25, tzinfo=POLICY.zone)
    assert (await school.preview()).due == due
    await school.send()
    await Post(school).deliver()
    assert {row.obligation.due for row in await school.rows()} == {due}


async def test_quiet_hours_give_way_to_the_lesson(school: School) -> None:
    """Said at 22:00 for 8:25, it waits for 7:00; where SMS must follow Telegram in time, the night is not kept."""
    await settle(school, ("telegram",), ("telegram", "sms"))
    evening = datetime(2026, 11, 22, 22, tzinfo=POLICY.zone)
    await school.send(now=evening)
    post = Post(school)
    post.clock.now = evening
    await post.drain(minutes=3)
    assert not post.channels["telegram"].sent
    post.clock.now = datetime(2026, 11, 23, 5, 25, tzinfo=POLICY.zone)
    await post.drain()
    assert [address for address, *_ in post.channels["telegram"].sent] == ["telegram-0-1"]
    post.clock.now = datetime(2026, 11, 23, 7, 0, tzinfo=POLICY.zone)
    await post.drain()
    assert len(post.channels["telegram"].sent) == 3


async def test_substitute_and_replaced_teacher_are_told_of_their_own_work(school: School) -> None:
    """Each over their own channel, with the class named and no child in it."""
    await settle(school, ("telegram",))
    preview = await school.preview()
    assert {each.person: each.channel for each in preview.staff} == {
        "Белов Пётр Ильич": "telegram", "Сомова Ирина Олеговна": "email",
    }  # fmt: skip
    broadcast_id = await school.send()
    post = Post(school)
    await post.deliver()
    (said,) = post.said("email", "somova@example.org")
    assert "5А" in said
    assert "Ученик" not in said
    heard = await school.acknowledged(broadcast_id)
    assert [each.name for each in heard.staff] == ["Белов Пётр Ильич", "Сомова Ирина Олеговна"]


async def test_the_changed_timetable_is_what_everybody_then_sees(school: School) -> None:
    """From the moment of sending the lesson stands as substituted, old → new (Q17, Q97)."""
    ((child, (mother, _)),) = await settle(school, ("telegram",))
    assert await shown(school, child, mother) == [LessonState.PLANNED, LessonState.PLANNED]
    await school.send()
    assert await shown(school, child, mother) == [LessonState.PLANNED, LessonState.SUBSTITUTED]


async def shown(school: School, student_id: int, guardian_id: int) -> list[LessonState]:
    """Monday's lessons as a parent sees them."""
    async with school.open_uow(reading=True) as uow:
        reader = Actor(guardian_id, frozenset({Role.GUARDIAN}), "telegram")
        (day,) = await timetable_lookup.look_up_student_timetable(
            uow, reader, student_id=student_id, since=MONDAY, until=MONDAY, on=TODAY
        )
    return [each.state for each in day.lessons]


async def test_a_planned_broadcast_says_and_changes_nothing_before_its_time(school: School) -> None:
    """At a set time: the timetable changes and the families hear then, not before (Q97)."""
    ((child, (mother, _)),) = await settle(school, ("telegram",))
    evening = NOW + timedelta(hours=7)
    await school.send(school.draft(send_at=evening))
    post = Post(school)
    await post.drain(hours=6, minutes=59)
    assert await shown(school, child, mother) == [LessonState.PLANNED, LessonState.PLANNED]
    assert await school.rows() == []
    await post.drain(minutes=1)
    assert await shown(school, child, mother) == [LessonState.PLANNED, LessonState.SUBSTITUTED]
    await post.drain(minutes=3)
    assert len(post.channels["telegram"].sent) == 3


@pytest.mark.parametrize("planned", [True, False])
async def test_a_broadcast_is_called_back_until_a_message_has_gone(school: School, planned: bool) -> None:  # noqa: FBT001  # a parameter of the test
    """Planned, or within the grouping window: then nobody hears of it and the lesson stands as planned (Q97)."""
    ((child, (mother, _)),) = await settle(school, ("telegram",))
    broadcast_id = await school.send(school.draft(send_at=NOW + timedelta(hours=1) if planned else None))
    post = Post(school)
    await post.drain()
    async with school.open_uow() as uow:
        await broadcasts.recall_broadcast(uow, school.leader, broadcast_id, now=post.clock.now, on=TODAY)
    await post.drain(hours=2)
    await post.drain(minutes=3)
    assert not post.channels["telegram"].sent
    assert await shown(school, child, mother) == [LessonState.PLANNED, LessonState.PLANNED]
    assert {row.obligation.state for row in await school.rows()} <= {State.SUPERSEDED}
    listed = (await school.acknowledged(broadcast_id)).students
    assert {each.called_back for student in listed for each in student.persons} <= {True}


async def test_what_has_gone_is_not_called_back(school: School) -> None:
    """The one who comes too late changes nothing: it stays sent, a correction is the way."""
    ((child, (mother, _)),) = await settle(school, ("telegram",))
    broadcast_id = await school.send()
    await Post(school).deliver()
    async with school.open_uow() as uow:
        with pytest.raises(ConflictError):
            await broadcasts.recall_broadcast(uow, school.leader, broadcast_id, now=NOW, on=TODAY)
    assert await shown(school, child, mother) == [LessonState.PLANNED, LessonState.SUBSTITUTED]
    assert (await school.acknowledged(broadcast_id)).broadcast.state is BroadcastState.SENT


async def test_of_two_that_call_back_and_send_one_wins(school: School) -> None:
    """The worker and the class teacher meet over a planned broadcast: it goes, or it is recalled, never both."""
    await settle(school, ("telegram",))
    broadcast_id = await school.send(school.draft(send_at=NOW + timedelta(minutes=1)))
    later = NOW + timedelta(minutes=2)

    async def recall() -> str:
        async with school.open_uow() as uow:
            try:
                await broadcasts.recall_broadcast(uow, school.leader, broadcast_id, now=later, on=TODAY)
            except ConflictError:
                return "gone"
            return "recalled"

    async def publish() -> None:
        async with school.open_uow() as uow:
            await broadcasts.publish_due_broadcasts(uow, now=later, policy=POLICY)

    outcome, _ = await asyncio.gather(recall(), publish())
    post = Post(school)
    post.clock.now = later
    await post.deliver()
    assert bool(post.channels["telegram"].sent) == (outcome == "gone")
    state = (await school.acknowledged(broadcast_id)).broadcast.state
    assert state is (BroadcastState.SENT if outcome == "gone" else BroadcastState.RECALLED)


async def test_a_correction_replaces_what_it_corrects(school: School) -> None:
    """What was not heard yet is heard no more, the lesson left alone is held as planned, and both are said (Q97)."""
    ((child, (mother, _)),) = await settle(school, ("telegram",))
    moved = NewLessonChange(school.class_id, school.physics, MONDAY, 1, ChangeKind.CANCELLATION)
    first = await school.send(school.draft(school.substitution(), moved))
    post = Post(school)
    await post.deliver()
    room = NewLessonChange(school.class_id, school.algebra, MONDAY, 2, ChangeKind.ROOM, new_room="31")
    await school.send(school.draft(room, replaces_id=first), now=post.clock.now)
    assert await shown(school, child, mother) == [LessonState.PLANNED, LessonState.ROOM_CHANGED]
    await post.deliver()
    _, said = post.said("telegram", "telegram-0-0")
    assert "кабинет 7 → 31" in said
    assert "Физика: отбой" in said
    assert (await school.acknowledged(first)).broadcast.state is BroadcastState.REPLACED


async def test_a_corrected_broadcast_that_nobody_heard_is_owed_no_more(school: School) -> None:
    """The correction comes within the grouping window: the families get one message, the last word."""
    await settle(school, ("telegram",))
    first = await school.send()
    await school.send(
        school.draft(
            NewLessonChange(school.class_id, school.algebra, MONDAY, 2, ChangeKind.CANCELLATION), replaces_id=first
        )
    )
    post = Post(school)
    await post.deliver()
    (said,) = post.said("telegram", "telegram-0-0")
    assert "отменён" in said
    async with school.open_uow() as uow:
        with pytest.raises(ConflictError):
            await broadcasts.send_broadcast(
                uow, school.leader, school.draft(replaces_id=first), now=NOW, policy=POLICY, on=TODAY
            )


@pytest.mark.parametrize(
    ("rule", "after_mother", "after_both"),
    [
        (Acknowledging.ONE_PARENT, 1, 1),
        (Acknowledging.BOTH_PARENTS, 0, 1),
        (Acknowledging.STUDENT_AND_PARENT, 1, 1),
    ],
)
async def test_who_must_have_read_it_is_the_rule_of_the_broadcast(
    school: School, rule: Acknowledging, after_mother: int, after_both: int
) -> None:
    """One parent, both, or student and parent, where the student has an account (Q97)."""
    ((_, (mother, father)),) = await settle(school, ("telegram",))
    broadcast_id = await school.send(school.draft(rule=rule))
    post = Post(school)
    await post.deliver()
    told = []
    for parent in (mother, father):
        await school.reads(parent, at=post.clock.now)
        told.append((await school.acknowledged(broadcast_id)).told_count)
    assert told == [after_mother, after_both]


async def test_whoever_reads_it_after_the_due_time_is_late(school: School) -> None:
    """8:25 to the second is in time, a second later is late (Q97, Q105)."""
    (one, other) = await settle(school, ("telegram",), students=2)
    broadcast_id = await school.send()
    await Post(school).deliver()
    due = datetime(2026, 11, 23, 8, 25, tzinfo=POLICY.zone)
    await school.reads(one[1][0], at=due)
    await school.reads(other[1][0], at=due + timedelta(seconds=1))
    heard = await school.acknowledged(broadcast_id)
    assert [(each.is_told, each.is_late) for each in heard.students] == [(True, False), (True, True)]


async def test_the_rest_are_reminded_and_nobody_else(school: School) -> None:
    """Those who have read it, and families whose rule is met, hear nothing more; paper is not printed twice (Q97)."""
    homes = await settle(school, ("telegram",), ("telegram",), ("telegram",), (), students=2)
    broadcast_id = await school.send()
    post = Post(school)
    await post.deliver()
    await school.reads(homes[0][1][0], at=post.clock.now)
    before = len(post.channels["telegram"].sent)
    async with school.open_uow() as uow:
        now = post.clock.advance(hours=1)
        assert (
            await acknowledgements.remind_of_missing_acknowledgements(
                uow, school.leader, broadcast_id, now=now, on=TODAY
            )
            == 1
        )
    await post.deliver()
    ((address, text, _),) = post.channels["telegram"].sent[before:]
    assert address == "telegram-1-0"
    assert "повтор" in text.title
    await school.reads(homes[1][1][0], at=post.clock.now)
    assert (await school.acknowledged(broadcast_id)).told_count == 2


async def call(school: School, broadcast_id: int, person_id: int, *, at: datetime, undo: bool = False) -> None:
    """The class teacher has reached somebody by phone, or takes that back."""
    async with school.open_uow() as uow:
        if undo:
            await phone_calls.undo_broadcast_phone_call(
                uow, school.leader, broadcast_id, person_id, closes=CLOSES, now=at, on=TODAY
            )
        else:
            await phone_calls.record_broadcast_phone_call(uow, school.leader, broadcast_id, person_id, now=at, on=TODAY)


async def owed_to(school: School, person_id: int) -> ObligationRow:
    """What a person of a family is owed, the newest."""
    return [each for each in await school.rows() if each.obligation.person_id == person_id][-1]


async def test_who_was_reached_by_phone_counts_as_told_and_gets_no_paper(school: School) -> None:
    """The page in the print queue is withdrawn with the reason, and what is still owed is closed (Q87, Q97)."""
    ((_, (mother, father)),) = await settle(school, ())
    broadcast_id = await school.send(school.draft(rule=Acknowledging.BOTH_PARENTS))
    post = Post(school)
    await post.deliver()
    for parent in (mother, father):
        await call(school, broadcast_id, parent, at=post.clock.now)
        owed = await owed_to(school, parent)
        assert (owed.obligation.state, owed.obligation.evidence) == (State.CLOSED, Status.REACHED)
        assert [(each.status, each.reason) for each in owed.deliveries] == [(Status.WITHDRAWN, Reason.REACHED_BY_PHONE)]
    heard = await school.acknowledged(broadcast_id)
    assert (heard.told_count, len(heard.students)) == (1, 1)
    (person, _) = heard.students[0].persons
    assert person.call is not None
    assert (person.call.caller, person.call.called_at) == ("Орлова Нина Петровна", post.clock.now)
    await post.drain(days=2)
    assert post.said("paper", "") == []


async def test_who_was_reached_by_phone_is_not_reminded(school: School) -> None:
    """Neither by a reminder that is asked for later, nor by one that was on its way already (Q97)."""
    homes = await settle(school, ("telegram",), students=2)
    broadcast_id = await school.send()
    post = Post(school)
    await post.deliver()
    before = len(post.channels["telegram"].sent)
    async with school.open_uow() as uow:
        assert (
            await acknowledgements.remind_of_missing_acknowledgements(
                uow, school.leader, broadcast_id, now=NOW, on=TODAY
            )
            == 4
        )
    for parent in (*homes[0][1], homes[1][1][0]):
        await call(school, broadcast_id, parent, at=post.clock.now)
    await post.deliver()
    assert {address for address, *_ in post.channels["telegram"].sent[before:]} == {"telegram-1-1"}
    async with school.open_uow() as uow:
        assert (
            await acknowledgements.remind_of_missing_acknowledgements(
                uow, school.leader, broadcast_id, now=NOW, on=TODAY
            )
            == 0
        )


async def test_one_call_is_for_all_children_of_a_person(school: School) -> None:
    """A mother of two in the class is rung once (Q97)."""
    ((_, (mother, _)),) = await settle(school, ("telegram",), ())
    async with school.open_uow() as uow:
        build = Builder(uow)
        sister = await build.student("Ученица Имя Отчество", "5А")
        await uow.people.add_guardianship(mother, sister, relation="mother")
        await uow.commit()
    broadcast_id = await school.send()
    post = Post(school)
    await post.deliver()
    persons = phone_calls.load_broadcast_phone_calls(await school.acknowledged(broadcast_id))
    assert [each.students for each in persons if each.reading.person_id == mother] == [
        ("Ученик00 Имя Отчество", "Ученица Имя Отчество")
    ]
    await call(school, broadcast_id, mother, at=post.clock.now)
    assert (await school.acknowledged(broadcast_id)).told_count == 2


@pytest.mark.parametrize("way", [(), ("telegram",), ("email",), ("sms", "email")])
@pytest.mark.parametrize("later", [False, True])
async def test_a_call_that_is_taken_back_leaves_everything_as_it_was(
    school: School,
    way: tuple[str, ...],
    later: bool,  # noqa: FBT001  # a parameter of the test
) -> None:
    """Before and after the message has gone, on every channel: state, evidence and deliveries are as before (Q93)."""
    ((_, (mother, _)),) = await settle(school, way)
    broadcast_id = await school.send()
    post = Post(school)
    await post.drain()
    if later:
        await post.drain(minutes=3)
    before = await owed_to(school, mother)
    await call(school, broadcast_id, mother, at=post.clock.now)
    await call(school, broadcast_id, mother, at=post.clock.now, undo=True)
    after = await owed_to(school, mother)
    assert replace(after, deliveries=()) == replace(before, deliveries=())
    assert [(each.channel, each.status, each.reason) for each in after.deliveries] == [
        (each.channel, each.status, each.reason) for each in before.deliveries
    ]
    assert (await school.acknowledged(broadcast_id)).told_count == 0
    await post.drain(minutes=3)
    assert sum(len(channel.sent) for channel in post.channels.values())


async def test_a_page_is_printed_only_while_it_says_something(school: School) -> None:
    """A page of two broadcasts stays for the one that was not told by phone; what is taken back is printed (R2b)."""
    ((_, (mother, _)),) = await settle(school, ())
    first = await school.send(school.draft(text="Собрание", changes=(), group_ids=frozenset({school.class_id})))
    second = await school.send(school.draft(text="Экскурсия", changes=(), group_ids=frozenset({school.class_id})))
    post = Post(school, PaperChannel(PaperTray(open_uow=school.open_uow, clock=lambda: NOW, policy=POLICY)))
    await post.drain()

    async def status() -> Sequence[Status]:
        async with school.open_uow(reading=True) as uow:
            return [page.status for page in await uow.paper.extracts(set(Status)) if page.person_id == mother]

    assert await status() == [Status.ACCEPTED]
    await call(school, first, mother, at=post.clock.now)
    assert await status() == [Status.ACCEPTED]
    await call(school, second, mother, at=post.clock.now)
    assert await status() == [Status.WITHDRAWN]
    await call(school, first, mother, at=post.clock.now, undo=True)
    assert await status() == [Status.ACCEPTED]


async def test_a_bounce_after_the_call_changes_nothing(school: School) -> None:
    """Whoever was reached by phone knows it, whatever comes back by mail (Q84, Q97)."""
    ((_, (mother, _)),) = await settle(school, ("email",))
    broadcast_id = await school.send()
    post = Post(school)
    await post.deliver()
    await call(school, broadcast_id, mother, at=post.clock.now)
    attempt_id = (await owed_to(school, mother)).deliveries[-1].attempt_id
    assert attempt_id is not None
    async with school.open_uow() as uow:
        refused = Receipt(Status.REFUSED, reason=Reason.NO_SUCH_ADDRESS)
        await uow.outbox.record_receipt(attempt_id, refused, CLOSES, at=post.clock.now)
        await uow.commit()
    assert (await owed_to(school, mother)).obligation.state is State.CLOSED
    assert (await school.acknowledged(broadcast_id)).told_count == 1


async def test_only_the_persons_of_a_sent_broadcast_are_called(school: School) -> None:
    """A forged person, a foreign teacher and a recalled broadcast are refused; calls leave a trace (Q102).

    Whom somebody told by phone is told: the broadcast can be corrected then, and not recalled.
    """
    ((student, (mother, _)),) = await settle(school, ("telegram",))
    broadcast_id = await school.send(school.draft(text="Собрание", changes=(), group_ids=frozenset({school.class_id})))
    await Post(school).drain()
    for forged in (student, school.substitute, 9_999):
        with pytest.raises(NotFoundError):
            await call(school, broadcast_id, forged, at=NOW)
    stranger = replace(school, leader=school.foreign_teacher)
    with pytest.raises(NotAllowedError):
        await call(stranger, broadcast_id, mother, at=NOW)
    await call(school, broadcast_id, mother, at=NOW)
    await call(school, broadcast_id, mother, at=NOW)
    await call(school, broadcast_id, mother, at=NOW, undo=True)
    async with school.open_uow(reading=True) as uow:
        lines = [line.action for line in await uow.audit.lines(limit=100) if "reached" in line.action]
    assert lines == ["broadcast.not_reached", "broadcast.reached"]
    await call(school, broadcast_id, mother, at=NOW)
    async with school.open_uow() as uow:
        with pytest.raises(ConflictError):
            await broadcasts.recall_broadcast(uow, school.leader, broadcast_id, now=NOW, on=TODAY)
    await call(school, broadcast_id, mother, at=NOW, undo=True)
    async with school.open_uow() as uow:
        await broadcasts.recall_broadcast(uow, school.leader, broadcast_id, now=NOW, on=TODAY)
    with pytest.raises(ConflictError):
        await call(school, broadcast_id, mother, at=NOW)


async def test_only_own_classes_are_spoken_to(school: School) -> None:
    """A class teacher speaks to the own class, the deputy head to all, and who only teaches there to nobody (Q14)."""
    await settle(school, ("telegram",))
    foreign = school.draft(text="Собрание", changes=(), group_ids=frozenset({school.other_class_id}))
    async with school.open_uow(reading=True) as uow:
        with pytest.raises(NotFoundError):
            await broadcasts.preview_broadcast(uow, school.leader, foreign, now=NOW, policy=POLICY, on=TODAY)
        with pytest.raises(NotAllowedError):
            await broadcasts.preview_broadcast(
                uow, school.foreign_teacher, school.draft(), now=NOW, policy=POLICY, on=TODAY
            )
        assert [group.name for group in await broadcasts.load_groups_of_broadcasts(uow, school.leader, on=TODAY)] == [
            "5А"
        ]
        assert len(await broadcasts.load_groups_of_broadcasts(uow, school.deputy, on=TODAY)) == 2
    broadcast_id = await school.send()
    async with school.open_uow(reading=True) as uow:
        for stranger in (school.foreign_teacher, Actor(school.leader.person_id, frozenset({Role.GUARDIAN}))):
            with pytest.raises(NotAllowedError):
                await acknowledgements.load_broadcast_acknowledgements(uow, stranger, broadcast_id, on=TODAY)


async def test_a_group_shared_with_another_class_is_not_the_class_teachers(school: School) -> None:
    """A subgroup of the own class is, a stream with others in it is the deputy head's (Q97)."""
    ((child, _),) = await settle(school, ("telegram",))
    async with school.open_uow() as uow:
        stranger = await Builder(uow).student("Чужой Ученик", "5Б")
        names = ("5А англ-1", "Поток")
        subgroup, stream = [
            await uow.year.ensure_group(GroupKind.STUDY_GROUP, name, normal_name(name), subject_id=school.physics)
            for name in names
        ]
        for group_id, students in ((subgroup, [child]), (stream, [child, stranger])):
            for student_id in students:
                await uow.year.enrol(student_id, group_id)
        await uow.commit()
    async with school.open_uow(reading=True) as uow:
        own = [group.name for group in await broadcasts.load_groups_of_broadcasts(uow, school.leader, on=TODAY)]
    assert own == ["5А", "5А англ-1"]


async def test_what_a_family_switched_off_is_shown_before_sending(school: School) -> None:
    """A parent who wants no lesson changes is counted as such and gets none (Q83)."""
    ((_, (mother, _)),) = await settle(school, ("telegram",))
    async with school.open_uow() as uow:
        await uow.register.prefer(mother, NoticeKind.TIMETABLE, Frequency.OFF)
        await uow.commit()
    assert (await school.preview()).persons_by_channel() == {"": 1, "telegram": 1}


async def test_an_announcement_needs_no_lesson(school: School) -> None:
    """Words alone go to the whole class, without a due time and without staff (Q97)."""
    await settle(school, ("telegram",))
    preview = await school.preview(Draft(frozenset({school.class_id}), text="Завтра собрание в 18:00"))
    assert (preview.due, preview.staff) == (None, ())
    assert {type(notice) for each in preview.families for notice in each.notices} == {Announcement}


async def test_a_file_goes_along_by_telegram_s_own_number(school: School) -> None:
    """Telegram keeps the file already; everybody else reads its name (Q97)."""
    await settle(school, ("telegram",), ("email",))
    file = SentFile("план.pdf", "application/pdf", "kept-1", "telegram")
    await school.send(Draft(frozenset({school.class_id}), text="План каникул", files=(file,)))
    post = Post(school)
    await post.deliver()
    ((_, text, _),) = post.channels["telegram"].sent
    assert [(each.name, each.reference) for each in text.attachments] == [("план.pdf", "kept-1")]
    assert "план.pdf" in post.said("email", "email-0-1")[0]


async def test_a_digest_does_not_hold_a_lesson_change_back(school: School) -> None:
    """Who reads at 18:00 hears today of tomorrow's first lesson, and by night at once where 18:00 is too late (Q83)."""
    ((_, (mother, _)),) = await settle(school, ("telegram",), ())
    async with school.open_uow() as uow:
        await uow.register.prefer(mother, NoticeKind.TIMETABLE, Frequency.DIGEST)
        await uow.commit()
    late = datetime(2026, 11, 22, 19, tzinfo=POLICY.zone)
    await school.send(now=late)
    post = Post(school)
    post.clock.now = late
    await post.deliver()
    assert "telegram-0-0" in [address for address, *_ in post.channels["telegram"].sent]


async def test_a_lesson_change_whose_answer_was_lost_is_said_again(school: School) -> None:
    """Marked as a repeat, at most twice, then the next way takes over (design, failure vocabulary)."""
    await settle(school, ("sms", "email"), ())
    await school.send()
    post = Post(school)
    await post.drain()
    post.channels["sms"].script.extend([UncertainError(), UncertainError(), UncertainError()])
    for _ in range(4):
        await post.drain(minutes=3)
    assert not post.channels["sms"].sent
    assert "email-0-0" in [address for address, *_ in post.channels["email"].sent]


async def test_a_broadcast_keeps_to_one_message_of_its_own(school: School) -> None:
    """Marks of the same minute are another message, so «Прочитано» speaks of the broadcast alone (Q97)."""
    ((child, _),) = await settle(school, ("telegram",), ())
    await school.send(school.draft(text="Возьмите циркуль"))
    async with school.open_uow() as uow:
        await uow.outbox.add([NewNotice(child, MARK, "entry:1")], received_at=NOW, published_at=NOW)
        await uow.commit()
    post = Post(school)
    await post.deliver()
    assert sorted("циркуль" in text for text in post.said("telegram", "telegram-0-0")) == [False, True]


async def found_again(school: School, reader: int, child: int, since: date = TODAY, until: date = TODAY) -> list[str]:
    """The announcements that a reader finds about a child."""
    async with school.open_uow(reading=True) as uow:
        received = await archive.load_announcement_archive(
            uow,
            Actor(reader, frozenset({Role.GUARDIAN})),
            student_id=child,
            since=since,
            until=until,
            on=TODAY,
            policy=POLICY,
        )
    return [each.notice.text for each in received]


async def test_what_was_announced_is_found_again(school: School) -> None:
    """The newest first, of own children and of the days that are asked for, by the school's clock (Q116)."""
    (child, (mother, father)), (other, (stranger, _)) = await settle(school, ("telegram",), (), students=2)
    ago = TODAY - timedelta(days=3)
    night = datetime.combine(ago, time(0, 10), POLICY.zone)
    to = frozenset({school.class_id})
    await school.send(Draft(to, text="Собрание в 18:00"), now=night)
    await school.send(Draft(to, text="План каникул"))
    for reader in (mother, father):
        assert await found_again(school, reader, child, ago) == ["План каникул", "Собрание в 18:00"]
    assert await found_again(school, mother, child) == ["План каникул"]
    assert await found_again(school, mother, child, ago, ago) == ["Собрание в 18:00"]
    assert await found_again(school, mother, child, ago - timedelta(days=9), ago - timedelta(days=1)) == []
    assert await found_again(school, mother, other, ago) == await found_again(school, stranger, child, ago) == []


async def test_what_was_taken_back_is_not_found_and_a_reminder_is_no_second_one(school: School) -> None:
    """Of a corrected announcement the correction alone stands; lesson changes are in the timetable (Q116)."""
    ((child, (mother, _)),) = await settle(school, ("telegram",), ())
    to = frozenset({school.class_id})
    recalled = await school.send(Draft(to, text="Собрание отменяется"))
    async with school.open_uow() as uow:
        await broadcasts.recall_broadcast(uow, school.leader, recalled, now=NOW, on=TODAY)
    first = await school.send(Draft(to, text="Собрание в 18:00"))
    await Post(school).deliver()
    await school.send(Draft(to, text="Собрание в 19:00", replaces_id=first))
    again = await school.send(school.draft(text="Возьмите циркуль"))
    await Post(school).deliver()
    async with school.open_uow() as uow:
        await acknowledgements.remind_of_missing_acknowledgements(uow, school.leader, again, now=NOW, on=TODAY)
    assert await found_again(school, mother, child) == ["Возьмите циркуль", "Собрание в 19:00"]
