"""The secretary's phone: what waits, whole classes, one person; nothing of it over a discreet messenger."""

import io
from dataclasses import dataclass
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook

from bot.handlers.doors import DoorSchool
from bot.locales import LocaleCatalogues
from core.actions.register import contacts, forms
from core.model.delivery.states import Reason
from core.model.people import SYSTEM, Actor, Role
from core.model.register.consents import Decision
from core.model.register.forms import FormPurpose, FormState, NewForm
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_class_name
from notifiers.directory import InstalledChannelDirectory
from tests.support.conversation.phone import Phone
from tests.support.conversation.telegram import Line
from tests.support.schools.builders import NOW, Builder

SECRETARY, DEPUTY, TEACHER, MOTHER = 601, 602, 603, 501
PUPILS = 28
TELEGRAM = "telegram"


@dataclass(slots=True)
class Office:
    """A class of 28, the first of whom has a mother with Telegram and mail, and the staff."""

    open_uow: UnitOfWorkFactory
    students: list[int]
    parents: list[int]
    father: int
    telegram: int
    actor: Actor
    discreet: bool = False

    def phone(self, chat: int = SECRETARY) -> Phone:
        policy = Policy(discreet=frozenset({TELEGRAM}) if self.discreet else frozenset())
        school = DoorSchool(
            open_uow=self.open_uow, catalogues=LocaleCatalogues.load(), clock=lambda: NOW, policy=policy, closes={},
            signing_key=b"key", language="ru", channels=InstalledChannelDirectory(),
            start_links={TELEGRAM: "https://t.me/school_bot?start={code}"},
        )  # fmt: skip
        return Phone(Line(school), chat)

    async def decisions(self) -> list[Decision]:
        async with self.open_uow(reading=True) as uow:
            return [entry.decision for entry in await uow.register.consents()]

    async def audited(self) -> list[tuple[str, int | None]]:
        async with self.open_uow(reading=True) as uow:
            return [(line.action, line.actor_id) for line in await uow.audit.lines(limit=40)]

    async def issues(self, purpose: FormPurpose, person: int, student: int | None = None) -> str:
        async with self.open_uow() as uow:
            form = await forms.issue_numbered_form(
                uow, SYSTEM, NewForm(purpose, person, student), now=NOW - timedelta(days=1), policy=Policy()
            )
        return form.number


@pytest.fixture
async def office(open_sqlite: UnitOfWorkFactory) -> Office:
    async with open_sqlite() as uow:
        build = Builder(uow)
        students = [await build.student(f"Ученик{chr(1040 + place)} Анна Олеговна", "5А") for place in range(PUPILS)]
        parents = [
            await build.guardian(f"Родитель{chr(1040 + place)} Вера Ивановна", student)
            for place, student in enumerate(students)
        ]
        father = await build.guardian("Отцов Пётр Ильич", students[1])
        telegram = await build.contact(parents[0], TELEGRAM, str(MOTHER))
        group = await uow.year.ensure_group(GroupKind.CLASS, "5А", normal_class_name("5А"))
        staff = [await build.guardian(name) for name in ("Тихонова Инна", "Завучева Нина", "Учителева Анна")]
        roles = (Role.SECRETARY, Role.DEPUTY_HEAD, Role.CLASS_TEACHER)
        for person, role, chat in zip(staff, roles, (SECRETARY, DEPUTY, TEACHER), strict=True):
            await uow.people.add_staff_role(person, role, group_id=group if role is Role.CLASS_TEACHER else None)
            await build.contact(person, TELEGRAM, str(chat))
        actor = Actor(staff[0], frozenset({Role.SECRETARY}))
        await uow.commit()
    return Office(open_sqlite, students, parents, father, telegram, actor)


