// The server's JSON API and its stream of changes.

import { emit, who } from "./store.js";

const LOST = "The sandbox does not answer. Is it still running in the terminal?";

/** Always an object: failures come back as {ok: false, error, message}, never as an exception. */
async function call(path, options) {
  try {
    const response = await fetch(path, { headers: { Accept: "application/json" }, ...options });
    const body = await response.json().catch(() => null);
    if (response.ok && body) return body;
    return { ok: false, error: `http_${response.status}`, message: `The sandbox answered ${response.status}.`, ...body };
  } catch {
    return { ok: false, error: "unreachable", message: LOST };
  }
}

export function get(path, params = {}) {
  const known = Object.entries({ ...who(), ...params }).filter(([, value]) => value !== null && value !== undefined);
  return call(`/api/${path}?${new URLSearchParams(known)}`);
}

export function post(path, body = {}) {
  return call(`/api/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({ ...who(), ...body }),
  });
}

let source = null;

/** One stream per tab: browsers allow six connections to a host, and tabs share them. */
export function listen() {
  source?.close();
  source = new EventSource(`/api/stream?${new URLSearchParams(who())}`);
  const own = source;
  let lost = false;
  own.addEventListener("open", () => {
    emit("connection", "live");
    if (lost) emit("reconnected");
    lost = false;
  });
  own.addEventListener("error", () => {
    lost = true;
    emit("connection", "lost");
    // A browser gives up for good after some failures (a refused connection, a 5xx).
    if (own.readyState === EventSource.CLOSED) setTimeout(() => own === source && revive(), 2000);
  });
  own.addEventListener("change", (event) => {
    const change = JSON.parse(event.data);
    emit(change.kind, change);
  });
}

function revive() {
  listen();
  source.addEventListener("open", () => emit("reconnected"), { once: true });
}

window.addEventListener("pagehide", () => source?.close());
