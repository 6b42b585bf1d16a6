"""`vestnik bench questions FILE.csv`: how many questions in plain words are understood (contracts, Questions).

The file has the columns `text,today,intent,subject,date`, a date as `YYYY-MM-DD[/YYYY-MM-DD]` or empty. The school has
the subjects below, the asker one child. Two subjects that are named are
joined by `+`. Of an unclear question only the intent is compared.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from io import TextIOWrapper
from pathlib import Path

from bot.bench import WrongFileError
from bot.imports.formats.opening import MEBI, OpenedImportFile
from bot.imports.reading import UnreadableFileError
from bot.questions.grammar import understand_by_grammar
from bot.questions.model import Intent, Question

SUBJECTS = (
    "Алгебра", "Геометрия", "Вероятность и статистика", "Русский язык", "Литература", "Английский язык", "Физика",
    "Химия", "Биология", "История", "Обществознание", "География", "Информатика", "Физическая культура",
    "Труд (технология)", "ОБЗР", "Музыка",
)  # fmt: skip
CHILD = (1, "Ландышева Аглая Тихоновна")
COLUMNS = ("text", "today", "intent", "subject", "date")
WANTED = 0.97
MOST_BYTES = 20 * MEBI


@dataclass(frozen=True, slots=True)
class QuestionsBenchAnswer:
    """What a question asks, as the file writes it."""

    intent: str
    subject: str
    date: str

    def equals(self, other: "QuestionsBenchAnswer") -> bool:
        """True if all fields are equal, or both questions are unclear."""
        return self == other or self.intent == other.intent == Intent.UNCLEAR


@dataclass(frozen=True, slots=True)
class Sample:
    """A line of the file."""

    text: str
    today: date
    wanted: QuestionsBenchAnswer


async def measure_questions_bench(file: Path | None) -> Mapping[str, object]:
    """Share of right answers, also by intent, and all wrong answers; `ok` from 97 % on."""
    samples = read_question_samples(file)
    wrong = [
        (sample, given) for sample in samples if not (given := answer_bench_question(sample)).equals(sample.wanted)
    ]
    right = len(samples) - len(wrong)
    return {
        "questions": len(samples),
        "right": right,
        "share": _share(right, len(samples)),
        "ok": right >= WANTED * len(samples),
        "intents": list(_by_intent(samples, [sample for sample, _ in wrong])),
        "wrong": [_wrong_answer(sample, given) for sample, given in wrong],
    }


def answer_bench_question(sample: Sample) -> QuestionsBenchAnswer:
    """The bot's answer to the question."""
    question = understand_by_grammar(sample.text, today=sample.today, subjects=SUBJECTS, children=(CHILD,))
    if question.intent is Intent.UNCLEAR:
        return QuestionsBenchAnswer(question.intent, "", _dates(question))
    return QuestionsBenchAnswer(question.intent, question.subject or "+".join(question.subjects), _dates(question))


def read_question_samples(file: Path | None) -> Sequence[Sample]:
    """The lines of the file. Raises WrongFileError, with the line if one cannot be used."""
    if file is None:
        raise WrongFileError("questions.no_file")
    try:
        with TextIOWrapper(OpenedImportFile(file, most=MOST_BYTES), "utf-8-sig", newline="") as opened:
            rows = csv.DictReader(opened)
            if not set(COLUMNS) <= set(rows.fieldnames or ()):
                raise WrongFileError("questions.columns", columns=",".join(COLUMNS))
            samples = [_sample(row, rows.line_num) for row in rows]
    except (UnreadableFileError, OSError, UnicodeDecodeError, csv.Error):
        raise WrongFileError("questions.no_file") from None
    if not samples:
        raise WrongFileError("questions.no_file")
    return samples


def _sample(row: Mapping[str, str | None], line: int) -> Sample:
    try:
        text, today, intent, subject, dates = ((row[column] or "").strip() for column in COLUMNS)
        return Sample(
            text, date.fromisoformat(today), QuestionsBenchAnswer(Intent(intent), subject, _one_day_once(dates))
        )
    except ValueError:
        raise WrongFileError("questions.row", line=line) from None


def _one_day_once(dates: str) -> str:
    """A day written as a span from it to itself is written as one day. Raises ValueError for a wrong date."""
    since, _, until = dates.partition("/")
    for day in filter(None, (since, until)):
        date.fromisoformat(day)
    return since if until in {"", since} else dates


def _dates(question: Question) -> str:
    if question.since is None or question.until is None:
        return ""
    return f"{question.since}" if question.since == question.until else f"{question.since}/{question.until}"


def _by_intent(samples: Sequence[Sample], wrong: Sequence[Sample]) -> Iterator[Mapping[str, object]]:
    total = Counter(sample.wanted.intent for sample in samples)
    missed = Counter(sample.wanted.intent for sample in wrong)
    for intent, count in sorted(total.items()):
        right = count - missed[intent]
        yield {"intent": intent, "questions": count, "right": right, "share": _share(right, count)}


def _wrong_answer(sample: Sample, given: QuestionsBenchAnswer) -> Mapping[str, object]:
    wanted = {f"wanted_{key}": value for key, value in asdict(sample.wanted).items()}
    return {"text": sample.text, "today": str(sample.today), **wanted, **asdict(given)}


def _share(right: int, total: int) -> float:
    return round(right / total, 4)
