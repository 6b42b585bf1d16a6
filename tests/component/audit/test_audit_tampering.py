"""Whatever byte of the audit trail somebody changes, the check finds it and names its line (Q76)."""

from bot.bench.audit_tampering import measure_audit_tampering


async def test_each_changed_byte_is_found() -> None:
    """A tenth of `vestnik bench tampering`: the tables of both databases, the SQLite file, an export."""
    changes = 20
    figures = await measure_audit_tampering(changes)
    forms = {name: count for name, count in figures.items() if name.endswith("_found")}
    assert forms == dict.fromkeys(
        ("sqlite_table_found", "sqlite_file_found", "export_found", "postgresql_table_found"), changes
    )
    named = {name: count for name, count in figures.items() if name.endswith("_line_named")}
    assert min(named[f"{form}_line_named"] for form in ("sqlite_table", "postgresql_table", "export")) == changes  # type: ignore[type-var]  # figures are numbers
