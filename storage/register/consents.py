"""The register of consents in SQL."""

from collections.abc import Sequence
from datetime import datetime

from core.model.register.consents import ConsentEntry, NewConsent
from storage.database.repository import Repository
from storage.database.rows import add_row, fetch_one_row, fetch_rows, select_rows
from storage.numbering import next_number_in_series
from storage.schema.register import consent_entry


class SqlConsents(Repository):
    async def add_consent(self, new: NewConsent, *, registered_by: str, at: datetime) -> ConsentEntry:
        values = {
            "number": f"{at.year}-{await next_number_in_series(self._connection, 'consent', at.year):04}",
            "person_id": new.person_id,
            "student_id": new.student_id,
            "decision": new.decision,
            "decided_on": new.decided_on,
            "form": new.form,
            "document": new.document,
            "scan_sha256": new.scan_sha256,
            "expires_on": new.expires_on,
            "channels": new.channels,
            "registered_by": registered_by,
            "registered_at": at,
        }
        entry_id = await add_row(self._connection, consent_entry, values)
        same = select_rows(consent_entry, ConsentEntry).where(consent_entry.c.id == entry_id)
        return await fetch_one_row(self._connection, ConsentEntry, same)

    async def consents(self, person_id: int | None = None, student_id: int | None = None) -> Sequence[ConsentEntry]:
        entries = select_rows(consent_entry, ConsentEntry).order_by(consent_entry.c.id)
        if person_id is not None:
            entries = entries.where(consent_entry.c.person_id == person_id)
        if student_id is not None:
            entries = entries.where(consent_entry.c.student_id == student_id)
        return await fetch_rows(self._connection, ConsentEntry, entries)
