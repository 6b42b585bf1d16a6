"""Shared by all commands: settings, language, output of data to stdout and of messages to stderr."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import wraps
from inspect import Parameter, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.cli.errors import BadInputError
from bot.cli.lookup import look_up_named_staff
from bot.imports.dates import YEARS, read_date_cell
from bot.locales import DEFAULT_LANGUAGE, LocaleCatalogues
from bot.settings import Settings
from core.model.people import OFFICE, Actor
from core.ports import Translator, UnitOfWork
from core.rules import access
from core.rules.delivery import timing
from storage import closed_files

if TYPE_CHECKING:
    from bot.app import App

Result = TypeVar("Result")

ActsAs = Annotated[str | None, typer.Option("--as", metavar="PERSON")]
"""The staff member who acts: a full name or a number."""

WIDE = 160
"""Width of tables where stdout is no terminal."""


@dataclass(slots=True)
class ConsoleDesk:
    """One run of the command line: its settings, its language, and who acts (`--as` or VESTNIK_DESK)."""

    settings: Settings
    t: Translator
    debug: bool = False
    acts_as: str | None = None
    """Who was named by `--as`; without it VESTNIK_DESK counts."""

    @classmethod
    def open(cls) -> "ConsoleDesk":
        """Load the settings and the catalogue of their language. Raises SettingsError."""
        settings = Settings.load()
        return cls(settings, load_console_translator(settings.language))

    @classmethod
    def of(cls, context: typer.Context) -> "ConsoleDesk":
        """The desk of this run, kept in typer's context."""
        return context.ensure_object(cls)

    def print_message(self, key: str, n: int | None = None, **values: object) -> None:
        """Print a translated sentence to stderr."""
        typer.echo(self.t(key, n, **values), err=True)

    def print_table(self, title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Print a table to stdout. `title` is a key of the catalogue, a head the part of one after `column.`."""
        self.print_figures(self.t(title), [self.t(f"column.{head}") for head in heads], rows)

    def print_choice(self, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Print a table to stderr, below an error that asks the person to choose."""
        table = _build_table(self.t("cli.choice"), [self.t(f"column.{head}") for head in heads], rows)
        Console(width=None if sys.stderr.isatty() else WIDE, stderr=True).print(table)

    def print_figures(self, title: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Print a table to stdout whose title and heads are words already; of an empty one, that nothing is there."""
        found = [*rows]
        if not found:
            print_console_line(self.t("cli.nothing_there", title=title))
            return
        table = _build_table(title, heads, found)
        Console(width=None if sys.stdout.isatty() else WIDE).print(table)

    def run_work(
        self,
        work: "Callable[[App], Awaitable[Result]]",
        *,
        any_database: bool = False,
        makes_database: bool = False,
    ) -> Result:
        """Run work on the opened school and close it afterwards.

        Raises WrongDatabaseError where the database is not one of this version, unless the work decides for itself;
        BadInputError where there is no database and the work makes none: then nothing is left in the data folder.
        """
        from bot.app import open_app  # noqa: PLC0415  # SQLAlchemy, Alembic: 0.4 s
        from storage.database.revision import require_current_revision  # noqa: PLC0415  # SQLAlchemy, Alembic: 0.4 s

        if not makes_database:
            self._require_database_file()

        async def run() -> Result:
            async with open_app(self.settings, tell_closed=self._tell_closed) as app:
                if not (any_database or makes_database):
                    await require_current_revision(app.engine)
                return await work(app)

        return asyncio.run(run())

    def _tell_closed(self, count: int) -> None:
        self.print_message("cli.closed_to_others", count)

    def _require_database_file(self) -> None:
        """Whoever forgot VESTNIK_DATA reads in which folder a school was looked for."""
        for file in self.settings.database_files[:1]:
            if not file.exists():
                raise BadInputError("cli.no_database", folder=file.parent)

    def run_read(self, work: "Callable[[App, UnitOfWork], Awaitable[Result]]") -> Result:
        """Run work that only reads, in one transaction."""

        async def read(app: "App") -> Result:
            async with app.open_uow(reading=True) as uow:
                return await work(app, uow)

        return self.run_work(read)

    def acting_person(self) -> str:
        """The name of `--as` or VESTNIK_DESK. BadInputError without either."""
        who = self.acts_as or self.settings.desk
        if not who:
            raise BadInputError("cli.nobody_acts")
        return who

    def run_write(self, work: "Callable[[App, UnitOfWork, Actor], Awaitable[Result]]") -> Result:
        """Run work that writes, as the staff member of `--as` or VESTNIK_DESK.

        Raises BadInputError where neither names one, NotAllowedError unless they are secretary or deputy head.
        """
        who = self.acting_person()

        async def run_as_staff(app: "App") -> Result:
            async with app.open_uow() as uow:
                return await work(app, uow, await acting_staff_on_console(app, uow, who))

        return self.run_work(run_as_staff)


async def acting_staff_on_console(app: "App", uow: UnitOfWork, who: str) -> Actor:
    """The staff member of this name. Raises BadInputError, or NotAllowedError unless secretary or deputy head."""
    actor = await look_up_named_staff(uow, who, on=timing.local_date_of_time(app.clock(), app.policy))
    access.require_access_role(actor, *OFFICE)
    return actor


def console_acts_as_staff(command: Callable[..., None]) -> Callable[..., None]:
    """Decorator: adds `--as PERSON` to a command that writes; the option may also stand before the command's name."""
    own = signature(command, eval_str=True)
    option = Parameter("acts_as", Parameter.KEYWORD_ONLY, default=None, annotation=ActsAs)

    @wraps(command)
    def acted(context: typer.Context, *, acts_as: str | None = None, **given: Any) -> None:
        desk = ConsoleDesk.of(context)
        desk.acts_as = acts_as or desk.acts_as
        command(context, **given)

    # typer reads the signature and the annotations, not the keyword arguments of a wrapper
    acted.__signature__ = own.replace(parameters=[*own.parameters.values(), option])  # type: ignore[attr-defined]
    acted.__annotations__ = {**command.__annotations__, option.name: ActsAs}
    return acted


def write_console_file(path: Path, content: str | bytes) -> None:
    """Write a file that only its owner can read. BadInputError where it cannot be written."""
    try:
        closed_files.write_closed_file(path, content)
    except OSError:
        raise BadInputError("file.unwritable", file=path) from None


def console_day_option(name: str) -> Any:
    """An option that takes a date, year first or day first. BadInputError for anything else."""
    return typer.Option(name, parser=_read_day, metavar="DATE")


def _read_day(text: str) -> date:
    if (day := read_date_cell(text)) is None:
        raise BadInputError("cli.day", first=YEARS[0], last=YEARS[-1])
    return day


def load_console_translator(language: str = DEFAULT_LANGUAGE) -> Translator:
    """The catalogue of a language; the default one where it is not known."""
    return LocaleCatalogues().translator(language)


def print_console_line(text: str) -> None:
    """Print one line of data to stdout."""
    typer.echo(text)


def print_console_json(value: Any) -> None:
    """Print JSON to stdout."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_console_json_items(items: Iterable[Any]) -> None:
    """Print a JSON list to stdout item by item, so that a long one is never held in memory."""
    before = "["
    for item in items:
        typer.echo(before + json.dumps([item], ensure_ascii=False, indent=2)[1:-2], nl=False)
        before = ","
    typer.echo("\n]" if before == "," else "[]")


def _build_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A table whose cells are escaped, so that rich reads no name as markup."""
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else escape(str(cell)) for cell in row))
    return table
