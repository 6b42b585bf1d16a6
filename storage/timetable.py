"""The timetable in SQL."""

from sqlalchemy.ext.asyncio import AsyncConnection


class Timetable:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
