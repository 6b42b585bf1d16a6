"""«24 часа» on the deputy head's phone, and results that a mother opens on hers (Q72, Q75, Q76, Q108)."""

from datetime import date, timedelta

import pytest

from bot.handlers.doors import DoorSchool
from bot.locales import LocaleCatalogues
from core.model.delivery.states import State, Status
from core.model.results.period_marks import PeriodMark
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from notifiers.directory import InstalledChannelDirectory
from tests.support.conversation.phone import Phone
from tests.support.conversation.telegram import Line
from tests.support.delivery.fakes import CLOSES
from tests.support.delivery.results import PHYSICS, OwingSchool, an_owing_school
from tests.support.schools.builders import NOW
from tests.support.schools.results import put_final


@pytest.fixture
async def school(open_sqlite: UnitOfWorkFactory) -> OwingSchool:
    """Two final marks are owed, one of them late by now; the first one stands in the results of the term."""
    school = await an_owing_school(open_sqlite)
    async with open_sqlite() as uow:
        year_id = await uow.year.ensure_year(NOW.date())
        await uow.year.put_period(year_id, "1 четверть", starts_on=date(2026, 9, 1), ends_on=date(2026, 11, 30))
        subject = (await uow.year.ensure_subjects({"алгебра": "Алгебра"}))["алгебра"]
        mark = PeriodMark(
            0, school.family.student, subject, year_id, "1 четверть", None, "4", 1, NOW, published=True, import_id=None
        )
        assert (await put_final(uow, mark)).id == 1
        await uow.commit()
    await school.owes(at=NOW - timedelta(hours=2))
    await school.owes(PHYSICS, fact="period_mark:2")
    school.post.clock.advance(hours=22, minutes=30)
    return school


def phone(school: OwingSchool, chat: int) -> Phone:
    conversation = DoorSchool(
        open_uow=school.open_uow, catalogues=LocaleCatalogues.load(), clock=lambda: school.now, policy=Policy(),
        closes=CLOSES, signing_key=b"key", language="ru", channels=InstalledChannelDirectory(), name="МБОУ СОШ № 1",
    )  # fmt: skip
    return Phone(Line(conversation), chat)


async def test_the_deputy_head_reads_what_is_owed_and_calls(school: OwingSchool) -> None:
    """The list, what to say, the tap that counts and the way back (Q72, Q75)."""
    deputy = phone(school, 601)
    shown = await deputy.says("/hours")
    assert "Не сообщены 2 результата; человек: 1." in shown
    assert "⏰ Соколова В. И. (Соколова А. О.): 2 результата, просрочено на 30 мин" in shown
    assert "Telegram: ожидает" in shown
    person = await deputy.presses("Соколова В. И. · 21.11 10:00")
    assert "Соколова А. О.: <b>1 четверть, Алгебра: 4</b>" in person
    assert "срок сегодня, сб 21.11, 12:00, осталось 1 ч 29 мин" in person
    assert "по телефону сообщены 2 результата" in await deputy.presses("☎ Дозвонились")
    assert {each.obligation.evidence for each in await school.results()} == {Status.REACHED}
    assert "Все результаты сообщены" in await deputy.presses("‹ 24 часа")
    await deputy.presses("↩ Не дозвонились")
    assert "Не сообщены 2 результата" in await deputy.says("/hours")


async def test_old_buttons_of_the_list_change_nothing_new(school: OwingSchool) -> None:
    """A tap after the message has arrived says so; «Дозвонились» then records no call (Q75)."""
    deputy = phone(school, 601)
    await deputy.says("/hours")
    await deputy.presses("Соколова В. И. · 21.11 10:00")
    await school.sends()
    for label in ("☎ Дозвонились", "Отправить сейчас", "На бумагу сейчас", "Соколова В. И. · 21.11 10:00"):
        shown = await deputy.presses(label)
        assert "всё сообщено" in shown or ": 0 результатов" in shown or "будут 0" in shown, label
    assert {each.call for each in await school.results()} == {None}


async def test_pages_report_and_proof_come_as_files_and_figures(school: OwingSchool) -> None:
    """The proof of a result as a PDF, the report with the late one, the queue without a page (Q75, Q76)."""
    deputy = phone(school, 601)
    await deputy.says("/hours")
    assert "Листов с результатами для печати нет" in await deputy.presses("🖨 Печать листов")
    report = await deputy.presses("Отчёт")
    assert "Сообщить надо было: 2" in report
    assert "Позже срока: 1\n   Вестник не работал, ничего не отправлено: 1\n" in report
    assert "Ещё есть время: 1" in await deputy.presses("30 дней")
    await deputy.says("/hours")
    await deputy.presses("Соколова В. И. · 21.11 10:00")
    assert "Доказательство по обязательству № 1" in await deputy.presses("Доказательство: Алгебра")
    assert [each.filename for each in deputy.files] == ["proof-1.pdf"]


async def test_the_head_reads_the_school_on_one_page(school: OwingSchool) -> None:
    """Electronic and paper, in time and late, plan, results, deferrals, imports; and as a PDF (Q108)."""
    deputy = phone(school, 601)
    page = await deputy.says("/school")
    for line in ("электронно: 1 (100,00 %)", "только на бумаге: 0", "Сообщить надо было: 2", "открытых отсрочек: 0"):
        assert line in page
    await deputy.presses("🖨 PDF")
    assert [each.filename for each in deputy.files] == ["school-2026-11-21.pdf"]


async def test_a_mother_who_opens_a_result_is_acquainted(school: OwingSchool) -> None:
    """Under her own account that is evidence of the results that the screen showed, and of no others (Q72)."""
    mother = phone(school, 501)
    await mother.says("/marks")
    assert "Алгебра: – · итоговая <b>4</b>" in await mother.presses("По периодам")
    first, second = await school.results()
    assert (first.obligation.state, first.obligation.evidence) == (State.CLOSED, Status.ACKNOWLEDGED)
    assert second.obligation.state is State.OPEN


@pytest.mark.parametrize("chat", [501, 602])
async def test_nobody_else_finds_a_way_in(school: OwingSchool, chat: int) -> None:
    """Neither a parent nor a class teacher, by command or menu (Q14)."""
    other = phone(school, chat)
    for command in ("/hours", "/school"):
        shown = await other.says(command)
        assert "Соколова В. И." not in shown
        assert "электронно" not in shown
    assert "24 часа" not in await other.says("/menu")
