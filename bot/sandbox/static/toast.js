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

export function announce(text) {
  const live = document.getElementById("live");
  live.textContent = "";
  // A fresh text node in a later frame is read even when the words repeat.
  requestAnimationFrame(() => {
    live.textContent = text;
  });
}
