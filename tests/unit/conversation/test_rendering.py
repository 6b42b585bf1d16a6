"""Marks of a screen as Telegram's HTML: nothing is lost, nothing is too long, nobody's words become markup (Q91)."""

import re
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import rendering
from bot.sandbox.bot_api.entities import parse_html_entities
from bot.screens.screen import (
    BOLD,
    ITALIC,
    LONGEST_PAGE,
    STRUCK,
    fit_on_screen_page,
    screen_bold,
    screen_italic,
    screen_struck,
    screen_text,
    split_into_screen_pages,
)
from notifiers.html_messages import html_message_length
from notifiers.telegram.html import LONGEST_MESSAGE

render_messages = partial(rendering.split_rendered_messages, longest=LONGEST_MESSAGE)
MARKS = "".join((*BOLD, *ITALIC, *STRUCK))
TAG = re.compile(r"</?[bis]>")
words = st.text(st.characters(codec="utf-8") | st.sampled_from("<>&;\n" + MARKS), max_size=200)
long_words = st.builds(lambda text, times: text * times, words, st.integers(1, 300))
marked = st.lists(
    words | long_words | st.builds(screen_bold, long_words) | st.builds(screen_struck, words), max_size=20
).map("".join)


def read(message: str) -> str:
    """What Telegram shows of a message, with the blanks at its ends."""
    entities = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
    return re.sub("|".join(entities), lambda found: entities[found[0]], TAG.sub("", message))


@given(marked)
def test_no_message_is_too_long_and_no_character_is_lost(text: str) -> None:
    """At most the line ends between two messages go, however marks and words are mixed."""
    messages = render_messages(text)
    assert all(html_message_length(message) <= LONGEST_MESSAGE for message in messages)
    assert all(messages) or messages == [""]
    assert "".join(map(read, messages)).replace("\n", "") == screen_text(text).replace("\n", "")
    missing = screen_text(text).count("\n") - sum(message.count("\n") for message in messages)
    assert missing <= len(messages)


@given(marked)
def test_every_tag_is_closed_in_its_message(text: str) -> None:
    """Marks without their pair too: Telegram refuses HTML whose tags do not match."""
    for message in render_messages(text):
        shown, _ = parse_html_entities(message)  # raises what Telegram would answer
        assert shown == read(message).strip()


@given(words, st.sampled_from([screen_text, screen_bold, screen_italic, screen_struck]))
def test_words_of_a_person_never_become_markup(said: str, style: Callable[[str], str]) -> None:
    """«<», «&» and our own marks within a name or a homework change nothing but are read as they are, or not at all."""
    _, entities = parse_html_entities("".join(render_messages(f"1. {style(said)}.")))
    styles = [each["type"] for each in entities if each["type"] in {"bold", "italic", "strikethrough"}]
    assert len(set(styles)) <= (style is not screen_text)


@pytest.mark.parametrize(("style", "tag"), [(screen_bold, "b"), (screen_italic, "i"), (screen_struck, "s")])
def test_each_style_has_its_tag(style: Callable[[str], str], tag: str) -> None:
    """Words before and after it stay as they are."""
    assert render_messages(f"1. {style('5 < 6')}, 7") == [f"1. <{tag}>5 &lt; 6</{tag}>, 7"]


def test_a_long_text_is_cut_at_line_ends_and_its_style_goes_on() -> None:
    """Lines stay whole; the second message begins in bold, as the first one ended."""
    line = "я" * 1000
    first, second = render_messages(screen_bold("\n".join([line] * 5)))
    assert [read(first), read(second)] == ["\n".join([line] * 4), line]
    assert second.startswith("<b>")


def test_a_mark_without_its_pair_is_closed() -> None:
    """The end of the text ends every style; an end without a beginning is nothing."""
    assert render_messages(f"{BOLD[0]}5{STRUCK[1]} {ITALIC[0]}4{BOLD[1]}3") == [
        "<b>5</b><b> </b><b><i>4</i></b><i>3</i>"
    ]


def test_an_empty_text_is_one_empty_message() -> None:
    """The caption of a picture without words."""
    assert render_messages("") == [""]


@given(st.lists(words.map(screen_bold), max_size=60))
def test_pages_hold_every_line_once(lines: list[str]) -> None:
    """Marks do not count; a page is longer than a page only where one line is."""
    pages = split_into_screen_pages(["head"], lines)
    assert [line for page in pages for line in page] == lines
    assert all(len(page) == 1 or len(screen_text("\n".join(page))) <= LONGEST_PAGE for page in pages)


def test_a_fitted_list_says_that_there_are_others() -> None:
    """As many whole lines as one page holds, then the sentence (Q91)."""
    shown = fit_on_screen_page(["head"], ["я" * 1000] * 9, more="…").split("\n")
    assert [len(line) for line in shown] == [4, 1000, 1000, 1000, 1]
