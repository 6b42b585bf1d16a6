"""Notices become words: every child under their own name, results first, and a short form for a telephone."""

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.locales import LANGUAGES
from core.model.delivery.text import Section
from core.model.notices.facts import Notice
from core.model.notices.family import (
    AbsenceChanged,
    AbsenceRecorded,
    ControlWorkAhead,
    FinalMarkDeferred,
    FinalMarkSet,
    JournalNotice,
    MarkChanged,
    MarkRecorded,
    MarkWithdrawn,
)
from core.model.notices.kinds import R6_KINDS, NoticeKind
from core.rules.conversation.buttons import Handle
from notifiers.sms.parts import sms_part_count
from notifiers.words.short_texts import ONE_PART, abbreviated_short_text, short_name_for_text
from notifiers.words.texts import compose_text, digest_of_parcel_text
from tests.support.delivery.parcels import (
    ANYA,
    BORIS,
    CATALOGUES,
    DAY,
    ENGLISH,
    KEY,
    NEXT_DAY,
    RUSSIAN,
    About,
    composed,
    handles,
    labels,
    lines,
    parcel,
)

JOURNAL: list[tuple[Notice, str]] = [
    (MarkRecorded("Алгебра", DAY, "5", "Контрольная", "Корни"), "Алгебра, 12.11: 5 (контрольная, «Корни»)"),
    (MarkRecorded("Алгебра", DAY, "5", None, "Корни"), "Алгебра, 12.11: 5 («Корни»)"),
    (MarkRecorded("Алгебра", DAY, "4", "ДЗ"), "Алгебра, 12.11: 4 (ДЗ)"),
    (MarkRecorded("Алгебра", DAY, "4"), "Алгебра, 12.11: 4"),
    (MarkRecorded("Музыка", DAY, "зач"), "Музыка, 12.11: зачёт"),
    (MarkRecorded("Физика", DAY, ".", "Практическая"), "Физика, 12.11: работа не сдана (практическая)"),
    (MarkRecorded("Алгебра\n ", DAY, "5", "\t", "Корни \n и степени"), "Алгебра, 12.11: 5 («Корни и степени»)"),
    (MarkChanged("Алгебра", DAY, "4", "5"), "Алгебра, 12.11: 4 → 5"),
    (MarkChanged("Алгебра", DAY, ".", "4"), "Алгебра, 12.11: работа не сдана → 4"),
    (MarkWithdrawn("Алгебра", DAY, "5"), "Алгебра, 12.11: 5 снята"),
    (MarkWithdrawn("Алгебра", DAY, "зач"), "Алгебра, 12.11: запись «зачёт» снята"),
    (AbsenceRecorded("Химия", DAY, "УП"), "Химия, 12.11: пропуск по уважительной причине (УП)"),
    (AbsenceRecorded("Химия", DAY, "Б"), "Химия, 12.11: пропуск по болезни (Б)"),
    (AbsenceRecorded("Химия", DAY, "НП"), "Химия, 12.11: пропуск по неуважительной причине (НП)"),
    (AbsenceRecorded("Химия", DAY, "ОТ"), "Химия, 12.11: отсутствие (ОТ)"),
    (AbsenceRecorded("Химия", DAY, "Н"), "Химия, 12.11: отсутствие (Н)"),
    (AbsenceRecorded("Химия", DAY, "ОП"), "Химия, 12.11: опоздание (ОП)"),
    (AbsenceRecorded("Химия", DAY, "ОСВ"), "Химия, 12.11: освобождение от урока (ОСВ)"),
    (AbsenceRecorded("Химия", DAY, "Ж"), "Химия, 12.11: Ж"),
    (AbsenceChanged("Химия", DAY, "ОТ", "Б"), "Химия, 12.11: отсутствие (ОТ) → пропуск по болезни (Б)"),
    (AbsenceChanged("Химия", DAY, "ОТ", None), "Химия, 12.11: запись «отсутствие (ОТ)» снята"),
    (FinalMarkSet("Алгебра", "2 четверть", "4"), "2 четверть, Алгебра: 4"),
    (FinalMarkSet("Алгебра", "2 четверть", "4", "3"), "2 четверть, Алгебра: 3 → 4"),
    (FinalMarkSet("Алгебра", "2 четверть", None, "3"), "2 четверть, Алгебра: аннулирована (была 3)"),
    (FinalMarkSet("Алгебра", "2 четверть", None), "2 четверть, Алгебра: аннулирована"),
    (FinalMarkSet("Алгебра", "year", "н/а"), "Год, Алгебра: не аттестован(а)"),
    (FinalMarkSet("Алгебра", "exam", "5"), "Экзамен, Алгебра: 5"),
    (FinalMarkSet("Физкультура", "final", "осв"), "Итоговая, Физкультура: освобождён(а)"),
    (FinalMarkSet("Алгебра", "", "5"), "Алгебра: 5"),
    (FinalMarkDeferred("Алгебра", "1 четверть", DAY), f"1 четверть, Алгебра: отсрочка до {DAY:%d.%m.%Y}"),
]


