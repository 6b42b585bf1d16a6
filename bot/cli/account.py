"""`vestnik account`: a student's own account, from 14 on (Q9)."""

from typing import TYPE_CHECKING

import typer

from bot.cli.consent import Student
from bot.cli.desk import Desk
from bot.cli.people import find_person
from core.actions import accounts
from core.model.people import SYSTEM
from core.rules import timing

if TYPE_CHECKING:
    from bot.app import App

commands = typer.Typer(no_args_is_help=True)


@commands.command("open")
def open_(context: typer.Context, student: Student) -> None:
    """Owe the student's facts to the student too."""
    desk = Desk.of(context)

    async def work(app: "App") -> None:
        now = app.clock()
        async with app.open_uow() as uow:
            who = await find_person(uow, student)
            on = timing.local_date(now, app.policy)
            await accounts.open_account(uow, SYSTEM, student_id=who.id, on=on, now=now)

    desk.act(work)
    desk.say("account.opened")


@commands.command()
def close(context: typer.Context, student: Student) -> None:
    """Owe nothing more to the student."""
    desk = Desk.of(context)

    async def work(app: "App") -> None:
        async with app.open_uow() as uow:
            who = await find_person(uow, student)
            await accounts.close_account(uow, SYSTEM, student_id=who.id, now=app.clock())

    desk.act(work)
    desk.say("account.closed")
