"""A newcomer's first day by README alone: from nothing to a delivered mark (Q133)."""

import asyncio
import json
import os
import re
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import typer

from bot.cli import app
from tests.support.report_files import workbook

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
STUDENT, FATHER, ADDRESS = "Лосева Майя Юрьевна", "Лосев Юрий Олегович", "losev@family.test"
PEOPLE: dict[str, list[tuple[object, ...]]] = {
    "Ученики": [
        ("Ученик", "Дата рождения", "Класс", "СНИЛС"),
        (STUDENT, "04.05.2015", "5А", "секрет"),
        ("Жуков Пётр Ильич", "", "5Б", ""),
    ],
    "Родители": [
        ("Родитель", "Ученик", "Класс", "Родство", "Почта", "Согласие", "Номер бланка", "Дата бланка", "Кто принял"),
        (FATHER, STUDENT, "5А", "отец", ADDRESS, "согласие", "С-1", "01.09.2025", "Ткач Вера Львовна"),
        ("Жукова Анна Петровна", "Жуков Пётр Ильич", "5Б", "мать", "", "", "", "", ""),
    ],
    "Сотрудники": [("Сотрудник", "Роль", "Класс"), ("Ткач Вера Львовна", "секретарь", "")],
}
HEADER = ("Ученик", "Класс", "Предмет", "Дата", "Оценка")
MARKS: Sequence[tuple[object, ...]] = (
    (STUDENT, "5А", "История", "02.09.2025", "4"),
    (STUDENT, "5А", "История", "03.09.2025", "5"),
)


def commands(command: Any, path: str = "vestnik") -> dict[str, Any]:
    """All commands by what is typed."""
    found = {path: command}
    for name, child in getattr(command, "commands", {}).items():
        found |= commands(child, f"{path} {name}")
    return found


def test_every_command_that_readme_names_exists() -> None:
    """A newcomer types what stands there."""
    known = commands(typer.main.get_command(app))
    named = re.findall(r"`vestnik ((?:[a-z]+ ?)+)", README)
    missing = {each for each in named if not any(f"vestnik {each}".startswith(path) for path in known if " " in path)}
    assert missing == set()


@asynccontextmanager
async def stand_in() -> AsyncIterator[dict[str, str]]:
    """A mail server of the sandbox, in a process of its own."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot.sandbox", stdout=PIPE)
    assert process.stdout is not None
    yield json.loads(await process.stdout.readline())
    process.terminate()
    await process.wait()


async def typed(folder: Path, *words: str, lines: str = "") -> str:
    """One command as a person types it; its words on the terminal."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "import sys; from bot.cli import main; sys.exit(main())", *words,
        cwd=folder, env=os.environ | {"VESTNIK_DATA": str(folder / "data")}, stdin=PIPE, stdout=PIPE, stderr=PIPE,
    )  # fmt: skip
    out, err = await process.communicate(lines.encode())
    assert process.returncode == 0, err.decode()
    return out.decode() + err.decode()


async def mailed(world: dict[str, str]) -> list[Any]:
    async with aiohttp.ClientSession(world["bot_api"]) as session, session.get("/sandbox/mail") as response:
        letters: list[Any] = await response.json()
        return letters


async def test_a_school_of_two_classes_delivers_its_first_mark(tmp_path: Path) -> None:
    """The commands of README's first day in their order; a family confirmed by its signed form reads the new mark."""
    async with stand_in() as world:
        answers = "Школа № 7\njournal\ndiscreet\n\n"
        assert "vestnik doctor" in await typed(tmp_path, "init", lines=answers)
        with (tmp_path / "data" / "vestnik.env").open("a", encoding="utf-8") as settings:
            settings.write(f'VESTNIK_SMTP_URL="{world["smtp_url"]}?from=school@school.test&starttls=never"\n')
            settings.write('VESTNIK_WINDOW="PT0S"\nVESTNIK_QUIET="none"\n')
        assert "vestnik import people people.xlsx" in await typed(tmp_path, "import", "template", "people")
        workbook(tmp_path / "people.xlsx", PEOPLE)
        assert "«СНИЛС»: этого столбца таблица «Ученики» не знает" in await typed(
            tmp_path, "import", "people", "people.xlsx"
        )
        workbook(tmp_path / "journal.xlsx", {"Журнал": [HEADER, MARKS[0]]})
        await typed(tmp_path, "import", "journal", "journal.xlsx")
        assert "Канал «почта» подключён: сервер отвечает" in await typed(tmp_path, "doctor")
        workbook(tmp_path / "journal.xlsx", {"Журнал": [HEADER, *MARKS]})
        await typed(tmp_path, "import", "journal", "journal.xlsx")
        running = await asyncio.create_subprocess_exec(
            sys.executable, "-c", "from bot.cli import main; main(['run', 'worker'])",
            env=os.environ | {"VESTNIK_DATA": str(tmp_path / "data")}, stdout=DEVNULL, stderr=DEVNULL,
        )  # fmt: skip
        async with asyncio.timeout(90):
            while not (letters := await mailed(world)):
                await asyncio.sleep(0.5)
        running.terminate()
        await running.wait()
    [letter] = letters
    assert (letter["address"], letter["subject"]) == (ADDRESS, f"Оценки: {STUDENT}")
    assert "История, 03.09: 5" in letter["text"]
    assert "Школа № 7" in letter["sender"]
    assert "02.09" not in letter["text"]


pytestmark = pytest.mark.no_cover
