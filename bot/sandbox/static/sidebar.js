// Where to go: the rail of workspaces, the channels, the app's Home.

import { avatar } from "./avatar.js";
import { h, refill, rove } from "./dom.js";
import { icon } from "./icons.js";
import * as store from "./store.js";

export function drawRail(root) {
  const buttons = store.store.workspaces.map((team) => {
    const here = team.id === store.store.workspaceId;
    const hash = `#/${team.id}/${lastPlace(team)}`;
    return h(
      "a",
      {
        class: "rail-item",
        href: hash,
        "data-testid": `workspace-${team.id}`,
        "data-key": `workspace-${team.id}`,
        "aria-current": here ? "true" : null,
        "aria-label": team.name,
        title: team.name,
      },
      avatar({ name: team.name, color: team.icon_color }, "avatar team"),
      h("span", { class: "rail-name" }, team.name),
    );
  });
  refill(root, buttons);
}

/** Where the person last was in that workspace, else its first channel. */
export function lastPlace(team) {
  const kept = store.recall(`place/${team.id}`);
  const known = kept === "home" || team.channels.some((item) => item.id === kept);
  return known ? kept : (homeChannel(team)?.id ?? "home");
}

/** A channel the bot posts to is a better start than an empty one. */
function homeChannel(team) {
  return team.channels.find((item) => item.bot_is_member) ?? team.channels[0];
}

export function drawSidebar(root) {
  const focused = root.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const team = store.workspace();
  const rooms = team.channels.filter((item) => !item.id.startsWith("D"));
  const direct = team.channels.filter((item) => item.id.startsWith("D"));
  refill(
    root,
    h("h1", { class: "team-name" }, team.name),
    section("Channels", rooms.map(channelItem)),
    direct.length > 0 ? section("Direct messages", direct.map(channelItem)) : null,
    section("Apps", [homeItem(team)]),
    accounts(),
  );
  tabStop(root);
  if (focused) root.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
}

function section(name, items) {
  return h("section", {}, h("h2", {}, name), h("ul", {}, items.map((item) => h("li", {}, item))));
}

function channelItem(room) {
  const unread = store.unread(room.id);
  const here = store.store.place?.kind === "channel" && store.store.place.id === room.id;
  const direct = room.id.startsWith("D");
  return h(
    "a",
    {
      class: `nav-item${unread ? " has-unread" : ""}`,
      href: store.placeHash({ kind: "channel", id: room.id }),
      "data-testid": `channel-${room.name}`,
      "data-key": room.id,
      "aria-current": here ? "page" : null,
      tabindex: -1,
    },
    direct ? avatar({ ...store.workspace().app, is_bot: true }, "avatar tiny") : icon(room.is_private ? "lock" : "hash"),
    h("span", { class: "nav-name" }, room.name),
    unread ? h("span", { class: "badge" }, String(Math.min(unread, 99)), h("span", { class: "sr-only" }, " new messages")) : null,
  );
}

function homeItem(team) {
  return h(
    "a",
    {
      class: "nav-item",
      href: store.placeHash({ kind: "home" }),
      "data-testid": "home",
      "data-key": "home",
      "aria-current": store.store.place?.kind === "home" ? "page" : null,
      tabindex: -1,
    },
    avatar({ ...team.app, is_bot: true }, "avatar tiny"),
    h("span", { class: "nav-name" }, team.app.name),
    h("span", { class: "nav-note" }, "Home"),
  );
}

/** What the stand-in Meta holds, so that a viewer knows which accounts Spruce can find. */
function accounts() {
  const list = store.store.accounts;
  if (list.length === 0) return null;
  return h(
    "section",
    { class: "accounts" },
    h("h2", {}, "Sample ad accounts"),
    h("ul", {}, list.map((item) => h("li", { class: "account", title: item.id }, h("span", { class: "nav-name" }, item.name), h("span", { class: "nav-note" }, item.currency)))),
  );
}

function items(root) {
  return [...root.querySelectorAll(".nav-item")];
}

/** One tab stop for the whole list; arrows move inside it. */
function tabStop(root) {
  const list = items(root);
  const stop = list.find((item) => item.getAttribute("aria-current")) ?? list[0];
  if (stop) stop.tabIndex = 0;
}

export function sidebarKeys(event) {
  if (event.target.classList.contains("nav-item")) rove(event, items(event.currentTarget));
}
