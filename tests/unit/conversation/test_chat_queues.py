"""Chats take turns, so that a flood of one does not delay the others."""

import asyncio

from bot.conversation.chat_queues import ChatQueues


async def served(turns: "ChatQueues[str]", number: int) -> list[str]:
    """So many turns, one after the other."""
    things = []
    for _ in range(number):
        chat, thing = await turns.next()
        things.append(thing)
        turns.done(chat)
    return things


async def test_a_flood_of_one_chat_delays_nobody_else() -> None:
    """After a hundred things of one chat another's comes second, not last."""
    turns: ChatQueues[str] = ChatQueues(strangers_at_once=2)
    for number in range(100):
        turns.add("flood", f"flood {number}", is_known=True)
    turns.add("mother", "marks", is_known=True)
    assert await served(turns, 3) == ["flood 0", "marks", "flood 1"]


async def test_within_a_chat_the_order_is_kept() -> None:
    """What was said first is answered first, and nothing else of the chat is begun meanwhile."""
    turns: ChatQueues[str] = ChatQueues(strangers_at_once=2)
    for thing in ("a", "b", "c"):
        turns.add("501", thing, is_known=True)
    chat, first = await turns.next()
    with_the_second = asyncio.create_task(turns.next())
    await asyncio.sleep(0)
    assert (first, with_the_second.done()) == ("a", False)
    turns.done(chat)
    assert await with_the_second == ("501", "b")


async def test_what_must_be_tried_again_goes_before_the_rest_of_its_chat() -> None:
    """While one chat waits for its second try the others have their turns."""
    turns: ChatQueues[str] = ChatQueues(strangers_at_once=2)
    for thing in ("a", "b"):
        turns.add("501", thing, is_known=True)
    turns.add("502", "other", is_known=True)
    chat, _ = await turns.next()
    turns.retry_later(chat, after=0.01)
    assert await served(turns, 3) == ["other", "a", "b"]
    assert len(turns) == 0


async def test_a_crowd_of_strangers_is_in_nobodys_way() -> None:
    """Of two thousand strangers two have a turn; a family that speaks after all of them is next."""
    turns: ChatQueues[str] = ChatQueues(strangers_at_once=2)
    for number in range(2000):
        turns.add(f"stranger {number}", "?", is_known=False)
    await turns.next()
    await turns.next()
    third = asyncio.create_task(turns.next())
    await asyncio.sleep(0)
    assert not third.done()
    turns.add("mother", "marks", is_known=True)
    assert await third == ("mother", "marks")


async def test_strangers_are_served_one_after_the_other_all_the_same() -> None:
    """Each gets a turn as soon as another of them has had it, or waits for a second one."""
    turns: ChatQueues[str] = ChatQueues(strangers_at_once=1)
    for number in range(4):
        turns.add(f"stranger {number}", str(number), is_known=False)
    first, _ = await turns.next()
    turns.retry_later(first, after=0.05)
    assert await served(turns, 4) == ["1", "2", "3", "0"]
    assert len(turns) == 0


async def test_whoever_becomes_known_leaves_the_strangers_line() -> None:
    """A chat that was bound meanwhile is served as a family's, whatever it said before."""
    turns: ChatQueues[str] = ChatQueues(strangers_at_once=1)
    for chat in ("stranger", "mother"):
        turns.add(chat, f"{chat} before", is_known=False)
    turns.add("mother", "marks", is_known=True)
    assert await served(turns, 3) == ["mother before", "marks", "stranger before"]
