"""The families of the demo, as the page shows them; their lists and journals are the files in `data`."""

from dataclasses import dataclass

from bot.sandbox import SandboxPerson

MAX_BOT = "vestnik_sandbox_bot"
"""What the sandbox's bot is called in MAX."""

STRANGER = SandboxPerson(
    "Прохожий Сергей Петрович", "не связан со школой", 108, note="Напишите боту: он ничего не выдаст"
)

MOTHER_OF_DARYA = SandboxPerson(
    "Ромашкина Елена Сергеевна", "мама Дарьи, 5А; в разводе", 101, note="Telegram. Отправьте /marks"
)
FATHER_OF_DARYA = SandboxPerson(
    "Ромашкин Илья Петрович", "папа Дарьи, 5А; в разводе", email="romashkin@sandbox.test", note="Почта"
)
MOTHER_OF_TWO = SandboxPerson(
    "Ковалёва Ольга Николаевна",
    "мама Марии, 5А, и Артёма, 9Б",
    103,
    phone="+79000000103",
    note="Telegram и MAX, затем SMS",
    max_id=203,
)
REFUSED = SandboxPerson("Орлов Андрей Викторович", "папа Тимофея, 5А", paper=True, note="Отказ: только бумага")
MOTHER_IN_MAX_CODE = "DEMM234567"
"""In the link of the strip that she was given."""

MOTHER_IN_MAX = SandboxPerson(
    "Орлова Ксения Игоревна",
    "мама Тимофея, 5А; выбрала MAX",
    paper=True,
    phone="+79000000115",
    note=f"Ссылка с листка школы: https://max.ru/{MAX_BOT}?start={MOTHER_IN_MAX_CODE}",
    max_id=215,
)
WITHOUT_ACCESS = SandboxPerson("Лебедева Нина Фёдоровна", "опекун Софии, 5А", paper=True, note="Без интернета: бумага")
BY_SMS = SandboxPerson("Зайцев Роман Юрьевич", "папа Егора, 9Б", phone="+79000000106", note="SMS")
HAS_BLOCKED = SandboxPerson(
    "Белова Ирина Львовна",
    "мама Анны, 9Б",
    107,
    "belova@sandbox.test",
    "+79000000107",
    note="Заблокировала бота: дальше почта, SMS, бумага",
)

STUDENT = SandboxPerson(
    "Ковалёв Артём Денисович", "ученик 9Б, свой доступ с 14 лет", 109, note="Спросите: что задали на завтра по алгебре?"
)
CLASS_TEACHER = SandboxPerson(
    "Мельников Олег Борисович", "классный руководитель 9Б", 110, note="Отправьте /broadcast: замена уроков классу"
)
SUBJECT_TEACHER = SandboxPerson(
    "Громов Сергей Петрович", "учитель алгебры и математики", 114, note="Отправьте /lessons: оценки прямо в боте"
)
DEPUTY_HEAD = SandboxPerson(
    "Савельева Полина Дмитриевна", "завуч", 111, note="Отправьте /term: чего не хватает к концу четверти"
)

SECRETARY = SandboxPerson(
    "Тихонова Вера Степановна", "секретарь", 112, note="Отправьте /register: что пришло на подпись"
)

NEWCOMER_CODE = "DEMQ234567"
"""On the newcomer's invitation sheet; anywhere else a code is drawn at random."""

NEWCOMER = SandboxPerson(
    "Зайцева Мария Павловна",
    "мама Егора, 9Б; ещё не подключена",
    113,
    "zaitseva@sandbox.test",
    "+79000000113",
    paper=True,
    note=f"Получила листок с кодом: /start {NEWCOMER_CODE}",
)


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody whom a visitor leads in, by a printed strip; the journal in `folder` has the child's next mark."""

    person: SandboxPerson
    channel: str
    code: str
    child: str
    folder: str


INVITED = (
    Invited(NEWCOMER, "telegram", NEWCOMER_CODE, "Зайцев Егор, 9Б", "day3"),
    Invited(MOTHER_IN_MAX, "max", MOTHER_IN_MAX_CODE, "Орлов Тимофей, 5А", "day4"),
)

PEOPLE = (
    MOTHER_OF_DARYA,
    STUDENT,
    CLASS_TEACHER,
    SUBJECT_TEACHER,
    DEPUTY_HEAD,
    MOTHER_OF_TWO,
    MOTHER_IN_MAX,
    NEWCOMER,
    SECRETARY,
    FATHER_OF_DARYA,
    HAS_BLOCKED,
    BY_SMS,
    REFUSED,
    WITHOUT_ACCESS,
    STRANGER,
)
CHATTING = (MOTHER_OF_DARYA, MOTHER_OF_TWO, HAS_BLOCKED)
"""Those who wished for Telegram on their form and bind their chats with a code."""

IN_BOTH = (MOTHER_OF_TWO,)
"""Those who wished for both messengers; the one that is bound last is their first way."""

AT_SCHOOL = (STUDENT, CLASS_TEACHER, SUBJECT_TEACHER, DEPUTY_HEAD, SECRETARY)
"""Those who handed in a form of their own at the secretary's desk and bind their chats there."""
