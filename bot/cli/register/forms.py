"""`vestnik form`: numbered forms are printed, come back signed and are accepted or returned (R1, R7, Q4, Q11)."""

import hashlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import (
    ConsoleDesk,
    console_acts_as_staff,
    console_day_option,
    print_console_line,
    write_console_file,
)
from bot.cli.errors import BadInputError
from bot.cli.lookup import look_up_named_class, look_up_named_person, look_up_names_on_console
from bot.cli.register.consents import On
from bot.cli.register.contacts import print_contact_lacks
from core.actions.register import forms
from core.actions.register.office import class_forms
from core.errors import FieldsNotFilledError
from core.model.channels import channel_name
from core.model.people import SYSTEM, Actor
from core.model.register.forms import FormKind, FormPurpose, IssuedForm, NewForm, SignedForm
from core.ports import UnitOfWork
from core.rules.delivery import timing

if TYPE_CHECKING:
    from bot.app import App
    from bot.documents.register.form_sheets import FormPress

commands = typer.Typer(no_args_is_help=True)

FormNumbers = Annotated[list[str], typer.Argument(metavar="NUMBER…")]
Out = Annotated[Path | None, typer.Option(dir_okay=False)]
Blank = Annotated[bool, typer.Option("--blank")]


@commands.command("print")
@console_acts_as_staff
def print_forms_command(
    context: typer.Context,
    purpose: Annotated[FormPurpose, typer.Argument(metavar="PURPOSE")],
    person: Annotated[str | None, typer.Argument(metavar="[PERSON]")] = None,
    student: Annotated[str | None, typer.Argument(metavar="[STUDENT]")] = None,
    *,
    school_class: Annotated[str | None, typer.Option("--class")] = None,
    blank: Blank = False,
    out: Out = None,
) -> None:
    """Issue a form, or those of a whole class, and write them to a PDF, by default one named by the first number."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> tuple[Sequence[IssuedForm], bytes]:
        now, policy = app.clock(), app.policy
        if school_class is not None:
            group = await look_up_named_class(uow, school_class)
            issued = await class_forms.issue_class_forms(uow, actor, purpose, group.id, now=now, policy=policy)
        else:
            new = await _new_form(app, uow, purpose, person, student)
            issued = [await forms.issue_numbered_form(uow, actor, new, now=now, policy=policy)]
        if not issued:
            raise BadInputError("form.nobody")
        return issued, await _pdf(app, uow, issued, desk, named=not blank)

    issued, pdf = desk.run_write(work)
    _write(desk, issued, pdf, out)


@commands.command("reprint")
@console_acts_as_staff
def reprint_forms_command(
    context: typer.Context, numbers: FormNumbers, *, blank: Blank = False, out: Out = None
) -> None:
    """Write forms that were issued before to a PDF again."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> tuple[Sequence[IssuedForm], bytes]:
        found = [await forms.load_form_by_number(uow, actor, number) for number in numbers]
        return found, await _pdf(app, uow, found, desk, named=not blank)

    found, pdf = desk.run_write(work)
    _write(desk, found, pdf, out)


