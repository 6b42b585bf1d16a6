"""The facts of a class's summary sheet, invented: students, subjects, quarters and final marks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.documents.results.sheet.words import SheetIssue
from core.model.results.closings import CouncilDecision
from core.model.results.deferrals import Deferral
from core.model.results.period_marks import PeriodMark, PeriodMarkVersion
from core.model.results.summary_sheet import MarkHistory, SheetFacts, SheetMember
from core.model.year import GroupKind, ReportingPeriod, TeachingGroup

YEAR_ID, CLASS_ID = 1, 7
FIRST, TODAY, LAST = date(2026, 9, 1), date(2027, 5, 29), date(2027, 5, 28)
AT = datetime(2026, 10, 23, 9, tzinfo=UTC)
ISSUE = SheetIssue("МБОУ «Школа № 7»", date(2027, 5, 29), ZoneInfo("Europe/Moscow"))
QUARTERS = tuple(f"{number} четверть" for number in (1, 2, 3, 4))
_ENDS = (date(2026, 10, 25), date(2026, 12, 29), date(2027, 3, 22), LAST)
SUBJECTS = (
    "Алгебра", "Английский язык", "Биология", "Вероятность и статистика", "География", "Геометрия", "Информатика",
    "История", "Литература", "Музыка", "Обществознание", "Основы безопасности и защиты Родины", "Русский язык",
    "Труд (технология)", "Физика", "Физическая культура", "Химия", "Изобразительное искусство",
)  # fmt: skip
_SURNAMES = (
    "Авдеева", "Авдеенко", "Агапов", "Белов", "Бондаренко", "Волков", "Гаврилова", "Горшенина", "Денисов",
    "Егорова", "Жукова", "Зайцев", "Иванова", "Ильин", "Калинина", "Кузнецов", "Лебедева", "Макаров",
    "Морозова", "Никитин", "Орлова", "Павлов", "Петрова", "Романов", "Семёнова", "Смирнов", "Тихонова",
    "Устинов", "Фёдорова", "Харитонов", "Цветкова", "Шестаков", "Щербакова", "Яковлев", "Константинопольская",
)  # fmt: skip
_NAMES = ("Анна Сергеевна", "Борис Ильич", "Вера Павловна", "Глеб Романович", "Александра Константиновна")


def student_name(number: int) -> str:
    """The full name of an invented student."""
    return f"{_SURNAMES[number % len(_SURNAMES)]} {_NAMES[number % len(_NAMES)]}"


def quarters() -> Sequence[ReportingPeriod]:
    """The four quarters of everybody."""
    return [
        ReportingPeriod(number, YEAR_ID, name, FIRST, ends_on)
        for number, (name, ends_on) in enumerate(zip(QUARTERS, _ENDS, strict=True), start=1)
    ]


@dataclass(slots=True)
class SheetClass:
    """A class in the making; students and subjects are numbered from 1."""

    pupils: int = 3
    subjects: Sequence[str] = SUBJECTS[:2]
    school_class: str = "8Б"
    day: date = TODAY
    histories: list[MarkHistory] = field(default_factory=list)
    deferrals: list[Deferral] = field(default_factory=list)
    decisions: list[CouncilDecision] = field(default_factory=list)
    members: list[SheetMember] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.members = [SheetMember(number, student_name(number)) for number in range(1, self.pupils + 1)]

    def mark(self, student: int, subject: int, term: str, *values: str | None, **last: Any) -> None:
        """A final mark with its versions, the last of which is in force and may bear a ground."""
        mark_id = len(self.histories) + 1
        mark = PeriodMark(
            mark_id, student, subject, YEAR_ID, term, None, values[-1], len(values), AT, published=True, import_id=None
        )
        self.histories.append(MarkHistory(mark, tuple(_versions(mark_id, values, last))))

    def defer(self, student: int, subject: int, term: str, until: date) -> None:
        """An open deferral for illness."""
        ill = date(2026, 10, 1), date(2026, 10, 20)
        self.deferrals.append(
            Deferral(0, student, subject, YEAR_ID, term, *ill, "справка 4", "приказ 5", until, None, AT)
        )

    def decide(self, student: int, text: str) -> None:
        """The council's decision of 28 May."""
        self.decisions.append(CouncilDecision(0, student, YEAR_ID, text, "5", LAST, None, AT))

    def facts(self, **more: Any) -> SheetFacts:
        """The facts of the class so far."""
        group = TeachingGroup(
            CLASS_ID, GroupKind.CLASS, self.school_class, self.school_class.casefold(), None, None, None
        )
        names = dict(enumerate(self.subjects, start=1))
        given: Mapping[str, Any] = {
            "learned": frozenset(names),
            "periods": quarters(),
            "members": self.members,
            "histories": self.histories,
            "deferrals": self.deferrals,
            "decisions": self.decisions,
        }
        return SheetFacts(group, FIRST, self.day, LAST, names, **{**given, **more})


def _versions(mark_id: int, values: Sequence[str | None], last: Mapping[str, Any]) -> Iterator[PeriodMarkVersion]:
    before: str | None = None
    for number, value in enumerate(values, start=1):
        more: Mapping[str, Any] = last if number == len(values) else {}
        usual: dict[str, Any] = {"received_at": AT, "published": True, "changed_by": None, "import_id": None}
        yield PeriodMarkVersion(0, mark_id, number, before, value, **{**usual, **more})
        before = value


def full_class(
    pupils: int = 32, subjects: int = 16, *, school_class: str = "8Б", terms: Sequence[str] = (), words: bool = True
) -> SheetClass:
    """A class with a mark in every cell and a decision on everybody; with `words` some marks are no numbers."""
    found = SheetClass(pupils, SUBJECTS[:subjects], school_class)
    every = ("5", "4", "3", "4", "5", "2", *(("н/а", "осв", "зач", "незач") if words else ("2", "3", "4", "5")))
    for student in range(1, pupils + 1):
        for subject in range(1, subjects + 1):
            for place, term in enumerate((*QUARTERS, "year", *terms)):
                number = student * 7 + subject * 3 + place
                found.mark(student, subject, term, every[number % (10 if number % 9 == 0 else 5)])
        found.decide(student, "переведён(а) в 9 класс")
    return found
