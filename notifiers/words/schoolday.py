"""The school day in words: changed lessons, announcements, homework, control works, advice (Q17, Q19, Q23, Q24)."""

from core.model.notices import Announcement, ControlWorkAhead, HomeworkDue, LessonChanged, RecommendationGiven
from core.model.timetable import ChangeKind
from core.ports import Translator
from core.rules.people.names import with_initials
from notifiers.words.sentences import NoticeInWords, bracketed, changed, cut, plain, uncapitalised, weekday

_LONGEST_TOPIC = 100


def lesson_changed(notice: LessonChanged, t: Translator) -> NoticeInWords:
    """The lesson as planned, then what becomes of it: old → new; a subject that changes is named there only."""
    lesson = (
        t("notice.lesson", number=notice.number, subject=plain(notice.subject))
        if notice.new_subject is None or notice.called_off
        else t("notice.number", number=notice.number)
    )
    full, brief = (_change(notice, t, brief=brief) for brief in (False, True))
    return NoticeInWords(lesson, weekday(notice.on, t), full, brief)


def announcement(notice: Announcement, t: Translator) -> NoticeInWords:
    """The author's own words and lines, where the file is if it cannot be shown here, the signature."""
    lines = [plain(line) for line in notice.text.splitlines() if line.strip()]
    brief = plain(notice.text)
    if notice.file is not None:
        lines.append(t("notice.attached", name=plain(notice.file)))
        brief = t("notice.attached_brief", text=brief)
    signed = t("notice.signed", author=with_initials(plain(notice.author)), on=notice.on)
    return NoticeInWords("", "", "\n".join([*lines, signed]), brief)


def homework(notice: HomeworkDue, t: Translator) -> NoticeInWords:
    text = plain(notice.text)
    files = t("notice.files", notice.files) if notice.files else ""
    return NoticeInWords(
        plain(notice.subject), t("notice.due", day=weekday(notice.on, t)), text + bracketed([files]), text
    )


def control_work(notice: ControlWorkAhead, t: Translator) -> NoticeInWords:
    kind = uncapitalised(plain(notice.work_kind))
    topic = cut(plain(notice.topic or ""), _LONGEST_TOPIC)
    details = bracketed([t("notice.topic", topic=topic) if topic else ""])
    return NoticeInWords(plain(notice.subject), weekday(notice.on, t), kind + details, kind)


def recommendation(notice: RecommendationGiven, t: Translator) -> NoticeInWords:
    subject = t("notice.in_general") if notice.subject is None else plain(notice.subject)
    text = plain(notice.text)
    author = with_initials(plain(notice.author))
    return NoticeInWords(subject, t("notice.day", on=notice.on), text + bracketed([author]), text)


def _change(notice: LessonChanged, t: Translator, *, brief: bool) -> str:
    if notice.called_off:
        return t("notice.called_off")
    room = _room(notice, t)
    match notice.change:
        case ChangeKind.SUBSTITUTION:
            teacher = "" if brief else _teacher(notice, t)
            subject = "" if notice.new_subject is None else _subject(notice.subject, notice.new_subject, t)
            return ", ".join(filter(None, (t("notice.substitution"), subject, teacher, room)))
        case ChangeKind.MOVE:
            return ", ".join(filter(None, (t("notice.move", place=_new_place(notice, t)), room)))
        case ChangeKind.CANCELLATION:
            return t("notice.cancelled")
        case ChangeKind.ROOM:
            return room


def _subject(before: str, value: str, t: Translator) -> str:
    return changed(plain(before), plain(value), t)


def _teacher(notice: LessonChanged, t: Translator) -> str:
    if notice.new_teacher is None:
        return ""
    before = None if notice.teacher is None else with_initials(plain(notice.teacher))
    return changed(before, with_initials(plain(notice.new_teacher)), t)


def _room(notice: LessonChanged, t: Translator) -> str:
    if notice.new_room is None:
        return ""
    return t("notice.room", rooms=changed(notice.room, notice.new_room, t))


def _new_place(notice: LessonChanged, t: Translator) -> str:
    """Where a lesson moved: the day only where it is another one."""
    day = "" if notice.new_on is None or notice.new_on == notice.on else weekday(notice.new_on, t)
    number = "" if notice.new_number is None else t("notice.number", number=notice.new_number)
    return ", ".join(filter(None, (day, number)))
