"""A teacher sets the final marks of a class on a phone at the end of a quarter (Q52, Q55, Q58, Q67)."""

import pytest

from bot.screens.results.class_finals import CLASS
from core.model.people import SYSTEM
from core.model.results.closings import TermClosing
from core.ports import UnitOfWorkFactory
from core.rules.conversation.buttons import Handle, pack_button
from tests.support.conversation.asking import KEY
from tests.support.conversation.phone import Phone
from tests.support.schools.builders import NOW
from tests.support.schools.finals_class import (
    COLLEAGUE,
    LEADER,
    STUDENTS,
    TERM,
    FinalsClass,
    a_finals_class,
    student_name,
)

PROPOSED = STUDENTS - 2
"""All but the one with too few marks and the one who was ill."""


@pytest.fixture
async def school(open_sqlite: UnitOfWorkFactory) -> FinalsClass:
    """8Б with thirty students."""
    return await a_finals_class(open_sqlite)


async def at_page(school: FinalsClass, chat: int | None = None) -> Phone:
    """The page of algebra is open."""
    phone = school.phone() if chat is None else school.phone(chat)
    await phone.says("/finals")
    await phone.presses("8Б · Алгебра")
    return phone


async def close(school: FinalsClass) -> None:
    """The deputy head has closed the quarter."""
    async with school.open_uow() as uow:
        year = await uow.year.ensure_year(NOW.date())
        await uow.closings.add(TermClosing(0, year, TERM, closed=True, at=NOW, by=SYSTEM.person_id))
        await uow.commit()


async def test_a_class_of_thirty_is_finished_in_three_taps(school: FinalsClass) -> None:
    """From the menu: final marks, class and subject, as proposed; at most five are allowed (Q55)."""
    teacher = school.phone()
    await teacher.says("/menu")
    taps = ["Итоговые оценки", "8Б · Алгебра", f"Выставить как предложено: {PROPOSED} оценок"]
    shown = [await teacher.presses(label) for label in taps]
    assert len(taps) <= 5
    assert "2 четверть · выставлено 0 из 30" in shown[1]
    assert "1. Ученик01 О. И.: → 5 · 5,00; оценок 5, пропусков 0" in shown[1]
    assert f"Поставлено {PROPOSED} оценок." in shown[2]
    assert f"выставлено {PROPOSED} из 30" in shown[2]
    values = await school.values()
    assert values[student_name(1)] == "5"
    assert [value for name, value in values.items() if name != student_name(1)] == ["4"] * (PROPOSED - 1)


async def test_the_gradebook_leads_to_the_final_marks(school: FinalsClass) -> None:
    """One tap from the lesson that the teacher has before them."""
    teacher = school.phone()
    await teacher.says("/journal")
    await teacher.presses("8Б · Алгебра")
    assert "2 четверть · выставлено 0 из 30" in await teacher.presses("Итоговые оценки")


async def test_what_was_set_in_one_tap_is_taken_back_in_one(school: FinalsClass) -> None:
    """All of it, but for what was changed since; a second tap takes back nothing (Q38)."""
    teacher = await at_page(school)
    await teacher.presses(f"Выставить как предложено: {PROPOSED} оценок")
    assert f"Отменено {PROPOSED} оценок." in await teacher.presses("↩ Отменить")
    assert set((await school.values()).values()) == {None}
    assert "оценка с тех пор изменилась" in await teacher.presses("↩ Отменить")


async def test_illness_and_few_marks_are_left_to_people(school: FinalsClass) -> None:
    """A deferral is proposed for illness and granted by the deputy head; few marks leave the decision open (Q58)."""
    teacher = await at_page(school)
    ill = await teacher.presses("30. Ученик30 О. И. → отсрочка")
    assert "Предложено: <b>отсрочка</b> (болезнь). Отсрочку оформляет завуч." in ill
    assert "пропущено 5 из 5 уроков" in ill
    await teacher.presses("‹ Весь класс")
    assert "Предложения нет: мало оценок, решает учитель." in await teacher.presses("29. Ученик29 О. И. ?")
    assert "✓ Ученик29 О. И.: <b>4</b>" in await teacher.presses("4")
    await teacher.presses("30. Ученик30 О. И. → отсрочка")
    assert "✓ Ученик30 О. И.: <b>н/а</b>" in await teacher.presses("н/а")
    assert {"Ученик29 Олег Ильич": "4", "Ученик30 Олег Ильич": "н/а"}.items() <= (await school.values()).items()


