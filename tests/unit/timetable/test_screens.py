"""The school day as families read it: lessons with their changes, homework, control works, teachers, advice."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot.screens.frame import ScreenFrameLook
from bot.screens.schoolwork import control_works
from bot.screens.schoolwork import homework as tasks
from bot.screens.schoolwork import recommendations as recommendation_screens
from bot.screens.screen import LONGEST_PAGE, Screen
from bot.screens.timetable import days as day_screens
from bot.screens.timetable import year as year_screens
from core.model.schoolwork.control_works import ControlWork
from core.model.schoolwork.homework import AssignedHomework, Homework, HomeworkFile
from core.model.schoolwork.recommendations import Audience, ReadRecommendation, Recommendation
from core.model.timetable import Holiday, LessonState, SchoolDay, Teaching
from core.model.year import GroupKind
from core.rules.conversation.buttons import DAY, HOMEWORK, Handle
from tests.support.conversation.screens import EN, TODAY, frame, handle, labels, lesson, words_of

TOMORROW = TODAY + timedelta(days=1)
GIVEN = datetime(2026, 10, 12, 9, tzinfo=UTC)


def text_of(*lessons: Any, holiday: str | None = None) -> str:
    return words_of(day_screens.timetable_day_screen(frame(DAY), SchoolDay(TOMORROW, lessons, holiday)))


def test_a_day_shows_number_time_subject_room_teacher_and_subgroup() -> None:
    """Lesson 0 is a lesson like any other (Q16)."""
    english = lesson(1, "Английский язык", group="5А/1", room="12", teacher="Иванова Ирина Олеговна")
    said = text_of(lesson(0, "Алгебра"), english)
    assert said == (
        "**Белова Анна Кирилловна**\n**Расписание: завтра, чт 15.10**\n\n"
        "0. 08:00–08:40 **Алгебра**\n"
        "1. 09:00–09:40 **Английский язык** (5А/1), каб. 12, Иванова И. О."
    )


def test_a_lesson_without_bells_has_only_its_number() -> None:
    """Times are not invented (Q16)."""
    assert "\n2. **Физика**" in text_of(lesson(2, "Физика", starts_at=None, ends_at=None))


def test_a_substitution_shows_the_old_teacher_and_subject_struck_through() -> None:
    """Old → new (Q17)."""
    said = text_of(
        lesson(
            1, "Химия", LessonState.SUBSTITUTED, was_subject="Физика", was_teacher="Петров А. А.", teacher="Яшин Б. Б."
        )
    )
    assert "~~Физика~~ → **Химия**, ~~Петров А. А.~~ → Яшин Б. Б. (замена)" in said


def test_a_move_is_seen_at_both_ends() -> None:
    """Where it went and where it came from are different lines (Q17)."""
    away = text_of(lesson(1, "Физика", LessonState.MOVED_AWAY, moved=(date(2026, 10, 16), 3)))
    assert "~~Физика~~ → перенесён на пт 16.10, 3-й урок" in away
    here = text_of(lesson(3, "Физика", LessonState.MOVED_HERE, moved=(date(2026, 10, 14), 1)))
    assert "**Физика** (перенесён с ср 14.10, 1-й урок)" in here


def test_a_cancelled_lesson_and_another_room_stay_visible() -> None:
    """Nothing vanishes without a word (Q17)."""
    assert "~~Физика~~ – отменён" in text_of(lesson(1, "Физика", LessonState.CANCELLED))
    moved = lesson(2, "Химия", LessonState.ROOM_CHANGED, was_room="12", room="15")
    assert "**Химия**, каб. ~~12~~ → 15" in text_of(moved)


def test_a_holiday_is_named() -> None:
    """No lessons on holidays, and the family learns which they are (Q18, Q22)."""
    assert text_of(holiday="Осенние каникулы").endswith("**Осенние каникулы**: уроков нет.")


def test_a_week_is_told_day_by_day_in_short() -> None:
    """Days without lessons are left out; each day is one tap away (Q16)."""
    days = [SchoolDay(TODAY, (lesson(1, "Алгебра"),)), SchoolDay(TOMORROW, ())]
    shown = day_screens.timetable_days_screen(frame(day_screens.WEEKLY), days)
    assert words_of(shown).endswith("**Ср 14.10**\n1. 09:00–09:40 **Алгебра**")
    assert labels(shown)[:2] == [["Пн", "Вт", "Ср", "Чт", "Пт", "Сб"], ["‹ 05.10–11.10", "19.10–25.10 ›"]]
    assert handle(shown, "Чт") == Handle(DAY, (7, 20261015, 0, 0, 0))


def test_today_is_shown_until_its_last_lesson_has_ended() -> None:
    """Then the next day that has lessons; a cancelled last lesson ends nothing."""
    today = SchoolDay(TODAY, (lesson(1, "Алгебра"), lesson(5, "Труд", LessonState.CANCELLED)))
    days = [today, SchoolDay(TOMORROW, ()), SchoolDay(TOMORROW + timedelta(days=1), (lesson(1, "Химия"),))]
    assert day_screens.timetable_day_on_screen(days, time(9, 40)) is days[0]
    assert day_screens.timetable_day_on_screen(days, time(9, 41)) is days[2]
    assert day_screens.timetable_day_on_screen(days[:1], time(12)) is days[0]


def assigned(text: str, due_on: date = TOMORROW, **changes: Any) -> AssignedHomework:
    facts: dict[str, Any] = {
        "homework": Homework(1, 1, 3, due_on, text, given_by=5, given_at=GIVEN, withdrawn_at=None),
        "subject": "Алгебра",
        "teacher": "Иванова Ирина Олеговна",
        "was": None,
        "files": (),
    }
    return AssignedHomework(**facts | changes)


def homework(*found: AssignedHomework, since: date = TOMORROW, until: date = TOMORROW) -> Screen:
    return tasks.homework_screen(frame(HOMEWORK, ScreenFrameLook(7, since, until)), found, {3: "Алгебра"})


def test_homework_says_what_it_said_before_and_who_gave_it() -> None:
    """A change is visible as one (Q23)."""
    said = words_of(homework(assigned("№ 315 <a>", was="№ 312")))
    assert "**Домашнее задание: завтра, чт 15.10**" in said
    assert "**Алгебра**: № 315 <a>\n    _задано 12.10, Иванова И. О._\n    было: ~~№ 312~~" in said


def test_withdrawn_homework_stays_visible_as_such() -> None:
    """Struck through, with the word; nothing else of it is shown (Q23)."""
    gone = Homework(1, 1, 3, TOMORROW, "№ 315", given_by=5, given_at=GIVEN, withdrawn_at=GIVEN)
    assert "**Алгебра**: ~~№ 315~~ – отменено" in words_of(homework(assigned("", homework=gone)))


def test_each_file_of_a_homework_has_a_button() -> None:
    """Attachments are a tap away (Q96)."""
    file = HomeworkFile(44, 1, "задача & рисунок.pdf", "application/pdf", "kept", "telegram")
    shown = homework(assigned("№ 315", files=(file,)))
    assert "Файл: задача & рисунок.pdf" in words_of(shown)
    assert handle(shown, "Файл: задача & рисунок.pdf") == Handle(tasks.FILE, (44,))


def test_homework_of_several_days_stands_under_its_days() -> None:
    """A range is told day by day."""
    said = words_of(homework(assigned("№ 1", TODAY), assigned("№ 2"), since=TODAY))
    assert said.index("**Сегодня, ср 14.10**") < said.index("№ 1") < said.index("**Завтра, чт 15.10**")


def test_a_subject_leads_to_its_homework_and_back() -> None:
    """By subject over its dates, or all of them again (Q96)."""
    shown = homework(assigned("№ 315"))
    assert handle(shown, "Алгебра") == ScreenFrameLook(7, subject_id=3).handle(HOMEWORK)
    look = ScreenFrameLook(7, TODAY, TOMORROW, 3)
    of_subject = tasks.homework_screen(frame(HOMEWORK, look), [assigned("№ 315")], {3: "Алгебра"})
    assert handle(of_subject, "Все предметы") == ScreenFrameLook(7).handle(HOMEWORK)


def test_the_longest_homework_is_paged_and_nothing_of_it_is_lost() -> None:
    """Five thousand letters are shown in pieces (Q91)."""
    words = " ".join(str(number) for number in range(1000))
    pages = [
        words_of(
            tasks.homework_screen(
                frame(HOMEWORK, ScreenFrameLook(7, TOMORROW, TOMORROW, page=page)), [assigned(words)], {}
            )
        )
        for page in range(2)
    ]
    said = " ".join(pages).split()
    assert all(str(number) in said for number in range(1000))


def test_control_works_to_come_are_told_before_those_written() -> None:
    """Date, lesson, subject, kind and topic; those beyond the reporting period apart (Q19)."""
    works: Sequence[tuple[ControlWork, str]] = [
        (ControlWork(1, 1, 3, date(2026, 10, 1), None, "Диктант", None, 5, GIVEN, None), "Русский язык"),
        (ControlWork(2, 1, 3, TOMORROW, 3, "Контрольная работа", "Дроби", 5, GIVEN, None), "Алгебра"),
        (ControlWork(3, 1, 3, date(2026, 11, 6), None, "Диктант", None, 5, GIVEN, None), "Английский язык"),
    ]
    look = ScreenFrameLook(7, date(2026, 9, 1), date(2026, 10, 25))
    said = words_of(control_works.control_works_screen(frame(control_works.CONTROL, look), works, "1 четверть"))
    assert said.endswith(
        "**Контрольные работы: 1 четверть (01.09–25.10)**\n\n"
        "чт 15.10 **Алгебра** – Контрольная работа, 3-й урок, тема: Дроби\n\n"
        "**Дальше**\nпт 06.11 **Английский язык** – Диктант\n\n"
        "**Уже прошли**\nчт 01.10 **Русский язык** – Диктант"
    )


def test_the_longest_words_of_a_control_work_fit() -> None:
    """A teacher may type a whole message as the kind of work (Q91)."""
    longest = ControlWork(1, 1, 3, TOMORROW, 3, "<" * 4096, "&" * 4096, 5, GIVEN, None)
    said = words_of(control_works.control_works_screen(frame(control_works.CONTROL), [(longest, "Алгебра")], None))
    assert len(said) <= LONGEST_PAGE


def test_teachers_stand_under_the_four_ways_of_belonging() -> None:
    """Class, study group, stream, individual plan; the class teacher first (Q21)."""
    found = [
        Teaching(GroupKind.INDIVIDUAL, "Белова", "Физика", "Яшин Б. Б."),
        Teaching(GroupKind.STREAM, "10", "ОБЗР", "Юдин В. В."),
        Teaching(GroupKind.CLASS, "8Б", "Алгебра", "Иванова И. О."),
        Teaching(GroupKind.STUDY_GROUP, "8Б/1", "Английский язык", "Эрлих Г. Г."),
        Teaching(GroupKind.CLASS, "8Б", None, "Осипова Д. Д."),
    ]
    assert words_of(year_screens.year_teachers_screen(frame(year_screens.TEACHERS), found)).split("\n\n", 1)[1] == (
        "**Класс 8Б**\nКлассный руководитель: Осипова Д. Д.\nАлгебра: Иванова И. О.\n"
        "**Учебная группа 8Б/1**\nАнглийский язык: Эрлих Г. Г.\n"
        "**Поток 10**\nОБЗР: Юдин В. В.\n**Индивидуальный план: Белова**\nФизика: Яшин Б. Б."
    )


def test_the_next_holidays_say_how_far_they_are() -> None:
    """Past ones stay, the next ones are counted in days (Q22)."""
    found = [
        Holiday(1, 1, "День здоровья", date(2026, 9, 18), date(2026, 9, 18), None, None),
        Holiday(2, 1, "Осенние каникулы", date(2026, 10, 26), date(2026, 11, 3), None, None),
        Holiday(3, 1, "Зимние каникулы", date(2026, 12, 30), date(2027, 1, 8), None, None),
    ]
    assert words_of(year_screens.year_holidays_screen(frame(year_screens.HOLIDAYS), found)).split("\n\n", 1)[1] == (
        "пт 18.09 День здоровья\n**26.10–03.11 Осенние каникулы** – через 12 дней\n30.12–08.01 Зимние каникулы"
    )
    now = words_of(
        year_screens.year_holidays_screen(frame(year_screens.HOLIDAYS, today=date(2026, 10, 26), t=EN), found)
    )
    assert "**26.10–03.11 Осенние каникулы** – now" in now


def test_unread_advice_is_called_new() -> None:
    """Author, date, subject or in general, for whom, read or not (Q24)."""
    given = Recommendation(1, 7, None, 5, Audience.GUARDIAN, "Больше <читать>", GIVEN, None)
    new = ReadRecommendation(given, None, "Иванова Ирина Олеговна", None)
    said = words_of(recommendation_screens.recommendations_screen(frame(recommendation_screens.ADVICE), [new]))
    assert said.endswith("**Новая!** 12.10 **Общая**, Иванова И. О.\n_для родителей_\nБольше <читать>")
    read = words_of(
        recommendation_screens.recommendations_screen(
            frame(recommendation_screens.ADVICE), [ReadRecommendation(given, "Алгебра", "Иванова", GIVEN)]
        )
    )
    assert "Новая" not in read
