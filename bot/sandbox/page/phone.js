// One person's phone: a chat, a mailbox, SMS and paper, each a tab that exists only where the person has it.

import { clock, cloned, day, el, hue, initials, plural, post, size } from "./dom.js";
import { bubble, invitation } from "./message.js";
import { w } from "./words.js";

const digits = (number) => (number ?? "").replace(/\D/g, "");
const EMPTY = { mail: "Писем пока нет", sms: "SMS пока нет", paper: "На бумаге пока ничего" };
const TABS = [
  ["chat", "Чат", (person) => person.chat_id != null],
  ["mail", "Почта", (person) => person.email],
  ["sms", "SMS", (person) => person.phone],
  ["paper", "Бумага", (person) => person.paper],
];
const TYPING = 4000; // milliseconds
const TOAST = 4500;

export class Phone {
  constructor(person, bot, place, seen) {
    this.person = person;
    this.bot = bot;
    this.id = `phone-${place}`;
    this.unseen = {};
    this.heard = 0; // messages of the bot, edits included: a story waits for them
    this.messages = new Map();
    this.items = new Map();
    this.onSeen = seen;
    this.root = cloned("phone");
    this.root.id = this.id;
    this.root.setAttribute("aria-label", `${w("Телефон")}: ${person.name}, ${w(person.role)}`);
    this.dress();
    this.tabs = new Map(TABS.filter(([, , has]) => has(person)).map(([name, label]) => [name, this.tab(name, label)]));
    this.show(this.tabs.keys().next().value ?? null);
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  dress() {
    const { name, role, note } = this.person;
    this.find(".avatar").textContent = initials(name);
    this.root.style.setProperty("--hue", hue(name));
    this.find("h2").textContent = name;
    this.find(".role").textContent = w(role);
    this.find(".note").append(...invitation(w(note), this));
    this.find(".menu").hidden = this.person.chat_id == null;
    this.find(".block").addEventListener("click", () => this.toggleBlock());
    this.find(".contact").addEventListener("click", () => this.tell("contact"));
    this.find(".contact").hidden = !this.person.phone;
  }

  tab(name, label) {
    const panel = cloned(name === "chat" ? "chat" : "list");
    const badge = el("span", { class: "badge", hidden: true });
    const button = el("button", {
      type: "button", role: "tab", id: `${this.id}-${name}`, "aria-controls": `${this.id}-${name}-panel`,
      onclick: () => this.show(name), onkeydown: (event) => this.step(event, name),
    }, w(label), badge);
    panel.id = `${this.id}-${name}-panel`;
    panel.setAttribute("aria-labelledby", button.id);
    this.find(".tabs").append(button);
    this.find(".panels").append(panel);
    if (name === "chat") this.wire(panel);
    else panel.querySelector(".nothing").textContent = w(EMPTY[name]);
    return { button, panel, badge };
  }

  step(event, name) {
    const names = [...this.tabs.keys()];
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const next = names[(names.indexOf(name) + by + names.length) % names.length];
    this.show(next);
    this.tabs.get(next).button.focus();
  }

  show(name) {
    this.open = name;
    for (const [other, { button, panel }] of this.tabs) {
      button.setAttribute("aria-selected", other === name);
      button.tabIndex = other === name ? 0 : -1;
      panel.hidden = other !== name;
    }
    this.look();
  }

  // The open tab counts as seen while the phone itself is on the screen.
  look() {
    if (this.root.classList.contains("away") || this.open == null) return;
    this.unseen[this.open] = 0;
    this.badges();
    if (this.open === "chat") this.toEnd();
  }

  arrived(tab) {
    this.unseen[tab] = (this.unseen[tab] ?? 0) + 1;
    this.badges();
    if (tab === this.open) this.look();
  }

  badges() {
    for (const [name, { badge }] of this.tabs) {
      const count = this.unseen[name] ?? 0;
      badge.hidden = !count;
      badge.textContent = count;
      badge.setAttribute("aria-label", `${count} ${w(plural(count, "новое", "новых", "новых"))}`);
    }
    this.onSeen(this, Object.values(this.unseen).reduce((sum, count) => sum + count, 0));
  }

  // The chat.

  wire(panel) {
    panel.querySelector(".talk").dataset.empty = w("Бот напишет сюда, когда его запустят");
    const form = panel.querySelector("form");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const words = form.elements.text.value.trim();
      if (!words) return;
      form.reset();
      this.say(words);
    });
    form.querySelector(".start").addEventListener("click", () => (this.blocked ? this.toggleBlock() : this.say("/start")));
    form.querySelector("input[type=file]").addEventListener("change", (event) => this.upload(event.currentTarget));
  }

  tell(deed, body) {
    return post(`/sandbox/chats/${this.person.chat_id}/${deed}`, body).catch((error) => this.toast(error.message));
  }

  say(text) {
    if (this.tabs.has("chat")) this.show("chat");
    return this.tell("send", { text });
  }

  async press(messageId, data) {
    const answer = await this.tell("press", { message_id: messageId, callback_data: data });
    if (answer?.text === null) this.toast(w("Бот не ответил"));
    else if (answer?.text) this.toast(answer.text);
  }

  // The newest button under a message with this label; «…» at its end stands for any end.
  button(label) {
    const buttons = [...this.root.querySelectorAll(".buttons button")];
    const fits = label.endsWith("…") ? (text) => text.startsWith(label.slice(0, -1)) : (text) => text === label;
    return buttons.findLast((each) => fits(each.textContent));
  }

  // The newest letter is unfolded where mail is shown.
  openNewest() {
    const letter = this.tabs.get(this.open)?.panel.querySelector("li:first-child details");
    if (letter) letter.open = true;
  }

  upload(input) {
    const [file] = input.files;
    if (!file) return;
    const form = new FormData();
    form.append("kind", /^image\/(png|jpeg)$/.test(file.type) ? "photo" : "document");
    form.append("file", file);
    input.value = "";
    this.tell("upload", form);
  }

  toggleBlock() {
    this.find(".menu").open = false;
    this.tell(this.blocked ? "unblock" : "block");
  }

  chat(state) {
    this.messages.clear();
    this.find(".talk").replaceChildren();
    for (const message of state.messages) this.message(message);
    this.unseen.chat = 0;
    this.standing(state);
    this.keyboard(state.keyboard);
  }

  standing({ started, blocked }) {
    if (started !== undefined) this.started = started;
    this.blocked = blocked;
    const composer = this.find(".composer");
    composer.classList.toggle("closed", blocked || !this.started);
    composer.querySelector(".start").textContent = w(blocked ? "Разблокировать бота" : "Запустить бота");
    this.find(".block").textContent = w(blocked ? "Разблокировать бота" : "Заблокировать бота");
  }

  message(message) {
    const before = this.messages.get(message.message_id);
    if (message.from_bot) this.heard += 1;
    if (message.deleted) {
      before?.remove();
      this.messages.delete(message.message_id);
      return;
    }
    const shown = bubble(message, this);
    this.messages.set(message.message_id, shown);
    if (before) before.replaceWith(shown);
    else this.append(message, shown);
    this.keyboard(message.keyboard);
  }

  append(message, shown) {
    const talk = this.find(".talk");
    const today = day(message.date);
    if (talk.dataset.day !== today || !talk.childElementCount) talk.append(el("p", { class: "day" }, today));
    talk.dataset.day = today;
    talk.append(shown);
    this.find(".role").textContent = w(this.person.role);
    if (!this.started) this.standing({ started: true, blocked: false });
    if (message.from_bot) this.arrived("chat");
    else this.toEnd();
  }

  toEnd() {
    this.find(".scroller").scrollTop = 0;
  }

  keyboard(markup) {
    const place = this.find(".keyboard");
    place.hidden = !markup;
    place.replaceChildren(...(markup?.keyboard ?? []).map((row) => el("div", { class: "row" },
      ...row.map((key) => this.key(typeof key === "string" ? { text: key } : key)))));
  }

  key(key) {
    const act = () => (key.request_contact ? this.tell("contact") : this.say(key.text));
    return el("button", { type: "button", onclick: act }, key.text);
  }

  typing() {
    const role = this.find(".role");
    role.textContent = w("бот печатает…");
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => { role.textContent = w(this.person.role); }, TYPING);
  }

  toast(words) {
    const toast = this.find(".toast");
    toast.textContent = words;
    toast.hidden = false;
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => { toast.hidden = true; }, TOAST);
  }

  // Mail, SMS and paper.

  owns(tab, item) {
    if (!this.tabs.has(tab)) return false;
    if (tab === "mail") return item.address === this.person.email.toLowerCase();
    if (tab === "sms") return digits(item.to) === digits(this.person.phone);
    return item.person === this.person.name;
  }

  item(tab, item) {
    if (!this.owns(tab, item)) return;
    const key = `${tab}-${item.number}`;
    const before = this.items.get(key);
    const shown = { mail: mail, sms: sms, paper: sheet }[tab](item, this);
    this.items.set(key, shown);
    if (before) before.replaceWith(shown);
    else {
      this.tabs.get(tab).panel.querySelector("ol").prepend(shown);
      this.arrived(tab);
    }
  }
}

