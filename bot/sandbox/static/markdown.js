// Standard Markdown, for Slack's `markdown` block: the part of the language Slack draws.

import { fragment, h, link } from "./dom.js";
import { withEmoji } from "./mrkdwn.js";

const DEPTH = 6;

export function markdown(text) {
  return fragment(blocks(String(text).replaceAll("\r\n", "\n").split("\n"), 0));
}

function blocks(lines, depth) {
  const out = [];
  let at = 0;
  while (at < lines.length) {
    const step = READERS.map((read) => read(lines, at, depth)).find(Boolean);
    if (step) {
      out.push(step.node);
      at = step.next;
    } else {
      at += 1;
    }
  }
  return out;
}

function fence(lines, at) {
  const open = /^\s*(```+|~~~+)/.exec(lines[at]);
  if (!open) return null;
  let end = at + 1;
  while (end < lines.length && !lines[end].trim().startsWith(open[1])) end += 1;
  return { node: h("pre", {}, lines.slice(at + 1, end).join("\n")), next: end + 1 };
}

function heading(lines, at) {
  const match = /^(#{1,6})\s+(.*?)\s*#*$/.exec(lines[at]);
  if (!match) return null;
  return { node: h("p", { class: `md-heading md-${Math.min(match[1].length, 3)}` }, inline(match[2])), next: at + 1 };
}

function rule(lines, at) {
  return /^\s*([-*_])(\s*\1){2,}\s*$/.test(lines[at]) ? { node: h("hr"), next: at + 1 } : null;
}

function quote(lines, at, depth) {
  if (!/^\s*>/.test(lines[at]) || depth > DEPTH) return null;
  let end = at;
  while (end < lines.length && /^\s*>/.test(lines[end])) end += 1;
  const inside = lines.slice(at, end).map((line) => line.replace(/^\s*> ?/, ""));
  return { node: h("blockquote", {}, blocks(inside, depth + 1)), next: end };
}

const ROW = /^\s*\|?(.+\|.*?)\|?\s*$/;

function table(lines, at) {
  const separator = lines[at + 1] ?? "";
  if (!ROW.test(lines[at]) || !/^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(separator)) return null;
  const aligns = cells(separator).map((cell) => (cell.endsWith(":") ? (cell.startsWith(":") ? "center" : "right") : "left"));
  let end = at + 2;
  while (end < lines.length && ROW.test(lines[end])) end += 1;
  const row = (tag) => (line) =>
    h("tr", {}, cells(line).map((cell, column) => h(tag, { class: `align-${aligns[column] ?? "left"}` }, inline(cell))));
  const body = lines.slice(at + 2, end).map(row("td"));
  const node = h("table", { class: "grid" }, h("thead", {}, row("th")(lines[at])), h("tbody", {}, body));
  return { node: h("div", { class: "table-scroll" }, node), next: end };
}

function cells(line) {
  return line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());
}

const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;

function list(lines, at, depth) {
  const first = ITEM.exec(lines[at]);
  if (!first || depth > DEPTH) return null;
  const ordered = /\d/.test(first[2]);
  const items = [];
  let next = at;
  while (next < lines.length) {
    const match = ITEM.exec(lines[next]);
    if (!match || match[1].length > first[1].length || /\d/.test(match[2]) !== ordered) break;
    const end = itemEnd(lines, next, match[1].length);
    items.push(item(match[3], lines.slice(next + 1, end), depth));
    next = end;
  }
  const start = ordered ? Number.parseInt(first[2], 10) : null;
  return { node: h(ordered ? "ol" : "ul", { start }, items), next };
}

function itemEnd(lines, at, indent) {
  let end = at + 1;
  while (end < lines.length && /^\s+\S/.test(lines[end]) && /^\s*/.exec(lines[end])[0].length > indent) end += 1;
  return end;
}

function item(text, rest, depth) {
  const task = /^\[([ xX])\]\s+(.*)$/.exec(text);
  if (!task) return h("li", {}, inline(text), blocks(rest, depth + 1));
  const box = h("input", { type: "checkbox", disabled: true, prop: { checked: task[1] !== " " } });
  return h("li", { class: "task" }, box, " ", inline(task[2]), blocks(rest, depth + 1));
}

function paragraph(lines, at, depth) {
  if (!lines[at].trim()) return null;
  let end = at + 1;
  const others = READERS.slice(0, -1);
  while (end < lines.length && lines[end].trim() && !others.some((read) => read(lines, end, depth))) end += 1;
  const shown = lines.slice(at, end).flatMap((line, index) => (index ? [h("br"), inline(line.trim())] : [inline(line.trim())]));
  return { node: h("p", {}, shown), next: end };
}

const READERS = [fence, heading, rule, quote, table, list, paragraph];

const SPANS = [
  [/^\\([\\`*_{}[\]()#+\-.!|>~<])/, (match) => match[1]],
  [/^(`+)(.+?)\1(?!`)/, (match) => h("code", {}, match[2].trim())],
  [/^!?\[([^\]]*)\]\(([^)\s]+)(?:\s+"[^"]*")?\)/, (match, depth) => link(match[2], inline(match[1] || match[2], depth + 1))],
  [/^(\*\*|__)(?=\S)([\s\S]+?\S|\S)\1/, (match, depth) => h("strong", {}, inline(match[2], depth + 1))],
  [/^~~(?=\S)(.+?)~~/, (match, depth) => h("s", {}, inline(match[1], depth + 1))],
  [/^\*(?=\S)(.+?)\*(?!\*)/, (match, depth) => h("em", {}, inline(match[1], depth + 1))],
  [/^_(?=\S)(.+?)_(?![\p{L}\p{N}_])/u, (match, depth) => h("em", {}, inline(match[1], depth + 1))],
  [/^<(https?:\/\/[^>\s]+)>/, (match) => link(match[1], match[1])],
  [/^https?:\/\/[^\s<>|]*[^\s<>|.,;:!?)\]'"*_~]/, (match) => link(match[0], match[0])],
];

function inline(text, depth = 0) {
  const out = [];
  let from = 0;
  let at = 0;
  while (at < text.length) {
    const found = depth < DEPTH ? span(text, at, depth) : null;
    if (found) {
      out.push(withEmoji(text.slice(from, at)), found.node);
      at = found.end;
      from = at;
    } else {
      at += 1;
    }
  }
  out.push(withEmoji(text.slice(from)));
  return out;
}

function span(text, at, depth) {
  if (!"\\`![*_~<h".includes(text[at])) return null;
  if ("_h".includes(text[at]) && /[\p{L}\p{N}]/u.test(text[at - 1] ?? "")) return null;
  const rest = text.slice(at, at + 3000);
  for (const [pattern, build] of SPANS) {
    const match = pattern.exec(rest);
    if (match) return { node: build(match, depth), end: at + match[0].length };
  }
  return null;
}
