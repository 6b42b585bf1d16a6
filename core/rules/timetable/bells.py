"""When lessons begin and end: bell variants, and which variant counts for a class on a date."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, time

from core.model.timetable import DayLesson, Plan

DEFAULT_START = time(8)
"""The start of a lesson whose bell is unknown."""

Times = tuple[time | None, time | None]

UNKNOWN: Times = (None, None)


@dataclass(frozen=True, slots=True)
class BellTimes:
    """The times of a plan's bells by variant and lesson number, and the chosen variants: shifts, short days (Q16)."""

    times: dict[tuple[str, int], Times]
    choices: dict[tuple[int | None, date | None], str]

    @classmethod
    def of_plan(cls, plan: Plan) -> "BellTimes":
        """The bell times of a plan."""
        times: dict[tuple[str, int], Times] = {
            (bell.variant, bell.number): (bell.starts_at, bell.ends_at) for bell in plan.bells
        }
        return cls(times, {(choice.group_id, choice.on): choice.variant for choice in plan.bell_choices})

    def variant(self, group_ids: Sequence[int], on: date) -> str:
        """The variant of the most exact choice: group and date, date alone, group alone, else the usual bells («»)."""
        of_date = [(group_id, on) for group_id in group_ids]
        always = [(group_id, None) for group_id in group_ids]
        keys: list[tuple[int | None, date | None]] = [*of_date, (None, on), *always]
        return next((self.choices[key] for key in keys if key in self.choices), "")

    def with_times(self, lesson: DayLesson, on: date, classes: Collection[int]) -> DayLesson:
        """The lesson with its times: those of the diary, else by the bells of its group or class."""
        if lesson.starts_at is not None:
            return lesson
        variant = self.variant([lesson.group_id, *sorted(classes)], on)
        starts_at, ends_at = self.times.get((variant, lesson.number), UNKNOWN)
        if (starts_at, ends_at) == (lesson.starts_at, lesson.ends_at):
            return lesson
        return replace(lesson, starts_at=starts_at, ends_at=ends_at)
