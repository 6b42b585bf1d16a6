"""Several persons use one chat: all are served, each in their own right, and what is written is the right person's."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from bot.handlers.doors import DoorSchool
from bot.run.worker import RunningOutboxWorker
from core.actions.delivery.worker import Worker
from core.actions.register import codes
from core.actions.register import contacts as contact_actions
from core.actions.register.codes import LONGEST_TERM
from core.model.delivery.obligations import NewNotice
from core.model.delivery.states import Status
from core.model.delivery.text import Text
from core.model.marks.entries import EntryKind, NewEntry
from core.model.notices.facts import Notice
from core.model.notices.family import FinalMarkSet, MarkRecorded
from core.model.notices.kinds import NoticeKind
from core.model.people import SYSTEM, Role
from core.model.register.consents import Decision
from core.model.register.forms import WrittenForm
from core.model.register.preferences import Frequency
from core.model.timetable import NewTemplateLesson
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from core.rules.conversation.buttons import SETTINGS, Handle, pack_button
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_class_name
from notifiers.directory import InstalledChannelDirectory
from tests.support.conversation.asking import CATALOGUES, KEY
from tests.support.conversation.phone import Phone
from tests.support.conversation.telegram import Line
from tests.support.delivery.fakes import CLOSES, Clock, ScriptedNotifier
from tests.support.schools.builders import NOW, Builder

TODAY = NOW.date()
CHAT, OTHER_CHAT = 501, 502
MOTHER, GRANDMOTHER = "Ковалёва Ольга Николаевна", "Белова Нина Петровна"
MARIA, ARTYOM = "Ковалёва Мария Денисовна", "Белов Артём Игоревич"


@dataclass(frozen=True, slots=True)
class SharedPhone:
    """A mother and a grandmother with one phone: Мария is the child of both, Артём the grandmother's alone."""

    open_uow: UnitOfWorkFactory
    mother: int
    grandmother: int
    maria: int
    artyom: int
    contacts: tuple[int, int]

    def phone(self, *, discreet: bool = False) -> Phone:
        return Phone(Line(the_school(self.open_uow, discreet=discreet)), CHAT)

    async def decides(self, person: int, child: int, decision: Decision) -> None:
        async with self.open_uow() as uow:
            await Builder(uow).decides(person, child, decision)
            await uow.commit()

    async def lets_go(self, contact_id: int) -> None:
        async with self.open_uow() as uow:
            await contact_actions.revoke_contact(uow, SYSTEM, contact_id=contact_id, now=NOW, policy=Policy())

    async def looked_at(self) -> list[tuple[int | None, str, object]]:
        """The access journal: who saw what of whom, oldest first."""
        async with self.open_uow(reading=True) as uow:
            lines = await uow.audit.lines(limit=100)
        return [
            (line.actor_id, line.action, line.facts.get("student"))
            for line in reversed(lines)
            if line.action.endswith(".opened")
        ]

    async def switched_off(self) -> list[tuple[int, NoticeKind]]:
        async with self.open_uow(reading=True) as uow:
            kept = [each for who in (self.mother, self.grandmother) for each in await uow.register.preferences(who)]
        return [(each.person_id, each.kind) for each in kept if each.frequency is Frequency.OFF]

    async def learns(self, student: int, *notices: Notice) -> None:
        async with self.open_uow() as uow:
            rows = [NewNotice(student, notice, f"fact:{number}") for number, notice in enumerate(notices)]
            await uow.outbox.add(rows, received_at=NOW, published_at=NOW)
            await uow.commit()

    async def messages(self, *, discreet: bool = False) -> Sequence[Text]:
        """All that Telegram is given, in the order of the titles."""
        policy = Policy(discreet=frozenset({"telegram"}) if discreet else frozenset())
        telegram, clock = ScriptedNotifier("telegram"), Clock(NOW)
        worker = RunningOutboxWorker(
            open_uow=self.open_uow, channels={"telegram": telegram}, catalogues=CATALOGUES,
            identity=Worker("one", timedelta(seconds=10), policy, CLOSES), clock=clock, signing_key=KEY,
        )  # fmt: skip
        await worker.drain()
        clock.now += policy.window
        await worker.drain()
        return sorted((text for _, text, _ in telegram.sent), key=lambda text: text.title)


