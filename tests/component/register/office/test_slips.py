"""A photographed strip or a typed number opens the confirmation of a form; the photo is read and nowhere kept."""

import io
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

import pytest
import segno
from aiogram import Bot
from aiogram.methods import GetFile, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import File
from PIL import Image

from bot.documents.slips import EXTRACT, FORM, slip_code
from bot.handlers.doors import DoorSchool
from bot.locales import LocaleCatalogues
from core.actions.register import forms
from core.model.delivery.states import Status
from core.model.delivery.text import Text
from core.model.people import SYSTEM, Role
from core.model.register.consents import Decision
from core.model.register.forms import FormPurpose, IssuedForm, NewForm
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from notifiers.directory import InstalledChannelDirectory
from tests.support.conversation.phone import Phone
from tests.support.conversation.telegram import Line, Recording
from tests.support.schools.builders import NOW, Builder

SECRETARY, TEACHER = 601, 603
KEY = b"key"
PHOTO = {"photo": [{"file_id": "big", "file_unique_id": "u", "width": 1280, "height": 960}]}


class Camera(Recording):
    """A messenger that keeps one photo and gives it to the bot."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.content, self.fetched = content, 0

    async def make_request(
        self, bot: Bot, method: TelegramMethod[TelegramType], timeout: int | None = None  # noqa: ASYNC109
    ) -> TelegramType:  # fmt: skip
        if isinstance(method, GetFile):
            self.fetched += 1
            return cast("TelegramType", File(file_id="big", file_unique_id="u", file_path="photos/1.jpg"))
        return await super().make_request(bot, method, timeout)

    async def stream_content(self, *_args: Any, **_options: Any) -> AsyncGenerator[bytes, None]:
        for start in range(0, len(self.content), 65_536):
            yield self.content[start : start + 65_536]


@dataclass(slots=True)
class Office:
    """A secretary, a teacher, and a mother with a form that waits."""

    open_uow: UnitOfWorkFactory
    mother: int
    child: int
    form: IssuedForm
    discreet: bool = False
    camera: Camera = field(default_factory=lambda: Camera(b""))

    def phone(self, chat: int = SECRETARY) -> Phone:
        policy = Policy(discreet=frozenset({"telegram"}) if self.discreet else frozenset())
        school = DoorSchool(
            open_uow=self.open_uow, catalogues=LocaleCatalogues.load(), clock=lambda: NOW, policy=policy, closes={},
            signing_key=KEY, language="ru", channels=InstalledChannelDirectory(),
        )  # fmt: skip
        return Phone(Line(school, recording=self.camera), chat)

    async def photographs(self, *codes: str, chat: int = SECRETARY) -> tuple[Phone, str]:
        self.camera = Camera(photo(*codes))
        phone = self.phone(chat)
        return phone, phone._read(await phone.line.sends(chat, PHOTO))  # noqa: SLF001  # as `says` does

    async def decisions(self) -> list[Decision]:
        async with self.open_uow(reading=True) as uow:
            return [entry.decision for entry in await uow.register.consents()]


def photo(*codes: str) -> bytes:
    """A photo of strips, somewhat askew; without codes a blank sheet."""
    page = Image.new("L", (max(len(codes), 1) * 420, 420), "white")
    for place, code in enumerate(codes):
        image = io.BytesIO()
        segno.make(code, error="m", micro=False).save(image, kind="png", scale=6, border=0)
        page.paste(Image.open(image), (place * 420 + 90, 90))
    file = io.BytesIO()
    page.rotate(5, expand=True, fillcolor="white").save(file, "JPEG", quality=60)
    return file.getvalue()


@pytest.fixture
async def office(open_sqlite: UnitOfWorkFactory) -> Office:
    async with open_sqlite() as uow:
        build = Builder(uow)
        child = await build.student("Соколова Анна Олеговна", "5А")
        mother = await build.guardian("Соколова Вера Ивановна", child)
        for chat, role in ((SECRETARY, Role.SECRETARY), (TEACHER, Role.TEACHER)):
            person = await build.guardian(f"Сотрудник {role}")
            await uow.people.add_staff_role(person, role, group_id=None)
            await build.contact(person, "telegram", str(chat))
        await uow.commit()
    issued_at = NOW - timedelta(days=1)
    async with open_sqlite() as uow:
        new = NewForm(FormPurpose.CONSENT, mother, child)
        form = await forms.issue_numbered_form(uow, SYSTEM, new, now=issued_at, policy=Policy())
    return Office(open_sqlite, mother, child, form)


async def test_a_photo_opens_the_confirmation_with_everything_filled_in(office: Office) -> None:
    """One photo and one tap with the date: the consent is in the register under the form's number (Q1, Q4, Q11)."""
    phone, shown = await office.photographs(slip_code(FORM, office.form.id, key=KEY))
    assert office.form.number in shown
    assert "Соколова Вера Ивановна" in shown
    assert await office.decisions() == []
    await phone.presses(next(label for label in phone.buttons if "егодня" in label))
    assert await office.decisions() == [Decision.CONSENT]


