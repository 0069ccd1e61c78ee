// Dialogs over the native element (which makes the page behind inert) and Slack's confirm object.

import { focusables, h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { plainString, textNode } from "./mrkdwn.js";

/**
 * {title, body, footer, testid, wide, onCancel} -> {node, close()}.
 * onCancel runs on Esc and on the cross, and decides whether to close.
 */
export function openDialog({ title, body, footer, testid, className = "", onCancel }) {
  const titleId = uid("dialog-title");
  const opener = document.activeElement;
  const cross = h("button", { type: "button", class: "icon-button dialog-close", "aria-label": "Close", on: { click: () => onCancel() } }, icon("close"));
  const node = h(
    "dialog",
    { class: `dialog ${className}`, "aria-labelledby": titleId, "aria-modal": "true", "data-testid": testid },
    h("header", { class: "dialog-head" }, h("h2", { id: titleId }, title), cross),
    h("div", { class: "dialog-body" }, body),
    footer ? h("footer", { class: "dialog-foot" }, footer) : null,
  );
  node.addEventListener("cancel", (event) => {
    event.preventDefault();
    onCancel();
  });
  node.addEventListener("keydown", (event) => trap(event, node));
  document.body.append(node);
  node.showModal();
  return { node, close: () => closeDialog(node, opener) };
}

function closeDialog(node, opener) {
  node.close();
  node.remove();
  if (opener?.isConnected) opener.focus();
  else focusFallback();
}

/** The control that opened a dialog may be gone, because its message was updated meanwhile. */
function focusFallback() {
  document.querySelector("[data-testid=composer]")?.focus();
}

function trap(event, node) {
  // Chromium reports Esc twice in a row as a forced close; handling the key here avoids that.
  if (event.key === "Escape") {
    event.preventDefault();
    event.stopPropagation();
    node.dispatchEvent(new Event("cancel", { cancelable: true }));
  }
  if (event.key !== "Tab") return;
  const items = focusables(node);
  const edge = event.shiftKey ? items[0] : items.at(-1);
  if (document.activeElement !== edge && node.contains(document.activeElement)) return;
  (event.shiftKey ? items.at(-1) : items[0])?.focus();
  event.preventDefault();
}

/** Slack's confirm object; resolves to true when the person agrees. */
export function confirmed(confirm) {
  return new Promise((resolve) => {
    const done = (answer) => {
      dialog.close();
      resolve(answer);
    };
    const danger = confirm.style === "danger";
    const deny = h("button", { type: "button", class: "btn", on: { click: () => done(false) } }, plainString(confirm.deny) || "Cancel");
    const agree = h(
      "button",
      { type: "button", class: `btn ${danger ? "danger solid" : "primary"}`, on: { click: () => done(true) } },
      plainString(confirm.confirm) || "Yes",
    );
    const dialog = openDialog({
      title: plainString(confirm.title) || "Are you sure?",
      body: h("p", {}, textNode(confirm.text)),
      footer: [deny, agree],
      testid: "confirm-dialog",
      className: "brief",
      onCancel: () => done(false),
    });
    // Enter must not do the dangerous thing by default.
    (danger ? deny : agree).focus();
  });
}
