// Start, the address, the stream of changes, and the keys that work everywhere.

import { get, listen } from "./api.js";
import { openDialog } from "./dialog.js";
import { h, refill } from "./dom.js";
import { Home } from "./home.js";
import { plainString } from "./mrkdwn.js";
import { refreshAges } from "./message.js";
import { modalOpen, syncModals } from "./modal.js";
import { closePopup } from "./popup.js";
import { Room } from "./room.js";
import { drawRail, drawSidebar, lastPlace, sidebarKeys } from "./sidebar.js";
import * as store from "./store.js";
import { Thread } from "./thread.js";
import { dayKey, now, setClock } from "./time.js";
import { announce, toast } from "./toast.js";
import { drawConnection, drawMenu, drawPerson, drawTopbar, focusMenu, refreshClock, showClock } from "./topbar.js";

const at = (id) => document.getElementById(id);
const view = { main: null, thread: null, stream: "", turn: 0 };

async function start() {
  const state = await get("state");
  if (!state.workspaces) return cannotStart(state.message);
  keep(state);
  setClock(state.clock);
  view.thread = new Thread(at("thread"), { onClose: closeThread });
  store.store.workspaceId = readHash().workspaceId;
  await refreshState();
  drawTopbar(at("topbar"), { onPerson: changePerson, onMenu: () => showMenu(!menuShown()), onHelp: help });
  if (state.clock.busy) showClock({ clock: state.clock, busy: true });
  at("sidebar").addEventListener("keydown", sidebarKeys);
  for (const id of ["sidebar", "rail"]) at(id).addEventListener("click", (event) => event.target.closest("a") && showMenu(false));
  window.addEventListener("hashchange", route);
  document.addEventListener("keydown", keys);
  document.querySelector(".skip-link").addEventListener("click", skip);
  await route();
  return undefined;
}

/** The address is the page's own language, so the link must not change it. */
function skip(event) {
  event.preventDefault();
  const newest = view.main.list?.nodes.get(view.main.list.messages.at(-1)?.ts);
  (newest ?? at("main")).focus();
}

function cannotStart(message) {
  const retry = h("button", { type: "button", class: "btn primary", on: { click: start } }, "Try again");
  refill(at("main"), h("div", { class: "empty", role: "alert" }, h("p", {}, message), retry));
}

function keep({ workspaces, commands, accounts }) {
  Object.assign(store.store, { workspaces, commands: commands ?? [], accounts: accounts ?? [] });
}

/** Which channels there are, and what is unread in them, depends on who looks. */
async function refreshState() {
  const state = await get("state");
  if (!state.workspaces) return;
  keep(state);
  store.store.unread.clear();
  for (const room of store.workspace().channels) setUnread(room.id, isShown(room.id) ? 0 : (room.unread ?? 0));
}

function setUnread(channelId, count) {
  store.store.unread.set(`${store.store.workspaceId}/${channelId}`, count);
}

function isShown(channelId) {
  return store.store.place?.kind === "channel" && store.store.place.id === channelId;
}

/** #/T1/C1, #/T1/home or #/T1/C1/<ts of a thread>; anything unknown leads to the first channel. */
function readHash() {
  const [, workspaceId, place, threadTs] = window.location.hash.split("/");
  const team = store.store.workspaces.find((item) => item.id === workspaceId) ?? store.store.workspaces[0];
  const known = place === "home" || team.channels.some((item) => item.id === place);
  const id = known ? place : lastPlace(team);
  return { workspaceId: team.id, place: id === "home" ? { kind: "home" } : { kind: "channel", id }, threadTs: known ? threadTs || null : null };
}

async function route() {
  const { workspaceId } = readHash();
  closePopup();
  view.turn += 1;
  const { turn } = view;
  const sameWorkspace = store.store.workspaceId === workspaceId;
  if (!sameWorkspace) {
    Object.assign(store.store, { workspaceId, place: null });
    await refreshState();
    if (turn !== view.turn) return;
  }
  const { place, threadTs } = readHash();
  const samePlace = sameWorkspace && view.main && JSON.stringify(store.store.place) === JSON.stringify(place);
  Object.assign(store.store, { workspaceId, place, threadTs });
  store.remember(`place/${workspaceId}`, place.id ?? "home");
  const hash = store.placeHash(place, threadTs);
  if (window.location.hash !== hash) window.history.replaceState(null, "", hash);
  connect();
  if (!sameWorkspace) drawPerson();
  const drawing = samePlace ? null : drawPlace(place);
  drawNavigation();
  await Promise.all([drawing, drawThread(place, threadTs)]);
}

/** The stream belongs to one workspace and person; a change of either opens another. */
function connect() {
  const key = JSON.stringify(store.who());
  if (view.stream === key) return;
  view.stream = key;
  drawConnection("waiting");
  listen();
  syncModals();
}

async function drawPlace(place) {
  view.main?.list?.observer.disconnect();
  const home = place.kind === "home";
  view.main = home ? new Home() : new Room(place.id, { onThread: openThread });
  refill(at("main"), view.main.root);
  if (home) return view.main.open();
  setUnread(place.id, 0);
  if (window.matchMedia("(hover: hover)").matches && !menuShown()) view.main.composer.focus();
  return view.main.refresh();
}

function drawNavigation() {
  drawRail(at("rail"));
  drawSidebar(at("sidebar"));
  const place = store.store.place.kind === "home" ? store.workspace().app.name : `#${store.channel().name}`;
  const unread = [...store.store.unread.values()].reduce((sum, count) => sum + count, 0);
  document.title = `${unread ? `(${unread}) ` : ""}${place} · ${store.workspace().name} · Spruce sandbox`;
}

