"""The counters of numbers without gaps."""

from sqlalchemy import Column, Named, Table, TypedColumns

from storage.schema.names import metadata


class CounterColumns(TypedColumns):
    """The last number given in a series of a calendar year."""

    series: Named[str] = Column(primary_key=True)
    year: Named[int] = Column(primary_key=True, autoincrement=False)
    last: Named[int]


counter = Table("counter", metadata, CounterColumns)
