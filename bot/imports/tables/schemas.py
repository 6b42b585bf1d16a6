"""Schemas of the known plain tables: their columns with all names that a header may use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.model.imports.finals import FinalsKind
from core.model.imports.people_lists import PeopleKind
from core.model.imports.timetable_tables import ScheduleKind

JOURNAL, EXAMS = "journal", "exams"

TableKind = PeopleKind | ScheduleKind | FinalsKind | str


def normalise_table_schema_title(title: str) -> str:
    """A header cell for comparison, without differences of blanks, case, ё and «_»."""
    return " ".join(title.replace("_", " ").strip("\ufeff:* ").lower().replace("ё", "е").split())


@dataclass(frozen=True, slots=True)
class TableSchema:
    """A table's columns and their aliases in headers, separated by ", ".

    Without its column `sign` a header is not taken for this table, since too many tables have the others.
    """

    kind: TableKind
    required: Mapping[str, str]
    optional: Mapping[str, str]
    sign: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns: those that a header needs, then the others."""
        return (*self.required, *self.optional)

    def fits(self, row: Sequence[str]) -> bool:
        """Whether a row titles all columns that the table needs."""
        return not self.lacking(row)

    def resembles(self, row: Sequence[str]) -> bool:
        """Whether a row titles at least two thirds of the columns that the table needs, `sign` among them."""
        lacking = self.lacking(row)
        return self.sign not in lacking and len(lacking) <= len(self.required) // 3

    def lacking(self, row: Sequence[str]) -> list[str]:
        """The needed columns that a row does not title."""
        named = {name for title in row if (name := self.column(title))}
        return [name for name in self.required if name not in named]

    def column(self, title: str) -> str | None:
        """The column that a header cell names."""
        key = normalise_table_schema_title(title)
        named = {**self.required, **self.optional}
        return next(
            (
                name
                for name, aliases in named.items()
                if key in {normalise_table_schema_title(name), *aliases.split(", ")}
            ),
            None,
        )


def find_sheet_schema(sheet: str | None) -> TableSchema | None:
    """The table that a sheet of this title is meant for, if a template has such a sheet."""
    title = normalise_table_schema_title(sheet or "")
    return next((each for each in SCHEMAS if title in SHEETS[each.kind].split(", ")), None)


_STUDENT = (
    "ученик, ученица, учащийся, обучающийся, фио ученика, фио учащегося, фио обучающегося, ф.и.о. ученика, ребенок"
)
_NAME = "фио, ф.и.о., фамилия имя отчество"
_CLASS = "класс"
_SUBJECT = "предмет, дисциплина, учебный предмет"
_NUMBER = "урок, № урока, номер, номер урока"
_ROOM = "кабинет, каб., аудитория, место"
_ENDS = "до, последний день, дата окончания, окончание, действует до, прекращено"
_TEACHER = "учитель, преподаватель, педагог, фио учителя"
_LESSON_TYPE = "тип урока, вид урока, тип занятия, вид занятия, форма занятия, форма урока"
_FROM = "начало, с, дата начала, первый день"
_TO = "конец, по, окончание, дата окончания, последний день"
_GRADE_FROM = "класс с, с класса, классы с"
_GRADE_TO = "класс по, по класс, классы по"

