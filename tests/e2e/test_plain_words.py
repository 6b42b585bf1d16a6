"""Families ask in their own words: what is said plainly is answered, what is not gets buttons, never a guess."""

from collections.abc import Sequence

import pytest

from bot.demo.people import MOTHER_OF_DARYA, MOTHER_OF_TWO, STUDENT
from bot.demo.school import DemoSchool
from bot.sandbox import SandboxPerson
from tests.support.conversation.chat import chat_of

pytestmark = pytest.mark.no_cover


Line = tuple[SandboxPerson, str, str]
"""Who says what, and how the answer begins."""

WAYS = "Что, каким путём и когда приходит"
"""How the answer begins to a wish about messages."""

ACCEPTED = "Школа приняла вашу форму"
"""How the message begins that comes by itself, perhaps between a question and its answer."""


async def said(school: DemoSchool, person: SandboxPerson, words: str) -> str:
    """What the bot answers."""
    chat = chat_of(school, person)
    await chat.send(words)
    while (answer := (await chat.reply()).text).startswith(ACCEPTED):
        continue
    return answer


async def test_a_student_asks_for_homework_in_plain_words(school: DemoSchool) -> None:
    """«что задали на завтра по алгебре?», misspelt and short as well, and in English (Q96)."""
    asked = (
        "что задали на завтра по алгебре?",
        "дз алг завтра",
        "algebra homework for tomorrow",
        "дз по алгербе на завтра",
    )
    answers = {await said(school, STUDENT, words) for words in asked}
    (answer,) = answers
    line, rest = answer.split("\n\n", 1)
    assert line.startswith(("Алгебра, на ", "Ничего не задано: "))
    assert rest.startswith("Ковалёв Артём Денисович")


async def test_marks_are_asked_for_by_subject_and_by_child(school: DemoSchool) -> None:
    """A mother of two names one child; the subject and the child are on the screen (Q13, Q15)."""
    answer = await said(school, MOTHER_OF_TWO, "какие оценки у Артёма по алгебре")
    line, rest = answer.split("\n\n", 1)
    assert line.startswith("Артём: Алгебра, ")
    assert rest.startswith("Ковалёв Артём Денисович\nАлгебра")
    line, rest = (await said(school, MOTHER_OF_DARYA, "оценки по русскому за октябрь")).split("\n\n", 1)
    assert line.startswith("Русский язык, 01.10–31.10: ")
    assert rest.startswith("Ромашкина Дарья")


async def test_nobody_learns_of_another_child(school: DemoSchool) -> None:
    """Whoever is named who is not one's own: the answer names nobody and has no marks (Q14)."""
    for words in (
        "оценки Артёма",
        "какие оценки у Маши Ковалёвой",
        "что получил Ковалёв по алгебре",
        "оценки всего класса",
    ):
        answer = await said(school, MOTHER_OF_DARYA, words)
        assert answer == "Я показываю только те сведения, которые открыты вам. О чём показать?"


async def test_an_unclear_question_is_settled_with_a_tap(school: DemoSchool) -> None:
    """«математика» of a ninth grade is two subjects: the asker chooses, and the marks of that one come."""
    chat = chat_of(school, STUDENT)
    await chat.send("оценки по математике")
    choice = await chat.reply()
    assert choice.text == "Какой предмет?"
    assert choice.labels == ["Алгебра", "Геометрия"]
    await chat.press("Алгебра")
    assert choice.text.startswith("Ковалёв Артём Денисович\nАлгебра")


async def test_words_without_a_question_get_all_that_can_be_asked(school: DemoSchool) -> None:
    """Chatter gets the choice and an example, and each button leads on."""
    chat = chat_of(school, MOTHER_OF_DARYA)
    await chat.send("ну как там дела?")
    choice = await chat.reply()
    assert choice.text.startswith("Не понял вопрос.")
    assert {"Оценки", "Расписание", "Домашние задания"} <= set(choice.labels)
    await chat.press("Расписание")
    assert choice.text.startswith("Ромашкина Дарья Ильинична")


async def test_a_command_is_no_question(school: DemoSchool) -> None:
    """`/menu` opens the menu although no words of it are understood."""
    assert "Не понял" not in await said(school, MOTHER_OF_DARYA, "/menu")


