"""Files and functions stay short, names say what lives in them, every test says what is true."""

import ast
from pathlib import Path

from tests.architecture.tree import PACKAGES, ROOT, functions, modules, offences

MOST_LINES, MOST_FUNCTION_LINES = 400, 40
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


def test_a_module_is_short_enough_to_be_read() -> None:
    """No file of the product is longer than 400 lines, no function longer than 40."""

    def long_parts(module: str) -> list[str]:
        of_functions = {each: (each.end_lineno or 0) - each.lineno for each in functions(module)}
        long = [f"{each.name}, line {each.lineno}" for each, n in of_functions.items() if n >= MOST_FUNCTION_LINES]
        lines = len((ROOT / module).read_text(encoding="utf-8").splitlines())
        return [*long, *([f"{lines} lines"] if lines > MOST_LINES else [])]

    assert offences(modules(*PACKAGES), long_parts) == {}


def test_a_module_is_named_after_what_lives_in_it() -> None:
    """Neither a module nor a folder has a name that would fit anything."""
    parts = {module: Path(module).with_suffix("").parts for module in modules(*PACKAGES)}
    assert offences(parts, lambda module: EMPTY_NAMES.intersection(parts[module])) == {}


def test_every_test_says_what_is_true() -> None:
    """Each test has a docstring, and it is a sentence."""

    def untold(module: str) -> list[str]:
        tests = [each for each in functions(module) if each.name.startswith("test_")]
        return [each.name for each in tests if not (ast.get_docstring(each) or "").endswith((".", ")"))]

    assert offences([module for module in modules("tests") if "/test_" in module], untold) == {}
