"""The base of all repositories."""

from sqlalchemy.ext.asyncio import AsyncConnection


class Repository:
    """Runs its statements in the transaction of one connection. It never commits: the unit of work does."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
