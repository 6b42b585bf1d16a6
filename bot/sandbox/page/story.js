// The story: scenes that are played one by one, each on somebody's phone, as a visitor would do it by hand.

import { w } from "./words.js";

const PATIENCE = 15000; // milliseconds for a button to appear
const LOOK = 150;
const SETTLE = 700; // for the answer to a last press

const place = document.getElementById("story");
const wait = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });

export class Story {
  constructor(page) {
    this.page = page; // { phone(name), choose(phone), table() }
    this.scenes = [];
    this.at = 0;
    this.next = place.querySelector(".next");
    this.next.addEventListener("click", () => this.play());
    place.querySelector(".close").addEventListener("click", () => this.close());
  }

  open() {
    place.hidden = false;
    document.body.classList.add("playing");
    if (this.at >= this.scenes.length) this.at = 0;
    this.next.disabled = this.next.hidden = false;
    this.play();
  }

  close() {
    place.hidden = true;
    document.body.classList.remove("playing");
  }

  async play() {
    if (this.next.disabled) return;
    const scene = this.scenes[this.at];
    this.at += 1;
    this.next.disabled = true;
    place.dataset.state = "playing";
    place.querySelector(".step").textContent = `${w("Шаг")} ${this.at} / ${this.scenes.length}`;
    place.querySelector(".scene").textContent = w(scene.words);
    const phone = this.page.phone(scene.person);
    this.page.choose(phone);
    let done = phone !== undefined;
    for (const [kind, words] of scene.deeds) done &&= await this.deed(phone, kind, words);
    if (!done) place.querySelector(".scene").textContent += ` ${w("Этот шаг не получился сам: сделайте его на телефоне и идите дальше.")}`;
    this.next.disabled = this.next.hidden = this.at >= this.scenes.length;
    place.dataset.state = done ? "done" : "failed";
    (this.next.hidden ? place.querySelector(".close") : this.next).focus();
  }

  async deed(phone, kind, words) {
    if (kind === "table") return this.page.table();
    if (kind === "show") { phone.show(words); phone.openNewest(); return true; }
    if (kind === "say") { const before = phone.heard; await phone.say(words); return this.until(() => phone.heard > before); }
    return this.press(phone, words.split("|"));
  }

  async press(phone, labels) {
    phone.show(phone.talk.messenger.tab);
    let button;
    const isThere = await this.until(() => { button = labels.map((label) => phone.talk.button(label)).find(Boolean); return button; });
    if (!isThere) return false;
    const before = phone.heard;
    button.click();
    await this.until(() => phone.heard > before, SETTLE);
    return true;
  }

  async until(happened, patience = PATIENCE) {
    for (let waited = 0; waited < patience; waited += LOOK) {
      if (happened()) return true;
      await wait(LOOK);
    }
    return Boolean(happened());
  }
}
