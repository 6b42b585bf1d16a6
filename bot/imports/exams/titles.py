"""Reads the title of a protocol: «[NN - once or twice] subject date»; the name of the subject counts, not its code."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from bot.imports.dates import read_valid_date
from bot.imports.exams.words import exam_cell_word_key
from core.model.results.exams import ExamKind

_PREFIX = re.compile(r"(?:(\d{1,3})\s*[-–—]\s*){1,2}")
_DATE = re.compile(
    r"(?:\b(?P<part>[пу])\.?\s*:\s*)?\b(?P<year>\d{4})\.(?P<month>\d{1,2})\.(?P<day>\d{1,2})\b", re.IGNORECASE
)
_FILE_NAME = re.compile(r"(\d{2})_(\d{4})\.(\d{2})\.(\d{2})(?!\d)")
_GVE = re.compile(r"\(?\bгвэ\b(?:-\d+)?\)?", re.IGNORECASE)
_GVE_SUBJECTS = {51: "Русский язык", 52: "Математика"}
_NOISE = " ,;:-–—"

SUBJECT_CODES: dict[int, str] = {
    1: "Русский язык", 2: "Математика", 3: "Физика", 4: "Химия", 5: "Информатика", 6: "Биология", 7: "История",
    8: "География", 9: "Английский язык", 10: "Немецкий язык", 11: "Французский язык", 12: "Обществознание",
    13: "Испанский язык", 18: "Литература",
}  # fmt: skip
"""Needed only where a subject stands nowhere but in the name of its file."""

_OTHER_SUBJECTS = ("Китайский язык", "Родной язык", "Родная литература", "Иностранный язык")
_KNOWN = frozenset(map(exam_cell_word_key, (*SUBJECT_CODES.values(), *_OTHER_SUBJECTS)))
_INFORMATICS = frozenset({"информатика и икт (кегэ)", "информатика (кегэ)", "информатика и икт"})


@dataclass(frozen=True, slots=True)
class ExamSubject:
    """A subject as a title names it; `kind` None: the layout decides."""

    name: str
    kind: ExamKind | None = None


@dataclass(frozen=True, slots=True)
class ExamTitle:
    """A title; `fault` is the reason why it cannot be used. `oral_on` is the day of a language's oral part."""

    subject: ExamSubject
    on: date | None
    oral_on: date | None = None
    fault: str | None = None


def read_exam_title(text: str) -> ExamTitle | None:
    """The title in a line of text; None for any other line."""
    prefix = _PREFIX.match(text.strip())
    rest = text.strip()[prefix.end() :] if prefix else text.strip()
    dates = list(_DATE.finditer(rest))
    name = rest[: dates[0].start()] if dates else rest
    subject = exam_title_subject(name, code=int(prefix[1]) if prefix else None)
    if not (prefix or dates) or (subject is None and not (prefix and dates)):
        return None
    if subject is None:
        return ExamTitle(ExamSubject(name), None, fault="exam_subject")
    if not dates:
        return ExamTitle(subject, None, fault="exam_date_missing") if prefix else None
    return _dated_title(subject, dates)


def is_oral_day_title(text: str) -> bool:
    """Whether a text is nothing but a day of one part of a language: «у:2026.06.14»."""
    found = _DATE.fullmatch(text.strip(_NOISE))
    return found is not None and found["part"] is not None


def exam_title_subject(name: str, *, code: int | None = None) -> ExamSubject | None:
    """The subject that a title or a cell names; None for one that no state exam has."""
    name = " ".join(name.split()).strip(_NOISE)
    is_gve = code in _GVE_SUBJECTS or _GVE.search(name) is not None
    name = " ".join(_GVE.sub(" ", name).split()).strip(_NOISE)
    key = exam_cell_word_key(name)
    if key.startswith("математика") and "базов" in key:
        return ExamSubject("Математика", ExamKind.EGE_BASE)
    if key.startswith("математика") and "профильн" in key:
        return ExamSubject("Математика", ExamKind.EGE)
    if key in _INFORMATICS:
        return ExamSubject("Информатика", ExamKind.EGE if "кегэ" in key else None)
    return ExamSubject(name, ExamKind.GVE if is_gve else None) if key in _KNOWN else None


def exam_title_of_file(file: str) -> ExamTitle | None:
    """The title that the name of a technical file holds: `NN_YYYY.MM.DD…`; None without one."""
    found = _FILE_NAME.match(PurePath(file).name)
    if found is None:
        return None
    code, year, month, day = map(int, found.groups())
    name, on = (SUBJECT_CODES | _GVE_SUBJECTS).get(code), read_valid_date(year, month, day)
    if name is None:
        return ExamTitle(ExamSubject(""), on, fault="exam_subject")
    kind = ExamKind.GVE if code in _GVE_SUBJECTS else None
    return ExamTitle(ExamSubject(name, kind), on, fault=None if on else "exam_date")


def read_exam_title_cell(text: str) -> ExamTitle | None:
    """«Математика(2026.06.02)», as appeals of ОГЭ name the exam of a row."""
    name, bracket, rest = text.strip().rpartition("(")
    found = _DATE.fullmatch(rest.removesuffix(")").strip())
    if not bracket or found is None:
        return None
    subject = exam_title_subject(name)
    if subject is None:
        return ExamTitle(ExamSubject(name), None, fault="exam_subject")
    return _dated_title(subject, [found])


def _dated_title(subject: ExamSubject, dates: list[re.Match[str]]) -> ExamTitle:
    days = {
        (found["part"] or "п").lower(): read_valid_date(*map(int, found.group("year", "month", "day")))
        for found in dates
    }
    if None in days.values():
        return ExamTitle(subject, None, fault="exam_date")
    return ExamTitle(subject, days.get("п", days.get("у")), days.get("у"))
