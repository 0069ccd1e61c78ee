// Interactive elements: buttons, menus and selects. Text, dates and boxes are in inputs.js.

import { act } from "./actions.js";
import { h, refill, safeUrl } from "./dom.js";
import { icon } from "./icons.js";
import { INPUTS } from "./inputs.js";
import { plainString, textNode } from "./mrkdwn.js";
import { openListbox, openMenu } from "./popup.js";
import * as store from "./store.js";

/** field: {labelId, describedBy, dispatch} when the element stands in an input block, else null. */
export function elementNode(element, blockId, ctx, field = null) {
  const draw = Object.hasOwn(DRAWERS, element.type) ? DRAWERS[element.type] : null;
  const part = { element, blockId, ctx, field, key: `${blockId}/${element.action_id ?? ""}` };
  return draw ? draw(part) : h("span", { class: "unknown" }, element.type);
}

export function imageUrl(image) {
  const file = image.slack_file?.id ?? /\/files\/(?:[^/]+\/)?(F\w+)/.exec(image.slack_file?.url ?? "")?.[1];
  if (file) return `/api/file/${encodeURIComponent(file)}`;
  return safeUrl(image.image_url ?? image.slack_file?.url ?? "") ?? "";
}

function button(part) {
  const { element, key } = part;
  const label = plainString(element.text);
  const href = element.url ? safeUrl(element.url) : null;
  const props = {
    class: `btn ${element.style ?? ""}`,
    "data-key": key,
    "data-action-id": element.action_id,
    "aria-label": element.accessibility_label,
    title: label.length > 30 ? label : null,
  };
  const send = (event) => {
    const payload = { value: element.value };
    act(part.ctx, { blockId: part.blockId, element, payload, control: event.currentTarget });
  };
  const text = h("span", { class: "btn-text" }, textNode(element.text));
  if (!href) return h("button", { type: "button", ...props, on: { click: send } }, text);
  // A link in truth (it can be copied and middle-clicked), called a button as in Slack.
  const space = (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    event.currentTarget.click();
  };
  const more = { href, target: "_blank", rel: "noopener noreferrer", role: "button" };
  return h("a", { ...props, ...more, on: { click: send, keydown: space } }, text, icon("external"));
}

function overflow(part) {
  const { element, blockId, ctx, key } = part;
  const choose = (control, option) => {
    const url = option.url ? safeUrl(option.url) : null;
    if (url) window.open(url, "_blank", "noopener");
    act(ctx, { blockId, element, payload: { selected_option: option }, control });
  };
  const items = (control) =>
    (element.options ?? []).map((option) => ({
      label: plainString(option.text),
      note: plainString(option.description),
      run: () => choose(control, option),
    }));
  return h(
    "button",
    {
      type: "button",
      class: "btn overflow",
      "data-key": key,
      "data-action-id": element.action_id,
      "aria-label": "More actions",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      on: { click: (event) => openMenu(event.currentTarget, items(event.currentTarget), "More actions") },
    },
    icon("more"),
  );
}

const fromOptions = {
  groups: (element) => {
    const groups = element.option_groups ?? [{ options: element.options ?? [] }];
    return groups.map((group) => ({
      label: plainString(group.label),
      options: group.options.map((option) => ({
        label: plainString(option.text),
        note: plainString(option.description),
        value: option.value,
        raw: option,
      })),
    }));
  },
  pack: (option) => option.raw,
  unpack: (option) => option?.value,
};

const named = (list, sign) => ({
  groups: () => [{ options: list().map((item) => ({ label: `${sign}${item.name}`, note: item.title, value: item.id })) }],
  pack: (option) => option.value,
  unpack: (id) => id,
});

const people = named(() => store.workspace().users, "");
const channels = named(() => store.workspace().channels, "#");

/** For each select: where its options come from, and the names its value has in Slack's payloads. */
const SELECTS = {
  static_select: { ...fromOptions, field: "selected_option", initial: "initial_option" },
  multi_static_select: { ...fromOptions, field: "selected_options", initial: "initial_options", multiple: true },
  users_select: { ...people, field: "selected_user", initial: "initial_user" },
  multi_users_select: { ...people, field: "selected_users", initial: "initial_users", multiple: true },
  channels_select: { ...channels, field: "selected_channel", initial: "initial_channel" },
  multi_channels_select: { ...channels, field: "selected_channels", initial: "initial_channels", multiple: true },
  conversations_select: { ...channels, field: "selected_conversation", initial: "initial_conversation" },
  multi_conversations_select: { ...channels, field: "selected_conversations", initial: "initial_conversations", multiple: true },
};

