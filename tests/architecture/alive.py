"""Names that vulture takes for dead and that are alive: who uses each, out of vulture's sight."""

DECORATED = (
    "@_date_rule",  # patterns of dates register their function (bot/questions/dates/days.py)
    "@*.command",  # typer runs commands
    "@*.callback",  # typer runs what all commands of a group begin with
    "@pytest.fixture",  # pytest asks for fixtures by name (notifiers/channel_kit.py)
)

ALEMBIC = {
    "down_revision",  # names the revision before this one
    "branch_labels",  # every revision has it
    "depends_on",  # every revision has it
    "downgrade",  # every revision has it
}

SQLALCHEMY = {
    "impl",  # the type that a TypeDecorator stands on
    "cache_ok",  # lets SQLAlchemy cache statements with the type
    "process_bind_param",  # called for each value that is written
    "process_result_value",  # called for each value that is read
    "result_processor",  # called once a statement, for the values that are read
    "AWAITING",  # an index joins its table when it is made
}

COLUMNS = {  # storage makes nouns of whole rows, so a field that nothing reads is still a column
    "created_at",  # Broadcast
    "imported_by",  # Import
    "first_import_id",  # Source
    "handed_at",  # Extract; the print queue sets it by the status's name
    "signed_at",  # Extract; the print queue sets it by the status's name
    "made_by",  # LessonChange
    "granted_at",  # Deferral
    "recorded_by",  # Acquaintance
    "ended_by",  # Deferral
    "begun_at",  # JobRun
    "settled_at",  # IssuedForm
    "settled_by",  # IssuedForm
    "kept_at",  # the column of a dialog that its noun does not have
}

READ_BY_FIELDS = {  # dataclasses.fields or asdict read these
    "revoked",  # PeopleCounts: counts of an import, summed and printed by name
    "processor",  # WrittenConsent: a field that the law asks for, checked not to be empty
    "term_and_withdrawal",  # WrittenConsent
    "reply_to",  # messages of the sandbox, sent to its page as JSON
}

CHOSEN_BY_VALUE = {
    "HINT",  # Strength: read from a table of patterns
    "CLUE",  # Strength
    "PHRASE",  # Strength
    "DECISIVE",  # Strength
}

READ_BY_TYPER = {  # words of the command-line library that are set in the school's language
    "*_PANEL_TITLE",  # titles of the panels of --help
    "REQUIRED_LONG_STRING",
    "DEFAULT_STRING",
    "display_type_rich",  # the word for a value, in --help
    "options_metavar",  # in the usage line
    "subcommand_metavar",  # in the usage line
}

CALLED_BY_LIBRARIES = {
    "__call__",  # protocols: Translator
    "__signature__",  # typer reads the arguments of a command from it
    "help",  # typer prints it
    "raiseExceptions",  # logging
    "showwarning",  # warnings
    "disabled",  # logging
    "external_attr",  # zipfile writes it as the rights of a file
    "model_config",  # pydantic
    "fold_binary",  # a policy of the email library
    "handle_MAIL",  # aiosmtpd
    "mail_from",  # aiosmtpd's session
    "handle_RCPT",  # aiosmtpd
    "handle_DATA",  # aiosmtpd
    "allowed_updates",  # a field of Telegram's getUpdates
    "make_request",  # aiogram's session
    "_connector_type",  # aiogram's session
    "read_timeout",  # python-telegram-bot's request
    "initialize",  # python-telegram-bot's request
    "do_request",  # python-telegram-bot's request
    "measure_*",  # `bench` calls the one of its module
}

READ_BY_NAME = {  # settings of messengers (bot/settings/messengers.py)
    "bot_name",
    "push_pace",
    "telegram_proxy",
    "max_name",
    "max_policy",
    "max_webhook_secret",
    "max_webhook_url",
}

CALLED_BY_THIRD_PARTIES = {  # pytest runs the contract kit in the tests of a channel (notifiers/channel_kit.py)
    "test_*",
}

ALIVE = frozenset().union(
    ALEMBIC,
    SQLALCHEMY,
    COLUMNS,
    READ_BY_FIELDS,
    CHOSEN_BY_VALUE,
    READ_BY_TYPER,
    CALLED_BY_LIBRARIES,
    READ_BY_NAME,
    CALLED_BY_THIRD_PARTIES,
)
