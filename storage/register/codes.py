"""One-time codes and wrong guesses in SQL."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, or_, select, update

from core.model.register.contacts import OneTimeCode
from storage.database.repository import Repository
from storage.database.rows import fetch_first_row, select_rows
from storage.schema.register import one_time_code, wrong_code


class SqlCodes(Repository):
    async def add_code(
        self,
        *,
        person_id: int,
        contact_id: int | None,
        channel: str,
        code_hash: str,
        token_hash: str | None = None,
        expires_at: datetime,
    ) -> None:
        new = {"person_id": person_id, "contact_id": contact_id, "channel": channel, "expires_at": expires_at}
        hashes = {"code_hash": code_hash, "token_hash": token_hash}
        await self._connection.execute(insert(one_time_code), new | hashes)

    async def code(self, secret_hash: str, channel: str) -> OneTimeCode | None:
        same = or_(one_time_code.c.code_hash == secret_hash, one_time_code.c.token_hash == secret_hash)
        here = select_rows(one_time_code, OneTimeCode).where(same, one_time_code.c.channel == channel)
        newest = here.order_by(one_time_code.c.id.desc()).limit(1)
        return await fetch_first_row(self._connection, OneTimeCode, newest)

    async def use_up_codes(self, person_id: int, channel: str, *, at: datetime) -> None:
        own = (one_time_code.c.person_id == person_id) & (one_time_code.c.channel == channel)
        unused = update(one_time_code).where(own, one_time_code.c.used_at.is_(None))
        await self._connection.execute(unused.values(used_at=at))

    async def use_up_twins(self, used: OneTimeCode, *, at: datetime) -> None:
        own = (one_time_code.c.person_id == used.person_id) & (one_time_code.c.expires_at == used.expires_at)
        unused = update(one_time_code).where(own, one_time_code.c.used_at.is_(None))
        await self._connection.execute(unused.values(used_at=at))

    async def count_codes(self, person_id: int, channel: str, *, expiring_after: datetime) -> int:
        own = (one_time_code.c.person_id == person_id) & (one_time_code.c.channel == channel)
        counted = select(func.count()).select_from(one_time_code).where(own)
        return (await self._connection.execute(counted.where(one_time_code.c.expires_at > expiring_after))).scalar_one()

    async def use_code(self, code_id: int, *, at: datetime) -> bool:
        unused = (one_time_code.c.id == code_id) & one_time_code.c.used_at.is_(None)
        result = await self._connection.execute(update(one_time_code).where(unused).values(used_at=at))
        return result.rowcount == 1

    async def count_guess(self, origin: str, *, at: datetime, window: timedelta) -> int:
        await self._connection.execute(delete(wrong_code).where(wrong_code.c.at <= at - window))
        await self._connection.execute(insert(wrong_code), {"origin": origin, "at": at})
        return await self.guesses(origin, since=at - window)

    async def guesses(self, origin: str | None = None, *, since: datetime) -> int:
        wrong = select(func.count()).select_from(wrong_code).where(wrong_code.c.at > since)
        if origin is not None:
            wrong = wrong.where(wrong_code.c.origin == origin)
        return (await self._connection.execute(wrong)).scalar_one()
