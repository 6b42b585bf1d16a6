"""What a family keeps of its own in the chat: contacts, consents, wishes, data (Q5, Q80, Q81, Q83, Q85)."""

from datetime import date, time

import pytest

from bot.handlers.doors import DoorSchool
from core.actions.register import forms
from core.model.delivery.states import Reason, Status
from core.model.notices.kinds import NoticeKind
from core.model.people import SYSTEM, Role
from core.model.register.consents import Decision
from core.model.register.preferences import Frequency
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_name
from notifiers.directory import InstalledChannelDirectory
from tests.support.conversation.asking import CATALOGUES
from tests.support.conversation.phone import Phone
from tests.support.conversation.telegram import Line
from tests.support.delivery.post import Post, rows
from tests.support.schools.builders import MARK, Builder, Family, a_family

CHAT, KEY = 501, b"key"
CHANNELS = frozenset({"email", "sms"})


class Home:
    """A family with both papers signed, its phone and the post."""

    def __init__(self, family: Family, *, discreet: bool = False) -> None:
        policy = Policy(discreet=frozenset({"telegram"}) if discreet else frozenset())
        self.family, self.post = family, Post(family.open_uow, policy=policy)
        school = DoorSchool(
            open_uow=family.open_uow, catalogues=CATALOGUES, clock=self.post.clock, policy=policy, closes={},
            signing_key=KEY, language="ru", name="Школа № 30", channels=InstalledChannelDirectory(CHANNELS),
        )  # fmt: skip
        self.phone = Phone(Line(school), CHAT)

    async def shares(self, *, owner: int) -> str:
        """A contact card, as Telegram sends it for the key below the text box."""
        card = {"phone_number": "79001234567", "first_name": "Некто", "user_id": owner}
        return await self.phone.line.sends(CHAT, {"contact": card})


@pytest.fixture
async def family(open_sqlite: UnitOfWorkFactory) -> Family:
    return await a_family(open_sqlite)


async def test_a_phone_number_is_taken_from_its_owners_card_alone(family: Family) -> None:
    """Somebody else's card is refused with a sentence; one's own gets a code by SMS (Q81)."""
    home = Home(family)
    assert "подтверждён" in await home.phone.says("/contacts")
    asked = await home.phone.presses("Добавить: SMS")
    assert "Отправить мой номер" in asked
    assert "ваш собственный номер" in await home.shares(owner=502)
    async with family.open_uow(reading=True) as uow:
        assert len(await uow.register.contacts(family.mother)) == 2
    assert "Код отправлен" in await home.shares(owner=CHAT)
    await home.post.drain()
    ((address, text, _),) = home.post.sms.sent
    assert address == "+79001234567"
    shown = await home.phone.says(text.secret)
    assert shown.startswith("Верно: адрес ваш")
    assert "SMS, …4567 – нужна подпись" in shown


async def test_a_new_contact_is_signed_for_by_a_form_of_its_own(family: Family) -> None:
    """The statement of contacts, and no consent, since that is in force (Q80, Q81)."""
    home = Home(family)
    await home.phone.says("/contacts")
    await home.phone.presses("Добавить: почта")
    assert "почта, …@example.org" in await home.phone.says("second@example.org")
    shown = await home.phone.presses("‹ Назад")
    assert "нужен код, нужна подпись" in shown
    signed = await home.phone.presses("Получить бланки")
    assert "Подпишите 1 бланк" in signed
    assert "заявление о контактах" in signed
    assert len(home.phone.files) == 1
    number = signed.partition("№ ")[2].partition(":")[0]
    assert f"нужен код, ждёт школу: бланк № {number}" in await home.phone.says("/contacts")
    async with family.open_uow() as uow:
        await forms.return_numbered_form(uow, SYSTEM, number, "нет подписи", now=home.post.clock())
    assert f"Школа вернула бланк № {number}: нет подписи" in await home.phone.says("/contacts")


async def test_another_code_is_sent_on_request_and_not_without_end(family: Family) -> None:
    """Five a day, then a sentence says what else there is (Q81)."""
    home = Home(family)
    await home.phone.says("/contacts")
    await home.phone.presses("Добавить: почта")
    await home.phone.says("second@example.org")
    for _ in range(4):
        assert (await home.phone.presses("Отправить код ещё раз")).startswith("Код отправлен")
    assert "кодов достаточно" in await home.phone.presses("Отправить код ещё раз")


