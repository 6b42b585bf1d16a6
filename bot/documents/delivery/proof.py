"""The proof of one obligation, in sections: for the command line and as a PDF (Q76)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.documents.delivery.obligations import obligation_evidence_word
from bot.documents.typesetting import typeset_document
from bot.screens.delivery.ways import delivery_way_on_screen
from core.model.audit import RECEIPT_CORRECTED
from core.model.channels import channel_name
from core.model.delivery.deliveries import Attempt, Delivery
from core.model.delivery.proof import Proof
from core.model.delivery.text import NoticeInWords
from core.model.notices.facts import Notice
from core.model.register.contacts import Confirmation
from core.ports import Translator
from core.rules.delivery.timing import Policy

_TEMPLATE = Path(__file__).with_name("proof.typ")

NoticeWords = Callable[[Notice, Translator], NoticeInWords]


@dataclass(frozen=True, slots=True)
class ProofSection:
    """A heading with facts, each a label and its value."""

    heading: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Words:
    """What turns a proof into words."""

    proof: Proof
    t: Translator
    policy: Policy
    notice_words: NoticeWords

    def fact(self, key: str, value: object) -> tuple[str, str]:
        return self.t(f"proof.{key}"), "–" if value in {None, ""} else str(value)

    def moment(self, at: datetime | None) -> str:
        """A moment in the school's zone, to the second."""
        return "" if at is None else f"{at.astimezone(self.policy.zone):%d.%m.%Y %H:%M:%S}"

    def sections(self) -> Iterator[ProofSection]:
        yield self._what()
        for delivery in self.proof.row.deliveries:
            yield self._delivery(delivery)
        yield from self._other_evidence()
        yield self._trail()

    def _what(self) -> ProofSection:
        row, published = self.proof.row, self.proof.published
        owed, said = row.obligation, self.notice_words(published.notice, self.t)
        words = ", ".join(filter(None, (said.when, said.about)))
        state = self.t(f"state.{owed.state}")
        evidence = obligation_evidence_word(row, self.t)
        return ProofSection(
            self.t("proof.what"),
            (
                self.fact("kind", self.t(f"kind.{owed.kind}")),
                self.fact("content", f"{words}: {said.what}"),
                self.fact("student", row.student),
                self.fact("person", row.person),
                self.fact("received", self.moment(owed.received_at)),
                *self._corrected(),
                self.fact("published", self.moment(published.published_at)),
                self.fact("due", self.moment(owed.due)),
                self.fact("state", ", ".join(filter(None, (state, self.moment(owed.closed_at))))),
                self.fact("evidence", evidence),
            ),
        )

    def _corrected(self) -> Iterator[tuple[str, str]]:
        """What was entered before a moment of receipt was corrected, and why (Q70)."""
        for line in self.proof.lines:
            if line.action == RECEIPT_CORRECTED:
                was = self.moment(datetime.fromisoformat(str(line.facts["was"])))
                yield self.fact("entered", f"{was} ({line.facts['reason']})")

    def _delivery(self, delivery: Delivery) -> ProofSection:
        facts: list[tuple[str, str]] = []
        if entry := self.proof.consents.get(delivery.consent_id or 0):
            text = self.t("proof.consent_of", number=entry.number, date=f"{entry.decided_on:%d.%m.%Y}")
            facts.append(self.fact("consent", f"{text}, {entry.document}"))
        confirmations = self.proof.confirmations.get(delivery.contact_id or 0, ())
        facts += [self.fact("contact", self._confirmed(each)) for each in confirmations]
        for attempt_id in self.proof.carried.get(delivery.id, ()):
            if attempt := self.proof.attempts.get(attempt_id):
                facts += self._attempt(attempt)
        return ProofSection(delivery_way_on_screen(delivery, self.t), tuple(facts))

    def _confirmed(self, act: Confirmation) -> str:
        return self.t(
            "proof.confirmed",
            number=act.contact_id,
            document=act.document,
            accepted_by=act.accepted_by,
            at=self.moment(act.accepted_at),
        )

    def _attempt(self, attempt: Attempt) -> Iterator[tuple[str, str]]:
        outcome = self.t(f"status.{attempt.outcome}") if attempt.outcome else self.t("proof.no_answer")
        reason = f" ({self.t(f'reason.{attempt.reason}')})" if attempt.reason else ""
        yield self.fact("sent", self.moment(attempt.started_at))
        yield self.fact("answer", f"{outcome}{reason}, {self.moment(attempt.finished_at) or '–'}")
        yield self.fact("reference", attempt.reference)
        yield self.fact("text", attempt.text_sha256)
        for answer in self.proof.answers:
            if answer.attempt_id == attempt.id:
                reason = f" ({self.t(f'reason.{answer.reason}')})" if answer.reason else ""
                status = self.t(f"status.{answer.status}")
                yield self.fact("later", f"{status}{reason}, {self.moment(answer.received_at)}")

    def _other_evidence(self) -> Iterator[ProofSection]:
        if (call := self.proof.call) is not None:
            facts = (self.fact("called", self.moment(call.called_at)), self.fact("caller", call.caller))
            yield ProofSection(self.t("proof.call"), facts)
        for each in self.proof.acquaintances:
            facts = (
                self.fact("seen", self.moment(each.recorded_at)),
                self.fact("channel", channel_name(each.channel, self.t)),
                *((self.fact("sheet", each.sheet),) if each.sheet else ()),
            )
            yield ProofSection(self.t(f"status.{each.status}").capitalize(), facts)

    def _trail(self) -> ProofSection:
        """The lines of the audit trail with their hashes, and the end of the trail when the proof was made."""
        lines = [
            (
                self.t("proof.line", number=line.id, action=self._action(line.action), at=self.moment(line.at)),
                line.chain,
            )
            for line in self.proof.lines
        ]
        head = self.proof.head
        end = [(self.t("proof.head", number=head.line), head.chain)] if head else []
        return ProofSection(self.t("proof.trail"), (*lines, *end))

    def _action(self, action: str) -> str:
        """«отправка: принято» for a try and its status; any other line by its name in the trail."""
        name, _, status = action.partition(".")
        return self.t("proof.tried", status=self.t(f"status.{status}")) if name == "attempt" else action


def proof_document_sections(
    proof: Proof, t: Translator, *, policy: Policy, notice_words: NoticeWords
) -> Sequence[ProofSection]:
    """What, to whom, on what consent and contact act, when, by which channel, with what answer, with which hashes."""
    return list(_Words(proof, t, policy, notice_words).sections())


def proof_document_lines(sections: Sequence[ProofSection], number: int, t: Translator) -> Iterator[str]:
    """The proof for a terminal."""
    yield t("proof.title", number=number)
    for section in sections:
        yield ""
        yield section.heading
        yield from (f"  {label}: {value}" for label, value in section.facts)


def proof_pdf(proof: Proof, t: Translator, *, policy: Policy, notice_words: NoticeWords, school: str) -> bytes:
    """The proof on paper; equal data give an equal document."""
    words = _Words(proof, t, policy, notice_words)
    data = {
        "language": t.language,
        "school": school,
        "title": t("proof.title", number=proof.row.obligation.id),
        "made": t("proof.made", at=words.moment(proof.made_at)),
        "note": t("proof.note"),
        "sections": [
            {"heading": section.heading, "facts": [list(fact) for fact in section.facts]}
            for section in words.sections()
        ],
    }
    return typeset_document(_TEMPLATE, data, format="pdf", timestamp=0)
