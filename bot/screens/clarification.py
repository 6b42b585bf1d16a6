"""Questions back to the person, where a question may mean several things."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.questions.model import Question
from bot.screens.dates import screen_date_span
from bot.screens.frame import MENU, screen_frame_button_label
from bot.screens.notes import screen_note_quotation
from bot.screens.screen import Screen, Seal, screen_button_rows, screen_text
from core.model.delivery.text import Button
from core.model.people import Role, Speaker
from core.ports import Translator
from core.rules.conversation.buttons import Handle


@dataclass(frozen=True, slots=True)
class Option:
    """A button that opens the door of one meaning."""

    label: str
    handle: Handle


def subject_clarification_screen(options: Sequence[Option], t: Translator, seal: Seal) -> Screen:
    """Asks which subject is meant: «математика» may be algebra or geometry."""
    return Screen(t("choosing.subject"), screen_button_rows(_buttons(options, seal), width=2))


def meaning_clarification_screen(options: Sequence[Option], question: Question, t: Translator, seal: Seal) -> Screen:
    """Asks what is meant, and says what was understood and what was not (Q113)."""
    return Screen(_what_is_unclear(question, t), screen_button_rows(_buttons(options, seal), width=2))


def _what_is_unclear(question: Question, t: Translator) -> str:
    """Of a child who is not the asker's nothing is said."""
    if question.of_others:
        return t("choosing.others")
    if question.untaught:
        return _untaught(question, screen_note_quotation(question.untaught), t)
    if question.bad_dates:
        return t("choosing.bad_date")
    if unknown := question.about or question.unread:
        key = "choosing.not_announced" if question.about else "choosing.unread"
        return t(key, words=screen_note_quotation(unknown))
    about = [*question.subjects]
    if question.since and question.until:
        about.append(screen_date_span(question.since, question.until, t))
    if about:
        return t("choosing.about", about=screen_text(", ".join(about)))
    return t("choosing.which") if question.maybe else t("choosing.unclear")


def _untaught(question: Question, words: str, t: Translator) -> str:
    """«Такого предмета в школе нет: «астрономии». Физика: что показать?»: a known subject stays."""
    if not question.subjects:
        return t("choosing.untaught", subject=words)
    asked = t("choosing.about", about=screen_text(", ".join(question.subjects)))
    return f"{t('answer.no_such_subject', subject=words)} {asked}"


def part_clarification_screen(options: Sequence[Option], t: Translator, seal: Seal) -> Screen:
    """Several children or subjects are meant: one after the other by buttons."""
    return Screen(t("choosing.part"), screen_button_rows(_buttons(options, seal), width=2))


def joined_clarification_screen(
    answers: Sequence[Screen], options: Sequence[Option], t: Translator, seal: Seal, *, above: str
) -> Screen:
    """Several answers as one message, with a button for each: what answers stands first, then the tables (Q110, Q113).

    `above`: a line that compares them; "" for none.
    """
    parts = [answer.text.partition("\n\n") for answer in answers]
    lines = "\n".join(filter(None, (above, *(line for line, _, _ in parts))))
    tables = [table for _, _, table in parts if table]
    menu = (Button(t("menu.open"), seal(Handle(MENU))),)
    return Screen("\n\n".join((lines, *tables)), (*screen_button_rows(_buttons(options, seal), width=2), menu))


def speaker_clarification_screen(options: Sequence[Option], t: Translator, seal: Seal) -> Screen:
    """Asks who of the persons of a shared chat is asking."""
    return Screen(t("choosing.whose"), screen_button_rows(_buttons(options, seal), width=1))


def clarification_screen_names(speakers: Sequence[Speaker], t: Translator, *, is_discreet: bool) -> Sequence[str]:
    """Full names; where two are alike, and in a discreet channel, the role at the school instead (Q85)."""
    alike = Counter(speaker.name for speaker in speakers)
    called = [t(f"choosing.as_{_part(speaker)}") for speaker in speakers]
    if is_discreet:
        return [name if called.count(name) == 1 else f"{name} ({place})" for place, name in enumerate(called, start=1)]
    return [
        speaker.name if alike[speaker.name] == 1 else f"{speaker.name} ({part})"
        for speaker, part in zip(speakers, called, strict=True)
    ]


def _part(speaker: Speaker) -> str:
    """The role that tells two persons of one name apart; staff who are parents too count as staff."""
    roles = speaker.actor.roles
    return "staff" if roles - {Role.GUARDIAN, Role.STUDENT} else "student" if Role.STUDENT in roles else "parent"


def _buttons(options: Sequence[Option], seal: Seal) -> Sequence[Button]:
    return [Button(screen_frame_button_label(option.label), seal(option.handle)) for option in options]
