// A list of messages that stays where the reader is: channels and threads share it.

import { h, refill, rove, swap } from "./dom.js";
import { icon } from "./icons.js";
import { messageNode, momentOf } from "./message.js";
import { store } from "./store.js";
import { dayKey, dayLabel } from "./time.js";

const GROUP_MS = 5 * 60_000;
const NEAR_PX = 60;

export class MessageList {
  /** {label, inThread, onThread(ts), empty: node shown while there is nothing} */
  constructor({ label, inThread = false, onThread, empty }) {
    this.options = { inThread, onThread, onDismiss: (ts) => this.dismiss(ts) };
    this.empty = empty;
    this.messages = [];
    this.nodes = new Map();
    this.list = h("div", { class: "message-list" });
    this.scroller = h("div", { class: "scroller", role: "log", "aria-live": "off", "aria-label": label }, this.list);
    this.jump = h("button", { type: "button", class: "jump", hidden: true, on: { click: () => this.toBottom() } }, icon("down"), "New messages");
    this.root = h("div", { class: "messages" }, this.scroller, this.jump);
    this.scroller.addEventListener("scroll", () => this.atBottom() && this.setJump(false), { passive: true });
    this.scroller.addEventListener("keydown", (event) => this.keys(event));
    // A picture that loads late, or a pane that gets narrower, must not push the newest message out.
    this.stick = true;
    this.scroller.addEventListener("scroll", () => (this.stick = this.atBottom()), { passive: true });
    this.observer = new ResizeObserver(() => this.stick && this.toBottom());
    this.observer.observe(this.list);
    this.observer.observe(this.scroller);
  }

  set(messages) {
    this.messages = messages.filter((item) => !store.hidden.has(item.ts));
    const top = this.stick ? null : this.scroller.scrollTop;
    this.nodes.clear();
    this.draw();
    if (top === null) this.toNewest();
    else this.scroller.scrollTop = top;
    this.setJump(false);
  }

  /** Adds or replaces one message; true when it was not there before. */
  upsert(message) {
    const at = this.messages.findIndex((item) => item.ts === message.ts);
    if (at >= 0) {
      this.messages[at] = message;
      this.replace(message, at);
      return false;
    }
    const follow = this.stick;
    this.messages.push(message);
    this.messages.sort((a, b) => (a.ts < b.ts ? -1 : Number(a.ts > b.ts)));
    this.draw();
    this.nodes.get(message.ts).classList.add("arrived");
    if (follow) this.toNewest();
    else this.setJump(true);
    return true;
  }

  remove(ts) {
    this.messages = this.messages.filter((item) => item.ts !== ts);
    this.nodes.delete(ts);
    this.draw();
  }

  dismiss(ts) {
    store.hidden.add(ts);
    this.remove(ts);
    this.focusLast();
  }

  replace(message, at) {
    const follow = this.stick;
    const old = this.nodes.get(message.ts);
    const fresh = messageNode(message, { ...this.options, compact: this.compact(at) });
    fresh.tabIndex = old.tabIndex;
    fresh.classList.add("changed");
    this.nodes.set(message.ts, fresh);
    swap(old, fresh);
    if (follow) this.toBottom();
  }

  /** Existing nodes are kept, so that focus, scroll and half-made choices survive a new message. */
  draw() {
    let day = null;
    const wanted = [];
    const dated = this.needsDays();
    this.messages.forEach((message, at) => {
      const key = dayKey(momentOf(message));
      if (key !== day && dated) wanted.push(dayDivider(message));
      day = key;
      if (!this.nodes.has(message.ts)) {
        this.nodes.set(message.ts, messageNode(message, { ...this.options, compact: this.compact(at) }));
      }
      wanted.push(this.nodes.get(message.ts));
    });
    this.place(wanted);
    this.tabStop();
  }

  /** A thread of one day says nothing by it; one that goes on for days reads wrong without. */
  needsDays() {
    if (!this.options.inThread) return true;
    return new Set(this.messages.map((message) => dayKey(momentOf(message)))).size > 1;
  }

  place(wanted) {
    if (wanted.length === 0) {
      refill(this.list, this.empty);
      return;
    }
    const keep = new Set(wanted);
    for (const child of [...this.list.children]) if (!keep.has(child)) child.remove();
    wanted.forEach((node, at) => {
      if (this.list.children[at] !== node) this.list.insertBefore(node, this.list.children[at] ?? null);
    });
  }

  /** People's messages in a row share one name; every alert of a bot keeps its own. */
  compact(at) {
    const [before, message] = [this.messages[at - 1], this.messages[at]];
    if (!before || message.user?.is_bot || message.is_ephemeral || before.is_ephemeral) return false;
    const near = momentOf(message) - momentOf(before) < GROUP_MS;
    return near && before.user?.id === message.user?.id && !before.reply_count;
  }

  tabStop() {
    const nodes = [...this.nodes.values()];
    if (nodes.some((node) => node.tabIndex === 0)) return;
    const last = this.nodes.get(this.messages.at(-1)?.ts);
    if (last) last.tabIndex = 0;
  }

  focusLast() {
    this.nodes.get(this.messages.at(-1)?.ts)?.focus();
  }

  keys(event) {
    const node = event.target;
    if (!node.classList.contains("message")) return;
    if (rove(event, this.messages.map((message) => this.nodes.get(message.ts)))) return;
    if ((event.key === "t" || event.key === "Enter") && !this.options.inThread) this.options.onThread?.(node.dataset.ts);
  }

  atBottom() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_PX;
  }

  /** A thread's newest message from its start when it is taller than the pane: cards are read from the top. */
  toNewest() {
    const node = this.nodes.get(this.messages.at(-1)?.ts);
    const tall = node && node.offsetHeight > this.scroller.clientHeight;
    this.toBottom();
    if (!this.options.inThread || !tall) return;
    node.scrollIntoView({ block: "start" });
    this.stick = false;
  }

  toBottom() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.stick = true;
    this.setJump(false);
  }

  setJump(shown) {
    this.jump.hidden = !shown;
  }
}

function dayDivider(message) {
  return h("div", { class: "day", role: "separator" }, h("span", {}, dayLabel(momentOf(message))));
}
