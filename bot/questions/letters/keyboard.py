"""Reads words that were typed in the wrong keyboard layout, or Russian in Latin letters, also inside a line."""

import re
from collections.abc import Callable, Iterator

_ENGLISH = re.compile(r"[a-z]+")
_LATIN = re.compile(r"[A-Za-z\[\];',.<>{}:\"`~&?/]*[A-Za-z][A-Za-z\[\];',.<>{}:\"`~&?/]*")
_CYRILLIC = re.compile(r"[а-яё.,]*[а-яё][а-яё.,]*", re.IGNORECASE)
_EDGE = ".,?!:;\"'&"
_SHORTEST_CYRILLIC = 3

_SOUNDS = (
    ("shch", "щ"),
    ("sch", "щ"),
    ("zh", "ж"),
    ("kh", "х"),
    ("ch", "ч"),
    ("sh", "ш"),
    ("yu", "ю"),
    ("ju", "ю"),
    ("ya", "я"),
    ("ja", "я"),
    ("yo", "е"),
    ("ts", "ц"),
    ("iy", "ий"),
    ("yy", "ый"),
    ("ay", "ай"),
    ("oy", "ой"),
    ("ey", "ей"),
    ("iya", "ия"),
)
_LETTERS = str.maketrans("abcdefghijklmnopqrstuvwxyz'", "абцдефгхийклмнопкрстуввхызь")
_LATIN_KEYS = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>~&"
_RUSSIAN_KEYS = "йцукенгшщзхъфывапролджэячсмитьбюеЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮЕ?"
_TO_RUSSIAN = str.maketrans(_LATIN_KEYS, _RUSSIAN_KEYS)
_TO_LATIN = str.maketrans("йцукенгшщзхъфывапролджэячсмитьбю", "qwertyuiop[]asdfghjkl;'zxcvbnm,.")

Knows = Callable[[str], bool]


def respelled_from_keyboard(text: str) -> Iterator[str]:
    """Latin text read as Russian: first as a transliteration, then as typed on the wrong keyboard layout."""
    if text.isascii() and _ENGLISH.search(text.casefold()):
        yield _transliterated(text)
        yield text.translate(_TO_RUSSIAN)


def mended_keyboard_layout(text: str, knows: Knows, nearly_knows: Knows) -> str:
    """The text with each unknown word replaced that is a known one in the other layout: «lp на завтра», «ьфклы».

    Russian in Latin letters has no soft sign, so there a word may be a letter off.
    """
    return re.sub(r"\S+", lambda word: _relaid_word(word[0], knows, nearly_knows), text)


def in_latin_keyboard_layout(text: str) -> str:
    """A command that was typed in the Russian layout: «.ьфклы» is `/marks`; "" for anything else."""
    lower = text.strip().casefold()
    if not lower.startswith((".", "/")) or not _CYRILLIC.fullmatch(lower[1:]):
        return ""
    return "/" + lower[1:].translate(_TO_LATIN)


def _relaid_word(word: str, knows: Knows, nearly_knows: Knows) -> str:
    bare = word.strip(_EDGE)
    if not bare or _are_known(bare, knows):
        return word
    if _LATIN.fullmatch(word):
        # the keys of «б», «ю», «ж», «э» are marks of punctuation, so a word may begin or end with one
        readings = [(word, ""), (word.rstrip("?!"), word[len(word.rstrip("?!")) :]), (bare, "")]
        for typed, rest in readings:
            for meant in (typed.translate(_TO_RUSSIAN), _transliterated(typed)):
                if _are_known(meant, knows):
                    return meant + rest
        for meant in (_transliterated(bare), bare.translate(_TO_RUSSIAN)):
            if _are_known(meant, nearly_knows) and not _are_known(bare, nearly_knows):
                return meant
    elif len(bare) >= _SHORTEST_CYRILLIC and _CYRILLIC.fullmatch(bare):
        meant = bare.casefold().translate(_TO_LATIN)
        if _are_known(meant, knows):
            return meant
    return word


def _are_known(text: str, knows: Knows) -> bool:
    plain = text.casefold().replace("ё", "е").replace("/", "")  # «д/з» is one word
    words = re.findall(r"[^\W\d_]+", plain)
    return bool(words) and "".join(words) == plain and all(map(knows, words))


def _transliterated(text: str) -> str:
    lower = text.casefold()
    for latin, cyrillic in _SOUNDS:
        lower = lower.replace(latin, cyrillic)
    return lower.translate(_LETTERS)
