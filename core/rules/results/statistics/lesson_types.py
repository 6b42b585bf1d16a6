"""The types of lessons, by the words that schools use for them (Q60)."""

from core.rules.people.names import normal_name

LESSON, CONTROL = "lesson", "control"

_WORDS = {
    LESSON: "урок, обычный урок, обычный, комбинированный урок, теория, лекция",
    CONTROL: "контрольная, контрольная работа, контроль, к/р, кр, урок контроля, test, control work",
    "laboratory": "лабораторная, лабораторная работа, л/р, лр, laboratory work, lab",
    "practical": "практическая, практическая работа, практика, практикум, п/р, пр, practical work, practice",
    "project": "проект, проектная, проектная работа, защита проекта, урок-проект",
    "excursion": "экскурсия, урок-экскурсия",
}
_KEYS = {normal_name(word): kind for kind, words in _WORDS.items() for word in (kind, *words.split(", "))}

KNOWN_TYPES = tuple(_WORDS)
"""Types that have a word in the catalogues, in the order in which a teacher chooses; a button carries the position."""


def statistics_lesson_type_key(word: str) -> str:
    """The type that a word of a table means; any other word stays itself, in lower case."""
    key = normal_name(word)
    return _KEYS.get(key, key)
