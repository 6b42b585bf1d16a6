"""Typesets documents with typst."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

REMEMBERED = 10
"""Compilations for which typst keeps a layout."""

_EMPTY = Path(__file__).with_name("empty.typ")


def typeset_document(template: Path, data: Mapping[str, object], **options: Any) -> bytes:
    """The document that a template makes of the data; `options` are those of typst's `compile`.

    The template reads the data as JSON, so no text in them is taken for markup.
    """
    words = {"data": json.dumps(data, ensure_ascii=False)}
    compiler, in_use = _compiler(template)
    with in_use:
        document = compiler.compile(sys_inputs=words, **options)
    if not isinstance(document, bytes):
        raise TypeError("A document is one file")
    return document


def forget_typesetting() -> None:
    """Frees what typst remembers of earlier documents, so that many of them need no more memory than one.

    It keeps each layout for the next ten compilations, in this process; those of empty documents cost nothing.
    """
    compiler, in_use = _compiler(_EMPTY)
    with in_use:
        for _ in range(REMEMBERED + 1):
            compiler.compile(format="pdf")


@cache
def _compiler(template: Path) -> tuple[typst.Compiler, Lock]:
    """Only the fonts that typst brings are used, so a document looks the same on every machine.

    A compiler serves one thread at a time.
    """
    return typst.Compiler(template, ignore_system_fonts=True), Lock()
