// One person's phone: messengers, a mailbox, SMS and paper, each a tab that exists only where the person has it.

import { clock, cloned, day, el, hue, initials, plural, size } from "./dom.js";
import { invitation } from "./message.js";
import { MESSENGERS } from "./messengers.js";
import { Talk } from "./talk.js";
import { w } from "./words.js";

const digits = (number) => (number ?? "").replace(/\D/g, "");
const EMPTY = { mail: "Писем пока нет", sms: "SMS пока нет", paper: "На бумаге пока ничего" };
const TABS = [
  ...MESSENGERS.map(({ tab, label, id }) => [tab, label, (person) => id(person) != null]),
  ["mail", "Почта", (person) => person.email],
  ["sms", "SMS", (person) => person.phone],
  ["paper", "Бумага", (person) => person.paper],
];

export class Phone {
  constructor(person, bots, place, seen) {
    this.person = person;
    this.bots = bots;
    this.id = `phone-${place}`;
    this.unseen = {};
    this.heard = 0; // messages of the bot, edits included: a story waits for them
    this.talks = new Map();
    this.items = new Map();
    this.onSeen = seen;
    this.root = cloned("phone");
    this.root.id = this.id;
    this.root.setAttribute("aria-label", `${w("Телефон")}: ${person.name}, ${w(person.role)}`);
    this.dress();
    this.tabs = new Map(TABS.filter(([, , has]) => has(person)).map(([name, label]) => [name, this.tab(name, label)]));
    this.find(".note").append(...invitation(w(person.note), this)); // its links ask the messengers above
    this.show(this.tabs.keys().next().value ?? null);
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  dress() {
    const { name, role } = this.person;
    this.find(".avatar").textContent = initials(name);
    this.root.style.setProperty("--hue", hue(name));
    this.find("h2").textContent = name;
    this.find(".role").textContent = w(role);
    this.find(".menu").hidden = !MESSENGERS.some(({ id }) => id(this.person) != null);
    this.find(".block").addEventListener("click", () => { this.find(".menu").open = false; this.talk.toggleStop(); });
    this.find(".contact").addEventListener("click", () => this.talk.share());
    this.find(".contact").hidden = !this.person.phone;
  }

  // The messenger that was opened last, whichever tab is open now.
  get talk() {
    return this.talks.get(this.lastTalk) ?? this.talks.values().next().value;
  }

  say(text) {
    return this.talk?.say(text);
  }

  // A link to the school's own bot with ?start=CODE does what its messenger would do: it starts the bot with the code.
  opens(address) {
    for (const talk of this.talks.values()) {
      const code = talk.messenger.startCode(address, this.bots[talk.messenger.name]);
      if (code) return () => talk.start(code);
    }
    return null;
  }

  role(words) {
    this.find(".role").textContent = words;
  }

  rest() {
    this.role(w(this.person.role));
  }

  // The menu names what is done in the messenger that is open.
  name() {
    const { messenger, stopped } = this.talk ?? {};
    if (messenger) this.find(".block").textContent = w((stopped ? messenger.resume : messenger.stop)[1]);
  }

  // The newest letter is unfolded where mail is shown.
  openNewest() {
    const letter = this.tabs.get(this.open)?.panel.querySelector("li:first-child details");
    if (letter) letter.open = true;
  }

  tab(name, label) {
    const messenger = MESSENGERS.find((each) => each.tab === name);
    const panel = cloned(messenger ? "chat" : "list");
    const badge = el("span", { class: "badge", hidden: true });
    const button = el("button", {
      type: "button", role: "tab", "data-tab": name, id: `${this.id}-${name}`, "aria-controls": `${this.id}-${name}-panel`,
      onclick: () => this.show(name), onkeydown: (event) => this.step(event, name),
    }, w(label), badge);
    panel.id = `${this.id}-${name}-panel`;
    panel.setAttribute("aria-labelledby", button.id);
    this.find(".tabs").append(button);
    this.find(".panels").append(panel);
    if (messenger) this.talks.set(name, new Talk(this, messenger, panel));
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
    if (this.talks.has(name)) this.lastTalk = name;
    this.name();
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
    this.talks.get(this.open)?.toEnd();
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
