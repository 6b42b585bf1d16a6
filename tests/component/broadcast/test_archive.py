"""A mother of two finds old announcements by child, date and words (Q116)."""

from datetime import datetime, timedelta

import pytest

from bot.handlers.doors import DoorSchool
from core.actions.broadcast import broadcasts
from core.model.broadcast import Draft
from core.model.conversation import SentFile
from core.model.people import Actor, Role
from core.model.register.consents import Decision
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_class_name, normal_name
from notifiers.directory import InstalledChannelDirectory
from tests.support.conversation.asking import CATALOGUES, KEY
from tests.support.conversation.phone import Phone
from tests.support.conversation.telegram import Line
from tests.support.schools.builders import NOW, Builder

MOTHER, FATHER = 501, 502
POLICY = Policy()
SAID = {
    "8Б": [
        (20, "Родительское собрание 12 ноября в 18:00"),
        (9, "Экскурсия в музей космонавтики в субботу.\nФорма парадная"),
        (2, "Принесите деньги за экскурсию"),
    ],
    "5А": [(1, "Субботник в пятницу, поездка в лагерь переносится")],
}
"""By class: days ago and what was announced."""


@pytest.fixture
async def mother(open_sqlite: UnitOfWorkFactory) -> Phone:
    """Мария in 8Б and Артём in 5А; each class has heard of other things."""
    async with open_sqlite() as uow:
        build = Builder(uow)
        maria, artyom = await build.student("Ковалёва Мария", "8Б"), await build.student("Ковалёв Артём", "5А")
        person = await build.guardian("Ковалёва Ольга", maria, artyom)
        for child in (maria, artyom):
            await build.decides(person, child, Decision.CONSENT)
        await build.contact(person, "telegram", str(MOTHER))
        father = await build.guardian("Ковалёв Иван", artyom)
        await build.decides(father, artyom, Decision.CONSENT)
        await build.contact(father, "telegram", str(FATHER))
        deputy = await uow.people.add("Громова Вера", normal_name("Громова Вера"))
        await uow.people.add_staff_role(deputy, Role.DEPUTY_HEAD, group_id=None)
        await uow.year.ensure_subjects({"алгебра": "Алгебра", "физика": "Физика"})
        await uow.commit()
    for name, announcements in SAID.items():
        for ago, text in announcements:
            await announce(open_sqlite, deputy, name, text, NOW - timedelta(days=ago))
    school = DoorSchool(
        open_uow=open_sqlite, catalogues=CATALOGUES, clock=lambda: NOW, policy=POLICY, closes={}, signing_key=KEY,
        language="ru", channels=InstalledChannelDirectory(),
    )  # fmt: skip
    return Phone(Line(school), MOTHER)


async def announce(open_uow: UnitOfWorkFactory, deputy: int, school_class: str, text: str, at: datetime) -> None:
    """The deputy head announces something to a class, with a file."""
    async with open_uow() as uow:
        group = await uow.year.ensure_group(GroupKind.CLASS, school_class, normal_class_name(school_class))
        file = SentFile("Смета.pdf", "application/pdf", "1", "telegram")
        await broadcasts.send_broadcast(
            uow, Actor(deputy, frozenset({Role.DEPUTY_HEAD})), Draft(frozenset({group}), text=text, files=(file,)),
            now=at, policy=POLICY, on=at.date(),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("что писали Маше про экскурсию", {"Экскурсия", "деньги"}),
        ("объявление про собрание Маше", {"собрание"}),
        ("что писали Маше про деньги", {"деньги"}),
        ("объявления об экскурсиях Маше за неделю", {"деньги"}),
        ("что сообщали Маше о форме", {"Экскурсия"}),
        ("объявление про экскурсию в музей, Маша", {"Экскурсия"}),
        ("объявление про смету Маше", {"собрание", "Экскурсия", "деньги"}),
        ("было ли объявление о субботнике у Артёма", {"Субботник"}),
        ("announcement about the собрание for Маша", {"собрание"}),
    ],
)
async def test_announcements_are_found_by_child_date_and_words(mother: Phone, asked: str, found: set[str]) -> None:
    """In any form of a word, in the names of files too; nothing else is shown (Q116)."""
    shown = await mother.says(asked)
    every = {"собрание 12", "Экскурсия в", "Принесите деньги", "Субботник в"}
    assert {each for each in every if each in shown} == {each for each in every if {*each.split()} & found}
    assert "Где сказано «" in shown
    assert "Все объявления" in shown


@pytest.mark.parametrize("asked", ["/news экскурсия", "/news про экскурсию", "/news ЭКСКУРСИИ", "новости: экскурсия"])
async def test_the_command_takes_the_words_too(mother: Phone, asked: str) -> None:
    """What stands behind a command is not dropped; of whom is asked, and the words are kept (Q113, Q116)."""
    assert "О ком показать?" in await mother.says(asked)
    shown = await mother.presses("Ковалёва Мария")
    assert "Экскурсия в музей" in shown
    assert "собрание" not in shown


async def test_words_that_nobody_announced_are_named_and_lead_to_all(mother: Phone) -> None:
    """Nothing found is said with the word, and a tap shows everything (Q110, Q116)."""
    shown = await mother.says("что писали Маше про прививки")
    assert "Среди объявлений за это время ни в одном нет «прививки»." in shown
    everything = await mother.presses("Все объявления")
    assert "Экскурсия в музей" in everything
    assert "собрание" in everything


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("когда экскурсия", "музей космонавтики"),
        ("будет ли субботник", "Субботник"),
        ("сколько сдавать на лагерь", "лагерь"),
    ],
)
async def test_what_no_door_knows_may_have_been_announced(mother: Phone, asked: str, found: str) -> None:
    """The announcement answers, of the child to whose class it was made; other words are asked back (Q110, Q116)."""
    assert found in await mother.says(asked)
    assert "О чём показать?" in await mother.says("когда дискотека")


async def test_another_child_is_asked_about_the_same(mother: Phone) -> None:
    """The words go along with the button of the other child, and each child has the own class's announcements (Q15)."""
    await mother.says("что писали Маше про экскурсию")
    shown = await mother.presses("Артём")
    assert "Об этом за это время объявлений нет." in shown
    assert "Принесите деньги" in await mother.presses("Мария")


async def test_a_family_finds_only_what_was_said_to_it(mother: Phone) -> None:
    """The father of one child finds nothing that was announced to the other's class (Q14, Q116)."""
    shown = await Phone(mother.line, FATHER).says("что писали про экскурсию")
    assert "ни в одном нет «экскурсию»" in shown


@pytest.mark.parametrize(
    "asked", ["собрание у Маши завтра?", "когда собрание у Маши 5 декабря", "Маша, собрание 1 мая"]
)
async def test_the_day_of_a_meeting_is_not_that_of_its_announcement(mother: Phone, asked: str) -> None:
    """What lies ahead, or in another year, was announced before (Q116)."""
    assert "Родительское собрание 12 ноября" in await mother.says(asked)
