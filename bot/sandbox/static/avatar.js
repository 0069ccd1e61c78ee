// Square pictures for people, apps and workspaces: initials, or the Spruce tree.

import { h, safeColor, svg } from "./dom.js";

const TREE = "M16 5l6 8h-3l5 7h-6.5v6h-3v-6H8l5-7h-3z";

export function initials(name) {
  const words = String(name ?? "?").trim().split(/[\s_-]+/);
  const letters = words.length > 1 ? words[0][0] + words[1][0] : words[0].slice(0, 1);
  return letters.toUpperCase();
}

export function avatar(person, className = "avatar") {
  const color = safeColor(person?.color ?? person?.icon_color, "#5d6663");
  const tree = person?.is_bot && /spruce/i.test(person.name ?? "");
  const face = tree ? svg("svg", { viewBox: "0 0 32 32" }, svg("path", { d: TREE, fill: "currentColor" })) : initials(person?.name);
  return h("span", { class: className, "aria-hidden": "true", style: { "--tint": color } }, face);
}
