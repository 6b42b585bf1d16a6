"""The demo's page knows every state and speaks two languages."""

import re
from importlib.resources import files

from bot.demo.people import PEOPLE
from bot.demo.story import ENGLISH, STORY
from bot.sandbox import page as page_files
from core.model.delivery.states import State
from core.rules.delivery.evidence import GRADES

SOURCES = {
    each.name: each.read_text(encoding="utf-8") for each in files(page_files).iterdir() if each.name.endswith("s")
}


def test_every_state_and_evidence_has_its_words() -> None:
    """No word of the program stands in the table of obligations: «superseded» is «заменено новым» (Q71)."""
    script = SOURCES["page.js"]
    states = re.search(r"const STATES = \{(.*?)\};", script, re.DOTALL)
    evidence = re.search(r"const EVIDENCE = \{(.*?)\};", script, re.DOTALL)
    assert states is not None
    assert evidence is not None
    assert {str(state) for state in State} | {"late"} == set(re.findall(r"(\w+):", states[1]))
    assert {str(grade) for grade in GRADES} <= set(re.findall(r"(\w+):", evidence[1]))


def test_people_and_scenes_have_english_words() -> None:
    """A visitor who does not read Russian sees who is who and what happens."""
    words = {each for person in PEOPLE for each in (person.role, person.note)} | {scene.words for scene in STORY}
    assert words <= ENGLISH.keys()
    assert {scene.person for scene in STORY} <= {person.name for person in PEOPLE}


def test_the_words_of_the_page_are_translated() -> None:
    """Every Russian word that a script shows goes through the dictionary."""
    known = set(re.findall(r'"([^"]*[а-яё][^"]*)":', SOURCES["words.js"]))
    shown = {word for name in SOURCES if name not in {"words.js", "page.css", "phone.css", "max.css"}
             for word in re.findall(r'"([^"]*[а-яё][^"]*)"', SOURCES[name])}  # fmt: skip
    assert shown - known - {"По-русски"} == set()
