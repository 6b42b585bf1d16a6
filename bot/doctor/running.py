"""Asks the page of health of the running process whether notices go."""

from collections.abc import Sequence

from bot.app import App
from bot.doctor.findings import Finding, doctor_fault_finding, doctor_hint_finding
from bot.operation.health_page import fetch_health_page


async def running_findings(app: App) -> Sequence[Finding]:
    """Only a hint where no process answers, since it may run on another machine: what its clock last did is judged."""
    answer = await fetch_health_page(app)
    if answer is None:
        return [doctor_hint_finding("doctor.running_silent", listen=app.settings.health_listen)]
    if answer.is_foreign:
        return [doctor_hint_finding("doctor.running_other", listen=app.settings.health_listen)]
    if not answer.facts["ready"]:
        return [doctor_fault_finding("doctor.running_unready", listen=app.settings.health_listen)]
    return [doctor_hint_finding("doctor.running_ready", count=str(sum(answer.facts["queue"].values())))]
