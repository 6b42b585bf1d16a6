"""The checkout as the conventions see it: which files there are, and what stands in them."""

import ast
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "core", "notifiers", "storage")


def modules(*folders: str) -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for folder in folders for path in (ROOT / folder).rglob("*.py"))


@cache
def tree(module: str) -> ast.Module:
    return ast.parse((ROOT / module).read_text(encoding="utf-8"), module)


def offences(files: Iterable[str], found_in: Callable[[str], Collection[str]]) -> Mapping[str, Collection[str]]:
    """What a rule finds in each file that breaks it: one test of a rule costs less than one for each file."""
    return {file: found for file in files if (found := found_in(file))}


def functions(module: str) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree(module)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


@cache
def dotted_names(module: str) -> set[str]:
    """Every `a.b` that a module writes, and every name it imports from `a` as `a.b`."""
    nodes = list(ast.walk(tree(module)))
    written = {ast.unparse(node) for node in nodes if isinstance(node, ast.Attribute)}
    return written | {
        f"{node.module}.{name.name}" for node in nodes if isinstance(node, ast.ImportFrom) for name in node.names
    }


def imported(module: str) -> set[str]:
    """The top-level packages that a module imports."""
    nodes = list(ast.walk(tree(module)))
    plain = {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
    return {
        name.partition(".")[0]
        for name in plain | {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    }
