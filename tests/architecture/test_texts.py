"""What is written beside the code: the catalogues of words, the lock, and no address of a machine or a registry."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.architecture.tree import PACKAGES, ROOT, offences

LOCALES = ROOT / "bot" / "locales"
REGISTRIES = re.compile(r"pypi[.]org|pythonhosted[.]|npmjs[.](org|com)|deb[.]debian[.]|(?<![\w/])/wor[k]/")
MOST_LINES = 400
FIELD = re.compile(r"\{(\w+)")


def catalogue(language: str) -> dict[str, tuple[str, ...]]:
    """All words of a language by key, each with its plural forms."""
    found: dict[str, tuple[str, ...]] = {}
    for path in LOCALES.glob(f"*.{language}.po"):
        with path.open("rb") as file:
            found |= {forms(each.id)[0]: forms(each.string or "") for each in read_po(file, locale=language) if each.id}
    return found


def forms(text: str | Sequence[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def fields(words: tuple[str, ...]) -> set[str]:
    return {field for form in words for field in FIELD.findall(form)}


def written_files() -> list[str]:
    """Every text of the project: the files at the top, and what lies in the packages and the tests."""
    beside = [path for path in ROOT.iterdir() if path.is_file() and not path.name.startswith(".coverage")]
    inside = [path for folder in (*PACKAGES, "tests", ".ci") for path in (ROOT / folder).rglob("*") if path.is_file()]
    return sorted(str(path.relative_to(ROOT)) for path in beside + inside if "__pycache__" not in path.parts)


def test_every_word_exists_in_both_languages() -> None:
    """A key of the Russian catalogue is in the English one and the other way round."""
    assert catalogue("ru").keys() == catalogue("en").keys()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_no_word_is_left_empty(language: str) -> None:
    """Every key of a catalogue has its words, in every plural form."""
    assert [key for key, words in catalogue(language).items() if not all(words)] == []


def test_both_languages_fill_in_the_same_things() -> None:
    """A sentence names the same fields in both languages, so neither can lose a child's name or a date."""
    russian, english = catalogue("ru"), catalogue("en")
    both = russian.keys() & english.keys()
    assert [key for key in sorted(both) if fields(russian[key]) != fields(english[key])] == []


def test_the_lock_names_no_address() -> None:
    """Where packages come from is the machine's business; the lock holds names, versions and hashes."""
    assert "://" not in (ROOT / "requirements.lock").read_text(encoding="utf-8")


def test_a_snapshot_is_short_enough_to_be_read() -> None:
    """A person looks at it whenever it changes."""

    def lines_too_many(path: str) -> list[str]:
        return (ROOT / path).read_text(encoding="utf-8").splitlines()[MOST_LINES:]

    assert offences([path for path in written_files() if "/snapshots/" in path], lines_too_many) == {}


def test_no_text_names_a_registry_or_this_machine() -> None:
    """A clone works wherever it lies and whatever mirror it uses."""

    def addresses(path: str) -> list[str]:
        text = Path(ROOT, path).read_text(encoding="utf-8", errors="ignore")
        return [match[0] for match in REGISTRIES.finditer(text)]

    assert offences(written_files(), addresses) == {}
