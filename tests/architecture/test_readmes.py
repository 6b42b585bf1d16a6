"""What READMEs name exists: files, folders, modules, functions, settings."""

import ast
import re
from pathlib import Path

import grimp
import pytest

from tests.architecture.tree import PACKAGES, ROOT, modules, tree

_INSIDE = (path for package in PACKAGES for path in (ROOT / package).rglob("*.md"))
READMES = sorted(str(path.relative_to(ROOT)) for path in (*ROOT.glob("*.md"), *ROOT.glob(".github/*.md"), *_INSIDE))
QUOTED = re.compile(r"`([\w./]+)`")
PLACE = re.compile(r"[a-z_.]\w*(/[\w.]+)+/?")
DOTTED = re.compile(rf"({'|'.join((*PACKAGES, 'tests'))})([.]\w+)+")
SETTING = re.compile(r"VESTNIK_([A-Z_]+)")
MERMAID = re.compile(r"```mermaid\n(.*?)```", re.DOTALL)
ARROW = re.compile(r"^ *([\w.]+) --> ([\w.]+)$", re.MULTILINE)


def quoted(readme: str) -> list[str]:
    return QUOTED.findall((ROOT / readme).read_text(encoding="utf-8"))


def defined(module: Path) -> set[str]:
    """Names at the top of a module, and of its classes' own."""
    found: set[str] = set()
    for node in ast.walk(tree(str(module.relative_to(ROOT)))):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return found


def exists(place: Path) -> bool:
    """A file or folder, a module without its ending, or a name inside one (`cli/school._begun`)."""
    if place.exists() or place.with_name(place.name + ".py").exists():
        return True
    stem, _, name = place.name.partition(".")
    module = place.with_name(stem + ".py")
    return bool(name) and module.exists() and set(name.split(".")) <= defined(module)


def resolved(dotted: str) -> bool:
    """A module, or a name inside the longest module of it."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        place = ROOT.joinpath(*parts[:length])
        module = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
        if module.exists():
            return set(parts[length:]) <= defined(module)
    return False


@pytest.mark.parametrize("readme", READMES)
def test_every_path_in_a_readme_exists(readme: str) -> None:
    """From the README's own folder or from the top."""
    here = (ROOT / readme).parent
    places = [each for each in quoted(readme) if PLACE.fullmatch(each) and "SUBJECT" not in each]
    assert [each for each in places if not (exists(here / each) or exists(ROOT / each))] == []


@pytest.mark.parametrize("readme", READMES)
def test_every_dotted_name_in_a_readme_exists(readme: str) -> None:
    """A module of ours, or what it defines."""
    assert [each for each in quoted(readme) if DOTTED.fullmatch(each) and not resolved(each)] == []


def test_every_documented_setting_is_used() -> None:
    """What README says can be set is read somewhere, as an attribute or by its own name."""
    used = {
        node.attr for each in modules(*PACKAGES) for node in ast.walk(tree(each)) if isinstance(node, ast.Attribute)
    }
    texts = "".join((ROOT / each).read_text(encoding="utf-8") for each in modules("bot/settings"))
    documented = {name.lower() for name in SETTING.findall((ROOT / "README.md").read_text(encoding="utf-8"))}
    assert {name for name in documented if name.strip("_") and name not in used and f'"{name}"' not in texts} == set()


def arrows(package: str) -> list[tuple[str, str]]:
    """What the picture in a package's README says of its imports, as full names."""
    pictures = MERMAID.findall((ROOT / package / "README.md").read_text(encoding="utf-8"))
    found = [pair for picture in pictures for pair in ARROW.findall(picture)]
    return [(f"{package}.{importer}", f"{package}.{imported}") for importer, imported in found]


@pytest.mark.parametrize("package", PACKAGES)
def test_every_arrow_of_a_picture_is_an_import(package: str) -> None:
    """A module, or a folder with all that is in it, imports what its arrow points at."""
    graph = grimp.build_graph(package, cache_dir=None)
    drawn = arrows(package)
    assert drawn
    assert {name for pair in drawn for name in pair if name not in graph.modules} == set()
    assert [
        pair for pair in drawn if not graph.direct_import_exists(importer=pair[0], imported=pair[1], as_packages=True)
    ] == []
