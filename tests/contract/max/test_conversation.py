"""The conversation over MAX: forged and foreign things show nothing, and whatever MAX answers is outlived."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox import FaultKind, Peer
from bot.sandbox.bot_api.call import Upload
from tests.support.conversation.max_chat import MaxChat
from tests.support.schools.builders import FINAL
from tests.support.schools.max_school import MaxSchool, max_school


@pytest.fixture
async def school(sqlite_url: str, tmp_path: Path) -> AsyncIterator[MaxSchool]:
    async with max_school(tmp_path, sqlite_url) as school:
        yield school


async def served(school: MaxSchool) -> MaxChat:
    """The mother, whose dialog is bound."""
    mother = school.mother
    mother.start(school.invitation.token)
    await mother.reply()
    return mother


async def test_a_group_is_met_with_silence(school: MaxSchool) -> None:
    """Marks never go to a group; not even a greeting does (Q80)."""
    user = {"user_id": 7001, "first_name": "Мария", "last_name": None, "username": None, "is_bot": False}
    for chat_type in ("chat", "channel"):
        message = {
            "sender": user, "recipient": {"chat_id": -5, "chat_type": chat_type, "user_id": None}, "timestamp": 1,
            "body": {"mid": f"m{chat_type}", "seq": 1, "text": f"/start {school.invitation.code}", "attachments": None},
        }  # fmt: skip
        pressed = {"timestamp": 1, "callback_id": f"c{chat_type}", "payload": "menu", "user": user}
        for update in (
            {"update_type": "message_created", "timestamp": 1, "message": message},
            {"update_type": "message_callback", "timestamp": 1, "message": message, "callback": pressed},
        ):
            school.world.max.network.updates.add_raw(update)
    stranger = MaxChat(school.world, 7009)
    stranger.send("/start")
    assert await stranger.reply()
    assert school.mother.messages == []


async def test_a_forged_button_shows_nothing(school: MaxSchool) -> None:
    """Neither a payload of one's own nor another person's button opens anything (Q101)."""
    mother = await served(school)
    mother.send("/marks")
    await mother.reply()
    message = next(each for each in reversed(mother.messages) if each.buttons)
    sealed = message.buttons[0][0]["payload"]
    stranger = MaxChat(school.world, 7009)
    stranger.send("/start")
    await stranger.reply()
    stranger.dialog.press(stranger.messages[-1], sealed)
    assert "Соколова" not in await stranger.reply()
    mother.send("/menu")
    await mother.reply()
    for forged in ("marks:1", sealed[:-1] + ("a" if sealed[-1] != "a" else "b"), "х" * 1000):
        mother.dialog.press(message, forged)
        answer = await mother.reply()
        assert "больше не действует" in answer


async def test_a_deep_link_that_is_too_long_is_refused_like_a_wrong_code(school: MaxSchool) -> None:
    """MAX takes 128 characters; a longer payload is nobody's code, and nobody is named (Q82)."""
    stranger = MaxChat(school.world, 7009)
    stranger.send(f"/start {'A' * 10}")
    refused = await stranger.reply()
    school.world.max.network.updates.add_raw({
        "update_type": "bot_started", "timestamp": 5, "chat_id": 5, "user": stranger.dialog.user, "payload": "A" * 400,
    })  # fmt: skip
    assert await stranger.reply() == refused


async def test_a_press_whose_message_is_gone_is_answered_by_a_new_one(school: MaxSchool) -> None:
    """MAX may bring a press without its message: what it opens comes below."""
    mother = await served(school)
    mother.send("/menu")
    await mother.reply()
    message = mother.messages[-1]
    school.world.faults.add(FaultKind.NO_MESSAGE, peer=Peer.MAX_API, method="press")
    before = len(mother.messages)
    mother.press(message.labels[0])
    assert await mother.reply()
    assert len(mother.messages) == before + 1


async def test_a_refused_answer_comes_as_a_message(school: MaxSchool) -> None:
    """A press that MAX will not have answered any more is answered below (Q141)."""
    mother = await served(school)
    mother.send("/settings")
    await mother.reply()
    school.world.faults.add(FaultKind.NOT_OK, peer=Peer.MAX_API, method="POST /answers")
    before = len(mother.messages)
    label = next(label for label in mother.messages[-1].labels if "☰" not in label)
    mother.press(label)
    assert await mother.reply()
    assert len(mother.messages) == before + 1


async def test_a_read_result_keeps_its_words_and_loses_the_button(school: MaxSchool) -> None:
    """«Прочитано» goes away, the message stays as it stood with its marks, and a short one thanks (Q72)."""
    mother = await served(school)
    await school.tells(FINAL)
    message = mother.messages[-1]
    text, markup = message.text, message.markup
    mother.press("Прочитано")
    await mother.reply()
    await mother.reply()
    assert (message.text, message.markup) == (text, markup)
    assert "Прочитано" not in message.labels
    assert mother.messages[-1] is not message


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.HTML_OK, FaultKind.HTML_BAD_GATEWAY, FaultKind.HTML_FORBIDDEN, FaultKind.CUT, FaultKind.EMPTY,
        FaultKind.LIST, FaultKind.CLOSED, FaultKind.SERVER_ERROR, FaultKind.TOO_MANY_REQUESTS, FaultKind.FUTURE_UPDATE,
        FaultKind.UNAUTHORIZED, FaultKind.WRONG_TYPES, FaultKind.HUGE_NUMBERS,
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET /updates", "POST /messages"])
async def test_no_answer_of_max_ends_the_conversation(school: MaxSchool, kind: FaultKind, method: str) -> None:
    """Pages of proxies, half a JSON, unknown updates, no Retry-After: the next try goes on (Q120)."""
    stranger = MaxChat(school.world, 7009)
    stranger.send("/start")
    await stranger.reply(10)
    school.world.faults.add(kind, peer=Peer.MAX_API, method=method)
    for _ in range(2):  # the poll that waits already brings the first one
        stranger.send("/start")
        assert "/start КОД" in await stranger.reply(15)


@pytest.mark.parametrize("is_accepted", [False, True])
async def test_json_that_names_no_message_is_no_proof_of_an_answer(school: MaxSchool, *, is_accepted: bool) -> None:
    """Whether MAX took the message or not, nobody knows: it comes again, and says that it may be a repeat (Q121)."""
    stranger = MaxChat(school.world, 7009)
    stranger.send("/start")
    await stranger.reply(10)
    school.world.faults.add(FaultKind.WRONG_TYPES, peer=Peer.MAX_API, method="POST /messages", accepted=is_accepted)
    stranger.send("/start")
    heard = [await stranger.reply(15) for _ in range(1 + is_accepted)]
    assert ["(повтор)" in text for text in heard] == [False, True][-len(heard) :]


async def test_a_contact_counts_with_its_hash_and_of_its_owner_alone(school: MaxSchool) -> None:
    """MAX vouches for a number by a hash under the bot's token; anything else is no proof (Q81)."""
    mother = await served(school)
    mother.dialog.share_contact(hash_="0" * 64)
    forged = await mother.reply()
    mother.dialog.share_contact(hash_="")
    assert await mother.reply() == forged
    mother.dialog.share_contact(owner={**mother.dialog.user, "user_id": 7009})
    assert await mother.reply() == forged


async def test_files_and_pictures_are_taken_as_such(school: MaxSchool) -> None:
    """A photo without words is named as unread, as in any messenger (Q115)."""
    mother = await served(school)
    mother.dialog.send_file(Upload("доска.png", "image/png", b"\x89PNG"), photo=True)
    assert "словами" in await mother.reply()
