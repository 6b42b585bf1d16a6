"""Topic, homework, control works and recommendations that a teacher gives, with the norms they break."""

from collections.abc import Sequence
from datetime import date
from typing import assert_never

from bot.screens.dates import relative_screen_date, screen_date, weekday_screen_date
from bot.screens.frame import clip_to_screen_frame, screen_frame_button_label
from bot.screens.marks.gradebook import CONTROL, HOMEWORK, GradebookScreenDesk, gradebook_screen_back_button
from bot.screens.schoolwork.homework import homework_screen_text_chunks
from bot.screens.screen import Screen, fit_on_screen_page, screen_bold, screen_button_rows, screen_text
from core.model.delivery.text import Button
from core.model.marks.gradebook import GradebookRow
from core.model.schoolwork.control_works import Caution, ControlWork, WorkloadRule
from core.model.schoolwork.homework import AssignedHomework, Homework
from core.model.schoolwork.recommendations import Audience
from core.ports import Translator
from core.rules.conversation.buttons import Handle

RECALL, REWRITE, MORE, CALL_OFF, ADVISE = "trecall", "trewrite", "tmore", "tcalloff", "tadvise"

AUDIENCES = tuple(Audience)

MOST_GIVEN = 12
"""So many homeworks or control works get a button each."""


def giving_topic_screen(desk: GradebookScreenDesk) -> Screen:
    """Asks for the lesson's topic."""
    return _asked(desk, desk.t("teaching.topic_asked"))


def giving_homework_screen(
    desk: GradebookScreenDesk, due_on: date, days: Sequence[date], given: Sequence[AssignedHomework]
) -> Screen:
    """Asks for homework: words, a photo or a file. Buttons choose another day.

    Homework that is due on that day already is listed, with a button for each.
    """
    t = desk.t
    question = t("teaching.homework_asked", due=relative_screen_date(due_on, desk.today, t))
    lines = [f"• {screen_text(_homework_words(homework))}" for homework in given]
    open_each = [
        (desk.button(screen_frame_button_label(f"✎ {_homework_words(homework)}"), REWRITE, homework.homework.id),)
        for homework in given[:MOST_GIVEN]
    ]
    already = ["", t("teaching.given_already"), *lines] if given else []
    return _asked(desk, question, *open_each, *_days(desk, HOMEWORK, days), more=already)


def giving_opened_homework_screen(desk: GradebookScreenDesk, given: Homework) -> Screen:
    """Shows a homework; the next words replace it, a button withdraws it."""
    t = desk.t
    current = [
        t(
            "teaching.homework_is",
            due=weekday_screen_date(given.due_on, t),
            text=screen_text(clip_to_screen_frame(given.text or t("homework.in_files"))),
        ),
        "",
    ]
    return _asked(desk, t("teaching.rewrite_asked"), (_recall(desk, given.id),), before=current)


def giving_homework_done_screen(
    desk: GradebookScreenDesk, homework_id: int, *, due_on: date, text: str, files: int, cautions: Sequence[Caution]
) -> Screen:
    """Confirms the homework and its new files, with the norms it breaks and buttons to withdraw or change it."""
    t = desk.t
    words = screen_text(clip_to_screen_frame(text)) if text.strip() else t("homework.in_files")
    done = t("teaching.homework_given", due=weekday_screen_date(due_on, t), text=words)
    if files:
        done += "\n" + t("teaching.files_added", files)
    if not text.strip():
        done += "\n" + t("teaching.words_may_follow")
    change = desk.button(t("teaching.change"), REWRITE, homework_id)
    return _done(desk, done, cautions, _recall(desk, homework_id), change)


def giving_no_homework_screen(desk: GradebookScreenDesk) -> Screen:
    """The words say that there is no homework («не задано»), so nothing was given (Q23)."""
    return _asked(desk, desk.t("teaching.no_task"))


def giving_control_work_screen(
    desk: GradebookScreenDesk, on: date, days: Sequence[date], planned: Sequence[ControlWork]
) -> Screen:
    """Asks for kind and topic of a control work; lists the planned ones with buttons to withdraw them."""
    t = desk.t
    lines = [f"• {screen_text(clip_to_screen_frame(_planned(work, t)))}" for work in planned]
    call_off = [
        Button(t("teaching.call_off_on", on=weekday_screen_date(work.on, t)), desk.seal(Handle(CALL_OFF, (work.id,))))
        for work in planned[:MOST_GIVEN]
    ]
    already = ["", t("teaching.planned_already"), *lines] if planned else []
    question = t("teaching.control_asked", on=relative_screen_date(on, desk.today, t))
    return _asked(desk, question, *screen_button_rows(call_off, width=2), *_days(desk, CONTROL, days), more=already)


