// The pane beside the channel that shows one thread.

import { get, post } from "./api.js";
import { Composer, encode } from "./composer.js";
import { h, refill } from "./dom.js";
import { icon } from "./icons.js";
import { MessageList } from "./messages.js";
import * as store from "./store.js";

export class Thread {
  constructor(root, { onClose }) {
    Object.assign(this, { root, onClose, ts: null, list: null });
  }

  async open(channelId, ts) {
    this.channelId = channelId;
    this.ts = ts;
    this.list = new MessageList({ label: "Thread", inThread: true, empty: h("p", { class: "loading" }, "Opening the thread…") });
    this.composer = new Composer({ label: "Reply", placeholder: "Reply…", testid: "thread-composer", sendTestid: "thread-send", commands: false, onSend: (text) => this.send(text) });
    const close = h("button", { type: "button", class: "icon-button", "aria-label": "Close the thread", title: "Close (Esc)", on: { click: this.onClose } }, icon("close"));
    const room = store.channel(channelId);
    refill(
      this.root,
      h("header", { class: "pane-head" }, h("h2", {}, "Thread"), h("span", { class: "topic" }, `#${room?.name ?? channelId}`), close),
      this.list.root,
      this.composer.root,
    );
    this.root.hidden = false;
    await this.refresh();
    if (this.ts === ts) this.composer.focus();
  }

  async refresh() {
    const { ts } = this;
    const answer = await get("thread", { channel: this.channelId, ts });
    if (this.ts !== ts || !answer.messages) return;
    this.list.set(answer.messages);
  }

  /** The composer keeps what is being typed when only the person changes. */
  close() {
    this.ts = null;
    this.root.hidden = true;
    refill(this.root);
  }

  shows(message) {
    return this.ts !== null && message.channel === this.channelId && (message.thread_ts === this.ts || message.ts === this.ts);
  }

  async send(text) {
    if (text.startsWith("/")) return `${text.split(" ")[0]} does not work in a thread. Write it in the channel.`;
    const answer = await post("message", { channel: this.channelId, text: encode(text), thread_ts: this.ts });
    if (answer.ok === false) return answer.message || answer.error;
    this.list.toBottom();
    return null;
  }
}
