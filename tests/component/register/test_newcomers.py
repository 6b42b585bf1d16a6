"""A family comes in: from the code on a sheet to the chat that is served, told as a chat (Q80, Q81, Q85, Q106)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from aiogram import Bot

from bot.conversation.answering import AnsweringConversation
from bot.handlers.doors import DoorSchool
from bot.locales import LocaleCatalogues
from bot.telegram.messenger import TelegramMessenger
from core.actions.register import codes, forms
from core.model.delivery.obligations import NewNotice
from core.model.people import Actor, Role
from core.model.register.consents import Decision
from core.model.register.forms import FormKind, FormPurpose, SignedForm
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from notifiers.directory import InstalledChannelDirectory
from tests.support.conversation.phone import Phone
from tests.support.conversation.telegram import TOKEN, Line
from tests.support.delivery.fakes import ScriptedNotifier
from tests.support.delivery.post import Post
from tests.support.delivery.third_party import installed_pigeon
from tests.support.schools.builders import MARK, NOW, Builder

CHAT, KEY = 501, b"key"
NAMES = ("Соколов", "Анна", "Вера", "8Б")
CHANNELS = frozenset({"email", "sms"})
PIGEON = """
async def open_channel(config):
    return None


def normalise(address):
    return address.strip()
"""


@dataclass(frozen=True, slots=True)
class Coming:
    """A mother with a code in her hand, and the office that waits for her forms."""

    open_uow: UnitOfWorkFactory
    phone: Phone
    post: Post
    mother: int
    student: int
    office: Actor

    async def has_code(self) -> str:
        async with self.open_uow() as uow:
            invitation = await codes.issue_code(
                uow, self.office, person_id=self.mother, channel="telegram", now=NOW, term=codes.LONGEST_TERM, key=KEY
            )
        return invitation.code

    async def reads_code(self, channel: ScriptedNotifier) -> str:
        """What the mailbox or the phone shows."""
        await self.post.drain()
        return channel.sent[-1][1].secret

    async def office_accepts(self, *purposes: FormPurpose) -> None:
        async with self.open_uow(reading=True) as uow:
            waiting = await forms.load_waiting_forms(uow, self.office)
        for form in waiting:
            if form.purpose in purposes:
                async with self.open_uow() as uow:
                    signed = SignedForm(NOW.date(), all_fields_filled=True)
                    await forms.accept_numbered_form(uow, self.office, form.number, signed, now=NOW, policy=Policy())

    async def hears(self) -> list[str]:
        """What the bot says by itself."""
        line = self.phone.line
        line.recording.sent.clear()
        messenger = TelegramMessenger(Bot(TOKEN, session=line.recording))
        await AnsweringConversation.of_all_doors(line.school, messenger).announce_confirmed()
        return [method.text for method in line.recording.sent]  # type: ignore[attr-defined]


Open = Callable[..., Awaitable[Coming]]


@pytest.fixture
def come(open_sqlite: UnitOfWorkFactory) -> Open:
    async def opened(*, discreet: bool = False) -> Coming:
        async with open_sqlite() as uow:
            build = Builder(uow)
            student = await build.student("Соколова Анна Олеговна")
            mother = await build.guardian("Соколова Вера Ивановна", student)
            secretary = await build.guardian("Тихонова Вера Степановна")
            await uow.people.add_staff_role(secretary, Role.SECRETARY, group_id=None)
            await uow.commit()
        policy = Policy(discreet=frozenset({"telegram"}) if discreet else frozenset())
        post = Post(open_sqlite, policy=policy)
        school = DoorSchool(
            open_uow=open_sqlite, catalogues=LocaleCatalogues.load(), clock=post.clock, policy=policy, closes={},
            signing_key=KEY, language="ru", name="Школа № 30", channels=InstalledChannelDirectory(CHANNELS),
        )  # fmt: skip
        office = Actor(secretary, frozenset({Role.SECRETARY}))
        return Coming(open_sqlite, Phone(Line(school), CHAT), post, mother, student, office)

    return opened


def names_nobody(shown: str) -> bool:
    """No child, no adult, no class."""
    return not any(name in shown for name in NAMES)


async def test_from_the_sheet_to_the_first_mark(come: Open) -> None:
    """A code, the consent in short, mail and SMS proven by codes, the forms, the school, a test, a mark (Q80, Q81).

    Until the school has taken the forms, no word names anybody.
    """
    coming = await come()
    phone, code = coming.phone, await coming.has_code()

    shown = await phone.says(f"/start {code}")
    assert shown.splitlines()[0].startswith("Здравствуйте! Код принят")
    assert "О чём согласие, коротко" in shown
    assert "Школа № 30" in shown
    said = [shown]

    said.append(await phone.presses("Понятно, дальше"))
    assert "этот чат – адрес ваш" in said[-1]
    said.append(await phone.presses("Добавить: почта"))
    assert "Напишите адрес почты" in said[-1]
    said.append(await phone.says("это не адрес"))
    assert said[-1].startswith("Такого адреса не бывает")
    said.append(await phone.says("vera@example.org"))
    assert "Код отправлен" in said[-1]
    said.append(await phone.says("000000"))
    assert said[-1].startswith("Код не подошёл")
    said.append(await phone.says(await coming.reads_code(coming.post.email)))
    assert said[-1].startswith("Верно: адрес ваш")
    assert "почта, …@example.org – адрес ваш" in said[-1]

    said.append(await phone.presses("Добавить: SMS"))
    said.append(await phone.says("8 900 123-45-67"))
    said.append(await phone.says(await coming.reads_code(coming.post.sms)))
    assert "SMS, …4567 – адрес ваш" in said[-1]

    said.append(await phone.presses("Готово, к подписи"))
    assert "Подпишите 2 бланка и отдайте в школу" in said[-1]
    said.append(await phone.says("ну и где оценки?"))
    assert said[-1].startswith("<b>Ждём школу: она ещё не приняла 2 бланка.")
    assert all(map(names_nobody, said))

    await coming.office_accepts(FormPurpose.CONTACTS)
    (confirmed,) = await coming.hears()
    assert names_nobody(confirmed)
    shown = await phone.says("/menu")
    assert shown.startswith("<b>Ждём школу: она ещё не приняла 1 бланк.")
    assert names_nobody(shown)
    await coming.office_accepts(FormPurpose.CONSENT)
    (test,) = await coming.hears()
    assert "Соколова Анна Олеговна" in test
    assert await coming.hears() == []

    async with coming.open_uow() as uow:
        await uow.outbox.add(
            [NewNotice(coming.student, MARK, "entry:1")],
            received_at=coming.post.clock(),
            published_at=coming.post.clock(),
        )
        await uow.commit()
    await coming.post.drain()
    await coming.post.drain(minutes=3)
    ((address, text, _),) = coming.post.telegram.sent
    assert address == str(CHAT)
    assert "Соколова Анна Олеговна" in text.title


async def test_who_wants_paper_signs_a_refusal(come: Open) -> None:
    """The first tap says what it means, the second gives the form; then the school is awaited (R1, Q106)."""
    coming = await come()
    await coming.phone.says(f"/start {await coming.has_code()}")
    shown = await coming.phone.presses("Хочу всё на бумаге")
    assert "раз в неделю" in shown
    shown = await coming.phone.presses("Да, на бумаге: получить бланк отказа")
    assert "отказ от электронной формы" in shown
    assert len(coming.phone.files) == 1
    assert (await coming.phone.says("что дальше?")).startswith("<b>Ждём школу")
    await coming.office_accepts(FormPurpose.REFUSAL)
    async with coming.open_uow(reading=True) as uow:
        (entry,) = await uow.register.consents(coming.mother)
    assert entry.decision is Decision.REFUSAL


async def test_a_form_that_came_back_is_shown_with_the_reason(come: Open) -> None:
    """It is the first thing that the chat says, whatever is asked, and a new form is one tap away (Q81)."""
    coming = await come()
    await coming.phone.says(f"/start {await coming.has_code()}")
    await coming.phone.presses("Понятно, дальше")
    await coming.phone.presses("Готово, к подписи")
    async with coming.open_uow(reading=True) as uow:
        first, *_ = await forms.load_waiting_forms(uow, coming.office)
    async with coming.open_uow() as uow:
        await forms.return_numbered_form(uow, coming.office, first.number, "нет подписи", now=NOW)
    shown = await coming.phone.says("/menu")
    assert shown.startswith("<b>Школа вернула 1 бланк")
    assert f"№ {first.number}" in shown
    assert "нет подписи" in shown
    shown = await coming.phone.presses("Получить бланки")
    assert "Подпишите 2 бланка" in shown
    assert first.number not in shown


async def test_a_form_that_still_says_the_same_is_not_issued_twice(come: Open) -> None:
    """A printed sheet stays good; another contact makes another statement, and the consent stays (Q81)."""
    coming = await come()
    await coming.phone.says(f"/start {await coming.has_code()}")
    await coming.phone.presses("Понятно, дальше")
    await coming.phone.presses("Готово, к подписи")
    numbers = await _waiting(coming)
    await coming.phone.says("?")
    await coming.phone.presses("Получить бланки")
    assert await _waiting(coming) == numbers
    await coming.phone.presses("Изменить контакты")
    await coming.phone.presses("Добавить: почта")
    await coming.phone.says("vera@example.org")
    await coming.phone.says(await coming.reads_code(coming.post.email))
    await coming.phone.presses("Готово, к подписи")
    again = await _waiting(coming)
    assert again[FormPurpose.CONSENT] == numbers[FormPurpose.CONSENT]
    assert again[FormPurpose.CONTACTS] != numbers[FormPurpose.CONTACTS]


async def test_a_signed_e_document_takes_the_place_of_a_sheet(come: Open) -> None:
    """Its reference and hash are typed; the office sees both, compares and accepts by them (R7)."""
    coming = await come()
    await coming.phone.says(f"/start {await coming.has_code()}")
    await coming.phone.presses("Понятно, дальше")
    await coming.phone.presses("Готово, к подписи")
    number = (await _waiting(coming))[FormPurpose.CONSENT]
    await coming.phone.says("подписал на портале")
    await coming.phone.presses(f"Подписано электронно: {number}")
    assert (await coming.phone.says("ЭД-17 abc")).startswith("Так не вышло")
    shown = await coming.phone.says(f"ЭД-17 {'AB' * 32}")
    assert shown.startswith("<b>Ждём школу")
    assert "электронный документ ЭД-17" in shown
    assert f"Подписано электронно: {number}" not in shown
    office = Phone(coming.phone.line, 502)
    async with coming.open_uow() as uow:
        await Builder(uow).contact(coming.office.person_id or 0, "telegram", "502")
        await uow.commit()
    await office.says("/register")
    await office.presses("Ждут подтверждения (3)")
    label = next(label for label in office.buttons if label.startswith(number))
    assert f"Прислан электронный документ ЭД-17, SHA-256 {'ab' * 32}" in await office.presses(label)
    await office.presses("Сегодня")
    async with coming.open_uow(reading=True) as uow:
        (entry,) = await uow.register.consents(coming.mother)
    assert (entry.form, entry.document, entry.scan_sha256) == (FormKind.E_DOCUMENT, "ЭД-17", "ab" * 32)


async def test_where_the_messenger_is_discreet_nobody_is_named_at_any_step(come: Open) -> None:
    """Not even in the test message at the end; codes, mails and file names are the same everywhere (Q85)."""
    coming = await come(discreet=True)
    phone = coming.phone
    said = [await phone.says(f"/start {await coming.has_code()}"), await phone.presses("Понятно, дальше")]
    said.append(await phone.presses("Добавить: почта"))
    said.append(await phone.says("vera@example.org"))
    await coming.post.drain()
    ((_, mail, _),) = coming.post.email.sent
    said.append(str(mail))
    said.append(await phone.says(mail.secret))
    said.append(await phone.presses("Готово, к подписи"))
    said += [file.filename for file in phone.files]
    await coming.office_accepts(FormPurpose.CONTACTS, FormPurpose.CONSENT)
    said += await coming.hears()
    assert len(said) == 10
    assert all(map(names_nobody, said))


async def test_a_stranger_learns_how_to_come_and_nothing_else(come: Open) -> None:
    """Neither words nor a contact card nor a newcomer's own buttons tell them anything (Q106)."""
    coming = await come()
    await coming.phone.says(f"/start {await coming.has_code()}")
    await coming.phone.presses("Понятно, дальше")
    stranger = Phone(coming.phone.line, 777)
    stranger.buttons |= coming.phone.buttons
    said = [await stranger.says(words) for words in ("/start", "/contacts", "Соколова Анна", "123456")]
    said += [await stranger.presses(label) for label in ("Готово, к подписи", "Добавить: почта", "Понятно, дальше")]
    assert all("/start КОД" in shown or "больше не действует" in shown for shown in said)
    async with coming.open_uow(reading=True) as uow:
        assert not await uow.register.forms()