@commands.command("list")
def list_forms_command(context: typer.Context, person: Annotated[str | None, typer.Option()] = None) -> None:
    """List the forms that did not come back yet, or all forms of one person."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork) -> list[tuple[object, ...]]:
        if person is None:
            found = await forms.load_waiting_forms(uow, SYSTEM)
        else:
            found = await forms.load_person_forms(uow, SYSTEM, (await look_up_named_person(app, uow, person)).id)
        names = await look_up_names_on_console(
            uow, (id_ for each in found for id_ in (each.person_id, each.student_id) if id_)
        )
        return [_row(desk, each, names[each.person_id], names.get(each.student_id or 0, "–")) for each in found]

    heads = ("number", "form", "person", "student", "issued", "state", "reason")
    desk.print_table("form.list", heads, desk.run_read(work))


@commands.command("accept")
@console_acts_as_staff
def accept_forms_command(  # noqa: PLR0913  # the options of the command line
    context: typer.Context,
    numbers: FormNumbers,
    *,
    on: On = None,
    all_fields_filled: Annotated[bool, typer.Option("--all-fields-filled")] = False,
    form: FormKind = FormKind.PAPER,
    document: Annotated[str | None, typer.Option()] = None,
    scan: Annotated[Path | None, typer.Option(exists=True, dir_okay=False)] = None,
    in_person: Annotated[bool, typer.Option("--in-person")] = False,
    expires: Annotated[date | None, console_day_option("--expires")] = None,
) -> None:
    """Enter signed forms in the register, all or none; of a scan only its hash is kept."""
    desk = ConsoleDesk.of(context)
    if len(numbers) > 1 and (document or scan):
        raise BadInputError("form.one_document")

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> list[str]:
        signed = SignedForm(
            dated=on or timing.local_date_of_time(app.clock(), app.policy),
            all_fields_filled=all_fields_filled,
            form=form,
            document=document,
            scan_sha256=None if scan is None else _file_hash(scan),
            expires_on=expires,
            in_person=in_person,
        )
        return await _enter_accepted_forms(app, uow, actor, numbers, signed)

    try:
        lacks = desk.run_write(work)
    except FieldsNotFilledError:  # in the bot a button confirms the fields, here an option does
        raise BadInputError("form.fields_not_confirmed") from None
    desk.print_message("form.accepted", len(set(numbers)))
    print_contact_lacks(desk, tuple(dict.fromkeys(lacks)))


async def _enter_accepted_forms(
    app: "App", uow: UnitOfWork, actor: Actor, numbers: Sequence[str], signed: SignedForm
) -> list[str]:
    """All or none; what the contacts of these forms still lack."""
    lacks: list[str] = []
    for number in dict.fromkeys(numbers):
        accepted = await forms.enter_accepted_form(uow, actor, number, signed, now=app.clock(), policy=app.policy)
        lacks += await forms.load_form_contact_lacks(uow, actor, accepted)
    await uow.commit()
    return lacks


@commands.command("return")
@console_acts_as_staff
def return_form_command(
    context: typer.Context,
    number: Annotated[str, typer.Argument(metavar="NUMBER")],
    reason: Annotated[str, typer.Option()],
) -> None:
    """Return a form that cannot be accepted; its person needs a new one."""
    desk = ConsoleDesk.of(context)
    desk.run_write(lambda app, uow, actor: forms.return_numbered_form(uow, actor, number, reason, now=app.clock()))
    desk.print_message("form.returned")


async def _new_form(
    app: "App", uow: UnitOfWork, purpose: FormPurpose, person: str | None, student: str | None
) -> NewForm:
    """BadInputError where the person is missing, or the student of a form about a student."""
    if person is None or (student is None) is not (purpose is FormPurpose.CONTACTS):
        raise BadInputError("form.whose")
    about = None if student is None else (await look_up_named_person(app, uow, student)).id
    return NewForm(purpose, (await look_up_named_person(app, uow, person)).id, about)


async def _pdf(app: "App", uow: UnitOfWork, issued: Sequence[IssuedForm], desk: ConsoleDesk, *, named: bool) -> bytes:
    from bot.documents.register.form_sheets import form_sheets_pdf  # noqa: PLC0415  # typst: 0.02 s

    return await form_sheets_pdf(uow, issued, _form_press(app, desk), named=named)


def _form_press(app: "App", desk: ConsoleDesk) -> "FormPress":
    """What printing forms needs of the settings."""
    from bot.documents.register.form_sheets import FormPress  # noqa: PLC0415  # typst: 0.02 s

    return FormPress(desk.t, app.settings.form_operator(), app.signing_key, app.policy)


def _write(desk: ConsoleDesk, issued: Sequence[IssuedForm], pdf: bytes, out: Path | None) -> None:
    file = out or Path(f"{issued[0].number}.pdf")
    write_console_file(file, pdf)
    for each in issued:
        print_console_line(each.number)
    desk.print_message("form.printed_to", len(issued), file=file)
    processors = desk.settings.processors_by_channel()
    unnamed = [channel_name(channel, desk.t) for channel, who in processors.items() if who is None]
    if unnamed and any(each.purpose is FormPurpose.CONSENT for each in issued):
        desk.print_message("form.unnamed_processors", channels=", ".join(unnamed))


def _file_hash(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        raise BadInputError("form.unreadable_scan") from None


def _row(desk: ConsoleDesk, form: IssuedForm, person: str, student: str) -> tuple[object, ...]:
    return (
        form.number,
        desk.t(f"form.purpose.{form.purpose}"),
        person,
        student,
        f"{form.issued_at.astimezone(desk.settings.zone):%d.%m.%Y}",
        desk.t(f"form.state.{form.state}"),
        form.reason,
    )
