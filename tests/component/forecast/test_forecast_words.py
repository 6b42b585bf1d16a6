"""Questions about a forecast as families type them, and the first lines that answer them (R4, Q41, Q44)."""

import pytest

from bot.conversation.messenger import HeardKind, MessengerUpdate
from bot.conversation.routing import RoutingTable
from bot.handlers import AUDIENCES, MENU
from bot.screens.screen import Screen, screen_text
from core.model.people import Actor, Role
from core.model.results.period_marks import PeriodMark
from core.model.timetable import NewTemplateLesson
from core.ports import UnitOfWorkFactory
from tests.component.forecast.test_forecast_chat import ANNA, EXAMPLE, asked, body, given
from tests.support.conversation.asking import CHAT, Asking
from tests.support.schools.builders import NOW
from tests.support.schools.results import put_final
from tests.support.schools.term_ends import SINCE, TermSchool, a_term_school

NO_YEAR = "Годовую пока предсказать нельзя: итоговые за другие периоды ещё не выставлены. За период «2 четверть»: "


@pytest.fixture
async def school(open_sqlite: UnitOfWorkFactory) -> TermSchool:
    """8Б in the first quarter: Анна has the marks of the requirements' example in algebra, threes in physics."""
    school = await a_term_school(open_sqlite)
    await given(school, ANNA, "Алгебра", EXAMPLE)
    await given(school, ANNA, "Физика", [("3", "ответ", 10)] * 4)
    return school


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("что если получу три пятерки по алгебре", "Если получить 5, 5, 5 (ответ, вес 10): средний балл 3,43 → 4,15"),
        ("что если две двойки по алгебре", "Если получить 2, 2 (ответ, вес 10): средний балл 3,43 → 2,91"),
        ("если завтра 5 и потом 4 по алгебре", "Если получить 5, 4 (ответ, вес 10): средний балл 3,43 → 3,82"),
        (
            "а если я за контрольную 4 получу по алгебре, какая выйдет?",
            "Если получить 4 (контрольная, вес 15): средний балл 3,43 → 3,60",
        ),
        ("можно ли исправить на 4 по алгебре", "Можно: до «4» – 1 пятёрка"),
        ("сколько пятерок чтобы перекрыть двойку по алгебре", "До «4» – 1 пятёрка"),
    ],
)
async def test_the_first_line_says_what_was_supposed(school: TermSchool, words: str, first: str) -> None:
    """All marks, and for which work; or what it takes to the mark that is aimed at."""
    assert body(await asked(school, words))[0].startswith(first)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("какая худшая оценка может выйти по алгебре", "В худшем случае 2 (средний балл 2,24) · скорее всего 4"),
        ("максимум что можно получить в четверти по алгебре", "В лучшем случае 5 (средний балл "),
        ("какая лучшая оценка может выйти по физике", "В лучшем случае "),
        ("минимум что выйдет по физике в четверти", "В худшем случае "),
        ("какая самая плохая оценка может получиться по алгебре", "В худшем случае 2"),
        ("годовая по алгебре какая будет", NO_YEAR + "скорее всего 4"),
        ("какая оценка за год выходит по алгебре", NO_YEAR + "скорее всего 4"),
        ("нужна 5 по физике в году, что для этого надо", NO_YEAR + "«5» в этом"),
        ("какая будет оценка за полугодие по алгебре", "Полугодие отдельно не считается. За период «2 четверть»: "),
        ("сколько пятерок надо до 5 по физике", "«5» в этом периоде уже невозможна (нужно "),
    ],
)
async def test_the_first_line_names_the_bound_and_the_term(school: TermSchool, words: str, first: str) -> None:
    """The worst and the best case (Q48), the year or that it is not told, and the fives that are out of reach (Q45)."""
    assert body(await asked(school, words))[0].startswith(first)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        (
            "хватит ли двух четвёрок до 4 по физике",
            "Нет: с оценками 4, 4 (ответ, вес 10) средний балл станет 3,33, это 3",
        ),
        ("сколько четвёрок надо до 4 по алгебре", "До «4» – 2 четвёрки · скорее всего 4"),
        ("сколько четвёрок надо до 5 по алгебре", "Четвёрками «5» не получить: "),
        ("выходит ли тройка по физике", "Да: «3» "),
        ("выходит ли двойка по физике", "Нет: скорее всего 3 ("),
        ("выходит ли тройка по алгебре", "Сейчас 3 (3,43), к концу периода скорее всего 4 (60 %) · «3» – 40 %"),
        ("держится ли 4 по физике", "Скорее нет: скорее всего 3 ("),
        ("какой средний балл по алгебре и что выходит", "Средний балл 3,43 · скорее всего 4 (60 %)"),
        (
            "могу ли я не писать контрольную по алгебре",
            "Без новых оценок выходит 3 (средний балл 3,43) · скорее всего 4",
        ),
    ],
)
async def test_the_first_line_says_yes_or_no_and_by_which_marks(school: TermSchool, words: str, first: str) -> None:
    """Where today's average and the forecast differ both are said, so that they contradict no other screen (Q110)."""
    assert body(await asked(school, words))[0].startswith(first)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("сколько двоек можно по физике чтобы осталась 3", "2 двойки – ещё «3» (2,67), 3 двойки – уже 2 (2,57)"),
        ("сколько двоек испортят 4 по алгебре", "«4» сейчас не выходит: до «4» – 1 пятёрка"),
        ("сколько троек испортят 3 по алгебре", "«3» тройками не испортить"),
        ("если получу тройку по физике останется 3?", "Да: с оценкой 3 средний балл станет 3,00, это 3"),
        ("лучшее и худшее что может выйти по алгебре", "В худшем случае 2 (средний балл 2,24), в лучшем случае 5"),
        ("сколько уроков осталось чтобы исправить алгебру", "До конца периода "),
        ("что надо чтобы вышла 4 по алгебре", "До «4» – 1 пятёрка (или 2 четвёрки)"),
        ("успею ли исправить алгебру до конца четверти", "Можно: до «4» – 1 пятёрка"),
    ],
)
async def test_the_first_line_says_what_a_mark_outlasts(school: TermSchool, words: str, first: str) -> None:
    """Reverse counts, both bounds, the lessons left, all the ways to a mark (Q44, Q45, Q48)."""
    assert body(await asked(school, words))[0].startswith(first)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("что если по алгебре до конца четверти одни пятёрки", "Если получить до конца периода только 5 (ещё около "),
        ("если двойку по алгебре переписать на 4", "Если получить 4 вместо 2: средний балл 3,43 → 4,29, это 4"),
        ("а без этой двойки что выйдет по алгебре", "Если получить без одной «2»: средний балл 3,43 → 4,50, это 4"),
        ("без этой двойки что выйдет по физике", "Оценки «2» здесь нет · скорее всего 3"),
        ("почему прогноз такой по алгебре", "Средний балл 3,43 – это 3, для «4» нужно от 3,60. Впереди "),
        ("3,6 по алгебре это уже четыре?", "Да: средний балл 3,60 – это 4, для «5» нужно от 4,60. Скорее всего 4"),
        ("3.5 по алгебре это уже не четверка?", "Нет: средний балл 3,50 – это 3, для «4» нужно от 3,60. "),
        ("можно ли расслабиться по физике", "2 двойки – ещё «3» (2,67), 3 двойки – уже 2 (2,57)"),
        ("сколько весит контрольная по алгебре", "Вес в среднем балле: контрольная – 15, ответ – 10. "),
        ("хватит ли оценок по алгебре для четверти", "Оценки 3, прогноз появляется с 3. "),
        ("что если н/а по алгебре выйдет", "«н/а» ставят, когда много пропусков и мало оценок; по прогнозу "),
        (
            "на сколько баллов не хватает до 4 по алгебре",
            "До «4» – 1 пятёрка (или 2 четвёрки) · средний балл 3,43 (до «4»",
        ),
        (
            "какую оценку надо за контрольную по алгебре чтобы вышла 4",
            "За большую работу (контрольная, вес 15) нужно не",
        ),
        ("какой шанс на 5 по алгебре", "«5» – 0 % · до «5» – 11 пятёрок · скорее всего 4 (60 %)"),
        ("есть ли шанс на 4 по физике", "Можно: до «4» – "),
    ],
)
async def test_the_first_line_says_what_is_beside_the_forecast(school: TermSchool, words: str, first: str) -> None:
    """Marks to the end, in the place of others, the reason, an average, weights, chances (Q41–Q46, Q51)."""
    assert body(await asked(school, words))[0].startswith(first)


