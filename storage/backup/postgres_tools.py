"""Runs PostgreSQL's programs: pg_dump makes a copy, pg_restore reads it, psql restores it in one transaction.

They get the password in their environment, never in a command line. Their messages may quote rows, so none is shown.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy.engine import URL

from core.errors import SchoolError, StorageError
from core.model.audit import AuditLine
from storage.audit import stored_audit_line_hash
from storage.database.revision import KNOWN

DUMP_HEADER = b"PGDMP"
"""The first bytes of a copy in pg_dump's own format."""

INSTALLED = Path("/usr/lib/postgresql")

_TLS = ("ssl", "sslmode")
_PASSED = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "passfile": "PGPASSFILE"}
_PASSED |= dict.fromkeys(_TLS, "PGSSLMODE")

_LOCAL = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}

_EMPTY = """
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('DROP TABLE public.%I CASCADE', name);
  END LOOP;
END $$;
DROP FUNCTION IF EXISTS public.only_grows() CASCADE;
"""
"""Drops all tables, also those that the copy does not have, such as tables of a later version."""

_OTHER_CONNECTIONS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""

_COPY = re.compile(r"COPY public\.(\w+) \((.*)\) FROM stdin;")
_ESCAPED = re.compile(r"\\(.)")
_UNESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


class ToolMissingError(SchoolError):
    """PostgreSQL's client programs are not installed on this machine."""


class AtWorkError(SchoolError):
    """Other processes use the database, so it cannot be replaced."""


def _program(name: str) -> str:
    """The path of a program: the newest of Debian's packages, else the one on PATH. Raises ToolMissingError."""
    found = sorted(INSTALLED.glob(f"*/bin/{name}"), key=lambda path: float(path.parent.parent.name))
    program = str(found[-1]) if found else shutil.which(name)
    if program is None:
        raise ToolMissingError
    return program


def _environment(url: URL) -> dict[str, str]:
    """Libpq's environment variables for the parts of the URL."""
    parts = {"host": url.host, "port": url.port, "user": url.username, "password": url.password, **url.query}
    known = {_PASSED[name]: str(value) for name, value in parts.items() if name in _PASSED and value is not None}
    return {**_LOCAL, "PGDATABASE": url.database or "", **known}


def _run(program: str, *arguments: str | Path, url: URL | None = None, target: IO[bytes] | None = None) -> bytes:
    """Runs a program; returns its output unless it goes to `target`. Raises StorageError if the program fails."""
    done = subprocess.run(  # noqa: S603  # PostgreSQL's own programs; no argument is a person's input, except a file name
        [_program(program), *map(str, arguments)],
        env=_environment(url) if url is not None else _LOCAL,
        stdin=subprocess.DEVNULL,
        stdout=target or subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        raise StorageError
    return done.stdout or b""


def dump_postgres(url: URL, target: Path) -> None:
    """Writes a consistent copy. Raises ToolMissingError, StorageError."""
    with target.open("wb") as file:
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", url=url, target=file)


def require_restorable_postgres(url: URL) -> None:
    """Raises AtWorkError while the database has other connections; else ToolMissingError, StorageError."""
    if int(_run("psql", "-XqAt", "-c", _OTHER_CONNECTIONS, url=url)):
        raise AtWorkError


def restore_postgres_dump(backup: Path, url: URL) -> None:
    """Empties the database and fills it from a copy, in one transaction. Raises ToolMissingError, StorageError."""
    with tempfile.TemporaryDirectory(prefix="vestnik-restore-") as folder:
        script = Path(folder) / "copy.sql"
        _write_script(backup, script)
        whole = ("--single-transaction", "-v", "ON_ERROR_STOP=1")
        _run("psql", "-Xq", *whole, "-c", _EMPTY, "-f", script, url=url)


def _write_script(backup: Path, script: Path) -> None:
    """Turns a copy into an SQL script. A damaged copy fails here, before the database is changed."""
    _run("pg_restore", "--no-owner", "--no-privileges", "--file", script, backup)


def postgres_dump_fault(backup: Path) -> str | None:
    """What is wrong with a copy: unreadable, no school, of a later version, or a broken audit trail; None if sound.

    Raises ToolMissingError.
    """
    with tempfile.TemporaryDirectory(prefix="vestnik-check-") as folder:
        script = Path(folder) / "copy.sql"
        try:
            _write_script(backup, script)
        except StorageError:
            return "pages"
        with script.open(encoding="utf-8") as lines:
            return _fault_of_tables({table: rows for table, rows in _tables(lines) if table in _READ})


_READ = ("alembic_version", "audit_head", "audit_line")

Row = Mapping[str, str | None]


def _tables(script: Iterable[str]) -> Iterator[tuple[str, list[Row]]]:
    """Tables of a script in the format of COPY; with rows only for the tables of `_READ`."""
    lines = iter(script)
    for line in lines:
        if found := _COPY.match(line):
            names, is_read = found[2].split(", "), found[1] in _READ
            rows: list[Row] = []
            for row in lines:
                if row == "\\.\n":
                    break
                if is_read:
                    rows.append(dict(zip(names, map(_value, row.rstrip("\n").split("\t")), strict=True)))
            yield found[1], rows


def _value(text: str) -> str | None:
    """A value of COPY without its escapes; backslash N is NULL."""
    return None if text == r"\N" else _ESCAPED.sub(lambda match: _UNESCAPED.get(match[1], match[1]), text)


def _fault_of_tables(tables: Mapping[str, list[Row]]) -> str | None:
    if not all(tables.get(name) for name in ("alembic_version", "audit_head")) or "audit_line" not in tables:
        return "not_a_school"
    if not {row["version_num"] for row in tables["alembic_version"]} <= set(KNOWN):
        return "newer"
    (head,) = tables["audit_head"]
    count, chain = 0, ""
    for line in sorted(map(_line, tables["audit_line"]), key=lambda line: line.id):
        count, chain = count + 1, stored_audit_line_hash(chain, count + 1, line)
        if (line.id, line.chain) != (count, chain):
            return "audit"
    return None if (str(count), chain) == (head["line_id"], head["chain"] or "") else "audit"


def _line(row: Row) -> AuditLine:
    actor = row["actor_id"]
    return AuditLine(
        id=int(row["id"] or 0),
        at=datetime.fromisoformat(row["at"] or ""),
        actor_id=int(actor) if actor else None,
        role=row["role"] or "",
        action=row["action"] or "",
        facts=json.loads(row["facts"] or "{}"),
        chain=row["chain"] or "",
    )
