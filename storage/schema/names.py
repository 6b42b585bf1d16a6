"""The one `MetaData`, whose naming convention lets migrations name every constraint, and indexes of some rows only."""

from sqlalchemy import Index, MetaData, text

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
    }
)


def schema_partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of those rows only that a question or a rule is about."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))
