"""What families, students, class teachers and the office do, played in each messenger by the same tests (Q141)."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.model.register.consents import Decision
from tests.support.conversation.class_of_families import (
    FATHER,
    HOMEWORK,
    LEADER,
    MOTHER,
    SECRETARY,
    STRANGER,
    STUDENT,
    ClassOfFamilies,
    class_of_families,
)
from tests.support.conversation.either_chat import MESSENGERS, EitherChat
from tests.support.schools.builders import MARK, Builder

pytestmark = pytest.mark.no_cover

CHILD = "Соколова Анна Олеговна"


@pytest.fixture(params=MESSENGERS)
async def school(request: pytest.FixtureRequest, sqlite_url: str, tmp_path: Path) -> AsyncIterator[ClassOfFamilies]:
    """8Б in one messenger alone."""
    async with class_of_families(tmp_path, sqlite_url, request.param) as school:
        yield school


async def in_turn(chat: EitherChat, *labels: str) -> str:
    shown = ""
    for label in labels:
        shown = await chat.presses(label)
    return shown


async def test_a_parent_reads_marks(school: ClassOfFamilies) -> None:
    """A mark is pushed with the child's name, asked for in words, and opened by a button (Q95, Q141)."""
    mother = await school.served(MOTHER)
    await school.tells(MARK, "entry:1")
    assert CHILD in mother.texts()[-1]
    assert "Алгебра, 20.11: 5" in mother.texts()[-1]
    assert CHILD in await mother.says("какие оценки?")
    assert "Средний балл" in await mother.presses("Алгебра")


async def test_a_student_asks_for_homework(school: ClassOfFamilies) -> None:
    """In plain words, and no sign of a text is lost in a messenger's markup (Q96, Q141)."""
    student = await school.served(STUDENT)
    assert HOMEWORK in await student.says("что задали на понедельник?")
    assert await student.presses("☰ Меню")


async def test_a_class_teacher_changes_a_lesson_and_sees_who_has_read_it(school: ClassOfFamilies) -> None:
    """From the command to the live list; each press puts the next step in the place of the last one (Q97, Q141)."""
    leader, mother, _ = [await school.served(number) for number in (LEADER, MOTHER, STUDENT)]
    await leader.says("/broadcast")
    count = len(leader.messages)
    steps = "Отмена урока", "пн 23.11", "☐ 1. Алгебра, 12", "Дальше: 1 урок", "Проверить и отправить"
    assert {"telegram": "Telegram", "max": "MAX"}[school.messenger] in await in_turn(leader, *steps)
    assert "Оповещены: 0 из 1" in await leader.presses("Отправить")
    assert len(leader.messages) == count
    await school.worker.drain()
    assert "Алгебра: отменён" in mother.texts()[-1]
    await mother.presses("Прочитано")
    assert "Оповещены: 1 из 1" in await leader.presses("Обновить")


async def test_a_family_comes_into_the_register_and_leaves_it(school: ClassOfFamilies) -> None:
    """The link, the forms, the office's word in its own chat; then a withdrawal in the chat (Q1, Q5, Q81, Q141)."""
    father, secretary = school.chat(FATHER), await school.served(SECRETARY)
    assert "Соколова" not in await father.starts(school.fathers_code)
    await father.presses("Понятно, дальше")
    forms = await father.presses("Готово, к подписи")
    numbers = re.findall(r"№ (\S+):", forms)
    assert len(numbers) == 2
    assert "Анна" not in await father.says("какие оценки?")
    for number in numbers:
        await secretary.says("/register")
        assert f"Бланк {number} принят" in await in_turn(secretary, "Ждут", number, "Сегодня")
    await school.worker.drain()
    assert CHILD in await father.says("какие оценки?")
    await school.tells(MARK, "entry:1")
    assert CHILD in father.texts()[-1]
    await father.says("/consent")
    withdrawn = await in_turn(father, "Отозвать", "Да")
    assert withdrawn
    assert "Алгебра" not in await father.says("какие оценки?")


async def test_refusals_are_the_same_words_in_both_messengers(sqlite_url: str, tmp_path: Path) -> None:
    """A forged button, another person's, a long link, a wrong code, a foreign card: nothing is shown (Q101)."""
    async with class_of_families(tmp_path, sqlite_url, "telegram", also="max") as school:
        said = {messenger: await refusals(school, messenger) for messenger in MESSENGERS}
    assert said["max"] == said["telegram"]
    assert not [words for words in said["max"] if "Соколов" in words]
    assert len(said["max"]) == 5


async def refusals(school: ClassOfFamilies, messenger: str) -> list[str]:
    """What the bot says to whatever it must not obey."""
    mother, stranger = await school.served(MOTHER, messenger), school.chat(STRANGER, messenger)
    await mother.says("какие оценки?")
    sealed = mother.payload("Алгебра")
    await stranger.says("/start")
    await mother.says("/menu")
    return [
        await mother.forges(f"{sealed[:-1]}{'a' if sealed[-1] != 'a' else 'b'}"),
        await stranger.forges(sealed),
        await stranger.starts("A" * 129),
        await stranger.says("/start AAAAAAAA"),
        await mother.shares_number(foreign=True),
    ]


async def test_a_withdrawn_consent_ends_both_messengers_at_once(sqlite_url: str, tmp_path: Path) -> None:
    """It is of the pair, not of a chat; until then either answers (Q5, Q140)."""
    async with class_of_families(tmp_path, sqlite_url, "telegram", also="max") as school:
        chats = [await school.served(MOTHER, messenger) for messenger in MESSENGERS]
        assert [CHILD in await chat.says("какие оценки?") for chat in chats] == [True, True]
        async with school.app.open_uow() as uow:
            (mother,) = await uow.people.named({"соколова вера ивановна"})
            await Builder(uow).decides(mother.id, school.student, Decision.WITHDRAWAL)
            await uow.commit()
        assert ["Соколова Анна" in await chat.says("какие оценки?") for chat in chats] == [False, False]