function mail(item, act) {
  const frame = item.html && el("iframe", {
    sandbox: "allow-popups", title: `${w("Письмо")}: ${item.subject}`, loading: "lazy", src: `/sandbox/mail/${item.number}.html`,
  });
  const attached = item.attachments.length ? el("p", { class: "small" }, `${w("Вложения")}: ${item.attachments.join(", ")}`) : null;
  return el("li", { class: "mail" }, el("details", {},
    el("summary", {},
      el("span", { class: "from", title: item.sender }, item.sender.replace(/\s*<.*>$/, "") || item.sender, el("time", {}, clock(item.date))),
      el("b", {}, item.subject),
      el("span", { class: "snippet" }, item.text.trim().split("\n").join(" ").slice(0, 110))),
    frame || el("div", { class: "letter" }, ...invitation(item.text, act)), attached));
}

function sms(item, act) {
  const state = w(item.reports.includes(1) ? "доставлено" : item.reports.length ? "передано" : "принято");
  const parts = item.parts > 1 ? ` · ${item.parts} ${w(plural(item.parts, "часть", "части", "частей"))}` : "";
  return el("li", { class: "sms" }, el("span", { class: "from" }, item.sender || w("Школа"), el("time", {}, clock(item.date))),
    el("div", { class: "bubble" }, ...invitation(item.text, act)),
    el("span", { class: "small" }, `${state}${parts}`));
}

export function sheet(item, act) {
  return el("li", { class: "sheet" }, el("a", { href: item.open, target: "_blank" },
    el("span", { class: "kind", "aria-hidden": "true" }, "PDF"),
    el("span", { class: "file-name" }, item.title,
      el("small", {}, `${act ? "" : `${item.person} · `}${day(item.date)}, ${clock(item.date)} · ${size(item.size)}`))));
}
