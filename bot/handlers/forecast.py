"""The exact averages of the present reporting period (Q43)."""

from bot.handlers.doors import Visit
from bot.handlers.lookups import asked_entries, lookup_door, reporting_period_of
from bot.questions.model import Intent
from bot.screens import forecast as forecast_screens
from bot.screens.frame import Frame
from bot.screens.screen import Screen


async def look_up_forecast(visit: Visit, frame: Frame) -> Screen:
    """The exact averages of the present period, of one subject if the question names one."""
    period = await reporting_period_of(visit, frame)
    if period is not None:
        frame = frame.between_dates(period.starts_on, period.ends_on)
    return forecast_screens.forecast(frame, await asked_entries(visit, frame), period.name if period else None)


DOORS = (lookup_door(forecast_screens.FORECAST, look_up_forecast, command="forecast", intent=Intent.FORECAST),)
