"""Asks the page of health of the running process whether notices go."""

from collections.abc import Sequence

from bot.app import App
from bot.doctor.findings import Finding, doctor_fault_finding, doctor_hint_finding
from bot.operation.health_page import fetch_health_page_facts, find_foreign_health_page


async def running_findings(app: App) -> Sequence[Finding]:
    """Only a hint where no process answers, since it may run on another machine: what its clock last did is judged."""
    facts = await fetch_health_page_facts(app.settings.health_listen)
    if facts is None:
        return [doctor_hint_finding("doctor.running_silent", listen=app.settings.health_listen)]
    if await find_foreign_health_page(app):
        return [doctor_hint_finding("doctor.running_other", listen=app.settings.health_listen)]
    if not facts["ready"]:
        return [doctor_fault_finding("doctor.running_unready", listen=app.settings.health_listen)]
    return [doctor_hint_finding("doctor.running_ready", count=str(sum(facts["queue"].values())))]
