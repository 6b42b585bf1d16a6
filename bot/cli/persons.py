"""`vestnik people` and `vestnik subject`: who is who, whose time has ended, and what was entered twice (Q127, Q134)."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.consent import Document, On, Student, Who
from bot.cli.desk import Desk, acting
from bot.cli.errors import BadInputError
from bot.cli.people import find_person
from core.actions import endings
from core.model.people import Actor, Role
from core.ports import UnitOfWork

if TYPE_CHECKING:
    from bot.app import App

commands = typer.Typer(no_args_is_help=True)

Guardian = Annotated[str, typer.Argument(metavar="GUARDIAN")]
OfRole = Annotated[str | None, typer.Option()]
OfStudent = Annotated[str | None, typer.Option()]
FromDay = Annotated[datetime, typer.Option("--on", formats=["%Y-%m-%d", "%d.%m.%Y"])]

GUARDIANS = frozenset({"guardian", "представитель", "родитель", "опекун"})


@commands.command()
@acting
def end(context: typer.Context, person: Who, *, on: FromDay, role: OfRole = None, student: OfStudent = None) -> None:
    """From a day on a role or a guardianship is over."""
    desk = Desk.of(context)
    ended = _role(role)

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> int:
        who = await find_person(uow, person)
        child = (await find_person(uow, student)).id if student else None
        return await endings.end(
            uow, actor, person_id=who.id, on=on.date(), role=ended, student_id=child, now=app.clock(), policy=app.policy
        )

    desk.say("people.ended", desk.write(work), on=f"{on:%d.%m.%Y}")


@commands.command()
@acting
def bar(context: typer.Context, guardian: Guardian, student: Student, document: Document, *, on: On = None) -> None:
    """A court barred a representative from a student: by which document, of which date."""
    desk = Desk.of(context)
    dated = on.date() if on else None

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> None:
        who, child = await find_person(uow, guardian), await find_person(uow, student)
        now, policy = app.clock(), app.policy
        pair = {"guardian_id": who.id, "student_id": child.id}
        await endings.bar(uow, actor, **pair, document=document, document_on=dated, now=now, policy=policy)

    desk.write(work)
    desk.say("people.barred")


@commands.command()
@acting
def resume(
    context: typer.Context,
    person: Who,
    *,
    role: OfRole = None,
    student: OfStudent = None,
    document: Annotated[str | None, typer.Option()] = None,
) -> None:
    """What has ended goes on from today; a bar is lifted by a document."""
    desk = Desk.of(context)
    ended = _role(role)

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> int:
        who = await find_person(uow, person)
        child = (await find_person(uow, student)).id if student else None
        now, policy = app.clock(), app.policy
        return await endings.resume(
            uow, actor, person_id=who.id, role=ended, student_id=child, document=document, now=now, policy=policy
        )

    desk.say("people.resumed", desk.write(work))


def _role(words: str | None) -> Role | None:
    """A role as the staff list names it, or that of a guardian. Raises BadInputError."""
    from bot.imports.people_tables import ROLES

    if words is None:
        return None
    named = " ".join(words.lower().replace("ё", "е").split())
    if named in GUARDIANS:
        return Role.GUARDIAN
    if named not in ROLES:
        raise BadInputError("people.no_such_role")
    return ROLES[named]
