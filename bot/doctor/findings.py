"""What a check of the installation finds."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass

from bot.settings import SettingsError, SettingsErrorSentence
from notifiers.discovery import discovered_channels


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding; what is merely not set up or not begun is no fault."""

    sentence: SettingsErrorSentence
    is_fault: bool = True


def doctor_fault_finding(key: str, /, **facts: str | SettingsErrorSentence) -> Finding:
    """Something that a person must mend; the sentence says how."""
    return Finding(SettingsErrorSentence.of(key, **facts))


def doctor_hint_finding(key: str, /, **facts: str | SettingsErrorSentence) -> Finding:
    """Something to know."""
    return Finding(SettingsErrorSentence.of(key, **facts), is_fault=False)


def doctor_channel_label(channel: str) -> SettingsErrorSentence | str:
    """What people call a channel; its own name where it has no label."""
    return SettingsErrorSentence(f"channel.{channel}") if discovered_channels()[channel].label else channel


async def guard_doctor_findings(
    what: str | SettingsErrorSentence, looking: Awaitable[Sequence[Finding]]
) -> Sequence[Finding]:
    """What a look at something finds; any error becomes a finding, an unexpected one with its type only (Q103)."""
    try:
        return await looking
    except TimeoutError:
        return [doctor_fault_finding("doctor.no_answer", check=what)]
    except SettingsError as wrong:
        return [Finding(sentence) for sentence in wrong.faults]
    except Exception as error:  # noqa: BLE001  # unexpected errors are findings too
        return [doctor_fault_finding("doctor.failed", check=what, type=type(error).__name__)]
