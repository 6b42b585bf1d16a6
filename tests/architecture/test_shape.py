"""Files and functions stay short, names say what lives in them, every test says what is true."""

import ast
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGES, ROOT, functions, modules

EMPTY_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "base",
    "services",
    "service",
    "manager",
    "managers",
    "misc",
}


@pytest.mark.parametrize("module", modules(*PACKAGES))
def test_a_module_is_short_enough_to_be_read(module: str) -> None:
    """No file of the product is longer than 400 lines, no function longer than 40."""
    long = [
        f"{each.name}, line {each.lineno}" for each in functions(module) if (each.end_lineno or 0) - each.lineno >= 40
    ]
    lines = len((ROOT / module).read_text(encoding="utf-8").splitlines())
    assert not long
    assert lines <= 400


@pytest.mark.parametrize("module", modules(*PACKAGES))
def test_a_module_is_named_after_what_lives_in_it(module: str) -> None:
    """Neither a module nor a folder has a name that would fit anything."""
    assert EMPTY_NAMES.isdisjoint(Path(module).with_suffix("").parts)


@pytest.mark.parametrize("module", [module for module in modules("tests") if "/test_" in module])
def test_every_test_says_what_is_true(module: str) -> None:
    """Each test has a docstring, and it is a sentence."""
    tests = {each.name: ast.get_docstring(each) or "" for each in functions(module) if each.name.startswith("test_")}
    assert [name for name, sentence in tests.items() if not sentence.endswith((".", ")"))] == []
