"""What a check of the installation finds."""

from dataclasses import dataclass

from bot.settings import CatalogueSentence


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding; what is merely not set up or not begun is no fault."""

    sentence: CatalogueSentence
    is_fault: bool = True


def fault(key: str, /, **facts: str | CatalogueSentence) -> Finding:
    """Something that a person must mend; the sentence says how."""
    return Finding(CatalogueSentence.of(key, **facts))


def hint(key: str, /, **facts: str | CatalogueSentence) -> Finding:
    """Something to know."""
    return Finding(CatalogueSentence.of(key, **facts), is_fault=False)