def the_school(open_uow: UnitOfWorkFactory, *, discreet: bool = False) -> DoorSchool:
    policy = Policy(discreet=frozenset({"telegram"}) if discreet else frozenset())
    return DoorSchool(
        open_uow=open_uow, catalogues=CATALOGUES, clock=lambda: NOW, policy=policy, closes=CLOSES, signing_key=KEY,
        language="ru", marks="bot", channels=InstalledChannelDirectory(),
    )  # fmt: skip


@pytest.fixture
async def family(open_uow: UnitOfWorkFactory) -> SharedPhone:
    async with open_uow() as uow:
        build = Builder(uow)
        maria, artyom = await build.student(MARIA, "8Б"), await build.student(ARTYOM, "5А")
        mother, grandmother = await build.guardian(MOTHER, maria), await build.guardian(GRANDMOTHER, maria, artyom)
        for person, child in ((mother, maria), (grandmother, artyom)):
            await build.decides(person, child, Decision.CONSENT)
        own = [await build.contact(person, "telegram", str(CHAT)) for person in (mother, grandmother)]
        algebra = (await uow.year.ensure_subjects({"алгебра": "Алгебра"}))["алгебра"]
        marks = [
            NewEntry(child, algebra, TODAY, EntryKind.SCORE, value, None, None, None, None)
            for child, value in ((maria, "5"), (artyom, "3"))
        ]
        await uow.marks.add_entries(marks, import_id=None, at=NOW)
        await uow.commit()
    return SharedPhone(open_uow, mother, grandmother, maria, artyom, (own[0], own[1]))


async def test_the_second_confirmed_parent_is_not_locked_out(family: SharedPhone) -> None:
    """The menu has the children of both, each is opened by the person who may, and the journal says by whom (Q15)."""
    phone = family.phone()
    asked = await phone.says("/menu")
    assert MARIA in asked
    assert ARTYOM in asked
    assert "Алгебра: <b>3</b>" in (await phone.presses(ARTYOM), await phone.presses("Оценки"))[1]
    shown = await phone.presses("Мария")
    assert shown.startswith(f"<b>{MARIA}</b>")
    assert "Алгебра: <b>5</b>" in shown
    assert await family.looked_at() == [
        (family.grandmother, "menu.opened", family.artyom),
        (family.grandmother, "marks.opened", family.artyom),
        (family.mother, "marks.opened", family.maria),
    ]


async def test_a_consent_opens_nothing_through_another_person(family: SharedPhone) -> None:
    """The mother withdraws: Мария is gone from the chat, though the grandmother is her guardian too (Q3, Q5)."""
    phone = family.phone()
    await phone.says("/menu")
    await phone.presses(MARIA)
    await family.decides(family.mother, family.maria, Decision.WITHDRAWAL)
    assert MARIA not in await phone.presses("Оценки")
    assert (await phone.says("/marks")).startswith(f"<b>{ARTYOM}</b>")
    await family.decides(family.grandmother, family.maria, Decision.CONSENT)
    await phone.says("/menu")
    await phone.presses(MARIA)
    assert (await family.looked_at())[-1] == (family.grandmother, "menu.opened", family.maria)


async def test_a_parent_and_a_student_child_share_a_chat(family: SharedPhone) -> None:
    """The daughter with an own account opens her own record when her mother may no longer (Q9, Q14)."""
    async with family.open_uow() as uow:
        await uow.people.set_account(family.maria, opened=True)
        await Builder(uow).contact(family.maria, "telegram", str(CHAT))
        await uow.commit()
    await family.decides(family.mother, family.maria, Decision.WITHDRAWAL)
    assert (await family.phone().says("/marks")).startswith(f"<b>{ARTYOM}</b>")
    await family.decides(family.maria, family.maria, Decision.CONSENT)
    phone = family.phone()
    await phone.says("/menu")
    await phone.presses("Мария")
    assert (await family.looked_at())[-1] == (family.maria, "menu.opened", family.maria)


