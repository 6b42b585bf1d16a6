// Small pieces of the page: elements, times, sizes. Text only ever becomes text nodes.

import { language, w } from "./words.js";

export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

export function cloned(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

const timeZone = "Europe/Moscow"; // the sandbox's school, wherever its browser is: messages name the school's hours
const hours = new Intl.DateTimeFormat(language === "en" ? "en-GB" : "ru", { timeZone, hour: "2-digit", minute: "2-digit" });
const days = new Intl.DateTimeFormat(language === "en" ? "en-GB" : "ru", { timeZone, day: "numeric", month: "long" });
const moments = new Intl.DateTimeFormat(language === "en" ? "en-GB" : "ru", {
  timeZone, day: "2-digit", month: "2-digit", hour: "2-digit", minute: "2-digit",
});

export const clock = (seconds) => hours.format(seconds * 1000);
export const day = (seconds) => days.format(seconds * 1000);

export function moment(text) {
  const parsed = new Date(text);
  return Number.isNaN(parsed.getTime()) ? text : moments.format(parsed);
}

export function size(bytes) {
  if (bytes < 1024) return `${bytes} ${w("Б")}`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} ${w("КБ")}` : `${(bytes / 1024 / 1024).toFixed(1)} ${w("МБ")}`;
}

export function plural(count, one, few, many) {
  const [tens, ones] = [count % 100, count % 10];
  if (tens > 10 && tens < 20) return many;
  if (ones === 1) return one;
  return ones > 1 && ones < 5 ? few : many;
}

export const initials = (name) => name.split(/\s+/).slice(0, 2).map((word) => word[0]).join("");

export function hue(name) {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + character.codePointAt(0)) % 360;
  return sum;
}

export async function post(address, body) {
  const form = body instanceof FormData;
  const response = await fetch(address, {
    method: "POST",
    headers: form ? {} : { "Content-Type": "application/json" },
    body: form ? body : JSON.stringify(body ?? {}),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? response.statusText);
  return answer;
}
