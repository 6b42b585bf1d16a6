"""Numbers without gaps, one series a calendar year, for documents that the school must account for."""

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database.rows import upsert_rows
from storage.schema.numbering import counter


async def next_number_in_series(connection: AsyncConnection, series: str, year: int) -> int:
    """The next number of a series; a rollback gives it back, so the series has no gaps."""
    first = upsert_rows(connection, counter).values(series=series, year=year, last=1)
    following = first.on_conflict_do_update(index_elements=["series", "year"], set_={"last": counter.c.last + 1})
    return int((await connection.execute(following.returning(counter.c.last))).scalar_one())
