"""When contact data are to be destroyed: within 30 days after the last consent ended (152-ФЗ art. 21; Q10)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from core.model.register.consents import ConsentEntry, Decision
from core.rules.register.consents import consent_obstacle, latest_consent_entry

TERM = timedelta(days=30)
WARNING = timedelta(days=25)
"""After so many days the secretary is told."""


def consent_entry_for_erasure(entries: Iterable[ConsentEntry], on: date) -> ConsentEntry | None:
    """Of one person's entries the one that ended the last consent; None while any consent is in force.

    A withdrawal ends a consent, and so does a refusal after one. An expired consent destroys nothing: it is renewed.
    """
    pairs: defaultdict[int, list[ConsentEntry]] = defaultdict(list)
    for entry in entries:
        pairs[entry.student_id].append(entry)
    latest = {student_id: latest_consent_entry(own, on) for student_id, own in pairs.items()}
    if any(consent_obstacle(entry, on) is None for entry in latest.values()):
        return None
    ends = [entry for student_id, entry in latest.items() if entry is not None and _ends(entry, pairs[student_id])]
    return max(ends, key=lambda entry: (entry.decided_on, entry.id), default=None)


def _ends(entry: ConsentEntry, pair: Iterable[ConsentEntry]) -> bool:
    if entry.decision is Decision.REFUSAL:
        return any(each.decision is Decision.CONSENT and each.id < entry.id for each in pair)
    return entry.decision is Decision.WITHDRAWAL
