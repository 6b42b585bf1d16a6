"""When two spellings are the same name: people are found by it, and look-alikes are shown to a person."""

import re
import unicodedata

_HYPHEN = re.compile(r"\s*[-‐‑‒–—]\s*")
_CLASS_NOISE = re.compile(r"[\s«»\"'“”„]+|-(?=[^\W\d])")
_LATIN = re.compile(r"[a-z]", re.IGNORECASE)
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_LOOK_ALIKES = str.maketrans("abcehkmnoptxy", "авсенкмпортху")


def normal_name(text: str) -> str:
    """The key of a full name or a subject: case, ё/е, blanks and the kind of dash do not tell names apart."""
    composed = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    return " ".join(_HYPHEN.sub("-", composed).split())


def normal_class(text: str) -> str:
    """The key a class is compared by: «8Б», «8 б», «8-Б» and «8 «Б»» are one."""
    return _CLASS_NOISE.sub("", normal_name(text))


def look_alike_key(text: str) -> str:
    """`normal_name` with Latin letters read as the Cyrillic ones they look like.

    Two names with one such key and different normal names are look-alikes: only a person may say they are the same.
    """
    return normal_name(text).translate(_LOOK_ALIKES)


def mixes_alphabets(text: str) -> bool:
    """Whether Latin letters stand among Cyrillic ones, which nobody can see and no search will find."""
    return bool(_LATIN.search(text)) and bool(_CYRILLIC.search(text))