async def test_corrections_of_a_week_are_those_made_in_it(school: DemoSchool) -> None:
    """A mark of last week that was taken back today was changed this week (Q38)."""
    answer = await said(school, MOTHER_OF_TWO, "какие оценки исправили на этой неделе у Артёма")
    assert answer.startswith("Артём: Да, 1 исправление: 14.10 Алгебра: 2 → снята (исправлено 22.10).")


async def test_why_of_another_subject_is_of_the_term_too(school: DemoSchool) -> None:
    """«а по русскому почему 4» behind a term's mark is the mark of that term, not those of lessons (Q112)."""
    of_term = await said(school, MOTHER_OF_DARYA, "оценка по математике за четверть стоит?")
    assert of_term.startswith("Математика, 1 четверть: 5.")
    answer = await said(school, MOTHER_OF_DARYA, "а по русскому почему 4")
    assert answer.startswith("1 четверть, Русский язык: 4 – средний балл 4,33")


TALKS = (
    (MOTHER_OF_TWO, "что за работа по химии не сдана", "Артём: Не сдано: 22.10 Химия"),
    (MOTHER_OF_TWO, "и когда ее можно досдать", "Артём: Срок и порядок сдачи в журнале не записаны"),
    (MOTHER_OF_TWO, "у артема двойка по алгебре была она пропала что ли", "Артём: Да, 1 исправление: 14.10 Алгебра"),
    (MOTHER_OF_TWO, "а исправили ее с чего вдруг, пересдал?", "Артём: Да, 1 исправление: 14.10 Алгебра"),
    (MOTHER_OF_TWO, "Что Артем сдает в июне, какие огэ", "Артём: Экзамены: даты и предметы здесь не объявлены"),
    (MOTHER_OF_TWO, "по какому предмету маша хуже всего учится", "Мария: Хуже всего: Математика (3,09)"),
    (MOTHER_OF_TWO, "странно 3.09 а четверть 4, это как так?", "Мария: 1 четверть, Математика: 4 – средний балл 3,09"),
    (MOTHER_OF_TWO, "во сколько у них завтра заканчиваются уроки", "Артём – 12:45, Мария – 11:50."),
    (MOTHER_OF_TWO, "это Маша вчера с урока по болезни ушла?", "Мария: 1 пропуск по болезни: вчера, ср 21.10."),
    (MOTHER_OF_TWO, "т.е. 4 ноября дети тоже дома?", "Мария: Да, ср 04.11 – выходной"),
    (STUDENT, "кр по алгебре когда", "Алгебра: новых контрольных не запланировано."),
    (STUDENT, "тема какая там", "Алгебра: новых контрольных не запланировано."),
    (STUDENT, "геома: что нужно чтобы 4 вышло", "До «4» – 1 пятёрка"),
    (STUDENT, "она в пятницу последняя?", "Да, завтра, пт 23.10, 5-й урок"),
    (STUDENT, "завтра к/р будут какие то", "Новых контрольных не запланировано."),
    (STUDENT, "а вообще после каникул когда ближайшая", "Новых контрольных не запланировано."),
    (STUDENT, "номера по алгебре скинь что решать", "Алгебра, на завтра, пт 23.10: № 221, 222"),
    (STUDENT, "а на прошлый раз какие были", "Алгебра, на пн 19.10: № 214, 216"),
    (STUDENT, "ну а пробник уже был, что за него стоит", "Результатов пока нет."),
    (MOTHER_OF_DARYA, "сделай чтоб про новые оценки мне само приходило", "Что, каким путём и когда приходит"),
    (MOTHER_OF_DARYA, "время ежедневной рассылки поменяй на 13:00", "Что, каким путём и когда приходит"),
    (MOTHER_OF_DARYA, "почему по английскому 9 октября уважительная, кто написал?", "09.10 Иностранный язык"),
    (MOTHER_OF_DARYA, "кто у нас историю ведёт", "История: Мельникова Дарья Павловна"),
    (MOTHER_OF_DARYA, "можно ли у нее исправить четверку", "Только если разрешит учитель"),
    (MOTHER_OF_DARYA, "вчера даша пришла вовремя?", "Опозданий нет: вчера, ср 21.10."),
)
OF_ONE_SUBJECT = (
    (MOTHER_OF_TWO, "машка говорит двойку поставили сегодня, это правда??", "Мария: Двоек нет: сегодня"),
    (MOTHER_OF_TWO, "а вчера не было?", "Мария: Двоек нет: вчера"),
    (MOTHER_OF_TWO, "что у артема задали на завтра", "Артём: Алгебра, на завтра"),
    (MOTHER_OF_TWO, "на физику ему точно ничего не надо?", "Артём: Ничего не задано: завтра"),
    (MOTHER_OF_TWO, "у маши по русскому какие оценки", "Мария: Русский язык, 1 четверть: 5, 4"),
    (MOTHER_OF_TWO, "за что 4?", "Мария: 19.10 Русский язык: 4"),
    (MOTHER_OF_TWO, "кто у артема химичка", "Артём: Химия: Юдина"),
    (MOTHER_OF_TWO, "когда у него следующий урок с ней?", "Артём: Химия: "),
    (MOTHER_OF_TWO, "слишком много сообщений шлете, как убрать вечерние", "Настройки"),
    (MOTHER_OF_TWO, "геометрия у сына 3 и 4, что ставят в четверти", "Артём: Сейчас 3 (3,50)"),
    (STUDENT, "чо завтра первым", "Алгебра: завтра"),
    (STUDENT, "задали по ней чето?", "Да, задано: Алгебра, на завтра"),
    (STUDENT, "по русичке кто", "Русский язык: Фролова"),
    (STUDENT, "она мне что ставит в четверти", "Сейчас 4 (4,00)"),
    (STUDENT, "какой параграф по физике был на сегодня", "Физика, на сегодня"),
    (STUDENT, "хорошо, а на след урок уже есть?", "Впереди ничего не задано"),
    (STUDENT, "сколько дней до каникул", "Осенние каникулы: 26.10–03.11"),
    (STUDENT, "а следущая четверть до какого", "2 четверть: чт 05.11 – ср 30.12"),
    (STUDENT, "итоговую по истории выставили? какая", "История, 1 четверть: 5."),
    (STUDENT, "ура. а по остальным еще нет?", "1 четверть: История – 5; остальные пока не выставлены."),
    (STUDENT, "у юдиной завтра есть уроки? хочу подойти досдать", "Нет: Химия, завтра"),
    (STUDENT, "а новый год во сколько дней?", "11 дней: 31.12–10.01"),
    (MOTHER_OF_DARYA, "странно, а когда вообще последний раз задавали?", "Ничего не задано: 08.10–22.10."),
    (MOTHER_OF_DARYA, "чет у дашки с математикой? средний какой", "Средний балл, 1 четверть"),
    (MOTHER_OF_DARYA, "ясно. четверка откуда взялась?", "12.10 Математика: 4"),
    (MOTHER_OF_DARYA, "а кто там у нас классный, забыла", "Классный руководитель: Астахова"),
    (MOTHER_OF_DARYA, "она же и английский ведет?", "Иностранный язык (английский): Астахова"),
    (MOTHER_OF_DARYA, "Значит, завтра последний учебный день перед каникулами?", "Последний учебный день: пт 23.10"),
    (MOTHER_OF_DARYA, "А какие уроки будут у неё в первый день после них?", "Чт 05.11: 5 уроков"),
    (MOTHER_OF_DARYA, "Была справка, видно ли, что пропуск уважительный?", "1 пропуск по уважительной причине"),
)
OF_ANOTHER_DAY = (
    (MOTHER_OF_TWO, "каникулы с какого у них", "Артём: Осенние каникулы"),
    (MOTHER_OF_TWO, "значит выходят 5го?", "Артём: Да, чт 05.11: 6 уроков"),
    (MOTHER_OF_TWO, "завтра физра у кого", "Артём: Нет: Физическая культура"),
    (MOTHER_OF_TWO, "ясно, маше форму класть. а ко скольки ей завтра", "Мария: Завтра с 08:30"),
    (MOTHER_OF_TWO, "кто у них химию ведет? хочу написать", "Артём: Химия: Юдина"),
    (MOTHER_OF_TWO, "странно, средний у маши 3.09 а поставили четыре?? почему", "Мария: 1 четверть, Математика: 4"),
    (MOTHER_OF_TWO, "эту тройку за 12 число можно переписать?", "Сдать или переписать работу"),
    (MOTHER_OF_TWO, "по истории какая тема завтра у темы, он не знает что учить", "Артём: Ничего не задано: завтра"),
    (MOTHER_OF_DARYA, "за что 4 12 октября по матем", "12.10 Математика: 4"),
    (MOTHER_OF_DARYA, "а 5 в тот же день?", "12.10 Математика: 5"),
    (MOTHER_OF_DARYA, "а 4 ноября тогда учатся или нет?", "Нет, ср 04.11"),
    (MOTHER_OF_DARYA, "а в субботу эту учатся?", "Нет, сб 24.10"),
    (MOTHER_OF_DARYA, "физра на улице будет или в зале?", "Физическая культура: каб. Спортзал"),
    (MOTHER_OF_DARYA, "какая оценка выходит по русскому", "Оценка уже выставлена: 4"),
    (MOTHER_OF_DARYA, "а где уже есть четвертные?", "1 четверть: Математика – 5, Русский язык – 4"),
    (MOTHER_OF_DARYA, "а объявления от школы какие то были", "Объявлений за это время нет."),
    (MOTHER_OF_DARYA, "а в пятницу 6-го физкультура есть?", "Да, пт 06.11"),
    (STUDENT, "мне поставили н по химии а я был", "Записи журнала меняю не я"),
    (STUDENT, "вес 20 это как, за 20 оценок считается?", "Средний балл – сумма"),
    (STUDENT, "физика за четверть 5 будет значит", "Пока да: сейчас 5 (4,95)"),
    (STUDENT, "ура. а если завтра пару поймаю все равно пять?", "Физика. Да: с оценкой 2"),
    (STUDENT, "сколько еще дней до каникул учиться", "Осенние каникулы: 26.10–03.11"),
    (STUDENT, "как включить чтоб домашка мне сюда сразу прилетала", "Что, каким путём и когда приходит"),
    (STUDENT, "да не, я про уведомления о дз", WAYS),
)
OF_ANYTHING_ELSE = (
    (STUDENT, "какая оценка выставлена по истории и кто поставил", "История, 1 четверть: 5"),
    (STUDENT, "поставь чтоб дз приходило мне сразу а не вечером", WAYS),
    (STUDENT, "алгебра завтра первая? не хочу опоздать", "Да, завтра, пт 23.10, 1-й урок"),
    (STUDENT, "учительница химии кто, фио", "Химия: Юдина"),
    (STUDENT, "она завтра у нас ведет что нить?", "Нет: Химия, завтра"),
    (STUDENT, "физра завтра будет или нет", "Нет: Физическая культура, завтра"),
    (STUDENT, "кайф) а когда следующая после каникул", "Физическая культура: чт 05.11"),
    (STUDENT, "историчка пятерку уже выставила в четверть?", "История, 1 четверть: 5."),
    (MOTHER_OF_TWO, "хочу чтоб про каждую двойку мне сразу писало, как включить", WAYS),
    (MOTHER_OF_TWO, "и про замены уроков присылайте обязательно", WAYS),
    (MOTHER_OF_TWO, "какая выходит у артема за четверть по алгебре 4 или 5", "Артём: Сейчас 4 (4,50)"),
    (MOTHER_OF_TWO, "а по другим предметам тройки ему грозят?", "Артём: По прогнозу «3» нигде не выходит"),
    (MOTHER_OF_TWO, "значит в школу уже 4 ноября или 5го?", "Артём: В школу чт 05.11"),
    (MOTHER_OF_TWO, "Машка сегодня что нибудь получила?", "Мария: Да, 1 оценка: сегодня"),
    (MOTHER_OF_TWO, "а брат ее?", "Артём: Да, 1 оценка: сегодня"),
    (MOTHER_OF_DARYA, "а кто исправил тройку по русскому и почему", "Да, 1 исправление: 15.10 Русский язык: 3 → 4"),
    (MOTHER_OF_DARYA, "за русский 4 когда получила последний раз", "15.10 Русский язык: 4"),
    (MOTHER_OF_DARYA, "можно ей через вас сообщение отправить?", "Сообщения учителям я не передаю"),
)
"""What people say in a row, and how the first line of each answer begins."""