async function drawThread(place, threadTs) {
  const open = view.thread.ts === threadTs && view.thread.channelId === place.id;
  if (!threadTs || place.kind === "home") view.thread.close();
  else if (!open) await view.thread.open(place.id, threadTs);
}

function openThread(ts) {
  window.location.hash = store.placeHash(store.store.place, ts);
}

function closeThread() {
  const { ts } = view.thread;
  window.location.hash = store.placeHash();
  const root = view.main.list?.nodes.get(ts);
  root?.focus();
}

async function changePerson() {
  store.store.hidden.clear();
  await refreshState();
  // A private channel may be none of this person's; then `route` finds another place.
  const stays = store.store.place.kind === "channel" && store.channel();
  await route();
  if (stays) await Promise.all([view.main.refresh(), view.thread.ts && view.thread.refresh()]);
  else if (store.store.place.kind === "home") await drawPlace(store.store.place);
}

// Changes from the stream.

function arrived({ message }) {
  if (!message) return;
  const reply = message.thread_ts && message.thread_ts !== message.ts;
  if (view.thread.shows(message)) view.thread.list?.upsert(message);
  if (!reply) showInRoom(message);
  else refreshRoot(message);
  if (message.user?.id !== store.viewer()?.id) speak(message);
}

async function showInRoom(message) {
  if (isShown(message.channel)) {
    view.main.list.upsert(message);
    return;
  }
  // The first direct message makes a channel that was not there before.
  if (!store.channel(message.channel)) await refreshState();
  else if (message.user?.id !== store.viewer()?.id) setUnread(message.channel, store.unread(message.channel) + 1);
  drawNavigation();
}

async function refreshRoot(reply) {
  if (!isShown(reply.channel)) return;
  const answer = await get("thread", { channel: reply.channel, ts: reply.thread_ts });
  const root = answer.messages?.[0];
  if (root && view.main.list?.nodes.has(root.ts)) view.main.list.upsert(root);
}

function speak(message) {
  const room = store.channel(message.channel);
  const words = plainString(message.text ?? "").slice(0, 200);
  announce(`${message.user?.name ?? "Someone"} in ${room?.name ?? "a channel"}: ${words}`);
}

function changed({ message }) {
  if (!message) return;
  if (view.thread.shows(message)) view.thread.list.upsert(message);
  if (isShown(message.channel) && view.main.list.nodes.has(message.ts)) view.main.list.upsert(message);
}

function deleted({ ts, channel }) {
  if (view.thread.channelId === channel) view.thread.list?.remove(ts);
  if (isShown(channel)) view.main.list.remove(ts);
}

/** Nothing is replayed after a gap, so everything in sight is read again. */
function refreshAll() {
  view.main.refresh();
  if (view.thread.ts) view.thread.refresh();
  syncModals();
  refreshClock();
}

/** What was "Today" and "just now" may be so no more. */
function clockMoved(change) {
  const before = dayKey(now());
  showClock(change);
  refreshAges();
  if (dayKey(now()) !== before) for (const list of [view.main?.list, view.thread.list]) list?.draw();
}

store.on("message", arrived);
store.on("ephemeral", arrived);
store.on("message_changed", changed);
store.on("message_deleted", deleted);
store.on("home", () => store.store.place.kind === "home" && view.main.refresh());
store.on("view", syncModals);
store.on("view_closed", syncModals);
store.on("clock", clockMoved);
store.on("notice", ({ level, text }) => toast(text, level));
store.on("connection", drawConnection);
store.on("reconnected", refreshAll);

// Keys.

function keys(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || modalOpen() || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") return escape();
  if (event.altKey && ["ArrowUp", "ArrowDown"].includes(event.key)) {
    event.preventDefault();
    return step(event.key === "ArrowDown" ? 1 : -1);
  }
  if (event.target.matches("input, textarea, select") || event.altKey) return undefined;
  if (event.key === "/") {
    event.preventDefault();
    focusComposer();
  }
  if (event.key === "?") help();
  return undefined;
}

function focusComposer() {
  if (store.store.place.kind === "home") window.location.hash = `#/${store.store.workspaceId}/${store.workspace().channels[0]?.id ?? "home"}`;
  else view.main.composer.focus();
}

function escape() {
  if (closePopup({ refocus: true })) return;
  if (menuShown()) {
    showMenu(false);
    focusMenu();
  } else if (view.thread.ts) {
    closeThread();
  }
}

function step(by) {
  const links = [...at("sidebar").querySelectorAll(".nav-item")];
  const here = links.findIndex((item) => item.getAttribute("aria-current"));
  window.location.hash = links[(here + by + links.length) % links.length].getAttribute("href");
}

// The drawer of a narrow window.

function menuShown() {
  return document.body.classList.contains("menu-open");
}

function showMenu(open) {
  document.body.classList.toggle("menu-open", open);
  drawMenu(open);
  if (open) at("sidebar").querySelector("[tabindex='0']")?.focus();
}

at("main").addEventListener("pointerdown", () => menuShown() && showMenu(false));

const KEYS = [
  ["/", "Write a message or a command"],
  ["Enter", "Send; Shift + Enter starts a new line"],
  ["↑ ↓", "Move in suggestions, menus, channels and messages"],
  ["Tab", "Complete a suggestion"],
  ["T", "Open the thread of the message in focus"],
  ["Alt + ↑ ↓", "Previous or next channel"],
  ["Esc", "Close a menu, dialog or thread"],
  ["?", "This list"],
];

function help() {
  const rows = KEYS.map(([key, what]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, what)]);
  const dialog = openDialog({
    title: "Keyboard shortcuts",
    body: h("dl", { class: "keys" }, rows),
    footer: h("button", { type: "button", class: "btn", on: { click: () => dialog.close() } }, "Close"),
    testid: "shortcuts",
    className: "brief",
    onCancel: () => dialog.close(),
  });
}

start();
