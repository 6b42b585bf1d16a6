"""Whatever is sent into a step: it takes what it asked for, says so otherwise, and loses nothing (Q115)."""

from datetime import timedelta
from typing import Any

import pytest

from core.model.schoolwork.homework import AssignedHomework
from core.ports import UnitOfWorkFactory
from tests.component.conversation.test_left_steps import CHAT, DAY, press, step, teacher_on_the_line
from tests.support.conversation.telegram import Line
from tests.support.schools.builders import NOW
from tests.support.schools.matrix import TODAY, MatrixSchool

STICKER: dict[str, Any] = {
    "sticker": {
        "file_id": "s", "file_unique_id": "s", "type": "regular", "width": 1, "height": 1,
        "is_animated": False, "is_video": False,
    },
}  # fmt: skip
VOICE: dict[str, Any] = {"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}}
CONTACT: dict[str, Any] = {"contact": {"phone_number": "79001112233", "first_name": "Некто"}}
PLACE: dict[str, Any] = {"location": {"latitude": 1.0, "longitude": 1.0}}
PINNED: dict[str, Any] = {
    "pinned_message": {"message_id": 5, "date": 1, "chat": {"id": CHAT, "type": "private"}, "text": "прежнее"}
}
NO_WORDS = {"sticker": STICKER, "voice": VOICE, "contact": CONTACT, "place": PLACE, "pinned": PINNED}


def photo(name: str, caption: str = "", **more: Any) -> dict[str, Any]:
    sizes = [{"file_id": name, "file_unique_id": name, "width": 9, "height": 9}]
    return {"photo": sizes, **({"caption": caption} if caption else {}), **more}


class Teacher:
    """A teacher of 8Б at the phone."""

    def __init__(self, line: Line, school: MatrixSchool, open_uow: UnitOfWorkFactory) -> None:
        self.line, self.school, self.open_uow = line, school, open_uow
        self.known: set[int] = set()

    async def presses(self, door: str, *more: int) -> str:
        return await self.line.presses(CHAT, press(door, self.school.groups["8Б"], self.school.subject, DAY, *more))

    async def sends(self, *messages: dict[str, Any], kind: str = "message") -> str:
        return await self.line.sends(CHAT, *messages, kind=kind)

    @property
    def step(self) -> Any:
        return step(self.open_uow)

    async def homework(self) -> list[AssignedHomework]:
        """What was given in the chat."""
        async with self.open_uow(reading=True) as uow:
            days = [TODAY + timedelta(days=ahead) for ahead in range(30)]
            given = [each for day in days for _, each in await uow.schoolwork.homework_for_students(day)]
        new = {each.homework.id: each for each in given if each.homework.id not in self.known}
        return list(new.values())


@pytest.fixture
async def teacher(open_sqlite: UnitOfWorkFactory) -> Teacher:
    line, school = await teacher_on_the_line(open_sqlite)
    teacher = Teacher(line, school, open_sqlite)
    teacher.known = {given.homework.id for given in await teacher.homework()}
    return teacher


async def test_a_step_goes_on_waiting_for_what_it_asked_for(teacher: Teacher) -> None:
    """A sticker is no empty topic, a voice message no control work (Q115)."""
    for door in ("ttopic", "thome", "tcontrol", "tline", "twork"):
        await teacher.presses(door)
        for kind, sent in NO_WORDS.items():
            assert "Начатое осталось" in await teacher.sends(sent), (door, kind)
            assert await teacher.step == door


async def test_a_step_for_words_takes_no_photo(teacher: Teacher) -> None:
    """The photo would be lost, so nothing is taken and the person reads why."""
    for door in ("ttopic", "tcontrol", "tline"):
        await teacher.presses(door)
        for caption in ("", "Дроби"):
            assert "не подходят" in await teacher.sends(photo("a", caption))
            assert await teacher.step == door


async def test_a_control_work_is_planned_by_words_alone(teacher: Teacher) -> None:
    """After the sticker the words still count."""
    await teacher.presses("tcontrol")
    await teacher.sends(STICKER)
    assert "Диктант" in await teacher.sends({"text": "Диктант; Дроби"})


async def test_an_album_is_one_homework_with_all_its_photos(teacher: Teacher) -> None:
    """Three messages of one album, the words below the first one (Q115)."""
    await teacher.presses("thome")
    shown = await teacher.sends(photo("a", "№ 5", media_group_id="7"), *(photo(x, media_group_id="7") for x in "bc"))
    assert shown.count("Задано на") == 1
    assert "Приложено 3 файла" in shown
    (given,) = await teacher.homework()
    assert (given.homework.text, [file.reference for file in given.files]) == ("№ 5", ["a", "b", "c"])


async def test_a_photo_after_the_words_belongs_to_them(teacher: Teacher) -> None:
    """And so does what stands below it."""
    await teacher.presses("thome")
    await teacher.sends({"text": "№ 5"})
    assert "№ 5 и схема" in await teacher.sends(photo("a", "и схема"))
    assert "Приложен 1 файл" in await teacher.sends(photo("b"))
    (given,) = await teacher.homework()
    assert (given.homework.text, len(given.files)) == ("№ 5 и схема", 2)


async def test_words_after_a_photo_belong_to_it(teacher: Teacher) -> None:
    """A photo alone is a homework that says where it stands; the words that follow are its own."""
    await teacher.presses("thome")
    assert "на фото или в файле" in await teacher.sends(photo("a"))
    assert "№ 7" in await teacher.sends({"text": "№ 7"})
    (given,) = await teacher.homework()
    assert (given.homework.text, given.was, len(given.files)) == ("№ 7", "", 1)


async def test_a_photo_at_change_is_added(teacher: Teacher) -> None:
    """«Изменить» takes a photo: the words stay."""
    await teacher.presses("thome")
    await teacher.sends({"text": "№ 5"})
    (given,) = await teacher.homework()
    await teacher.presses("trewrite", given.homework.id)
    assert "№ 5" in await teacher.sends(photo("a"))
    (given,) = await teacher.homework()
    assert (given.homework.text, len(given.files)) == ("№ 5", 1)


async def test_a_photo_long_afterwards_is_not_added(teacher: Teacher) -> None:
    """Ten minutes later it is about something else, and the person reads that it was not taken."""
    await teacher.presses("thome")
    await teacher.sends({"text": "№ 5"})
    object.__setattr__(teacher.line.school, "clock", lambda: NOW + timedelta(minutes=11))
    assert "не подходят" in await teacher.sends(photo("a"))
    (given,) = await teacher.homework()
    assert not given.files


async def test_a_long_text_is_put_together_again(teacher: Teacher) -> None:
    """5,000 characters come as two messages, cut within a word (Q115)."""
    words = "задача " * 720
    await teacher.presses("thome")
    shown = await teacher.sends({"text": words[:4096]}, {"text": words[4096:].strip()})
    assert shown.count("Задано на") == 1
    (given,) = await teacher.homework()
    assert given.homework.text == words.strip()


async def test_a_text_cut_between_words_keeps_its_blank(teacher: Teacher) -> None:
    """An app that cuts at a line sends a first part that is not full."""
    await teacher.presses("thome")
    await teacher.sends({"text": "а" * 4000}, {"text": "б" * 1000})
    (given,) = await teacher.homework()
    assert given.homework.text == f"{'а' * 4000} {'б' * 1000}"


async def test_a_question_after_a_long_text_is_a_question(teacher: Teacher) -> None:
    """What comes a minute later is no part of it."""
    await teacher.presses("thome")
    await teacher.sends({"text": "а" * 4096}, {"text": "/journal", "date": 1_000_060})
    (given,) = await teacher.homework()
    assert given.homework.text == "а" * 4096


async def test_an_edited_homework_is_changed(teacher: Teacher) -> None:
    """Families see the old and the new words (Q23, Q115), whatever the chat waits for meanwhile."""
    await teacher.presses("thome")
    await teacher.sends({"text": "№ 51", "message_id": 77})
    await teacher.presses("ttopic")
    assert "№ 15" in await teacher.sends({"text": "№ 15", "message_id": 77}, kind="edited_message")
    (given,) = await teacher.homework()
    assert (given.homework.text, given.was) == ("№ 15", "№ 51")
    assert await teacher.step == "ttopic"


async def test_an_edited_caption_of_an_album_changes_its_words(teacher: Teacher) -> None:
    """The photos are there already and are not added again."""
    album = {"media_group_id": "7"}
    await teacher.presses("thome")
    await teacher.sends(photo("a", **album), photo("b", "№ 1", message_id=78, **album))
    await teacher.sends(photo("b", "№ 2", message_id=78, **album), kind="edited_message")
    (given,) = await teacher.homework()
    assert (given.homework.text, len(given.files)) == ("№ 2", 2)


async def test_an_edited_topic_is_changed(teacher: Teacher) -> None:
    """The step that took the words takes the better ones."""
    await teacher.presses("ttopic")
    await teacher.sends({"text": "Дрбои", "message_id": 79})
    assert "Дроби" in await teacher.sends({"text": "Дроби", "message_id": 79}, kind="edited_message")


async def test_an_edit_that_changes_nothing_says_so(teacher: Teacher) -> None:
    """A planned control work is not planned again; of a cut text no part is known by itself."""
    await teacher.presses("tcontrol")
    await teacher.sends({"text": "Диктант", "message_id": 80})
    assert "не учтена" in await teacher.sends({"text": "Тест", "message_id": 80}, kind="edited_message")
    await teacher.presses("thome")
    await teacher.sends({"text": "а" * 4096, "message_id": 81}, {"text": "б", "message_id": 82})
    assert "не учтена" in await teacher.sends({"text": "в", "message_id": 82}, kind="edited_message")
    (given,) = await teacher.homework()
    assert given.homework.text == "а" * 4096 + "б"


async def test_an_edited_question_is_answered_and_the_step_stays(teacher: Teacher) -> None:
    """It is no homework, though the chat waits for one."""
    await teacher.sends({"text": "когда каникулы", "message_id": 83})
    await teacher.presses("thome")
    assert await teacher.sends({"text": "когда каникулы?", "message_id": 83}, kind="edited_message")
    assert await teacher.step == "thome"
    assert not await teacher.homework()


async def test_without_a_step_only_words_are_read(teacher: Teacher) -> None:
    """A voice message, a sticker, a bare photo: the person reads what is read."""
    for sent in (VOICE, STICKER, photo("a")):
        assert "Напишите вопрос словами" in await teacher.sends(sent)
    assert "видео" in await teacher.sends(VOICE)


async def test_a_topic_is_kept_when_a_sticker_comes(teacher: Teacher) -> None:
    """It was erased."""
    await teacher.presses("ttopic")
    await teacher.sends({"text": "Дроби"})
    await teacher.presses("ttopic")
    await teacher.sends(STICKER)
    assert "Дроби" in await teacher.presses("tday")