async def test_a_newcomer_in_the_familys_chat_is_led_too(come: Open) -> None:
    """Two parents with one phone: whose code it is goes the own way, and the other one stays known (Q80)."""
    coming = await come()
    await coming.phone.says(f"/start {await coming.has_code()}")
    await coming.phone.presses("Понятно, дальше")
    await coming.phone.presses("Готово, к подписи")
    await coming.office_accepts(FormPurpose.CONTACTS, FormPurpose.CONSENT)
    async with coming.open_uow() as uow:
        father = await Builder(uow).guardian("Соколов Олег Петрович", coming.student)
        await uow.commit()
    async with coming.open_uow() as uow:
        invitation = await codes.issue_code(
            uow, coming.office, person_id=father, channel="telegram", now=NOW, term=codes.LONGEST_TERM, key=KEY
        )
    shown = await coming.phone.says(f"/start {invitation.token}")
    assert "Код принят" in shown
    assert names_nobody(shown)
    await coming.phone.presses("Понятно, дальше")
    await coming.phone.presses("Добавить: почта")
    await coming.phone.says("oleg@example.org")
    assert (await coming.phone.says(await coming.reads_code(coming.post.email))).startswith("Верно: адрес ваш")
    await coming.phone.presses("Готово, к подписи")
    async with coming.open_uow(reading=True) as uow:
        assert {form.person_id for form in await forms.load_waiting_forms(uow, coming.office)} == {father}
    assert "Соколова Анна" in await coming.phone.says("/menu")


async def test_a_channel_of_somebody_else_is_offered_like_our_own(
    come: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One module and one entry point: its address is asked for, and a code goes there (Q86)."""
    coming = await come()
    with installed_pigeon(PIGEON, tmp_path, monkeypatch):
        coming.phone.line.school = replace(
            coming.phone.line.school, channels=InstalledChannelDirectory(frozenset({"pigeon"}))
        )
        await coming.phone.says(f"/start {await coming.has_code()}")
        shown = await coming.phone.presses("Понятно, дальше")
        assert "Добавить: pigeon" in shown
        assert "Напишите адрес: pigeon" in await coming.phone.presses("Добавить: pigeon")
        assert "Код отправлен" in await coming.phone.says("Голубятня 3")
    async with coming.open_uow(reading=True) as uow:
        assert [each.channel for each in await uow.register.contacts(coming.mother)] == ["telegram", "pigeon"]


async def _waiting(coming: Coming) -> dict[FormPurpose, str]:
    async with coming.open_uow(reading=True) as uow:
        return {form.purpose: form.number for form in await forms.load_waiting_forms(uow, coming.office)}
