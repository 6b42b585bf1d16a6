"""A whole year of days is the same, however it is computed."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.model.timetable import ChangeKind, Holiday, NamedLessonChange, NamedTemplateLesson, Place
from core.rules.timetable.days import timetable_days
from core.rules.timetable.many_days import many_timetable_days
from tests.support.schools.plans import (
    CLASS,
    FIRST,
    HALF,
    SUBJECTS,
    holidays,
    lesson_change,
    plan,
    template_lesson,
    templates,
)  # fmt: skip

LAST = FIRST + timedelta(45)


@st.composite
def changes(draw: st.DrawFn) -> list[NamedLessonChange]:
    """Any changes, of lessons that exist or not, one after another."""
    found = []
    for id_ in range(draw(st.integers(0, 6))):
        on = FIRST + timedelta(draw(st.integers(0, 44)))
        kind = draw(st.sampled_from([*ChangeKind]))
        to = (FIRST + timedelta(draw(st.integers(0, 44))), draw(st.integers(1, 3))) if kind is ChangeKind.MOVE else None
        new = draw(st.sampled_from([None, *SUBJECTS])) if kind is ChangeKind.SUBSTITUTION else None
        lesson = draw(st.integers(1, 2)), draw(st.sampled_from([*SUBJECTS]))
        found.append(lesson_change(on, *lesson, kind, new_subject_id=new, new_teacher_id=9, to=to, id_=id_))
    return found


@given(templates(), changes(), holidays())
def test_a_year_of_usual_weeks_is_computed_once(
    template: list[NamedTemplateLesson], made: list[NamedLessonChange], free: list[Holiday]
) -> None:
    """Two weeks, holidays, changes, a subgroup: lesson for lesson as the day engine has it (Q18)."""
    english = template_lesson(1, 1, 2, group=HALF, id_=99)
    of_class = plan([*template, english], made, free, [Place(CLASS), Place(HALF, None, FIRST + timedelta(30))])
    expected = timetable_days(of_class, since=FIRST, until=LAST)
    assert many_timetable_days(of_class, since=FIRST, until=LAST) == expected
    withdrawn = [replace(each, change=replace(each.change, withdrawn_at=each.change.made_at)) for each in made]
    usual = replace(of_class, changes=withdrawn)
    assert many_timetable_days(usual, since=FIRST, until=LAST) == timetable_days(usual, since=FIRST, until=LAST)
