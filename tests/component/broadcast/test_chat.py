"""The class teacher's side of a broadcast, read as a chat: every step by buttons, typing as a fallback (Q97)."""

from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

import pytest
from aiogram.types import InlineKeyboardButton

from bot.handlers.doors import DoorSchool
from bot.locales import LocaleCatalogues
from core.actions.broadcast import broadcasts
from core.model.broadcast import Broadcast
from core.model.people import Role
from core.model.register.consents import Decision
from core.model.timetable import Bell, NewTemplateLesson
from core.model.year import GroupKind
from core.ports import UnitOfWorkFactory
from core.rules.access import Everything
from core.rules.delivery.timing import Policy
from core.rules.people.names import normal_class_name, normal_name
from notifiers.directory import InstalledChannelDirectory
from tests.support.conversation.telegram import Line
from tests.support.delivery.fakes import CLOSES
from tests.support.delivery.post import Post
from tests.support.schools.builders import NOW, Builder

LEADER, DEPUTY, MOTHER = 701, 702, 703
MONDAY = date(2026, 11, 23)


@dataclass(slots=True)
class Chat:
    """A chat whose newest message keeps its buttons."""

    line: Line
    chat: int
    buttons: list[InlineKeyboardButton] = field(default_factory=list)

    async def say(self, text: str) -> str:
        """Write something; what the bot shows."""
        return self._seen(await self.line.says(self.chat, text))

    async def send(self, *messages: dict[str, Any], kind: str = "message") -> str:
        """Send messages of any content; what the bot shows."""
        return self._seen(await self.line.sends(self.chat, *messages, kind=kind))

    async def press(self, label: str) -> str:
        """Press the button that begins so; what the bot shows."""
        data = next((each.callback_data for each in self.buttons if each.text.startswith(label)), None)
        assert data, f"no button {label!r} among {[each.text for each in self.buttons]}"
        return self._seen(await self.line.presses(self.chat, data))

    def _seen(self, shown: str) -> str:
        for method in self.line.recording.sent:
            markup = getattr(method, "reply_markup", None)
            if getattr(method, "text", None) and hasattr(method, "reply_markup"):
                self.buttons = [each for row in markup.inline_keyboard for each in row] if markup else []
        return shown


@pytest.fixture
async def leader(open_sqlite: UnitOfWorkFactory) -> Chat:
    """5А: Monday with physics and algebra, two families; its teacher has a confirmed chat, so has the deputy head."""
    async with open_sqlite() as uow:
        build = Builder(uow)
        class_id = await uow.year.ensure_group(GroupKind.CLASS, "5А", normal_class_name("5А"))
        ids = await uow.year.ensure_subjects({"алгебра": "Алгебра", "физика": "Физика"})
        for chat, name, role, group in (
            (LEADER, "Орлова Нина Петровна", Role.CLASS_TEACHER, class_id),
            (DEPUTY, "Громова Вера Павловна", Role.DEPUTY_HEAD, None),
            (0, "Сомова Ирина Олеговна", Role.TEACHER, class_id),
        ):
            person = await uow.people.add(name, normal_name(name))
            await uow.people.add_staff_role(person, role, group_id=group)
            if chat:
                await build.contact(person, "telegram", str(chat))
        for number, decision in enumerate((Decision.CONSENT, Decision.REFUSAL)):
            student = await build.student(f"Ученик{number} Имя Отчество", "5А")
            mother = await build.guardian(f"Мать{number} Имя Отчество", student)
            await build.decides(mother, student, decision)
            await build.contact(mother, "telegram", str(MOTHER + number))
        lessons = [NewTemplateLesson(ids["физика"], 0, 1, "12"), NewTemplateLesson(ids["алгебра"], 0, 2, "7")]
        await uow.timetable.put_template(class_id, lessons, starts_on=date(2026, 9, 1))
        await uow.timetable.put_bells("", [Bell(0, "", 2, time(9, 25), time(10, 10))])
        await uow.commit()
    school = DoorSchool(
        open_uow=open_sqlite, catalogues=LocaleCatalogues.load(), clock=lambda: NOW, policy=Policy(), closes=CLOSES,
        signing_key=b"key", language="ru", channels=InstalledChannelDirectory(),
    )  # fmt: skip
    return Chat(Line(school), LEADER)


