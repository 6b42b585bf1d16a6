"""Homework, control works and recommendations in SQL."""

from sqlalchemy.ext.asyncio import AsyncConnection


class Schoolwork:
    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
