// Slack's mrkdwn as DOM nodes. Data arrives with & < > escaped; only real angle brackets are
// markup, so an escaped "<!channel>" in a campaign's name stays text.

import { fragment, h, link, safeUrl } from "./dom.js";
import { emoji } from "./emoji.js";
import * as store from "./store.js";
import { formatDate } from "./time.js";

const MARKS = { "*": "strong", _: "em", "~": "s" };
const WORD = /[\p{L}\p{N}]/u;
const BARE_URL = /^https?:\/\/[^\s<>|]*[^\s<>|.,;:!?)\]'"*_~]/;
const DEPTH = 8;

export function decode(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** A text object, or a bare string taken as mrkdwn. */
export function textNode(text) {
  if (!text) return null;
  if (typeof text === "string") return mrkdwn(text);
  return text.type === "mrkdwn" ? mrkdwn(text.text ?? "", text.verbatim === true) : plain(text);
}

export function plainString(text) {
  return decode(typeof text === "string" ? text : (text?.text ?? ""));
}

function plain(text) {
  const shown = decode(text.text ?? "");
  return text.emoji === false ? shown : withEmoji(shown);
}

export function withEmoji(text) {
  const pieces = text.split(/(:[a-z0-9_+-]+:)/);
  return fragment(pieces.map((piece) => (piece.length > 2 && piece[0] === ":" && emoji(piece.slice(1, -1))) || piece));
}

/** `verbatim` is Slack's: addresses without angle brackets then stay text. */
export function mrkdwn(text, verbatim = false) {
  const pieces = String(text).split(/```\n?([\s\S]+?)\n?```/);
  return fragment(pieces.map((piece, at) => (at % 2 ? preformatted(piece) : paragraphs(piece, verbatim))));
}

function preformatted(text) {
  return h("pre", {}, uncoded(text));
}

/** Inside code only addresses are markup, and they are shown, not linked. */
function uncoded(text) {
  return decode(text.replace(/<((?:https?|mailto|tel):[^<>|]+)(?:\|([^<>]*))?>/g, (_, url, label) => label ?? url));
}

function paragraphs(text, verbatim) {
  const out = [];
  let lines = [];
  let quoted = false;
  const flush = () => {
    if (lines.length > 0) out.push(quoted ? h("blockquote", {}, joined(lines, verbatim)) : joined(lines, verbatim));
    lines = [];
  };
  for (const line of text.split("\n")) {
    const match = /^(?:>|&gt;) ?(.*)$/.exec(line);
    if (Boolean(match) !== quoted) {
      flush();
      quoted = Boolean(match);
    }
    lines.push(match ? match[1] : line);
  }
  flush();
  return out;
}

function joined(lines, verbatim) {
  const how = { depth: 0, verbatim };
  return lines.flatMap((line, at) => (at === 0 ? [inline(line, how)] : [h("br"), inline(line, how)]));
}

function inline(text, how) {
  const out = [];
  let plainFrom = 0;
  let at = 0;
  while (at < text.length) {
    const found = how.depth < DEPTH ? special(text, at, how) : null;
    if (found) {
      out.push(decode(text.slice(plainFrom, at)), found.node);
      at = found.end;
      plainFrom = at;
    } else {
      at += 1;
    }
  }
  out.push(decode(text.slice(plainFrom)));
  return fragment(out);
}

function special(text, at, how) {
  const char = text[at];
  if (char === "<") return angle(text, at);
  if (char === "`") return code(text, at);
  if (char === ":") return shortcode(text, at);
  if (char in MARKS) return emphasis(text, at, how);
  if (char === "h" && !how.verbatim && !WORD.test(text[at - 1] ?? "")) return bareUrl(text, at);
  return null;
}

function code(text, at) {
  const end = text.indexOf("`", at + 1);
  if (end <= at + 1) return null;
  return { node: h("code", {}, uncoded(text.slice(at + 1, end))), end: end + 1 };
}

function shortcode(text, at) {
  const match = /^:([a-z0-9_+-]+):/.exec(text.slice(at, at + 60));
  const node = match && emoji(match[1]);
  return node ? { node, end: at + match[0].length } : null;
}

function bareUrl(text, at) {
  const match = BARE_URL.exec(text.slice(at, at + 3000));
  return match ? { node: link(decode(match[0]), decode(match[0])), end: at + match[0].length } : null;
}

/** Slack's rule: a mark opens before a non-space after a non-word, and closes the other way round. */
function emphasis(text, at, how) {
  const mark = text[at];
  if (WORD.test(text[at - 1] ?? "") || /\s/.test(text[at + 1] ?? " ") || text[at + 1] === mark) return null;
  // The bound keeps hostile names (thousands of opening marks) from costing seconds.
  const limit = Math.min(text.length, at + 3000);
  for (let end = at + 2; end < limit; end += 1) {
    end = skipped(text, end);
    if (text[end] !== mark) continue;
    if (/\s/.test(text[end - 1]) || WORD.test(text[end + 1] ?? "")) continue;
    return { node: h(MARKS[mark], {}, inline(text.slice(at + 1, end), { ...how, depth: how.depth + 1 })), end: end + 1 };
  }
  return null;
}

/** Marks inside links and code do not close anything. */
function skipped(text, at) {
  const closing = { "<": ">", "`": "`" }[text[at]];
  const end = closing ? text.indexOf(closing, at + 1) : -1;
  return end > 0 ? end : at;
}

function angle(text, at) {
  const end = text.indexOf(">", at);
  if (end < 0) return null;
  const [target, label] = halves(text.slice(at + 1, end));
  const node = reference(target, label);
  return node ? { node, end: end + 1 } : null;
}

function halves(inside) {
  const bar = inside.indexOf("|");
  return bar < 0 ? [inside, null] : [inside.slice(0, bar), decode(inside.slice(bar + 1))];
}

function reference(target, label) {
  const rest = target.slice(1);
  if (target[0] === "@") return mention(rest, label);
  if (target[0] === "#") return channelLink(rest, label);
  if (target[0] === "!") return command(rest, label);
  const url = decode(target);
  return /^(https?:|mailto:|tel:)/i.test(url) ? link(url, label === null ? url : withEmoji(label)) : null;
}

export function mention(id, label = null) {
  const known = store.user(id);
  const mine = store.viewer()?.id === id;
  return h("span", { class: mine ? "mention mine" : "mention" }, `@${known?.name ?? label ?? id}`);
}

export function channelLink(id, label = null) {
  const known = store.channel(id);
  const name = `#${known?.name ?? label ?? id}`;
  if (!known) return h("span", { class: "mention" }, name);
  return h("a", { class: "mention", href: store.placeHash({ kind: "channel", id }) }, name);
}

export function broadcast(range) {
  return h("span", { class: "mention loud" }, `@${range}`);
}

export function usergroup(id, label = null) {
  return h("span", { class: "mention" }, label ?? `@${id}`);
}

function command(rest, label) {
  const [name, ...args] = rest.split("^");
  if (name === "date") return dated(args, label);
  if (["here", "channel", "everyone"].includes(name)) return broadcast(name);
  if (name === "subteam") return usergroup(args[0], label);
  return label === null ? null : h("span", {}, label);
}

export function dated([epoch, pattern = "{date_short_pretty}", url], label) {
  const shown = formatDate(epoch, decode(pattern)) ?? label ?? "";
  const iso = Number(epoch) ? new Date(Number(epoch) * 1000).toISOString() : "";
  const node = h("time", { datetime: iso, title: label ?? iso }, shown);
  return url && safeUrl(decode(url)) ? link(decode(url), node) : node;
}
