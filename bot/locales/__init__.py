"""Catalogues: every word for people, in .po files read at start; the labels of channels are their own.

Russian is the default, English the second language.
"""

import gettext
import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Self

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from notifiers.discovery import discovered_channels

LANGUAGES = ("ru", "en")
DEFAULT_LANGUAGE = LANGUAGES[0]


@dataclass(frozen=True, slots=True)
class CatalogueTranslator:
    """Words in one language; the values fill `{named}` places as `str.format` does."""

    language: str
    messages: gettext.GNUTranslations

    def __call__(self, key: str, /, n: int | None = None, **values: object) -> str:
        """The text under a key, in the plural form for `n`; KeyError for a key that the catalogue lacks."""
        text = self.messages.gettext(key) if n is None else self.messages.ngettext(key, key, n)
        if text == key:
            raise KeyError(key)
        return text.format(n=n, **values)


class LocaleCatalogues:
    """All languages; a person whose language has no catalogue is spoken to in Russian.

    A language is read when it is first spoken, since a command of the command line speaks one.
    """

    @classmethod
    def load(cls) -> Self:
        """Reads every language now, so that nobody waits for it later."""
        catalogues = cls()
        _ = catalogues.translators
        return catalogues

    @property
    def translators(self) -> Mapping[str, CatalogueTranslator]:
        """Every language's translator."""
        return {language: _translator(language) for language in LANGUAGES}

    def translator(self, language: str) -> CatalogueTranslator:
        """The translator of a language, or the default one."""
        return _translator(language if language in LANGUAGES else DEFAULT_LANGUAGE)


@cache
def _translator(language: str) -> CatalogueTranslator:
    return CatalogueTranslator(language, _compiled(language))


def _compiled(language: str) -> gettext.GNUTranslations:
    merged = Catalog(locale=language)
    for source in sorted(files(__name__).iterdir(), key=lambda path: path.name):
        if source.name.endswith(f".{language}.po"):
            for message in read_po(io.BytesIO(source.read_bytes()), locale=language):
                if message.id:
                    merged.add(message.id, message.string)
    for channel, traits in discovered_channels().items():
        if traits.label:
            merged.add(f"channel.{channel}", traits.label.get(language) or traits.label[DEFAULT_LANGUAGE])
    compiled = io.BytesIO()
    write_mo(compiled, merged)
    return gettext.GNUTranslations(io.BytesIO(compiled.getvalue()))
