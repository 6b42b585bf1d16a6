"""Whom nothing electronic reaches gets the week on paper: all that the bot shows, and of nobody else (R2b, Q29–Q35)."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.documents.delivery.obligations import obligation_json, obligation_table_cells
from bot.paper.contents import paper_content_blocks
from bot.screens.forecast.wishes import ForecastWishScales
from core.actions.paper import contents, weekly
from core.model.delivery.fact_names import entry_fact_name
from core.model.delivery.obligations import NewNotice
from core.model.delivery.states import State
from core.model.notices.family import LessonChanged, MarkRecorded
from core.model.notices.kinds import NoticeKind
from core.model.paper import Block, Extract
from core.model.people import Role
from core.model.register.consents import Decision
from core.model.results.exams import Exam, ExamKind, ExamOutcome
from core.model.results.period_marks import PeriodMark
from core.model.schoolwork.recommendations import Audience
from core.model.timetable import ChangeKind
from core.ports import UnitOfWork, UnitOfWorkFactory
from core.rules.results.exams import next_exam_result_version
from core.rules.results.proposals import ResultsPolicy
from tests.support.delivery.paper import (
    BEFORE,
    RU,
    batch_of,
    letters,
    paper_post,
    print_week,
    queued_extracts,
    read_pages,
)
from tests.support.delivery.post import POLICY, rows
from tests.support.schools.asked import AskedSchool, a_school_to_ask
from tests.support.schools.builders import MARK, NOW, Builder, a_family
from tests.support.schools.matrix import SURNAMES, build_matrix_school, mark_of
from tests.support.schools.results import put_final

TODAY = NOW.date()
RESULTS = ResultsPolicy()
SCALES = ForecastWishScales.of(RESULTS.thresholds, 2)


@pytest.fixture
async def school(open_sqlite: UnitOfWorkFactory) -> AskedSchool:
    """The father refused the electronic form; this week there was a mark, and a lesson was changed."""
    school = await a_school_to_ask(open_sqlite)
    async with open_sqlite() as uow:
        (father,) = await uow.people.named({"ковалев денис петрович"})
        await Builder(uow).decides(father.id, school.maria, Decision.REFUSAL)
        await _add_results(uow, school.maria)
        mark = MarkRecorded("Алгебра", TODAY, "5", "Контрольная работа", "Корни")
        change = LessonChanged("Химия", date(2026, 11, 24), 4, ChangeKind.SUBSTITUTION, new_subject="Физика")
        facts = [
            NewNotice(school.maria, mark, entry_fact_name(1, TODAY)),
            NewNotice(school.maria, change, "lesson_change:1"),
        ]
        await uow.outbox.add(facts, received_at=BEFORE, published_at=BEFORE)
        await uow.commit()
    return school


async def _add_results(uow: UnitOfWork, student: int) -> None:
    """A final mark of the first term, an exam, and advice of a teacher."""
    year_id, subjects = await uow.year.ensure_year(TODAY), {each.name: each.id for each in await uow.year.subjects()}
    given = PeriodMark(0, student, subjects["Алгебра"], year_id, "1 четверть", None, "4", 1, NOW, False, None)  # noqa: FBT003
    await put_final(uow, given)
    exam = Exam(0, "oge|физика", ExamKind.OGE, "Физика", date(2026, 11, 10), None, None, None, None, None)
    ids = await uow.exams.put_exam(exam), student
    result = next_exam_result_version(
        None, ExamOutcome(12, mark="4", passed=True), ids=ids, received_at=NOW, import_id=None
    )
    await uow.exams.put_results([result])
    (teacher,) = await uow.people.named({"иванова ирина олеговна"})
    physics = subjects["Физика"]
    await uow.schoolwork.recommend(
        student, subject_id=physics, author_id=teacher.id, audience=Audience.BOTH, text="Решать задачи", at=NOW
    )


async def fathers(school: AskedSchool) -> Extract:
    """The father's extract of this week."""
    return next(each for each in await print_week(school.open_uow) if each.student_id == school.maria)


async def contents_of(open_uow: UnitOfWorkFactory, extract: Extract) -> Sequence[Block]:
    """What the page holds besides the news."""
    async with open_uow(reading=True) as uow:
        return (await uow.paper.contents([extract.id]))[extract.id]


async def words_of(open_uow: UnitOfWorkFactory, extract: Extract) -> list[str]:
    """Everything that a page says of the news and the contents, in its order."""
    news = [extract.text.title]
    for part in extract.text.sections:
        news += [part.heading or "", *part.lines]
    return news + [word for block in await contents_of(open_uow, extract) for word in block_words(block)]


