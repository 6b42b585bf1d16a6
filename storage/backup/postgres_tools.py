"""PostgreSQL's own programs: pg_dump for a copy, pg_restore to read one, psql to put it back in one transaction.

The password goes to them in their environment, never in a command line; what they say is not passed on.
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
from storage.audit import link
from storage.database.revision import KNOWN

BEGINS = b"PGDMP"
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
"""The database is the school's own, so whatever stands in it goes: a table of a later version would be left over."""

_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""

_COPY = re.compile(r"COPY public\.(\w+) \((.*)\) FROM stdin;")
_ESCAPED = re.compile(r"\\(.)")
_MEANT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


class ToolMissingError(SchoolError):
    """PostgreSQL's client programs are not installed here."""


class AtWorkError(SchoolError):
    """Other processes use the database, so it is not replaced under them."""


def _program(name: str) -> str:
    """The newest that Debian's package brought, or the one on the usual path."""
    found = sorted(INSTALLED.glob(f"*/bin/{name}"), key=lambda path: float(path.parent.parent.name))
    program = str(found[-1]) if found else shutil.which(name)
    if program is None:
        raise ToolMissingError
    return program


def _environment(url: URL) -> dict[str, str]:
    """Where and as whom they connect: libpq's variables of the URL's parts."""
    said = {"host": url.host, "port": url.port, "user": url.username, "password": url.password, **url.query}
    known = {_PASSED[name]: str(value) for name, value in said.items() if name in _PASSED and value is not None}
    return {**_LOCAL, "PGDATABASE": url.database or "", **known}


def _run(program: str, *arguments: str | Path, url: URL | None = None, target: IO[bytes] | None = None) -> bytes:
    """What it says on its standard output, if that is no file. StorageError where it fails."""
    done = subprocess.run(  # noqa: S603  # PostgreSQL's own programs; no argument comes from a person but a file's name
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


def dump(url: URL, target: Path) -> None:
    """One consistent copy. Raises ToolMissingError, StorageError."""
    with target.open("wb") as file:
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", url=url, target=file)


def require_alone(url: URL) -> None:
    """AtWorkError while the database has other connections. Raises ToolMissingError, StorageError."""
    if int(_run("psql", "-XqAt", "-c", _OTHERS, url=url)):
        raise AtWorkError


def replace(backup: Path, url: URL) -> None:
    """Empty the database and fill it from a copy, all or nothing. Raises ToolMissingError, StorageError."""
    with tempfile.TemporaryDirectory(prefix="vestnik-restore-") as folder:
        script = Path(folder) / "copy.sql"
        _write_out(backup, script)
        whole = ("--single-transaction", "-v", "ON_ERROR_STOP=1")
        _run("psql", "-Xq", *whole, "-c", _EMPTY, "-f", script, url=url)


def _write_out(backup: Path, script: Path) -> None:
    """A copy as statements; one that is cut or damaged fails here, before anything is touched."""
    _run("pg_restore", "--no-owner", "--no-privileges", "--file", script, backup)


def fault_of(backup: Path) -> str | None:
    """What is wrong with a copy: it cannot be read to its end, is no school, is of a later version, or its trail broke.

    Raises ToolMissingError.
    """
    with tempfile.TemporaryDirectory(prefix="vestnik-check-") as folder:
        script = Path(folder) / "copy.sql"
        try:
            _write_out(backup, script)
        except StorageError:
            return "pages"
        with script.open(encoding="utf-8") as lines:
            return _fault_of_tables({table: rows for table, rows in _tables(lines) if table in _READ})


_READ = ("alembic_version", "audit_head", "audit_line")

Row = Mapping[str, str | None]


def _tables(script: Iterable[str]) -> Iterator[tuple[str, list[Row]]]:
    """The tables of a script with their rows, those that are asked for; the format is that of PostgreSQL's COPY."""
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


def _value(said: str) -> str | None:
    return None if said == r"\N" else _ESCAPED.sub(lambda found: _MEANT.get(found[1], found[1]), said)


def _fault_of_tables(tables: Mapping[str, list[Row]]) -> str | None:
    if not all(tables.get(name) for name in ("alembic_version", "audit_head")) or "audit_line" not in tables:
        return "not_a_school"
    if not {row["version_num"] for row in tables["alembic_version"]} <= set(KNOWN):
        return "newer"
    (head,) = tables["audit_head"]
    count, chain = 0, ""
    for line in sorted(map(_line, tables["audit_line"]), key=lambda line: line.id):
        count, chain = count + 1, link(chain, count + 1, line)
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
