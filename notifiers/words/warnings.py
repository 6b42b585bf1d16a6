"""Warnings for staff in words: results about to be late (Q75), a channel that rejects, guessed codes (Q82)."""

from typing import assert_never

from core.model.channels import channel_name
from core.model.delivery.text import NoticeInWords
from core.model.notices.staff import (
    CodesGuessed,
    ConsentsExpiring,
    ContactsWaiting,
    CopyFaulty,
    DeferralsEnding,
    ErasuresDue,
    FinalMarksMissing,
    MarksMissing,
    MessagesRejected,
    PagesLeft,
    PagesToHandOut,
    ResultsDiffer,
    ResultsUntold,
    StaffNotice,
    StudentsComeOfAge,
    StudentsUnreached,
)
from core.ports import Translator
from notifiers.words.marks import mark_term_words
from notifiers.words.sentences import one_line_sentence, uncapitalised_sentence, weekday_in_sentence


def staff_warning_words(notice: StaffNotice, t: Translator) -> NoticeInWords:  # noqa: C901, PLR0911, PLR0912  # a case for each notice
    """The words of a notice to staff about their duties."""
    match notice:
        case ResultsUntold():
            return _late_results_warning(notice, t)
        case MessagesRejected():
            return _rejected_messages_warning(notice, t)
        case CodesGuessed():
            return _guessed_codes_warning(notice, t)
        case ErasuresDue():
            return _due_erasures_warning(notice, t)
        case ConsentsExpiring():
            return _expiring_consents_warning(notice, t)
        case DeferralsEnding():
            return _ending_deferrals_warning(notice, t)
        case FinalMarksMissing():
            return _missing_finals_reminder(notice, t)
        case ResultsDiffer():
            return _differing_results_warning(notice, t)
        case PagesLeft():
            return _left_pages_warning(notice, t)
        case StudentsUnreached():
            return _unreached_students_warning(notice, t)
        case PagesToHandOut():
            return _waiting_pages_warning(notice, t)
        case ContactsWaiting():
            return _waiting_contacts_warning(notice, t)
        case StudentsComeOfAge():
            return _coming_of_age_reminder(notice, t)
        case MarksMissing():
            return _missing_marks_warning(notice, t)
        case CopyFaulty():
            return _faulty_copy_warning(notice, t)
        case _:
            assert_never(notice)


def _late_results_warning(notice: ResultsUntold, t: Translator) -> NoticeInWords:
    """The deadline, the kind of result and how many; the names stand in the list of obligations."""
    term = "notice.deadline_passed" if notice.is_late else "notice.deadline_ends"
    when = t(term, day=weekday_in_sentence(notice.due, t), at=notice.due)
    what = t("notice.untold", notice.count)
    return NoticeInWords(uncapitalised_sentence(t(f"notice.heading_{notice.results}")), when, what, what)


def _rejected_messages_warning(notice: MessagesRejected, t: Translator) -> NoticeInWords:
    """Channel, start and number of addressees; nobody is named."""
    what = t("notice.rejected", notice.contacts)
    return NoticeInWords(channel_name(notice.channel, t), t("notice.rejected_since", at=notice.since), what, what)


def _guessed_codes_warning(notice: CodesGuessed, t: Translator) -> NoticeInWords:
    """How many wrong codes were entered, and that codes are refused for an hour."""
    what = t("notice.guessed", notice.count)
    return NoticeInWords(t("notice.codes"), weekday_in_sentence(notice.on, t), what, what)


def _ending_deferrals_warning(notice: DeferralsEnding, t: Translator) -> NoticeInWords:
    """The class, the last day and how many; the students are not named."""
    what = t("notice.deferrals_over" if notice.is_over else "notice.deferrals_ending", notice.count)
    return NoticeInWords(notice.group, weekday_in_sentence(notice.on, t), what, what)


def _missing_finals_reminder(notice: FinalMarksMissing, t: Translator) -> NoticeInWords:
    """The class, the subject, the term and how many; the students are on the page that a button opens."""
    what = t("notice.finals_missing", notice.count)
    where = f"{one_line_sentence(notice.group)} · {one_line_sentence(notice.subject)}"
    return NoticeInWords(where, mark_term_words(notice.term, t), what, what)


def _differing_results_warning(notice: ResultsDiffer, t: Translator) -> NoticeInWords:
    """How many differences there are; which they are says the command line."""
    what = t("notice.differ", notice.count)
    return NoticeInWords(t("notice.equality"), weekday_in_sentence(notice.on, t), what, what)


def _waiting_pages_warning(notice: PagesToHandOut, t: Translator) -> NoticeInWords:
    """The class, how many pages and until when; the students are not named."""
    when = t("notice.deadline_ends", day=weekday_in_sentence(notice.due, t), at=notice.due)
    what = t("notice.pages", notice.count)
    return NoticeInWords(notice.group, when, what, what)


def _left_pages_warning(notice: PagesLeft, t: Translator) -> NoticeInWords:
    """The class and the numbers of the extracts; the names stand in the register of the class."""
    what = t("notice.pages_left", notice.count, numbers=notice.numbers)
    return NoticeInWords(
        notice.group, weekday_in_sentence(notice.on, t), what, t("notice.pages_left_brief", notice.count)
    )


def _unreached_students_warning(notice: StudentsUnreached, t: Translator) -> NoticeInWords:
    """How many there are, and where to look: the clock queues the extracts."""
    what = t("notice.unreached", notice.count)
    return NoticeInWords(t("notice.without_channel"), weekday_in_sentence(notice.on, t), what, what)


def _due_erasures_warning(notice: ErasuresDue, t: Translator) -> NoticeInWords:
    """How many persons and until when; who they are says `vestnik erase`."""
    what = t("notice.erasures", notice.count)
    return NoticeInWords(t("notice.withdrawn_consents"), t("notice.until_day", on=notice.on), what, what)


def _expiring_consents_warning(notice: ConsentsExpiring, t: Translator) -> NoticeInWords:
    """How many consents expire and the first last day; whose they are says the register's export."""
    what = t("notice.consents_expiring", notice.count)
    return NoticeInWords(t("notice.consents"), t("notice.until_day", on=notice.on), what, what)


def _waiting_contacts_warning(notice: ContactsWaiting, t: Translator) -> NoticeInWords:
    """The class and how many; the families are on the list that a button opens."""
    what = t("notice.contacts_waiting", notice.count)
    return NoticeInWords(notice.group, weekday_in_sentence(notice.on, t), what, what)


def _coming_of_age_reminder(notice: StudentsComeOfAge, t: Translator) -> NoticeInWords:
    """The class, the day and how many; the students are not named."""
    what = t("notice.adults", notice.count)
    return NoticeInWords(notice.group, t("notice.day", on=notice.on), what, what)


def _missing_marks_warning(notice: MarksMissing, t: Translator) -> NoticeInWords:
    """Until which hour no mark came, and when a file was last imported."""
    what = t("notice.marks_missing", by=notice.due)
    last = notice.imported_at
    when = t("notice.imported_last", day=weekday_in_sentence(last, t), at=last) if last else t("notice.imported_never")
    return NoticeInWords(t("notice.silence"), weekday_in_sentence(notice.on, t), f"{what}. {when}", what)


def _faulty_copy_warning(notice: CopyFaulty, t: Translator) -> NoticeInWords:
    """What is wrong with the copy of the night, and what to do."""
    what = t("notice.copy_faulty" if notice.is_written else "notice.copy_unwritten")
    return NoticeInWords(t("notice.copy"), weekday_in_sentence(notice.on, t), what, what)
