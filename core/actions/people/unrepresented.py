"""Students about whom nobody hears anything: no representative is entered."""

from collections.abc import Sequence
from datetime import date

from core.model.people import RollEntry
from core.ports import UnitOfWork


async def load_unrepresented_students(uow: UnitOfWork, *, on: date) -> tuple[int, Sequence[RollEntry]]:
    """How many students the school has on a date, and those without a guardianship in force, by class and name."""
    roll = [entry for entry in await uow.people.roll(on) if entry.leaves_on is None or entry.leaves_on >= on]
    links = await uow.people.guardianships()
    represented = {link.student_id for link in links if link.access and not link.has_ended(on)}
    alone = [entry for entry in roll if entry.student_id not in represented]
    return len(roll), sorted(alone, key=lambda entry: (entry.class_key, entry.name_key))
