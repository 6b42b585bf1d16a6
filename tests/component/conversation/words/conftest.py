"""The bot of a school to which words are said."""

import pytest

from bot.handlers.doors import DoorSchool
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from notifiers.directory import InstalledChannelDirectory
from tests.support.conversation.asking import CATALOGUES, KEY
from tests.support.conversation.telegram import Line
from tests.support.schools.asked import a_school_to_ask
from tests.support.schools.builders import NOW


@pytest.fixture
async def line(open_sqlite: UnitOfWorkFactory) -> Line:
    """The bot of a school where a father of one and a mother of two ask."""
    await a_school_to_ask(open_sqlite)
    school = DoorSchool(
        open_uow=open_sqlite, catalogues=CATALOGUES, clock=lambda: NOW, policy=Policy(), closes={}, signing_key=KEY,
        language="ru", channels=InstalledChannelDirectory(),
    )  # fmt: skip
    return Line(school)