async def test_another_mark_than_the_proposal_wants_a_comment(school: FinalsClass) -> None:
    """The words that come are kept with the mark; the history shows them, and the tap can be taken back (Q55)."""
    teacher = await at_page(school)
    await teacher.presses("1. Ученик01 О. И. → 5")
    assert "Предложено 5, вы ставите 4. Напишите, почему" in await teacher.presses("4")
    assert await school.values() == {}
    assert "✓ Ученик01 О. И.: <b>4</b>" in await teacher.says("не сдал зачёт")
    assert "20.11 12:00: – → 4 – не сдал зачёт" in await teacher.presses("1. Ученик01 О. И.: 4")
    assert "Отменена 1 оценка." in await teacher.presses("↩ Отменить")


async def test_a_comment_that_was_given_up_takes_no_words(school: FinalsClass) -> None:
    """After «Назад» the next words are a question again."""
    teacher = await at_page(school)
    await teacher.presses("1. Ученик01 О. И. → 5")
    await teacher.presses("4")
    await teacher.presses("‹ Назад")
    await teacher.says("не сдал зачёт")
    assert await school.values() == {}


async def test_after_closing_a_correction_wants_a_ground(school: FinalsClass) -> None:
    """The ground is asked first, then the comment; nothing is set in bulk or annulled (Q67)."""
    teacher = await at_page(school)
    await teacher.presses(f"Выставить как предложено: {PROPOSED} оценок")
    await close(school)
    assert "Период закрыт: исправление требует основания." in await teacher.presses("• 2 четверть")
    await teacher.presses("2. Ученик02 О. И.: 4")
    assert "Напишите основание исправления" in await teacher.presses("5")
    assert "Предложено 4, вы ставите 5" in await teacher.says("ошибка при выставлении")
    assert "✓ Ученик02 О. И.: <b>5</b>" in await teacher.says("переписал работу")
    shown = await teacher.presses("2. Ученик02 О. И.: 5")
    assert "4 → 5 – переписал работу – основание: ошибка при выставлении" in shown
    assert "Ничего не записано: период закрыт" in await teacher.presses("Аннулировать")
    assert (await school.values())[student_name(2)] == "5"


async def test_a_mark_is_annulled_and_comes_back(school: FinalsClass) -> None:
    """The cell is empty again; the undo restores the mark (Q38)."""
    teacher = await at_page(school)
    await teacher.presses("2. Ученик02 О. И. → 4")
    await teacher.presses("4")
    await teacher.presses("2. Ученик02 О. И.: 4")
    assert "✓ Ученик02 О. И.: оценка аннулирована" in await teacher.presses("Аннулировать")
    await teacher.presses("↩ Отменить")
    assert await school.values() == {student_name(2): "4"}


async def test_a_second_tap_on_an_old_screen_changes_nothing(school: FinalsClass) -> None:
    """Two phones have the same student before them; the second is shown what stands now (Q38)."""
    first, second = await at_page(school), await at_page(school)
    for phone in (first, second):
        await phone.presses("2. Ученик02 О. И. → 4")
    await first.presses("4")
    refused = await second.presses("5")
    assert "оценка с тех пор изменилась" in refused
    assert "2. Ученик02 О. И.: <b>4</b>" in refused


async def test_a_class_teacher_reads_all_subjects_and_a_colleague_own_ones(school: FinalsClass) -> None:
    """Whoever teaches physics finds no algebra; the class teacher opens it and sets nothing (Q14)."""
    await (await at_page(school)).presses(f"Выставить как предложено: {PROPOSED} оценок")
    page = pack_button(
        Handle(CLASS, (school.group, school.subjects["Алгебра"])), channel="telegram", chat=str(LEADER), key=KEY
    )
    colleague = school.phone(COLLEAGUE)
    assert "Алгебра" not in await colleague.says("/finals")
    assert "выставлено 28 из 30" in await school.line.presses(LEADER, page)
    assert "Ученик" not in await school.line.presses(COLLEAGUE, page)


async def test_where_the_journal_makes_marks_the_page_says_what_is_missing(open_sqlite: UnitOfWorkFactory) -> None:
    """Nothing can be set; the reason and the place to set it are said (Q52)."""
    school = await a_finals_class(open_sqlite, marks="journal", count=3)
    teacher = await at_page(school)
    assert "Выставить как предложено" not in " ".join(teacher.buttons)
    shown = await teacher.presses("1. Ученик01 О. И. → 5")
    assert "поставить оценку нужно в журнале" in shown
    assert "5" not in teacher.buttons
