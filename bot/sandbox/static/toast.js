// Short notices in the corner, and words for screen readers.

import { h } from "./dom.js";
import { icon } from "./icons.js";

const STAY_MS = 9000;

export function toast(text, level = "info") {
  const error = level === "error";
  const node = h(
    "div",
    { class: `toast ${level}`, role: error ? "alert" : "status" },
    icon(error ? "alert" : "info"),
    h("p", {}, text),
    h("button", { type: "button", class: "icon-button", "aria-label": "Dismiss", on: { click: () => node.remove() } }, icon("close")),
  );
  document.getElementById("toasts").append(node);
  // Errors stay until they are read.
  if (!error) setTimeout(() => node.remove(), STAY_MS);
}

/** Each announcement is a line of its own, so that two at once are both read. */
export function announce(text) {
  const line = h("p", {}, text);
  document.getElementById("live").append(line);
  setTimeout(() => line.remove(), STAY_MS);
}
