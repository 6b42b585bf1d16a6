"""A delivery in words: its channel, how far it came, and why it was not sent."""

from collections.abc import Iterable

from core.model.channels import channel_name, channel_status_word
from core.model.delivery.deliveries import Delivery
from core.model.delivery.states import Status
from core.ports import Translator
from core.rules.delivery.steps import PHONE


def delivery_way_on_screen(delivery: Delivery, t: Translator) -> str:
    """«Telegram: принято», with the reason for what was not sent (Q87)."""
    state = f"{channel_name(delivery.channel, t)}: {channel_status_word(delivery.channel, delivery.status, t)}"
    return f"{state} ({t(f'reason.{delivery.reason}')})" if delivery.reason else state


def delivery_ways_on_screen(deliveries: Iterable[Delivery], t: Translator) -> str:
    """The deliveries that began, in their order; what was withdrawn before it went is left out."""
    begun = [each for each in deliveries if each.status is not Status.WITHDRAWN or each.tries]
    return "; ".join(delivery_way_on_screen(each, t) for each in begun)


def channel_way_on_screen(channel: str, t: Translator) -> str:
    """The name of a channel, or of a call by phone."""
    return t("hours.phone") if channel == PHONE else channel_name(channel, t)
