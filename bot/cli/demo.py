"""`vestnik demo`: the whole way of a fact in a school that does not exist."""

import asyncio
from typing import Annotated

import typer

from bot.cli.desk import Desk


def demo(
    context: typer.Context,
    *,
    once: Annotated[bool, typer.Option("--once")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535)] = 0,
) -> None:
    """A sandbox school: with its page in the browser, or once through with what everybody received."""
    from bot.demo import play

    desk = Desk.of(context)
    asyncio.run(play(desk.t, once=once, port=port))
