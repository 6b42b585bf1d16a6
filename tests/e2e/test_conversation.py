"""Families talk with the bot, read as chats: two days of the demo's school have passed when they begin."""

from datetime import timedelta

import pytest

from bot.demo.people import HAS_BLOCKED, MOTHER_OF_DARYA, MOTHER_OF_TWO, STRANGER
from bot.demo.school import DemoSchool, demo_school
from core.actions.register import codes, consents
from core.model.delivery.states import Status
from core.model.people import SYSTEM
from core.model.register.consents import Decision, NewConsent
from core.rules.people.names import normal_name
from tests.support.conversation.chat import chat_of

pytestmark = pytest.mark.no_cover


async def test_a_stranger_learns_how_to_get_the_service_and_nothing_else(school: DemoSchool) -> None:
    """Whatever somebody without an account says, there is one answer and no child in it (Q106)."""
    stranger = chat_of(school, STRANGER)
    answers = set()
    for words in ("/start", "/marks", "Как учится Ромашкина Дарья?"):
        await stranger.send(words)
        answers.add((await stranger.reply()).text)
    (answer,) = answers
    assert "/start КОД" in answer
    assert "Ромашкина" not in answer


async def test_a_wrong_code_opens_nothing_and_five_close_the_door(school: DemoSchool) -> None:
    """Guessing is limited: after five wrong codes even a right one is refused (Q82)."""
    stranger = chat_of(school, STRANGER)
    for _ in range(5):
        await stranger.send("/start AAAAAAAA")
        assert "не подошёл" in (await stranger.reply()).text
    async with school.app.open_uow() as uow:
        (person,) = await uow.people.named({normal_name("Орлов Андрей Викторович")})
        invitation = await codes.issue_code(
            uow,
            SYSTEM,
            person_id=person.id,
            channel="telegram",
            now=school.app.clock(),
            term=timedelta(days=1),
            key=school.app.signing_key,
        )
    await stranger.send(f"/start {invitation.code}")
    assert "не подошёл" in (await stranger.reply()).text


async def test_a_mother_looks_up_marks_subject_by_subject(school: DemoSchool) -> None:
    """The child is named, the newest days come first, a subject opens in place and leads back (Q13, Q95)."""
    mother = chat_of(school, MOTHER_OF_DARYA)
    await mother.send("/marks")
    marks = await mother.reply()
    assert marks.text.startswith("Ромашкина Дарья Ильинична\nОценки\n\n22.10 История: 5\n22.10 Математика: 5")
    await mother.press("Русский язык")
    assert "Средний балл, " in marks.text
    assert "15.10 3 → 4 (исправлено 22.10)" in marks.text
    assert "1 четверть: итоговая 4" in marks.text
    await mother.press("‹ Все предметы")
    assert "22.10 Математика: 5" in marks.text


async def test_a_mother_of_two_never_sees_their_marks_mixed(school: DemoSchool) -> None:
    """One child is on the screen, the other a tap away, and the chat remembers whom it is about (Q15)."""
    mother = chat_of(school, MOTHER_OF_TWO)
    await mother.send("/marks")
    screen = await mother.reply()
    assert screen.labels == ["Ковалёв Артём Денисович", "Ковалёва Мария Денисовна"]
    await mother.press("Ковалёв Артём Денисович")
    assert "Ковалёв Артём Денисович" in screen.text
    assert "Мария" not in screen.text
    await mother.press("Мария")
    assert screen.text.startswith("Ковалёва Мария Денисовна\n")
    assert "Артём" not in screen.text
    await mother.send("/forecast")
    forecast = (await mother.reply()).text
    assert forecast.startswith("Мария: ")
    assert "Ковалёва Мария Денисовна\nПрогноз: " in forecast
    assert "Артём" not in forecast


async def test_a_notice_names_the_child_and_shows_old_and_new(school: DemoSchool) -> None:
    """New, changed and withdrawn marks come grouped, and divorced parents get the same facts (Q38, Q95)."""
    mother = "\n".join(chat_of(school, MOTHER_OF_DARYA).texts())
    father = "\n".join(mail.text for mail in school.world.mailbox["romashkin@sandbox.test"])
    of_two = "\n".join(chat_of(school, MOTHER_OF_TWO).texts())
    for told in (mother, father):
        assert "Русский язык, 15.10: 3 → 4" in told
        assert "1 четверть, Математика: 5" in told
    assert "Алгебра, 14.10: 2 снята" in of_two
    assert "Ромашкина" not in of_two


