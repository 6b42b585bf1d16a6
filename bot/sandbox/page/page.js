// The page as a whole: a phone for each person, the print tray, the obligations; kept up to date by the event stream.

import { el, initials, moment } from "./dom.js";
import { Phone, sheet } from "./phone.js";
import { Story } from "./story.js";
import { language, learn, translatePage, w } from "./words.js";

const place = (id) => document.getElementById(id);
const STATES = {
  open: "открыто", closed: "исполнено", late: "просрочено", superseded: "заменено новым", waived: "не нужно",
  expired: "истекло", held: "ждёт решения",
};
const EVIDENCE = {
  accepted: "принято каналом", delivered: "доставлено", acknowledged: "подтверждено кнопкой",
  printed: "напечатано", handed: "вручено", reached: "дозвонились", signed: "подписано", none: "нет",
};
const CHANNELS = { telegram: "Telegram", max: "MAX", email: "почта", sms: "SMS", paper: "бумага" };

let phones = [];

const story = new Story({
  phone: (name) => phones.find((phone) => phone.person.name === name),
  choose: (phone) => choose(phone, true),
  table: () => { place("obligations").scrollIntoView({ behavior: "smooth", block: "start" }); return true; },
});
place("play").addEventListener("click", () => story.open());
place("language").addEventListener("click", () => { location.search = language === "en" ? "" : "?lang=en"; });
translatePage();
place("language").textContent = language === "en" ? "По-русски" : "English";
place("language").lang = language === "en" ? "ru" : "en";
place("tongue").hidden = language === "ru";

function build({ people, bots, chats, dialogs, mail, sms, sheets, obligations, story: told, story_open: isOpen }) {
  learn(told?.english);
  story.scenes = told?.scenes ?? [];
  place("play").hidden = !story.scenes.length;
  place("play").disabled = !isOpen;
  place("language").hidden = !told;
  const chosen = phones.find((phone) => !phone.root.classList.contains("away"))?.person.name;
  phones = people.map((person, number) => new Phone(person, bots, number, count));
  place("phones").replaceChildren(...phones.map((phone) => phone.root));
  place("chooser").replaceChildren(...phones.map(chip));
  place("empty").hidden = phones.length > 0;
  for (const chat of chats) of("chat", chat.chat_id)?.load(chat);
  for (const dialog of dialogs) of("max", dialog.user_id)?.load(dialog);
  for (const item of mail) every("mail", item);
  for (const item of sms) every("sms", item);
  place("tray").querySelector("ul").replaceChildren();
  for (const item of sheets) printed(item);
  table(obligations);
  choose(phones.find((phone) => phone.person.name === chosen) ?? phones[0], false);
}

const of = (tab, id) => phones.map((phone) => phone.talks.get(tab)).find((talk) => talk?.id === id);

function every(tab, item) {
  for (const phone of phones) phone.item(tab, item);
}

function printed(item) {
  every("paper", item);
  place("tray").hidden = false;
  place("tray").querySelector("ul").prepend(sheet(item));
}

// Who is shown: on a wide screen the chip scrolls to the phone, on a narrow one it changes the phone shown.

function chip(phone) {
  const avatar = el("span", { class: "avatar", "aria-hidden": "true" }, initials(phone.person.name));
  const badge = el("span", { class: "badge", hidden: true });
  const button = el("button", { type: "button", "aria-controls": phone.id, onclick: () => choose(phone, true) },
    avatar, el("span", {}, phone.person.name.split(" ")[0]), badge);
  button.style.setProperty("--hue", phone.root.style.getPropertyValue("--hue"));
  phone.chip = { button, badge };
  return button;
}

const narrow = window.matchMedia("(max-width: 700px)");
narrow.addEventListener("change", () => choose(phones.find((phone) => phone.chosen) ?? phones[0], false));

function choose(chosen, scroll) {
  for (const phone of phones) {
    phone.chosen = phone === chosen;
    phone.root.classList.toggle("away", narrow.matches && !phone.chosen);
    phone.chip.button.setAttribute("aria-pressed", phone.chosen);
    phone.look();
  }
  if (scroll && chosen) chosen.root.scrollIntoView({ behavior: "smooth", block: "nearest", inline: "center" });
}

function count(phone, unseen) {
  if (!phone.chip) return;
  phone.chip.badge.hidden = !unseen;
  phone.chip.badge.textContent = unseen;
}

// The obligations.

function table(rows) {
  const section = place("obligations");
  section.hidden = document.querySelector(".jump").hidden = !rows;
  if (!rows) return;
  section.querySelector(".count").textContent = rows.length;
  section.querySelector("tbody").replaceChildren(...rows.map(row));
}

function row(item) {
  const channels = Array.isArray(item.channels) ? item.channels.map((name) => w(CHANNELS[name] ?? name)).join(" → ") : item.channels;
  const state = el("span", { class: "pill", "data-state": item.state }, w(STATES[item.state] ?? item.state ?? ""));
  const cells = [
    ["О ком", item.student], ["Что", w(item.kind)], ["Получено школой", moment(item.received)], ["Срок", moment(item.due)],
    ["Состояние", state], ["Доказательство", w(EVIDENCE[item.evidence] ?? item.evidence ?? "нет")], ["Каналы", channels],
  ];
  return el("tr", {}, el("th", { scope: "row" }, item.person ?? ""),
    ...cells.map(([label, value]) => el("td", { "data-label": w(label) }, value ?? "")));
}

// The stream. EventSource reconnects by itself and then gets the whole state anew.

const HEARD = {
  state: build,
  message: (message) => of("chat", message.chat.id)?.message(message),
  chat: (chat) => of("chat", chat.chat_id)?.standing(chat),
  action: (action) => of("chat", action.chat_id)?.typing(),
  max_message: (message) => of("max", message.user_id)?.message(message),
  max_dialog: (dialog) => of("max", dialog.user_id)?.standing(dialog),
  mail: (item) => every("mail", item),
  sms: (item) => every("sms", item),
  sheet: printed,
  obligations: table,
  story_open: () => { place("play").disabled = false; },
};

function linked(state, words) {
  place("link").dataset.state = state;
  place("link").textContent = w(words);
}

const stream = new EventSource("/sandbox/events");
stream.addEventListener("open", () => linked("live", "обновляется само"));
stream.addEventListener("error", () => linked("lost", "связь потеряна, ждём…"));
for (const [kind, hear] of Object.entries(HEARD)) {
  stream.addEventListener(kind, (event) => hear(JSON.parse(event.data)));
}
