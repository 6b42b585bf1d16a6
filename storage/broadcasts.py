"""Broadcasts in SQL."""

from sqlalchemy.ext.asyncio import AsyncConnection


class Broadcasts:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