async def taps(chat: Chat, *labels: str) -> str:
    """Press one after another; the last screen."""
    shown = ""
    for label in labels:
        shown = await chat.press(label)
    return shown


async def changed_algebra(leader: Chat) -> str:
    """The draft with Monday's algebra given to somebody else."""
    await leader.say("/broadcast")
    return await taps(leader, "Замена", "пн 23.11", "☐ 2. Алгебра", "Дальше", "Сомова", "Предмет прежний")


async def test_a_substitution_is_sent_in_eight_taps(leader: Chat) -> None:
    """From the command to the live list; the lesson comes from the timetable and nothing is typed (Q97)."""
    assert "Алгебра: замена, Сомова И. О." in await changed_algebra(leader)
    preview = await leader.press("Проверить")
    assert "Telegram: 1 человек" in preview
    assert "Мать1 Имя Отчество (Ученик1 Имя Отчество): согласия нет" in preview
    assert "Должны узнать до: пн 23.11, 08:25" in preview
    sent = await leader.press("Отправить")
    assert "Оповещены: 0 из 2" in sent
    assert "Рассылка: отправлена" in sent


async def test_a_second_tap_sends_nothing(leader: Chat) -> None:
    """The draft is gone with the first one, so an old button no longer counts."""
    await changed_algebra(leader)
    await leader.press("Проверить")
    preview = list(leader.buttons)
    await leader.press("Отправить")
    leader.buttons = preview
    assert "больше не действует" in await leader.press("Отправить")
    assert (await leader.say("/sent")).count("изменения в расписании") == 1


async def test_what_buttons_offer_may_be_typed(leader: Chat) -> None:
    """The date, the surname, the subject: whoever types is understood, or asked again (Q97)."""
    await leader.say("/broadcast")
    await leader.press("Замена")
    assert "Не похоже на дату" in await leader.say("когда-нибудь")
    assert "отметьте уроки" in await leader.say("23.11")
    await taps(leader, "☐ 2. Алгебра", "Дальше")
    assert "Такого учителя нет" in await leader.say("Петухов")
    assert "Какой предмет" in await leader.say("сомова")
    assert "Такого предмета нет" in await leader.say("Астрология")
    assert "Алгебра → Физика, Сомова И. О." in await leader.say("физика")


async def test_a_lesson_is_moved_cancelled_and_given_another_room(leader: Chat) -> None:
    """Several changes gather in one draft, and each can be taken out again (Q17, Q97)."""
    await leader.say("/broadcast")
    await taps(leader, "Перенос", "пн 23.11", "☐ 2. Алгебра", "Дальше", "пн 30.11")
    assert "пн 30.11, 4 урок" in await leader.press("4")
    await taps(leader, "Ещё изменение", "Отмена урока", "пн 23.11", "☐ 1. Физика")
    assert "1 урок, Физика: отменён" in await leader.press("Дальше")
    await taps(leader, "Ещё изменение", "Другой кабинет", "пн 23.11", "☐ 1. Физика", "Дальше")
    assert "кабинет 12 → Актовый зал" in await leader.say("Актовый зал")
    draft = await leader.press("Убрать: 2. Алгебра")
    assert "Алгебра" not in draft
    assert "Физика" in draft


async def test_a_button_of_another_change_is_an_old_button(leader: Chat) -> None:
    """A room cannot take the subject that a substitution offered, and no lesson is replaced by itself (Q97)."""
    await leader.say("/broadcast")
    await taps(leader, "Замена", "пн 23.11", "☐ 2. Алгебра", "Дальше", "Сомова")
    offered = list(leader.buttons)
    assert [each.text for each in offered][:2] == ["Предмет прежний", "Физика"]
    await leader.say("/broadcast")
    await taps(leader, "Другой кабинет", "пн 23.11", "☐ 2. Алгебра", "Дальше")
    leader.buttons = offered
    assert "больше не действует" in await leader.press("Физика")


