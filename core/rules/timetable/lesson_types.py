"""Which lessons of a day the type that a teacher names belongs to (Q60)."""

from core.model.marks.gradebook import LessonDay
from core.model.timetable import LessonType, Plan
from core.model.year import GroupKind
from core.rules.timetable.days import timetable_days


def unnamed_timetable_lesson_types(plan: Plan, lesson: LessonDay) -> list[LessonType]:
    """A type without a name for each held lesson of the group on that day and each class that its students come from.

    The table of types is kept by class, so a subgroup's lesson is named for the class (Q39).
    """
    classes = [
        school_class.id
        for place in plan.places
        if place.group.id == lesson.group_id
        for school_class in ([place.group] if place.group.kind is GroupKind.CLASS else place.classes)
    ]
    [day] = timetable_days(plan, since=lesson.on, until=lesson.on)
    held = {
        each.number
        for each in day.lessons
        if each.is_held and (each.group_id, each.subject_id) == (lesson.group_id, lesson.subject_id)
    }
    return [
        LessonType(0, class_id, lesson.subject_id, lesson.on, number, "", None, None)
        for number in sorted(held)
        for class_id in classes
    ]
