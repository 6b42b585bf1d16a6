"""An invented school of any size: its list of students and its journal, as files to import."""

import csv
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

SURNAMES = (
    *("Абрикосов", "Берестов", "Вьюгин", "Горностаев", "Дубравин", "Ежевикин", "Журавский", "Зарницын", "Ивняков"),
    *("Калинников", "Лесовой", "Малинин", "Незабудкин", "Облепихин", "Подснежников", "Родников", "Синичкин"),
    *("Тальников", "Ужов", "Филинов", "Хвойный", "Цаплин", "Черничкин", "Шиповников", "Яблоков"),
)
NAMES = (
    *("Андрей", "Богдан", "Виктор", "Глеб", "Денис", "Егор", "Захар", "Игнат", "Кирилл", "Лев", "Макар", "Никита"),
    *("Олег", "Павел", "Роман", "Савва", "Тихон", "Фёдор", "Юлиан", "Яков"),
)
PATRONYMICS = (
    *("Андреевич", "Борисович", "Викторович", "Глебович", "Денисович", "Егорович", "Захарович", "Игнатьевич"),
    *("Кириллович", "Львович", "Макарович", "Олегович", "Павлович", "Романович", "Саввич", "Фёдорович"),
)
SUBJECTS = (
    *("Алгебра", "Геометрия", "Русский язык", "Литература", "История", "Обществознание", "География", "Биология"),
    *("Физика", "Химия", "Информатика", "Английский язык", "Физическая культура", "Музыка", "Технология"),
)
WORK_KINDS = (("Ответ на уроке", "10"), ("Домашнее задание", "10"), ("Контрольная работа", "20"), ("Тест", "15"))
LETTERS = "АБВГ"
GRADES = range(2, 12)
"""Grade 1 has no marks."""

TERM = "1 четверть"
YEAR_BEGINS = date(2026, 9, 1)
SIGNED = "Петрова Н. С."
FIRST_CHAT = 10_001
FIRST_PUPIL = 2_000
"""Lower numbers name the families that ask."""

JOURNAL_HEAD = ("student", "class", "subject", "date", "work_kind", "topic", "weight", "mark")
STUDENTS_HEAD = ("student", "birth_date", "class")


@dataclass(frozen=True, slots=True)
class Pupil:
    """A student as a file names them: by name and class."""

    name: str
    school_class: str


def invented_full_name(number: int) -> str:
    """The same name for the same number. 160,000 names differ, from the 8,001st on by a second surname."""
    number, surname = divmod(number, len(SURNAMES))
    number, name = divmod(number, len(NAMES))
    second, patronymic = divmod(number, len(PATRONYMICS))
    family = f"{SURNAMES[surname]}-{SURNAMES[second - 1]}" if second else SURNAMES[surname]
    return f"{family} {NAMES[name]} {PATRONYMICS[patronymic]}"


def invented_pupils(count: int) -> list[Pupil]:
    """Students, spread over the classes from grade 2 to grade 11."""
    classes = [f"{grade}{letter}" for grade in GRADES for letter in LETTERS]
    return [Pupil(invented_full_name(FIRST_PUPIL + number), classes[number % len(classes)]) for number in range(count)]


def write_invented_students(path: Path, students: Iterable[Pupil]) -> None:
    """Writes the list of students."""
    _write(path, STUDENTS_HEAD, ((each.name, "", each.school_class) for each in students))


def write_invented_journal(path: Path, students: Sequence[Pupil], *, lessons: int) -> None:
    """Writes one mark for every student, subject and lesson; the lessons are the same for all, the marks random."""
    _write(path, JOURNAL_HEAD, _marks(students, lessons, random.Random(30)))  # noqa: S311  # dice, not secrets


def _marks(students: Sequence[Pupil], lessons: int, dice: random.Random) -> Iterator[Sequence[str]]:
    for subject in SUBJECTS:
        for number, on in enumerate(_lesson_days(lessons)):
            work_kind, weight = WORK_KINDS[number % len(WORK_KINDS)]
            lesson = (subject, on.isoformat(), work_kind, f"{subject}: тема {number + 1}", weight)
            for each in students:
                yield (each.name, each.school_class, *lesson, dice.choice("2334444555"))


def _lesson_days(count: int) -> Iterator[date]:
    """Every third day from the first week on."""
    return (YEAR_BEGINS + timedelta(days=3 * number) for number in range(count))


def _write(path: Path, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)
