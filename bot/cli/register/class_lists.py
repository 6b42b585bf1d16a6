"""`vestnik consent class` and `states`: the consents of a whole class, and the list of a class with its states."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import ConsoleDesk, console_acts_as_staff, write_console_file
from bot.cli.errors import BadInputError
from bot.cli.lookup import look_up_named_class
from bot.cli.register import consents
from bot.cli.register.consents import ConsentChannels, On, known_consent_channels
from bot.documents.register.class_list import class_list_table, class_list_workbook
from core.actions.register.office import class_consents, families
from core.actions.register.office.class_consents import (
    MissingClassConsents,
    PairIds,
    SignedClassConsents,
    class_consent_pair_ids,
)
from core.model.people import SYSTEM, Actor
from core.model.register.families import FamilyPair, StatedPair
from core.ports import UnitOfWork
from core.rules.delivery import timing
from core.rules.register.families import family_pairs_named

if TYPE_CHECKING:
    from bot.app import App

commands = consents.commands

SchoolClass = Annotated[str, typer.Argument(metavar="CLASS")]


class WhoSignedError(BadInputError):
    """Of these pairs of a class it is not clear which are meant; the answer lists them, the log does not."""

    def __init__(self, key: str, pairs: Sequence[FamilyPair]) -> None:
        super().__init__(key, count=len(pairs))
        self.pairs = pairs


@commands.command("class")
@console_acts_as_staff
def register_class_list_command(
    context: typer.Context,
    school_class: SchoolClass,
    signed: Annotated[list[str] | None, typer.Argument(metavar="[NAME…]")] = None,
    *,
    excepted: Annotated[list[str] | None, typer.Option("--except", metavar="NAME")] = None,
    document: Annotated[str, typer.Option(metavar="TEXT")] = "",
    on: On = None,
    filled: Annotated[bool, typer.Option("--filled")] = False,
    names: ConsentChannels = None,
) -> None:
    """Enter the consents of a class that came in: all but `--except NAME`, or those named; alone it lists who lacks."""
    desk = ConsoleDesk.of(context)
    channels = known_consent_channels(names)
    if not (signed or excepted or document or filled):
        _list_missing(desk, school_class)
        return

    async def work(app: "App", uow: UnitOfWork, actor: Actor) -> int:
        now, today = app.clock(), timing.local_date_of_time(app.clock(), app.policy)
        group = await look_up_named_class(uow, school_class)
        missing = await class_consents.load_class_consents(uow, actor, group.id, on=today)
        pairs = _named(missing, signed) if signed else _all_but(missing, excepted or ())
        if not document and set(pairs) - missing.issued.keys():
            raise BadInputError("consent.class_document")
        new = SignedClassConsents(group.id, pairs, document, on or today, filled, channels)
        return await class_consents.register_class_consents(uow, actor, new, now=now, policy=app.policy)

    desk.print_message("consent.class_entered", desk.run_write(work))


@commands.command("states")
def list_class_families_command(
    context: typer.Context,
    school_class: Annotated[str | None, typer.Argument(metavar="CLASS")] = None,
    *,
    out: Annotated[Path | None, typer.Option(metavar="FILE.xlsx")] = None,
) -> None:
    """List the families of a class, or of all, with decision, contacts and state; as a workbook with --out."""
    desk = ConsoleDesk.of(context)

    async def work(app: "App", uow: UnitOfWork) -> Sequence[StatedPair]:
        on = timing.local_date_of_time(app.clock(), app.policy)
        if school_class is None:
            return await families.load_families_of_classes(uow, SYSTEM, on=on, served=app.policy.served)
        group = await look_up_named_class(uow, school_class)
        served = app.policy.served
        return (await families.load_class_families(uow, SYSTEM, group.id, on=on, served=served))[1]

    stated = desk.run_read(work)
    if out is not None:
        write_console_file(out, class_list_workbook(stated, desk.t))
        desk.print_message("consent.states_written", len(stated), file=out)
        return
    table = class_list_table(stated, desk.t)
    desk.print_figures(table.title, table.heads, [list(map(str, row)) for row in table.rows])


def _list_missing(desk: ConsoleDesk, school_class: str) -> None:
    async def work(app: "App", uow: UnitOfWork) -> MissingClassConsents:
        on = timing.local_date_of_time(app.clock(), app.policy)
        group = await look_up_named_class(uow, school_class)
        return await class_consents.load_class_consents(uow, SYSTEM, group.id, on=on)

    missing = desk.run_read(work)
    rows = [
        (
            pair.person_id,
            pair.person,
            pair.student,
            form.number if (form := missing.issued.get(class_consent_pair_ids(pair))) else "",
        )
        for pair in missing.pairs
    ]
    desk.print_table("consent.class_missing", ("number", "person", "student", "form"), rows)
    desk.print_message("consent.class_usage")


def _named(missing: MissingClassConsents, signed: Collection[str]) -> Collection[PairIds]:
    """The pairs that were named. Raises WhoSignedError for a name of nobody, of several, or of a doubtful student."""
    found: set[PairIds] = set()
    for said in signed:
        pairs = family_pairs_named(missing.pairs, said)
        expected = {class_consent_pair_ids(pair) for pair in pairs} & missing.expected
        meant = [pair for pair in pairs if class_consent_pair_ids(pair) in expected] or pairs
        if len(meant) != 1:
            raise WhoSignedError("consent.class_whose" if meant else "consent.class_nobody", meant)
        found.add(class_consent_pair_ids(meant[0]))
    return found


def _all_but(missing: MissingClassConsents, excepted: Collection[str]) -> Collection[PairIds]:
    """All pairs but those named; of a student who has several representatives it must be clear who signed."""
    left = list(missing.pairs)
    for said in excepted:
        pairs = family_pairs_named(missing.pairs, said)
        if len({pair.student_id for pair in pairs}) != 1:
            raise WhoSignedError("consent.class_whose" if pairs else "consent.class_nobody", pairs)
        left = [pair for pair in left if pair not in pairs]
    clear = replace(missing, pairs=left)
    if doubtful := [pair for pair in left if class_consent_pair_ids(pair) in clear.doubtful]:
        raise WhoSignedError("consent.class_doubtful", doubtful)
    return clear.expected