@pytest.mark.parametrize(("notice", "line"), JOURNAL)
def test_a_notice_reads_as_a_family_would_say_it(notice: Notice, line: str) -> None:
    """Marks, changes, debts, absences and results each have their sentence (Q13, Q27, Q28, Q38, Q95)."""
    assert lines(notice) == [line]


def test_every_notice_of_the_journal_has_its_words() -> None:
    """The sentences above cover every class of notice about the journal that exists."""
    assert {type(notice) for notice, _ in JOURNAL} == set(get_args(JournalNotice))


def test_marks_of_one_subject_share_a_line() -> None:
    """Several marks of a subject stand together, day by day, in the order they came."""
    said = lines(
        MarkRecorded("Алгебра", NEXT_DAY, "3"),
        MarkRecorded("Физика", DAY, "4"),
        MarkRecorded("Алгебра", DAY, "5", "контрольная"),
        MarkChanged("Алгебра", DAY, "4", "2"),
    )
    assert said == ["Алгебра, 12.11: 5 (контрольная), 4 → 2; 13.11: 3", "Физика, 12.11: 4"]


def test_an_endless_topic_is_cut() -> None:
    """A topic of several sentences does not drown the mark."""
    (line,) = lines(MarkRecorded("Алгебра", DAY, "5", None, "Корни " * 100))
    assert len(line) < 140
    assert line.endswith("…»)")


def test_two_children_never_mix() -> None:
    """Each child stands under their own name, results before marks before absences (Q15)."""
    text = composed(
        (BORIS, AbsenceRecorded("Химия", DAY, "Б")),
        (ANYA, MarkRecorded("Алгебра", DAY, "5")),
        (BORIS, MarkRecorded("Алгебра", DAY, "2")),
        (ANYA, FinalMarkSet("Алгебра", "2 четверть", "4")),
    )
    assert text.title == "Итоги и новое в журнале"
    assert text.sections == (
        Section("Смирнов Борис. Оценки", ("Алгебра, 12.11: 2",)),
        Section("Смирнов Борис. Пропуски", ("Химия, 12.11: пропуск по болезни (Б)",)),
        Section("Смирнова Аня Петровна. Итоговые оценки", ("2 четверть, Алгебра: 4",)),
        Section("Смирнова Аня Петровна. Оценки", ("Алгебра, 12.11: 5",)),
    )
    assert text.short.split("; ") == [
        "Аня С., 2 четверть: Алгебра 4",
        "Борис С.: Алгебра 12.11 2, Химия 12.11 пропуск по болезни",
        "Аня С.: Алгебра 12.11 5",
    ]


