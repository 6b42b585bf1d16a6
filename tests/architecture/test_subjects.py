"""One subject, one word: rooms bear the subjects of core/REQUIREMENTS.md, and no class name stands for two things."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGES, ROOT, modules, offences, tree

GLOSSARY = (ROOT / "core" / "REQUIREMENTS.md").read_text(encoding="utf-8").partition("## Subjects")[2]
SUBJECTS = frozenset(re.findall(r"^[|] ([a-z]+) [|]", GLOSSARY, re.MULTILINE))

LAYERS: dict[str, frozenset[str]] = {
    "core/model": frozenset({"channels", "health"}),
    "core/rules": frozenset({"characters"}),
    "core/ports": frozenset({"health", "notifier"}),
    "core/actions": frozenset({"backups", "health", "job_runs", "restoring"}),
    "storage": frozenset(
        {"backup", "closed_files", "database", "health", "migrations", "numbering", "schema", "unit_of_work"},
    ),
    "storage/schema": frozenset({"names", "numbering"}),
    "bot/handlers": frozenset(
        {
            "answers",
            "clarification",
            "doors",
            "entrance",
            "lookups",
            "menu",
            "questions",
            "remembered",
            "spans",
            "taught",
        },
    ),
    "bot/screens": frozenset({"clarification", "dates", "errors", "frame", "menu", "notes", "screen", "small_talk"}),
    "tests/unit": frozenset({"database", "questions", "run", "settings"}),
    "tests/component": frozenset({"cli", "database", "operation", "run", "screens"}),
}
"""What is no subject and has a room all the same."""

MOST_MODULES = 12
UNCOUNTED = frozenset({"storage/migrations/versions"})
REGISTER = re.compile("register", re.IGNORECASE)


def children(folder: str) -> set[str]:
    """Modules and folders of Python that lie directly in a folder."""
    rooms = (path for path in (ROOT / folder).iterdir() if path.suffix == ".py" or any(path.glob("**/*.py")))
    return {path.stem for path in rooms} - {"__init__", "__pycache__", "conftest"}


def definitions(module: str) -> Iterator[ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef]:
    """Classes and functions of a module, those inside others too."""
    kinds = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    return (node for node in ast.walk(tree(module)) if isinstance(node, kinds))


def folders() -> list[str]:
    return sorted({str(Path(module).parent) for module in modules(*PACKAGES, "tests")} - UNCOUNTED)


def test_the_glossary_has_subjects() -> None:
    """A table that is spelled in another way would let every name through."""
    assert {"people", "marks", "results", "timetable", "register"} <= SUBJECTS


@pytest.mark.parametrize("folder", LAYERS)
def test_every_room_of_a_layer_is_a_subject(folder: str) -> None:
    """Whoever knows the subject knows the file; what is none is named here."""
    assert children(folder) - SUBJECTS - LAYERS[folder] == set()


@pytest.mark.parametrize("folder", LAYERS)
def test_no_room_is_named_that_is_not_there(folder: str) -> None:
    """The list of exceptions holds nothing of yesterday."""
    assert LAYERS[folder] - children(folder) == set()


def test_a_folder_is_small_enough_to_be_read() -> None:
    """Twelve modules at most beside those that are subjects themselves: a list of subjects is read at a glance."""

    def modules_too_many(folder: str) -> list[str]:
        found = {path.stem for path in (ROOT / folder).glob("*.py")} - {"__init__"} - SUBJECTS
        return sorted(found)[MOST_MODULES:]

    assert offences(folders(), modules_too_many) == {}


def test_no_public_class_name_stands_for_two_things() -> None:
    """Whoever searches for a class finds one; the sandbox and the benchmarks are worlds of their own."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for module in modules(*PACKAGES):
        if not module.startswith(("bot/sandbox/", "bot/bench/")):
            for node in tree(module).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    places[node.name].append(module)
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_register_means_consents_and_contacts() -> None:
    """A class's page of marks is the gradebook; only what lies under `register` bears that word in its name."""
    others = [module for module in modules(*PACKAGES) if "register" not in module]
    assert offences(others, lambda module: [d.name for d in definitions(module) if REGISTER.search(d.name)]) == {}
