"""Issued forms in SQL."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import literal_column, update

from core.model.register.forms import AgreedChoice, FormState, IssuedForm, NewForm
from core.rules.register.form_numbers import form_number
from storage.database.repository import Repository
from storage.database.rows import add_row, fetch_one_row, fetch_rows, select_rows
from storage.numbering import next_number_in_series
from storage.schema.register import issued_form

_FORMS = select_rows(issued_form, IssuedForm)


class SqlForms(Repository):
    async def add_form(
        self,
        new: NewForm,
        *,
        contact_ids: Sequence[int],
        choices: Sequence[AgreedChoice],
        channels: tuple[str, ...] | None,
        issued_by: int | None,
        at: datetime,
    ) -> IssuedForm:
        serial = await next_number_in_series(self._connection, "form", at.year)
        values = {
            "number": form_number(new.purpose, at.year, serial),
            "purpose": new.purpose,
            "person_id": new.person_id,
            "student_id": new.student_id,
            "contact_ids": tuple(contact_ids),
            "choices": tuple(choices),
            "channels": channels,
            "issued_at": at,
            "issued_by": issued_by,
            "state": FormState.WAITING,
        }
        return await self.form(await add_row(self._connection, issued_form, values))

    async def forms(self, state: FormState | None = None, *, person_id: int | None = None) -> Sequence[IssuedForm]:
        found = _FORMS.order_by(issued_form.c.id)
        if state is not None:
            found = found.where(issued_form.c.state == literal_column(f"'{state.value}'"))  # as in the partial index
        if person_id is not None:
            found = found.where(issued_form.c.person_id == person_id)
        return await fetch_rows(self._connection, IssuedForm, found)

    async def form(self, form_id: int) -> IssuedForm:
        return await fetch_one_row(self._connection, IssuedForm, _FORMS.where(issued_form.c.id == form_id))

    async def form_numbered(self, number: str) -> IssuedForm:
        return await fetch_one_row(self._connection, IssuedForm, _FORMS.where(issued_form.c.number == number))

    async def name_document(self, form_id: int, *, reference: str, sha256: str) -> bool:
        waits = (issued_form.c.id == form_id) & (issued_form.c.state == FormState.WAITING)
        named = update(issued_form).where(waits).values(reference=reference, sha256=sha256)
        return (await self._connection.execute(named)).rowcount == 1

    async def settle_form(
        self, form_id: int, state: FormState, *, by: int | None, reason: str | None, at: datetime
    ) -> bool:
        waits = (issued_form.c.id == form_id) & (issued_form.c.state == FormState.WAITING)
        settled = {"state": state, "settled_at": at, "settled_by": by, "reason": reason}
        return (await self._connection.execute(update(issued_form).where(waits).values(settled))).rowcount == 1
