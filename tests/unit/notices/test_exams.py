"""Results of exams in words: one line for a result, one SMS, nothing of it in a discreet channel (Q74, Q77, Q78)."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.model.notices.facts import notice_from_facts, notice_to_facts
from core.model.notices.family import ExamResultSet
from core.model.results.exams import ExamKind, ExamStatus, OlympiadPlace, OlympiadStage
from core.rules.conversation.buttons import EXAMS, Handle
from notifiers.sms.parts import sms_part_count
from notifiers.words.texts import compose_text
from tests.support.delivery.parcels import ANYA, BORIS, ENGLISH, KEY, RUSSIAN, composed, handles, lines, parcel

DAY = date(2026, 5, 28)
APPEAL = "Апелляция о несогласии с баллами: два рабочих дня после официального дня объявления."
EGE = ExamResultSet(ExamKind.EGE, "Русский язык", DAY, score=76, primary=40, threshold=24, passed=True)
CHANGED = ExamResultSet(
    ExamKind.EGE, "Химия", DAY, ExamStatus.CHANGED, score=89, threshold=36, passed=True, before_score=86
)
SAID = [
    (EGE, f"ЕГЭ, русский язык, 28.05: 76 баллов (порог 24) – сдан. {APPEAL}"),
    (CHANGED, "ЕГЭ, химия, 28.05: 86 баллов → 89 баллов (порог 36) – сдан"),
    (
        ExamResultSet(ExamKind.EGE, "Химия", DAY, ExamStatus.UPHELD, score=39, threshold=36, passed=True),
        "ЕГЭ, химия, 28.05: 39 баллов (порог 36) – сдан, апелляция отклонена, без изменений",
    ),
    (
        ExamResultSet(ExamKind.EGE, "Химия", DAY, ExamStatus.ANNULLED, before_score=39),
        "ЕГЭ, химия, 28.05: 39 баллов → результат аннулирован",
    ),
    (
        ExamResultSet(ExamKind.OGE, "Математика", DAY, primary=10, mark="2", passed=False, geometry=True),
        f"ОГЭ, математика, 28.05: оценка 2 (10 баллов, по геометрии меньше 2 баллов) – не сдан. {APPEAL}",
    ),
    (
        ExamResultSet(ExamKind.EGE_BASE, "Математика", DAY, primary=19, mark="5", passed=True),
        f"ЕГЭ, базовый уровень, математика, 28.05: оценка 5 (19 баллов) – сдан. {APPEAL}",
    ),
    (ExamResultSet(ExamKind.ESSAY, "Итоговое сочинение", DAY, passed=True), "Итоговое сочинение, 28.05: зачёт"),
    (
        ExamResultSet(ExamKind.INTERVIEW, "Русский язык", DAY, score=9, passed=False),
        "Итоговое собеседование, русский язык, 28.05: незачёт (9 баллов)",
    ),
    (
        ExamResultSet(ExamKind.ESSAY, "Итоговое сочинение", DAY, ExamStatus.ABSENT_EXCUSED),
        "Итоговое сочинение, 28.05: неявка по уважительной причине",
    ),
    (
        ExamResultSet(
            ExamKind.OLYMPIAD, "Биология", DAY, score=31, stage=OlympiadStage.SCHOOL, place=OlympiadPlace.PRIZE
        ),
        "Олимпиада, школьный этап, биология, 28.05: призёр, 31 балл",
    ),
    (ExamResultSet(ExamKind.VPR, "Немецкий язык", None, primary=19, most=22), "ВПР, немецкий язык: 19 баллов из 22"),
    (
        ExamResultSet(ExamKind.SCHOOL, "Алгебра", DAY, primary=18, mark="4", passed=True),
        "Экзамен школы, алгебра, 28.05: оценка 4 (18 баллов) – сдан",
    ),
]


@pytest.mark.parametrize(("notice", "said"), SAID)
def test_a_result_is_one_line(notice: ExamResultSet, said: str) -> None:
    """Exam, subject, day, figure, threshold and verdict; old → new after a re-check; a status instead of a score."""
    assert lines(notice) == [said]
    assert notice_from_facts("ExamResultSet", notice_to_facts(notice)) == notice


def test_the_sentence_about_appeals_ends_the_last_line_only() -> None:
    """Several results in one message: the sentence is said once, after the last result that can be disputed."""
    maths = ExamResultSet(ExamKind.EGE, "Математика", DAY, score=50, passed=True)
    physics = ExamResultSet(ExamKind.VPR, "Физика", DAY, primary=5)
    said = lines(EGE, maths, physics)
    assert [APPEAL in line for line in said] == [False, True, False]
    assert len(said) == 3


def test_an_sms_has_no_sentence_about_appeals() -> None:
    """«Аня С., ЕГЭ: русский язык 76 (порог 24) – сдан»: it must fit one part (Q91)."""
    assert composed((ANYA, EGE)).short == "Аня С., ЕГЭ: русский язык 76 (порог 24) – сдан"


def test_a_discreet_channel_hears_that_there_is_news() -> None:
    """Neither exam nor score nor name (Q85)."""
    text = compose_text(parcel((ANYA, EGE), discreet=True), RUSSIAN, key=KEY)
    shown = repr(text)
    assert not [word for word in ("ЕГЭ", "76", "русский", "Аня", "пелляц", "экзамен") if word in shown]


def test_the_message_opens_the_childs_exams() -> None:
    """«Прочитано» proves it, and a button leads to all results of the child; it cannot be switched off (Q72, Q83)."""
    text = composed((ANYA, EGE))
    assert Handle(EXAMS, (5,)) in handles(text)
    assert text.acknowledge
    assert not text.unsubscribable


def test_children_are_never_mixed() -> None:
    """Each child's results stand under the own name (Q15)."""
    text = composed((ANYA, EGE), (BORIS, CHANGED))
    assert [(section.heading or "").split()[0] for section in text.sections] == ["Смирнов", "Смирнова"]
    assert ["русский" in line for section in text.sections for line in section.lines] == [False, True]


scores = st.none() | st.integers(0, 100)
results = st.builds(
    ExamResultSet,
    st.sampled_from(ExamKind),
    st.sampled_from(["Русский язык", "Вероятность и статистика", "Обществознание"]),
    st.none() | st.just(DAY),
    st.sampled_from(ExamStatus),
    primary=scores,
    score=scores,
    mark=st.none() | st.sampled_from("2345"),
    passed=st.none() | st.booleans(),
    threshold=scores,
    stage=st.none() | st.sampled_from(OlympiadStage),
    place=st.none() | st.sampled_from(OlympiadPlace),
    geometry=st.booleans(),
    before_status=st.none() | st.sampled_from(ExamStatus),
    before_score=scores,
    before_mark=st.none() | st.sampled_from("2345"),
)


@settings(max_examples=200)
@given(name=st.sampled_from(["Смирнова Аня Петровна", "Колокольцева-Оболенская Александра"]), result=results)
def test_one_result_fits_one_sms(name: str, result: ExamResultSet) -> None:
    """Whatever the result, its SMS has one part, in both languages too (Q91)."""
    for t in (RUSSIAN, ENGLISH):
        assert sms_part_count(compose_text(parcel(((5, name), result)), t, key=KEY).short) == 1
