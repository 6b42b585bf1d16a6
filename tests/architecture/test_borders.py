"""What import-linter cannot see: the clock, the environment, and any library at all in core."""

import ast
import builtins
import re
import sys
from collections.abc import Iterator

import pytest

from tests.architecture.tree import PACKAGES, ROOT, dotted_names, imported, modules, offences, tree

DATES = (".datetime.now", ".datetime.utcnow", ".datetime.today", ".date.today", ".func.now")
TIMES = (".time.time", ".time.time_ns", ".time.localtime", ".time.gmtime")
ENVIRONMENT = ("os.environ", "os.environb", "os.getenv")
REPOSITORY = re.compile(r"\buow[.](?!(?:commit|begin_reading)$)")
MESSENGERS = ("telegram", "max")
MESSENGER_PLACES = (
    "bot/settings/", "bot/imports/", "bot/demo/", "bot/bench/", "bot/sandbox/", "core/actions/imports/",
    "storage/migrations/",
)  # fmt: skip
"""Where the name of any messenger may stand, beside its own packages."""

BORROWED = {f"core/rules/forecast/{name}.py": {"numpy"} for name in ("chances", "learning")}


def test_only_the_bot_reads_the_clock() -> None:
    """Outside bot/ the present moment is an argument, so every deadline can be tested at its boundary (Q105)."""

    def clocks(module: str) -> list[str]:
        return [name for name in dotted_names(module) if f".{name}".endswith(DATES + TIMES)]

    assert offences(modules("core", "notifiers", "storage"), clocks) == {}


def test_only_the_settings_read_the_environment() -> None:
    """What a school may set is read in bot/settings/ and nowhere else."""
    others = [each for each in modules(*PACKAGES) if "bot/settings/" not in each]
    assert offences(others, lambda module: dotted_names(module).intersection(ENVIRONMENT)) == {}


def test_a_door_reads_and_writes_through_actions() -> None:
    """A handler may end the transaction; every other use of it belongs to an action, which asks who may do it."""

    def reached(module: str) -> list[str]:
        return [name for name in dotted_names(module) if REPOSITORY.search(name)]

    assert offences(modules("bot/handlers"), reached) == {}


def refusals(module: str) -> Iterator[ast.ExceptHandler]:
    """The places that go on after an error of the school's rules."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.ExceptHandler) and node.type is not None:
            caught = ast.unparse(node.type)
            if caught.strip("()").split(",")[0] not in dir(builtins):
                yield node


def goes_on_silently(refusal: ast.ExceptHandler) -> bool:
    """Whether it reads on without a rollback."""
    awaits = [node for statement in refusal.body for node in ast.walk(statement) if isinstance(node, ast.Await)]
    shows_at_once = isinstance(refusal.body[-1], ast.Return | ast.Raise) and not awaits
    return not shows_at_once and ast.unparse(refusal.body[0]) != "await visit.uow.begin_reading()"


def test_a_refused_change_is_rolled_back_before_anything_is_shown() -> None:
    """An action may have written before it refused: a screen that is read after it must not show that (Q97)."""

    def unmended(module: str) -> list[str]:
        return [f"line {refusal.lineno}" for refusal in refusals(module) if goes_on_silently(refusal)]

    assert offences(modules("bot/handlers"), unmended) == {}


@pytest.mark.parametrize("name", MESSENGERS)
def test_no_messenger_is_known_by_name(name: str) -> None:
    """Another messenger needs no change outside its own package and the school's settings and tables (Q86, Q142)."""
    places = (*MESSENGER_PLACES, f"bot/{name}/", f"notifiers/{name}/")
    others = [each for each in modules(*PACKAGES) if not each.startswith(places)]
    named = re.compile(rf"""["']{name}["']""")
    assert offences(others, lambda module: named.findall((ROOT / module).read_text())) == {}


def test_core_stands_on_the_standard_library() -> None:
    """Core imports itself and the standard library; the forecast alone borrows numpy."""

    def foreign(module: str) -> set[str]:
        return imported(module) - {"core", *sys.stdlib_module_names, *BORROWED.get(module, ())}

    assert offences(modules("core"), foreign) == {}


def test_only_the_schools_calendar_makes_a_date_of_a_moment() -> None:
    """A moment is UTC; its date is that of the school's zone, which `school_date` alone works out (Q135)."""

    def dates(module: str) -> list[str]:
        calls = [node.func for node in ast.walk(tree(module)) if isinstance(node, ast.Call) and not node.args]
        return [ast.unparse(call) for call in calls if isinstance(call, ast.Attribute) and call.attr == "date"]

    assert offences([each for each in modules(*PACKAGES) if each != "core/rules/year.py"], dates) == {}
