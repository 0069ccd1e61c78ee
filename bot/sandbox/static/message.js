// One message: who, when, text or blocks, attachments, replies.

import { attachmentNode, renderBlocks } from "./blocks.js";
import { avatar } from "./avatar.js";
import { h } from "./dom.js";
import { imageUrl } from "./elements.js";
import { icon } from "./icons.js";
import { mrkdwn, plainString } from "./mrkdwn.js";
import * as store from "./store.js";
import { ago, fullLabel, timeLabel } from "./time.js";

export function momentOf(message) {
  const parsed = Date.parse(message.at);
  return new Date(Number.isNaN(parsed) ? Number.parseFloat(message.ts) * 1000 : parsed);
}

/** {compact: no name and picture, inThread: no reply controls, onThread(ts), onDismiss(ts)} */
export function messageNode(message, options = {}) {
  const { compact = false, inThread = false } = options;
  const at = momentOf(message);
  const author = authorOf(message);
  const container = { type: "message", channel: message.channel, message_ts: message.ts };
  const classes = ["message", compact && "compact", message.is_ephemeral && "is-ephemeral"].filter(Boolean).join(" ");
  const node = h(
    "article",
    {
      class: classes,
      tabindex: -1,
      "data-testid": "message",
      "data-ts": message.ts,
      "data-container": "message",
      "aria-label": `${author.name}, ${timeLabel(at)}`,
    },
    compact ? h("time", { class: "gutter-time", datetime: at.toISOString() }, timeLabel(at)) : avatar(author),
    h(
      "div",
      { class: "message-main" },
      message.is_ephemeral ? ephemeralMark(message, options.onDismiss) : null,
      compact ? null : byline(message, author, at),
      responseTo(message),
      h("div", { class: "message-body" }, body(message, container)),
      inThread || !message.reply_count ? null : replies(message, options.onThread),
    ),
    inThread || message.is_ephemeral ? null : toolbar(message, options.onThread),
  );
  return node;
}

function authorOf(message) {
  const sent = message.user ?? {};
  return { ...store.user(sent.id), ...sent, name: sent.name ?? store.user(sent.id)?.name ?? "Unknown" };
}

function byline(message, author, at) {
  return h(
    "header",
    { class: "byline" },
    h("span", { class: "author" }, author.name),
    author.is_bot ? h("span", { class: "app-badge" }, "App") : null,
    h("time", { datetime: at.toISOString(), title: fullLabel(at) }, message.label ?? timeLabel(at)),
  );
}

function ephemeralMark(message, onDismiss) {
  const dismiss = h("button", { type: "button", class: "text-button", on: { click: () => onDismiss?.(message.ts) } }, "Dismiss");
  return h("p", { class: "ephemeral", "data-testid": "ephemeral" }, icon("eye"), "Only visible to you", onDismiss ? [" · ", dismiss] : null);
}

function responseTo(message) {
  if (!message.response_to) return null;
  return h("p", { class: "response-to" }, icon("reply"), "In answer to ", h("code", {}, message.response_to));
}

function body(message, container) {
  // What a person types comes with a rich_text copy of it; the text is the original.
  const hasBlocks = message.blocks?.length > 0 && (message.user?.is_bot || !message.text);
  // Slack draws no "(edited)" on a message that has blocks.
  const edited = message.edited && !hasBlocks ? h("span", { class: "edited" }, " (edited)") : null;
  const text = !hasBlocks && message.text ? h("div", { class: "plain" }, mrkdwn(message.text), edited) : null;
  return [
    hasBlocks ? renderBlocks(message.blocks, container) : text,
    (message.attachments ?? []).map((item) => attachmentNode(item, container)),
    (message.files ?? []).map(fileNode),
  ];
}

function fileNode(file) {
  const alt = plainString(file.alt_txt ?? file.title ?? file.name ?? "Image");
  return h("figure", { class: "block-image" }, h("img", { src: imageUrl({ slack_file: file }), alt, loading: "lazy" }));
}

function replies(message, onThread) {
  const count = message.reply_count;
  return h(
    "button",
    { type: "button", class: "replies", on: { click: () => onThread?.(message.ts) } },
    icon("reply"),
    h("strong", {}, `${count} ${count === 1 ? "reply" : "replies"}`),
    message.latest_reply ? h("span", { class: "muted", "data-reply-at": message.latest_reply }, lastReply(message.latest_reply)) : null,
  );
}

function lastReply(ts) {
  return ` Last reply ${ago(new Date(Number.parseFloat(ts) * 1000))}`;
}

/** How long ago replies came, told anew after the clock has moved. */
export function refreshAges() {
  for (const node of document.querySelectorAll("[data-reply-at]")) node.textContent = lastReply(node.dataset.replyAt);
}

function toolbar(message, onThread) {
  const reply = h(
    "button",
    { type: "button", class: "icon-button", tabindex: -1, "aria-label": "Reply in thread", title: "Reply in thread", on: { click: () => onThread?.(message.ts) } },
    icon("reply"),
  );
  return h("div", { class: "message-tools" }, reply);
}
