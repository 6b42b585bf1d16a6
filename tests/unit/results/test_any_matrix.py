"""Whatever the class, the subjects and the arrangement: every mark is read, and one that is none is told of."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.imports.results.terms import read_result_term
from tests.support.matrix_files import Printed, csv_of, html_of, marks_in, places_in, read_file

SUBJECTS = (
    *("Русский язык", "Иностр. яз. (англ.)", "2-й иностранный язык", "Решение задач по физике", "Итоговый проект"),
    *("Физическая\nкультура", "Качественные задачи по химии", "Классная музыка", "Экзаменационный практикум"),
)
NAMES = (
    *("Число Яна Олеговна", "Средний Иван Ильич", "Учитель Алексей Ефимович", "Отличников Пётр Ильич", "Ким Алина"),
    *("Качествов Ян Ильич", "Алиева Лейла Тофик кызы", "О’Нил Джон", "Общий-Датаев Руслан Юрьевич"),
)
TERMS = (
    ("1 четверть", "2 четверть", "3 четверть", "4 четверть", "Год", "Экзамен", "Итог"),
    ("I полугодие", "II полугодие", "Годовая\nоценка"),
    ("1 трим.",),
)
CELLS = {"5": "5", "4.0": "4", " 3": "3", "2": "2", "ЗАЧ": "зач", "незач": "незач", "Н/а": "н/а", "осв": "осв"}
NOTHING = ("", "отс", "-", "—", "выбыл 12.01")
TOTALS = (("Успеваемость, %", 100), ("Качество, %", 67), ("Средний балл", 4), ("Кол-во «5»", 5))


@dataclass(frozen=True)
class Grades:
    """A class with its final marks, by name, subject and term."""

    names: Sequence[str]
    subjects: Sequence[str]
    terms: tuple[str, ...]
    cells: Mapping[tuple[str, str, str], str]
    numbered: bool
    totals: bool

    def left(self, number: int, name: str) -> list[object]:
        return [number or "", name] if self.numbered else [name]

    def totals_of(self, between: Sequence[object], width: int) -> list[list[object]]:
        return [[*self.left(0, label), *between, *[count] * width] for label, count in TOTALS] if self.totals else []

    def head(self) -> list[object]:
        return ["№", "ФИО"] if self.numbered else ["ФИО"]

    def by_subjects(self) -> Printed:
        """A row a pupil: subjects over their terms."""
        own, blank = self.head(), [""] * (len(self.terms) - 1)
        rows: list[list[object]] = [["8Б класс"], [*own, *(cell for each in self.subjects for cell in (each, *blank))]]
        rows.append([*[""] * len(own), *self.terms * len(self.subjects)])
        starts = range(len(own) + 1, len(rows[-1]), len(self.terms))
        spans = [(2, 3, column, column) for column in range(1, len(own) + 1)]
        spans += [(2, 2, start, start + len(blank)) for start in starts]
        for number, name in enumerate(self.names, start=1):
            marks = [self.cells[name, subject, term] for subject in self.subjects for term in self.terms]
            rows.append([*self.left(number, name), *marks])
        return Printed([*rows, *self.totals_of([], len(self.subjects) * len(self.terms))], spans)

    def by_terms(self) -> Printed:
        """A row a pupil and term: the name stands in the first of them."""
        rows: list[list[object]] = [["8Б класс"], [*self.head(), "Период", *self.subjects]]
        for number, name in enumerate(self.names, start=1):
            for term in self.terms:
                own = self.left(number, name) if term == self.terms[0] else [""] * len(self.head())
                rows.append([*own, term, *(self.cells[name, subject, term] for subject in self.subjects)])
        return Printed([*rows, *self.totals_of([""], len(self.subjects))])

    def marks(self) -> set[tuple[str, str, str, str]]:
        return {
            (name, " ".join(subject.split()), read_result_term(term) or "", CELLS[cell])
            for (name, subject, term), cell in self.cells.items()
            if cell in CELLS
        }


@st.composite
def grades(draw: st.DrawFn) -> Grades:
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True))
    subjects = draw(st.lists(st.sampled_from(SUBJECTS), min_size=1, max_size=4, unique=True))
    terms = draw(st.sampled_from(TERMS))
    keys = [(name, subject, term) for name in names for subject in subjects for term in terms]
    drawn = draw(st.lists(st.sampled_from((*CELLS, *NOTHING)), min_size=len(keys), max_size=len(keys)))
    cells = dict(zip(keys, drawn, strict=True)) | {keys[0]: "5"}
    return Grades(names, subjects, terms, cells, draw(st.booleans()), draw(st.booleans()))


FORMS = st.sampled_from(["html", "csv"])
ARRANGEMENTS = st.sampled_from([Grades.by_subjects, Grades.by_terms])


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("matrices")


def printed(folder: Path, sheet: Printed, form: str) -> Path:
    path = folder / f"итоги.{form}"
    path.write_bytes(html_of(sheet).encode() if form == "html" else csv_of(sheet).encode("cp1251"))
    return path


@given(grades=grades(), arrange=ARRANGEMENTS, form=FORMS)
@settings(max_examples=60, deadline=None)
def test_every_mark_of_any_matrix_is_read(
    folder: Path, grades: Grades, arrange: Callable[[Grades], Printed], form: str
) -> None:
    """No mark is lost, added or moved, though a name may begin like a total and a subject like a term (Q37)."""
    found = read_file(printed(folder, arrange(grades), form))
    assert found.problems == ()
    assert {table.school_class for table in found.finals} == {"8Б"}
    read = marks_in(found)
    assert set(read) == grades.marks()
    assert len(read) == len(grades.marks())


@given(grades=grades(), arrange=ARRANGEMENTS, form=FORMS, data=st.data())
@settings(max_examples=40, deadline=None)
def test_a_wrong_mark_is_told_wherever_it_stands(
    folder: Path, grades: Grades, arrange: Callable[[Grades], Printed], form: str, data: st.DataObject
) -> None:
    """One «6» in any cell: one problem, at that cell, and the other marks are read as before (Q37, Q101)."""
    wrong = data.draw(st.sampled_from([*grades.cells][1:] or [*grades.cells]))
    spoilt = replace(grades, cells={**grades.cells, wrong: "6"})
    sheet = arrange(spoilt)
    [place] = [(r, c) for r, row in enumerate(sheet.rows, 1) for c, cell in enumerate(row, 1) if cell == "6"]
    found = read_file(printed(folder, sheet, form))
    assume(found.finals)
    assert places_in(found) == [("final_mark", None, *place)]
    assert set(marks_in(found)) == spoilt.marks()
