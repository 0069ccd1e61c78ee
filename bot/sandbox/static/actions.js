// A click on its way to the bot: confirm, wait, tell what went wrong.

import { post } from "./api.js";
import { h } from "./dom.js";
import { confirmed } from "./dialog.js";
import { formOf } from "./form.js";
import { icon } from "./icons.js";

/** What a block needs to know about its message or view. `keep`: more blocks of the same one follow. */
export function contextFor(container, { keep = false } = {}) {
  const form = formOf(container);
  if (!keep) form.begin();
  return { container, form };
}

/** Resolves to true when the bot got the action. `control` shows that it is under way. */
export async function act(ctx, { blockId, element, payload, control }) {
  if (control.getAttribute("aria-busy") === "true") return false;
  if (element.confirm && !(await confirmed(element.confirm))) return false;
  setBusy(control, true);
  const answer = await post("action", {
    container: ctx.container,
    block_id: blockId,
    action_id: element.action_id,
    type: element.type,
    ...payload,
    state: ctx.form.toJSON(),
  });
  setBusy(control, false);
  clearProblem(control);
  if (answer.ok === false) showProblem(control, answer);
  return answer.ok !== false;
}

/** aria-disabled, not disabled: a disabled control would drop the keyboard's focus. */
export function setBusy(control, busy) {
  for (const [name, on] of [["aria-busy", busy], ["aria-disabled", busy]]) {
    if (on) control.setAttribute(name, "true");
    else control.removeAttribute(name);
  }
}

function host(control) {
  return control.closest("[data-container]");
}

function clearProblem(control) {
  for (const node of host(control)?.querySelectorAll(":scope > .problem, .dialog-body > .problem") ?? []) node.remove();
}

function showProblem(control, answer) {
  const node = problem(answer.message || `The action failed with the error "${answer.error}".`);
  host(control)?.append(node);
}

export function problem(text) {
  return h("p", { class: "problem", role: "alert" }, icon("alert"), h("span", {}, text));
}