def test_namesakes_never_mix() -> None:
    """Two children of one name keep sections and buttons of their own; alike short names are written out."""
    text = composed((ANYA, MarkRecorded("Алгебра", DAY, "5")), ((7, ANYA[1]), MarkRecorded("Алгебра", DAY, "2")))
    assert [section.lines for section in text.sections] == [("Алгебра, 12.11: 5",), ("Алгебра, 12.11: 2",)]
    alike = (
        ((7, "Смирнова Аня"), MarkRecorded("Алгебра", DAY, "5")),
        ((9, "Сомова Аня"), MarkRecorded("Алгебра", DAY, "2")),
    )
    assert composed(*alike).short == "Смирнова Аня: Алгебра 12.11 5; Сомова Аня: Алгебра 12.11 2"


def test_one_child_is_named_in_the_title() -> None:
    """With one child and one kind the title says it all, and results have a title of their own."""
    assert composed((ANYA, MarkRecorded("Алгебра", DAY, "5"))).title == "Оценки: Смирнова Аня Петровна"
    assert composed((ANYA, FinalMarkSet("Алгебра", "год", "5"))).title == "Итоговые оценки: Смирнова Аня Петровна"
    news = composed((ANYA, MarkRecorded("Алгебра", DAY, "5")), (ANYA, AbsenceRecorded("Химия", DAY, "Б")))
    assert news.title == "Новое в журнале: Смирнова Аня Петровна"
    assert [section.heading for section in news.sections] == ["Оценки", "Пропуски"]


def test_a_repeated_message_says_so() -> None:
    """What may have arrived before is marked, in full and in short."""
    text = compose_text(parcel((ANYA, FinalMarkSet("Алгебра", "2 четверть", "4")), repeated=True), RUSSIAN, key=KEY)
    assert text.title == "Итоговые оценки: Смирнова Аня Петровна (повтор)"
    assert text.short == "Аня С., 2 четверть: Алгебра 4 (повтор)"


def test_buttons_open_more_in_this_chat_only() -> None:
    """Results can be acknowledged, each child's marks opened, ordinary marks ended; data fit this chat (Q72, Q95)."""
    text = composed((ANYA, FinalMarkSet("Алгебра", "2 четверть", "4")), (BORIS, MarkRecorded("Алгебра", DAY, "2")))
    assert labels(text) == ["Прочитано", "Все оценки: Борис", "Все оценки: Аня", "Не присылать: оценки"]
    assert handles(text) == [Handle("read", (9,)), Handle("marks", (6,)), Handle("marks", (5,)), Handle("hush", (0,))]


def test_news_of_one_subject_lead_to_it() -> None:
    """Where the subject is known the button opens it; of several subjects it opens all marks (Q95)."""
    algebra = MarkRecorded("Алгебра", DAY, "5", subject_id=3)
    one = composed((ANYA, algebra), (ANYA, AbsenceRecorded("Алгебра", NEXT_DAY, "Б", subject_id=3)))
    assert labels(one)[0] == "Алгебра: Аня"
    assert handles(one)[0] == Handle("subject", (5, 3))
    two = composed((ANYA, algebra), (ANYA, MarkRecorded("Физика", DAY, "5", subject_id=4)))
    assert handles(two)[0] == Handle("marks", (5,))


def test_each_kind_but_results_can_be_switched_off() -> None:
    """Up to two kinds have a button each, more lead to the settings; R6 has none (Q83)."""
    facts: list[Notice] = [
        MarkRecorded("Алгебра", DAY, "5"),
        AbsenceRecorded("Химия", DAY, "Б"),
        ControlWorkAhead("Физика", DAY, "Зачёт"),
    ]
    two, three = (composed(*((ANYA, notice) for notice in facts[:number])) for number in (2, 3))
    assert [handle for handle in handles(two) if handle.action == "hush"] == [
        Handle("hush", (list(NoticeKind).index(kind),)) for kind in (NoticeKind.MARKS, NoticeKind.ABSENCES)
    ]
    assert handles(three)[-1] == Handle("settings")
    assert labels(three)[-1] == "Что и когда присылать"
    result = composed((ANYA, FinalMarkSet("Алгебра", "год", "5")))
    assert {handle.action for handle in handles(result)} == {"read", "marks"}


