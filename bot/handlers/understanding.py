"""Parses a question in plain words with the names of the school's subjects and of the asker's children."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.handlers.doors import Caller, Door, Visit
from bot.questions import grammar
from bot.questions.dates.terms import named_term
from bot.questions.model import Intent, Question
from core.actions.timetable import lookup as timetable_lookup
from core.rules.people.names import normal_name


def called_door(doors: Iterable[Door], words: str, caller: Caller) -> tuple[Door, str] | None:
    """The door that staff call in these words, in either language, and the words that are left; None for no door.

    A phrase is beginnings of words, in any order; after «^» the first of them begins what is said. The longest phrase
    that fits wins.
    """
    found: list[tuple[int, Door, str]] = []
    for door in doors:
        if door.called is None or not door.opens_to(caller):
            continue
        for t in caller.school.catalogues.translators.values():
            for phrase in t(door.called).split("|"):
                parts = normal_name(phrase.removeprefix("^")).split()
                if _is_said(parts, normal_name(words).split(), is_first=phrase.startswith("^")):
                    left = [word for word in words.split() if not normal_name(word).startswith(tuple(parts))]
                    found.append((len(parts), door, " ".join(left)))
    best = max(found, key=lambda each: each[0], default=None)
    return None if best is None else best[1:]


def _is_said(parts: Sequence[str], said: Sequence[str], *, is_first: bool) -> bool:
    if is_first and not (said and said[0].startswith(parts[0])):
        return False
    return all(any(word.startswith(part) for word in said) for part in parts)


async def understand_question(visit: Visit, words: str) -> Question:
    """The question in these words; a subject is looked for among the children's own first."""
    question = await _read(visit, words, [subject.name for subject in await visit.subjects()])
    if question.subject or question.subjects:
        question = _more_exact(await _read(visit, words, await _taught(visit)), question)
    return replace(question, term=named_term(words)) if question.intent is Intent.MARKS else question


async def _read(visit: Visit, words: str, subjects: Sequence[str]) -> Question:
    named = [(child.id, child.name) for child in await visit.children()]
    return grammar.understand(words, today=visit.today, subjects=subjects, children=named)


async def _taught(visit: Visit) -> Sequence[str]:
    """The subjects of the children. «математика» means algebra or geometry where they have no such subject."""
    subjects = [
        teaching.subject
        for child in await visit.children()
        for teaching in await timetable_lookup.student_teachers(
            visit.uow, (await visit.of_child(child.id)).reader, student_id=child.id, on=visit.today
        )
    ]
    return sorted({name for name in subjects if name is not None})


def _more_exact(of_children: Question, of_school: Question) -> Question:
    """The reading with the children's own subjects, if it names a subject; else the one with the school's."""
    return of_children if of_children.subject or of_children.subjects else of_school
