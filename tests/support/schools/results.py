"""Final marks as an import writes them."""

from dataclasses import replace

from core.model.results.period_marks import PeriodMark, PeriodMarkVersion
from core.ports import UnitOfWork


async def put_final(uow: UnitOfWork, new: PeriodMark, *, before: PeriodMark | None = None) -> PeriodMark:
    """Writes a period mark, or what it becomes after `before`; a greater version gets its own row of history."""
    mark = replace(new, id=before.id if before else (await uow.staged.reserve(PeriodMark, 1))[0])
    if before is None:
        await uow.staged.add([mark])
    else:
        await uow.staged.change([(before, mark)])
    if before is None or mark.version > before.version:
        earlier = before.value if before else None
        received = mark.received_at, mark.published, None, mark.import_id
        await uow.staged.add([PeriodMarkVersion(0, mark.id, mark.version, earlier, mark.value, *received)])
    await uow.staged.write()
    return mark
