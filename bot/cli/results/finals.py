"""`vestnik finals`: final marks are imported, proposed, set, annulled and deferred."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.console import ConsoleDesk, console_acts_as_staff, console_day_option, print_console_json_items
from bot.cli.errors import BadInputError
from bot.cli.imports import FINALS, AsJson, DryRun, Files, run_import_command
from bot.cli.lookup import look_up_named_class, look_up_named_person, look_up_named_subject
from bot.documents.results import term_ends
from core.actions.imports import results as finals_import
from core.actions.results import deferrals, proposals
from core.actions.results.deferrals import NewDeferral
from core.actions.results.final_marks import FinalMarkEditor
from core.model.people import SYSTEM, Actor
from core.model.results.period_marks import MarkCell, NewFinalMark, PeriodMark
from core.model.results.proposals import ProposedMark
from core.ports import UnitOfWork
from core.rules import access
from core.rules.delivery import timing
from core.rules.marks.gradebook import GradebookRules
from core.rules.people.names import normal_class_name, normal_name

if TYPE_CHECKING:
    from bot.app import App

commands = typer.Typer(no_args_is_help=True)

Term = Annotated[str, typer.Argument(metavar="TERM")]
Student = Annotated[str, typer.Argument(metavar="STUDENT")]
SubjectName = Annotated[str, typer.Argument(metavar="SUBJECT")]

END = "end"
"""The first word of `finals defer` that ends a deferral."""


@commands.command("import")
def import_finals_command(
    context: typer.Context, files: Files, *, dry_run: DryRun = False, as_json: AsJson = False
) -> None:
    """Import final marks from a long table or from matrices as schools print them."""
    run_import_command(
        ConsoleDesk.of(context),
        FINALS,
        files,
        lambda app, uow, read, *, check_only: finals_import.import_final_results(
            uow, SYSTEM, read, now=app.clock(), policy=app.policy, made_in=app.settings.marks, check_only=check_only
        ),
        dry_run=dry_run,
        as_json=as_json,
    )


@commands.command("propose")
def propose_finals_command(
    context: typer.Context,
    term: Term,
    *,
    school_class: Annotated[str | None, typer.Option("--class", metavar="CLASS")] = None,
    subject: Annotated[str | None, typer.Option("--subject", metavar="SUBJECT")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Propose final marks of a term from averages, misses and terms."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork) -> Sequence[ProposedMark]:
        on = timing.local_date_of_time(app.clock(), app.policy)
        scope, policy = access.reading_access_scope(SYSTEM, on=on), app.settings.results_policy()
        proposed = await proposals.propose_final_marks(uow, scope, term, policy=policy, on=on)
        return [each for each in proposed if _is_asked(each, school_class, subject)]

    rows = desk.run_read(work)
    if as_json:
        print_console_json_items(term_ends.term_end_proposal_json(each) for each in rows)
    else:
        cells = (term_ends.term_end_proposal_cells(each, desk.t) for each in rows)
        desk.print_table("results.proposals", term_ends.PROPOSAL_HEADS, cells)


def _is_asked(proposed: ProposedMark, school_class: str | None, subject: str | None) -> bool:
    of_class = school_class is None or normal_class_name(proposed.pupil.school_class) == normal_class_name(school_class)
    return of_class and (subject is None or normal_name(proposed.subject) == normal_name(subject))


@commands.command("set")
@console_acts_as_staff
def set_final_command(
    context: typer.Context,
    student: Student,
    subject: SubjectName,
    term: Term,
    mark: Annotated[str, typer.Argument(metavar="MARK")],
    *,
    comment: Annotated[str | None, typer.Option("--comment", metavar="TEXT")] = None,
    ground: Annotated[str | None, typer.Option("--ground", metavar="TEXT")] = None,
) -> None:
    """Set a final mark; another one than the proposal wants a comment, a correction after closing a ground."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> PeriodMark:
        cell = await _cell(app, uow, student, subject, term)
        return await _writer(app, uow, actor).set_mark(NewFinalMark(cell, mark, comment, ground))

    written = desk.run_write(work)
    desk.print_message("results.set", value=written.value, version=written.version)


