"""A family comes in: from the code on a sheet to the chat that is served, told as a chat (Q80, Q81, Q85, Q106)."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest
from aiogram import Bot

from bot.conversation.answering import Conversation
from bot.handlers.doors import School
from bot.locales import Catalogues
from bot.telegram.messenger import TelegramMessenger
from core.actions.register import codes, forms
from core.model.delivery.obligations import NewNotice
from core.model.people import Actor, Role
from core.model.register.forms import FormPurpose, SignedForm
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from notifiers.directory import InstalledChannels
from tests.support.conversation.phone import Phone
from tests.support.conversation.telegram import TOKEN, Line
from tests.support.delivery.fakes import ScriptedNotifier
from tests.support.delivery.post import Post
from tests.support.schools.builders import MARK, NOW, Builder

CHAT, KEY = 501, b"key"
NAMES = ("Соколов", "Анна", "Вера", "8Б")
CHANNELS = frozenset({"email", "sms"})


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
            code = await codes.issue_code(
                uow, self.office, person_id=self.mother, channel="telegram", now=NOW, term=codes.LONGEST_TERM, key=KEY
            )
        return code if isinstance(code, str) else code.code

    async def reads_code(self, channel: ScriptedNotifier) -> str:
        """What the mailbox or the phone shows."""
        await self.post.drain()
        return channel.sent[-1][1].secret

    async def office_accepts(self, *purposes: FormPurpose) -> None:
        async with self.open_uow(reading=True) as uow:
            waiting = await forms.waiting_forms(uow, self.office)
        for form in waiting:
            if form.purpose in purposes:
                async with self.open_uow() as uow:
                    signed = SignedForm(NOW.date(), all_fields_filled=True)
                    await forms.accept_form(uow, self.office, form.number, signed, now=NOW, policy=Policy())

    async def hears(self) -> list[str]:
        """What the bot says by itself."""
        line = self.phone.line
        line.recording.sent.clear()
        messenger = TelegramMessenger(Bot(TOKEN, session=line.recording))
        await Conversation.of_all_doors(line.school, messenger).announce_confirmed()
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
        school = School(
            open_uow=open_sqlite, catalogues=Catalogues.load(), clock=post.clock, policy=policy, closes={},
            signing_key=KEY, language="ru", name="Школа № 30", channels=InstalledChannels(CHANNELS),
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
