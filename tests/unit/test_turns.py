"""Chats take turns, so that a flood of one does not delay the others."""

import asyncio

from bot.handlers.turns import Turns


async def served(turns: "Turns[str]", number: int) -> list[str]:
    """So many turns, one after the other."""
    things = []
    for _ in range(number):
        chat, thing = await turns.next()
        things.append(thing)
        turns.done(chat)
    return things


async def test_a_flood_of_one_chat_delays_nobody_else() -> None:
    """After a hundred things of one chat another's comes second, not last."""
    turns: Turns[str] = Turns()
    for number in range(100):
        turns.add("flood", f"flood {number}")
    turns.add("mother", "marks")
    assert await served(turns, 3) == ["flood 0", "marks", "flood 1"]


async def test_within_a_chat_the_order_is_kept() -> None:
    """What was said first is answered first, and nothing else of the chat is begun meanwhile."""
    turns: Turns[str] = Turns()
    for thing in ("a", "b", "c"):
        turns.add("501", thing)
    chat, first = await turns.next()
    with_the_second = asyncio.create_task(turns.next())
    await asyncio.sleep(0)
    assert (first, with_the_second.done()) == ("a", False)
    turns.done(chat)
    assert await with_the_second == ("501", "b")


async def test_what_must_be_tried_again_goes_before_the_rest_of_its_chat() -> None:
    """While one chat waits for its second try the others have their turns."""
    turns: Turns[str] = Turns()
    for thing in ("a", "b"):
        turns.add("501", thing)
    turns.add("502", "other")
    chat, _ = await turns.next()
    turns.again(chat, after=0.01)
    assert await served(turns, 3) == ["other", "a", "b"]
    assert len(turns) == 0