async def test_a_family_withdraws_in_two_taps_and_nothing_is_sent(family: Family) -> None:
    """The first tap says what it means; after the second electronic messages stop, marks stay, paper comes (Q5)."""
    home = Home(family)
    await family.learns(MARK)
    await home.post.drain()
    shown = await home.phone.says("/consent")
    assert "Соколова Анна Олеговна: согласие действует" in shown
    shown = await home.phone.presses("Отозвать: Соколова Анна Олеговна")
    for meaning in ("прекратятся сразу", "в журнале остаются", "на бумаге"):
        assert meaning in shown
    withdrawn = await home.phone.presses("Да, отозвать сейчас")
    assert "Согласие отозвано" in withdrawn
    assert "Соколова" not in withdrawn
    await home.post.drain(minutes=3)
    assert home.post.telegram.sent == home.post.email.sent == []
    (row,) = await rows(family.open_uow)
    last = row.deliveries[-1]
    assert (last.channel, last.status) == ("paper", Status.ACCEPTED)  # a Friday noon: it lies in the print queue
    assert Reason.CONSENT_WITHDRAWN in {each.reason for each in row.deliveries}
    history = await home.phone.says("/consent")
    assert "согласие отозвано" in history
    assert "отзыв – 20.11.2026" in history
    assert "Соколова" not in history
    assert "больше не действует" in await home.phone.presses("Да, отозвать сейчас")


async def test_keeping_the_consent_is_a_tap_too(family: Family) -> None:
    """«Нет» changes nothing (Q5)."""
    home = Home(family)
    await home.phone.says("/consent")
    await home.phone.presses("Отозвать: Соколова Анна Олеговна")
    assert "согласие действует" in await home.phone.presses("Нет, оставить")


async def test_kinds_are_chosen_by_frequency_and_by_channel_in_one_screen(family: Family) -> None:
    """At once, once a day, not at all; what one channel does not carry the next one brings; R6 always comes (Q83)."""
    home = Home(family)
    shown = await home.phone.says("/settings")
    assert "✓ сразу · 🕕 раз в день, в 18:00 · ✗ не приходит" in shown
    await home.phone.presses("✓ Пропуски")
    shown = await home.phone.presses("Telegram")
    assert home.phone.in_place
    assert "Что приходит сюда: Telegram" in shown
    assert "✗ Оценки" in await home.phone.presses("✓ Оценки")
    assert "в течение суток" in await home.phone.presses("Итоговые: всегда")
    shown = await home.phone.presses("Как часто")
    assert "✓ Оценки" in shown
    assert "🕕 Пропуски" in shown
    await family.learns(MARK)
    await home.post.drain()
    await home.post.drain(minutes=3)
    assert (len(home.post.telegram.sent), len(home.post.email.sent)) == (0, 1)
    async with family.open_uow(reading=True) as uow:
        assert await uow.register.unsubscribed(family.mother) == {("telegram", NoticeKind.MARKS)}
        (chosen,) = await uow.register.preferences(family.mother)
    assert (chosen.kind, chosen.frequency) == (NoticeKind.ABSENCES, Frequency.DIGEST)


async def test_own_quiet_hours_hold_back_what_may_wait(family: Family) -> None:
    """From the person's own hour on, not the school's; results keep their day (Q73, Q83)."""
    home = Home(family)
    await home.phone.says("/settings")
    shown = await home.phone.presses("Тихие часы: как в школе (21:00–07:00)")
    assert "как в школе" in shown
    assert "Тихие часы: 20:00–08:00" in await home.phone.presses("20:00–08:00")
    home.post.clock.advance(hours=8, minutes=30)  # 20:30 at school
    await family.learns(MARK, at=home.post.clock())
    await home.post.drain()
    await home.post.drain(hours=11)  # 07:30
    assert home.post.telegram.sent == []
    await home.post.drain(hours=1)
    assert len(home.post.telegram.sent) == 1
    async with family.open_uow(reading=True) as uow:
        assert await uow.register.quiet_hours(family.mother) == (time(20), time(8))


async def test_whoever_wants_no_quiet_hours_is_told_at_night(family: Family) -> None:
    """«Нет» stands for the school's hours too, and «как в школе» brings them back (Q83)."""
    home = Home(family)
    await home.phone.says("/settings")
    await home.phone.presses("Тихие часы: как в школе (21:00–07:00)")
    assert "Тихие часы: нет" in await home.phone.presses("нет")
    home.post.clock.advance(hours=11)
    await family.learns(MARK, at=home.post.clock())
    await home.post.drain()
    await home.post.drain(minutes=3)
    assert len(home.post.telegram.sent) == 1
    await home.phone.presses("Тихие часы: нет")
    assert "как в школе" in await home.phone.presses("как в школе (21:00–07:00)")


async def test_all_own_data_are_one_file(family: Family) -> None:
    """What the school holds about the person, readable by people; that it was given out is in the trail."""
    home = Home(family)
    await family.learns(MARK)
    await home.post.drain()
    await home.post.drain(minutes=3)
    await home.phone.says("/settings")
    await home.phone.presses("Все мои данные одним файлом")
    (file,) = home.phone.files
    assert file.filename == "мои-данные.html"
    page = file.data.decode()
    for word in ("Соколова Вера Ивановна", "Соколова Анна Олеговна", "sokolova@example.org", "С-1", "К-1", "оценки"):
        assert word in page, word
    async with family.open_uow(reading=True) as uow:
        assert "own_data_exported" in {line.action for line in await uow.audit.lines(limit=50)}


