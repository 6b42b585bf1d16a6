"""`vestnik demo`: a sandbox school, on a page or as printed output."""

import asyncio
import signal
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import ConsoleDesk, print_console_line
from bot.documents.delivery import obligations

if TYPE_CHECKING:
    from bot.demo.school import DemoSchool


def play_demo_command(
    context: typer.Context,
    *,
    once: Annotated[bool, typer.Option("--once")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535)] = 0,
) -> None:
    """Play two days of a sandbox school: on a page, or once with a list of what everybody received."""
    asyncio.run(_play(ConsoleDesk.of(context), once=once, port=port))


async def _play(desk: ConsoleDesk, *, once: bool, port: int) -> None:
    desk.print_message("demo.starting")
    from bot.demo.school import demo_school  # noqa: PLC0415  # aiogram: 1 s

    async with demo_school(port=port) as school:
        await school.first_day()
        await school.second_day()
        if once:
            await _print(desk, school)
        else:
            await _serve(desk, school)


async def _print(desk: ConsoleDesk, school: "DemoSchool") -> None:
    from bot.demo.received import received_in_demo  # noqa: PLC0415  # aiogram: 1 s

    for came in await received_in_demo(school, desk.t):
        print_console_line(f"\n{came.channel} → {came.person}")
        print_console_line(f"  {'; '.join(came.because)}")
        for text in came.texts:
            first, *rest = filter(None, text.splitlines())
            print_console_line(f"    ▸ {first}")
            for line in rest:
                print_console_line(f"      {line}")
    app = school.app
    async with app.open_uow(reading=True) as uow:
        rows = await uow.outbox.obligations()
    cells = [obligations.obligation_table_cells(row, desk.t, app.policy, now=app.clock()) for row in rows]
    print_console_line("")
    desk.print_table("obligations.title", obligations.HEADS, cells)


async def _serve(desk: ConsoleDesk, school: "DemoSchool") -> None:
    """Keep page, bot and worker running until Ctrl+C."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    working = asyncio.create_task(school.worker.run())
    joining = asyncio.create_task(school.newcomers_join(stopping=stopping))
    print_console_line(school.world.page_url)
    desk.print_message("demo.open")
    await stopping.wait()
    school.worker.stop()
    await asyncio.gather(working, joining)
