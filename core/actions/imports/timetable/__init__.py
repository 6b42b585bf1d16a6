"""Imports the tables of the timetable: template, changes, bells, holidays, periods, plan, lesson types."""