def giving_planned_work_screen(
    desk: GradebookScreenDesk, work_id: int, *, on: date, words: str, cautions: Sequence[Caution]
) -> Screen:
    """Confirms the control work, with the norms it breaks (Q20); buttons withdraw or keep it."""
    t = desk.t
    done = t("teaching.control_planned", on=weekday_screen_date(on, t), work=screen_text(clip_to_screen_frame(words)))
    return _done(desk, done, cautions, Button(t("teaching.call_off"), desk.seal(Handle(CALL_OFF, (work_id,)))))


def giving_no_control_screen(desk: GradebookScreenDesk, until: date) -> Screen:
    """Refused: a first grade writes no control works in the first half of the year (Q26)."""
    return _asked(desk, desk.t("teaching.first_half", until=screen_date(until)))


def giving_recommendation_screen(desk: GradebookScreenDesk, line: GradebookRow) -> Screen:
    """Asks for a recommendation about this student."""
    words = [screen_bold(line.name), screen_text(desk.name), "", desk.t("teaching.advice_asked")]
    return Screen("\n".join(words), ((gradebook_screen_back_button(desk),),))


def giving_recommendation_check_screen(desk: GradebookScreenDesk, line: GradebookRow, text: str) -> Screen:
    """Shows the recommendation before it is sent and asks for whom it is."""
    t = desk.t
    buttons = [
        desk.button(t(f"teaching.to_{audience}"), ADVISE, line.student_id, place)
        for place, audience in enumerate(AUDIENCES)
    ]
    head = [screen_bold(line.name), screen_text(desk.name), "", t("teaching.to_whom"), ""]
    page = fit_on_screen_page(head, map(screen_text, homework_screen_text_chunks(text)), more=t("teaching.more"))
    return Screen(page, (*screen_button_rows(buttons, width=1), (gradebook_screen_back_button(desk),)))


def _homework_words(given: AssignedHomework) -> str:
    """The text of a homework; the names of its files where it has none."""
    return clip_to_screen_frame(given.homework.text or ", ".join(file.name for file in given.files))


def _planned(work: ControlWork, t: Translator) -> str:
    return ", ".join(filter(None, [f"{weekday_screen_date(work.on, t)} {work.work_kind}", work.topic]))


def _recall(desk: GradebookScreenDesk, homework_id: int) -> Button:
    return Button(desk.t("teaching.recall"), desk.seal(Handle(RECALL, (homework_id,))))


def _asked(
    desk: GradebookScreenDesk,
    question: str,
    *buttons: tuple[Button, ...],
    before: Sequence[str] = (),
    more: Sequence[str] = (),
) -> Screen:
    head = [screen_bold(desk.name), screen_text(desk.day), "", *before, question]
    return Screen(
        fit_on_screen_page(head, more, more=desk.t("teaching.more")), (*buttons, (gradebook_screen_back_button(desk),))
    )


def _done(desk: GradebookScreenDesk, done: str, cautions: Sequence[Caution], *changes: Button) -> Screen:
    t = desk.t
    warnings = [f"⚠ {_workload_caution(caution, t)}" for caution in cautions]
    decide = [t("teaching.keep_or_not")] if warnings else []
    label = t("teaching.keep") if warnings else t("teaching.back")
    text = fit_on_screen_page([screen_bold(desk.name), "", done], [*warnings, *decide], more=t("teaching.more"))
    return Screen(text, (changes, (Button(label, gradebook_screen_back_button(desk).data),)))


def _workload_caution(caution: Caution, t: Translator) -> str:
    """The sentence for a broken norm; it names the rule (Q20, Q25)."""
    on = screen_date(caution.on) if caution.on else ""
    match caution.rule:
        case WorkloadRule.ONE_A_DAY:
            return t("teaching.caution_one_a_day", subject=screen_text(caution.subject or ""))
        case WorkloadRule.INTERVAL:
            return t("teaching.caution_interval", on=on, group=screen_text(caution.group or ""))
        case WorkloadRule.SHARE:
            return t("teaching.caution_share", count=caution.count, limit=caution.limit)
        case WorkloadRule.EDGE_LESSON:
            return t("teaching.caution_edge_lesson", number=caution.number)
        case WorkloadRule.HOMEWORK:
            return t("teaching.caution_homework", count=caution.count, limit=caution.limit)
        case _:
            assert_never(caution.rule)


def _days(desk: GradebookScreenDesk, door: str, days: Sequence[date]) -> tuple[tuple[Button, ...], ...]:
    """Buttons for other days; the last number of a button is the chosen day."""
    buttons = [desk.button(weekday_screen_date(day, desk.t), door, day.toordinal()) for day in days]
    return screen_button_rows(buttons, width=3)
