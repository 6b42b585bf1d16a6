"""`vestnik finals`: final marks are proposed, set, annulled and deferred."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import Desk, print_json_items
from bot.documents.results import term_ends
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


@commands.callback()
def _finals() -> None:
    """An empty callback: without it typer would drop the group `finals` while it has one command."""


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
