"""Forms and invitations for a whole class: who of its families is meant (R1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.actions.register.forms import enter_numbered_form
from core.errors import NoContactToConfirmError
from core.model.people import OFFICE, Actor
from core.model.register.forms import FormPurpose, IssuedForm, NewForm
from core.ports import UnitOfWork
from core.rules import access
from core.rules.access import Everything
from core.rules.delivery import timing
from core.rules.delivery.timing import Policy


@dataclass(frozen=True, slots=True)
class ClassParent:
    """A representative with access, and the students of the class whom they represent; names with ids."""

    person_id: int
    name: str
    students: tuple[tuple[int, str], ...]


async def load_class_form_parents(
    uow: UnitOfWork, actor: Actor, group_id: int, *, now: datetime, policy: Policy
) -> Sequence[ClassParent]:
    """The representatives of a class's students by the first student's name; the office's list."""
    access.require_access_role(actor, *OFFICE)
    on = timing.local_date_of_time(now, policy)
    names: dict[int, str] = {}
    students: dict[int, list[tuple[int, str]]] = {}
    for household in await uow.people.households([group_id], Everything(), on=on):
        for person_id, name in sorted(household.names.items(), key=lambda item: (item[1], item[0])):
            if person_id != household.student_id:
                names[person_id] = name
                students.setdefault(person_id, []).append((household.student_id, household.student))
    return [ClassParent(person_id, names[person_id], tuple(own)) for person_id, own in students.items()]


async def issue_class_forms(
    uow: UnitOfWork, actor: Actor, purpose: FormPurpose, group_id: int, *, now: datetime, policy: Policy
) -> Sequence[IssuedForm]:
    """A form for each representative and student of a class, in one transaction.

    Of a statement of contacts one for each representative who has contacts.
    """
    issued: list[IssuedForm] = []
    for parent in await load_class_form_parents(uow, actor, group_id, now=now, policy=policy):
        if purpose is FormPurpose.CONTACTS:
            wanted = [NewForm(purpose, parent.person_id)]
        else:
            wanted = [NewForm(purpose, parent.person_id, student_id) for student_id, _ in parent.students]
        for new in wanted:
            try:
                issued.append(await enter_numbered_form(uow, actor, new, now=now, policy=policy))
            except NoContactToConfirmError:
                continue
    await uow.commit()
    return issued
