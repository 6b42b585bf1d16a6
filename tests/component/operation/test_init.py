"""`vestnik init` asks what the first day needs."""

from pathlib import Path

import pytest
import typer

from tests.support.keyboard import Keyboard


@pytest.mark.parametrize(
    ("token", "name", "written"),
    [("30:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc", "@school_bot", True), ("", "", False)],
)
def test_who_has_a_token_is_asked_for_the_name_of_the_bot(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    *, token: str, name: str, written: bool,
) -> None:  # fmt: skip
    """The codes of invitations need it on the first day; without a token it is not asked for."""
    answers = iter(("Школа № 7", "journal", "full", token, name))
    monkeypatch.setattr(typer, "prompt", lambda *_, **__: next(answers))
    keyboard = Keyboard(tmp_path / "school", capsys, monkeypatch)
    keyboard.done("init")
    settings = (keyboard.data / "vestnik.env").read_text(encoding="utf-8")
    assert ("VESTNIK_BOT_NAME" in settings and "@" not in settings) is written
    assert list(answers) == ([] if written else [""])
