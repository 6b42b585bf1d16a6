// The page in Russian or English. Russian words are the keys; what the server says of people comes with the state.

const ENGLISH = {
  "Вестник: песочница школы": "Vestnik: a sandbox school", "Вестник": "Vestnik", "К телефонам": "To the phones",
  "Семьи узнают об оценках, заменах и итогах в тот же день, а школа может это доказать":
    "Families learn of marks, changed lessons and results the same day, and the school can prove it",
  "Песочница школы: люди выдуманы, сеть не нужна": "A sandbox school: the people are invented, no network is needed",
  "▶ Показать по шагам": "▶ Play it step by step", "История": "Story", "Дальше": "Next", "Закрыть": "Close",
  "Начать заново": "Start again", "Обязательства": "Obligations", "подключаемся…": "connecting…",
  "обновляется само": "live", "связь потеряна, ждём…": "connection lost, waiting…",
  "Чей телефон показать": "Whose phone to show", "Телефоны": "Phones",
  "В этой песочнице пока нет людей.": "There are no people in this sandbox yet.",
  "Кому": "To whom", "О ком": "About", "Что": "What", "Получено школой": "Received by the school", "Срок": "Due",
  "Состояние": "State", "Доказательство": "Evidence", "Каналы": "Channels", "Лоток печати": "Print tray",
  "Действия с ботом": "What to do with the bot", "Поделиться своим номером": "Share one’s number",
  "Переписка с ботом": "Talk with the bot", "Сообщения": "Messages", "Прикрепить файл": "Attach a file",
  "Сообщение": "Message", "Сообщение боту": "Message to the bot", "Отправить": "Send",
  "Запустить бота": "Start the bot", "Разблокировать бота": "Unblock the bot", "Заблокировать бота": "Block the bot",
  "Начать": "Begin", "Остановить бота": "Stop the bot", "Возобновить": "Resume", "Вестник · бот школы": "Vestnik · the school’s bot",
  "Кнопки бота": "Buttons of the bot", "Кнопки сообщения": "Buttons of the message", "Телефон": "Phone",
  "Почта": "Mail", "Бумага": "Paper", "Писем пока нет": "No mail yet", "SMS пока нет": "No SMS yet",
  "На бумаге пока ничего": "Nothing on paper yet", "новое": "new", "новых": "new", "Бот не ответил": "The bot did not answer",
  "бот печатает…": "the bot is typing…", "Письмо": "Letter", "Вложения": "Attachments", "Школа": "School",
  "доставлено": "delivered", "передано": "handed on", "принято": "accepted", "часть": "part", "части": "parts", "частей": "parts",
  "Фото": "Photo", "файл": "file", "изменено": "edited", "не пересылать": "no forwarding", "без звука": "silent",
  "открыто": "open", "исполнено": "done", "просрочено": "late", "заменено новым": "superseded", "не нужно": "waived",
  "истекло": "expired", "ждёт решения": "held", "принято каналом": "accepted by the channel", "подтверждено кнопкой": "acknowledged",
  "напечатано": "printed", "вручено": "handed out", "подписано": "signed", "дозвонились": "reached by phone", "нет": "none",
  "почта": "mail", "бумага": "paper", "Шаг": "Step", "Б": "B", "КБ": "KB", "МБ": "MB",
  "Этот шаг не получился сам: сделайте его на телефоне и идите дальше.":
    "This step did not work by itself: do it on the phone and go on.",
  "оценки": "marks", "пропуски": "absences", "итоговые отметки": "final marks", "экзамены": "exams", "расписание": "timetable",
  "домашнее задание": "homework", "объявление": "announcement", "итоговая оценка": "final mark", "экзамен": "exam",
  "изменение в расписании": "changed lesson", "контрольная работа": "control work", "рекомендация": "advice", "прогноз": "forecast",
  "код подтверждения": "one-time code", "согласия": "consents", "отсрочки": "deferrals", "итоги периода": "end of term",
  "Бот напишет сюда, когда его запустят": "The bot writes here once it is started",
};
const learned = {};

export const language = new URLSearchParams(location.search).get("lang") === "en" ? "en" : "ru";

export const w = (words) => (language === "ru" ? words : learned[words] ?? ENGLISH[words] ?? words);

export const learn = (more) => Object.assign(learned, more);

// The page's own texts and labels, templates included.
export function translatePage() {
  document.documentElement.lang = language;
  if (language === "ru") return;
  document.title = w(document.title);
  const roots = [document.body, ...[...document.querySelectorAll("template")].map((each) => each.content)];
  for (const root of roots) {
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const node = texts.currentNode;
      const words = node.data.trim();
      if (words) node.data = node.data.replace(words, w(words));
    }
    for (const name of ["aria-label", "placeholder", "title"]) {
      for (const element of root.querySelectorAll(`[${name}]`)) element.setAttribute(name, w(element.getAttribute(name)));
    }
  }
}