async def test_a_teacher_who_is_a_parent_under_another_entry_has_both_halves(family: SharedPhone) -> None:
    """Two rows of one name in one chat: the menu joins marks and register, and each door acts for its own row."""
    async with family.open_uow() as uow:
        build = Builder(uow)
        teacher = await build.guardian(MOTHER)
        group = await uow.year.ensure_group(GroupKind.CLASS, "8Б", normal_class_name("8Б"))
        subjects = await uow.year.ensure_subjects({"алгебра": "Алгебра"})
        lessons = [NewTemplateLesson(subjects["алгебра"], TODAY.weekday(), 1, "12", teacher)]
        await uow.timetable.put_template(group, lessons, starts_on=date(2026, 9, 1))
        await uow.people.add_staff_role(teacher, Role.TEACHER, group_id=group)
        await build.contact(teacher, "telegram", str(CHAT))
        await uow.commit()
    phone = family.phone()
    await phone.says("/menu")
    shown = await phone.presses(MARIA)
    assert {"Оценки", "Мои уроки", "Журнал класса"} <= set(shown.split("\n"))
    assert "8Б · Алгебра" in await phone.presses("Мои уроки")
    assert "Ковалёва М. Д." in await phone.presses("1. 8Б · Алгебра")
    whose = await phone.says("/settings")
    assert {f"{MOTHER} (представитель)", GRANDMOTHER, f"{MOTHER} (сотрудник)"} <= set(whose.split("\n"))


async def test_settings_are_one_persons(family: SharedPhone) -> None:
    """What is one person's own asks whose, and every tap that follows stays that person's (Q83)."""
    phone = family.phone()
    assert "несколько человек" in await phone.says("/settings")
    await phone.presses(GRANDMOTHER)
    await phone.presses("✓ Оценки")
    await phone.presses("🕕 Оценки")
    assert await family.switched_off() == [(family.grandmother, NoticeKind.MARKS)]
    await phone.says("/settings")
    await phone.presses(MOTHER)
    await phone.presses("✓ Пропуски")
    await phone.presses("🕕 Пропуски")
    assert set(await family.switched_off()) == {
        (family.grandmother, NoticeKind.MARKS), (family.mother, NoticeKind.ABSENCES),
    }  # fmt: skip


async def test_a_button_of_somebody_who_left_the_chat_opens_nothing(family: SharedPhone) -> None:
    """It was sealed for that person, so nobody who stayed acts by it; and those who stayed are asked no more."""
    phone = family.phone()
    await phone.says("/settings")
    await phone.presses(GRANDMOTHER)
    await family.lets_go(family.contacts[1])
    assert "больше не действует" in await phone.presses("✓ Оценки")
    assert await family.switched_off() == []
    assert "несколько человек" not in await phone.says("/settings")
    await phone.presses("✓ Оценки")
    await phone.presses("🕕 Оценки")
    assert await family.switched_off() == [(family.mother, NoticeKind.MARKS)]


async def test_a_button_from_before_the_chat_was_shared_asks_whose(family: SharedPhone) -> None:
    """It names nobody, so a person says it: nobody's settings are changed by a guess."""
    old = pack_button(Handle(SETTINGS, (0,)), channel="telegram", chat=str(CHAT), key=KEY)
    phone = family.phone()
    assert GRANDMOTHER in await phone.line.presses(CHAT, old)
    hush = pack_button(Handle("hush", (0,)), channel="telegram", chat=str(CHAT), key=KEY)
    assert GRANDMOTHER in await phone.line.presses(CHAT, hush)
    assert await family.switched_off() == []


async def test_a_button_sealed_for_a_stranger_is_forged(family: SharedPhone) -> None:
    """Nobody acts as a person who is not in the chat, whatever the button says."""
    other = pack_button(Handle(SETTINGS, (0,), person_id=family.maria), channel="telegram", chat=str(CHAT), key=KEY)
    assert "больше не действует" in await family.phone().line.presses(CHAT, other)


async def test_each_message_says_whose_it_is(family: SharedPhone) -> None:
    """Both are owed the daughter's final mark; each gets it with her own name first, and the text is the same."""
    await family.decides(family.grandmother, family.maria, Decision.CONSENT)
    await family.learns(family.maria, FinalMarkSet("Алгебра", "1 четверть", "4"))
    grandmothers, mothers = await family.messages()
    assert grandmothers.title.startswith(f"Кому: {GRANDMOTHER}. ")
    assert mothers.title.startswith(f"Кому: {MOTHER}. ")
    assert replace(mothers, title="", buttons=()) == replace(grandmothers, title="", buttons=())


async def test_a_chat_of_one_person_needs_no_addressee(family: SharedPhone) -> None:
    """Nor does one that another person has typed in and nobody has confirmed, nor one that was let go."""
    await family.lets_go(family.contacts[1])
    async with family.open_uow() as uow:
        await Builder(uow).contact(family.artyom, "telegram", str(CHAT), signed=False)
        await uow.commit()
    await family.learns(family.maria, MarkRecorded("Алгебра", TODAY, "5"))
    (message,) = await family.messages()
    assert "Кому" not in message.title


