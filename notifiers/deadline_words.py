"""Terms of R6 in words: what staff are told before results reach families too late (Q75)."""

from core.model.notices import ResultsUntold
from core.ports import Translator
from notifiers.wording import Said, uncapitalised, weekday


def untold(notice: ResultsUntold, t: Translator) -> Said:
    """The term, the kind of result and how many; whom it is about stands in the list of obligations."""
    term = "notice.deadline_passed" if notice.is_late else "notice.deadline_ends"
    when = t(term, day=weekday(notice.due.date(), t), at=notice.due)
    what = t("notice.untold", notice.count)
    return Said(uncapitalised(t(f"notice.heading_{notice.results}")), when, what, what)
