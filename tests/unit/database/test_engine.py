"""How a database's address is handed to its driver."""

import pytest

from storage.database.engine import create_database_engine


@pytest.mark.parametrize(
    ("options", "query"),
    [
        ("", {}),
        ("?sslmode=require", {"ssl": "require"}),
        ("?ssl=prefer&host=/run/pg", {"ssl": "prefer", "host": "/run/pg"}),
    ],
)
def test_a_server_is_spoken_to_in_the_drivers_words(options: str, query: dict[str, str]) -> None:
    """`sslmode` is what PostgreSQL's own programs call it; the driver breaks at that word."""
    assert create_database_engine(f"postgresql://school@host/db{options}").url.query == query
