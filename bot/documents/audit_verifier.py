"""Verifies an exported audit trail against an anchored head, with nothing but Python 3.

    python3 verifier.py EXPORT HEAD

EXPORT is a file of `vestnik audit export`. HEAD is the anchor, a file audit-….anchor of the data folder, or LINE:HASH
from an `audit.anchored` line of the log. Exit code 0: whole; 4: something is wrong; 2: wrong arguments.
"""

import hashlib
import json
import sys
from pathlib import Path

WORDS: dict[str, str] = {}


def main(arguments: list[str]) -> int:
    """Verify and print the result in one line."""
    try:
        export, head = arguments
        line, chain = _head(head)
        content = Path(export).read_bytes()
    except (ValueError, KeyError, TypeError, OSError):
        return _print_result("usage", 2)
    try:
        lines = content.decode().removesuffix("\n").split("\n")
        return _verify([text for text in lines if text], line, chain)
    except (ValueError, KeyError, TypeError):
        return _print_result("unreadable", 4)


def _head(text: str) -> tuple[int, str]:
    if Path(text).is_file():
        facts = json.loads(Path(text).read_text(encoding="utf-8"))
        return int(facts["line"]), str(facts["chain"])
    line, _, chain = text.partition(":")
    return int(line), chain


def _verify(lines: list[str], anchored: int, chain: str) -> int:
    """The chain of a line is the SHA-256 of the chain before it and of the line as JSON without its own chain."""
    last = ""
    for number, text in enumerate(lines, 1):
        line = json.loads(text)
        spelling = json.dumps(line, ensure_ascii=False, sort_keys=True)
        given = line.pop("chain")
        canonical = json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        last = hashlib.sha256((last + canonical).encode()).hexdigest()
        if line["id"] != number:
            return _print_result("missing", 4, line=number)
        if given != last or spelling != text:
            return _print_result("changed", 4, line=number)
        if number == anchored and last != chain:
            return _print_result("rewritten", 4, line=number)
    if len(lines) < anchored:
        return _print_result("cut", 4, line=len(lines) + 1, last=anchored)
    return _print_result("whole", 0, lines=len(lines), line=anchored)


def _print_result(key: str, code: int, **numbers: int) -> int:
    sys.stdout.write(WORDS.get(key, key).format(**numbers) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
