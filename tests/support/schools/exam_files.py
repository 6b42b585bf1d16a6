"""Protocols of exams with invented people, as the exam centres lay them out, and the real ones beside the checkout."""

from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

EXAMS = Path(__file__).parents[4] / "shared" / "exams"
"""Real layouts lie beside the checkout on some machines: extra parameters there, never a reason to skip."""

OWN, LOGIN, OTHER = "900777", "edu990777", "900111"
SECRET_SERIES, SECRET_NUMBER, SECRET_ANSWER = "7531", "428861", "+-+-КАНАРЕЙКА"
"""A document and answers that must go nowhere."""

EGE_HEADER = (
    "№;Код МСУ;Код ОО;Класс;Код ППЭ;Аудитория;Фамилия;Имя;Отчество;Серия;Номер;Задания с кратким ответом;"
    "Первичный балл;Балл"
)
OGE_HEADER = EGE_HEADER.removesuffix("Балл") + "Оценка"
REVIEW_HEADERS = (
    "№;Код ОО;Класс;Фамилия;Имя;Отчество;Документ;Состояние;Балл до изменения;Текущие;;Разница",
    ";;;;;;;;;Первичный балл;Балл;",
)
APPEAL_HEADERS = (
    "№;Код ОО;Класс;Фамилия;Имя;Отчество;Экзамен;Состояние апелляции;Текущие;",
    ";;;;;;;;Первичный балл;Оценка",
)

Score = tuple[str, str, object, object]
"""A full name, a class, the primary score, and the test score or the mark."""


def protocol(
    title: str, *scores: Score, header: str = EGE_HEADER, school: str = OWN, threshold: int | None = None
) -> str:
    """A protocol as CSV: title, header, a row for each student, the tail."""
    width = header.count(";")
    rows = [
        f"{number};901;{school};{school_class};9014;0001;{name.replace(' ', ';', 2)};{SECRET_SERIES};{SECRET_NUMBER};"
        f"{SECRET_ANSWER};{primary};{result}"
        for number, (name, school_class, primary, result) in enumerate(scores, start=1)
    ]
    tail = [] if threshold is None else ["Минимальная граница" + ";" * (width - 1) + f"{threshold};"]
    tail.append("Всего участников" + ";" * (width - 1) + f"{len(scores)};")
    return "\n".join([title + ";" * width, header, *rows, *tail, ""])


def review(title: str, *rows: str) -> str:
    """Re-checks of ЕГЭ as CSV; a row is «name;class;state;before;primary;score»."""
    lines = [_review_row(number, row.split(";")) for number, row in enumerate(rows, start=1)]
    return "\n".join([";;;" + title, *REVIEW_HEADERS, *lines, ""])


def _review_row(number: int, cells: Sequence[str]) -> str:
    name, school_class, state, before, primary, score = cells
    document = f"{SECRET_SERIES} {SECRET_NUMBER}"
    return f"{number};{OWN};{school_class};{name.replace(' ', ';', 2)};{document};{state};{before};{primary};{score};0"


def appeals(*rows: str) -> str:
    """Appeals of ОГЭ as CSV; a row is «name;class;exam;state;primary;mark»."""
    lines = []
    for number, row in enumerate(rows, start=1):
        name, school_class, exam, state, primary, mark = row.split(";")
        lines.append(f"{number};{OWN};{school_class};{name.replace(' ', ';', 2)};{exam};{state};{primary};{mark}")
    return "\n".join([*APPEAL_HEADERS, *lines, ""])


def table(*rows: str) -> str:
    """The school's own table as CSV."""
    return "\n".join(["student,class,exam,subject,date,stage,primary,score,mark,passed,status,place", *rows, ""])


def file_at(folder: Path, name: str, text: str) -> Path:
    """The text as a file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def workbook_at(folder: Path, name: str, **sheets: Sequence[Sequence[object]]) -> Path:
    """A workbook; sheets by name with their rows."""
    path = folder / name
    with xlsxwriter.Workbook(path) as book:
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def vpr_report(*results: tuple[str, object, object]) -> list[list[object]]:
    """The rows of the report Ф1 with a code, a primary score and a mark for each participant."""
    head: list[list[object]] = [
        ["Индивидуальные результаты"],
        ["ВПР 2026 Математика 5 класс"],
        ["Предмет:", "Математика"],
        ["Максимальный первичный балл:", 20],
        ["Дата:", "22.04.2026"],
        ["ОО", "Код участника", "Класс", "Вариант", "1 (1б)", "Первичный балл", "Отметка", "Отметка по журналу"],
        [f"Школа({LOGIN}) | Кол-во участников: {len(results)}"],
    ]
    return [*head, *([LOGIN, code, 1, 2, 1, primary, mark, 5] for code, primary, mark in results)]


def form(*results: tuple[str, object, object]) -> list[list[object]]:
    """The rows of the form of a ВПР with a code, a variant and the sum; it is longer than the school."""
    mark_before = "Отметка за предыдущий триместр/ четверть/полугодие"
    header: list[object] = ["Код участника", "Вариант", "1 (5б)", "2 (4б)", mark_before, "Итого баллов"]
    filled = [[code, variant, 1, "X", 4, total] for code, variant, total in results]
    return [header, *filled, *(["", "", "", "", "", 0] for _ in range(5))]
