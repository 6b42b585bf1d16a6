"""Whose processors a document of consent names, where the office does not say it (152-ФЗ art. 9 p. 4)."""

from core.errors import FormNumberError, NotFoundError
from core.model.register.consents import NewConsent
from core.model.register.forms import FormPurpose, IssuedForm
from core.ports import UnitOfWork
from core.rules.delivery.timing import Policy
from core.rules.register.form_numbers import read_form_number


async def load_named_processors(uow: UnitOfWork, new: NewConsent, *, policy: Policy) -> tuple[str, ...] | None:
    """The channels whose processors a consent names: those that the office read on it, else what it is known to name.

    A numbered form of Vestnik names what was printed on it, whatever is set up now; any other paper the usual ones.
    """
    if new.channels is not None:
        return new.channels
    form = await _own_form(uow, new)
    return policy.processors.on_papers if form is None else form.channels


async def _own_form(uow: UnitOfWork, new: NewConsent) -> IssuedForm | None:
    """The form of consent of this pair that the document is, by its number."""
    try:
        form = await uow.register.form_numbered(read_form_number(new.document))
    except (FormNumberError, NotFoundError):
        return None
    is_of_pair = (form.person_id, form.student_id) == (new.person_id, new.student_id)
    return form if is_of_pair and form.purpose is FormPurpose.CONSENT else None