async def test_a_button_under_a_notice_opens_marks_below_it(school: DemoSchool) -> None:
    """What was pushed stays as it was said; the marks come as a new message."""
    mother = chat_of(school, MOTHER_OF_TWO)
    pushed = mother.last.text
    await mother.press("Все оценки: Мария")
    assert (await mother.reply()).text.startswith("Ковалёва Мария Денисовна")
    assert pushed in mother.texts()


async def test_reading_a_result_is_the_strongest_evidence_of_a_chat(school: DemoSchool) -> None:
    """«Прочитано» raises the obligation's evidence to acknowledged, and the button goes (Q72)."""
    mother = chat_of(school, MOTHER_OF_DARYA)
    assert "прочитано" in await mother.press("Прочитано")
    async with school.app.open_uow(reading=True) as uow:
        rows = await uow.outbox.obligations()
    hers = [row.obligation for row in rows if row.person == MOTHER_OF_DARYA.name and row.obligation.due]
    assert {obligation.evidence for obligation in hers} == {Status.ACKNOWLEDGED}
    assert all("Прочитано" not in message.labels for message in mother.messages)


async def test_a_button_of_another_chat_opens_nothing(school: DemoSchool) -> None:
    """A button is sealed for its chat: pressed elsewhere it is refused and shows no child (Q14)."""
    button = next(
        button
        for message in chat_of(school, MOTHER_OF_TWO).messages
        for row in message.buttons
        for button in row
        if "Мария" in button["text"]
    )
    mother = chat_of(school, MOTHER_OF_DARYA)
    await mother.send("/help")
    help_shown = await mother.reply()
    school.world.chats[MOTHER_OF_DARYA.chat_id or 0].press(help_shown.message_id, button["callback_data"])
    answer = await mother.reply()
    assert "больше не действует" in answer.text
    assert "Ковалёва" not in answer.text


async def test_a_withdrawn_consent_closes_the_chat_at_once(school: DemoSchool) -> None:
    """Without a consent in force no electronic channel carries the child's data (Q2, Q5)."""
    async with school.app.open_uow() as uow:
        (mother,) = await uow.people.named({normal_name(MOTHER_OF_DARYA.name)})
        (child,) = await uow.people.named({normal_name("Ромашкина Дарья Ильинична")})
        now = school.app.clock()
        withdrawal = NewConsent(mother.id, child.id, Decision.WITHDRAWAL, now.date(), "З-1")
        await consents.register_consent(uow, SYSTEM, withdrawal, now=now, policy=school.app.policy)
    chat = chat_of(school, MOTHER_OF_DARYA)
    await chat.send("/marks")
    answer = (await chat.reply()).text
    assert "Дарья" not in answer
    assert "согласие" in answer
    await chat.press("Все оценки: Дарья")
    assert "больше не действует" in (await chat.reply()).text


async def test_an_unblocked_bot_resumes(school: DemoSchool) -> None:
    """A family that lets the bot in again is answered, and its chat is the agreed way again (Q84)."""
    chat = chat_of(school, HAS_BLOCKED)
    school.world.chats[HAS_BLOCKED.chat_id or 0].unblock()
    await chat.send("/marks")
    assert (await chat.reply()).text.startswith("Белова Анна Кирилловна")
    async with school.app.open_uow(reading=True) as uow:
        (known,) = await uow.register.contacts_at("telegram", str(HAS_BLOCKED.chat_id))
    assert known.set_aside_at is None


async def test_a_discreet_channel_says_neither_marks_nor_names() -> None:
    """Where the school chose `discreet`, nothing said there is personal, and the ways there are are named (Q85)."""
    async with demo_school(policy="discreet") as school:
        await school.first_day()
        await school.second_day()
        mother = chat_of(school, MOTHER_OF_DARYA)
        await mother.send("/marks")
        assert "в электронном журнале" in (await mother.reply()).text
        said = "\n".join(mother.texts())
        assert "новая запись" in said
        for word in ("Ромашкина", "Дарья", "Математика", "3 → 4"):
            assert word not in said
