"""`vestnik finals`: final marks are imported, proposed, set, annulled and deferred."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import Desk, print_json_items
from bot.cli.imports import FINALS, AsJson, DryRun, Files, run_import
from bot.documents.results import term_ends
from core.actions.imports import finals as finals_import
from core.actions.results import proposals
from core.model.people import SYSTEM
from core.model.results.proposals import ProposedMark
from core.ports import UnitOfWork
from core.rules import access
from core.rules.delivery import timing
from core.rules.people.names import normal_class, normal_name

if TYPE_CHECKING:
    from bot.app import App

commands = typer.Typer(no_args_is_help=True)

Term = Annotated[str, typer.Argument(metavar="TERM")]


@commands.command("import")
def import_finals(context: typer.Context, files: Files, *, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Import final marks from a long table or from matrices as schools print them."""
    run_import(
        Desk.of(context),
        FINALS,
        files,
        lambda app, uow, read, *, check_only: finals_import.import_finals(
            uow,
            SYSTEM,
            read,
            now=app.clock(),
            policy=app.policy,
            made_in=app.settings.marks,
            check_only=check_only,
        ),
        dry_run=dry_run,
        as_json=as_json,
    )


@commands.command("propose")
def propose_finals(
    context: typer.Context,
    term: Term,
    *,
    school_class: Annotated[str | None, typer.Option("--class", metavar="CLASS")] = None,
    subject: Annotated[str | None, typer.Option("--subject", metavar="SUBJECT")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Propose final marks of a term from averages, misses and terms."""
    desk = Desk.of(context)

    async def work(app: "App", uow: UnitOfWork) -> Sequence[ProposedMark]:
        on = timing.local_date(app.clock(), app.policy)
        scope, policy = access.reading_scope(SYSTEM, on=on), app.settings.results_policy()
        proposed = await proposals.propose_marks(uow, scope, term, policy=policy, on=on)
        return [each for each in proposed if _is_asked(each, school_class, subject)]

    rows = desk.run_read(work)
    if as_json:
        print_json_items(term_ends.proposal_json(each) for each in rows)
    else:
        cells = (term_ends.proposal_cells(each, desk.t) for each in rows)
        desk.print_table("results.proposals", term_ends.PROPOSAL_HEADS, cells)


def _is_asked(proposed: ProposedMark, school_class: str | None, subject: str | None) -> bool:
    of_class = school_class is None or normal_class(proposed.pupil.school_class) == normal_class(school_class)
    return of_class and (subject is None or normal_name(proposed.subject) == normal_name(subject))
