// What differs between the messengers on a phone: where deeds go, words, and how a message looks. Beyond this file
// every message looks like one of Telegram's.

const CARD = /^TEL[^:\r\n]*:(\S+)/m;

const startCode = (address, host, bot) => {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  return url.hostname === host && url.pathname === `/${bot}` ? url.searchParams.get("start") : null;
};

const TELEGRAM = {
  name: "telegram",
  tab: "chat",
  label: "Telegram",
  longest: 4096,
  id: (person) => person.chat_id,
  place: (id) => `/sandbox/chats/${id}`,
  startCode: (address, bot) => startCode(address, "t.me", bot),
  begin: (code) => ["send", { text: code ? `/start ${code}` : "/start" }],
  pressed: (id, data) => ({ message_id: id, callback_data: data }),
  start: "Запустить бота",
  stop: ["block", "Заблокировать бота"],
  resume: [["unblock"], "Разблокировать бота"],
  seen: (message) => message,
};

const MAX = {
  name: "max",
  tab: "max",
  label: "MAX",
  longest: 4000,
  id: (person) => person.max_id,
  place: (id) => `/sandbox/max/${id}`,
  startCode: (address, bot) => startCode(address, "max.ru", bot),
  begin: (code) => ["start", code ? { payload: code } : {}],
  pressed: (id, data) => ({ mid: id, payload: data }),
  start: "Начать",
  stop: ["stop", "Остановить бота"],
  resume: [["start", {}], "Возобновить"],
  seen: seenInMax,
};

export const MESSENGERS = [TELEGRAM, MAX];

const MARKS = { strong: "bold", emphasized: "italic", underline: "underline", strikethrough: "strikethrough",
  monospaced: "code", link: "text_link" };

function seenInMax(message) {
  const attached = (kind) => (message.attachments ?? []).find((each) => each.type === kind)?.payload;
  const [image, card] = [attached("image"), attached("contact")];
  const file = (message.attachments ?? []).find((each) => each.type === "file");
  const phone = card && CARD.exec(card.vcf_info)?.[1];
  return {
    message_id: message.mid,
    from_bot: message.from_bot,
    date: Math.floor(message.timestamp / 1000),
    text: message.text,
    entities: (message.markup ?? []).map((each) => ({ ...each, type: MARKS[each.type], offset: each.from })),
    photo: image && [{ address: image.url }],
    document: file && { address: file.payload.url, file_name: file.filename, file_size: file.size },
    contact: card && { phone_number: phone ?? "" },
    reply_markup: { inline_keyboard: attached("inline_keyboard")?.buttons.map((row) => row.map(button)) },
    edit_date: message.earlier.length > 0,
    silent: message.silent,
  };
}

const button = ({ type, text, payload, url }) => ({
  text, url, callback_data: payload, request_contact: type === "request_contact",
});
