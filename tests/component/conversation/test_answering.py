"""What every update passes: who speaks, which words answer an error, and what is kept of a conversation."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bot.conversation.routing import RoutingTable
from bot.handlers.doors import WORDS, Behind, Door, DoorRequest, DoorSchool, DoorVisit, Reply
from bot.locales import LocaleCatalogues
from bot.screens.screen import Screen
from core.errors import AlwaysSentError, ConsentFieldsError, JournalModeError, NotAllowedError, NotFoundError
from core.model.conversation import Arrival, Dialog
from core.ports import UnitOfWorkFactory
from core.rules.conversation.buttons import HandleRefusedError
from core.rules.delivery.timing import Policy
from notifiers.directory import InstalledChannelDirectory
from tests.support.conversation.telegram import Line
from tests.support.delivery.fakes import CLOSES
from tests.support.schools.builders import NOW, a_family

MOTHER, STRANGER = 501, 777


class UnheardOfError(ConsentFieldsError):
    """An error of the school that nobody has words for."""


def a_door(open_door: Callable[[DoorVisit, DoorRequest], Screen | Awaitable[str]], *, writes: bool = False) -> Door:
    """A door that everybody may open with `/try`, and that takes the next words."""

    async def opened(visit: DoorVisit, ask: DoorRequest) -> Reply:
        answer = open_door(visit, ask)
        return answer if isinstance(answer, Screen) else Screen(await answer)

    return Door("try", opened, frozenset(), Behind.NOTHING, command="try", takes=WORDS, writes=writes)


def a_line(school: DoorSchool, door: Door) -> Line:
    """A line to a bot with this one door."""
    return Line(school, RoutingTable.of({"all": [door]}, door))


@pytest.fixture
def school(open_uow: UnitOfWorkFactory) -> DoorSchool:
    return DoorSchool(
        open_uow,
        LocaleCatalogues.load(),
        lambda: NOW,
        Policy(),
        CLOSES,
        b"key",
        "ru",
        channels=InstalledChannelDirectory(),
    )


@pytest.fixture
async def english_mother(open_uow: UnitOfWorkFactory) -> int:
    """A mother who reads English, in chat 501; her child's id."""
    family = await a_family(open_uow)
    async with open_uow() as uow:
        await uow.people.speak(family.mother, "en")
        await uow.commit()
    return family.student


@pytest.fixture
async def mother(open_uow: UnitOfWorkFactory) -> None:
    """A mother who reads Russian, in chat 501."""
    await a_family(open_uow)


@pytest.mark.usefixtures("english_mother")
@pytest.mark.parametrize(
    ("error", "words"),
    [
        (NotFoundError(), "no longer"),
        (HandleRefusedError(), "no longer"),
        (NotAllowedError(), "You may not do this."),
        (JournalModeError(), "e-journal"),
        (AlwaysSentError(), "cannot be switched off"),
        (UnheardOfError(("purpose",)), "our fault"),
        (RuntimeError("Соколова Анна: 2"), "our fault"),
    ],
)
async def test_an_error_has_its_own_words_in_the_language_of_who_asked(
    school: DoorSchool, error: Exception, words: str
) -> None:
    """What the school's rules refuse is said plainly, what broke is ours, and nothing personal is in either (Q103)."""

    def fail(_visit: DoorVisit, _ask: DoorRequest) -> Screen:
        raise error

    line = a_line(school, a_door(fail))
    said = await line.says(MOTHER, "/try")
    assert words in said
    assert "Анна" not in said


async def test_who_is_not_known_is_spoken_to_in_the_schools_language(school: DoorSchool) -> None:
    """A stranger has no language of their own here, and no door opens."""

    def fail(_visit: DoorVisit, _ask: DoorRequest) -> Screen:
        raise NotAllowedError

    assert "Здравствуйте" in await a_line(school, a_door(fail)).says(STRANGER, "/try")
    assert "Hello" in await a_line(replace(school, language="en"), a_door(fail)).says(STRANGER, "/try")


