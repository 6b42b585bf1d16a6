"""Normal forms of names, by which people, classes and subjects are compared and found."""

import re
import unicodedata

_HYPHEN = re.compile(r"\s*[-‐‑‒–—]\s*")
_CLASS_NOISE = re.compile(r"[\s«»\"'“”„]+|-(?=[^\W\d])")
_LATIN = re.compile(r"[a-z]", re.IGNORECASE)
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_LOOK_ALIKES = str.maketrans("abcehkmnoptxy", "авсенкмпортху")


def normal_name(text: str) -> str:
    """The key of a full name or a subject: upper case, «ё», spaces and the kind of dash make no difference."""
    composed = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    return " ".join(_HYPHEN.sub("-", composed).split())


def normal_class_name(text: str) -> str:
    """The key of a class: «8Б», «8 б», «8-Б» and «8 «Б»» are one class."""
    return _CLASS_NOISE.sub("", normal_name(text))


def look_alike_name_key(text: str) -> str:
    """`normal_name` with Latin letters replaced by the Cyrillic ones that they look like.

    Two names with one such key and different normal names are look-alikes: a person must decide if they are one name.
    """
    return normal_name(text).translate(_LOOK_ALIKES)


def address_name_key(address: str) -> str:
    """The key of an address: no provider of mailboxes tells capital letters from small ones."""
    return address.casefold()


def has_mixed_name_alphabets(text: str) -> bool:
    """True for a text with both Latin and Cyrillic letters: it looks right, but no search finds it."""
    return bool(_LATIN.search(text)) and bool(_CYRILLIC.search(text))
