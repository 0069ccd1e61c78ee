// A channel: its heading, its messages, and where to write.

import { get, post } from "./api.js";
import { Composer, encode } from "./composer.js";
import { h, refill } from "./dom.js";
import { icon } from "./icons.js";
import { MessageList } from "./messages.js";
import * as store from "./store.js";

export class Room {
  constructor(id, { onThread }) {
    this.id = id;
    const room = store.channel(id);
    this.list = new MessageList({ label: `Messages in #${room.name}`, onThread, empty: emptyState(room) });
    this.composer = new Composer({
      label: `Message to #${room.name}`,
      placeholder: `Message #${room.name}, or / for commands`,
      testid: "composer",
      sendTestid: "send",
      commands: true,
      onSend: (text) => this.send(text),
    });
    this.root = h("section", { class: "pane room", "aria-label": `#${room.name}`, "aria-busy": "true" }, heading(room), this.list.root, this.composer.root);
  }

  async refresh() {
    const answer = await get("messages", { channel: this.id });
    if (answer.messages) this.list.set(answer.messages);
    else refill(this.list.list, h("p", { class: "empty", role: "alert" }, answer.message));
    this.root.setAttribute("aria-busy", "false"); // drawn: what was here before is here again
  }

  async send(text) {
    this.list.toBottom();
    if (!text.startsWith("/")) {
      const answer = await post("message", { channel: this.id, text: encode(text) });
      return answer.ok === false ? answer.message || answer.error : null;
    }
    return this.command(text);
  }

  async command(line) {
    const name = line.split(/\s/, 1)[0];
    if (!store.store.commands.some((one) => one.command === name)) {
      return `${name} is not a command here. Type / to see what there is.`;
    }
    const answer = await post("command", { channel: this.id, command: name, text: line });
    return answer.ok === false ? answer.message || `${name} failed with the error "${answer.error}"` : null;
  }
}

function heading(room) {
  const direct = room.id.startsWith("D");
  return h(
    "header",
    { class: "pane-head" },
    direct ? null : icon(room.is_private ? "lock" : "hash"),
    h("h2", {}, room.name),
    room.topic ? h("span", { class: "topic", title: room.topic }, room.topic) : null,
    room.bot_is_member || direct ? null : h("span", { class: "absent" }, `${store.workspace().app.name} is not in this channel`),
  );
}

function emptyState(room) {
  const { name } = store.workspace().app;
  const words = room.bot_is_member
    ? [h("strong", {}, "No messages yet."), ` ${name} posts here when something needs attention. Try `, h("code", {}, "/spruce help"), ", or move the clock on."]
    : [h("strong", {}, "No messages yet."), ` ${name} is not in this channel and cannot post here, but `, h("code", {}, "/spruce help"), " answers everywhere."];
  return h("div", { class: "empty" }, h("p", {}, words));
}
