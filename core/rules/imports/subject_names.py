"""Names of subjects in files: which of them mean one subject, and which are new (Q134)."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from core.model.imports.reports import Problem
from core.model.year import Subject
from core.rules.people.likeness import NameLikeness
from core.rules.people.names import normal_name

_WORD = re.compile(r"[^\W\d_]+")
_STEM = 4
"""Letters that two words share if they may be one word."""

_COMMON = frozenset({"язык", "осно", "школ", "курс"})
"""Beginnings of words that names of different subjects have."""

_NAMES = """
русский язык: рус яз* | русск* яз* | русский | р яз*
английский язык: англ* | англ* яз* | англяз | анг* яз* | ин* яз* анг* | английский
немецкий язык: нем | нем* яз* | ин* яз* нем* | немецкий
французский язык: фр* яз* | франц* | франц* яз* | ин* яз* фр*
испанский язык: исп* яз* | испанский | ин* яз* исп*
китайский язык: кит* яз* | китайский | ин* яз* кит*
иностранный язык: ин* яз* | иняз | инъяз | иностранный
литература: лит* | лит ра | литра
литературное чтение: лит* чт* | литчтение
математика: мат | матем* | мат ка | матем ка
алгебра: алг | алгеб*
геометрия: геом*
вероятность и статистика: вер* и стат* | вер* стат* | вис | тер* вер* | твис | теор* вероятн* и стат*
информатика: инф | инфо* | инф ка | икт | инф* и икт
физика: физик*
физическая культура: физ ра | физра | ф ра | физ* к ра | физ* культ* | физкульт* | физо | фк
химия: хим*
биология: био | биол*
география: геогр* | геогр я
астрономия: астр*
история: ист | истор*
обществознание: общ | общ во | общ зн* | обществ* | общество
окружающий мир: окр* мир* | окруж* | окр
изобразительное искусство: изо | изобр* иск*
музыка: муз* | муз ка
технология: техн*
труд (технология): труд* | труд* техн*
основы безопасности жизнедеятельности: обж
основы безопасности и защиты родины: обзр
основы религиозных культур и светской этики: орксэ
основы духовно-нравственной культуры народов россии: однкнр
мировая художественная культура: мхк
разговоры о важном: разг* о важн* | ров
россия мои горизонты: росс* мо* гор* | мои горизонты
"""
"""The usual short forms by the name in a curriculum; a word that ends with a star may go on."""


@dataclass(slots=True)
class SchoolSubjectNames:
    """The subjects of a school by the names that files print; a name that was joined means the other subject."""

    ids: dict[str, int] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    is_first: bool = True
    """The school had no subjects, so that none is worth a line."""

    @classmethod
    def of(cls, subjects: Iterable[Subject], ids: Mapping[str, int]) -> "SchoolSubjectNames":
        """The subjects of the school, and the ids of all names."""
        names = {subject.id: subject.name for subject in subjects}
        return cls(dict(ids), names, is_first=not names)

    def add(self, subject_id: int, name: str) -> None:
        """Adds a new subject."""
        self.ids[normal_name(name)] = subject_id
        self.names[subject_id] = name

    def named(self, name: str) -> int | None:
        """The subject of exactly this name."""
        return self.ids.get(normal_name(name))

    def find(self, name: str) -> int | None:
        """The subject of this name, else the only one whose name is another form of it; None if it is new."""
        if (exact := self.named(name)) is not None:
            return exact
        curriculum = curriculum_subject_name(name)
        same = {
            id_
            for key, id_ in self.ids.items()
            if curriculum is not None and curriculum_subject_name(key) == curriculum
        }
        if len(same) != 1:
            return None
        self.ids[normal_name(name)] = found = same.pop()
        return found

    def likely(self, subject_id: int) -> int | None:
        """Which other subject a new one may be: the one that has the most words that begin alike."""
        own, shared = _stems(self.names[subject_id]), defaultdict[int, int](int)
        for id_, name in self.names.items():
            shared[id_] = len(own & _stems(name)) if id_ != subject_id else 0
        best = max(shared, key=lambda id_: (shared[id_], -id_))
        return best if shared[best] else None


def subject_name_doubts(
    subjects: SchoolSubjectNames, new_id: int, sheet: str | None = None, row: int | None = None
) -> Iterator[Problem]:
    """The line about a new subject, with the one that it may be; none while the school gets its first subjects."""
    if subjects.is_first:
        return
    facts, likely = [("subject", subjects.names[new_id]), ("new", str(new_id))], subjects.likely(new_id)
    if likely is None:
        yield Problem(sheet, row, "subject", None, "new_subject", tuple(facts))
        return
    facts += [("known", str(likely)), ("known_subject", subjects.names[likely])]
    yield Problem(sheet, row, "subject", None, "likely_subject", tuple(facts))


def alike_subject_names(subjects: Iterable[Subject]) -> Sequence[tuple[Subject, Subject]]:
    """Pairs of subjects that may be one: forms of one curriculum name, or names that are a letter apart (Q134).

    The one that should stay comes first: a name of the curriculum before «Руский язык», else the older one.
    """
    names, known, pairs = NameLikeness(), dict[int, Subject](), list[tuple[Subject, Subject]]()
    for subject in subjects:
        full = curriculum_subject_name(subject.name)
        same = [each.id for each in known.values() if full is not None and curriculum_subject_name(each.name) == full]
        near = same[0] if same else names.equal(subject.name)
        if near is not None:
            keep, gone = sorted(
                (known[near], subject), key=lambda each: (curriculum_subject_name(each.name) is None, each.id)
            )
            pairs.append((keep, gone))
        names.add(subject.id, subject.name)
        known[subject.id] = subject
    return pairs


def subject_names_given_twice(names: Iterable[str]) -> frozenset[str]:
    """Names that are forms of one curriculum name: an e-journal that prints both tells two subjects apart."""
    by_curriculum: dict[str | None, set[str]] = defaultdict(set)
    for name in names:
        by_curriculum[curriculum_subject_name(name)].add(name)
    forms = [forms for full, forms in by_curriculum.items() if full and len(set(map(normal_name, forms))) > 1]
    return frozenset[str]().union(*forms)


@lru_cache(maxsize=1024)
def curriculum_subject_name(name: str) -> str | None:
    """The name that a curriculum has for a subject; None for a name that is no usual form of one.

    «Физ-ра», «физкультура» and «Физическая культура» are one, and so are «Англ.яз» and «Иностранный язык
    (английский)». «Гео» and «физ» may be two subjects each, so they are none.
    """
    words = _WORD.findall(normal_name(name))
    return next((full for full, forms in _FORMS.items() if any(_fits(words, form) for form in forms)), None)


def _fits(words: list[str], form: list[str]) -> bool:
    return len(words) == len(form) and all(
        word.startswith(part[:-1]) if part.endswith("*") else word == part
        for word, part in zip(words, form, strict=True)
    )


def _stems(name: str) -> set[str]:
    words = _WORD.findall(normal_name(f"{name} {curriculum_subject_name(name) or ''}"))
    return {word[:_STEM] for word in words if len(word) >= _STEM} - _COMMON


def _parsed(table: str) -> Mapping[str, list[list[str]]]:
    forms = {}
    for line in table.strip().splitlines():
        full, short = line.split(":")
        forms[full] = [_WORD.findall(full), *(form.split() for form in short.split("|"))]
    return forms


_FORMS = _parsed(_NAMES)
