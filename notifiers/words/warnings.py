"""What staff alone are told, in words: results about to be late (Q75), a channel that refuses, guessed codes (Q82)."""

from contextlib import suppress

from core.model.notices import CodesGuessed, MessagesRejected, ResultsUntold
from core.ports import Translator
from notifiers.words.sentences import NoticeInWords, uncapitalised, weekday


def untold(notice: ResultsUntold, t: Translator) -> NoticeInWords:
    """The term, the kind of result and how many; whom it is about stands in the list of obligations."""
    term = "notice.deadline_passed" if notice.is_late else "notice.deadline_ends"
    when = t(term, day=weekday(notice.due.date(), t), at=notice.due)
    what = t("notice.untold", notice.count)
    return NoticeInWords(uncapitalised(t(f"notice.heading_{notice.results}")), when, what, what)


def rejected(notice: MessagesRejected, t: Translator) -> NoticeInWords:
    """Since when, which channel and how many addressees; nobody is named."""
    what = t("notice.rejected", notice.contacts)
    return NoticeInWords(_channel(notice.channel, t), t("notice.rejected_since", at=notice.since), what, what)


def _channel(name: str, t: Translator) -> str:
    """A channel of a third party bears its own name."""
    with suppress(KeyError):
        return t(f"channel.{name}")
    return name


def guessed(notice: CodesGuessed, t: Translator) -> NoticeInWords:
    """How many wrong codes, and what is refused until an hour has passed."""
    what = t("notice.guessed", notice.count)
    return NoticeInWords(t("notice.codes"), weekday(notice.on, t), what, what)