async def test_a_class_of_28_is_registered_in_under_40_taps(office: Office) -> None:
    """All came in, three are unticked, one of two representatives signed: twelve taps, one transaction (Q1, Q3)."""
    phone = office.phone()
    shown = await phone.says("/register")
    assert "Без решения: 29" in shown
    taps = 0
    for label in ("Классы", "5А", "Согласия всего класса", "Пришли все"):
        shown = await phone.presses(label)
        taps += 1
    assert "Отмечено 27 из 29" in shown
    assert "У 2 строк неясно, кто подписал" in shown
    for label in ("☑ УченикВ А. О.", "☑ УченикГ А. О.", "☑ УченикД А. О.", "☐ УченикБ А. О. ← Отцов П. И."):
        shown = await phone.presses(label)
        taps += 1
    check = await phone.presses("Записать 25 согласий")
    assert "все девять полей" in check
    assert "УченикВ А. О." in check
    shown = await phone.presses("Сегодня")
    assert "внесено 25 согласий" in shown
    assert taps + 3 < 40
    assert await office.decisions() == [Decision.CONSENT] * 25
    assert (await office.audited())[0] == ("class_consents", office.actor.person_id)
    async with office.open_uow(reading=True) as uow:
        assert not await uow.register.consents(office.parents[1], office.students[1]), "who signed is not guessed"
        assert await uow.register.consents(office.father, office.students[1])


async def test_numbered_forms_of_a_class_are_accepted_by_their_numbers(office: Office) -> None:
    """The issued form says who signs, gives the entry its number, and waits no more (Q11)."""
    number = await office.issues(FormPurpose.CONSENT, office.parents[1], office.students[1])
    phone = office.phone()
    await phone.says("/register")
    for label in ("Классы", "5А", "Согласия всего класса", "Пришли все", "Записать 28 согласий"):
        await phone.presses(label)
    await phone.presses("Другая дата или номер")
    assert "внесено 28 согласий" in await phone.says("бланки 5А от 20.11.2026")
    async with office.open_uow(reading=True) as uow:
        entries = {entry.student_id: entry for entry in await uow.register.consents()}
        assert (await uow.register.form_numbered(number)).state is FormState.ACCEPTED
    assert entries[office.students[1]].document == number
    assert entries[office.students[2]].document == "бланки 5А"


async def test_a_date_of_the_future_enters_nothing_of_a_class(office: Office) -> None:
    """The whole class waits until the date is right: all or none (contracts, Persons)."""
    phone = office.phone()
    await phone.says("/register")
    for label in ("Классы", "5А", "Согласия всего класса", "Пришли все", "Записать 27 согласий"):
        await phone.presses(label)
    await phone.presses("Другая дата или номер")
    assert "ещё не наступила" in await phone.says("5А от 21.11.2026")
    assert await office.decisions() == []


async def test_a_form_is_confirmed_or_returned_from_the_waiting_list(office: Office) -> None:
    """The list in plain words, one entry, its date; or a reason, and then nothing is entered (Q1, Q4)."""
    consent = await office.issues(FormPurpose.CONSENT, office.parents[0], office.students[0])
    refusal = await office.issues(FormPurpose.REFUSAL, office.parents[2], office.students[2])
    phone = office.phone()
    shown = await phone.says("кто ждёт подтверждения?")
    assert "Ждут подтверждения: 2" in shown
    shown = await phone.presses(f"{consent}, РодительА В. И.")
    assert "все девять полей" in shown
    assert f"Бланк {consent} принят" in await phone.presses("Сегодня")
    await phone.presses("‹ Ждут подтверждения")
    await phone.presses(f"{refusal}, РодительВ В. И.")
    await phone.presses("Вернуть")
    assert f"Бланк {refusal} возвращён" in await phone.says("подпись не та")
    assert await office.decisions() == [Decision.CONSENT]
    async with office.open_uow(reading=True) as uow:
        returned = await uow.register.form_numbered(refusal)
    assert (returned.state, returned.reason) == (FormState.RETURNED, "подпись не та")


async def test_a_statement_alone_makes_no_contact_work(office: Office) -> None:
    """What its contacts lack is said where it is accepted, unless the owner was seen (Q80)."""
    async with office.open_uow() as uow:
        await contacts.add_contact(
            uow, SYSTEM, person_id=office.parents[3], channel="email", address="m@example.org", now=NOW
        )
    phone = office.phone()
    for button, works in (("Сегодня", False), ("Сегодня, принёс владелец сам", True)):
        number = await office.issues(FormPurpose.CONTACTS, office.parents[3])
        await phone.says("кто ждёт подтверждения")
        await phone.presses(next(label for label in phone.buttons if label.startswith(number)))
        said = await phone.presses(button)
        assert (f"Бланк {number} принят" in said, "не хватает: подтверждение владельца" in said) == (True, not works)