@pytest.mark.parametrize("kind", NoticeKind)
def test_a_button_names_its_kind_in_both_languages(kind: NoticeKind) -> None:
    """No kind is without a heading, so that a new one can be told and switched off."""
    assert RUSSIAN(f"notice.heading_{kind}")
    assert ENGLISH(f"notice.heading_{kind}")


def test_a_mark_that_was_mended_before_it_went_is_told_once() -> None:
    """What waits in one message is the mark as it stands (Q95)."""
    mended = lines(MarkRecorded("Алгебра", DAY, "2", "ДЗ"), MarkChanged("Алгебра", DAY, "2", "4"))
    assert mended == ["Алгебра, 12.11: 4 (ДЗ)"]
    assert lines(MarkRecorded("Алгебра", DAY, "2"), MarkWithdrawn("Алгебра", DAY, "2")) == ["Алгебра, 12.11: 2 снята"]
    apart = composed((ANYA, MarkRecorded("Алгебра", DAY, "2")), (BORIS, MarkChanged("Алгебра", DAY, "2", "4")))
    assert [section.lines for section in apart.sections] == [("Алгебра, 12.11: 2 → 4",), ("Алгебра, 12.11: 2",)]


def test_only_results_cannot_be_unsubscribed_from() -> None:
    """R6 notices cannot be switched off (Q83)."""
    assert composed((ANYA, MarkRecorded("Алгебра", DAY, "5"))).unsubscribable
    assert not composed((ANYA, FinalMarkSet("Алгебра", "год", "5"))).unsubscribable


