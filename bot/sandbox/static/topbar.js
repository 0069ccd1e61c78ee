// The sandbox's own controls, apart from the product: its clock, who is acting, the connection.

import { get, post } from "./api.js";
import { avatar } from "./avatar.js";
import { setBusy } from "./actions.js";
import { h, refill } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./popup.js";
import * as store from "./store.js";
import { clockLabel, setClock } from "./time.js";
import { announce, toast } from "./toast.js";

const STEPS = [
  { minutes: 15, label: "+15 min", say: "15 minutes" },
  { minutes: 60, label: "+1 hour", say: "1 hour" },
  { minutes: 1440, label: "+1 day", say: "1 day" },
];
const TICK_MS = 5000;

const parts = {};

/** {onPerson(), onMenu(), onHelp()} */
export function drawTopbar(root, { onPerson, onMenu, onHelp }) {
  const menu = iconButton("menu", "Channels", onMenu, { class: "icon-button menu-button", "aria-expanded": "false", "aria-controls": "sidebar" });
  parts.menu = menu;
  parts.connection = h("span", { class: "connection", role: "status", "data-testid": "connection" });
  parts.theme = iconButton("moon", "Dark theme", toggleTheme, { class: "icon-button", "data-testid": "theme-toggle" });
  parts.person = h("button", {
    type: "button",
    class: "person-switch",
    "aria-haspopup": "menu",
    "aria-expanded": "false",
    "data-testid": "person-switch",
    on: { click: () => openMenu(parts.person, people(onPerson), "Act as") },
  });
  refill(
    root,
    menu,
    h("span", { class: "brand" }, "Sandbox"),
    clockPanel(),
    h("span", { class: "spacer" }),
    parts.connection,
    iconButton("keyboard", "Keyboard shortcuts", onHelp, { class: "icon-button help-button" }),
    parts.theme,
    parts.person,
  );
  drawPerson();
  drawTheme();
  drawConnection("waiting");
  setInterval(drawClock, TICK_MS);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawTheme);
}

function iconButton(name, label, run, props = {}) {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, ...props, on: { click: run } }, icon(name));
}

function clockPanel() {
  parts.label = h("span", { class: "clock-label", "data-testid": "clock-label" }, clockLabel());
  parts.steps = STEPS.map((step) =>
    h(
      "button",
      {
        type: "button",
        class: "clock-step",
        "data-testid": `clock-${step.minutes}`,
        title: `Move the sandbox's clock on by ${step.say} and run what falls due`,
        on: { click: () => advance(step.minutes) },
      },
      step.label,
    ),
  );
  parts.bar = h("progress", { class: "clock-progress", "aria-label": "Moving the clock", hidden: true });
  parts.note = h("span", { class: "clock-note", hidden: true });
  return h("div", { class: "clock", role: "group", "aria-label": "Sandbox clock" }, icon("clock"), parts.label, parts.steps, parts.bar, parts.note);
}

async function advance(minutes) {
  if (parts.steps[0].getAttribute("aria-disabled") === "true") return;
  showClock({ busy: true });
  const answer = await post("clock", { minutes });
  if (answer.ok === false) {
    showClock({ busy: false });
    toast(answer.message || "The clock could not be moved.", "error");
  }
}

/** A "clock" change from the stream: {clock, busy, done, total}. */
export function showClock({ clock, busy, done, total }) {
  if (clock) setClock(clock);
  drawClock();
  const was = parts.steps[0].getAttribute("aria-disabled") === "true";
  for (const step of parts.steps) setBusy(step, Boolean(busy));
  parts.bar.hidden = !busy;
  parts.note.hidden = !busy;
  if (total) Object.assign(parts.bar, { max: total, value: done ?? 0 });
  else parts.bar.removeAttribute("value");
  refill(parts.note, total ? `${done ?? 0} of ${total}` : "Running");
  if (was && !busy) announce(`The clock now says ${clockLabel()}`);
}

function drawClock() {
  const label = clockLabel();
  if (parts.label.textContent !== label) parts.label.textContent = label;
}

/** After the stream was lost, its last "clock" change may have been missed. */
export async function refreshClock() {
  const state = await get("state");
  if (state.clock) showClock({ clock: state.clock, busy: state.clock.busy ?? false });
}

function people(onPerson) {
  return store.workspace().users.map((person) => ({
    label: person.name,
    note: person.title,
    lead: avatar(person, "avatar small"),
    checked: person.id === store.viewer()?.id,
    testid: `person-${person.id}`,
    run: () => {
      store.playAs(person.id);
      drawPerson();
      onPerson();
      announce(`You are now acting as ${person.name}`);
    },
  }));
}

export function drawPerson() {
  const person = store.viewer();
  refill(
    parts.person,
    avatar(person, "avatar small"),
    h("span", { class: "person-lead" }, "acting as "),
    h("strong", {}, person?.name ?? "nobody"),
    icon("chevron"),
  );
}

const CONNECTION = {
  live: ["Live", "New messages appear by themselves."],
  waiting: ["Connecting", "Waiting for the sandbox."],
  lost: ["Reconnecting", "The sandbox does not answer; the page tries again."],
};

export function drawConnection(state) {
  const [label, title] = CONNECTION[state];
  parts.connection.className = `connection ${state}`;
  parts.connection.title = title;
  refill(parts.connection, h("span", { class: "dot", "aria-hidden": "true" }), h("span", { class: "connection-label" }, label));
}

export function drawMenu(open) {
  parts.menu.setAttribute("aria-expanded", String(open));
}

export function focusMenu() {
  parts.menu.focus();
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : window.matchMedia("(prefers-color-scheme: dark)").matches;
}

function toggleTheme() {
  const theme = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  store.remember("theme", theme, "localStorage");
  drawTheme();
}

function drawTheme() {
  const label = isDark() ? "Light theme" : "Dark theme";
  parts.theme.setAttribute("aria-label", label);
  parts.theme.title = label;
  refill(parts.theme, icon(isDark() ? "sun" : "moon"));
}