def block_words(block: Block) -> list[str]:
    return [block.heading, *block.columns, *(cell for row in block.rows for cell in row), block.note]


async def test_the_page_says_what_the_data_say(school: AskedSchool, tmp_path: Path) -> None:
    """A normal week is one page; its text, read back from the PDF, equals the data letter by letter (Q31, Q32)."""
    extract = await fathers(school)
    (page,) = read_pages(await batch_of(school.open_uow, [extract]), tmp_path)
    assert letters(*await words_of(school.open_uow, extract)) in letters(page)


async def test_an_extract_holds_all_that_the_bot_shows(school: AskedSchool) -> None:
    """Each kind of R2a, and forecast, final marks and exams; what is new stands first, on the same page (Q31)."""
    extract = await fathers(school)
    said = {block.heading: " ".join(block_words(block)) for block in await contents_of(school.open_uow, extract)}
    expected = {
        "Оценки и прогноз, 2 четверть": (
            "4\u00a0ону, 5\u00a0кр",
            "4,67",
            "кр – Контрольная работа, вес 20",
            "Это прогноз",
        ),
        "Замечания к оценкам": ("Нет единиц",),
        "Несданные работы": ("История",),
        "Пропуски": ("Химия: пропуск по уважительной причине",),
        "Все итоговые за год": ("Алгебра", "4"),
        "Экзамены и олимпиады": ("ОГЭ, Физика, 10.11",),
        "Расписание на неделю вперёд": ("пн 23.11", "Химия → Физика, каб. 206, Иванова И. О. (замена)"),
        "Домашние задания": ("пн 23.11 Алгебра: № 315, 316",),
        "Контрольные работы": ("пт 27.11 Физика – Контрольная работа, тема: Механика",),
        "Рекомендации учителей": ("Решать задачи",),
        "Учителя": ("Физика: Иванова Ирина Олеговна",),
        "Каникулы": ("30.12–10.01 Зимние каникулы",),
    }
    assert list(said) == list(expected)
    assert [(name, word) for name, words in expected.items() for word in words if word not in said[name]] == []
    news = [line for part in extract.text.sections for line in part.lines]
    assert news == ["Алгебра, 20.11: 5 (контрольная работа, «Корни»)", "вт 24.11, 4 урок: замена, Химия → Физика"]


async def test_the_same_data_give_the_same_page(school: AskedSchool) -> None:
    """What was queued is kept, so a page printed again says the same although the journal went on (Q32)."""
    extract = await fathers(school)
    before = await batch_of(school.open_uow, [extract])
    async with school.open_uow() as uow:
        await uow.schoolwork.recommend(
            school.maria, subject_id=None, author_id=1, audience=Audience.BOTH, text="Позже", at=NOW
        )
        await uow.commit()
    (again,) = [each for each in await queued_extracts(school.open_uow) if each.id == extract.id]
    assert await batch_of(school.open_uow, [again]) == before


async def test_no_page_holds_another_students_data(open_sqlite: UnitOfWorkFactory) -> None:
    """Whoever would get paper about whomever: no name and no word of another student is in it (Q14, Q35)."""
    matrix = await build_matrix_school(open_sqlite)
    async with open_sqlite(reading=True) as uow:
        for key, student in matrix.students.items():
            for each in await uow.people.recipients({student}, on=TODAY):
                found = await contents.load_paper_contents(
                    uow, each.person_id, student, now=NOW, policy=POLICY, results_policy=RESULTS
                )
                blocks = paper_content_blocks(found, RU, scales=SCALES, policy=POLICY)
                said = " ".join(word for block in blocks for word in block_words(block))
                assert mark_of(key) in said
                others = matrix.students.keys() - {key}
                assert [other for other in others if mark_of(other) in said or f"{SURNAMES[other]} " in said] == []


async def test_everybody_gets_one_extract_a_week(open_uow: UnitOfWorkFactory) -> None:
    """However often the clock looks; the next Friday brings the next one, also without news (Q33)."""
    await a_family(open_uow, decision=Decision.REFUSAL)
    post = paper_post(open_uow, at=BEFORE)
    counts = []
    for ahead in (timedelta(0), timedelta(minutes=15), timedelta(hours=1), timedelta(days=6)):
        post.clock.now += ahead
        async with open_uow() as uow:
            counts.append(await weekly.publish_weekly_paper(uow, now=post.clock.now, policy=POLICY))
        await post.drain()
    assert counts == [1, 0, 1, 0]
    assert len(await queued_extracts(open_uow)) == 1
    await post.drain(days=1)
    assert [each.is_weekly for each in await queued_extracts(open_uow)] == [True, True]


