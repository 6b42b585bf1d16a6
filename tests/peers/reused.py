"""School databases on PostgreSQL that serve many tests: to empty one takes a hundredth of the time to copy one.

A copy is a thousand new files. What a test has written is deleted; a database whose tables it has changed is dropped.
Both are found out in one session, since to begin one costs more than to empty the tables.
"""

from dataclasses import dataclass, field

from tests.peers.postgres import PostgresServer

ALONE = """
    SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
EMPTY = "IF pg_relation_size('{table}') > 0 THEN DELETE FROM {table}; END IF"
NO_TRIGGERS = "SET LOCAL session_replication_role = replica"
ROWS_OF = "SELECT json_agg(t) FROM {table} t"
PUT_BACK = """
    INSERT INTO {table} OVERRIDING SYSTEM VALUE
    SELECT * FROM json_populate_recordset(NULL::{table}, $rows${rows}$rows$)
"""
TABLES = "SELECT quote_ident(relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
FROM_ONE = """
    PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
    FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
"""
SHAPE = """
    SELECT string_agg(concat_ws(' ', part, number, changed), ', ') FROM (
        SELECT 'namespace' AS part, count(*) AS number, max(xmin::text::bigint) AS changed
            FROM pg_namespace WHERE nspname !~ '^pg_'
        UNION ALL SELECT 'class', count(*), max(c.xmin::text::bigint)
            FROM pg_class c WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT 'column', count(*), max(a.xmin::text::bigint)
            FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT 'default', count(*), max(d.xmin::text::bigint)
            FROM pg_attrdef d JOIN pg_class c ON c.oid = adrelid WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT 'trigger', count(*), max(t.xmin::text::bigint)
            FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT 'constraint', count(*), max(xmin::text::bigint)
            FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT 'function', count(*), max(xmin::text::bigint)
            FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT 'database', 1, xmin::text::bigint FROM pg_database WHERE datname = current_database()
    ) AS parts
"""
"""The number of things that tables are made of, and the last transaction that changed any of them."""

IF_SHAPE_IS = """
    DO $body$ BEGIN
        IF ({query}) = '{shape}' THEN
            {statements};
        END IF;
    END $body$
"""


@dataclass(slots=True)
class Reused:
    """Databases like the one at `template`, each lent to one test after the other."""

    server: PostgresServer
    template: str
    _free: list[str] = field(default_factory=list)
    _shapes: dict[str, str] = field(default_factory=dict)
    _emptying: tuple[str, ...] = ()

    def lend(self) -> str:
        """The URL of a database that is like the template."""
        if self._free:
            return self._free.pop()
        url = self.server.create_database(self.template)
        self._shapes[url] = self._run(url, SHAPE)
        self._emptying = self._emptying or self._how_to_empty(url)
        return url

    def take_back(self, url: str) -> None:
        """Make it like the template again, whatever the test has left there."""
        shape = self._shapes[url]
        emptying = IF_SHAPE_IS.format(query=SHAPE, shape=shape, statements=";".join(self._emptying))
        if self._run(url, ALONE, SHAPE, emptying).endswith(shape):
            self._free.append(url)
        else:
            self.server.drop_database(url)

    def _how_to_empty(self, url: str) -> tuple[str, ...]:
        """Delete every row, whatever triggers say; put back those that the template has; number from one."""
        tables = self._run(url, TABLES).splitlines()
        rows = {table: self._run(url, ROWS_OF.format(table=table)) for table in tables}
        return (
            NO_TRIGGERS,
            *(EMPTY.format(table=table) for table in tables),
            *(PUT_BACK.format(table=table, rows=rows[table]) for table in tables if rows[table]),
            FROM_ONE,
        )

    def _run(self, url: str, *statements: str) -> str:
        return self.server.run(*statements, database=url.rpartition("/")[2])
