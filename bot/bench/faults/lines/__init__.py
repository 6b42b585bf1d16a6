"""The lines of the fault table, by what fails."""

from collections.abc import Sequence

from bot.bench.faults.line import FaultLine
from bot.bench.faults.lines import (
    changes,
    clock,
    conversation,
    database,
    importing,
    keeping,
    mail,
    messenger,
    sender,
    sms,
    storm,
)

SUBJECTS = (sender, importing, conversation, messenger, mail, sms, database, clock, changes, keeping)
LINES: Sequence[FaultLine] = sorted(
    (line for subject in SUBJECTS for line in subject.LINES), key=lambda line: int(line.number.removeprefix("F"))
)
STORM = storm.STORM
