// A message of the chat as a bubble: Telegram's entities become elements, everything else stays text.

import { clock, el, size } from "./dom.js";
import { w } from "./words.js";

const SAFE = /^(https?|mailto|tg|tel):/i;
const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};

export function rich(text, entities, act) {
  const ordered = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return spans(text, 0, text.length, ordered, act);
}

function spans(text, from, to, entities, act) {
  const nodes = [];
  let at = from;
  while (entities.length && entities[0].offset < to) {
    const entity = entities.shift();
    const end = entity.offset + entity.length;
    if (entity.offset > at) nodes.push(text.slice(at, entity.offset));
    const inner = [];
    while (entities.length && entities[0].offset < end) inner.push(entities.shift());
    nodes.push(element(entity, text.slice(entity.offset, end), spans(text, entity.offset, end, inner, act), act));
    at = end;
  }
  if (at < to) nodes.push(text.slice(at, to));
  return nodes;
}

function element(entity, source, children, act) {
  if (entity.type in TAGS) return el(TAGS[entity.type], {}, ...children);
  if (entity.type === "text_link") return link(entity.url, children, act);
  if (entity.type === "url") return link(source, children, act);
  if (entity.type === "bot_command") return el("button", { type: "button", class: "command", onclick: () => act.say(source) }, source);
  if (entity.type === "spoiler") {
    return el("button", { type: "button", class: "spoiler", onclick: (event) => event.currentTarget.classList.add("open") }, ...children);
  }
  return el("span", {}, ...children);
}

// A link that opens the school's own bot is pressed here; any other one leads away.
export function link(address, children, act) {
  const open = act.opens(address);
  if (open) return el("button", { type: "button", class: "command", onclick: open }, ...children);
  if (!SAFE.test(address)) return el("span", {}, ...children);
  return el("a", { href: address, target: "_blank", rel: "noreferrer noopener" }, ...children);
}

// Words of the school outside the chat: "/start CODE" and a link to the bot in them can be pressed.
export function invitation(text, act) {
  return text.split(/(\/start [A-Za-z0-9_-]{1,64}|https:\/\/[a-z.]+\/[A-Za-z0-9_]+\?start=[A-Za-z0-9_-]{1,128})/).map((piece, place) => {
    const press = place % 2 && (piece.startsWith("/") ? () => act.say(piece) : act.opens(piece));
    return press ? el("button", { type: "button", class: "command", onclick: press }, piece.replace("https://", "")) : piece;
  });
}

export function bubble(message, act) {
  const text = message.text ?? message.caption ?? "";
  const side = message.from_bot ? "theirs" : "mine";
  const words = text && el("div", { class: "text" }, ...rich(text, message.entities ?? message.caption_entities, act));
  return el("div", { class: `message ${side}`, "data-id": message.message_id },
    el("div", { class: "bubble" }, photo(message), file(message), contact(message), words || null, meta(message)),
    buttons(message, act));
}

const placeOf = ({ address, file_id: id }) => address ?? `/sandbox/files/${encodeURIComponent(id)}`;

function photo(message) {
  const sizes = message.photo;
  if (!sizes) return null;
  const { width, height, ...stored } = sizes[sizes.length - 1];
  const address = placeOf(stored);
  const alt = message.caption ? `${w("Фото")}: ${message.caption}` : w("Фото");
  return el("a", { class: "photo", href: address, target: "_blank" }, el("img", { src: address, alt, width, height, loading: "lazy" }));
}

function file(message) {
  const sent = message.document;
  if (!sent) return null;
  const kind = sent.file_name.includes(".") ? sent.file_name.split(".").pop().slice(0, 4) : w("файл");
  return el("a", { class: "file", href: placeOf(sent), target: "_blank" },
    el("span", { class: "kind", "aria-hidden": "true" }, kind),
    el("span", { class: "file-name" }, sent.file_name, el("small", {}, size(sent.file_size))));
}

function contact(message) {
  return message.contact ? el("div", { class: "text" }, `☎ ${message.contact.phone_number}`) : null;
}

function meta(message) {
  const marks = [message.edit_date && "изменено", message.has_protected_content && "не пересылать", message.silent && "без звука"];
  return el("div", { class: "meta" }, [...marks.filter(Boolean).map(w), clock(message.date)].join(" · "));
}

function buttons(message, act) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows?.length) return null;
  return el("div", { class: "buttons", role: "group", "aria-label": w("Кнопки сообщения") },
    ...rows.map((row) => el("div", { class: "row" }, ...row.map((button) => pressable(button, message, act)))));
}

function pressable(button, message, act) {
  if (button.url) return link(button.url, [button.text], act);
  if (button.request_contact) return act.key(button);
  return el("button", {
    type: "button",
    onclick: async (event) => {
      const pressed = event.currentTarget;
      pressed.setAttribute("aria-busy", "true");
      await act.press(message.message_id, button.callback_data);
      pressed.removeAttribute("aria-busy");
    },
  }, button.text);
}
