"""The secretary says in chat whose processors a paper names, and sees which messengers a consent opens (Q4, Q140)."""

import io
from dataclasses import dataclass, replace

import pytest
from python_calamine import CalamineWorkbook

from bot.handlers.doors import DoorSchool
from bot.locales import LocaleCatalogues
from core.actions.register import forms
from core.model.people import SYSTEM, Role
from core.model.register.consents import NamedProcessors
from core.model.register.forms import FormPurpose, NewForm
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_class_name
from notifiers.directory import InstalledChannelDirectory
from tests.support.conversation.phone import Phone
from tests.support.conversation.telegram import Line
from tests.support.schools.builders import NOW, Builder

SECRETARY, VERA, NINA = 601, 501, 502
USUAL = ("email", "sms", "telegram")
WITHOUT = Policy(processors=NamedProcessors(on_forms=("email", "telegram"), on_papers=USUAL))
WITH_MAX = replace(WITHOUT, processors=replace(WITHOUT.processors, on_forms=("email", "max", "telegram")))
ASKED = "Чьих обработчиков называет бумага?"


@dataclass(slots=True)
class Office:
    """A class of two with a mother each, one of whom has MAX besides Telegram."""

    open_uow: UnitOfWorkFactory
    students: list[int]
    mothers: list[int]

    def phone(self, chat: int = SECRETARY, policy: Policy = WITH_MAX) -> Phone:
        school = DoorSchool(
            open_uow=self.open_uow, catalogues=LocaleCatalogues.load(), clock=lambda: NOW, policy=policy, closes={},
            signing_key=b"key", language="ru", channels=InstalledChannelDirectory(),
        )  # fmt: skip
        return Phone(Line(school), chat)

    async def named(self) -> dict[int, tuple[str, ...] | None]:
        """By mother, the channels of her latest consent."""
        async with self.open_uow(reading=True) as uow:
            return {entry.person_id: entry.channels for entry in await uow.register.consents()}

    async def issues(self, place: int) -> str:
        """A printed form of consent of this mother, with MAX on it."""
        new = NewForm(FormPurpose.CONSENT, self.mothers[place], self.students[place])
        async with self.open_uow() as uow:
            return (await forms.issue_numbered_form(uow, SYSTEM, new, now=NOW, policy=WITH_MAX)).number


@pytest.fixture
async def office(open_sqlite: UnitOfWorkFactory) -> Office:
    async with open_sqlite() as uow:
        build = Builder(uow)
        students = [await build.student(name, "5А") for name in ("Верина Анна Олеговна", "Нинина Яна Олеговна")]
        mothers = [
            await build.guardian(name, student)
            for name, student in zip(("Верина Вера Ивановна", "Нинина Нина Ильинична"), students, strict=True)
        ]
        await build.contact(mothers[0], "telegram", str(VERA))
        await build.contact(mothers[0], "max", "7001", rank=2)
        await build.contact(mothers[1], "max", "7002")
        await uow.year.ensure_group(GroupKind.CLASS, "5А", normal_class_name("5А"))
        secretary = await build.guardian("Тихонова Инна")
        await uow.people.add_staff_role(secretary, Role.SECRETARY, group_id=None)
        await build.contact(secretary, "telegram", str(SECRETARY))
        await uow.commit()
    return Office(open_sqlite, students, mothers)


async def asks_vera(phone: Phone) -> str:
    await phone.says("найди Верина Вера")
    return await phone.presses("Согласие: Анна")


async def test_a_paper_that_nobody_speaks_of_opens_no_max(office: Office) -> None:
    """MAX alone has no tick beforehand; the card says what is open, and why MAX is not."""
    phone = office.phone()
    shown = await asks_vera(phone)
    assert ASKED in shown
    assert [label for label in phone.buttons if label[0] in "☐☑"] == ["☑ почта", "☐ MAX", "☑ Telegram"]
    card = await phone.presses("Сегодня")
    assert (await office.named())[office.mothers[0]] == USUAL
    assert "открывает: почта, Telegram; в бумаге не назван обработчик: MAX" in card


@pytest.mark.parametrize("typed", [None, "17 от 20.11.2026"])
async def test_a_tick_says_that_a_paper_names_max(office: Office, typed: str | None) -> None:
    """Before the date is pressed or typed; a second press takes a tick away."""
    phone = office.phone()
    await asks_vera(phone)
    for label in ("☐ MAX", "☑ почта", "☑ Telegram", "☐ Telegram"):
        await phone.presses(label)
        assert phone.in_place
    card = await (phone.says(typed) if typed else phone.presses("Сегодня"))
    assert (await office.named())[office.mothers[0]] == ("max", "sms", "telegram")
    assert "открывает: MAX, Telegram; в бумаге не назван обработчик: почта" in card