async def test_words_wait_for_the_evening(leader: Chat) -> None:
    """An announcement is typed, sent tonight by a button or at a typed time, and called back before it goes (Q97)."""
    await leader.say("/broadcast")
    await leader.press("Объявление")
    assert "Собрание в 18:00" in await leader.say("Собрание в 18:00 <в пятницу>")
    assert "впереди нет" in await (await _opened(leader, "Когда отправить")).say("вчера")
    assert "Отправка: сегодня, пт 20.11, 19:30" in await leader.say("19:30")
    assert "Отправка: завтра, сб 21.11, 07:00" in await taps(leader, "Когда отправить", "завтра")
    await leader.press("Кто должен")
    assert "оба родителя" in await leader.press("оба родителя")
    await leader.press("Проверить")
    assert "ждёт своего времени" in await leader.press("Отправить в назначенное время")
    assert "отозвана" in await leader.press("Отозвать")


async def _opened(chat: Chat, label: str) -> Chat:
    await chat.press(label)
    return chat


async def test_a_correction_begins_with_what_was_said(leader: Chat) -> None:
    """It names what it replaces and takes its place; the earlier one is shown as replaced (Q97)."""
    await changed_algebra(leader)
    await taps(leader, "Проверить", "Отправить")
    correction = await leader.press("Исправить")
    assert "Исправление: заменяет сообщение от 20.11 12:00." in correction
    await taps(leader, "Убрать: 2. Алгебра", "Проверить")
    assert "Рассылка: отправлена" in await leader.press("Отправить")
    shown = await leader.say("/sent")
    assert "заменена исправлением" in shown


async def test_a_correction_keeps_the_authors_own_words(leader: Chat) -> None:
    """And the file; corrected twice, it names the last message alone (Q97)."""
    await announcing(leader)
    await leader.send(photo("a", "Собрание в 18:00\nвозьмите дневник"))
    for _ in range(2):
        await taps(leader, "Проверить", "Отправить")
        correction = await leader.press("Исправить")
        assert correction.count("Исправление: заменяет") == 1
        assert "Собрание в 18:00\nвозьмите дневник\nФайл: фото.jpg" in correction


async def test_what_was_not_recalled_is_shown_as_sent(leader: Chat) -> None:
    """Too late to recall: the screen shows nothing of the attempt (Q97)."""
    await changed_algebra(leader)
    await taps(leader, "Проверить", "Отправить")
    post = Post(leader.line.school.open_uow)
    await post.drain()
    await post.drain(minutes=3)
    recalled = await leader.press("Отозвать")
    assert "Отозвать уже нельзя" in recalled
    assert "Рассылка: отправлена" in recalled
    assert recalled.partition("Отозвать уже нельзя")[2].partition("\n")[2] in await leader.press("Обновить")


async def test_the_deputy_head_speaks_to_a_class_or_a_year(leader: Chat) -> None:
    """Of the whole school; a mother finds no way in (Q14, Q97)."""
    deputy = Chat(leader.line, DEPUTY)
    assert "О чём сообщить?" in await deputy.say("/broadcast")
    mother = Chat(leader.line, MOTHER)
    assert "О чём сообщить?" not in await mother.say("/broadcast")


async def test_nobody_presses_on_without_a_draft(leader: Chat) -> None:
    """Buttons of a draft that was dropped are old buttons."""
    await changed_algebra(leader)
    draft = list(leader.buttons)
    assert "не отправлена" in await leader.press("Не отправлять")
    for label in ("Проверить", "Ещё изменение", "Кто должен", "Когда", "Убрать"):
        leader.buttons = draft
        assert "больше не действует" in await leader.press(label)


def photo(name: str, caption: str = "", **more: Any) -> dict[str, Any]:
    sizes = [{"file_id": name, "file_unique_id": name, "width": 9, "height": 9}]
    return {"photo": sizes, **({"caption": caption} if caption else {}), **more}


async def announcing(leader: Chat) -> None:
    """The bot waits for the announcement."""
    await leader.say("/broadcast")
    await leader.press("Объявление")


async def stored(leader: Chat) -> Broadcast:
    """The broadcast that was sent last."""
    async with leader.line.school.open_uow(reading=True) as uow:
        (speaker,) = await uow.conversations.speakers("telegram", str(LEADER), on=MONDAY)
        assert speaker.actor.person_id is not None
        return (await uow.broadcasts.of_author(speaker.actor.person_id, limit=1))[0]