async def test_the_year_is_told_once_another_term_is_set(school: TermSchool) -> None:
    """«годовая какая будет»: the year first, then the present term (Q48)."""
    async with school.open_uow() as uow:
        mark = PeriodMark(
            0, school.pupils[ANNA], school.subjects["Алгебра"], school.year, "1 четверть", None, "3", 1, NOW,
            published=False, import_id=None,
        )  # fmt: skip
        await put_final(uow, mark)
        await uow.commit()
    first = body(await asked(school, "годовая по алгебре какая будет"))[0]
    assert first.startswith("Год: скорее всего 4 (60 %), в худшем случае 3, в лучшем 4. Уже стоят: 3. За период «2 ")
    assert body(await asked(school, "выйдет ли годовая 5 по алгебре"))[0].startswith("Нет. Год: скорее всего 4 (60 %)")


def head(screen: Screen) -> str:
    """The line that answers, above the name and the title."""
    return screen_text(screen.text).split("\n")[0]


@pytest.mark.parametrize(
    ("words", "first", "subjects"),
    [
        ("по каким предметам выходит тройка", "«3» скорее всего: Физика.", ["Физика"]),
        ("где выходит четвёрка", "«4» скорее всего: Алгебра.", ["Алгебра"]),
        ("выходит ли двойка по какому-нибудь предмету", "Нет: «2» скорее всего не выйдет ни по одному предмету.", []),
        ("будет ли двойка хоть по одному предмету", "Нет: «2» скорее всего не выйдет ни по одному предмету.", []),
        ("выходят ли пятёрки", "Нет: «5» скорее всего не выйдет ни по одному предмету.", []),
        (
            "по каким предметам спорные оценки",
            "1 предмет под вопросом: Алгебра (3,43: «4» – 60 %, «3» – 40 %).",
            ["Алгебра"],
        ),
        ("сколько троек выходит", "1 предмет: Физика – скорее всего «3».", ["Физика"]),
        ("выйдет ли четверть без троек", "Нет: ниже «4» скорее всего 1 предмет: Физика (3).", ["Физика"]),
        ("закончу ли четверть без двоек", "Да: ниже «3» скорее всего не выйдет ни по одному предмету.", []),
        ("выходят ли тройки", "Да: «3» скорее всего: Физика.", ["Физика"]),
        ("какой предмет тянет вниз", "Хуже всего: Физика (3,00), дальше Алгебра (3,43).", ["Физика", "Алгебра"]),
        ("лучший предмет", "Лучше всего: Алгебра (3,43), дальше Физика (3,00).", ["Алгебра", "Физика"]),
        ("лучший и худший предмет", "Лучше всего: Алгебра (3,43), хуже всего: Физика (3,00).", ["Физика", "Алгебра"]),
        ("что лучше физика или алгебра", "Лучше всего: Алгебра (3,43), дальше Физика (3,00).", ["Алгебра", "Физика"]),
        (
            "сколько двоек можно чтобы осталась 3",
            "Без ухудшения можно получить «2»: Алгебра – 4, Физика – 2.",
            ["Алгебра", "Физика"],
        ),
        (
            "в какой предмет вложиться чтоб закончить без троек",
            "Ближе всего к «4»: Физика (до «4» – 2 пятёрки, «4» – 10 %).",
            ["Физика"],
        ),
        (
            "что легче вытянуть на 5 алгебру или физику",
            (
                "Ближе всего к «5»: Алгебра (до «5» – 11 пятёрок), дальше Физика («5» в этом периоде уже невозможна "
                "(нужно 16 пятёрок, впереди 6 уроков))."
            ),
            ["Алгебра", "Физика"],
        ),
        ("какие оценки выходят", "Скорее всего выйдут: «4» – 1 (Алгебра), «3» – 1 (Физика).", ["Алгебра", "Физика"]),
    ],
)
async def test_only_the_subjects_that_were_asked_for_are_listed(
    school: TermSchool, words: str, first: str, subjects: list[str]
) -> None:
    """«по каким предметам выходит тройка» names those, or says that there is none."""
    shown = await asked(school, words)
    assert head(shown) == first
    assert [
        line.partition(":")[0] for line in screen_text(shown.text).split("\n") if "средний балл" in line
    ] == subjects


