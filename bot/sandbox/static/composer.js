// The box in which a person writes, with suggestions for commands and people.

import { h, refill, uid } from "./dom.js";
import { icon } from "./icons.js";
import * as store from "./store.js";
import { problem } from "./actions.js";

const SHOWN = 10;

/** {label, placeholder, testid, commands: offer slash commands, onSend(text) -> problem text or null} */
export class Composer {
  constructor({ label, placeholder, testid, sendTestid, commands, onSend }) {
    Object.assign(this, { commands, onSend, chosen: -1, offers: [], dismissed: null });
    const listId = uid("suggestions");
    this.list = h("div", { class: "suggestions", role: "listbox", id: listId, "aria-label": "Suggestions", hidden: true });
    this.box = h("textarea", {
      rows: 1,
      placeholder,
      "aria-label": label,
      "aria-autocomplete": "list",
      "aria-controls": listId,
      "data-testid": testid,
      "data-key": testid,
      spellcheck: "false",
      on: { input: () => this.typed(), keydown: (event) => this.keys(event), blur: () => this.close(), focus: () => this.suggest() },
    });
    this.sendButton = h(
      "button",
      { type: "button", class: "send", "aria-label": "Send", title: "Send (Enter)", "data-testid": sendTestid, disabled: true, on: { click: () => this.send() } },
      icon("send"),
    );
    this.slash = commands
      ? h("button", { type: "button", class: "icon-button", "aria-label": "Commands", title: "Commands", on: { click: () => this.startCommand() } }, icon("slash"))
      : null;
    this.trouble = h("div", { class: "composer-problem" });
    this.root = h(
      "div",
      { class: "composer" },
      this.trouble,
      this.list,
      h("div", { class: "composer-box" }, this.slash, this.box, this.sendButton),
    );
  }

  focus() {
    this.box.focus();
  }

  startCommand() {
    if (!this.box.value) this.put("/");
    this.box.focus();
    this.suggest();
  }

  put(text) {
    this.box.value = text;
    this.typed();
    this.box.setSelectionRange(text.length, text.length);
  }

