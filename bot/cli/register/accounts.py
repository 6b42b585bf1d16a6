"""`vestnik account`: a student's own account, from 14 on (Q9)."""

from typing import TYPE_CHECKING

import typer

from bot.cli.console import ConsoleDesk, console_acts_as_staff
from bot.cli.lookup import look_up_named_person
from bot.cli.register.consents import Student
from core.actions.register import accounts
from core.model.people import Actor
from core.ports import UnitOfWork
from core.rules.delivery import timing

if TYPE_CHECKING:
    from bot.app import App

commands = typer.Typer(no_args_is_help=True)


@commands.command("open")
@console_acts_as_staff
def open_account_command(context: typer.Context, student: Student) -> None:
    """Open an account: the student is notified too."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> None:
        now = app.clock()
        who = await look_up_named_person(app, uow, student)
        on = timing.local_date_of_time(now, app.policy)
        await accounts.open_student_account(uow, actor, student_id=who.id, on=on, now=now)

    desk.run_write(work)
    desk.print_message("account.opened")


@commands.command("close")
@console_acts_as_staff
def close_account_command(context: typer.Context, student: Student) -> None:
    """Close an account: the student is notified no more."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> None:
        who = await look_up_named_person(app, uow, student)
        await accounts.close_student_account(uow, actor, student_id=who.id, now=app.clock())

    desk.run_write(work)
    desk.print_message("account.closed")