async def test_ticks_are_of_one_paper(office: Office) -> None:
    """Those of a paper that was left say nothing of the next one, and nothing of a refusal."""
    phone = office.phone()
    await asks_vera(phone)
    await phone.presses("☐ MAX")
    today = phone.buttons["Сегодня"]
    for label in ("‹ Назад", "☰ Реестр", "Найти человека"):
        await phone.presses(label)
    await phone.says("Ильинична")
    await phone.presses("Согласие: Яна")
    await phone.presses("Сегодня")
    phone.buttons["Сегодня"] = today
    assert ASKED in await phone.presses("Сегодня"), "the ticks of this paper are lost, so it is asked for again"
    await phone.presses("‹ Назад")
    assert ASKED not in await phone.presses("Отказ: Анна")
    await phone.presses("Сегодня")
    assert await office.named() == {office.mothers[1]: USUAL, office.mothers[0]: None}


async def test_a_typed_number_of_ours_needs_no_tick(office: Office) -> None:
    """Its form names what was printed on it."""
    number, phone = await office.issues(0), office.phone()
    await asks_vera(phone)
    await phone.says(f"{number} от 20.11.2026")
    assert (await office.named())[office.mothers[0]] == ("email", "max", "telegram")


async def test_a_printed_form_shows_whom_it_names(office: Office) -> None:
    """Whoever takes it in need not say it."""
    number, phone = await office.issues(0), office.phone()
    shown = await phone.says(number)
    assert "Называет обработчиков: почта, MAX, Telegram." in shown
    assert ASKED not in shown


async def test_the_papers_of_a_class_are_ticked_once(office: Office) -> None:
    """For those without a number of ours; a numbered form names what was printed on it, whatever is ticked."""
    await office.issues(1)
    phone = office.phone()
    await phone.says("/register")
    for label in ("Классы", "5А", "Согласия всего класса", "Пришли все"):
        await phone.presses(label)
    assert ASKED in await phone.presses("Записать 2 согласия")
    for label in ("☐ MAX", "☑ почта", "Другая дата или номер"):
        await phone.presses(label)
    assert "внесено 2 согласия" in await phone.says("бланки 5А от 20.11.2026")
    expected = {office.mothers[0]: ("max", "sms", "telegram"), office.mothers[1]: ("email", "max", "telegram")}
    assert await office.named() == expected


async def test_the_class_and_its_list_say_why_max_is_closed(office: Office) -> None:
    """«Нет канала» alone would make the office look for a fault where a paper is missing."""
    phone = office.phone()
    await phone.says("/register")
    for label in ("Классы", "5А", "Согласия всего класса", "Пришли все", "Записать 2 согласия", "Сегодня"):
        await phone.presses(label)
    shown = await phone.presses("К классу")
    assert "Нинина Н. И. – нет канала; в бумаге не назван обработчик: MAX" in shown
    await phone.presses("Список файлом")
    (file,) = phone.files
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file.data)).get_sheet_by_index(0).to_python()
    assert "MAX (обработчик не назван)" in str(rows)
    await phone.presses("☰ Реестр")
    assert "в бумаге не назван обработчик: MAX" in await phone.says("у кого нет канала")


async def test_a_family_reads_why_max_is_closed(office: Office) -> None:
    """In the chat that is open to it; whose consent names MAX reads nothing of the kind."""
    secretary, mother = office.phone(), office.phone(VERA)
    await asks_vera(secretary)
    await secretary.presses("Сегодня")
    assert "Не открыто: MAX." in await mother.says("/consent")
    await asks_vera_again(secretary)
    assert "Не открыто" not in await mother.says("/consent")


async def asks_vera_again(phone: Phone) -> None:
    """The consent is withdrawn, and a paper that names MAX is entered."""
    await phone.presses("Отзыв: Анна")
    await phone.presses("Сегодня")
    for label in ("Согласие: Анна", "☐ MAX", "Сегодня"):
        await phone.presses(label)


async def test_a_school_without_max_is_asked_nothing(office: Office) -> None:
    """Every paper is taken to name what it offers."""
    phone = office.phone(policy=WITHOUT)
    assert ASKED not in await asks_vera(phone)
    await phone.presses("Сегодня")
    assert (await office.named())[office.mothers[0]] == USUAL
