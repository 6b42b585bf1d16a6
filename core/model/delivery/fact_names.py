"""Names of the facts that notices are about. Notices about one fact have one name and can be found by it."""

from datetime import date, datetime


def entry_fact_name(subject_id: int, on: date) -> str:
    """A cell of the journal, not an entry, since an entry that an import has just recorded has no id yet."""
    return f"entry:{subject_id}:{on.isoformat()}"


def period_mark_fact_name(period_mark_id: int) -> str:
    """All versions of a final mark are about one fact."""
    return f"period_mark:{period_mark_id}"


def deferral_fact_name(deferral_id: int) -> str:
    return f"deferral:{deferral_id}"


def ending_deferrals_fact_name(class_id: int, due_on: date) -> str:
    """The reminders to staff of a class's deferrals that run out on a day."""
    return f"deferrals_ending:{class_id}:{due_on.isoformat()}"


def exam_result_fact_name(exam_result_id: int) -> str:
    """All versions of an exam result are about one fact."""
    return f"exam_result:{exam_result_id}"


def finished_term_fact_name(year_id: int, term: str) -> str:
    """That a student has all final marks of a term, which is told once."""
    return f"finished_term:{year_id}:{term}"


def missing_finals_fact_name(term: str, class_id: int, subject_id: int) -> str:
    """The reminders to a teacher of the marks that a class lacks in a subject of a term."""
    return f"missing_finals:{term}:{class_id}:{subject_id}"


def lesson_change_fact_name(lesson_change_id: int) -> str:
    return f"lesson_change:{lesson_change_id}"


def broadcast_fact_name(broadcast_id: int) -> str:
    """All notices of a broadcast are about one fact, its reminders included."""
    return f"broadcast:{broadcast_id}"


def recommendation_fact_name(recommendation_id: int) -> str:
    return f"recommendation:{recommendation_id}"


def homework_fact_name(due_on: date) -> str:
    """All homework that is due on a day."""
    return f"homework:{due_on.isoformat()}"


def control_works_fact_name(on: date) -> str:
    """All control works of a day."""
    return f"control_works:{on.isoformat()}"


def forecast_fact_name(term: str, on: date) -> str:
    """All forecasts of a term that are told on a day."""
    return f"forecast:{term}:{on.isoformat()}"


def untold_results_fact_name(kind: str, warned_at: datetime) -> str:
    """One warning about results of a kind that are late or about to be."""
    return f"untold:{kind}:{warned_at.isoformat()}"


def rejections_fact_name(channel: str) -> str:
    """All warnings about a channel that refuses messages."""
    return f"rejected:{channel}"


def guessed_codes_fact_name(on: date) -> str:
    """The warning about guessed one-time codes, one a day."""
    return f"codes_guessed:{on.isoformat()}"


def ownership_fact_name(contact_id: int) -> str:
    """All codes that are sent to prove a contact."""
    return f"ownership:{contact_id}"


def adulthood_fact_name(student_id: int) -> str:
    """The word to a family about the 18th birthday."""
    return f"of_age:{student_id}"


def adulthood_reminder_fact_name(group: str, on: date) -> str:
    """The word to the office about a class's 18th birthdays of a day."""
    return f"of_age:{group}:{on.isoformat()}"


def differing_results_fact_name(on: date) -> str:
    """The warning that results and obligations are not equal, on a day."""
    return f"results_differ:{on.isoformat()}"


def waiting_contacts_fact_name(class_id: int, on: date) -> str:
    """The weekly word to a class teacher about contacts that wait."""
    return f"contacts_waiting:{class_id}:{on.isoformat()}"


def waiting_pages_fact_name(class_id: int, told_at: datetime) -> str:
    """One word to a class teacher about pages that wait."""
    return f"pages:{class_id}:{told_at.isoformat()}"


def weekly_extract_fact_name(on: date) -> str:
    """The extracts of a printing day."""
    return f"extract:{on.isoformat()}"


def left_pages_fact_name(class_id: int, on: date) -> str:
    """The weekly word about extracts that were not handed over."""
    return f"pages_left:{class_id}:{on.isoformat()}"


def unreached_students_fact_name(on: date) -> str:
    """The warning about students whom no channel reaches, on a day."""
    return f"unreached:{on.isoformat()}"


def due_erasures_fact_name(on: date) -> str:
    """The reminder to the secretary of what is to be destroyed soon."""
    return f"erasures_due:{on.isoformat()}"


def expiring_consents_fact_name(on: date) -> str:
    """The reminder to the secretary of consents that expire soon."""
    return f"consents_expiring:{on.isoformat()}"


def expiring_consent_fact_name(entry_id: int) -> str:
    """The reminder to whoever signed a consent, one for each entry."""
    return f"consent_expiring:{entry_id}"


def silent_source_fact_name(on: date) -> str:
    """The warning that no marks came on a school day."""
    return f"silent_source:{on.isoformat()}"


def faulty_copy_fact_name(on: date) -> str:
    """The warning that a nightly copy was not written or cannot be restored."""
    return f"faulty_copy:{on.isoformat()}"