OF_LOOSE_WORDS: Sequence[Line] = (
    (MOTHER_OF_DARYA, "контрольные до конца четверти ещё будут?", "Нет, контрольных не запланировано: 22.10–25.10"),
    (MOTHER_OF_DARYA, "а в следующей?", "Нет, контрольных не запланировано: 05.11–30.12"),
    (MOTHER_OF_DARYA, "каникулы осенние с какого по какое", "Осенние каникулы: 26.10–03.11"),
    (MOTHER_OF_DARYA, "после них первый день какие уроки", "Чт 05.11: 5 уроков"),
    (MOTHER_OF_DARYA, "домашка с понедельника по сегодня", "Ничего не задано: 19.10–22.10"),
    (MOTHER_OF_DARYA, "и на прошлой неделе тоже ничего не было??", "Ничего не задано: 12.10–18.10"),
    (MOTHER_OF_DARYA, "где она слабее всего", "Хуже всего: Русский язык (4,33)"),
    (MOTHER_OF_DARYA, "по первому четверки за что были?", "15.10 Русский язык: 4"),
    (MOTHER_OF_DARYA, "учительница по русскому это та же что классная?", "Да, Русский язык и классный руководитель"),
    (MOTHER_OF_DARYA, "сколько всего оценок у даши за четверть по каждому", "Оценок по предметам: "),
    (
        MOTHER_OF_DARYA,
        "12 октября по математике 4 и 5 за что",
        "12.10 Математика: 5",
    ),
    (MOTHER_OF_DARYA, "литературу вытянет на 5?", "Можно: до «5» – 1 пятёрка"),
    (MOTHER_OF_DARYA, "урок ведь завтра первый? что надо прочитать", "Литература: завтра, пт 23.10, 1-й урок"),
    (STUDENT, "сколько уроков алгебры осталось до нового года", "Алгебра: 3"),
    (STUDENT, "не, во второй четверти сколько их", "Алгебра: 32 урока, 05.11–30.12"),
    (STUDENT, "что по химии не сдано", "Не сдано: 22.10 Химия"),
    (STUDENT, "и мне теперь 2 за нее влепят?", "Несданная работа в средний балл не входит"),
    (STUDENT, "алгебру ведет громов и геому он же?", "Алгебра: Громов Сергей Петрович\nГеометрия: Громов"),
    (STUDENT, "чо я сегодня по физике получил", "Физика, чт 22.10: 5"),
    (STUDENT, "и какой теперь средний", "Физика. Средний балл, 1 четверть"),
    (STUDENT, "к кому подойти насчет пересдачи по химии", "Химия: Юдина Алла Романовна"),
    (STUDENT, "изи) а долги у меня есть?", "1 долг"),
    (MOTHER_OF_TWO, "когда маше после каникул в школу", "Мария: В школу чт 05.11"),
    (MOTHER_OF_TWO, "у темы тоже с 5го?", "Артём: В школу чт 05.11"),
    (MOTHER_OF_TWO, "в субботу никто не учится?", "Артём – 0 уроков, Мария – 0 уроков"),
    (MOTHER_OF_TWO, "можешь присылать мне сам когда им двойку ставят?", "Сообщения об оценках приходят сами"),
    (MOTHER_OF_TWO, "кто у них классный руководитель, хочу написать", "Артём: Классный руководитель"),
    (MOTHER_OF_TWO, "я сегодня не успеваю к часу, есть у них продленка?", "Этого школьный журнал не знает"),
    (MOTHER_OF_TWO, "тёма уже должен был из школы выйти?", "Артём: Сегодня до 13:35"),
)
"""The part that an answer leaves open is said loosely, a remark stands before a question, or two are asked at once."""


@pytest.mark.parametrize("talks", [TALKS, OF_ONE_SUBJECT, OF_ANOTHER_DAY, OF_ANYTHING_ELSE, OF_LOOSE_WORDS])
async def test_talks_keep_what_was_spoken_of(
    school: DemoSchool, talks: Sequence[tuple[SandboxPerson, str, str]]
) -> None:
    """«её» behind a son's work is the work, «она» behind a subject the lesson, «по остальным» the others (Q112)."""
    wrong = [
        (words, answer.splitlines()[0])
        for who, words, begins in talks
        if not (answer := await said(school, who, words)).startswith(begins)
    ]
    assert not wrong