async def test_an_album_goes_along_whole(leader: Chat) -> None:
    """Three photos, words below one of them, another photo while the draft is open (Q115)."""
    await announcing(leader)
    draft = await leader.send(
        photo("a", media_group_id="7"), photo("b", "Собрание", media_group_id="7"), photo("c", media_group_id="7")
    )
    assert draft.count("Файл: фото.jpg") == 3
    assert "Собрание" in await leader.send(photo("d"))
    await taps(leader, "Проверить", "Отправить")
    sent = await stored(leader)
    assert (sent.text, [file.reference for file in sent.files]) == ("Собрание", ["a", "b", "c", "d"])


async def test_a_photo_alone_is_no_name_of_a_file(leader: Chat) -> None:
    """Families read where the announcement stands; words that follow are its own."""
    await announcing(leader)
    assert "Объявление – на фото или в файле." in await leader.send(photo("a"))
    assert "Собрание в 18:00" in await leader.say("Собрание в 18:00")
    await taps(leader, "Проверить", "Отправить")
    assert (await stored(leader)).text == "Собрание в 18:00"


async def test_an_announcement_takes_words_and_files_and_nothing_else(leader: Chat) -> None:
    """A contact or a voice message leaves the step open; a long text is told whole (Q115)."""
    await announcing(leader)
    for sent in (
        {"voice": {"file_id": "v", "file_unique_id": "v", "duration": 3}},
        {"contact": {"phone_number": "79001112233", "first_name": "Некто"}},
    ):
        assert "Жду текст, фото или файл" in await leader.send(sent)
    assert "до 2500 знаков" in await leader.send({"text": "а" * 4096}, {"text": "Конец"})
    assert "Собрание" in await leader.say("Собрание")


async def test_an_edited_announcement_changes_its_draft_until_it_is_sent(leader: Chat) -> None:
    """Later the person reads that it stays, and where it can be corrected (Q115)."""
    await announcing(leader)
    await leader.send({"text": "Собрание в 8", "message_id": 77})
    assert "Собрание в 18" in await leader.send({"text": "Собрание в 18", "message_id": 77}, kind="edited_message")
    await taps(leader, "Проверить", "Отправить")
    edited = await leader.send({"text": "Собрание в 19", "message_id": 77}, kind="edited_message")
    assert "Правка сообщения не учтена" in edited
    assert (await stored(leader)).text == "Собрание в 18"


async def test_a_text_that_was_too_long_may_be_edited_shorter(leader: Chat) -> None:
    """The step is open, and the message is the one it speaks of."""
    await announcing(leader)
    await leader.send({"text": "а" * 2600, "message_id": 77})
    assert "Собрание" in await leader.send({"text": "Собрание", "message_id": 77}, kind="edited_message")
    await taps(leader, "Проверить", "Отправить")
    assert (await stored(leader)).text == "Собрание"


async def test_a_draft_is_kept_whatever_is_pressed(leader: Chat) -> None:
    """An older button, another command, a second start: the draft is named and goes on (Q97, Q113)."""
    await leader.say("/broadcast")
    older = list(leader.buttons)
    await changed_algebra(leader)
    await leader.press("Добавить слова")
    assert "Черновик рассылки сохранён: /broadcast" in await leader.say("/menu")
    for begin in ("/broadcast", older):
        if isinstance(begin, str):
            await leader.say(begin)
        else:
            leader.buttons = begin
            assert "О чём сообщить?" not in await leader.press("Объявление")
            await leader.say("/broadcast")
        assert "2 урок, Алгебра: замена" in await leader.press("Открыть черновик")
    await leader.say("/broadcast")
    await leader.press("Не отправлять")
    assert "О чём сообщить?" in await leader.say("/broadcast")


