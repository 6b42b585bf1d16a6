"""The proof of one obligation: what, to whom, on what, when, how, with which answer and which hashes (Q76)."""

import io
import re
import subprocess
from datetime import timedelta

import pytest

from bot.documents.delivery import proof as documents
from core.actions.delivery import open_results, proofs, receipts
from core.errors import NotAllowedError, NotFoundError
from core.model.delivery.deliveries import Receipt
from core.model.delivery.states import Reason, Status
from core.model.people import SYSTEM, Actor, Role
from core.ports import RefusedError, Translator, UnitOfWorkFactory
from notifiers.directory import InstalledChannelDirectory
from tests.peers import processes
from tests.support.conversation.screens import EN, RU
from tests.support.delivery.results import POLICY, OwingSchool, an_owing_school
from tests.support.schools.builders import NOW

WORDS = InstalledChannelDirectory().notice_words
HASH = re.compile(r"[0-9a-f]{64}")


@pytest.fixture
async def school(open_uow: UnitOfWorkFactory) -> OwingSchool:
    """A final mark that Telegram refused and the mail accepted."""
    school = await an_owing_school(open_uow)
    await school.owes()
    school.post.telegram.script.append(RefusedError(Reason.BLOCKED))
    await school.sends()
    await school.sends(minutes=1)
    return school


async def proved(school: OwingSchool, actor: Actor = SYSTEM) -> dict[str, list[tuple[str, str]]]:
    """The facts of each section."""
    async with school.open_uow(reading=True) as uow:
        proof = await proofs.load_obligation_proof(uow, actor, 1, now=school.now)
    sections = documents.proof_document_sections(proof, RU, policy=POLICY, notice_words=WORDS)
    return {each.heading: list(each.facts) for each in sections}


def _text_of(pdf: bytes) -> str:
    reader = processes.program("pdftotext", package="poppler-utils")
    return subprocess.run([reader, "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


async def test_a_proof_names_everything(school: OwingSchool) -> None:
    """The content, the person, the consent, the act of each contact, each try with its answer, the hash of the text."""
    sections = await proved(school)
    what = dict(sections["Что сообщено и кому"])
    assert (what["Содержание"], what["Кому"]) == ("1 четверть, Алгебра: 4", "Соколова Вера Ивановна")
    assert (what["Школа получила результат"], what["Сообщить до"]) == ("20.11.2026 12:00:00", "21.11.2026 12:00:00")
    telegram, email = dict(sections["Telegram: отказано (бот заблокирован)"]), dict(sections["почта: принято"])
    assert "С-1" in telegram["Согласие"]
    assert "К-1, принял(а) Секретарь" in telegram["Контакт"]
    assert telegram["Ответ канала"].startswith("отказано (бот заблокирован), 20.11.2026 12:00:01")
    assert email["Ответ канала"].startswith("принято, ")
    assert len(email["SHA-256 текста"]) == 64


async def test_the_hashes_are_those_of_the_trail(school: OwingSchool) -> None:
    """Each line about the tries and the end of the trail, so that the export can be checked against the paper (Q76)."""
    trail = (await proved(school))["Журнал действий"]
    async with school.open_uow(reading=True) as uow:
        lines = {line.chain: line.action async for line in uow.audit.export()}
        head = await uow.audit.head()
    assert head is not None
    hashes = [chain for _, chain in trail]
    tried = ["отправка: отказано", "отправка: принято"]
    assert [label.split(", ")[1] for label, _ in trail[:-1]] == tried
    assert [lines[chain] for chain in hashes[:-1]] == ["attempt.refused", "attempt.accepted"]
    assert hashes[-1] == head.chain


async def test_later_answers_calls_and_signatures_are_in_it(school: OwingSchool) -> None:
    """A reading that came after the acceptance, with its time."""
    async with school.open_uow(reading=True) as uow:
        (attempt,) = [each for each in await uow.outbox.attempts_of(1) if each.channel == "email"]
    async with school.open_uow() as uow:
        mother = Actor(school.family.mother, frozenset({Role.GUARDIAN}), "telegram")
        later = NOW + timedelta(hours=3)
        await receipts.record_read_receipt(uow, mother, attempt.id, closes={}, now=later)
    email = dict((await proved(school))["почта: прочитано"])
    assert email["Позже"] == "прочитано, 20.11.2026 15:00:00"
    await school.owes(fact="period_mark:2")
    async with school.open_uow() as uow:
        assert await open_results.record_open_results_call(uow, school.deputy, school.family.mother, 99, now=NOW) == 1
    async with school.open_uow(reading=True) as uow:
        proof = await proofs.load_obligation_proof(uow, SYSTEM, 2, now=NOW)
    said = {each.heading: dict(each.facts) for each in documents.proof_document_sections(
        proof, RU, policy=POLICY, notice_words=WORDS
    )}  # fmt: skip
    assert said["Сообщено по телефону"]["Кто звонил"] == "Громова Вера Павловна"
    assert [line.action for line in proof.lines] == ["result.reached"]


async def test_the_office_alone_gets_a_proof(school: OwingSchool) -> None:
    """It names a family and its papers (Q14); an unknown number is nobody's."""
    for role in (Role.TEACHER, Role.CLASS_TEACHER, Role.GUARDIAN, Role.STUDENT):
        with pytest.raises(NotAllowedError):
            await proved(school, Actor(school.family.mother, frozenset({role}), "telegram"))
    async with school.open_uow(reading=True) as uow:
        with pytest.raises(NotFoundError):
            await proofs.load_obligation_proof(uow, SYSTEM, 99, now=NOW)


@pytest.mark.parametrize("t", [RU, EN], ids=["ru", "en"])
async def test_a_proof_is_a_document(school: OwingSchool, t: Translator) -> None:
    """Equal data give an equal PDF; the terminal gets the same facts."""
    async with school.open_uow(reading=True) as uow:
        proof = await proofs.load_obligation_proof(uow, SYSTEM, 1, now=NOW)
    made = [documents.proof_pdf(proof, t, policy=POLICY, notice_words=WORDS, school="МБОУ СОШ № 1") for _ in range(2)]
    assert made[0] == made[1]
    assert io.BytesIO(made[0]).read(5) == b"%PDF-"
    sections = documents.proof_document_sections(proof, t, policy=POLICY, notice_words=WORDS)
    lines = list(documents.proof_document_lines(sections, 1, t))
    assert any(line.endswith("Соколова Вера Ивановна") for line in lines)
    text = _text_of(made[0])
    hashes = {value for each in sections for _, value in each.facts if HASH.fullmatch(value)}
    assert hashes
    assert all(each in text for each in hashes), "a hash is copied out of the document to be checked"


async def test_a_report_of_delivery_is_a_line_of_the_proof(school: OwingSchool) -> None:
    """A bounce after the acceptance stands with its reason and opens the next channel (Q84)."""
    async with school.open_uow(reading=True) as uow:
        (attempt,) = [each for each in await uow.outbox.attempts_of(1) if each.channel == "email"]
    async with school.open_uow() as uow:
        bounce = Receipt(Status.REFUSED, reason=Reason.BOUNCED)
        worker = school.post.worker.identity
        assert await receipts.record_delivery_receipt(uow, attempt.key, bounce, worker=worker, now=school.now)
    sections = await proved(school)
    (bounced,) = [facts for heading, facts in sections.items() if heading.startswith("почта: отказано")]
    assert "отказано (письмо вернулось)" in dict(bounced)["Позже"]