@commands.command("annul")
@console_acts_as_staff
def annul_final_command(context: typer.Context, student: Student, subject: SubjectName, term: Term) -> None:
    """Annul a final mark; the family is told."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> None:
        await _writer(app, uow, actor).annul(await _cell(app, uow, student, subject, term))

    desk.run_write(work)
    desk.print_message("results.annulled")


@commands.command("accept")
@console_acts_as_staff
def accept_finals_command(
    context: typer.Context,
    term: Term,
    *,
    school_class: Annotated[str, typer.Option("--class", metavar="CLASS")],
    subject: Annotated[str, typer.Option("--subject", metavar="SUBJECT")],
) -> None:
    """Set what is proposed for a whole class and subject, where no mark is in force."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> int:
        group, taught = await look_up_named_class(uow, school_class), await look_up_named_subject(uow, subject)
        return len(await _writer(app, uow, actor).set_proposed(group.id, taught.id, term))

    desk.print_message("results.accepted", desk.run_write(work))


@commands.command("undo")
@console_acts_as_staff
def undo_finals_command(
    context: typer.Context,
    term: Term,
    *,
    school_class: Annotated[str, typer.Option("--class", metavar="CLASS")],
    subject: Annotated[str, typer.Option("--subject", metavar="SUBJECT")],
) -> None:
    """Take back what was set last in a class and subject, by oneself; all or nothing."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> int:
        group, taught = await look_up_named_class(uow, school_class), await look_up_named_subject(uow, subject)
        writer = _writer(app, uow, actor)
        return await writer.undo_marks(await writer.last_batch(group.id, taught.id, term))

    desk.print_message("results.undone", desk.run_write(work))


@commands.command("defer")
@console_acts_as_staff
def defer_finals_command(
    context: typer.Context,
    words: Annotated[list[str], typer.Argument(metavar="[end] STUDENT TERM [MARK]")],
    *,
    subjects: Annotated[list[str], typer.Option("--subject", metavar="SUBJECT")],
    ill_from: Annotated[Any, console_day_option("--from")] = None,
    ill_to: Annotated[Any, console_day_option("--to")] = None,
    document: Annotated[str, typer.Option("--document", metavar="TEXT")] = "",
    granted_by: Annotated[str, typer.Option("--decision", metavar="TEXT")] = "",
    due: Annotated[Any, console_day_option("--due")] = None,
) -> None:
    """Defer final marks for illness, or extend the deferral; `defer end` ends one by a mark or н/а."""
    desk = ConsoleDesk.of(context)

    async def grant(app: "App", uow: UnitOfWork, actor: Actor) -> int:
        who, term = await look_up_named_person(app, uow, words[0]), words[1]
        taught = [(await look_up_named_subject(uow, each)).id for each in subjects]
        new = NewDeferral(who.id, taught, term, ill_from, ill_to, document, granted_by, due)
        return len(await deferrals.grant_deferral(_writer(app, uow, actor), new))

    async def end(app: "App", uow: UnitOfWork, actor: Actor) -> int:
        for subject in subjects:
            cell = await _cell(app, uow, words[1], subject, words[2])
            await deferrals.end_deferral(_writer(app, uow, actor), cell, words[3])
        return len(subjects)

    if words[0] == END and len(words) == len(("end", "student", "term", "mark")):
        desk.print_message("results.deferral_ended", desk.run_write(end))
    elif len(words) == len(("student", "term")) and None not in {ill_from, ill_to, due}:
        desk.print_message("results.deferred", desk.run_write(grant))
    else:
        raise BadInputError("results.defer_usage")


async def _cell(app: "App", uow: UnitOfWork, student: str, subject: str, term: str) -> MarkCell:
    return MarkCell(
        (await look_up_named_person(app, uow, student)).id, (await look_up_named_subject(uow, subject)).id, term
    )


def _writer(app: "App", uow: UnitOfWork, actor: Actor) -> FinalMarkEditor:
    settings, now = app.settings, app.clock()
    marking = GradebookRules(settings.marks, settings.lowest_mark, settings.mark_delay)
    on = timing.local_date_of_time(now, app.policy)
    return FinalMarkEditor(uow, actor, settings.results_policy(), marking, now, on)
