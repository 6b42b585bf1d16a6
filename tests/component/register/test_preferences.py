"""A person chooses the language that the school speaks to them in."""

import pytest

from core.actions.register import preferences
from core.actions.schoolwork import recommendations
from core.errors import NotAllowedError, NotFoundError
from core.model.people import SYSTEM, Actor, Role
from core.model.schoolwork.recommendations import Audience
from core.ports import UnitOfWorkFactory
from core.rules.access import Everything
from tests.support.schools.builders import NOW, a_family


async def test_the_owner_is_spoken_to_in_the_language_they_chose(open_uow: UnitOfWorkFactory) -> None:
    """From then on, in the bot and in notices alike, and nobody else's language changes."""
    family = await a_family(open_uow)
    async with open_uow() as uow:
        await preferences.choose_language_preference(
            uow, Actor(family.mother, frozenset({Role.GUARDIAN})), language="en", now=NOW
        )
    async with open_uow(reading=True) as uow:
        assert (await uow.people.person(family.mother, Everything())).language == "en"
        assert (await uow.people.person(family.student, Everything())).language == "ru"
        (recipient,) = await uow.people.recipients([family.student], on=NOW.date())
    assert recipient.language == "en"


async def test_nobody_in_particular_has_no_language(open_uow: UnitOfWorkFactory) -> None:
    """The system speaks to nobody."""
    async with open_uow() as uow:
        with pytest.raises(NotAllowedError):
            await preferences.choose_language_preference(uow, SYSTEM, language="en", now=NOW)


async def test_the_system_has_no_wishes(open_uow: UnitOfWorkFactory) -> None:
    """It reads no settings of its own and chooses no hour; nobody advises it, and it advises nobody (Q24, Q83)."""
    async with open_uow() as uow:
        for refused in (
            preferences.load_preferences(uow, SYSTEM),
            preferences.load_digest_hour_preference(uow, SYSTEM),
            preferences.choose_digest_hour_preference(uow, SYSTEM, at=None, now=NOW),
        ):
            with pytest.raises(NotAllowedError):
                await refused
        with pytest.raises(NotFoundError):
            await recommendations.give_recommendation(
                uow, SYSTEM, student_id=1, lesson=None, audience=Audience.BOTH, text="Читать", now=NOW, on=NOW.date()
            )
        assert not await recommendations.load_recommendations(uow, SYSTEM, student_id=1, now=NOW, on=NOW.date())
