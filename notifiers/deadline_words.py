"""What staff alone are told, in words: results about to be late (Q75), one-time codes being guessed (Q82)."""

from core.model.notices import CodesGuessed, ResultsUntold
from core.ports import Translator
from notifiers.wording import Said, uncapitalised, weekday


def untold(notice: ResultsUntold, t: Translator) -> Said:
    """The term, the kind of result and how many; whom it is about stands in the list of obligations."""
    term = "notice.deadline_passed" if notice.is_late else "notice.deadline_ends"
    when = t(term, day=weekday(notice.due.date(), t), at=notice.due)
    what = t("notice.untold", notice.count)
    return Said(uncapitalised(t(f"notice.heading_{notice.results}")), when, what, what)


def guessed(notice: CodesGuessed, t: Translator) -> Said:
    """How many wrong codes, and what is refused until an hour has passed."""
    what = t("notice.guessed", notice.count)
    return Said(t("notice.codes"), weekday(notice.on, t), what, what)