@pytest.mark.parametrize(
    ("decision", "basis"), [(Decision.REFUSAL, "refusal"), (Decision.WITHDRAWAL, "no_consent"), (None, "no_access")]
)
async def test_the_basis_is_kept(open_sqlite: UnitOfWorkFactory, decision: Decision | None, basis: str) -> None:
    """Refusal, no consent, or no access, as the register says at that moment (Q29)."""
    async with open_sqlite() as uow:
        build = Builder(uow)
        student = await build.student("Орлов Тимофей Андреевич")
        mother = await build.guardian("Орлова Анна Павловна", student)
        if decision is not None:
            await build.contact(mother, "telegram", "501")
            await build.decides(mother, student, decision)
        await uow.commit()
    assert [each.basis for each in await print_week(open_sqlite)] == [basis]


async def test_what_nobody_has_printed_waits_for_the_printer(open_sqlite: UnitOfWorkFactory) -> None:
    """A person reads that the extract waits; the JSON keeps the evidence as it is (contracts, Commands)."""
    await a_family(open_sqlite, decision=Decision.REFUSAL)
    await print_week(open_sqlite)
    async with open_sqlite(reading=True) as uow:
        (row,) = await uow.outbox.obligations(states=None, late_at=None)
    *_, evidence, deliveries = obligation_table_cells(row, RU, POLICY, now=NOW)
    assert (evidence, deliveries) == ("ждёт печати", "бумага: ждёт печати")
    assert (obligation_json(row)["evidence"], obligation_json(row)["deliveries"][0]["status"]) == ("accepted",) * 2


async def test_a_mind_is_changed_both_ways(open_uow: UnitOfWorkFactory) -> None:
    """Who agrees before Friday gets no extract; who withdraws is in the queue at the next look (Q5, Q30)."""
    family = await a_family(open_uow, decision=Decision.REFUSAL)
    post = paper_post(open_uow, at=BEFORE)

    async def decides(decision: Decision) -> int:
        """The entry, then the clock's look; returns how many extracts it queued."""
        async with open_uow() as uow:
            await Builder(uow).decides(family.mother, family.student, decision)
            await uow.commit()
        async with open_uow() as uow:
            count = await weekly.publish_weekly_paper(uow, now=post.clock.now, policy=POLICY)
        await post.drain()
        return count

    assert await decides(Decision.REFUSAL) == 1
    assert await decides(Decision.CONSENT) == 0
    await post.drain(hours=1)
    assert await queued_extracts(open_uow) == []
    await family.learns(MARK, at=post.clock.now, fact="entry:1")
    await post.drain(seconds=1)
    await post.drain(minutes=3)
    assert len(post.telegram.sent) == 1
    assert await decides(Decision.WITHDRAWAL) == 1
    await post.drain(days=7)
    assert [each.is_weekly for each in await queued_extracts(open_uow)] == [True]
    assert len(post.telegram.sent) == 1


async def test_an_extract_is_owed_until_it_is_printed(open_sqlite: UnitOfWorkFactory) -> None:
    """It is an obligation like any other, of a kind that nobody can switch off (Q30, Q83)."""
    await a_family(open_sqlite, decision=Decision.REFUSAL)
    await print_week(open_sqlite)
    (row,) = await rows(open_sqlite)
    assert (row.obligation.kind, row.obligation.state) == (NoticeKind.EXTRACT, State.OPEN)


async def test_a_student_nobody_stands_for_reads_all(open_sqlite: UnitOfWorkFactory) -> None:
    """The paper goes to the student, who has no account in the bot, and is no emptier for it (Q30, Q31)."""
    school = await a_school_to_ask(open_sqlite)
    async with open_sqlite() as uow:
        alone = await Builder(uow).student("Одинцов Илья Петрович", "8Б")
        await uow.people.add_staff_role(alone, Role.TEACHER, group_id=None)  # a role changes nothing
        await uow.commit()
    (extract,) = [each for each in await print_week(school.open_uow) if each.student_id == alone]
    assert extract.person_id == alone
    assert {"Расписание на неделю вперёд", "Домашние задания"} <= {
        block.heading for block in await contents_of(open_sqlite, extract)
    }