async def test_a_change_that_changes_nothing_is_no_change(leader: Chat) -> None:
    """The room where the lesson is, its own place, its own subject (Q17, Q113)."""
    await leader.say("/broadcast")
    await taps(leader, "Другой кабинет", "пн 23.11", "☐ 2. Алгебра", "Дальше")
    for room in ("7", " 7 ", "каб. 7", "Кабинет 7", "№ 7", "каб.№7"):
        assert "и так в этом кабинете" in await leader.say(room)
    assert "кабинет 7 → 12" in await leader.say("12")
    await taps(leader, "Ещё изменение", "Перенос", "пн 23.11", "☐ 2. Алгебра", "Дальше", "пн 23.11")
    assert "и так стоит там" in await leader.say("2")
    assert "не похоже на номер" in (await leader.say("завтра")).casefold()
    assert "3 урок" in await leader.say("3")
    await taps(leader, "Ещё изменение", "Замена", "пн 23.11", "☐ 1. Физика", "Дальше", "Учитель прежний")
    assert "ничего не меняется" in await leader.say("физика")


async def test_a_room_is_changed_where_it_is_another(leader: Chat) -> None:
    """Of two lessons one is in that room already: only the other one changes."""
    await leader.say("/broadcast")
    await taps(leader, "Другой кабинет", "пн 23.11", "☐ 1. Физика", "☐ 2. Алгебра", "Дальше")
    draft = await leader.say("12")
    assert "кабинет 7 → 12" in draft
    assert "12 → 12" not in draft


async def test_a_lesson_is_moved_onto_another_on_a_second_tap_alone(leader: Chat) -> None:
    """The lesson that stands there is named; one that the draft takes away is in nobody's way (Q17)."""
    await leader.say("/broadcast")
    await taps(leader, "Перенос", "пн 23.11", "☐ 2. Алгебра", "Дальше", "пн 30.11")
    for occupied in (await leader.press("• 1"), await leader.say("1")):
        assert "1 урок занят: Физика" in occupied
    await leader.press("‹ Другой номер")
    await leader.press("• 1")
    assert "пн 30.11, 1 урок" in await leader.press("Всё равно")
    await taps(leader, "Ещё изменение", "Отмена урока", "пн 23.11", "☐ 1. Физика", "Дальше")
    await taps(leader, "Ещё изменение", "Перенос", "пн 23.11", "☐ 2. Алгебра", "Дальше", "пн 23.11")
    assert "1 урок" in await leader.say("1")


async def test_two_lessons_of_a_draft_are_not_moved_to_one_place_unseen(leader: Chat) -> None:
    """The lesson that the draft has moved there before is named like one of the timetable (Q17)."""
    await leader.say("/broadcast")
    await taps(leader, "Перенос", "пн 23.11", "☐ 2. Алгебра", "Дальше", "пн 23.11", "5")
    await taps(leader, "Ещё изменение", "Перенос", "пн 23.11", "☐ 1. Физика", "Дальше", "пн 23.11")
    assert "5 урок занят: Алгебра" in await leader.press("5")
    await leader.press("‹ Другой номер")
    assert "6 урок" in await leader.press("6")
    await taps(leader, "Ещё изменение", "Перенос", "пн 23.11", "☐ 2. Алгебра", "Дальше", "пн 23.11")
    assert "занят" not in await leader.press("5")


async def test_a_teacher_whose_lesson_was_given_away_is_no_substitute_that_day(leader: Chat) -> None:
    """Not of another lesson either, whoever announced the first one (Q97)."""
    async with leader.line.school.open_uow() as uow:
        (group,) = await uow.year.groups(Everything())
        by_name = {each.name: each.id for each in await uow.people.teachers(on=MONDAY)}
        ids = {subject.name: subject.id for subject in await uow.year.subjects()}
        lessons = [
            NewTemplateLesson(ids["Физика"], 0, 1, "12"),
            NewTemplateLesson(ids["Алгебра"], 0, 2, "7", by_name["Сомова Ирина Олеговна"]),
        ]
        await uow.timetable.put_template(group.id, lessons, starts_on=date(2026, 11, 21))
        await uow.commit()
    await leader.say("/broadcast")
    await taps(leader, "Замена", "пн 23.11", "☐ 2. Алгебра", "Дальше", "Орлова", "Предмет прежний")
    await taps(leader, "Проверить и отправить", "Отправить")
    async with leader.line.school.open_uow() as uow:
        await broadcasts.publish_due_broadcasts(uow, now=NOW, policy=Policy())
        await uow.commit()
    await leader.say("/broadcast")
    await taps(leader, "Замена", "пн 23.11", "☐ 1. Физика", "Дальше")
    assert not [each.text for each in leader.buttons if each.text.startswith("Сомова")]
    assert "заменить себя он не может" in await leader.say("Сомова")


