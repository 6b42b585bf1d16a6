"""Imports the list of guardians: persons, guardianships, contacts and consents."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from core.actions.imports import contact_forms
from core.actions.imports.people_context import PeopleImportContext
from core.actions.people import endings
from core.actions.people.names import is_name_of_staff
from core.actions.register import consents
from core.actions.register.processors import load_named_processors
from core.errors import DocumentDateError
from core.model.imports.people_lists import GuardianRow
from core.model.imports.reports import Problem
from core.model.people import Guardianship, Role
from core.model.register.consents import ConsentEntry, Decision, NewConsent
from core.rules.people.likeness import Likeness
from core.rules.people.names import address_name_key
from core.rules.register import documents
from core.rules.register.consents import ended_consent_date, is_processor_in_consent

Address = tuple[str, str]


@dataclass(slots=True)
class GuardianImport:
    """The known guardianships, and the addresses of each person, with those that rows of this set have named so far.

    `closed`: how many consents of the table do not open a channel that they might, by channel. `accepted`: the rows
    in which a name stands as the person who took the form.
    """

    intake: PeopleImportContext
    links: dict[tuple[int, int], Guardianship | None]
    addresses: dict[int, set[Address]] = field(default_factory=lambda: defaultdict(set))
    closed: Counter[str] = field(default_factory=Counter)
    accepted: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    async def open(cls, intake: PeopleImportContext) -> "GuardianImport":
        """Reads the known guardianships."""
        links = await intake.uow.people.guardianships()
        families = cls(intake, {(link.guardian_id, link.student_id): link for link in links})
        for person_id, channel, address in await intake.uow.register.addresses():
            families.addresses[person_id].add((channel, address_name_key(address)))
        return families

    async def enter(self, row: GuardianRow) -> None:
        """Enters one row: guardian, guardianship, contacts and consent; what is known already is not entered again."""
        if row.confirmed_by is not None:
            self.accepted[row.confirmed_by].append(row.row)
        student = self.intake.student(row.student, row.school_class, row=row.row)
        person_id = await self._person(row, student.student_id) if student else None
        if not await self._is_date_possible((person_id, student.student_id if student else None), row):
            return
        if student is None or person_id is None:
            return
        self.addresses[person_id] |= _addresses(row)
        if not await self._link(person_id, student.student_id, row):
            return
        await contact_forms.apply_contact_form(self.intake, person_id, row)
        await self._enter_consent(person_id, student.student_id, row)

    async def _person(self, row: GuardianRow, student_id: int) -> int | None:
        """The guardian of a row: the student's guardian of this name, else a namesake with a contact in common.

        A namesake with other contacts is another person, so the guardian is added. If the row or a namesake has no
        contact, the row is a problem, since a wrong guess would give somebody another child's data.
        """
        guardians = {guardian_id for guardian_id, _ in self.links}
        namesakes = [person.id for person in self.intake.named(row.guardian) if person.id in guardians]
        linked = [person_id for person_id in namesakes if (person_id, student_id) in self.links]
        sharing = [person_id for person_id in namesakes if self.addresses[person_id] & _addresses(row)]
        match linked or sharing:
            case [person_id]:
                return person_id
            case [] if not namesakes or (_addresses(row) and all(self.addresses[person_id] for person_id in namesakes)):
                likely = self._likely_guardians(row, student_id)
                return await self.intake.add_person(row.guardian, row.row, "guardian", likely=likely)
            case _:
                self.intake.doubt("guardian_namesake", row.row, "guardian")
                return None

    def _likely_guardians(self, row: GuardianRow, student_id: int) -> Iterator[Likeness]:
        """Persons of similar names who are guardians of the same student or have a contact in common."""
        for like in self.intake.known_names.similar(row.guardian):
            is_guardian = (like.person_id, student_id) in self.links
            if is_guardian or self.addresses[like.person_id] & _addresses(row):
                yield like

    async def _link(self, person_id: int, student_id: int, row: GuardianRow) -> bool:
        """Adds the guardianship of a row, or changes the known one; False if the row is a problem.

        A list does not bring back a guardianship that has ended or that has no access: the row is a problem (Q127).
        """
        pair = person_id, student_id
        if pair not in self.links:
            await self._add_link(pair, row)
            return True
        link = self.links[pair]
        if link is None:
            return True
        if link.has_ended(self.intake.today) and link.ends_on != row.ends_on:
            return self._doubt("guardianship_ended", row)
        if not link.access and row.access is not False and not link.has_ended(self.intake.today):
            return self._doubt("guardian_barred", row)
        return await self._change_link(link, row)

    def _doubt(self, reason: str, row: GuardianRow, column: str = "guardian") -> bool:
        self.intake.doubt(reason, row.row, column)
        return False

    async def _add_link(self, pair: tuple[int, int], row: GuardianRow) -> None:
        access, ground = row.access is not False, row.form_no if row.access is False else None
        await self.intake.uow.people.add_guardianship(
            *pair, relation=row.relation, access=access, ends_on=row.ends_on, document=ground
        )
        self.links[pair] = None
        self.intake.counts.links += 1

    async def _change_link(self, link: Guardianship, row: GuardianRow) -> bool:
        """Bars or ends a guardianship in force if the row says so; empty cells change nothing. False for a problem."""
        intake, now, policy = self.intake, self.intake.now, self.intake.policy
        bars = row.access is False and link.access and not link.has_ended(intake.today)
        if not bars and row.ends_on in {None, link.ends_on}:
            return True
        if bars:
            ground, dated = row.form_no or "", row.form_date
            await endings.end_guardianships_by_court(
                intake.uow, intake.actor, [link], document=ground, document_on=dated, now=now, policy=policy
            )
        elif row.ends_on is not None:
            try:
                await endings.end_guardianship(
                    intake.uow, intake.actor, link, ends_on=row.ends_on, now=now, policy=policy
                )
            except DocumentDateError:
                return self._doubt("ends_too_early", row, "ends_on")
        self.links[link.guardian_id, link.student_id] = None
        intake.counts.ended += 1
        return True

    async def _is_date_possible(self, pair: tuple[int | None, int | None], row: GuardianRow) -> bool:
        """True if the form's date is possible; the date of a form that is entered already is not checked again.

        Of a pair that is not known by both ids nothing is entered.
        """
        if row.form_date is None:
            return True
        entries = () if None in pair else await self.intake.uow.register.consents(*pair)
        since = ended_consent_date(row.consent, entries) if row.consent and not _is_entered(row, entries) else None
        wrong = documents.document_date_fault(row.form_date, today=self.intake.today, since=since)
        if wrong is not None:
            self.intake.doubt(f"form_date_{wrong}", row.row, "form_date")
        return wrong is None

    async def _enter_consent(self, person_id: int, student_id: int, row: GuardianRow) -> None:
        """Enters the consent, refusal or withdrawal of a row once.

        Without a form number it is entered only if the pair's latest entry says something else. Messages that wait are
        checked against the register again before they are sent (Q2, Q5).
        """
        if row.consent is None:
            return
        entries = await self.intake.uow.register.consents(person_id, student_id)
        if _is_entered(row, entries):
            self._note_closed(row, entries[-1])
            return
        decided_on, document = row.form_date or self.intake.today, row.form_no or ""
        new = NewConsent(person_id, student_id, row.consent, decided_on, document)
        entry = await self.intake.uow.register.add_consent(
            await self._with_named_processors(new, row),
            registered_by=row.confirmed_by or await consents.load_consent_registrar(self.intake.uow, self.intake.actor),
            at=self.intake.now,
        )
        self.intake.counts.decisions += 1
        self._note_closed(row, entry)

    async def _with_named_processors(self, new: NewConsent, row: GuardianRow) -> NewConsent:
        """A consent with the channels that its document names; contacts of the row are no word about that."""
        if new.decision is not Decision.CONSENT:
            return new
        said = replace(new, channels=row.processors)
        named = await load_named_processors(self.intake.uow, said, policy=self.intake.policy)
        return replace(new, channels=named)

    def _note_closed(self, row: GuardianRow, entry: ConsentEntry) -> None:
        """Counts the channels that the school offers or the row names, and that its consent does not open."""
        if entry.decision is not Decision.CONSENT or row.paper:
            return
        offered = {*(self.intake.policy.processors.on_forms or ()), *contact_forms.contact_form_ways(row)}
        self.closed.update(channel for channel in offered if not is_processor_in_consent(entry, channel))

    async def report_doubts(self) -> None:
        """Lines about the table as a whole: channels that stay closed, and names of the staff that nobody bears."""
        self._report_closed()
        await self._report_strangers()

    def _report_closed(self) -> None:
        """A line for each channel that consents of the table do not open, with their number and what to do."""
        for channel, count in sorted(self.closed.items()):
            facts = (("channel", channel), ("count", str(count)), ("columns", "processors"))
            self.intake.tally.doubts.append(Problem(self.intake.sheet, None, None, None, "processor_not_named", facts))
        self.closed.clear()

    async def _report_strangers(self) -> None:
        """A line for each person who took forms and whom the staff list does not have: proofs would show the name.

        Nothing of a school whose secretary is not entered yet.
        """
        has_office = bool(await self.intake.uow.people.holders_of_role(Role.SECRETARY, on=self.intake.today))
        for name, rows in self.accepted.items() if has_office else ():
            if not await is_name_of_staff(self.intake.uow, self.intake.everyone.values(), name):
                facts = (("count", str(len(rows))),)
                place = (self.intake.sheet, rows[0], "confirmed_by", None)
                self.intake.tally.doubts.append(Problem(*place, "accepted_by_stranger", facts))
        self.accepted.clear()


def _is_entered(row: GuardianRow, entries: Sequence[ConsentEntry]) -> bool:
    """Whether the register has the row's decision; a consent that counts is entered anew if other processors are named.

    So a list says later what its papers name, and an older list does not bring a consent back.
    """
    if row.form_no is None:
        return bool(entries) and entries[-1].decision is row.consent
    known = [entry for entry in entries if (entry.decision, entry.document) == (row.consent, row.form_no)]
    if not known or row.consent is not Decision.CONSENT or row.processors is None:
        return bool(known)
    return known[-1] is not entries[-1] or known[-1].channels == row.processors


def _addresses(row: GuardianRow) -> set[Address]:
    """The addresses of a row, also if the family wants paper: they tell namesakes apart."""
    named = contact_forms.contact_form_ways(row)
    return {(channel, address_name_key(address)) for channel, address in named.items() if address is not None}
