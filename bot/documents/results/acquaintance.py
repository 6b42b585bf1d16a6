"""The sheet of acquaintance with results: who was told how, who has to sign still; on paper and as JSON (Q72)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.documents.qr import qr_code_svg
from bot.documents.typesetting import typeset_document
from bot.screens.delivery.ways import channel_way_on_screen
from core.actions.delivery.acquaintance import LoadedAcquaintanceRow, SheetContent
from core.model.channels import PAPER, channel_status_word
from core.model.delivery.acquaintance import SignedSheet
from core.model.delivery.owed_results import OwedResult
from core.model.delivery.states import Status
from core.model.delivery.text import NoticeInWords
from core.model.notices.facts import Notice
from core.ports import Translator
from core.rules.delivery.evidence import GRADES
from core.rules.delivery.steps import PHONE, best_step_evidence
from core.rules.delivery.timing import Policy

_TEMPLATE = Path(__file__).with_name("acquaintance.typ")
HEADS = ("student", "to", "results", "told")


@dataclass(frozen=True, slots=True)
class AcquaintanceDocumentWords:
    """What turns a row into words."""

    t: Translator
    policy: Policy
    notice_words: Callable[[Notice, Translator], NoticeInWords]

    def results(self, row: LoadedAcquaintanceRow) -> str:
        """«Алгебра: 4; Физика: 5»."""
        said = [self.notice_words(each.notice, self.t) for each in row.results]
        return "; ".join(f"{each.about}: {each.what}" for each in said)

    def told(self, row: LoadedAcquaintanceRow) -> str:
        """When and how the person was told, each way once: «Telegram, прочитано 20.11 12:05»."""
        return "; ".join(dict.fromkeys(filter(None, map(self._told, row.results)))) or self.t("acquaint.not_told")

    def _told(self, result: OwedResult) -> str:
        evidence = best_step_evidence(result)
        if evidence is None:
            return ""
        at, channel = _last_proof(result, evidence)
        local = at.astimezone(self.policy.zone)
        how = channel_status_word(channel, evidence, self.t)
        return f"{channel_way_on_screen(channel, self.t)}, {how} {local:%d.%m %H:%M}"

    def cells(self, row: LoadedAcquaintanceRow) -> Sequence[object]:
        """A row of the table under HEADS."""
        return row.student, row.person, self.results(row), self.told(row)


def _last_proof(result: OwedResult, evidence: Status) -> tuple[datetime, str]:
    """When and by which channel the strongest evidence came."""
    proofs = [(each.updated_at, each.channel) for each in result.deliveries if each.status is evidence]
    proofs += [(each.recorded_at, each.channel) for each in result.acquaintances if each.status is evidence]
    proofs += [(result.call.called_at, PHONE)] if result.call and evidence is Status.REACHED else []
    return min(proofs, default=(result.published_at, PAPER))


def acquaintance_sheet_json(content: SheetContent, words: AcquaintanceDocumentWords) -> list[dict[str, Any]]:
    """A line for each person and student; times in UTC, ISO 8601."""
    return [
        {
            "student": row.student,
            "person": row.person,
            "must_sign": row.must_sign,
            "results": [
                {
                    "result": words.notice_words(each.notice, words.t).about,
                    "obligation": each.obligation.id,
                    "evidence": best_step_evidence(each),
                    "channels": [way.channel for way in each.deliveries if way.status in GRADES],
                    "closed_at": each.obligation.closed_at.isoformat() if each.obligation.closed_at else None,
                }
                for each in row.results
            ],
        }
        for row in content.rows
    ]


def acquaintance_sheet_pdf(
    content: SheetContent,
    sheet: SignedSheet,
    to_sign: Sequence[LoadedAcquaintanceRow],
    words: AcquaintanceDocumentWords,
    *,
    school: str,
    whose: str,
) -> bytes:
    """The numbered sheet: lines to sign, then those who have shown already that they know their results."""
    t = words.t
    known = [row for row in content.rows if not row.must_sign]
    data = {
        "language": t.language,
        "school": school,
        "title": t("acquaint.title"),
        "about": f"{content.about} · {whose}",
        "number": t("acquaint.number", number=sheet.number, at=sheet.made_at.astimezone(words.policy.zone)),
        "heads": [t(f"acquaint.head.{name}") for name in ("line", "student", "person", "results", "told", "signature")],
        "to_sign": [
            [str(line), row.student, row.person, words.results(row), words.told(row)]
            for line, row in enumerate(to_sign, 1)
        ],
        "known_title": t("acquaint.known", len(known)),
        "known_heads": [t(f"acquaint.head.{name}") for name in ("student", "person", "results", "told")],
        "known": [list(map(str, words.cells(row))) for row in known],
        "note": t("acquaint.note"),
        "qr": qr_code_svg(sheet.number),
    }
    return typeset_document(_TEMPLATE, data, format="pdf", timestamp=0)
