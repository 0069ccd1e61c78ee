// Things that drop down: menus (do something) and listboxes (choose something).

import { h, refill, rove, uid } from "./dom.js";
import { icon } from "./icons.js";

let current = null;

export function closePopup({ refocus = false } = {}) {
  const popup = current;
  if (!popup) return false;
  current = null;
  popup.panel.remove();
  popup.anchor.setAttribute("aria-expanded", "false");
  if (refocus && popup.anchor.isConnected) popup.anchor.focus();
  popup.onClose?.();
  return true;
}

function open(anchor, panel, onClose) {
  closePopup();
  // Inside a modal dialog everything else is inert, so the panel must live in it.
  (anchor.closest("dialog") ?? document.body).append(panel);
  panel.popover = "manual";
  panel.showPopover();
  anchor.setAttribute("aria-expanded", "true");
  current = { anchor, panel, onClose };
  place(anchor, panel);
}

function place(anchor, panel) {
  const box = anchor.getBoundingClientRect();
  const size = panel.getBoundingClientRect();
  const below = window.innerHeight - box.bottom - 12;
  const up = size.height > below && box.top > below;
  panel.style.maxHeight = `${Math.max(120, Math.min(380, up ? box.top - 12 : below))}px`;
  const height = Math.min(size.height, Number.parseFloat(panel.style.maxHeight));
  panel.style.top = `${up ? box.top - height - 4 : box.bottom + 4}px`;
  panel.style.left = `${Math.max(8, Math.min(box.left, window.innerWidth - size.width - 8))}px`;
  panel.style.minWidth = `${Math.min(box.width, 320)}px`;
}

document.addEventListener("pointerdown", (event) => {
  if (current && !current.panel.contains(event.target) && !current.anchor.contains(event.target)) closePopup();
});
window.addEventListener("resize", () => closePopup());
// The list moves on its own when a message arrives, so a scroll takes the panel along instead of closing it.
document.addEventListener("scroll", (event) => current && event.target.contains?.(current.anchor) && follow(), true);

function follow() {
  const box = current.anchor.getBoundingClientRect();
  if (box.bottom < 0 || box.top > window.innerHeight) closePopup();
  else place(current.anchor, current.panel);
}

function keys(event, items) {
  if (event.key === "Escape" || event.key === "Tab") {
    closePopup({ refocus: true });
    if (event.key === "Escape") event.preventDefault();
    event.stopPropagation();
    return;
  }
  if (rove(event, items) || event.target.tagName === "INPUT") return;
  typeAhead(event, items);
}

function typeAhead(event, items) {
  if (event.key.length !== 1 || event.key === " " || event.ctrlKey || event.metaKey) return;
  const from = items.indexOf(document.activeElement) + 1;
  const order = [...items.slice(from), ...items.slice(0, from)];
  order.find((item) => item.textContent.trim().toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
}

/** items: [{label, note, danger, checked, testid, run}] */
export function openMenu(anchor, items, label) {
  if (current?.anchor === anchor) return closePopup({ refocus: true });
  const nodes = items.map((item, at) =>
    h(
      "button",
      {
        type: "button",
        class: `option${item.danger ? " danger" : ""}`,
        role: item.checked === undefined ? "menuitem" : "menuitemradio",
        "aria-checked": item.checked === undefined ? null : String(item.checked),
        tabindex: at === 0 ? 0 : -1,
        "data-testid": item.testid,
        on: {
          click: () => {
            closePopup({ refocus: true });
            item.run();
          },
        },
      },
      item.lead,
      h("span", { class: "option-text" }, item.label, item.note ? h("small", {}, item.note) : null),
      item.checked ? icon("check") : null,
    ),
  );
  const panel = h("div", { class: "popup", role: "menu", "aria-label": label, on: { keydown: (event) => keys(event, nodes) } }, nodes);
  open(anchor, panel);
  (nodes.find((_, at) => items[at].checked) ?? nodes[0])?.focus();
  return true;
}

const FILTER_FROM = 9;

/**
 * groups: [{label, options: [{label, note, value}]}]; chosen: Set of values; multiple: stays open.
 * onPick(value) for each pick, onClose() once at the end.
 */
export function openListbox(anchor, { groups, chosen, multiple, label, onPick, onClose }) {
  if (current?.anchor === anchor) return closePopup({ refocus: true });
  const list = h("div", { role: "listbox", id: uid("list"), "aria-label": label, "aria-multiselectable": multiple ? "true" : null });
  const state = { list, groups, chosen, multiple, onPick };
  const count = groups.reduce((sum, group) => sum + group.options.length, 0);
  const filter = count >= FILTER_FROM ? filterBox(state, label) : null;
  drawOptions(state, "");
  const items = () => [...(filter ? [filter] : []), ...list.querySelectorAll("[role=option]")];
  const panel = h("div", { class: "popup", on: { keydown: (event) => keys(event, items()) } }, filter, list);
  open(anchor, panel, onClose);
  const first = list.querySelector("[aria-selected=true]") ?? list.querySelector("[role=option]");
  (filter ?? first)?.focus();
  return true;
}

function filterBox(state, label) {
  return h("input", {
    class: "popup-filter",
    type: "text",
    placeholder: "Filter",
    "aria-label": `Filter ${label}`,
    "aria-controls": state.list.id,
    on: {
      input: (event) => drawOptions(state, event.target.value),
      keydown: (event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        state.list.querySelector("[role=option]")?.click();
      },
    },
  });
}

function drawOptions(state, typed) {
  const wanted = typed.trim().toLowerCase();
  const groups = state.groups
    .map((group) => ({ ...group, options: group.options.filter((option) => option.label.toLowerCase().includes(wanted)) }))
    .filter((group) => group.options.length > 0);
  const nodes = groups.map((group) => optionGroup(state, group));
  refill(state.list, nodes.length > 0 ? nodes : h("p", { class: "popup-empty" }, "Nothing matches."));
}

function optionGroup(state, group) {
  const options = group.options.map((option) => optionNode(state, option));
  if (!group.label) return options;
  const id = uid("group");
  return h("div", { role: "group", "aria-labelledby": id }, h("div", { class: "popup-group", id }, group.label), options);
}

function optionNode(state, option) {
  const pick = () => {
    state.onPick(option.value);
    if (!state.multiple) return closePopup({ refocus: true });
    const on = state.chosen.has(option.value);
    node.setAttribute("aria-selected", String(on));
    return true;
  };
  const node = h(
    "div",
    {
      class: "option",
      role: "option",
      tabindex: -1,
      "aria-selected": String(state.chosen.has(option.value)),
      on: {
        click: pick,
        keydown: (event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          pick();
        },
      },
    },
    h("span", { class: "option-text" }, option.label, option.note ? h("small", {}, option.note) : null),
    icon("check", { class: "icon tick" }),
  );
  return node;
}
