"""The report of a period on a phone: in time, late and why, by channel (R6, Q75)."""

from collections.abc import Sequence
from datetime import tzinfo

from bot.screens.dates import screen_date_span
from bot.screens.delivery.hours import HOURS, REPORT, HoursScreenFrame
from bot.screens.delivery.ways import channel_way_on_screen
from bot.screens.results.exams import exam_screen_title
from bot.screens.screen import Screen, screen_bold, screen_text
from core.model.delivery.deadline_report import ChannelTimes, DeadlineReport, ReceiptCorrection
from core.ports import Translator
from core.rules.delivery import deadline_report as causes

SPANS = (7, 30)
"""Days that a report may cover on a phone."""

OWN_CAUSES = frozenset({causes.RECEIVED_LATE, causes.NOT_PRINTED, causes.NOT_SENT, causes.NO_EVIDENCE})


def delivery_report_screen(frame: HoursScreenFrame, report: DeadlineReport) -> Screen:
    """The figures, with buttons for other spans."""
    t = frame.t
    spans = [frame.button(t("report.days", days), REPORT, days) for days in SPANS]
    lines = map(screen_text, delivery_report_screen_lines(report, t, frame.zone))
    return Screen(
        "\n".join([screen_bold(t("report.title", dates=screen_date_span(report.since, report.until, t))), *lines]),
        (tuple(spans), (frame.button(t("hours.back"), HOURS, 0),)),
    )


def delivery_report_screen_lines(report: DeadlineReport, t: Translator, zone: tzinfo) -> Sequence[str]:
    """The report in words, a line a fact; what is zero and no news is left out."""
    lines = [t("report.total", count=report.total), t("report.in_time", count=report.in_time)]
    lines.append(t("report.late", count=report.late))
    lines += [f"   {_cause_words(cause, t)}: {count}" for cause, count in report.causes.items()]
    aside = {"late_open": report.late_open, "open": report.open}
    aside |= {"superseded": report.superseded, "waived": report.waived, "corrected": report.corrected}
    lines += [t(f"report.{name}", count=count) for name, count in aside.items() if count]
    if report.median is not None and report.p95 is not None:
        lines.append(t("report.times", median=_span_words(report.median, t), p95=_span_words(report.p95, t)))
    lines += [_channel_line(each, t) for each in report.channels]
    return [*lines, *(_correction_line(each, t, zone) for each in report.corrections)]


def _correction_line(correction: ReceiptCorrection, t: Translator, zone: tzinfo) -> str:
    was, to = (f"{each.astimezone(zone):%d.%m.%Y %H:%M}" for each in (correction.was, correction.to))
    exam, reason = exam_screen_title(correction.exam, t), correction.reason
    return t("report.correction", exam=exam, was=was, to=to, count=correction.results, reason=reason)


def _cause_words(cause: str, t: Translator) -> str:
    """Why results were late."""
    return t(f"report.cause.{cause}") if cause in OWN_CAUSES else t(f"reason.{cause}")


def _channel_line(times: ChannelTimes, t: Translator) -> str:
    return t(
        "report.channel",
        channel=channel_way_on_screen(times.channel, t),
        closed=times.closed,
        late=times.late,
        median=_span_words(times.median, t),
        p95=_span_words(times.p95, t),
    )


def _span_words(seconds: int, t: Translator) -> str:
    """«2 ч 05 мин», «3 мин», «40 с»."""
    hours, rest = divmod(seconds, 3600)
    if hours:
        return t("hours.span", hours=hours, minutes=rest // 60)
    return t("hours.minutes", minutes=rest // 60) if rest >= 60 else t("hours.seconds", seconds=rest)  # noqa: PLR2004  # a minute