SCHEMAS = (
    TableSchema(
        JOURNAL,
        {
            "student": f"{_STUDENT}, {_NAME}",
            "subject": _SUBJECT,
            "date": "дата, дата урока, день",
            "mark": "оценка, отметка, оценки, отметки, балл",
        },
        {
            "class": _CLASS,
            "work_kind": "тип, вид, вид работы, тип работы, тип задания, вид задания, вид деятельности",
            "topic": "тема, тема урока, тема задания, задание",
            "weight": "вес, вес оценки, вес отметки, коэффициент",
        },
    ),
    TableSchema(
        FinalsKind.TABLE,
        {
            "student": f"{_STUDENT}, {_NAME}",
            "subject": _SUBJECT,
            "term": "период, учебный период, отчетный период, четверть, полугодие, триместр",
            "mark": "оценка, отметка, итоговая оценка, итоговая отметка, итог",
        },
        {
            "class": _CLASS,
            "comment": "комментарий, примечание, пояснение, причина, обоснование",
            "school_year": "учебный год, год, уч. год",
        },
    ),
    TableSchema(
        PeopleKind.STUDENTS,
        {
            "student": f"{_STUDENT}, {_NAME}",
            "birth_date": "дата рождения, день рождения, родился, д.р.",
            "class": _CLASS,
        },
        {"leaves_on": "дата выбытия, выбывает, выбыл, последний день, отчислен, дата отчисления"},
    ),
    TableSchema(
        PeopleKind.GUARDIANS,
        {
            "guardian": "родитель, представитель, законный представитель, родитель (законный представитель), опекун"
            ", фио родителя, фио представителя, фио законного представителя, ф.и.о. родителя",
            "student": f"{_STUDENT}, фио ребенка",
            "class": _CLASS,
            "relation": "родство, кем приходится, степень родства, отношение, кто",
        },
        {
            "telegram": "телеграм, телеграмм, чат telegram, чат",
            "max": "макс, чат max, чат макс, мессенджер max",
            "email": "почта, эл. почта, электронная почта, e-mail, адрес электронной почты, эл.почта",
            "phone": "телефон, мобильный, мобильный телефон, номер телефона, sms, смс",
            "paper": "бумага, на бумаге, бумажная выписка, выписка, бумажная форма",
            "consent": "согласие, решение, согласие на обработку, согласие на обработку персональных данных",
            "form_no": "номер бланка, № бланка, номер заявления, № заявления, номер согласия, № согласия, бланк"
            ", номер формы, № формы",
            "form_date": "дата бланка, дата заявления, дата согласия, дата формы",
            "confirmed_by": "принял, подтвердил, кто принял, кто подтвердил, сотрудник, принял сотрудник",
            "processors": "обработчики, обработчик, названы обработчики, обработчики в согласии, обработчики в бумаге"
            ", кого называет согласие, кто обрабатывает",
            "access": "доступ, доступ к сведениям, имеет доступ",
            "ends_on": _ENDS,
        },
    ),
    TableSchema(
        PeopleKind.STAFF,
        {
            "person": f"сотрудник, работник, педагог, учитель, фио сотрудника, фио учителя, {_NAME}",
            "role": "роль, должность",
            "class": f"{_CLASS}, классное руководство",
        },
        {"subject": _SUBJECT, "ends_on": f"{_ENDS}, увольнение, дата увольнения, уволен"},
    ),
    TableSchema(
        PeopleKind.GROUPS,
        {
            "group": "группа, название группы, учебная группа, название",
            "kind": "вид, тип, вид группы, тип группы",
            "subject": _SUBJECT,
            "teacher": _TEACHER,
            "student": f"{_STUDENT}, {_NAME}",
            "class": _CLASS,
        },
        {},
    ),
    TableSchema(
        ScheduleKind.TEMPLATE,
        {"class": _CLASS, "weekday": "день недели, день", "number": _NUMBER, "subject": _SUBJECT},
        {
            "room": _ROOM,
            "teacher": _TEACHER,
            "group": "группа, подгруппа, учебная группа",
            "week": "неделя, четность, четность недели, нед., недели, по неделям",
        },
    ),
    TableSchema(
        ScheduleKind.CHANGES,
        {
            "date": "дата, дата урока, день",
            "class": _CLASS,
            "number": _NUMBER,
            "subject": _SUBJECT,
            "change": "изменение, что изменилось, вид изменения, вид, тип",
        },
        {
            "new_subject": "новый предмет, вместо предмета, предмет замены",
            "new_teacher": "новый учитель, заменяет, кто заменяет, замещает",
            "new_room": "новый кабинет, новая аудитория",
            "new_date": "новая дата, перенесен на, дата переноса",
            "new_number": "новый номер, новый урок, новый номер урока",
        },
    ),
    TableSchema(
        ScheduleKind.SUBSTITUTIONS,
        {
            "date": "дата, дата урока",
            "absent": "фио пропуст. урок, фио пропустившего урок, отсутствует, отсутствующий учитель, кто отсутствует",
            "subject": _SUBJECT,
            "class": _CLASS,
            "new_teacher": "фио замен. урок, фио заменившего урок, заменяет, кто заменяет, замещающий учитель",
        },
        {"number": _NUMBER, "new_room": f"{_ROOM}, новый кабинет"},
    ),
    TableSchema(
        ScheduleKind.BELLS,
        {"number": _NUMBER, "starts": "начало, с", "ends": "конец, окончание, по"},
        {"variant": "вариант, смена, расписание звонков, звонки", "class": _CLASS, "date": "дата, день"},
    ),
    TableSchema(
        ScheduleKind.HOLIDAYS,
        {"name": "название, каникулы, наименование", "starts": _FROM, "ends": _TO},
        {"grade_from": _GRADE_FROM, "grade_to": _GRADE_TO},
    ),
    TableSchema(
        ScheduleKind.PERIODS,
        {"period": "период, отчетный период, учебный период, четверть, полугодие", "starts": _FROM, "ends": _TO},
        {"grade_from": _GRADE_FROM, "grade_to": _GRADE_TO, "class": _CLASS, "subject": _SUBJECT},
    ),
    TableSchema(
        ScheduleKind.PLAN,
        {
            "class": _CLASS,
            "subject": _SUBJECT,
            "hours": "часы, часов, количество часов, кол-во часов, число часов, часов по плану, план, план часов",
        },
        {
            "group": "группа, подгруппа, учебная группа",
            "term": "период, отчетный период, учебный период, четверть, полугодие, триместр",
            "lesson_type": _LESSON_TYPE,
        },
        sign="hours",
    ),
    TableSchema(
        ScheduleKind.LESSON_TYPES,
        {
            "date": "дата, дата урока, день",
            "class": _CLASS,
            "number": _NUMBER,
            "subject": _SUBJECT,
            "lesson_type": _LESSON_TYPE,
        },
        {"topic": "тема, тема урока", "teacher": _TEACHER},
        sign="lesson_type",
    ),
)
EXAM_RESULTS = TableSchema(
    EXAMS,
    {
        "student": "ученик, ученица, учащийся, обучающийся, участник, фио, ф.и.о.",
        "exam": "экзамен, испытание, вид экзамена",
        "subject": "предмет, учебный предмет",
        "date": "дата, дата экзамена",
    },
    {
        "class": _CLASS,
        "stage": "этап",
        "primary": "первичный балл",
        "score": "балл, баллы, тестовый балл",
        "mark": "отметка, оценка",
        "passed": "зачет, сдан, пройден",
        "status": "статус, состояние",
        "place": "место, результат",
    },
)
"""The school's own table of results, which `exam import` alone reads."""

