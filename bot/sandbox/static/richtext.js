// rich_text blocks: sections, lists, quotes and preformatted text.

import { fragment, h, link } from "./dom.js";
import { emoji } from "./emoji.js";
import { broadcast, channelLink, dated, mention, usergroup } from "./mrkdwn.js";

export function richText(block) {
  return h("div", { class: "rich-text" }, nested(block.elements ?? []));
}

const PARTS = {
  rich_text_section: (part) => h("p", {}, leaves(part)),
  rich_text_quote: (part) => h("blockquote", {}, leaves(part)),
  rich_text_preformatted: (part) => h("pre", {}, leaves(part)),
  rich_text_list: list,
};

function nested(parts) {
  return parts.map((part) => PARTS[part.type]?.(part) ?? h("span", { class: "muted" }, part.type));
}

/** Slack sends nesting as consecutive flat lists with an indent. */
function list(part) {
  const level = Math.min(Number(part.indent) || 0, 8);
  const ordered = part.style === "ordered";
  const classes = `${part.border ? "bordered " : ""}level-${level} marker-${level % 3}`;
  const items = (part.elements ?? []).map((item) => h("li", {}, leaves(item)));
  return h(ordered ? "ol" : "ul", { class: classes, start: ordered ? (Number(part.offset) || 0) + 1 : null }, items);
}

function leaves(part) {
  return (part.elements ?? []).map((leaf) => styled(leaf, LEAVES[leaf.type]?.(leaf) ?? leaf.text ?? ""));
}

const LEAVES = {
  text: (leaf) => leaf.text ?? "",
  link: (leaf) => link(leaf.url, leaf.text || leaf.url),
  user: (leaf) => mention(leaf.user_id),
  channel: (leaf) => channelLink(leaf.channel_id),
  usergroup: (leaf) => usergroup(leaf.usergroup_id),
  team: (leaf) => h("span", { class: "mention" }, leaf.team_id),
  broadcast: (leaf) => broadcast(leaf.range),
  emoji: (leaf) => emoji(leaf.name) ?? `:${leaf.name}:`,
  date: (leaf) => dated([leaf.timestamp, leaf.format, leaf.url], leaf.fallback),
  color: (leaf) => h("code", {}, leaf.value),
};

const STYLES = { bold: "strong", italic: "em", strike: "s", underline: "u", code: "code" };

function styled(leaf, node) {
  const wanted = Object.keys(STYLES).filter((name) => leaf.style?.[name]);
  return wanted.reduceRight((inner, name) => h(STYLES[name], {}, inner), fragment(node));
}
