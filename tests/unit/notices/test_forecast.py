"""The words of a forecast: the mark, and how it came about (Q51)."""

from datetime import date

from bot.locales import LocaleCatalogues
from core.model.notices.facts import notice_from_facts, notice_to_facts
from core.model.notices.family import ForecastGiven
from notifiers.words.texts import notice_text_words

T = LocaleCatalogues.load().translator("ru")
GIVEN = ForecastGiven(
    "Алгебра", date(2026, 11, 20), "2 четверть", "4", 60, "3.43", 3, "4 5 (×10); 2 (×15)", "3.60", 5, 11
)


def test_the_message_shows_how_the_figure_came_about() -> None:
    """A bar, the likeliest mark, the average with the marks used and their weights, the threshold, what it takes."""
    words = notice_text_words(GIVEN, T)
    assert (words.about, words.when, words.brief) == ("Алгебра", "2 четверть", "скорее всего 4 (60 %)")
    assert words.what == (
        "▓▓▓▓▓▓░░░░ скорее всего 4 (60 %); средний балл 3,43 по 3 оценкам: 4 5 (×10); 2 (×15); "
        "порог «4» – от 3,60; до «5» – 11 пятёрок"
    )


def test_no_figure_poses_as_a_forecast() -> None:
    """Too many absences are said in words (Q46)."""
    none = ForecastGiven("Алгебра", date(2026, 11, 20), "2 четверть", "н/а", None, None, 1, "")
    assert notice_text_words(none, T).what == "пока н/а: много пропусков и мало оценок (1)"


def test_a_forecast_is_stored_as_facts() -> None:
    """It comes back from the outbox as it went in."""
    assert notice_from_facts("ForecastGiven", notice_to_facts(GIVEN)) == GIVEN
