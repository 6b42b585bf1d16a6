"""Questions in odd words: what is compared, left, undone or told to somebody is answered as such (Q110–Q114)."""

from tests.support.conversation.phone import Phone, other_first_lines
from tests.support.conversation.telegram import Line
from tests.support.schools.asked import FATHER, MOTHER


async def test_the_named_week_hour_work_and_code_are_answered(line: Line) -> None:
    """The week before last, lessons left, what is not handed in, a code, a room in short."""
    assert not await other_first_lines(
        Phone(line, FATHER),
        {
            "оценки за позапрошлую неделю": "Оценок нет: 02.11–08.11.",
            "сколько у меня уроков осталось": "Сегодня уроков больше нет.",
            "всё сдала?": "1 долг: в этом учебном году. 16.11 История: какая работа, в журнале не записано.",
            "что именно не сдано и когда": "1 долг: в этом учебном году. 16.11 История.",
            "что такое ОСВ": "ОСВ – освобождение от урока",
            "в каком кабе химия": "Химия: каб. 206 – чт 26.11, 1-й урок, 08:30–09:15.",
            "русский дз за вторник какое было": "Ничего не задано: вт 17.11.",
            "сколько уроков в неделю": "24 урока: 16.11–22.11.",
            "когда писали контрольную по алгебре": "19.11 Алгебра: 5",
            "за первую четверть по физике сколько": "Оценок нет: Физика, 01.09–25.10.",
            "самая низкая оценка за ноябрь": "Самая низкая – 2, 1 раз: 18.11 Физика: 2",
            "за какие работы двойки": "18.11 Физика: 2 – Самостоятельная работа, «Сила»; Нет единиц",
            "когда выставят четвертные":
                "Когда выставят оценку за период, в журнале не записано. 2 четверть – до 29.12. "
                "О новой оценке придёт сообщение.",
            "пришлите уведомление если двойка":
                "Что, каким путём и когда приходит – СМС, почта, мессенджер, сразу или раз в день, – "
                "выбирается кнопками ниже.",
            "спасибо большое, до свидания": "До свидания!",
            "сёдня химия последняя?": "Да, сегодня, пт 20.11, 4-й урок, 11:15–12:00.",
        },
    )  # fmt: skip


async def test_words_for_a_teacher_and_wishes_are_no_questions(line: Line) -> None:
    """They were read as a forecast and as announcements."""
    phone = Phone(line, FATHER)
    passed = await phone.says("передайте Марине Игоревне что Маша завтра придёт ко второму уроку")
    assert passed.startswith("Сообщения учителям я не передаю.")
    wished = await phone.says("отправляйте мне всё одним сообщением вечером, а не по одному")
    assert wished.startswith("Что, каким путём и когда приходит")
    assert (await phone.says("скажите пожалуйста какие уроки в понедельник")).startswith("Пн 23.11: 5 уроков")


async def test_who_ends_first_stands_first(line: Line) -> None:
    """«кто раньше», «кто позже»: the children are put in order by the hour."""
    mother = Phone(line, MOTHER)
    first, last = [
        (await mother.says(f"кто из них в понедельник {when} заканчивает")).split("\n")[0]
        for when in ("раньше", "позже")
    ]
    assert {first[:5], last[:5]} == {"Артём", "Мария"}
    assert last == f"{', '.join(reversed(first.rstrip('.').split(', ')))}."


async def test_what_was_is_not_asked_of_what_comes(line: Line) -> None:
    """A work that was written, homework of a past day, the way back to school, why there is nothing."""
    phone = Phone(line, FATHER)
    assert not await other_first_lines(
        phone,
        {
            "была ли на этой неделе самостоятельная по физике":
                "Да: 18.11 Физика: 2 – Самостоятельная работа, «Сила»; Нет единиц.",
            "когда после каникул в школу": "В школу пн 11.01; Зимние каникулы: 30.12–10.01.",
            "какое задание было в среду по истории": "Ничего не задано: ср 18.11.",
            "опаздывала хоть раз?": "Опозданий нет: в этом учебном году.",
            "скок осталось до конца уроков": "Сегодня уроков больше нет.",
            "какое место она в классе занимает по оценкам":
                "Места в классе и рейтинга я не показываю: это оценки других детей. "
                "Свой средний балл покажу: спросите «средний балл».",
            "отличница или хорошистка?": "Ни то ни другое: ниже «4» – Физика, Химия.",
            "чё стоит по химии": "Химия, 2 четверть: 3 · средний балл 3,00",
            "пусть химичка мне перезвонит":
                "Сообщения учителям я не передаю. "
                "Напишите учителю так, как принято в школе, или спросите классного руководителя.",
            "по какому предмету нет оценок":
                "Без оценок: Английский язык, Геометрия, История, Русский язык – в этом учебном году.",
            "когда дискотека": "Ни в журнале, ни в объявлениях нет «дискотека». О чём показать?",
        },
    )  # fmt: skip
    await phone.says("она прогуливала химию?")
    assert "19.11 Химия" in await phone.says("когда это было")
    assert (await Phone(line, MOTHER).says("homework for Maria on Monday")).startswith("Мария: ")