function select(part) {
  const { element, blockId, ctx, field, key } = part;
  const kind = SELECTS[element.type];
  const groups = kind.groups(element);
  const options = groups.flatMap((group) => group.options);
  const empty = kind.multiple ? [] : null;
  const initial = { type: element.type, [kind.field]: element[kind.initial] ?? empty };
  ctx.form.init(blockId, element.action_id, initial);
  const placeholder = plainString(element.placeholder) || "Choose an option";
  const value = () => ctx.form.get(blockId, element.action_id)[kind.field];
  const chosen = () => new Set([value() ?? []].flat().map(kind.unpack));
  const face = h("span", { class: "select-face" });
  const control = h(
    "button",
    {
      type: "button",
      class: `select${kind.multiple ? " multi" : ""}`,
      role: "combobox",
      "aria-haspopup": "listbox",
      "aria-expanded": "false",
      "aria-label": field ? null : placeholder,
      "aria-labelledby": field?.labelId,
      "aria-describedby": field?.describedBy,
      "data-key": key,
      "data-action-id": element.action_id,
      "data-autofocus": element.focus_on_load,
      on: { click: show, keydown: (event) => event.key === "ArrowDown" && (event.preventDefault(), show()) },
    },
    face,
    icon("chevron"),
  );
  const drawFace = () => {
    const picked = options.filter((option) => chosen().has(option.value));
    const shown = kind.multiple ? picked.map((option) => h("span", { class: "chip" }, option.label)) : picked[0]?.label;
    refill(face, picked.length > 0 ? shown : h("span", { class: "placeholder" }, placeholder));
  };
  const save = (next) => {
    ctx.form.set(blockId, element.action_id, { type: element.type, [kind.field]: next });
    drawFace();
  };
  const commit = async (before) => {
    if (field && !field.dispatch) return;
    const payload = { [kind.field]: value() };
    if (!(await act(ctx, { blockId, element, payload, control }))) save(before);
  };
  const pickOne = (picked) => {
    const before = value();
    save(kind.pack(options.find((option) => option.value === picked)));
    commit(before);
  };
  const pickMany = (set, picked) => {
    const room = element.max_selected_items ?? Infinity;
    if (!set.delete(picked) && set.size < room) set.add(picked);
    save(options.filter((option) => set.has(option.value)).map(kind.pack));
  };
  function show() {
    if (control.getAttribute("aria-busy") === "true") return;
    const before = value();
    const set = chosen();
    openListbox(control, {
      groups,
      chosen: set,
      multiple: kind.multiple,
      label: placeholder,
      onPick: (picked) => (kind.multiple ? pickMany(set, picked) : pickOne(picked)),
      onClose: () => kind.multiple && JSON.stringify(before) !== JSON.stringify(value()) && commit(before),
    });
  }
  drawFace();
  return control;
}

/** Options of external selects come from the bot on request; this page does not ask for them. */
function external({ element }) {
  return h("button", { type: "button", class: "select", disabled: true }, plainString(element.placeholder) || element.type);
}

function image({ element }) {
  return h("img", { class: "accessory-image", src: imageUrl(element), alt: plainString(element.alt_text ?? "") });
}

function iconButton(part) {
  const { element, blockId, ctx, key } = part;
  const send = (event) => act(ctx, { blockId, element, payload: { value: element.value }, control: event.currentTarget });
  return h("button", { type: "button", class: "btn", "data-key": key, on: { click: send } }, textNode(element.text));
}

function feedback(part) {
  const { element, blockId, ctx } = part;
  return [element.positive_button, element.negative_button].filter(Boolean).map((one) => {
    const send = (event) => act(ctx, { blockId, element, payload: { value: one.value }, control: event.currentTarget });
    return h("button", { type: "button", class: "btn", "aria-label": one.accessibility_label, on: { click: send } }, textNode(one.text));
  });
}

const DRAWERS = {
  ...INPUTS,
  ...Object.fromEntries(Object.keys(SELECTS).map((type) => [type, select])),
  button,
  workflow_button: button,
  overflow,
  external_select: external,
  multi_external_select: external,
  image,
  icon_button: iconButton,
  feedback_buttons: feedback,
};
