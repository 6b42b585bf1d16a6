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
        lines = Path(export).read_text(encoding="utf-8").removesuffix("\n").split("\n")
    except (ValueError, KeyError, TypeError, OSError):
        return _say("usage", 2)
    try:
        return _verify([text for text in lines if text], line, chain)
    except (ValueError, KeyError, TypeError):
        return _say("unreadable", 4)


def _head(said: str) -> tuple[int, str]:
    if Path(said).is_file():
        facts = json.loads(Path(said).read_text(encoding="utf-8"))
        return int(facts["line"]), str(facts["chain"])
    line, _, chain = said.partition(":")
    return int(line), chain


def _verify(lines: list[str], anchored: int, chain: str) -> int:
    """Each line's chain is the SHA-256 of the chain before it and of the line as JSON without its own chain."""
    last = ""
    for number, text in enumerate(lines, 1):
        line = json.loads(text)
        given = line.pop("chain")
        said = json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        last = hashlib.sha256((last + said).encode()).hexdigest()
        if line["id"] != number:
            return _say("missing", 4, line=number)
        if given != last:
            return _say("changed", 4, line=number)
        if number == anchored and last != chain:
            return _say("rewritten", 4, line=number)
    if len(lines) < anchored:
        return _say("cut", 4, line=len(lines) + 1, last=anchored)
    return _say("whole", 0, lines=len(lines), line=anchored)


def _say(key: str, code: int, **numbers: int) -> int:
    sys.stdout.write(WORDS.get(key, key).format(**numbers) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