async def test_the_subject_button_keeps_what_was_asked(school: TermSchool) -> None:
    """After «Какой предмет?» the supposed mark is still supposed."""
    async with school.open_uow() as uow:
        found = await uow.year.ensure_subjects({"геометрия": "Геометрия"})
        lessons = [
            NewTemplateLesson(subject, day, 1, None, school.staff["lisina"])
            for day, subject in enumerate((school.subjects["Алгебра"], found["геометрия"]))
        ]
        await uow.timetable.put_template(school.group, lessons, starts_on=SINCE)
        await uow.commit()
    asking = Asking.of(school.open_uow)
    mother = Actor(school.mother, frozenset({Role.GUARDIAN}), "telegram")
    routes = RoutingTable.of(AUDIENCES, MENU, former=True)
    question = MessengerUpdate(1, HeardKind.MESSAGE, CHAT, text="если получу две двойки по математике, что выйдет")
    choice = await routes.reply(question, asking.caller(mother))
    assert isinstance(choice, Screen)
    button = next(each for row in choice.buttons for each in row if each.label == "Алгебра")
    reply = await routes.reply(MessengerUpdate(2, HeardKind.PRESS, CHAT, data=button.data or ""), asking.caller(mother))
    assert isinstance(reply, Screen)
    assert "Если получить 2, 2 (ответ, вес 10): средний балл 3,43 → 2,91" in screen_text(reply.text)