async def test_what_goes_on_with_homework_and_terms(line: Line) -> None:
    """«когда сдавать» after homework is when it is due; «а третья когда начинается» after a term is another one."""
    phone = Phone(line, FATHER)
    await phone.says("что задали по физике")
    assert (await phone.says("когда сдавать")).startswith("Физика, на ср 25.11: § 12")
    await phone.says("когда заканчивается 2 четверть")
    assert (await phone.says("а третья когда начинается?")).startswith("3 четверть: начало")
    assert (await phone.says("сколько всего оценок по физике и алгебре")).startswith("1 оценка: Физика")
    assert (await phone.says("во скок заканчивается четвёртый урок")).startswith("Химия: сегодня, пт 20.11, 4-й урок")
    assert (await phone.says("расписание звонков")).startswith("Звонки: 1-й урок 08:30–09:15")
    assert (await phone.says("хочу поговорить с мельниковым")).startswith("Сообщения учителям я не передаю")


async def test_what_the_school_or_the_bot_decides_is_told_apart(line: Line) -> None:
    """Settings, anger, a child to be unlinked, hours of the class and days of many lessons."""
    assert not await other_first_lines(
        Phone(line, FATHER),
        {
            "когда каникулы": "Зимние каникулы: 30.12–10.01, через 40 дней.",
            "когда они в школу выходят после них": "В школу пн 11.01; Зимние каникулы: 30.12–10.01.",
            "как перевести уведомления на вечер": "<b>Настройки</b>",
            "физик злой блин": "Этого школьный журнал не знает. Обратитесь в школу или к классному руководителю.",
            "бесит эта химия": "Бывает. Спросите – подскажу: «что исправить», «какие долги», «что на завтра».",
            "как удалить машу и подписаться на другого ребенка":
                "Доступ открывает и закрывает школа: второй родитель или опекун подписывает у секретаря своё "
                "согласие и получает код; ученик с 14 лет – своё; ещё одного ребёнка тоже добавляет "
                "секретарь; бабушкам, дедушкам и другим родственникам доступ не открывают. Обратитесь в "
                "школу или к классному руководителю.",
            "какой день самый тяжелый по урокам": "Больше всего уроков: ср 18.11 – 6.",
            "классный час когда": "Такого предмета в школе нет: «классный час». Что показать?",
            "по химии все нормально?": "Химия, 2 четверть: 3 · средний балл 3,00",
            "какие оценки за 16 ноября": "Оценок нет: пн 16.11. Работа не сдана: История.",
        },
    )  # fmt: skip


async def test_who_of_the_children_is_answered_for_each(line: Line) -> None:
    """«кто из детей» asks about each of them."""
    assert not await other_first_lines(
        Phone(line, MOTHER),
        {
            "кто из детей в понедельник идет на русский язык": "Артём: Да, пн 23.11, 2-й урок, 09:25–10:10.",
            "кто болел 19 ноября у нас": "Артём: Пропусков нет: вчера, чт 19.11.",
        },
    )  # fmt: skip


async def test_a_teacher_is_asked_for_by_the_subject_too(line: Line) -> None:
    """«у ивановой за предмет» asks what she teaches."""
    assert not await other_first_lines(
        Phone(line, FATHER),
        {
            "что там у ивановой за предмет": "Физика: Иванова Ирина Олеговна",
            "какой предмет у ивановой": "Физика: Иванова Ирина Олеговна",
        },
    )  # fmt: skip
