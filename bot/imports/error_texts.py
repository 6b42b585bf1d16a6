"""Errors of a table program as the text of a cell: «#N/A», «#ССЫЛКА!», «Err:502»."""

import re

_ERROR = re.compile(
    r"#(?:N/A|Н/Д|REF!|ССЫЛКА!|VALUE!|ЗНАЧ!|NAME\?|ИМЯ\?|DIV/0!|ДЕЛ/0!|NUM!|ЧИСЛО!|NULL!|ПУСТО!|SPILL!|CALC!|#{2,})"
    r"|(?:Err|Ошибка):[0-9]{3}",
    re.IGNORECASE,
)


def is_error_text(text: str) -> bool:
    """True for an error as a table program writes it («#N/A», «#ССЫЛКА!»)."""
    return _ERROR.fullmatch(text.strip()) is not None


def may_be_error_text(text: str) -> bool:
    """A quick test: False where no part of a text is an error."""
    return "#" in text or "Err:" in text or "Ошибка:" in text