@pytest.mark.usefixtures("mother")
async def test_a_conversation_goes_on_after_a_restart(school: DoorSchool) -> None:
    """What has been said so far lies in SQL: another process takes the words that the first one asked for."""

    async def asks(visit: DoorVisit, ask: DoorRequest) -> str:
        said = [*visit.dialog.draft.get("said", []), ask.text]
        await visit.wait_for("try", said=said)
        await visit.uow.commit()
        return " ".join(said)

    door = a_door(asks, writes=True)
    await a_line(school, door).says(MOTHER, "/try")
    assert (await a_line(school, door).says(MOTHER, "Тема")).strip() == "Тема"
    assert (await a_line(school, door).says(MOTHER, "урока")).strip() == "Тема урока"


@pytest.mark.usefixtures("mother")
@pytest.mark.parametrize("unseen", ["\0", "\x1b", "\u202e", "\ufffe"])
async def test_words_come_in_without_what_no_database_and_no_channel_takes(school: DoorSchool, unseen: str) -> None:
    """PostgreSQL refuses a NUL and an SMS would carry it; joiners of pictures and ends of lines stay."""
    heard: list[str] = []

    async def asks(visit: DoorVisit, ask: DoorRequest) -> str:
        heard.append(ask.text)
        await visit.wait_for("try", said=ask.text)
        await visit.uow.commit()
        return "записано"

    line = a_line(school, a_door(asks, writes=True))
    await line.says(MOTHER, "/try")
    assert await line.says(MOTHER, f"Со{unseen}брание\nв 18:00 👨\u200d👩\u200d👧") == "записано"
    assert heard[-1] == "Собрание\nв 18:00 👨\u200d👩\u200d👧"


@pytest.mark.usefixtures("mother")
async def test_a_draft_that_was_not_committed_is_not_remembered(school: DoorSchool) -> None:
    """The next step belongs to the door's transaction: all or nothing."""

    async def asks(visit: DoorVisit, _ask: DoorRequest) -> str:
        await visit.wait_for("try")
        return "не записано"

    await a_line(school, a_door(asks, writes=True)).says(MOTHER, "/try")
    async with school.open_uow(reading=True) as uow:
        assert await uow.conversations.dialog("telegram", str(MOTHER)) == Dialog("telegram", str(MOTHER))


async def test_who_saw_what_is_kept_once_the_answer_was_shown(school: DoorSchool, english_mother: int) -> None:
    """The access journal gets its line, and the chat is about that child from then on (Q102)."""

    def shows(visit: DoorVisit, _ask: DoorRequest) -> Screen:
        visit.record_view("marks", english_mother)
        return Screen("5")

    await a_line(school, a_door(shows)).says(MOTHER, "/try")
    async with school.open_uow(reading=True) as uow:
        (line, *_) = await uow.audit.lines(limit=1)
        assert (line.action, line.facts) == ("marks.opened", {"student": english_mother})
        assert (await uow.conversations.dialog("telegram", str(MOTHER))).child_id == english_mother


async def test_turning_to_a_child_leaves_what_is_being_said(school: DoorSchool, english_mother: int) -> None:
    """A teacher who looks at a child between two steps goes on where the steps were."""
    step = Dialog("telegram", str(MOTHER), "topic", {"lesson": 7})
    async with school.open_uow() as uow:
        await uow.conversations.keep(step, at=NOW)
        await uow.conversations.turn_to("telegram", step.chat, english_mother, at=NOW)
        await uow.commit()
    async with school.open_uow(reading=True) as uow:
        assert await uow.conversations.dialog("telegram", step.chat) == replace(step, child_id=english_mother)


@pytest.mark.usefixtures("mother")
async def test_a_door_that_writes_applies_an_update_once(school: DoorSchool) -> None:
    """The second time the person hears that it is done (Q88)."""
    done = []

    async def writes(visit: DoorVisit, _ask: DoorRequest) -> str:
        done.append(visit.chat)
        await visit.uow.commit()
        return "записано"

    door = a_door(writes, writes=True)
    async with school.open_uow() as uow:
        await uow.conversations.arrive([Arrival("telegram", 1, str(MOTHER), "{}", "polling", NOW, applied=False)])
        await uow.commit()
    first, again = [await a_line(school, door).says(MOTHER, "/try") for _ in range(2)]
    assert done == [str(MOTHER)]
    assert "записано" in first
    assert "уже сделано" in again