EVERY_SCHEMA = (*SCHEMAS, EXAM_RESULTS)
SHEETS: Mapping[TableKind, str] = {
    JOURNAL: "журнал, journal",
    FinalsKind.TABLE: "итоговые отметки, final marks",
    PeopleKind.STUDENTS: "ученики, students",
    PeopleKind.GUARDIANS: "родители, guardians",
    PeopleKind.STAFF: "сотрудники, staff",
    PeopleKind.GROUPS: "группы, groups",
    ScheduleKind.TEMPLATE: "расписание, timetable",
    ScheduleKind.CHANGES: "изменения, changes",
    ScheduleKind.SUBSTITUTIONS: "замещения, substitutions",
    ScheduleKind.BELLS: "звонки, bells",
    ScheduleKind.HOLIDAYS: "каникулы, holidays",
    ScheduleKind.PERIODS: "периоды, terms",
    ScheduleKind.PLAN: "учебный план, curriculum plan",
    ScheduleKind.LESSON_TYPES: "типы уроков, lesson types",
}
"""The titles that the sheets of a template have, in both languages."""

COLUMN_NAMES = frozenset(name for schema in EVERY_SCHEMA for name in schema.columns)

TEXTS = frozenset({"class", "max", "telegram", "phone", "form_no", "group", "school_year", "number"})
"""Columns that a spreadsheet would take for dates or numbers: «10-1», «+7…», «2026/2027»."""

IGNORED_TITLES = frozenset(
    {"", "№", "n", "№ п/п", "№п/п", "п/п", "примечание", "примечания", "комментарий"}
    | {"№таб", "табельный номер", "причина пропуска", "ифо", "% оплаты", "подпись замещающего"}
)
"""Columns that are ignored, among them those of the form for the pay of substitutes."""
