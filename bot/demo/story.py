"""The demo's story: scenes that the page plays one after another, each on somebody's phone (Q95–Q97)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from bot.demo.people import (
    CLASS_TEACHER,
    DEPUTY_HEAD,
    FATHER_OF_DARYA,
    MOTHER_IN_MAX,
    MOTHER_OF_DARYA,
    MOTHER_OF_TWO,
    REFUSED,
    SECRETARY,
    STUDENT,
    SUBJECT_TEACHER,
)
from bot.sandbox import SandboxPerson

Deed = tuple[str, str]
"""What the page does on a phone: `say` a text, `press` the newest button of a label, `show` a tab; or `table`.

A label that ends with «…» is only its beginning; of several labels, parted by `|`, the first that is there is pressed.
"""


@dataclass(frozen=True, slots=True)
class Scene:
    """One step: on whose phone, what a visitor reads, and what is done."""

    person: str
    words: str
    deeds: tuple[Deed, ...]


def _scene(person: SandboxPerson, words: str, *deeds: Deed) -> Scene:
    return Scene(person.name, words, deeds)


STORY = (
    _scene(
        MOTHER_OF_DARYA,
        "Утром школа загрузила журнал. Мама Дарьи узнала сразу: была тройка, стала четвёрка.",
        ("show", "chat"),
    ),
    _scene(FATHER_OF_DARYA, "Папа Дарьи выбрал почту: то же самое пришло ему письмом.", ("show", "mail")),
    _scene(
        REFUSED,
        "Кто отказался от электронной формы, не забыт: его выписка напечатана и ждёт в школе.",
        ("show", "paper"),
    ),
    _scene(
        STUDENT, "Ученик спрашивает обычными словами и получает ответ.", ("say", "что задали на завтра по алгебре?")
    ),
    _scene(
        SUBJECT_TEACHER,
        "Учитель ставит оценку с телефона: урок, ученик, «5».",
        ("say", "/lessons"),
        ("press", "Ср|• Ср"),
        ("press", "2. 9Б · Алгебра"),
        ("press", "3. Ковалёв А. Д.…"),
        ("press", "5"),
    ),
    _scene(MOTHER_OF_TWO, "Через мгновение о ней знает мама: оценка названа вместе с ребёнком.", ("show", "chat")),
    _scene(
        MOTHER_OF_TWO, "У этой семьи есть и MAX: тот же бот отвечает и там.", ("show", "max"), ("say", "оценки Артёма")
    ),
    _scene(
        CLASS_TEACHER,
        "Завтра замена урока: классный руководитель сообщает об этом всему классу.",
        ("say", "/broadcast"),
        ("press", "Замена"),
        ("press", "завтра, пт 23.10"),
        ("press", "☐ 2. Физика…|☐ 2. …"),  # replaced already where the story is played again
        ("press", "Дальше…"),
        ("press", "Громов С. П.|Юдина А. Р."),  # who stands in already is not offered
        ("press", "Алгебра|Химия"),
        ("press", "Проверить…"),
        ("press", "Отправить"),
    ),
    _scene(MOTHER_OF_TWO, "Мама читает и отвечает одним нажатием.", ("show", "chat"), ("press", "Прочитано")),
    _scene(CLASS_TEACHER, "Учитель видит, кто прочитал, кому напомнить и кому позвонить.", ("press", "Обновить")),
    _scene(SECRETARY, "Секретарь видит, кто ждёт подтверждения и у кого ещё нет канала.", ("say", "/register")),
    _scene(DEPUTY_HEAD, "Завуч видит, о каких итогах ещё не сообщили и сколько осталось до суток.", ("say", "/hours")),
    _scene(
        DEPUTY_HEAD,
        "И по каждому сообщению школа может доказать: кому, когда, каким путём. Это и есть «Вестник».",
        ("table", ""),
    ),
)

ENGLISH: Mapping[str, str] = {
    "не связан со школой": "has nothing to do with the school",
    "Напишите боту: он ничего не выдаст": "Write to the bot: it gives nothing away",
    "мама Дарьи, 5А; в разводе": "mother of Darya, 5А; divorced",
    "Telegram. Отправьте /marks": "Telegram. Send /marks",
    "папа Дарьи, 5А; в разводе": "father of Darya, 5А; divorced",
    "Почта": "Mail",
    "мама Марии, 5А, и Артёма, 9Б": "mother of Maria, 5А, and Artyom, 9Б",
    "Telegram и MAX, затем SMS": "Telegram and MAX, then SMS",
    "мама Тимофея, 5А; выбрала MAX": "mother of Timofey, 5А; chose MAX",
    MOTHER_IN_MAX.note: MOTHER_IN_MAX.note.replace("Ссылка с листка школы", "The link on the school’s slip"),
    "папа Тимофея, 5А": "father of Timofey, 5А",
    "Отказ: только бумага": "Refused: paper only",
    "опекун Софии, 5А": "guardian of Sofia, 5А",
    "Без интернета: бумага": "No internet: paper",
    "папа Егора, 9Б": "father of Egor, 9Б",
    "SMS": "SMS",
    "мама Анны, 9Б": "mother of Anna, 9Б",
    "Заблокировала бота: дальше почта, SMS, бумага": "Blocked the bot: then mail, SMS, paper",
    "ученик 9Б, свой доступ с 14 лет": "student of 9Б, own account from 14 on",
    "Спросите: что задали на завтра по алгебре?": "Ask: algebra homework for tomorrow",
    "классный руководитель 9Б": "class teacher of 9Б",
    "Отправьте /broadcast: замена уроков классу": "Send /broadcast: changed lessons to the class",
    "учитель алгебры и математики": "teacher of algebra and mathematics",
    "Отправьте /lessons: оценки прямо в боте": "Send /lessons: marks in the bot itself",
    "завуч": "deputy head",
    "Отправьте /term: чего не хватает к концу четверти": "Send /term: what the quarter still lacks",
    "секретарь": "secretary",
    "Отправьте /register: что пришло на подпись": "Send /register: what came in to be signed",
    "мама Егора, 9Б; ещё не подключена": "mother of Egor, 9Б; not connected yet",
    "Получила листок с кодом: /start DEMQ234567": "Has a slip with a code: /start DEMQ234567",
    "Утром школа загрузила журнал. Мама Дарьи узнала сразу: была тройка, стала четвёрка.":
        "In the morning the school imported its journal. Darya’s mother knew at once: the 3 became a 4.",
    "Папа Дарьи выбрал почту: то же самое пришло ему письмом.":
        "Darya’s father chose mail: he received the same as a letter.",
    "Кто отказался от электронной формы, не забыт: его выписка напечатана и ждёт в школе.":
        "Whoever refused the electronic form is not forgotten: the printed extract waits at school.",
    "Ученик спрашивает обычными словами и получает ответ.": "A student asks in plain words and gets an answer.",
    "Учитель ставит оценку с телефона: урок, ученик, «5».": "A teacher gives a mark by phone: lesson, student, “5”.",
    "Через мгновение о ней знает мама: оценка названа вместе с ребёнком.":
        "A moment later the mother knows: the message names the child.",
    "Завтра замена урока: классный руководитель сообщает об этом всему классу.":
        "A lesson of tomorrow is replaced: the class teacher tells the whole class.",
    "У этой семьи есть и MAX: тот же бот отвечает и там.": "This family has MAX too: the same bot answers there.",
    "Мама читает и отвечает одним нажатием.": "The mother reads it and answers in one tap.",
    "Учитель видит, кто прочитал, кому напомнить и кому позвонить.":
        "The teacher sees who has read it, whom to remind and whom to call.",
    "Секретарь видит, кто ждёт подтверждения и у кого ещё нет канала.":
        "The secretary sees who waits to be confirmed and who has no channel yet.",
    "Завуч видит, о каких итогах ещё не сообщили и сколько осталось до суток.":
        "The deputy head sees which results are not told yet and how much of the day is left.",
    "И по каждому сообщению школа может доказать: кому, когда, каким путём. Это и есть «Вестник».":
        "And the school can prove each message: to whom, when, which way. That is Vestnik.",
}  # fmt: skip
"""What the page says of people and scenes, for visitors who do not read Russian."""


def demo_story_json() -> Mapping[str, object]:
    """The scenes and their English, as the page takes them."""
    return {"scenes": [asdict(scene) for scene in STORY], "english": ENGLISH}