async def test_the_photo_is_nowhere_kept(office: Office) -> None:
    """It is read in memory: the update that brought it is emptied, and no table holds its reference (Q11)."""
    await office.photographs(slip_code(FORM, office.form.id, key=KEY))
    assert office.camera.fetched == 1
    async with office.open_uow(reading=True) as uow:
        assert not await uow.conversations.claim_unfinished(
            "telegram", holder="line", now=NOW, silent_since=NOW + timedelta(days=1)
        )


async def test_several_slips_on_one_photo(office: Office) -> None:
    """Each form has a button; an extract's slip is recorded as signed (Q34)."""
    async with office.open_uow() as uow:
        second = await forms.issue_numbered_form(
            uow, SYSTEM, NewForm(FormPurpose.REFUSAL, office.mother, office.child), now=NOW, policy=Policy()
        )
    async with office.open_uow() as uow:
        extract = await uow.paper.put(
            person_id=office.mother, student_id=office.child, key="k", basis="refusal", text=Text("", (), ""), at=NOW
        )
        await uow.commit()
    codes = [slip_code(FORM, each.id, key=KEY) for each in (office.form, second)]
    phone, shown = await office.photographs(*codes, slip_code(EXTRACT, extract.id, key=KEY))
    assert f"Выписка {extract.number}: корешок вернулся подписанным" in shown
    assert sum(number in label for label in phone.buttons for number in (office.form.number, second.number)) == 2
    async with office.open_uow(reading=True) as uow:
        assert (await uow.paper.extract(extract.number)).status is Status.SIGNED


@pytest.mark.parametrize("codes", [(), (slip_code(FORM, 1, key=b"another school"),), ("https://example.org",)])
async def test_a_photo_without_our_code_says_what_to_do(office: Office, codes: tuple[str, ...]) -> None:
    """A blank sheet, another school's form, any other code: nothing is opened."""
    _, shown = await office.photographs(*codes)
    assert "QR-кода нашей школы на фото нет" in shown
    assert office.form.number not in shown


async def test_a_discreet_messenger_fetches_no_photo(office: Office) -> None:
    """Where the messenger may carry nothing personal no photo is even fetched, and a number opens nothing (Q85)."""
    office.discreet = True
    _, shown = await office.photographs(slip_code(FORM, office.form.id, key=KEY))
    assert (office.camera.fetched, office.form.number in shown) == (0, False)
    assert "Соколова" not in await office.phone().says(office.form.number)


async def test_a_teacher_opens_nothing_by_a_photo(office: Office) -> None:
    """Nor by the number: both are the office's (Q14)."""
    _, shown = await office.photographs(slip_code(FORM, office.form.id, key=KEY), chat=TEACHER)
    assert (office.camera.fetched, "Соколова" in shown) == (0, False)
    assert "Соколова" not in await office.phone(TEACHER).says(office.form.number)


async def test_a_typed_number_opens_the_confirmation(office: Office) -> None:
    """Also in small Latin letters; a mistyped one and an unknown one are told apart (Q11)."""
    typed = office.form.number.replace("С", "c").replace("-", " ")
    shown = await office.phone().says(typed)
    assert "Соколова Вера Ивановна" in shown
    wrong = office.form.number[:-1] + str((int(office.form.number[-1]) + 1) % 10)
    assert "В номере бланка ошибка" in await office.phone().says(wrong)
    assert "Бланка с таким номером нет" in await office.phone().says("С-2026-000998")
