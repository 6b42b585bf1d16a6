"""aiogram's models are built when they are first used; whoever uses one sees no difference."""

from aiogram.methods import SendInvoice
from aiogram.types import Update


def test_what_an_update_is_made_of_is_ready() -> None:
    """The first family does not wait for it."""
    assert Update.__pydantic_complete__


def test_a_method_is_built_when_it_is_first_called() -> None:
    """No start waits for the methods that nobody calls, such as one that asks for money."""
    assert not SendInvoice.__pydantic_complete__
    asked = SendInvoice(chat_id=1, title="Обед", description="Обед", payload="1", currency="RUB", prices=[])
    assert asked.title == "Обед"
