"""What a journal cell says: its tokens, and what each of them is (Q27, Q28, Q37, Q101)."""

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from core.errors import SchoolError
from core.model.marks.entries import EntryKind

DEBT = "."
NOT_ASSESSED = "н/а"
EXEMPT = "осв"
ABSENCES = frozenset({"ОТ", "УП", "Б", "НП", "ОП", "ОСВ", "Н", "НБ"})
ILL = "Б"
MISSES = frozenset({"ОТ", "УП", ILL, "НП", "Н", "НБ"})
"""Absences from a whole lesson: who comes late («ОП») or is exempt («ОСВ») was there."""

BEST_MARK = 5

_SPELLINGS = {"зач": "зач", "зачет": "зач", "незач": "незач", "незачет": "незач", NOT_ASSESSED: NOT_ASSESSED}
_ABSENCE_SPELLINGS = {absence.lower(): absence for absence in ABSENCES} | {"н/б": "НБ"}
_SCORES = frozenset("12345")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_WHOLE = re.compile(r"н/[аб](?![а-яё])", re.IGNORECASE)
_AVERAGE = re.compile(r"[1-5](?:[.,][0-9]{1,30})?")
_HUNDREDTH = Decimal("0.01")
_WEIGHT = re.compile(r"[0-9]{1,6}(?:[.,][0-9]{1,6})?")
_DASHES = frozenset({"-", "–", "—"})


class UnknownTokenError(SchoolError):
    """The cell holds what is neither mark, absence nor debt (Q37)."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self.token = token


@lru_cache(maxsize=4096)
def lesson_mark_tokens(text: str, lowest_mark: int = 2) -> tuple[str, ...]:
    """The tokens of a lesson's cell in their order; empty for an empty cell.

    Blanks and «/» part tokens; absences are upper case, so «осв» is the absence «ОСВ»; a debt stays «.».
    `lowest_mark` is 1 where the school sets it. Raises UnknownTokenError.
    """
    return tuple(_day_token(piece, lowest_mark) for piece in _pieces(text))


@lru_cache(maxsize=4096)
def final_mark_token(text: str, lowest_mark: int = 2) -> str | None:
    """A term's final: a mark, зач/незач, н/а or осв; None for an empty cell or a dash. Raises UnknownTokenError."""
    word = _word("".join(text.translate(_INVISIBLE).split()))
    if not word or word in _DASHES:
        return None
    if word == EXEMPT or _is_score(word, lowest_mark):
        return word
    if (verdict := _SPELLINGS.get(word)) is None:
        raise UnknownTokenError(text.strip())
    return verdict


def average_token(text: str) -> Decimal | None:
    """A printed average, «4,33» or «4.33», from 1 to 5; None for an empty cell or a dash. Raises UnknownTokenError.

    A workbook may hold the quotient itself (4.333333333333333): more than two decimals are rounded, half up.
    """
    figure = "".join(text.translate(_INVISIBLE).split())
    if not figure or figure in _DASHES:
        return None
    if not _AVERAGE.fullmatch(figure) or (value := _decimal(figure)) > BEST_MARK:
        raise UnknownTokenError(text.strip())
    rounded = value.quantize(_HUNDREDTH, ROUND_HALF_UP)
    return value if value == rounded else rounded


@lru_cache(maxsize=4096)
def weight_token(text: str) -> Decimal | None:
    """The weight of a mark, 0 or more; None for an empty cell. Raises UnknownTokenError."""
    figure = text.strip()
    if not figure:
        return None
    if not _WEIGHT.fullmatch(figure):
        raise UnknownTokenError(figure)
    return _decimal(figure)


def token_kind(token: str) -> EntryKind:
    """What a token of `lesson_mark_tokens` is; «н/а» is a verdict like зач/незач: it counts in no average (Q43)."""
    if token == DEBT:
        return EntryKind.DEBT
    if token in ABSENCES:
        return EntryKind.ABSENCE
    if token in _SCORES:
        return EntryKind.SCORE
    if token in _SPELLINGS.values():
        return EntryKind.CREDIT
    raise UnknownTokenError(token)


def _pieces(text: str) -> list[str]:
    """«5/4» is two pieces and «н/а» one; a stray «/» stays on its piece and is refused there."""
    pieces: list[str] = []
    for chunk in text.translate(_INVISIBLE).split():
        guarded = _WHOLE.sub(lambda found: found[0].replace("/", "\0"), chunk)
        parts = [part.replace("\0", "/") for part in guarded.split("/")]
        pieces.extend(parts if all(parts) else [chunk])
    return pieces


def _day_token(piece: str, lowest_mark: int) -> str:
    if piece == DEBT or _is_score(piece, lowest_mark):
        return piece
    word = _word(piece)
    token = _ABSENCE_SPELLINGS.get(word) or _SPELLINGS.get(word)
    if token is None:
        raise UnknownTokenError(piece)
    return token


def _word(piece: str) -> str:
    """Lower case, ё as е, without the dot of an abbreviation («осв.»); a dot after a figure is not one."""
    word = piece.lower().replace("ё", "е")
    return word[:-1] if word.endswith(DEBT) and word[-2:-1].isalpha() else word


def _is_score(piece: str, lowest_mark: int) -> bool:
    return piece in _SCORES and int(piece) >= lowest_mark


def _decimal(figure: str) -> Decimal:
    return Decimal(figure.replace(",", "."))
