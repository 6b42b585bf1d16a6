// The chat of one messenger on a phone: messages, the text box, buttons, and what a person does with the bot.

import { day, el, post } from "./dom.js";
import { bubble } from "./message.js";
import { w } from "./words.js";

const TYPING = 4000; // milliseconds
const TOAST = 4500;

export class Talk {
  constructor(phone, messenger, panel) {
    this.phone = phone;
    this.messenger = messenger;
    this.panel = panel;
    this.messages = new Map();
    this.started = this.stopped = false;
    panel.dataset.messenger = messenger.name;
    panel.querySelector(".bar b").textContent = messenger.label;
    this.wire();
  }

  get id() {
    return this.messenger.id(this.phone.person);
  }

  find(selector) {
    return this.panel.querySelector(selector);
  }

  wire() {
    this.find(".talk").dataset.empty = w("Бот напишет сюда, когда его запустят");
    const form = this.find("form");
    form.elements.text.maxLength = this.messenger.longest;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const words = form.elements.text.value.trim();
      if (!words) return;
      form.reset();
      this.say(words);
    });
    form.querySelector(".start").addEventListener("click", () => (this.stopped ? this.toggleStop() : this.start()));
    form.querySelector("input[type=file]").addEventListener("change", (event) => this.upload(event.currentTarget));
  }

  // What the person does.

  tell(deed, body) {
    return post(`${this.messenger.place(this.id)}/${deed}`, body).catch((error) => this.toast(error.message));
  }

  say(text) {
    this.phone.show(this.messenger.tab);
    return this.tell("send", { text });
  }

  start(code) {
    this.phone.show(this.messenger.tab);
    return this.tell(...this.messenger.begin(code));
  }

  async press(messageId, data) {
    const answer = await this.tell("press", this.messenger.pressed(messageId, data));
    if (answer?.text === null) this.toast(w("Бот не ответил"));
    else if (answer?.text) this.toast(answer.text);
  }

  opens(address) {
    return this.phone.opens(address);
  }

  // The newest button under a message with this label; «…» at its end stands for any end.
  button(label) {
    const buttons = [...this.panel.querySelectorAll(".buttons button")];
    const fits = label.endsWith("…") ? (text) => text.startsWith(label.slice(0, -1)) : (text) => text === label;
    return buttons.findLast((each) => fits(each.textContent));
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

  toggleStop() {
    const { stop: [stop], resume: [resume] } = this.messenger;
    this.tell(...(this.stopped ? resume : [stop]));
  }

  // How it looks.

  load(state) {
    this.messages.clear();
    this.find(".talk").replaceChildren();
    for (const message of state.messages) this.message(message);
    this.phone.unseen[this.messenger.tab] = 0;
    this.standing(state);
    this.keyboard(state.keyboard);
  }

  standing({ started, blocked, stopped }) {
    if (started !== undefined) this.started = started;
    this.stopped = blocked ?? stopped;
    const composer = this.find(".composer");
    composer.classList.toggle("closed", this.stopped || !this.started);
    composer.querySelector(".start").textContent = w(this.stopped ? this.messenger.resume[1] : this.messenger.start);
    this.phone.name();
  }

  message(raw) {
    const message = this.messenger.seen(raw);
    const before = this.messages.get(message.message_id);
    if (message.from_bot) this.phone.heard += 1;
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
    this.phone.rest();
    if (!this.started) this.standing({ started: true, stopped: false });
    if (message.from_bot) this.phone.arrived(this.messenger.tab);
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
    const act = () => (key.request_contact ? this.share() : this.say(key.text));
    return el("button", { type: "button", onclick: act }, key.text);
  }

  share() {
    return this.tell("contact");
  }

  typing() {
    this.phone.role(w("бот печатает…"));
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => this.phone.rest(), TYPING);
  }

  toast(words) {
    const toast = this.find(".toast");
    toast.textContent = words;
    toast.hidden = false;
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => { toast.hidden = true; }, TOAST);
  }
}
