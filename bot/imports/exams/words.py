"""The words of exam files: columns, statuses, kinds. Case, «ё» and doubled or no-break blanks make no difference."""

from collections.abc import Mapping

from core.model.results.exams import ExamKind, ExamStatus, OlympiadPlace, OlympiadStage

SURNAME, NAME, PATRONYMIC = "surname", "name", "patronymic"
SCHOOL, CLASS, NUMBER = "school", "class", "number"
PRIMARY, SCORE, MARK, ORAL, WRITTEN = "primary", "score", "mark", "oral", "written"
STATE, BEFORE, EXAM = "state", "before", "exam"


def exam_cell_word_key(text: str) -> str:
    """A word for comparison."""
    return " ".join(text.casefold().replace("ё", "е").split())


PROTOCOL_COLUMNS: Mapping[str, str] = {
    "№": NUMBER, "columnname": NUMBER,
    "код оо": SCHOOL, "schoolcode": SCHOOL,
    "класс": CLASS, "classcode": CLASS,
    "фамилия": SURNAME, "surnamecell": SURNAME,
    "имя": NAME, "namecell": NAME,
    "отчество": PATRONYMIC, "secondnamecell": PATRONYMIC,
    "первичный балл": PRIMARY, "primarymark": PRIMARY,
    "балл": SCORE, "тестовый балл": SCORE,
    "оценка": MARK, "mark5": MARK,
    "первичный балл устной части": ORAL,
    "первичный балл письм. части": WRITTEN, "первичный балл письменной части": WRITTEN,
    "состояние": STATE, "состояние апелляции": STATE,
    "балл до изменения": BEFORE,
    "экзамен": EXAM,
}  # fmt: skip
"""Columns of protocols and re-checks; all others (documents, answers, rooms, tasks) are read for nothing."""

MEANS, THRESHOLD, PARTICIPANTS = "средние", "минимальная граница", "всего участников"
TAIL_LABELS = frozenset({MEANS, THRESHOLD, PARTICIPANTS})

STATES: Mapping[str, ExamStatus] = {
    "апелляция удовлетворена": ExamStatus.CHANGED,
    "апелляция отклонена": ExamStatus.UPHELD,
    "отправлена на обработку": ExamStatus.UNDER_APPEAL,
}

STATUSES: Mapping[str, ExamStatus] = {
    "отсутствовал": ExamStatus.ABSENT,
    "не явился": ExamStatus.ABSENT,
    "отсутствовал по уважительной причине": ExamStatus.ABSENT_EXCUSED,
    "не явился (уважительная причина)": ExamStatus.ABSENT_EXCUSED,
    "удален": ExamStatus.REMOVED,
    "не завершил": ExamStatus.UNFINISHED,
    "не закончил": ExamStatus.UNFINISHED,
    "аннулирован": ExamStatus.ANNULLED,
    "на апелляции": ExamStatus.UNDER_APPEAL,
    "изменен": ExamStatus.CHANGED,
    "без изменений": ExamStatus.UPHELD,
} | {word.value: word for word in ExamStatus}

KINDS: Mapping[str, ExamKind] = {
    "школьный экзамен": ExamKind.SCHOOL,
    "олимпиада": ExamKind.OLYMPIAD,
    "итоговое сочинение": ExamKind.ESSAY,
    "итоговое изложение": ExamKind.ESSAY,
    "итоговое собеседование": ExamKind.INTERVIEW,
    "собеседование": ExamKind.INTERVIEW,
    "гвэ": ExamKind.GVE,
    "егэ": ExamKind.EGE,
    "огэ": ExamKind.OGE,
    "впр": ExamKind.VPR,
} | {word.value: word for word in ExamKind if word is not ExamKind.EGE_BASE}

STAGES: Mapping[str, OlympiadStage] = {
    "школьный": OlympiadStage.SCHOOL,
    "муниципальный": OlympiadStage.MUNICIPAL,
    "региональный": OlympiadStage.REGIONAL,
    "заключительный": OlympiadStage.FINAL,
} | {word.value: word for word in OlympiadStage}

PLACES: Mapping[str, OlympiadPlace] = {
    "победитель": OlympiadPlace.WINNER,
    "призер": OlympiadPlace.PRIZE,
    "участник": OlympiadPlace.PARTICIPANT,
} | {word.value: word for word in OlympiadPlace}

VERDICTS: Mapping[str, bool] = {"зачет": True, "да": True, "yes": True, "незачет": False, "нет": False, "no": False}
