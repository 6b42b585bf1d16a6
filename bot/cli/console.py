"""What every command has at hand: the settings, words, a place for data and a place for people's reports."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
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
from bot.cli.people.lookup import find_staff
from bot.locales import DEFAULT_LANGUAGE, Catalogues
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
"""Characters of a line where no terminal says how many it has."""


@dataclass(slots=True)
class Desk:
    """One run of the command line; data goes to stdout, words for people to stderr."""

    settings: Settings
    t: Translator
    debug: bool = False
    acts_as: str | None = None
    """Who was named by `--as`; without it VESTNIK_DESK counts."""

    @classmethod
    def open(cls) -> "Desk":
        """Read the settings and the words of their language. Raises SettingsError."""
        settings = Settings.load()
        return cls(settings, words(settings.language))

    @classmethod
    def of(cls, context: typer.Context) -> "Desk":
        """The desk that the command was called at."""
        return context.ensure_object(cls)

    def say(self, key: str, n: int | None = None, **values: object) -> None:
        """A sentence for the person at the keyboard."""
        typer.echo(self.t(key, n, **values), err=True)

    def report(self, title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """A table for the person at the keyboard, where it is no data."""
        Console(stderr=True).print(table(title, columns, rows))

    def act(self, work: "Callable[[App], Awaitable[Result]]", *, any_database: bool = False) -> Result:
        """Run one piece of work with the school opened and closed around it.

        Raises WrongDatabaseError where the database is not one of this version, unless the work decides for itself.
        """
        from bot.app import opened
        from storage.database.revision import require_current

        async def run() -> Result:
            async with opened(self.settings) as app:
                if not any_database:
                    await require_current(app.engine)
                return await work(app)

        return asyncio.run(run())

    def who_acts(self) -> str:
        """The name of `--as` or VESTNIK_DESK. BadInputError without either."""
        who = self.acts_as or self.settings.desk
        if not who:
            raise BadInputError("cli.nobody_acts")
        return who

    def write(self, work: "Callable[[App, UnitOfWork, Actor], Awaitable[Result]]") -> Result:
        """Run one piece of work that changes something, as the staff member of `--as` or VESTNIK_DESK.

        Raises BadInputError where neither names one, NotAllowedError unless they are secretary or deputy head.
        """
        who = self.who_acts()

        async def act(app: "App") -> Result:
            async with app.open_uow() as uow:
                return await work(app, uow, await acting_staff(app, uow, who))

        return self.act(act)


async def acting_staff(app: "App", uow: UnitOfWork, who: str) -> Actor:
    """The staff member of this name. Raises BadInputError, or NotAllowedError unless secretary or deputy head."""
    actor = await find_staff(uow, who, on=timing.local_date(app.clock(), app.policy))
    access.require(actor, *OFFICE)
    return actor


def acting(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command that writes its `--as PERSON`, which also may stand before the command's name."""
    own = signature(command, eval_str=True)
    option = Parameter("acts_as", Parameter.KEYWORD_ONLY, default=None, annotation=ActsAs)

    @wraps(command)
    def acted(context: typer.Context, *, acts_as: str | None = None, **given: Any) -> None:
        desk = Desk.of(context)
        desk.acts_as = acts_as or desk.acts_as
        command(context, **given)

    acted.__signature__ = own.replace(parameters=[*own.parameters.values(), option])  # type: ignore[attr-defined]
    acted.__annotations__ = {**command.__annotations__, option.name: ActsAs}
    return acted


def write_file(path: Path, content: str | bytes) -> None:
    """A file for the person at the keyboard, closed to others. BadInputError where it cannot be written."""
    try:
        closed_files.write(path, content)
    except OSError:
        raise BadInputError("file.unwritable", file=path) from None


def words(language: str = DEFAULT_LANGUAGE) -> Translator:
    """The catalogue of a language; the default one where it is not known."""
    return Catalogues.load().translator(language)


def show(text: str) -> None:
    """Data, one line."""
    typer.echo(text)


def show_json(value: Any) -> None:
    """Data for programs."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def show_json_items(items: Iterable[Any]) -> None:
    """Data for programs: a list of any length, an item at a time."""
    before = "["
    for item in items:
        typer.echo(before + json.dumps([item], ensure_ascii=False, indent=2)[1:-2], nl=False)
        before = ","
    typer.echo("\n]" if before == "," else "[]")


def show_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Data for eyes."""
    Console(width=None if sys.stdout.isatty() else WIDE).print(table(title, columns, rows))


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """Plain cells: nothing in a name or a reason is taken for markup."""
    shown = Table(title=title, title_justify="left", box=SIMPLE_HEAD)
    for column in columns:
        shown.add_column(column, overflow="fold")
    for row in rows:
        shown.add_row(*("" if cell is None else escape(str(cell)) for cell in row))
    return shown
