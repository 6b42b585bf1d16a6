"""The families of a class with decision, contacts and state, as a table and as a workbook."""

from collections import defaultdict
from collections.abc import Sequence

from bot.documents.results.table import FigureTable
from bot.documents.results.workbook import tables_workbook
from core.model.channels import channel_name
from core.model.register.consents import ConsentEntry
from core.model.register.contacts import PendingContact
from core.model.register.families import FamilyPair, StatedPair
from core.ports import Translator
from core.rules.register.consents import is_processor_in_consent

HEADS = ("student", "person", "decision", "date", "entry", "contacts", "state")


def class_list_table(stated: Sequence[StatedPair], t: Translator, *, title: str | None = None) -> FigureTable:
    """A row for each pair; addresses stand in no list that is handed over."""
    heads = [t(f"column.{head}") for head in ("class", *HEADS)]
    return FigureTable(title or t("families.title"), heads, [_row(each, t) for each in stated])


def class_list_workbook(stated: Sequence[StatedPair], t: Translator) -> bytes:
    """A sheet for each class."""
    classes: dict[str, list[StatedPair]] = defaultdict(list)
    for each in stated:
        classes[each.pair.school_class or t("families.no_class")].append(each)
    return tables_workbook([class_list_table(rows, t, title=name) for name, rows in classes.items()] or [_empty(t)])


def _contact_words(held: PendingContact, entry: ConsentEntry | None, t: Translator) -> str:
    """«Telegram», «Почта (нет: письменная форма)», «SMS (отложен: …)», «MAX (обработчик не назван)»."""
    name, contact = channel_name(held.contact.channel, t), held.contact
    if not is_processor_in_consent(entry, contact.channel):
        return t("families.contact_unnamed", channel=name)
    if contact.set_aside_reason is not None:
        return t("families.contact_aside", channel=name, reason=t(f"reason.{contact.set_aside_reason}"))
    if held.lacks:
        lacks = ", ".join(t(f"contact.lacks.{what}") for what in held.lacks)
        return t("families.contact_lacks", channel=name, lacks=lacks)
    return name


def _row(each: StatedPair, t: Translator) -> list[str]:
    pair, entry = each.pair, each.pair.entry
    return [
        pair.school_class,
        pair.student,
        _representative(pair, t),
        t(f"consent.{entry.decision}") if entry else "",
        f"{entry.decided_on:%d.%m.%Y}" if entry else "",
        entry.number if entry else "",
        "; ".join(_contact_words(held, entry, t) for held in pair.contacts),
        t(f"families.state.{each.state}"),
    ]


def _representative(pair: FamilyPair, t: Translator) -> str:
    if pair.is_alone:
        return ""
    return t("families.self") if pair.is_own else pair.person


def _empty(t: Translator) -> FigureTable:
    return class_list_table([], t)
