"""What a family hears and may ask in MAX, with a consent that names its processor and with one that does not (Q140)."""

from dataclasses import replace
from pathlib import Path

from core.actions.register import forms
from core.model.delivery.states import Reason
from core.model.people import SYSTEM
from core.model.register.forms import FormPurpose, NewForm, SignedForm
from tests.support.conversation.max_chat import MaxChat
from tests.support.schools.builders import FINAL, NOW, Builder
from tests.support.schools.max_school import MaxSchool, max_school


async def signs(school: MaxSchool, *, with_max: bool) -> None:
    """The mother signs a form that was printed when MAX was set up, or before."""
    app = school.app
    printed = app.policy.processors.on_forms or ()
    assert "max" in printed
    if not with_max:
        printed = tuple(name for name in printed if name != "max")
    policy = replace(app.policy, processors=replace(app.policy.processors, on_forms=printed))
    async with app.open_uow() as uow:
        (mother,) = await uow.people.named({"соколова вера ивановна"})
        new = NewForm(FormPurpose.CONSENT, mother.id, school.student)
        form = await forms.issue_numbered_form(uow, SYSTEM, new, now=NOW, policy=policy)
    async with app.open_uow() as uow:
        taken = SignedForm(NOW.date(), all_fields_filled=True)
        await forms.accept_numbered_form(uow, SYSTEM, form.number, taken, now=NOW, policy=app.policy)


async def asks(mother: MaxChat) -> str:
    """What the bot says of marks, of itself, and of consents."""
    said = []
    for words in ("/marks", "/menu", "/consent"):
        mother.send(words)
        said.append(await mother.reply(20))
    return "\n".join(said)


async def test_max_opens_with_the_form_that_names_it(sqlite_url: str, tmp_path: Path) -> None:
    """Without it a result goes by the other messenger with the reason kept, and nothing is told on asking."""
    async with max_school(tmp_path, sqlite_url, with_telegram=True) as school:
        async with school.app.open_uow() as uow:
            (mother,) = await uow.people.named({"соколова вера ивановна"})
            await Builder(uow).contact(mother.id, "telegram", "501", rank=2)
            await uow.commit()
        there = school.world.chats[501]
        there.send("/start")
        school.mother.start(school.invitation.token)
        await school.mother.reply(20)
        await signs(school, with_max=False)
        silent = len(school.mother.messages)
        await school.tells(FINAL)
        assert len(school.mother.messages) == silent
        assert "Алгебра" in there.messages[-1].text
        async with school.app.open_uow(reading=True) as uow:
            (row,) = await uow.outbox.obligations()
        assert (row.deliveries[0].channel, row.deliveries[0].reason) == ("max", Reason.PROCESSOR_NOT_NAMED)
        assert "Соколова" not in await asks(school.mother)
        await signs(school, with_max=True)
        assert "Соколова" in await asks(school.mother)
        await school.tells(FINAL, "period_mark:2")
        assert "Алгебра" in school.mother.messages[-1].text