async def test_a_child_without_a_consent_stands_in_no_file_and_no_list(family: Family) -> None:
    """No electronic channel carries it, so the chat says only that there is one (Q2, Q3)."""
    async with family.open_uow() as uow:
        brother = await Builder(uow).student("Соколов Тимур Олегович", "5А")
        await uow.people.add_guardianship(family.mother, brother, relation="parent")
        await uow.commit()
    home = Home(family)
    shown = await home.phone.says("/consent")
    assert "ребёнок, о котором согласия нет: согласия нет, сведения на бумаге" in shown
    await home.phone.says("/settings")
    await home.phone.presses("Все мои данные одним файлом")
    (file,) = home.phone.files
    assert "Тимур" not in shown + file.data.decode()


async def test_a_discreet_messenger_names_nobody(family: Family) -> None:
    """Own contacts, consents and settings show no name; the file with all data does not go there (Q85)."""
    home = Home(family, discreet=True)
    said = [await home.phone.says(words) for words in ("/contacts", "/consent", "/settings")]
    said.append(await home.phone.presses("Все мои данные одним файлом"))
    assert home.phone.files == []
    assert "По решению школы" in said[-1]
    await home.phone.says("/consent")
    said.append(await home.phone.presses(next(label for label in home.phone.buttons if label.startswith("Отозвать"))))
    said.append(await home.phone.presses("Да, отозвать сейчас"))
    for shown in said:
        assert not [name for name in ("Соколов", "Анна", "Вера", "sokolova@") if name in shown]


async def test_a_teacher_who_is_a_parent_has_one_chat_and_one_settings_screen(family: Family) -> None:
    """Both menus in one, one list of contacts, one screen of settings, whatever part the person plays (Q83)."""
    async with family.open_uow() as uow:
        await uow.people.add_staff_role(family.mother, Role.TEACHER, group_id=None)
        await uow.commit()
    home = Home(family)
    menu = await home.phone.says("/menu")
    assert {"Оценки", "Мои уроки", "Настройки"} <= set(menu.split("\n"))
    assert menu.count("Настройки") == 1
    assert (await home.phone.says("/settings")).count("✓ Оценки") == 1
    assert "Соколова Анна Олеговна: согласие действует" in await home.phone.says("/consent")


async def test_an_adult_student_signs_and_reads_for_themselves(open_sqlite: UnitOfWorkFactory) -> None:
    """One chat with the student's own menu, consent and settings (Q8, Q9)."""
    async with open_sqlite() as uow:
        build = Builder(uow)
        student = await build.student("Соколова Анна Олеговна")
        await uow.people.set_account(student, opened=True)
        await build.decides(student, student, Decision.CONSENT, date(2026, 11, 20))
        telegram = await build.contact(student, "telegram", str(CHAT))
        await uow.commit()
    home = Home(Family(open_sqlite, student, student, telegram, telegram))
    assert "Оценки" in await home.phone.says("/menu")
    assert "Соколова Анна Олеговна: согласие действует" in await home.phone.says("/consent")
    assert "✓ Оценки" in await home.phone.says("/settings")


async def test_nobody_opens_what_belongs_to_another_chat(family: Family) -> None:
    """The way in opens to the chat that has proven a contact and to no other (Q80, Q106)."""
    home = Home(family)
    await home.phone.says("/contacts")
    stranger = Phone(home.phone.line, 777)
    stranger.buttons |= home.phone.buttons
    for label in ("Добавить: почта", "Добавить: SMS"):
        shown = await stranger.presses(label)
        assert "больше не действует" in shown or "/start КОД" in shown


async def test_whose_child_came_of_age_is_told_that_access_has_ended(open_sqlite: UnitOfWorkFactory) -> None:
    """A sentence instead of a menu, without a name; nothing else opens, whatever is asked (Q8)."""
    async with open_sqlite() as uow:
        build = Builder(uow)
        name = "Соколова Анна Олеговна"
        student = await uow.people.add(name, normal_name(name), birth_date=date(2008, 11, 20))
        await uow.people.add_student(student, leaves_on=None)
        mother = await build.guardian("Соколова Вера Ивановна", student)
        await build.decides(mother, student, Decision.CONSENT, date(2026, 9, 1))
        telegram = await build.contact(mother, "telegram", str(CHAT))
        await uow.commit()
    home = Home(Family(open_sqlite, student, mother, telegram, telegram))
    for words in ("/menu", "/marks", "что задали?", "/consent"):
        shown = await home.phone.says(words)
        assert shown.startswith("Сведений здесь для вас сейчас нет")
        assert "Соколова" not in shown
