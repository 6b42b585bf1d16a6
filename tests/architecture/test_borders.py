"""What import-linter cannot see: the clock, the environment, and any library at all in core."""

import ast
import builtins
import re
import sys
from collections.abc import Iterator

import pytest

from tests.architecture.tree import PACKAGES, ROOT, dotted_names, imported, modules, tree

DATES = (".datetime.now", ".datetime.utcnow", ".datetime.today", ".date.today", ".func.now")
TIMES = (".time.time", ".time.time_ns", ".time.localtime", ".time.gmtime")
ENVIRONMENT = ("os.environ", "os.environb", "os.getenv")
REPOSITORY = re.compile(r"\buow[.](?!(?:commit|begin_reading)$)")
MESSENGER_PLACES = (
    "bot/telegram/", "bot/settings/", "bot/imports/", "bot/demo/", "bot/bench/", "bot/sandbox/", "notifiers/telegram/",
    "core/actions/imports/", "storage/migrations/",
)  # fmt: skip
"""Where the name of a messenger may stand."""

BORROWED = {"core/rules/forecast.py": {"numpy"}}


@pytest.mark.parametrize("module", modules("core", "notifiers", "storage"))
def test_only_the_bot_reads_the_clock(module: str) -> None:
    """Outside bot/ the present moment is an argument, so every deadline can be tested at its boundary (Q105)."""
    assert [name for name in dotted_names(module) if f".{name}".endswith(DATES + TIMES)] == []


@pytest.mark.parametrize("module", [each for each in modules(*PACKAGES) if "bot/settings/" not in each])
def test_only_the_settings_read_the_environment(module: str) -> None:
    """What a school may set is read in bot/settings/ and nowhere else."""
    assert dotted_names(module).isdisjoint(ENVIRONMENT)


@pytest.mark.parametrize("module", modules("bot/handlers"))
def test_a_door_reads_and_writes_through_actions(module: str) -> None:
    """A handler may end the transaction; every other use of it belongs to an action, which asks who may do it."""
    assert [name for name in dotted_names(module) if REPOSITORY.search(name)] == []


def refusals(module: str) -> Iterator[ast.ExceptHandler]:
    """The places that go on after an error of the school's rules."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.ExceptHandler) and node.type is not None:
            caught = ast.unparse(node.type)
            if caught.strip("()").split(",")[0] not in dir(builtins):
                yield node


@pytest.mark.parametrize("module", modules("bot/handlers"))
def test_a_refused_change_is_rolled_back_before_anything_is_shown(module: str) -> None:
    """An action may have written before it refused: a screen that is read after it must not show that (Q97)."""
    for refusal in refusals(module):
        awaits = [node for statement in refusal.body for node in ast.walk(statement) if isinstance(node, ast.Await)]
        shows_at_once = isinstance(refusal.body[-1], ast.Return | ast.Raise) and not awaits
        assert shows_at_once or ast.unparse(refusal.body[0]) == "await visit.uow.begin_reading()"


@pytest.mark.parametrize("module", [each for each in modules(*PACKAGES) if not each.startswith(MESSENGER_PLACES)])
def test_no_messenger_is_known_by_name(module: str) -> None:
    """A second messenger needs no change outside its own package and the school's settings and tables (Q86)."""
    assert re.findall(r"""["']telegram["']""", (ROOT / module).read_text()) == []


@pytest.mark.parametrize("module", modules("core"))
def test_core_stands_on_the_standard_library(module: str) -> None:
    """Core imports itself and the standard library; the forecast alone borrows numpy."""
    assert imported(module) <= {"core", *sys.stdlib_module_names, *BORROWED.get(module, ())}


@pytest.mark.parametrize("module", [each for each in modules(*PACKAGES) if each != "core/rules/year.py"])
def test_only_the_schools_calendar_makes_a_date_of_a_moment(module: str) -> None:
    """A moment is UTC; its date is that of the school's zone, which `school_date` alone works out (Q135)."""
    calls = [node.func for node in ast.walk(tree(module)) if isinstance(node, ast.Call) and not node.args]
    assert [ast.unparse(call) for call in calls if isinstance(call, ast.Attribute) and call.attr == "date"] == []
