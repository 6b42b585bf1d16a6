"""A newcomer's chat: after the code, before the form, once the form is there; the order of one's contacts."""

from datetime import date

import pytest
from aiogram import Bot

from bot.conversation.answering import AnsweringConversation
from bot.handlers import MENU
from bot.handlers.doors import DoorCaller, DoorSchool
from bot.handlers.register.onboarding import onboarding_code_door
from bot.locales import LocaleCatalogues
from bot.telegram.messenger import TelegramMessenger
from core.actions.register import codes, contacts
from core.model.conversation import Dialog
from core.model.people import SYSTEM
from core.model.register.consents import Decision
from core.model.register.forms import WrittenForm
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from notifiers.directory import InstalledChannelDirectory
from tests.support.conversation.phone import Phone
from tests.support.conversation.telegram import TOKEN, Line
from tests.support.schools.builders import NOW, Builder

CHAT, KEY = 501, b"key"
FORM = WrittenForm("17", date(2026, 11, 16), "Секретарёва И. О.")


class Newcomer:
    """A mother with a mail address who is about to bind her chat."""

    def __init__(self, open_uow: UnitOfWorkFactory, person: int) -> None:
        school = DoorSchool(
            open_uow=open_uow, catalogues=LocaleCatalogues.load(), clock=lambda: NOW, policy=Policy(), closes={},
            signing_key=KEY, language="ru", channels=InstalledChannelDirectory(),
        )  # fmt: skip
        self.open_uow, self.person, self.phone = open_uow, person, Phone(Line(school), CHAT)

    async def enters_code(self) -> str:
        async with self.open_uow() as uow:
            invitation = await codes.issue_code(
                uow, SYSTEM, person_id=self.person, channel="telegram", now=NOW, term=codes.LONGEST_TERM, key=KEY
            )
        return await self.phone.says(f"/start {invitation.code}")

    async def signs_form(self) -> None:
        async with self.open_uow() as uow:
            (bound,) = await uow.register.contacts_at("telegram", str(CHAT))
            await contacts.confirm_contact(uow, SYSTEM, contact_id=bound.id, written=FORM, now=NOW, policy=Policy())

    async def announced(self) -> list[str]:
        """What the bot says by itself."""
        line = self.phone.line
        line.recording.sent.clear()
        messenger = TelegramMessenger(Bot(TOKEN, session=line.recording))
        await AnsweringConversation.of_all_doors(line.school, messenger).announce_confirmed()
        return [method.text for method in line.recording.sent]  # type: ignore[attr-defined]


@pytest.fixture
async def newcomer(open_sqlite: UnitOfWorkFactory) -> Newcomer:
    async with open_sqlite() as uow:
        build = Builder(uow)
        student = await build.student("Соколова Анна Олеговна")
        mother = await build.guardian("Соколова Вера Ивановна", student)
        await build.decides(mother, student, Decision.CONSENT)
        await build.contact(mother, "email", "m@example.org")
        await uow.commit()
    return Newcomer(open_sqlite, mother)


async def test_after_the_code_the_form_is_what_is_missing(newcomer: Newcomer) -> None:
    """Whatever is asked: nobody is sent for a code that was entered already; a consent is there (Q81, Q106)."""
    assert "/start КОД" in await newcomer.phone.says("/marks")
    assert "Код принят" in await newcomer.enters_code()
    for said in ("/marks", "/start", "/menu", "что задали"):
        shown = await newcomer.phone.says(said)
        assert "Куда писать?" in shown
        assert "КОД" not in shown
        assert "Соколова" not in shown


async def test_the_chat_hears_once_that_it_is_confirmed(newcomer: Newcomer) -> None:
    """The bot says it by itself, with a way to the menu (Q81)."""
    await newcomer.enters_code()
    assert await newcomer.announced() == []
    await newcomer.signs_form()
    (said,) = await newcomer.announced()
    assert "чат подтверждён" in said
    assert await newcomer.announced() == []
    assert "Соколова Анна" in await newcomer.phone.says("/menu")


async def test_a_family_chooses_which_contact_comes_first(newcomer: Newcomer) -> None:
    """The chat that was bound last comes first, until its owner says otherwise (Q83)."""
    await newcomer.enters_code()
    await newcomer.signs_form()
    await newcomer.phone.says("/settings")
    shown = await newcomer.phone.presses("Мои контакты")
    assert shown.index("этот чат") < shown.index("example.org")
    shown = await newcomer.phone.presses("Сначала сюда: почта, …@example.org")
    assert shown.index("example.org") < shown.index("этот чат")
    async with newcomer.open_uow(reading=True) as uow:
        assert [each.channel for each in await uow.register.contacts(newcomer.person)] == ["email", "telegram"]


async def test_a_wrong_a_used_and_an_old_code_read_alike(newcomer: Newcomer) -> None:
    """Whoever guesses learns nothing from the answer; a group is refused and uses up no code (Q82, Q106)."""
    async with newcomer.open_uow() as uow:
        new = await codes.issue_code(
            uow, SYSTEM, person_id=newcomer.person, channel="telegram", now=NOW, term=codes.LONGEST_TERM, key=KEY
        )
    school, group = newcomer.phone.line.school, "-1001234567890"
    caller = DoorCaller(
        school=school, channel="telegram", chat=group, speakers=(), now=NOW, t=school.translator(()),
        dialog=Dialog("telegram", group),
    )  # fmt: skip
    refused = await onboarding_code_door(new.code, caller, MENU)
    answers = {refused.text}
    assert "Код принят" in await newcomer.phone.says(f"/start {new.token}")
    stranger = Phone(newcomer.phone.line, 777)
    answers |= {await stranger.says(f"/start {said}") for said in (new.code, new.token, "WRNG222222")}
    async with newcomer.open_uow() as uow:
        old = await codes.issue_code(
            uow, SYSTEM, person_id=newcomer.person, channel="telegram", now=NOW - codes.LONGEST_TERM * 2,
            term=codes.LONGEST_TERM, key=KEY,
        )  # fmt: skip
    answers.add(await stranger.says(f"/start {old.code}"))
    assert len(answers) == 1
    assert "не подошёл" in answers.pop()
