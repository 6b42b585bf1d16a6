"""Charts as PNG: marks over time, averages and chances by subject, risks of a class; each takes milliseconds."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import groupby
from pathlib import Path

from bot.documents.typesetting import typeset_document
from core.model.marks.entries import Entry, EntryKind
from core.ports import Translator
from core.rules.forecast.risks import RiskKind
from core.rules.marks import averages as mark_averages

_TEMPLATE = Path(__file__).with_name("charts.typ")
_RESOLUTION = 216  # pixels an inch: sharp on a phone, some 30 kB
_SHIFT = 0.025  # between two marks of the same day
_OF_A_DAY = 0.9  # of the width of a day, which its marks share
_STEPS = 4


def marks_chart(
    subject: str, entries: Sequence[Entry], t: Translator, *, class_mean: Fraction | None, name: str = ""
) -> bytes:
    """A PNG. Dots: marks, larger with their weight. Line: the exact average so far. Dashes: the class's average.

    It bears the child's name and the days of the marks. Raises ValueError without a score.
    """
    scores = [entry for entry in entries if entry.kind is EntryKind.SCORE]
    if not scores:
        raise ValueError("A chart needs a mark")
    return _png(
        {
            "kind": "marks",
            "title": subject,
            "of": _whose(name, scores),
            "value": _figure(_mean(scores), t),
            "legend": _legend(t, "mark", "mean", *(["class_mean"] if class_mean is not None else [])),
            "points": chart_mark_points(scores),
            "line": _line(scores),
            "ticks": chart_ticks(scores[0].on, scores[-1].on),
            "class_mean": None if class_mean is None else float(class_mean),
        }
    )


def averages_chart(
    subjects: Sequence[tuple[str, Sequence[Entry]]],
    t: Translator,
    *,
    class_means: Mapping[str, Fraction],
    name: str = "",
) -> bytes:
    """A PNG with a bar for each subject and a stroke at the class's average, if known. Each subject needs a score.

    It bears the child's name and the days of the marks.
    """
    bars = [
        {
            "subject": name,
            "mean": float(mean := _mean(entries)),
            "label": _figure(mean, t),
            "class_mean": float(class_means[name]) if name in class_means else None,
        }
        for name, entries in subjects
    ]
    legend = _legend(t, "mean", *(["class_mean"] if class_means else []))
    whose = _whose(name, [entry for _, entries in subjects for entry in entries])
    data: dict[str, object] = {"kind": "averages", "title": t("chart.title"), "of": whose, "value": None}
    return _png(data | {"legend": legend, "bars": bars})


def figures_chart(title: str, bars: Sequence[tuple[str, Fraction]], t: Translator, *, term: str = "") -> bytes:
    """A PNG with a bar for each class or subject and its average, of a term; there must be one."""
    data = [
        {"subject": name, "mean": float(mean), "label": _figure(mean, t), "class_mean": None} for name, mean in bars
    ]
    legend = _legend(t, "mean")
    return _png({"kind": "averages", "title": title, "of": term, "value": None, "legend": legend, "bars": data})


def chances_chart(
    title: str, rows: Sequence[tuple[str, Sequence[tuple[int, int]]]], t: Translator, *, name: str = ""
) -> bytes:
    """A PNG with a bar for each subject, divided by the chances of its marks in percent; there must be a subject."""
    bars = [
        {
            "subject": name,
            "sum": sum(percent for _, percent in chances),
            "parts": [{"mark": mark, "percent": percent} for mark, percent in chances if percent],
        }
        for name, chances in rows
    ]
    note = t("forecast.is_forecast")
    data: dict[str, object] = {
        "kind": "chances",
        "title": title,
        "of": name,
        "value": None,
        "legend": {},
        "bars": bars,
        "note": note,
    }
    return _png(data)


def risks_chart(title: str, rows: Sequence[tuple[str, Sequence[tuple[str, str, str]]]], t: Translator) -> bytes:
    """A PNG of students by subjects; a cell is a subject at risk: its kind, and a word for it. There must be one."""
    subjects = sorted({subject for _, cells in rows for subject, _, _ in cells})
    students = [
        {"name": name, "cells": {subject: {"kind": kind, "word": word} for subject, kind, word in cells}}
        for name, cells in rows
    ]
    kinds = {kind for _, cells in rows for _, kind, _ in cells}
    legend = {kind: t(f"risk.legend.{kind}") for kind in RiskKind if kind in kinds}
    data: dict[str, object] = {
        "kind": "risks",
        "title": title,
        "of": "",
        "value": None,
        "legend": legend,
        "subjects": subjects,
        "students": students,
        "note": t("forecast.is_forecast"),
    }
    return _png(data)


def chart_mark_points(scores: Sequence[Entry]) -> list[dict[str, object]]:
    """A point for each mark, with `x` from 0 to 1; those of one day stand side by side and within that day."""
    heaviest = max(entry.weight or 0 for entry in scores)
    days = max((scores[-1].on - scores[0].on).days, 1)
    return [
        {
            "x": _place(on, scores) + (number - (len(marks) - 1) / 2) * min(_SHIFT, _OF_A_DAY / days / len(marks)),
            "mark": int(entry.value),
            "size": float((entry.weight or 0) / heaviest) if heaviest else 1.0,
        }
        for on, of_day in groupby(scores, key=lambda entry: entry.on)
        for marks in [list(of_day)]
        for number, entry in enumerate(marks)
    ]


def _line(scores: Sequence[Entry]) -> list[dict[str, float]]:
    """The average up to each day that has marks."""
    days = sorted({entry.on for entry in scores})
    means = {on: _mean([entry for entry in scores if entry.on <= on]) for on in days}
    return [{"x": _place(on, scores), "mean": float(mean)} for on, mean in means.items()]


def _place(on: date, scores: Sequence[Entry]) -> float:
    first, last = scores[0].on, scores[-1].on
    return (on - first).days / max((last - first).days, 1)


def chart_ticks(first: date, last: date) -> list[dict[str, object]]:
    """About five dates on the axis, the first and the last included."""
    days = (last - first).days
    offsets = sorted({days * step // _STEPS for step in range(_STEPS + 1)})
    return [{"x": day / max(days, 1), "label": f"{first + timedelta(days=day):%d.%m}"} for day in offsets]


def _whose(name: str, scores: Sequence[Entry]) -> str:
    """«Ромашкина Дарья Ильинична · 01.09–22.10.2026»."""
    days = sorted(entry.on for entry in scores)
    span = f"{days[0]:%d.%m}–{days[-1]:%d.%m.%Y}" if days[0] < days[-1] else f"{days[0]:%d.%m.%Y}"
    return " · ".join(filter(None, (name, span)))


def _legend(t: Translator, *names: str) -> dict[str, str]:
    return {name: t(f"chart.{name}") for name in names}


def _figure(mean: Fraction, t: Translator) -> str:
    return mark_averages.format_average(mean, point=t("marks.point"))


def _mean(entries: Sequence[Entry]) -> Fraction:
    mean = mark_averages.weighted_average(entries)
    return Fraction(0) if mean is None else mean


def _png(data: dict[str, object]) -> bytes:
    return typeset_document(_TEMPLATE, data, format="png", ppi=_RESOLUTION)
