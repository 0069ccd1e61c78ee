// What the page knows: the server's state, the place being looked at, and who is looking.

export const store = {
  workspaces: [],
  commands: [],
  accounts: [],
  workspaceId: null,
  place: null, // {kind: "channel", id} or {kind: "home"}
  threadTs: null,
  unread: new Map(), // "T1/C1" -> number of messages not looked at
  hidden: new Set(), // ephemeral messages the viewer dismissed
};

const listeners = new Map();

export function on(topic, listener) {
  listeners.set(topic, [...(listeners.get(topic) ?? []), listener]);
}

export function emit(topic, detail) {
  for (const listener of listeners.get(topic) ?? []) listener(detail);
}

export function workspace(id = store.workspaceId) {
  return store.workspaces.find((item) => item.id === id) ?? store.workspaces[0];
}

export function channel(id = store.place?.id) {
  return workspace()?.channels.find((item) => item.id === id);
}

export function user(id) {
  const team = workspace();
  const person = team?.users.find((item) => item.id === id);
  if (person) return person;
  return id && id === team?.app.bot_user_id ? { ...team.app, id, is_bot: true } : undefined;
}

export function unread(channelId) {
  return store.unread.get(`${store.workspaceId}/${channelId}`) ?? 0;
}

/** The person the viewer plays; kept per tab, so that two tabs can be two people. */
export function viewer() {
  const team = workspace();
  const kept = recall(`viewer/${team?.id}`);
  return team?.users.find((item) => item.id === kept) ?? team?.users[0];
}

export function playAs(id) {
  remember(`viewer/${store.workspaceId}`, id);
}

/** The two ids every call to the server carries. */
export function who() {
  return { workspace: store.workspaceId, user: viewer()?.id };
}

export function placeHash(place = store.place, threadTs = null) {
  const last = place?.kind === "home" ? "home" : place?.id;
  return `#/${store.workspaceId}/${last}${threadTs ? `/${threadTs}` : ""}`;
}

/** Storage may be switched off in the browser; the page works without it. */
export function recall(key, area = "sessionStorage") {
  try {
    return window[area].getItem(`spruce/${key}`);
  } catch {
    return null;
  }
}

export function remember(key, value, area = "sessionStorage") {
  try {
    window[area].setItem(`spruce/${key}`, value);
  } catch {
    // Nothing to do: the choice then lasts as long as the page.
  }
}
