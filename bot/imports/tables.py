"""Plain tables: which of the five a header announces, and its rows one by one (contracts, "Tables")."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.imports.reading import Faults, UnreadableError
from core.model.registers import PeopleKind

JOURNAL = "journal"
_TOP_ROWS = 5


@dataclass(frozen=True, slots=True)
class Schema:
    """A table's columns under the names a header may give them; blanks, case and «_» do not matter."""

    kind: PeopleKind | str
    required: Mapping[str, str]
    optional: Mapping[str, str]

    def column(self, title: str) -> str | None:
        """The column that a header cell names."""
        key = _key(title)
        named = {**self.required, **self.optional}
        return next((name for name, aliases in named.items() if key in {_key(name), *aliases.split(", ")}), None)


_STUDENT = (
    "ученик, ученица, учащийся, обучающийся, фио ученика, фио учащегося, фио обучающегося, ф.и.о. ученика, ребенок"
)
_NAME = "фио, ф.и.о., фамилия имя отчество"
_CLASS = "класс"
_SUBJECT = "предмет, дисциплина, учебный предмет"

SCHEMAS = (
    Schema(
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
    Schema(
        PeopleKind.STUDENTS,
        {
            "student": f"{_STUDENT}, {_NAME}",
            "birth_date": "дата рождения, день рождения, родился, д.р.",
            "class": _CLASS,
        },
        {"leaves_on": "дата выбытия, выбывает, выбыл, последний день, отчислен, дата отчисления"},
    ),
    Schema(
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
            "email": "почта, эл. почта, электронная почта, e-mail, адрес электронной почты, эл.почта",
            "phone": "телефон, мобильный, мобильный телефон, номер телефона, sms, смс",
            "paper": "бумага, на бумаге, бумажная выписка, выписка, бумажная форма",
            "consent": "согласие, решение, согласие на обработку, согласие на обработку персональных данных",
            "form_no": "номер бланка, № бланка, номер заявления, № заявления, номер согласия, № согласия, бланк"
            ", номер формы, № формы",
            "form_date": "дата бланка, дата заявления, дата согласия, дата формы",
            "confirmed_by": "принял, подтвердил, кто принял, кто подтвердил, сотрудник, принял сотрудник",
        },
    ),
    Schema(
        PeopleKind.STAFF,
        {
            "person": f"сотрудник, работник, педагог, учитель, фио сотрудника, фио учителя, {_NAME}",
            "role": "роль, должность",
            "class": f"{_CLASS}, классное руководство",
        },
        {"subject": _SUBJECT},
    ),
    Schema(
        PeopleKind.GROUPS,
        {
            "group": "группа, название группы, учебная группа, название",
            "kind": "вид, тип, вид группы, тип группы",
            "subject": _SUBJECT,
            "teacher": "учитель, преподаватель, педагог, фио учителя",
            "student": f"{_STUDENT}, {_NAME}",
            "class": _CLASS,
        },
        {},
    ),
)
_NOT_READ = frozenset({"", "№", "n", "№ п/п", "№п/п", "п/п", "примечание", "примечания", "комментарий"})


@dataclass(frozen=True, slots=True)
class Header:
    """A recognised header in row `row` (from 1): column name → index. `width` counts the titled columns."""

    kind: PeopleKind | str
    row: int
    columns: Mapping[str, int]
    width: int


def find_header(rows: Sequence[Sequence[str]], faults: Faults) -> Header | None:
    """The header among a table's first rows, or None. A column twice or an unknown one is a problem.

    Raises UnreadableError when just a column or two lack of a known table: then the sentence names them.
    """
    missing: tuple[Schema, list[str]] | None = None
    for number, row in enumerate(rows[:_TOP_ROWS], start=1):
        for schema in SCHEMAS:
            named = {name for title in row if (name := schema.column(title))}
            lacking = [name for name in schema.required if name not in named]
            if not lacking:
                return _header(schema, number, row, faults)
            if len(lacking) <= len(schema.required) // 3:
                missing = missing or (schema, lacking)
    if missing:
        raise UnreadableError("columns_missing", table=str(missing[0].kind), columns=", ".join(missing[1]))
    return None


def table_rows(
    header: Header, rows: Iterable[tuple[int, Sequence[str]]], faults: Faults
) -> Iterator[tuple[int, Sequence[str]]]:
    """The numbered rows under a header that fit its width; empty ones are left out, others are problems."""
    for number, row in rows:
        if fits(header, number, row, faults):
            yield number, row


def fits(header: Header, number: int, row: Sequence[str], faults: Faults) -> bool:
    """Whether a row has the header's columns; an empty row does not and is no problem."""
    if not any(map(str.strip, row)):
        return False
    if len(row) < header.width or any(row[header.width :]):
        faults.add("column_count", row=number, expected=str(header.width), found=str(len(row)))
        return False
    return True


def _header(schema: Schema, number: int, row: Sequence[str], faults: Faults) -> Header:
    columns: dict[str, int] = {}
    for index, title in enumerate(row):
        name = schema.column(title)
        if name in columns:
            faults.add("column_repeated", row=number, column=index + 1)
        elif name:
            columns[name] = index
        elif _key(title) not in _NOT_READ:
            faults.add("column_unknown", row=number, column=index + 1, table=str(schema.kind))
    width = max(index + 1 for index, title in enumerate(row) if title.strip())
    return Header(schema.kind, number, columns, width)


def _key(title: str) -> str:
    return " ".join(title.replace("_", " ").strip("\ufeff:* ").lower().replace("ё", "е").split())
