"""Whatever the school keeps as a word of its own has words for people, in each language."""

from enum import StrEnum

import pytest

from bot.locales import LANGUAGES, LocaleCatalogues
from core.model.delivery.states import Reason, State, Status
from core.model.notices.kinds import NoticeKind

CATALOGUES = LocaleCatalogues.load()
REPORTED: dict[str, type[StrEnum]] = {"kind": NoticeKind, "state": State, "status": Status, "reason": Reason}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("noun", REPORTED)
def test_reports_have_a_word_for_each_member(language: str, noun: str) -> None:
    """A new kind of notice or a new reason cannot reach a report, a proof or the demo's page without its words."""
    t = CATALOGUES.translator(language)
    assert [member for member in REPORTED[noun] if not t(f"{noun}.{member}")] == []