async def test_the_absent_teacher_is_no_substitute(leader: Chat) -> None:
    """Neither among the buttons nor when typed (Q97)."""
    async with leader.line.school.open_uow() as uow:
        (group,) = await uow.year.groups(Everything())
        (teacher,) = [each for each in await uow.people.teachers(on=MONDAY) if each.name.startswith("Сомова")]
        ids = {subject.name: subject.id for subject in await uow.year.subjects()}
        lessons = [NewTemplateLesson(ids["Алгебра"], 0, 2, "7", teacher.id)]
        await uow.timetable.put_template(group.id, lessons, starts_on=date(2026, 11, 21))
        await uow.commit()
    await leader.say("/broadcast")
    await taps(leader, "Замена", "пн 23.11", "☐ 2. Алгебра", "Дальше")
    assert not [each.text for each in leader.buttons if each.text.startswith("Сомова")]
    assert "заменить себя он не может" in await leader.say("Сомова")


async def test_the_deputy_head_speaks_to_several_classes_or_the_school(leader: Chat) -> None:
    """Classes are ticked, the first button ticks them all; a class teacher of one class is not asked (Q97)."""
    async with leader.line.school.open_uow() as uow:
        for name in ("5Б", "6А"):
            await uow.year.ensure_group(GroupKind.CLASS, name, normal_class_name(name))
        await uow.commit()
    deputy = Chat(leader.line, DEPUTY)
    await deputy.say("/broadcast")
    await taps(deputy, "Несколько классов", "☐ 5А", "☐ 6А")
    assert "5А, 6А" in await deputy.press("Дальше: 2 класса")
    await deputy.press("Объявление")
    assert "5А, 6А" in await deputy.say("Собрание")
    await deputy.press("Не отправлять")
    await deputy.say("/broadcast")
    await taps(deputy, "Несколько классов", "☐ Вся школа")
    assert "5А, 5Б, 6А" in await deputy.press("Дальше: 3 класса")
    await leader.say("/broadcast")
    assert not [each.text for each in leader.buttons if "Несколько" in each.text]


async def test_whom_the_teacher_has_reached_by_phone_is_told(leader: Chat) -> None:
    """From the sent broadcast to the call list: a tap counts the family, another takes it back (Q97, Q115)."""
    await changed_algebra(leader)
    await taps(leader, "Проверить", "Отправить")
    await Post(leader.line.school.open_uow).drain()
    await leader.press("Обновить")
    assert "– Мать0 И. О. (Ученик0 И. О.): Telegram" in await leader.press("☎ Кому позвонить")
    reached = await leader.press("☎ Дозвонились: Мать1")
    assert "больше ничего не отправится" in reached
    assert "☎ Мать1 И. О. (Ученик1 И. О.): дозвонились 20.11 12:00 (Орлова Н. П.)" in reached
    assert "Оповещены: 1 из 2" in await leader.press("‹ К рассылке")
    await leader.press("☎ Кому позвонить")
    assert "– Мать1 И. О." in await leader.press("↶ Не дозвонились: Мать1")
    assert "Оповещены: 0 из 2" in await leader.press("‹ К рассылке")


async def test_old_buttons_of_the_call_list_say_what_has_become(leader: Chat) -> None:
    """A tap on the list of a corrected broadcast records nothing and shows that it was corrected (Q97)."""
    await changed_algebra(leader)
    await taps(leader, "Проверить", "Отправить")
    await Post(leader.line.school.open_uow).drain()
    await leader.press("Обновить")
    await leader.press("☎ Кому позвонить")
    old = list(leader.buttons)
    await taps(leader, "‹ К рассылке", "Исправить", "Проверить", "Отправить")
    leader.buttons = old
    assert "Рассылка: заменена исправлением" in await leader.press("☎ Дозвонились: Мать1")
