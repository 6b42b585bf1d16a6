"""`vestnik people` and `subject`: find, end, bar, resume, rename and join persons; join subjects (Q127, Q134)."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import ConsoleDesk, console_acts_as_staff, console_day_option
from bot.cli.errors import BadInputError
from bot.cli.lookup import look_up_named_person, look_up_named_subject
from bot.cli.register.consents import Document, On, Student, Who
from bot.imports.tables.people import ROLES
from core.actions.people import endings, joining, names
from core.actions.register.office import families
from core.model.people import Actor, Person, Role
from core.model.register.families import FoundPerson
from core.ports import UnitOfWork
from core.rules.delivery import timing

if TYPE_CHECKING:
    from bot.app import App

commands = typer.Typer(no_args_is_help=True)
subjects = typer.Typer(no_args_is_help=True)

Keep = Annotated[str, typer.Argument(metavar="KEEP")]
Gone = Annotated[str, typer.Argument(metavar="GONE")]

Guardian = Annotated[str, typer.Argument(metavar="GUARDIAN")]
OfRole = Annotated[str | None, typer.Option()]
OfStudent = Annotated[str | None, typer.Option()]
FromDay = Annotated[date, console_day_option("--on")]

GUARDIANS = frozenset({"guardian", "представитель", "родитель", "опекун"})


@commands.command("end")
@console_acts_as_staff
def end_role_command(
    context: typer.Context, person: Who, *, from_day: FromDay, role: OfRole = None, student: OfStudent = None
) -> None:
    """End a role or a guardianship from a day on."""
    desk = ConsoleDesk.of(context)
    ended = _role(role)

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> int:
        who = await look_up_named_person(app, uow, person)
        child = (await look_up_named_person(app, uow, student)).id if student else None
        now, policy = app.clock(), app.policy
        return await endings.end_roles_or_guardianships(
            uow, actor, person_id=who.id, on=from_day, role=ended, student_id=child, now=now, policy=policy
        )

    desk.print_message("people.ended", desk.run_write(work), on=f"{from_day:%d.%m.%Y}")


@commands.command("bar")
@console_acts_as_staff
def bar_guardian_command(
    context: typer.Context, guardian: Guardian, student: Student, document: Document, *, on: On = None
) -> None:
    """Record that a court barred a representative from a student, with the document and its date."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> None:
        who, child = await look_up_named_person(app, uow, guardian), await look_up_named_person(app, uow, student)
        now, policy = app.clock(), app.policy
        pair = {"guardian_id": who.id, "student_id": child.id}
        await endings.end_guardianship_by_court(
            uow, actor, **pair, document=document, document_on=on, now=now, policy=policy
        )

    desk.run_write(work)
    desk.print_message("people.barred")


@commands.command("resume")
@console_acts_as_staff
def resume_role_command(
    context: typer.Context,
    person: Who,
    *,
    role: OfRole = None,
    student: OfStudent = None,
    document: Annotated[str | None, typer.Option()] = None,
) -> None:
    """Resume an ended role from today; a court's bar needs a document."""
    desk = ConsoleDesk.of(context)
    ended = _role(role)

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> int:
        who = await look_up_named_person(app, uow, person)
        child = (await look_up_named_person(app, uow, student)).id if student else None
        now, policy = app.clock(), app.policy
        return await endings.resume_after_ending(
            uow, actor, person_id=who.id, role=ended, student_id=child, document=document, now=now, policy=policy
        )

    desk.print_message("people.resumed", desk.run_write(work))


@commands.command("find")
def find_people_command(context: typer.Context, part_of_name: Annotated[str, typer.Argument(metavar="PART")]) -> None:
    """List persons whose present or former name contains these words, in any order, or the one of this number."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork) -> list[tuple[object, ...]]:
        on = timing.local_date_of_time(app.clock(), app.policy)
        if part_of_name.isdecimal():
            numbered = [await look_up_named_person(app, uow, part_of_name)]
            found = await families.load_family_namesakes(uow, numbered, on=on)
        else:
            found = await families.find_family_persons(uow, part_of_name, on=on)
        return [(each.person.id, each.person.name, _roles(desk, each), _classes(desk, each)) for each in found]

    rows = desk.run_read(work)
    if not rows:
        raise BadInputError("cli.nobody")
    desk.print_table("people.title", ("number", "name", "roles", "class"), rows)


def _roles(desk: ConsoleDesk, found: FoundPerson) -> str:
    borne = found.roles | ({Role.STUDENT} if found.school_class else set())
    return ", ".join(desk.t(f"role.{role}") for role in sorted(borne))


def _classes(desk: ConsoleDesk, found: FoundPerson) -> str:
    """The own class, the class that is led, the classes that are taught, the children with theirs."""
    staff = {"people.leads": found.led, "people.teaches": found.taught}
    worked = [desk.t(key, classes=", ".join(names)) for key, names in staff.items() if names]
    children = [", ".join(filter(None, child)) for child in found.children]
    return "; ".join([*filter(None, [found.school_class]), *worked, *children])


@commands.command("rename")
@console_acts_as_staff
def rename_person_command(
    context: typer.Context,
    old: Annotated[str, typer.Argument(metavar="OLD")],
    new: Annotated[str, typer.Argument(metavar="NEW")],
) -> None:
    """Rename a person."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> Sequence[Person]:
        who = await look_up_named_person(app, uow, old)
        others = await names.correct_person_name(uow, actor, person_id=who.id, name=new, now=app.clock())
        return [who, *others] if others else []

    same = desk.run_write(work)
    desk.print_message("people.renamed")
    if same:
        desk.print_message("people.same_name", numbers=", ".join(str(person.id) for person in same))


@commands.command("join")
@console_acts_as_staff
def join_people_command(context: typer.Context, keep: Keep, gone: Gone) -> None:
    """Join two entries of one person."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> None:
        kept, other = await look_up_named_person(app, uow, keep), await look_up_named_person(app, uow, gone)
        await joining.join_persons(uow, actor, keep_id=kept.id, gone_id=other.id, now=app.clock())

    desk.run_write(work)
    desk.print_message("people.joined")


@subjects.command("list")
def list_subjects_command(context: typer.Context) -> None:
    """List the subjects with their numbers, by name."""
    desk = ConsoleDesk.of(context)

    async def work(_: "App", uow: UnitOfWork) -> list[tuple[object, ...]]:
        known = sorted(await uow.year.subjects(), key=lambda each: each.name_key)
        return [(each.id, each.name) for each in known if each.joined_to is None]

    desk.print_table("subject.list", ("number", "subject"), desk.run_read(work))


@subjects.command("join")
@console_acts_as_staff
def join_subjects_command(context: typer.Context, keep: Keep, gone: Gone) -> None:
    """Join two names of one subject."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> None:
        kept, other = await look_up_named_subject(uow, keep), await look_up_named_subject(uow, gone)
        await joining.join_subjects(uow, actor, keep=kept, gone=other, now=app.clock())

    desk.run_write(work)
    desk.print_message("subject.joined")


def _role(words: str | None) -> Role | None:
    """The role, named as in the staff list, or as a guardian. Raises BadInputError."""
    if words is None:
        return None
    named = " ".join(words.lower().replace("ё", "е").split())
    if named in GUARDIANS:
        return Role.GUARDIAN
    if named not in ROLES:
        raise BadInputError("people.no_such_role")
    return ROLES[named]
