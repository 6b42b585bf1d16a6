"""A school day without marks is told to the deputy head once; weekends, holidays and days with marks are not (Q107)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest

from core.actions.imports import silence
from core.model.delivery.fact_names import silent_source_fact_name
from core.model.marks.entries import EntryKind, NewEntry
from core.model.notices.staff import MarksMissing
from core.model.people import Role
from core.model.timetable import Holiday, NewTemplateLesson
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_name
from notifiers.words.texts import compose_text
from tests.support.delivery.parcels import ENGLISH, KEY, NOBODY, RUSSIAN, parcel
from tests.support.schools.builders import a_family

DEPUTY = "Белова Тамара Ильинична"
FOUR = time(16)
FRIDAY = datetime(2026, 11, 20, 13, tzinfo=UTC)
"""16:00 in Moscow; 8Б has lessons on Mondays, Fridays and Saturdays."""

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class School:
    """8Б with one student, its timetable and a deputy head."""

    open_uow: UnitOfWorkFactory
    student: int
    algebra: int

    async def gets_a_mark(self, at: datetime) -> None:
        """A five comes at a moment."""
        new = NewEntry(self.student, self.algebra, at.date(), EntryKind.SCORE, "5", None, None, None, None)
        async with self.open_uow() as uow:
            await uow.marks.add_entries([new], import_id=None, at=at)
            await uow.commit()

    async def looks(self, now: datetime) -> bool:
        """The clock looks; whether the deputy head was warned."""
        async with self.open_uow() as uow:
            if not await silence.is_import_silence_due(uow, by=FOUR, now=now, policy=Policy()):
                return False
            return await silence.warn_of_import_silence(uow, by=FOUR, now=now, policy=Policy())

    async def told(self, on: date) -> Sequence[object]:
        """The warnings of a date."""
        async with self.open_uow(reading=True) as uow:
            return [each.notice for each in await uow.outbox.published_as(silent_source_fact_name(on))]


@pytest.fixture
async def school(open_uow: UnitOfWorkFactory) -> School:
    family = await a_family(open_uow)
    async with open_uow() as uow:
        deputy = await uow.people.add(DEPUTY, normal_name(DEPUTY))
        await uow.people.add_staff_role(deputy, Role.DEPUTY_HEAD, group_id=None)
        group = await uow.year.ensure_group(GroupKind.CLASS, "8Б", "8б")
        (algebra,) = (await uow.year.ensure_subjects({"алгебра": "Алгебра"})).values()
        lessons = [NewTemplateLesson(algebra, weekday, 2, "7", None) for weekday in (0, 4, 5)]
        await uow.timetable.put_template(group, lessons, starts_on=date(2026, 9, 1))
        await uow.commit()
    return School(open_uow, family.student, algebra)


async def test_a_silent_school_day_is_told_once(school: School) -> None:
    """Not a minute before four, then once, however often the clock looks; the next day anew (Q107)."""
    await school.gets_a_mark(FRIDAY - DAY)
    looks = [await school.looks(FRIDAY + timedelta(minutes=minutes)) for minutes in (-1, 0, 15, 300)]
    assert looks == [False, True, False, False]
    assert await school.told(FRIDAY.date()) == [MarksMissing(FRIDAY.date(), FRIDAY, None)]
    assert await school.looks(FRIDAY + DAY)


async def test_a_day_with_a_mark_is_not_silent(school: School) -> None:
    """One mark of this date is enough, also one that came just after midnight of the school (Q107)."""
    await school.gets_a_mark(datetime(2026, 11, 19, 21, 1, tzinfo=UTC))
    assert not await school.looks(FRIDAY)
    assert not await school.told(FRIDAY.date())


@pytest.mark.parametrize("later", [2 * DAY, 4 * DAY])
async def test_a_day_without_lessons_is_not_silent(school: School, later: timedelta) -> None:
    """Sunday, and a Tuesday on which nobody has lessons; Saturday is a day of school here (Q107)."""
    await school.gets_a_mark(FRIDAY - DAY)
    assert not await school.looks(FRIDAY + later)


async def test_holidays_are_not_silent(school: School) -> None:
    """The autumn holidays are known to the timetable (Q22, Q107)."""
    await school.gets_a_mark(FRIDAY - DAY)
    async with school.open_uow() as uow:
        year_id = await uow.year.ensure_year(FRIDAY.date())
        autumn = Holiday(0, year_id, "Осенние каникулы", date(2026, 11, 16), date(2026, 11, 22), None, None)
        await uow.timetable.put_holidays(year_id, [autumn])
        await uow.commit()
    assert not await school.looks(FRIDAY)


async def test_a_school_without_any_mark_is_not_warned(school: School) -> None:
    """It has not begun to use the journal, so nothing has stopped (Q107)."""
    assert not await school.looks(FRIDAY)


async def test_the_warning_says_when_a_file_was_imported_last(school: School) -> None:
    """By the school's clock, so that it is clear whether the import or the teachers are silent (Q107)."""
    await school.gets_a_mark(FRIDAY - DAY)
    async with school.open_uow() as uow:
        await uow.imports.add_import(sha256="0" * 64, kind="table", at=FRIDAY - DAY, by=None)
        await uow.commit()
    assert await school.looks(FRIDAY)
    (notice,) = await school.told(FRIDAY.date())
    assert isinstance(notice, MarksMissing)
    texts = [compose_text(parcel((NOBODY, notice)), t, key=KEY) for t in (RUSSIAN, ENGLISH)]
    assert [text.title for text in texts] == ["Нет оценок", "No marks"]
    assert [text.sections[0].lines for text in texts] == [
        ("пт 20.11, журнал: к 16:00 оценок не поступило. Последняя загрузка чт 19.11, 16:00",),
        ("Fri 20.11, journal: no marks came by 16:00. Last import Thu 19.11, 16:00",),
    ]
    assert not texts[0].unsubscribable
