"""Example rows of the templates: imports pass over them as long as nobody has changed them (Q130)."""

from collections.abc import Mapping, Sequence

from bot.imports.tables.schemas import EXAMS, JOURNAL, TableKind
from core.model.imports.finals import FinalsKind
from core.model.imports.people_lists import PeopleKind
from core.model.imports.timetable_tables import ScheduleKind

Example = Mapping[str, str]

_CHILD = {"student": "Примерова Анна Олеговна", "class": "5А"}
_TEACHER = "Образцова Ирина Львовна"
_FORM = {"consent": "согласие", "form_no": "С-12", "form_date": "01.09.2026", "confirmed_by": "Эталонова Вера Юрьевна",
         "processors": "Telegram, почта, SMS"}  # fmt: skip

EXAMPLES: Mapping[TableKind, Sequence[Example]] = {
    JOURNAL: (
        {
            **_CHILD, "subject": "Математика", "date": "02.09.2026", "work_kind": "Контрольная работа",
            "topic": "Дроби", "weight": "1", "mark": "5",
        },
    ),
    FinalsKind.TABLE: (
        {**_CHILD, "subject": "Математика", "term": "1 четверть", "mark": "5", "school_year": "2026/2027"},
    ),
    PeopleKind.STUDENTS: ({**_CHILD, "birth_date": "14.05.2015"},),
    PeopleKind.GUARDIANS: (
        {
            "guardian": "Примеров Олег Иванович", **_CHILD, "relation": "отец", "telegram": "+",
            "email": "oleg@example.org", "phone": "+7 900 000-00-00", "paper": "нет", **_FORM,
        },
        {"guardian": "Примерова Ольга Петровна", **_CHILD, "relation": "мать", "paper": "да"},
    ),
    PeopleKind.STAFF: (
        {"person": "Эталонова Вера Юрьевна", "role": "секретарь"},
        {"person": _TEACHER, "role": "классный руководитель", "class": "5А"},
        {"person": _TEACHER, "role": "учитель", "class": "5А", "subject": "Математика"},
    ),
    PeopleKind.GROUPS: (
        {"group": "5А-англ-1", "kind": "группа", "subject": "Английский язык", "teacher": _TEACHER, **_CHILD},
    ),
    ScheduleKind.TEMPLATE: (
        {
            "class": "5А", "weekday": "понедельник", "number": "1", "subject": "Математика", "room": "21",
            "teacher": _TEACHER,
        },
    ),
    ScheduleKind.CHANGES: (
        {
            "date": "07.09.2026", "class": "5А", "number": "1", "subject": "Математика", "change": "замена",
            "new_subject": "История",
        },
        {"date": "08.09.2026", "class": "5А", "number": "2", "subject": "Математика", "change": "отмена"},
    ),
    ScheduleKind.SUBSTITUTIONS: (
        {
            "date": "09.09.2026", "absent": "Образцова И. Л.", "subject": "Математика", "class": "5А",
            "new_teacher": "Эталонова В. Ю.", "number": "1",
        },
    ),
    ScheduleKind.BELLS: (
        {"number": "1", "starts": "8:31", "ends": "9:16"},
        {"number": "1", "starts": "8:31", "ends": "9:01", "variant": "короткий день", "date": "31.08.2020"},
    ),
    ScheduleKind.HOLIDAYS: ({"name": "Осенние каникулы", "starts": "31.10.2020", "ends": "08.11.2020"},),
    ScheduleKind.PERIODS: (
        {"period": "1 четверть", "starts": "01.09.2020", "ends": "30.10.2020", "grade_from": "1", "grade_to": "9"},
    ),
    ScheduleKind.PLAN: ({"class": "5Я", "subject": "Математика", "hours": "171"},),
    ScheduleKind.LESSON_TYPES: (
        {"date": "04.09.2026", "class": "5А", "number": "1", "subject": "Математика", "lesson_type": "контрольная"},
    ),
    EXAMS: (
        {
            **_CHILD, "exam": "олимпиада", "subject": "Математика", "date": "20.11.2026", "stage": "школьный",
            "score": "31", "place": "призер",
        },
    ),
}  # fmt: skip
"""By table: rows as column → text. No school has them: whoever left such a row because it is true would lose it."""

EXPLANATIONS = frozenset({"пояснения", "explanations"})
"""Sheets of a template that explain its columns; no import reads them."""


def is_example_explanation(sheet: str | None) -> bool:
    """Whether a sheet is a template's own sheet of explanations, by its name."""
    return (sheet or "").strip().lower() in EXPLANATIONS


def is_example_row(kind: TableKind, cells: Sequence[str], columns: Mapping[str, int]) -> bool:
    """Whether a row is an unchanged example of its template."""
    row = {name: text for name, index in columns.items() if index < len(cells) and (text := cells[index].strip())}
    return any(row == _within(example, columns) for example in EXAMPLES.get(kind, ()))


def _within(example: Example, columns: Mapping[str, int]) -> Example:
    """What a workbook with these columns shows of an example: one of an earlier release may have fewer."""
    return {name: text for name, text in example.items() if name in columns}
