"""What storage promises of deferrals, closings and periods, on both databases."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from core.errors import ConflictError
from core.model.results.closings import TermClosing
from core.model.results.deferrals import Deferral, DeferralEnd
from core.ports import UnitOfWorkFactory
from core.rules.access import Everything, Family, Nothing
from tests.support.schools.builders import NOW, a_family

TERM = "1 четверть"
AUTUMN: dict[str, Any] = {"starts_on": date(2026, 9, 1), "ends_on": date(2026, 10, 25)}


async def test_one_deferral_of_a_mark_is_open_at_a_time(open_uow: UnitOfWorkFactory) -> None:
    """A further deferral is granted after the first has ended; the first stays as history (Q53)."""
    family = await a_family(open_uow)
    async with open_uow() as uow:
        subjects = await uow.year.ensure_subjects({"алгебра": "Алгебра"})
        year_id = await uow.year.ensure_year(NOW.date())
        ill, due = (date(2026, 10, 1), date(2026, 10, 20)), date(2026, 12, 1)
        new = Deferral(0, family.student, subjects["алгебра"], year_id, TERM, *ill, "№ 1", "приказ 5", due, None, NOW)
        first = await uow.deferrals.add(new)
        await uow.commit()
        with pytest.raises(ConflictError):
            await uow.deferrals.add(new)
    async with open_uow() as uow:
        assert await uow.deferrals.end(first, at=NOW, by=None, ended_as=DeferralEnd.EXTENDED)
        assert not await uow.deferrals.end(first, at=NOW, by=None, ended_as=DeferralEnd.MARK)
        second = await uow.deferrals.add(new)
        await uow.commit()
    ended = replace(new, id=first, ended_at=NOW, ended_as=DeferralEnd.EXTENDED)
    mother = Family(family.mother, NOW.date(), needs_consent=False)
    async with open_uow(reading=True) as uow:
        for scope in (Everything(), mother):
            assert await uow.deferrals.deferrals(scope, year_id=year_id) == [ended, replace(new, id=second)]
        assert await uow.deferrals.deferrals(Nothing(), year_id=year_id) == []


async def test_a_term_remembers_each_closing(open_uow: UnitOfWorkFactory) -> None:
    """Closing and reopening are entries, in their order; none is overwritten (Q52, Q67)."""
    async with open_uow() as uow:
        year_id = await uow.year.ensure_year(NOW.date())
        entries = [
            TermClosing(0, year_id, TERM, closed=True, at=NOW, by=None),
            TermClosing(0, year_id, TERM, closed=False, at=NOW, by=None, reason="ошибка в 8Б"),
        ]
        for entry in entries:
            await uow.closings.add(entry)
        await uow.commit()
    async with open_uow(reading=True) as uow:
        assert [replace(entry, id=0) for entry in await uow.closings.closings(year_id)] == entries


async def test_a_period_may_bear_one_name_for_several(open_uow: UnitOfWorkFactory) -> None:
    """«1 полугодие» of everybody, of grades, a class, a subject: each once, and new dates replace its own (Q36)."""
    async with open_uow() as uow:
        year_id = await uow.year.ensure_year(NOW.date())
        (music,) = (await uow.year.ensure_subjects({"музыка": "Музыка"})).values()
        of_whom: list[dict[str, Any]] = [
            {},
            {"grades": (10, 11)},
            {"subject_id": music},
            {"grades": (5, 8), "subject_id": music},
        ]
        for whom in of_whom:
            assert await uow.year.put_period(year_id, "1 полугодие", **AUTUMN, **whom)
            assert not await uow.year.put_period(year_id, "1 полугодие", **AUTUMN, **whom)
        later = AUTUMN | {"ends_on": date(2026, 12, 29)}
        assert await uow.year.put_period(year_id, "1 полугодие", **later, grades=(10, 11))
        await uow.commit()
    async with open_uow(reading=True) as uow:
        found = await uow.year.periods(NOW.date())
    assert len(found) == 4
    assert {each.grade_from for each in found if each.ends_on == later["ends_on"]} == {10}