async def test_a_discreet_message_names_nobody(family: SharedPhone) -> None:
    """Neither the push nor the question whose (Q85)."""
    await family.learns(family.maria, MarkRecorded("Алгебра", TODAY, "5"))
    (message,) = await family.messages(discreet=True)
    assert MOTHER not in f"{message}"
    asked = await family.phone(discreet=True).says("/settings")
    assert "представитель (1)" in asked
    assert "Ковалёва" not in asked


async def test_reading_is_proved_by_the_one_whose_message_it_was(family: SharedPhone) -> None:
    """«Прочитано» under the grandmother's message closes her obligation and leaves the mother's open (Q72)."""
    await family.decides(family.grandmother, family.maria, Decision.CONSENT)
    await family.learns(family.maria, FinalMarkSet("Алгебра", "1 четверть", "4"))
    grandmothers, _ = await family.messages()
    read = next(button.data for row in grandmothers.buttons for button in row if button.label == "Прочитано")
    assert "отмечено" in await family.phone().line.presses(CHAT, read or "")
    async with family.open_uow(reading=True) as uow:
        found = [
            (each.person_id, each.status)
            for who in (family.mother, family.grandmother)
            for each in await uow.outbox.deliveries_of_pair(who, family.maria, set(Status))
        ]
    assert found == [(family.mother, Status.ACCEPTED), (family.grandmother, Status.ACKNOWLEDGED)]


async def test_less_of_a_kind_is_the_wish_of_the_one_whose_message_it_was(family: SharedPhone) -> None:
    """The button under the grandmother's message switches nothing off for the mother (Q83)."""
    await family.learns(family.artyom, MarkRecorded("Алгебра", TODAY, "3"))
    (message,) = await family.messages()
    hush = next(button.data for row in message.buttons for button in row if "присылать" in button.label)
    await family.phone().line.presses(CHAT, hush or "")
    assert await family.switched_off() == [(family.grandmother, NoticeKind.MARKS)]


async def test_who_shares_a_confirmed_chat_needs_a_form_too(family: SharedPhone) -> None:
    """The newcomer's code proves the chat; those who were there are served on, the newcomer after the form (Q81)."""
    async with family.open_uow() as uow:
        aunt = await Builder(uow).guardian("Зимина Алла Юрьевна", family.maria)
        await Builder(uow).decides(aunt, family.maria, Decision.CONSENT)
        await uow.commit()
    async with family.open_uow() as uow:
        invitation = await codes.issue_code(
            uow, SYSTEM, person_id=aunt, channel="telegram", now=NOW, term=LONGEST_TERM, key=KEY
        )
    phone = family.phone()
    assert "Код принят" in await phone.says(f"/start {invitation.token}")
    assert ARTYOM in await phone.says("/menu")
    assert "Зимина" not in await phone.says("/settings")
    async with family.open_uow() as uow:
        (added,) = await uow.register.contacts(aunt)
        form = WrittenForm("18", TODAY, "Секретарёва И. О.")
        await contact_actions.confirm_contact(uow, SYSTEM, contact_id=added.id, written=form, now=NOW, policy=Policy())
    assert "Зимина" in await phone.says("/settings")


async def test_words_go_to_whom_they_were_asked_of(family: SharedPhone) -> None:
    """Two teachers share a phone: the topic that one of them types is written by that one."""
    teachers = []
    async with family.open_uow() as uow:
        build = Builder(uow)
        group = await uow.year.ensure_group(GroupKind.CLASS, "8Б", normal_class_name("8Б"))
        algebra = (await uow.year.ensure_subjects({"алгебра": "Алгебра"}))["алгебра"]
        for name in ("Громова Инна Павловна", "Осипова Дина Олеговна"):
            teacher = await build.guardian(name)
            await uow.people.add_staff_role(teacher, Role.TEACHER, group_id=group, subject_id=algebra)
            await build.contact(teacher, "telegram", str(OTHER_CHAT))
            teachers.append(teacher)
        await uow.commit()
    phone = replace(family.phone(), chat=OTHER_CHAT)
    await phone.says("/journal")
    await phone.presses("Осипова Дина Олеговна")
    await phone.presses("8Б · Алгебра")
    await phone.presses("Тема урока")
    await phone.says("Дроби")
    async with family.open_uow(reading=True) as uow:
        written = [
            line for line in await uow.audit.lines(limit=20) if line.facts.get("topic") or "topic" in line.action
        ]
    assert [line.actor_id for line in written] == [teachers[1]]
