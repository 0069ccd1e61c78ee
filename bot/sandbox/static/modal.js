// Modals: the bot's stack of views, drawn one at a time, the top one.

import { get, post } from "./api.js";
import { problem, setBusy } from "./actions.js";
import { renderBlocks } from "./blocks.js";
import { openDialog } from "./dialog.js";
import { h, refill, swap } from "./dom.js";
import { forgetForm, formOf } from "./form.js";
import { icon } from "./icons.js";
import { plainString } from "./mrkdwn.js";
import { closePopup } from "./popup.js";
import { announce } from "./toast.js";

const shown = { dialog: null, view: null, depth: 0 };

/** Ask the server for the stack and show what is on top of it. */
export async function syncModals() {
  const answer = await get("view");
  if (answer.ok === false || !answer.stack) return;
  const top = answer.stack.at(-1) ?? null;
  if (!top) hide();
  else if (shown.view?.id !== top.id || shown.depth !== answer.stack.length) show(top, answer.stack.length);
  else if (JSON.stringify(top) !== JSON.stringify(shown.view)) redraw(top);
}

export function modalOpen() {
  return shown.dialog !== null;
}

function hide() {
  closePopup();
  if (shown.view) forgetForm(shown.view.id);
  shown.dialog?.close();
  Object.assign(shown, { dialog: null, view: null, depth: 0 });
}

function show(view, depth) {
  closePopup();
  const title = plainString(view.title);
  if (!shown.dialog) {
    shown.dialog = openDialog({ title, body: null, footer: " ", testid: "modal", className: "modal", onCancel: cancel });
  }
  Object.assign(shown, { view, depth });
  refill(shown.dialog.node.querySelector(".dialog-head h2"), depth > 1 ? backButton() : null, title);
  refill(shown.dialog.node.querySelector(".dialog-body"), form(view));
  refill(shown.dialog.node.querySelector(".dialog-foot"), footer(view));
  focusFirst();
  announce(`${title}, dialog`);
}

/** The same view with other content: what was typed and the focus stay. */
function redraw(view) {
  shown.view = view;
  closePopup();
  const title = shown.dialog.node.querySelector(".dialog-head h2");
  refill(title, shown.depth > 1 ? backButton() : null, plainString(view.title));
  swap(shown.dialog.node.querySelector("form"), form(view));
  refill(shown.dialog.node.querySelector(".dialog-foot"), footer(view));
}

function form(view) {
  const onSubmit = (event) => {
    event.preventDefault();
    submit();
  };
  return h("form", { id: "modal-form", novalidate: true, "data-container": "view", on: { submit: onSubmit } }, renderBlocks(view.blocks, { type: "view", view_id: view.id }));
}

function backButton() {
  return h("button", { type: "button", class: "icon-button", "aria-label": "Back", on: { click: cancel } }, icon("left"));
}

function footer(view) {
  const close = h("button", { type: "button", class: "btn", on: { click: cancel } }, plainString(view.close) || (view.submit ? "Cancel" : "Close"));
  if (!view.submit) return close;
  const props = { type: "submit", form: "modal-form", class: "btn primary", "data-testid": "modal-submit" };
  return [close, h("button", props, plainString(view.submit))];
}

function focusFirst() {
  const body = shown.dialog.node.querySelector(".dialog-body");
  const wanted = body.querySelector("[data-autofocus]") ?? body.querySelector("input, textarea, select, button, [role=combobox]");
  (wanted ?? shown.dialog.node.querySelector(".dialog-foot button"))?.focus();
}

async function cancel() {
  const closing = shown.view;
  if (!closing || shown.closing) return;
  shown.closing = true;
  const answer = await post("view/close", { view_id: closing.id });
  shown.closing = false;
  // The person's wish to leave counts even when the server cannot be told.
  if (answer.ok === false) hide();
  else await syncModals();
}

async function submit() {
  const { view } = shown;
  const button = shown.dialog.node.querySelector("[data-testid=modal-submit]");
  if (!view.submit || button?.getAttribute("aria-busy") === "true") return;
  const missing = faults(view);
  if (showErrors(missing)) return;
  setBusy(button, true);
  const answer = await post("view/submit", { view_id: view.id, values: formOf({ type: "view", view_id: view.id }).toJSON() });
  setBusy(button, false);
  if (answer.ok === false && !answer.errors) return fail(answer);
  if (showErrors(answer.errors ?? {})) return;
  await syncModals();
}

function fail(answer) {
  const host = shown.dialog?.node.querySelector("form");
  if (!host) return;
  host.querySelector(":scope > .problem")?.remove();
  host.append(problem(answer.message || `The submission failed with the error "${answer.error}".`));
  host.lastElementChild.scrollIntoView({ block: "nearest" });
}

/** What Slack's client refuses before the bot is asked. */
function faults(view) {
  const values = formOf({ type: "view", view_id: view.id }).toJSON();
  const out = {};
  for (const block of view.blocks ?? []) {
    if (block.type !== "input") continue;
    const state = values[block.block_id]?.[block.element.action_id] ?? {};
    const { type, ...rest } = state;
    const value = Object.values(rest)[0];
    const text = fault(block, type, value);
    if (text) out[block.block_id] = text;
  }
  return out;
}

function fault(block, type, value) {
  const empty = value === null || value === undefined || value === "" || value.length === 0;
  if (empty) return block.optional ? null : "Please complete this required field.";
  const { min_length: least, min_value: min, max_value: max } = block.element;
  if (least && value.length < least) return `Please write at least ${least} characters.`;
  if (type === "number_input") return numberFault(value, block.element.is_decimal_allowed, { min, max });
  if (type === "email_text_input" && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(value)) return "Please enter a valid email address.";
  if (type === "url_text_input" && !/^https?:\/\/\S+\.\S+/.test(value)) return "Please enter a valid URL.";
  return null;
}

function numberFault(value, decimals, { min, max }) {
  const number = Number(value);
  if (!Number.isFinite(number)) return "Please enter a number.";
  if (!decimals && !Number.isInteger(number)) return "Please enter a whole number.";
  if (min !== undefined && number < Number(min)) return `Please enter ${min} or more.`;
  if (max !== undefined && number > Number(max)) return `Please enter ${max} or less.`;
  return null;
}

/** Puts each error beside its field and the focus on the first; true when there are any. */
function showErrors(errors) {
  const blocks = [...shown.dialog.node.querySelectorAll("[data-block-id]")];
  let first = null;
  for (const node of blocks) {
    const text = errors[node.dataset.blockId] ?? "";
    const place = node.querySelector(":scope > .field-error");
    if (!place) continue;
    place.textContent = text;
    const control = node.querySelector("input, textarea, [role=combobox], [role=radiogroup]");
    node.classList.toggle("has-error", text !== "");
    control?.setAttribute("aria-invalid", String(text !== ""));
    first ??= text ? control : null;
  }
  (first?.matches("[role=radiogroup]") ? first.querySelector("input") : first)?.focus();
  return Object.keys(errors).length > 0;
}
