// Elements that take text, numbers, dates and boxes.

import { act } from "./actions.js";
import { h, uid } from "./dom.js";
import { plainString, textNode } from "./mrkdwn.js";
import { epochFromWall, wallFromEpoch } from "./time.js";

const SETTLE_MS = 700;

function common({ element, field, key }) {
  return {
    "data-key": key,
    "data-action-id": element.action_id,
    "data-autofocus": element.focus_on_load,
    "aria-labelledby": field?.labelId,
    "aria-describedby": field?.describedBy,
    "aria-label": field ? null : plainString(element.placeholder) || element.type.replaceAll("_", " "),
    placeholder: plainString(element.placeholder) || null,
  };
}

/** The element's value in the form: read it, change it, and tell the bot where that is wanted. */
function slot(part, fieldName, initial) {
  const { element, blockId, ctx, field } = part;
  ctx.form.init(blockId, element.action_id, { type: element.type, [fieldName]: initial ?? null });
  const get = () => ctx.form.get(blockId, element.action_id)[fieldName];
  const set = (value) => ctx.form.set(blockId, element.action_id, { type: element.type, [fieldName]: value });
  const send = (control) => act(ctx, { blockId, element, payload: { [fieldName]: get() }, control });
  return { get, set, send, tells: field === null || field.dispatch };
}

function textInput(part, type, extra = {}) {
  const { element } = part;
  const value = slot(part, "value", element.initial_value);
  const long = element.multiline === true;
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  let timer = 0;
  const onInput = (event) => {
    value.set(event.target.value || null);
    if (!value.tells || !triggers.includes("on_character_entered")) return;
    clearTimeout(timer);
    timer = setTimeout(() => value.send(event.target), SETTLE_MS);
  };
  const onKey = (event) => {
    if (event.key !== "Enter" || long || !value.tells || !triggers.includes("on_enter_pressed")) return;
    event.preventDefault();
    value.send(event.target);
  };
  return h(long ? "textarea" : "input", {
    class: "text-input",
    type: long ? null : type,
    rows: long ? 4 : null,
    minlength: element.min_length,
    maxlength: element.max_length,
    ...common(part),
    ...extra,
    prop: { value: value.get() ?? "" },
    on: { input: onInput, keydown: onKey },
  });
}

function numberInput(part) {
  const { element } = part;
  const step = element.is_decimal_allowed ? "any" : "1";
  return textInput(part, "number", { min: element.min_value, max: element.max_value, step, inputmode: "decimal" });
}

/** A native picker fires `change` while a date is being typed, so the bot is told once it rests. */
function picker(part, { type, fieldName, initial, read = (text) => text || null, write = (value) => value ?? "" }) {
  const value = slot(part, fieldName, initial);
  let told = value.get();
  let timer = 0;
  const tell = (control) => {
    clearTimeout(timer);
    if (!value.tells || value.get() === told) return;
    told = value.get();
    value.send(control);
  };
  const onChange = (event) => {
    value.set(read(event.target.value));
    clearTimeout(timer);
    timer = setTimeout(() => tell(event.target), SETTLE_MS);
  };
  return h("input", {
    class: "text-input picker",
    type,
    ...common(part),
    prop: { value: write(value.get()) },
    on: { change: onChange, blur: (event) => tell(event.target) },
  });
}

function datetime(part) {
  return picker(part, {
    type: "datetime-local",
    fieldName: "selected_date_time",
    initial: part.element.initial_date_time,
    read: epochFromWall,
    write: (value) => (value === null ? "" : wallFromEpoch(value)),
  });
}

function choice(option, { type, name, checked, key, onChange }) {
  const id = uid("choice");
  const note = option.description ? h("small", { id: `${id}-note` }, textNode(option.description)) : null;
  const box = h("input", {
    type,
    name,
    id,
    value: option.value,
    "data-key": key,
    "aria-describedby": note ? `${id}-note` : null,
    prop: { checked },
    on: { change: onChange },
  });
  return h("div", { class: "choice" }, box, h("label", { for: id }, textNode(option.text), note));
}

function group(part, role, nodes) {
  const { field, element } = part;
  return h(
    "div",
    {
      class: "choices",
      role,
      "aria-labelledby": field?.labelId,
      "aria-describedby": field?.describedBy,
      "aria-label": field ? null : plainString(element.placeholder) || "Options",
      "data-action-id": element.action_id,
    },
    nodes,
  );
}

function radio(part) {
  const { element } = part;
  const value = slot(part, "selected_option", element.initial_option);
  const name = uid("radio");
  const node = group(part, "radiogroup", (element.options ?? []).map((option) =>
    choice(option, {
      type: "radio",
      name,
      checked: value.get()?.value === option.value,
      key: `${part.key}/${option.value}`,
      onChange: () => {
        value.set(option);
        if (value.tells) value.send(node);
      },
    }),
  ));
  return node;
}

function checkboxes(part) {
  const { element } = part;
  const options = element.options ?? [];
  const value = slot(part, "selected_options", element.initial_options ?? []);
  const chosen = new Set((value.get() ?? []).map((option) => option.value));
  const node = group(part, "group", options.map((option) =>
    choice(option, {
      type: "checkbox",
      name: null,
      checked: chosen.has(option.value),
      key: `${part.key}/${option.value}`,
      onChange: (event) => {
        if (event.target.checked) chosen.add(option.value);
        else chosen.delete(option.value);
        value.set(options.filter((item) => chosen.has(item.value)));
        if (value.tells) value.send(node);
      },
    }),
  ));
  return node;
}

export const INPUTS = {
  plain_text_input: (part) => textInput(part, "text"),
  number_input: numberInput,
  email_text_input: (part) => textInput(part, "email"),
  url_text_input: (part) => textInput(part, "url"),
  datepicker: (part) => picker(part, { type: "date", fieldName: "selected_date", initial: part.element.initial_date }),
  timepicker: (part) => picker(part, { type: "time", fieldName: "selected_time", initial: part.element.initial_time }),
  datetimepicker: datetime,
  radio_buttons: radio,
  checkboxes,
};