DISCREET: list[list[tuple[About, Notice]]] = [
    [(ANYA, FinalMarkSet("Алгебра", "2 четверть", "4"))],
    [(ANYA, MarkRecorded("Физика", DAY, "2")), (BORIS, AbsenceRecorded("Химия", DAY, "Б"))],
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_discreet_message_is_the_same_for_all(language: str) -> None:
    """Whatever the facts, no name, subject or mark, and no button that would tell them (Q85)."""
    t = CATALOGUES.translator(language)
    one, other = (compose_text(parcel(*facts, discreet=True), t, key=KEY) for facts in DISCREET)
    assert (one.title, one.sections, one.short) == (other.title, other.sections, other.short)
    assert one.buttons == ()
    assert not any(word in f"{one} {other}" for word in ("Смирнов", "Аня", "Борис", "Алгебра", "Физика", "Химия"))
    assert sms_part_count(one.short) == 1


def test_english_has_its_own_words_and_plurals() -> None:
    """The second language says the same."""
    many = [(ANYA, MarkRecorded(f"Предмет {number}", DAY, "5")) for number in range(30)]
    text = compose_text(parcel(*many), ENGLISH, key=KEY)
    assert text.title == "Marks: Смирнова Аня Петровна"
    assert text.short.endswith(" more entries – in the journal or at the school")


@pytest.mark.parametrize(("count", "words"), [(1, "ещё 1 запись"), (2, "ещё 2 записи"), (5, "ещё 5 записей")])
def test_russian_counts_in_three_forms(count: int, words: str) -> None:
    """One, few and many take their own endings, also for 21 and 11."""
    assert RUSSIAN("notice.more", count).startswith(words)
    assert RUSSIAN("notice.more", count + 20).split()[2] == words.split()[2]
    assert RUSSIAN("notice.more", count + 10).split()[2] == "записей"


names = st.lists(
    st.text("абвгдежзийклмнопрстуфхцчшщыэюя", min_size=1, max_size=20).map(str.capitalize), min_size=1, max_size=3
).map(" ".join)
subjects = st.sampled_from(
    [
        "Алгебра",
        "ОБЖ",
        "Вероятность и статистика",
        "Основы безопасности и защиты Родины",
        "Родной (русский) язык и литературное чтение на родном языке",
        "Электротехника",
    ]
)
terms = st.sampled_from(["1 четверть", "2 полугодие", "3 триместр", "year", "exam", "final", ""])
values = st.sampled_from(["2", "5", "зач", "незач", "н/а", "осв"])
finals = st.builds(FinalMarkSet, subjects, terms, st.none() | values, st.none() | values)


@given(names, finals, st.booleans(), st.sampled_from(LANGUAGES))
def test_one_result_fits_one_sms(name: str, final: FinalMarkSet, repeated: bool, language: str) -> None:  # noqa: FBT001  Hypothesis gives it
    """However long name, term and subject are, a result is one Cyrillic part of 70 characters (R6, Q91)."""
    text = compose_text(parcel(((5, name), final), repeated=repeated), CATALOGUES.translator(language), key=KEY)
    assert len(text.short) <= ONE_PART


marks = st.builds(MarkRecorded, subjects, st.just(DAY), values)


@given(st.lists(st.tuples(st.sampled_from([ANYA, BORIS]), finals | marks), min_size=2, max_size=60))
def test_no_result_is_dropped_in_silence(facts: list[tuple[About, Notice]]) -> None:
    """What has no place in ten parts is counted; ordinary news take up to three."""
    text = composed(*facts)
    results = sum(notice.kind in R6_KINDS for _, notice in facts)
    assert sms_part_count(text.short) <= (10 if results else 3)
    left = int(text.short.rpartition("ещё ")[2].split()[0]) if "ещё " in text.short else 0
    assert _facts_in(text.short, left) == len(facts)


def _facts_in(short: str, left: int) -> int:
    said = short.rpartition("; ещё ")[0] if left else short
    return sum(len(clause.split(": ", 1)[1].split(", ")) for clause in said.split("; ")) + left


@given(st.data())
def test_the_same_facts_give_the_same_text(data: st.DataObject) -> None:
    """The order in which the outbox hands them out does not matter, so the ledger's hash can be checked later (Q76)."""
    facts = data.draw(st.lists(st.tuples(st.sampled_from([ANYA, BORIS]), finals | marks), min_size=1, max_size=8))
    whole = parcel(*facts)
    shuffled = replace(whole, items=tuple(data.draw(st.permutations(whole.items))))
    assert digest_of_parcel_text(compose_text(whole, RUSSIAN, key=KEY)) == digest_of_parcel_text(
        compose_text(shuffled, RUSSIAN, key=KEY)
    )


def test_the_hash_is_of_the_words() -> None:
    """Another word is another hash; the attempt's number in a button is not."""
    four, five = (composed((ANYA, FinalMarkSet("Алгебра", "год", value))) for value in "45")
    again = compose_text(parcel((ANYA, FinalMarkSet("Алгебра", "год", "4")), attempt_id=10), RUSSIAN, key=KEY)
    assert digest_of_parcel_text(four) != digest_of_parcel_text(five)
    assert digest_of_parcel_text(four) == digest_of_parcel_text(again)
    assert len(digest_of_parcel_text(four)) == 64


@pytest.mark.parametrize(
    ("name", "short"), [("Смирнова Аня Петровна", "Аня С."), ("Ким Ён", "Ён К."), ("Мадонна", "Мадонна")]
)
def test_a_name_is_shortened_as_friends_do(name: str, short: str) -> None:
    """The given name and the surname's first letter."""
    assert short_name_for_text(name) == short


@pytest.mark.parametrize(
    ("width", "short"), [(24, "Вероятность и статистика"), (16, "Вер. и стат."), (6, "Вероя."), (3, "Ве.")]
)
def test_a_subject_is_cut_after_a_consonant(width: int, short: str) -> None:
    """A cut word ends as Russian abbreviations do, whatever room there is."""
    assert abbreviated_short_text("Вероятность и статистика", width) == short
