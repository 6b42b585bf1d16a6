"""A public name says its layer, so that the same nouns have another name in each."""

import ast

from tests.architecture.tree import modules, offences, tree

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def public_functions(module: str) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Functions of a module that other modules may call."""
    return [node for node in tree(module).body if isinstance(node, FUNCTIONS) and not node.name.startswith("_")]


def is_command(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether typer calls it by a word of the command line."""
    calls = (each.func for each in function.decorator_list if isinstance(each, ast.Call))
    return any(isinstance(func, ast.Attribute) and func.attr == "command" for func in calls)


def is_shown(returned: ast.expr | None) -> bool:
    """Whether a function returns what a person sees in the chat."""
    return isinstance(returned, ast.Name) and returned.id in {"Screen", "Toast", "Reply"}


def test_a_screen_says_that_it_is_one() -> None:
    """Doors and actions speak of the same things."""

    def silent(module: str) -> list[str]:
        return [each.name for each in public_functions(module) if is_shown(each.returns) and "screen" not in each.name]

    assert offences(modules("bot/screens"), silent) == {}


def test_a_command_says_that_it_is_one() -> None:
    """Actions do what commands do."""

    def silent(module: str) -> list[str]:
        return [
            each.name for each in public_functions(module) if is_command(each) and not each.name.endswith("_command")
        ]

    assert offences(modules("bot/cli"), silent) == {}


def test_a_port_says_that_it_is_one() -> None:
    """Storage implements it under another name."""

    def silent(module: str) -> list[str]:
        protocols = [node for node in tree(module).body if isinstance(node, ast.ClassDef) and is_protocol(node)]
        return [each.name for each in protocols if not each.name.endswith("Port")]

    ports = set(modules("core/ports")) - {"core/ports/__init__.py", "core/ports/notifier.py"}
    assert offences(sorted(ports), silent) == {}


def is_protocol(node: ast.ClassDef) -> bool:
    """Whether a class only says what another one must have."""
    return any(isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases)
