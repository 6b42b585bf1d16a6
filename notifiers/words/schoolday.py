"""Notices about lessons, announcements, homework, control works and advice in words (Q17, Q19, Q23, Q24)."""

from core.model.channels import channel_name
from core.model.delivery.text import NoticeInWords
from core.model.notices.family import (
    Announcement,
    ControlWorkAhead,
    HomeworkDue,
    LessonChanged,
    RecommendationGiven,
    WeeklyExtract,
)
from core.model.timetable import ChangeKind
from core.ports import Translator
from core.rules.people.initials import with_initials
from notifiers.words.sentences import (
    old_to_new_sentence,
    one_line_sentence,
    sentence_in_brackets,
    truncate_sentence,
    uncapitalised_sentence,
    weekday_in_sentence,
)

_LONGEST_TOPIC = 100


def lesson_change_notice_words(notice: LessonChanged, t: Translator) -> NoticeInWords:
    """The lesson as planned, then its change, old → new. A changed subject is named in the change only."""
    lesson = (
        t("notice.lesson", number=notice.number, subject=one_line_sentence(notice.subject))
        if notice.new_subject is None or notice.called_off
        else t("notice.number", number=notice.number)
    )
    full, brief, named = (_change_words(notice, t, teacher) for teacher in (_teacher_words(notice, t), "", _by(notice)))
    return NoticeInWords(lesson, weekday_in_sentence(notice.on, t), full, brief, named)


def announcement_notice_words(notice: Announcement, t: Translator) -> NoticeInWords:
    """The author's text with its lines, the name of a file that cannot be attached, and the signature."""
    lines = [one_line_sentence(line) for line in notice.text.splitlines() if line.strip()]
    brief = one_line_sentence(notice.text)
    if notice.file is not None:
        lines.append(_missing_words(notice.file, notice.file_channel, t))
        lines += [_missing_words(file.name, file.channel, t) for file in notice.more_files]
        brief = _missing_in_brief(brief, notice.file_channel, t)
    signed = t("notice.signed", author=with_initials(one_line_sentence(notice.author)), on=notice.on)
    return NoticeInWords("", "", "\n".join([*lines, signed]), brief)


def homework_notice_words(notice: HomeworkDue, t: Translator) -> NoticeInWords:
    text = one_line_sentence(notice.text) or t("homework.in_files")
    files = t("notice.files", notice.files) if notice.files else ""
    missing = [_missing_words(file.name, file.channel, t) for file in notice.more_files]
    whole = "\n".join([text + sentence_in_brackets([files]), *missing])
    return NoticeInWords(
        one_line_sentence(notice.subject), t("notice.due", day=weekday_in_sentence(notice.on, t)), whole, text
    )


def _missing_words(name: str, channel: str | None, t: Translator) -> str:
    """Where a file is that this message does not bring; old notices do not know the channel."""
    if channel is None:
        return t("notice.file_at_author", name=one_line_sentence(name))
    return t("notice.attached", name=one_line_sentence(name), channel=channel_name(channel, t))


def _missing_in_brief(text: str, channel: str | None, t: Translator) -> str:
    if channel is None:
        return t("notice.file_at_author_brief", text=text)
    return t("notice.attached_brief", text=text, channel=channel_name(channel, t))


def control_work_notice_words(notice: ControlWorkAhead, t: Translator) -> NoticeInWords:
    kind = uncapitalised_sentence(one_line_sentence(notice.work_kind))
    topic = truncate_sentence(one_line_sentence(notice.topic or ""), _LONGEST_TOPIC)
    details = sentence_in_brackets([t("notice.topic", topic=topic) if topic else ""])
    return NoticeInWords(one_line_sentence(notice.subject), weekday_in_sentence(notice.on, t), kind + details, kind)


def recommendation_notice_words(notice: RecommendationGiven, t: Translator) -> NoticeInWords:
    subject = t("notice.in_general") if notice.subject is None else one_line_sentence(notice.subject)
    text = one_line_sentence(notice.text)
    author = with_initials(one_line_sentence(notice.author))
    return NoticeInWords(subject, t("notice.day", on=notice.on), text + sentence_in_brackets([author]), text)


def _change_words(notice: LessonChanged, t: Translator, teacher: str) -> str:
    """The change; `teacher` says who takes the lesson over, in as many words as there is room for."""
    if notice.called_off:
        return t("notice.called_off")
    room = _room_words(notice, t)
    match notice.change:
        case ChangeKind.SUBSTITUTION:
            subject = "" if notice.new_subject is None else _subject_words(notice.subject, notice.new_subject, t)
            return ", ".join(filter(None, (t("notice.substitution"), subject, teacher, room)))
        case ChangeKind.MOVE:
            return ", ".join(filter(None, (t("notice.move", place=_new_place(notice, t)), room)))
        case ChangeKind.CANCELLATION:
            return t("notice.cancelled")
        case ChangeKind.ROOM:
            return room


def extract_notice_words(notice: WeeklyExtract, t: Translator) -> NoticeInWords:
    """Where nothing is new; the facts stand in the contents of the page."""
    what = t("notice.nothing_new")
    return NoticeInWords(t("notice.extract"), weekday_in_sentence(notice.on, t), what, what)


def _subject_words(before: str, value: str, t: Translator) -> str:
    return old_to_new_sentence(one_line_sentence(before), one_line_sentence(value), t)


def _teacher_words(notice: LessonChanged, t: Translator) -> str:
    if notice.new_teacher is None:
        return ""
    before = None if notice.teacher is None else with_initials(one_line_sentence(notice.teacher))
    return old_to_new_sentence(before, _by(notice), t)


def _by(notice: LessonChanged) -> str:
    return "" if notice.new_teacher is None else with_initials(one_line_sentence(notice.new_teacher))


def _room_words(notice: LessonChanged, t: Translator) -> str:
    if notice.new_room is None:
        return ""
    return t("notice.room", rooms=old_to_new_sentence(notice.room, notice.new_room, t))


def _new_place(notice: LessonChanged, t: Translator) -> str:
    """The new place of a moved lesson; the day only where it differs."""
    day = "" if notice.new_on is None or notice.new_on == notice.on else weekday_in_sentence(notice.new_on, t)
    number = "" if notice.new_number is None else t("notice.number", number=notice.new_number)
    return ", ".join(filter(None, (day, number)))
