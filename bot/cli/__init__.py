"""The command line: a command parses, an action of core does the work, an error becomes a sentence and an exit code."""

import sys
from collections.abc import Sequence
from functools import cache
from typing import Annotated, Any

import typer
from typer.exceptions import Abort, TyperException

from bot.cli import (
    audit,
    backup,
    bench,
    demo,
    forecast,
    held,
    imports,
    obligations,
    operation,
    paper,
    people,
    schedule,
    school,
)
from bot.cli.console import ActsAs, ConsoleDesk, load_console_translator
from bot.cli.errors import OUR_FAULT, error_exit_code, error_sentence_on_console
from bot.cli.help_texts import add_help_texts, help_usage_sentence, translate_help_panels
from bot.cli.lookup import SeveralFoundError
from bot.cli.register import accounts, ask, class_lists, consent_book, contacts, erasures, forms, invitations
from bot.cli.register.class_lists import WhoSignedError
from bot.cli.results import acquaintance, archive, exams, finals, period, sheet, statistics
from bot.frames import error_frames, hide_frame_contents
from bot.locales import DEFAULT_LANGUAGE
from bot.settings import Settings, SettingsError
from core.model.register.families import FoundPerson
from storage.closed_files import closed_files_by_default

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.add_typer(imports.commands, name="import")
app.add_typer(exams.commands, name="exam")
for commands in dict.fromkeys((class_lists.commands, consent_book.commands)):
    app.add_typer(commands, name="consent")
app.add_typer(contacts.commands, name="contact")
app.add_typer(forms.commands, name="form")
app.add_typer(accounts.commands, name="account")
app.add_typer(people.commands, name="people")
app.add_typer(people.subjects, name="subject")
app.add_typer(obligations.commands, name="obligations")
app.add_typer(finals.commands, name="finals")
app.add_typer(statistics.commands, name="statistics")
app.add_typer(period.commands, name="period")
app.add_typer(sheet.commands, name="sheet")
app.add_typer(forecast.commands, name="forecast")
app.add_typer(acquaintance.commands, name="acquaintance")
app.add_typer(paper.commands, name="paper")
app.add_typer(audit.commands, name="audit")
app.add_typer(held.commands, name="held")
for word, command in (
    ("demo", demo.play_demo_command),
    ("init", school.init_school_command),
    ("migrate", school.migrate_school_database_command),
    ("ask", ask.ask_bot_command),
    ("doctor", school.examine_school_command),
    ("run", school.run_school_command),
    ("invite", invitations.print_invitations_command),
    ("erase", erasures.run_erasures_command),
    ("proof", obligations.prove_obligation_command),
    ("overview", acquaintance.show_acquaintance_overview_command),
    ("backup", backup.write_backup_command),
    ("restore", backup.restore_backup_command),
    ("schedule", schedule.show_schedule_command),
    ("service", operation.write_operation_service_command),
    ("status", operation.show_operation_status_command),
    ("archive", archive.archive_results_command),
    ("bench", bench.run_bench_command),
):
    app.command(word)(command)


@app.callback()
def _root(
    context: typer.Context, *, debug: Annotated[bool, typer.Option("--debug")] = False, acts_as: ActsAs = None
) -> None:
    desk = ConsoleDesk.of(context)
    desk.debug, desk.acts_as = debug, acts_as


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; its files are readable by the owner only (Q126)."""
    hide_frame_contents()
    with closed_files_by_default():
        return _run(arguments)


def _run(arguments: Sequence[str] | None) -> int:
    desk: ConsoleDesk | None = None
    try:
        desk = _open_desk(sys.argv[1:] if arguments is None else arguments)
        translate_help_panels(desk.t)
        command = _command_tree(desk.settings.language)
        return int(command.main(arguments, prog_name="vestnik", obj=desk, standalone_mode=False) or 0)
    except TyperException as error:
        typer.echo(help_usage_sentence(error, desk.t) if desk is not None else error.format_message(), err=True)
        return error.exit_code
    except Abort:
        return OUR_FAULT
    except Exception as error:  # noqa: BLE001  # the outermost handler: a sentence for people, frames with --debug
        return _explain(error, desk)


def _open_desk(arguments: Sequence[str]) -> ConsoleDesk:
    """The desk of this run. With a wrong setting only help is given, below what is wrong."""
    try:
        return ConsoleDesk.open()
    except SettingsError as wrong:
        if [each for each in arguments if each.startswith("-")] != ["--help"]:
            raise
        settings = Settings.model_validate({"language": wrong.language or DEFAULT_LANGUAGE})
        t = load_console_translator(settings.language)
        typer.echo(error_sentence_on_console(wrong, t), err=True)
        return ConsoleDesk(settings, t)


@cache
def _command_tree(language: str) -> Any:
    """Every command with its help, once for a language: to build it takes as long as many a command."""
    return add_help_texts(typer.main.get_command(app), load_console_translator(language))


def _explain(error: Exception, desk: ConsoleDesk | None) -> int:
    """Print the error as a sentence. Its text may hold a name, so --debug shows its frames only (Q103, Q126)."""
    if desk is not None and desk.debug:
        for line in error_frames(error):
            typer.echo(line, err=True)
    language = error.language if isinstance(error, SettingsError) else ""
    typer.echo(
        error_sentence_on_console(error, desk.t if desk is not None else load_console_translator(language)), err=True
    )
    if desk is not None:
        _list_choice(error, desk)
    return error_exit_code(error)


def _list_choice(error: Exception, desk: ConsoleDesk) -> None:
    """The persons among whom to choose, for the person at the keyboard: no part of the error's text."""
    match error:
        case SeveralFoundError():
            rows = [(each.person.id, each.person.name, _who_is(each, desk)) for each in error.found]
            desk.print_choice(("number", "name", "roles"), rows)
        case WhoSignedError():
            desk.print_choice(
                ("number", "person", "student"), [(each.person_id, each.person, each.student) for each in error.pairs]
            )


def _who_is(found: FoundPerson, desk: ConsoleDesk) -> str:
    """«ученик, 5А», «представитель: Ромашкина Дарья, 5А», «секретарь»."""
    children = "; ".join(", ".join(filter(None, child)) for child in found.children)
    roles = ", ".join(desk.t(f"role.{role}") for role in sorted(found.roles)) or (
        desk.t("role.student") if found.school_class else ""
    )
    return ", ".join(filter(None, (roles, found.school_class))) + (f": {children}" if children else "")