  typed() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, 220)}px`;
    this.sendButton.disabled = !this.box.value.trim();
    this.dismissed = null;
    this.suggest();
  }

  keys(event) {
    if (event.isComposing) return;
    const open = !this.list.hidden;
    if (open && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      this.move(event.key === "ArrowDown" ? 1 : -1);
    } else if (open && event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.dismissed = this.box.value;
      this.close();
    } else if (open && this.pickKey(event)) {
      event.preventDefault();
      this.pick(this.offers[Math.max(this.chosen, 0)]);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.send();
    }
  }

  /** Enter completes only what the arrows have marked: a fully typed command is sent as it is. */
  pickKey(event) {
    return (event.key === "Tab" && !event.shiftKey) || (event.key === "Enter" && !event.shiftKey && this.chosen >= 0);
  }

  move(step) {
    const count = this.offers.length;
    this.chosen = this.chosen < 0 && step < 0 ? count - 1 : (this.chosen + step + count) % count;
    [...this.list.children].forEach((node, at) => node.setAttribute("aria-selected", String(at === this.chosen)));
    const node = this.list.children[this.chosen];
    this.box.setAttribute("aria-activedescendant", node.id);
    node.scrollIntoView({ block: "nearest" });
  }

  suggest() {
    if (this.dismissed === this.box.value) return;
    this.offers = this.box.value.startsWith("/") ? this.commandOffers() : this.personOffers();
    this.chosen = -1;
    this.box.removeAttribute("aria-activedescendant");
    this.list.hidden = this.offers.length === 0;
    refill(this.list, this.offers.map((offer) => this.offerNode(offer)));
  }

  close() {
    this.list.hidden = true;
    this.box.removeAttribute("aria-activedescendant");
  }

  commandOffers() {
    if (!this.commands) return [];
    const typed = this.box.value.toLowerCase().trimStart();
    const all = store.store.commands.flatMap((one) => [
      { text: `${one.command} `, shown: one.command, hint: one.usage_hint, description: one.description, bare: true },
      ...(one.suggestions ?? []).map((item) => ({ text: `${one.command} ${item.text}`, shown: `${one.command} ${item.text}`, description: item.description })),
    ]);
    const matching = all.filter((offer) => fits(offer, typed));
    return matching.slice(0, SHOWN);
  }

  personOffers() {
    const match = /(?:^|\s)@([\p{L}\p{N}_-]*)$/u.exec(this.box.value.slice(0, this.box.selectionStart));
    if (!match) return [];
    const head = this.box.value.slice(0, this.box.selectionStart - match[1].length);
    const tail = this.box.value.slice(this.box.selectionStart);
    return mentionable()
      .filter((one) => one.name.toLowerCase().startsWith(match[1].toLowerCase()))
      .map((one) => ({ text: `${head}${one.name} ${tail}`, shown: `@${one.name}`, description: one.title ?? "" }));
  }

  offerNode(offer) {
    return h(
      "div",
      {
        class: "suggestion",
        role: "option",
        id: uid("suggestion"),
        "aria-selected": "false",
        "data-testid": "suggestion",
        // Before the box loses the focus, which would close the list.
        on: { pointerdown: (event) => event.preventDefault(), click: () => this.pick(offer) },
      },
      h("code", {}, offer.shown),
      offer.hint ? h("code", { class: "usage" }, offer.hint) : null,
      h("span", { class: "suggestion-note" }, offer.description),
    );
  }

  pick(offer) {
    this.put(offer.text);
    if (!offer.bare) {
      this.dismissed = offer.text;
      this.close();
    }
    this.box.focus();
  }

  async send() {
    const text = this.box.value.trim();
    if (!text || this.root.hasAttribute("aria-busy")) return;
    this.root.setAttribute("aria-busy", "true");
    this.close();
    refill(this.trouble);
    this.put("");
    this.dismissed = "";
    const wrong = await this.onSend(text);
    this.root.removeAttribute("aria-busy");
    if (wrong) this.fail(text, wrong);
  }

  /** What was typed comes back, unless the person has begun something else meanwhile. */
  fail(text, wrong) {
    if (!this.box.value) {
      this.put(text);
      this.dismissed = text;
      this.close();
    }
    const dismiss = h("button", { type: "button", class: "icon-button", "aria-label": "Dismiss", on: { click: () => refill(this.trouble) } }, icon("close"));
    const node = problem(wrong);
    node.append(dismiss);
    refill(this.trouble, node);
  }
}

/** By the start of the whole command, or by any word of the suggestion once the command is typed. */
function fits(offer, typed) {
  const text = offer.text.toLowerCase();
  if (offer.bare) return text.startsWith(typed) && text.trim() !== typed.trim();
  if (text === typed.trim()) return false;
  if (text.startsWith(typed)) return true;
  const [command, ...rest] = typed.split(" ");
  const words = rest.join(" ").trim();
  return words !== "" && text.startsWith(`${command} `) && text.slice(command.length).includes(` ${words}`);
}

function mentionable() {
  const team = store.workspace();
  const bot = { id: team.app.bot_user_id, name: team.app.name, title: "App" };
  return [bot, ...team.users];
}

/** A person's text in Slack's own form: escaped, with @Name and #channel as references. */
export function encode(text) {
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const people = new Map(mentionable().map((one) => [one.name.toLowerCase(), one.id]));
  const rooms = new Map(store.workspace().channels.map((one) => [one.name.toLowerCase(), one.id]));
  return escaped
    .replace(/(^|[\s(])@([\p{L}\p{N}_-]+)/gu, (whole, lead, name) => tagged(whole, lead, "@", people.get(name.toLowerCase())))
    .replace(/(^|[\s(])#([\p{L}\p{N}_-]+)/gu, (whole, lead, name) => tagged(whole, lead, "#", rooms.get(name.toLowerCase())));
}

function tagged(whole, lead, sign, id) {
  return id ? `${lead}<${sign}${id}>` : whole;
}