async def test_a_form_is_taken_once(office: Office) -> None:
    """A second tap on an old button says that it was accepted; nothing is entered twice."""
    number = await office.issues(FormPurpose.CONSENT, office.parents[0], office.students[0])
    phone = office.phone()
    await phone.says("/register")
    await phone.presses("Ждут подтверждения (1)")
    await phone.presses(f"{number}, РодительА В. И.")
    await phone.presses("Сегодня")
    assert "уже принят" in await phone.presses("Сегодня")
    assert await office.decisions() == [Decision.CONSENT]


async def test_a_contact_without_a_form_of_ours_is_confirmed(office: Office) -> None:
    """A paper with its own number and date; a date of the future is refused with a sentence (Q80, R7)."""
    async with office.open_uow() as uow:
        mail = await contacts.add_contact(
            uow, SYSTEM, person_id=office.parents[3], channel="email", address="m@example.org", now=NOW
        )
    phone = office.phone()
    await phone.says("кто ждёт подтверждения")
    shown = await phone.presses(next(label for label in phone.buttons if label.startswith("РодительГ")))
    assert "нет: подтверждение владельца, письменная форма" in shown
    await phone.presses("Другая дата или номер")
    assert "ещё не наступила" in await phone.says("К-17 от 21.11.2026")
    await phone.presses("Другая дата или номер")
    said = await phone.says("К-17 от 19.11.2026")
    assert "ещё не действует, не хватает: подтверждение владельца" in said
    assert "Подтверждено" not in said
    async with office.open_uow(reading=True) as uow:
        (written,) = await uow.register.confirmations(mail)
    assert (written.document, str(written.document_on)) == ("К-17", "2026-11-19")
    assert written.accepted_by == "Тихонова Инна"
    assert "m@example.org" not in shown


async def test_who_is_set_aside_comes_back_in_one_tap(office: Office) -> None:
    """With the reason on the screen (Q84)."""
    async with office.open_uow() as uow:
        await uow.register.set_aside(office.telegram, Reason.BLOCKED, at=NOW)
        await uow.commit()
    phone = office.phone()
    assert "бот заблокирован" in (await phone.says("кто отложен")).lower()
    assert "снова действует" in await phone.presses("↩ РодительА В. И., Telegram")
    assert ("contact_resumed", office.actor.person_id) in await office.audited()


async def test_who_has_no_channel_is_listed(office: Office) -> None:
    """A consent without a contact, in plain words too."""
    async with office.open_uow() as uow:
        await Builder(uow).decides(office.parents[5], office.students[5], Decision.CONSENT)
        await uow.commit()
    assert "РодительЕ Вера Ивановна (УченикЕ А. О., 5А)" in await office.phone().says("у кого нет канала?")


async def test_a_card_leads_to_everything(office: Office) -> None:
    """Found by a part of the name: state, contacts, a refusal on paper, an invitation, a lost phone (Q5, Q82, Q102)."""
    phone = office.phone()
    card = await phone.says("найди родительа")
    assert "Telegram – действует" in card
    await phone.presses("Согласие: Анна")
    assert "Внесено под № 2026-0001" in await phone.says("17 от 18.11")
    await phone.presses("Отзыв: Анна")
    assert "согласие отозвано" in await phone.presses("Сегодня")
    code = await phone.presses("Выдать приглашение")
    assert "https://t.me/school_bot?start=" in code
    await phone.presses("Карточка")
    await phone.presses("Отвязать: Telegram")
    assert "Контакт отвязан" in await phone.presses("Да")
    assert await office.decisions() == [Decision.CONSENT, Decision.WITHDRAWAL]
    done = {action for action, actor in await office.audited() if actor == office.actor.person_id}
    assert {"consent_consent", "consent_withdrawal", "contact_invited", "contact_revoked"} <= done


