"""The demo's school after its two days, for whoever plays in it."""

from collections.abc import AsyncIterator

import pytest

from bot.demo.school import DemoSchool, demo_school


@pytest.fixture
async def school() -> AsyncIterator[DemoSchool]:
    """It is the second day, a Thursday; everything that was due has been sent."""
    async with demo_school() as school:
        await school.first_day()
        await school.second_day()
        yield school
