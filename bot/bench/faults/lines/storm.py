"""The random storm (`bot/bench/fault_storm`) as a line of the table."""

from bot.bench.fault_storm import Storm, run_fault_storm
from bot.bench.faults.line import FaultLine, FaultLineFinding, FaultLinePlace


async def _storm(place: FaultLinePlace) -> FaultLineFinding:
    """`vestnik run` while everything fails at random."""
    survived = await run_fault_storm(place.server, place.folder, Storm(seconds=place.storm_seconds))
    seen = f"{survived.messages} messages, {survived.pushed} a second, {survived.questions} questions"
    seen += f", {survived.unanswered} unanswered" if survived.unanswered else ""
    seen += f", {survived.unexplained} repeats unexplained" if survived.unexplained else ""
    seen += "" if survived.alive else ", process dead"
    return FaultLineFinding(seen, survived.ok, survived.lost, survived.repeats)


STORM = FaultLine("storm", "all of it at random", "alive, nothing lost, no repeat unexplained", _storm)
