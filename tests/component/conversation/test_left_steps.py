"""A chat that waits for words waits no longer when something else is asked for."""

from bot.handlers.doors import DoorSchool
from bot.locales import LocaleCatalogues
from core.ports import UnitOfWorkFactory
from core.rules.conversation.buttons import Handle, pack_button
from core.rules.delivery.timing import Policy
from notifiers.directory import InstalledChannelDirectory
from tests.support.conversation.telegram import Line
from tests.support.schools.builders import NOW, Builder
from tests.support.schools.matrix import TODAY, MatrixSchool, build_matrix_school

CHAT, KEY = 9001, b"left"
DAY = int(f"{TODAY:%Y%m%d}")


async def teacher_on_the_line(open_uow: UnitOfWorkFactory) -> tuple[Line, MatrixSchool]:
    school = await build_matrix_school(open_uow)
    teacher = school.actors["teacher"]
    assert teacher is not None
    assert teacher.person_id is not None
    async with open_uow() as uow:
        await Builder(uow).contact(teacher.person_id, "telegram", str(CHAT))
        await uow.commit()
    conversation = DoorSchool(
        open_uow=open_uow, catalogues=LocaleCatalogues.load(), clock=lambda: NOW, policy=Policy(), closes={},
        signing_key=KEY, language="ru", marks="bot", channels=InstalledChannelDirectory(),
    )  # fmt: skip
    return Line(conversation), school


def press(action: str, *numbers: int) -> str:
    return pack_button(Handle(action, numbers), channel="telegram", chat=str(CHAT), key=KEY)


async def step(open_uow: UnitOfWorkFactory) -> str | None:
    async with open_uow(reading=True) as uow:
        return (await uow.conversations.dialog("telegram", str(CHAT))).step


async def test_words_after_the_menu_are_no_homework(open_uow: UnitOfWorkFactory) -> None:
    """A teacher who began a homework, went to the menu and then asks something gives no homework with it."""
    line, school = await teacher_on_the_line(open_uow)
    await line.presses(CHAT, press("thome", school.groups["8Б"], school.subject, DAY))
    assert await step(open_uow) == "thome"
    await line.says(CHAT, "/menu")
    assert await step(open_uow) is None
    await line.says(CHAT, "что задали на завтра")
    async with open_uow(reading=True) as uow:
        given = await uow.schoolwork.homework_for_students(TODAY)
    assert not [each for _, each in given if "задали" in each.homework.text]


async def test_a_button_of_the_same_work_keeps_its_step(open_uow: UnitOfWorkFactory) -> None:
    """Turning to another day within the register leaves what the register itself decides."""
    line, school = await teacher_on_the_line(open_uow)
    await line.presses(CHAT, press("thome", school.groups["8Б"], school.subject, DAY))
    await line.presses(CHAT, press("thome", school.groups["8Б"], school.subject, DAY))
    assert await step(open_uow) == "thome"