async def test_a_name_may_be_in_any_case_and_the_search_must_be_asked_for(office: Office) -> None:
    """«найди Отцова» finds the father; «как найти …» is no search, since nothing begins with it (Q111)."""
    phone = office.phone()
    for words in ("найди Отцова", "карточка Отцову", "find отцов"):
        assert "Отцов Пётр Ильич" in await phone.says(words), words
    assert "Отцов Пётр" not in await phone.says("как найти Отцова")


async def test_several_who_fit_are_told_apart(office: Office) -> None:
    """By class and children; the choice is a tap (Q134)."""
    phone = office.phone()
    await phone.says("/register")
    await phone.presses("Найти человека")
    shown = await phone.says("родител")
    assert "Нашлось 28 человек" in shown
    assert "УченикА А. О., 5А" in shown
    assert "напишите больше слов" in shown
    assert "такого человека нет" in (await phone.says("Никтошин")).lower()


async def test_a_marriage_and_a_second_entry(office: Office) -> None:
    """A person is renamed, two entries of one person become one after a second tap (Q134)."""
    async with office.open_uow() as uow:
        twin = await Builder(uow).guardian("Отцов Петр Ильич", office.students[2])
        await uow.commit()
    phone = office.phone()
    await phone.says(f"карточка {'отцов'}")
    await phone.presses(f"Отцов Пётр Ильич, № {office.father}")
    await phone.presses("Исправить имя")
    assert "Имя исправлено" in await phone.says("Отцовский Пётр Ильич")
    await phone.presses("Соединить записи")
    await phone.says("отцов")
    assert "Отменить это нельзя" in await phone.presses(f"Отцов Петр Ильич, № {twin}")
    joined = await phone.presses("Да")
    assert "Записи соединены" in joined
    assert "УченикВ" in joined


async def test_the_class_list_is_a_file(office: Office) -> None:
    """A workbook with a row for each pair; no address in it."""
    phone = office.phone()
    await phone.says("/register")
    await phone.presses("Классы")
    assert "Получают электронно: 0 из 29" in await phone.presses("5А")
    await phone.presses("Список файлом")
    (file,) = phone.files
    book = CalamineWorkbook.from_filelike(io.BytesIO(file.data))
    rows = book.get_sheet_by_index(0).to_python()
    assert len(rows) == 30
    assert str(MOTHER) not in str(rows)


async def test_a_discreet_messenger_keeps_no_register(office: Office) -> None:
    """There the command line alone is the secretary's, and no name is shown in the chat (Q85)."""
    office.discreet = True
    phone = office.phone()
    for words in ("/register", "кто ждёт подтверждения", "найди Родитель"):
        assert "Родитель" not in (await phone.says(words)).replace(words, "")


async def test_a_class_teacher_reads_whom_to_remind(office: Office) -> None:
    """By command and in plain words: child, class, whose contact, what is missing; no address (Q84, Q103)."""
    async with office.open_uow() as uow:
        await contacts.add_contact(
            uow, SYSTEM, person_id=office.parents[2], channel="email", address="m@example.org",
            now=NOW - timedelta(days=8),
        )  # fmt: skip
    teacher = office.phone(TEACHER)
    for words in ("/waiting", "кто ждёт подтверждения?"):
        shown = await teacher.says(words)
        assert "УченикВ А. О., 5А (РодительВ В. И.)" in shown
        assert "нет: подтверждение владельца, письменная форма" in shown
        assert "m@example.org" not in shown


async def test_nobody_else_opens_the_register(office: Office) -> None:
    """A class teacher and a parent find no such door, in commands, words or buttons (Q102, Q106)."""
    async with office.open_uow() as uow:
        await Builder(uow).decides(office.parents[0], office.students[0], Decision.CONSENT)
        await uow.commit()
    secretary = office.phone()
    await secretary.says("/register")
    for chat in (TEACHER, MOTHER, 999):
        phone = office.phone(chat)
        for words in ("/register", "найди Отцов", "кто отложен"):
            shown = await phone.says(words)
            assert "Отцов П" not in shown
            assert "Реестр согласий" not in shown
        phone.buttons = dict(secretary.buttons)
        assert "Реестр" not in await phone.presses("Классы")
