// Building DOM nodes. Nothing in this page ever assigns markup from data: text becomes text nodes.

const SVG = "http://www.w3.org/2000/svg";
const SAFE_SCHEMES = new Set(["http:", "https:", "mailto:", "tel:"]);

/** h("button", {class: "b", on: {click: f}, prop: {value: "x"}, "aria-label": "y"}, child, ...) */
export function h(tag, props, ...children) {
  return fill(document.createElement(tag), props, children);
}

export function svg(tag, props, ...children) {
  return fill(document.createElementNS(SVG, tag), props, children);
}

function fill(node, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) apply(node, name, value);
  append(node, children);
  return node;
}

function apply(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "on") {
    for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
  } else if (name === "prop") {
    Object.assign(node, value);
  } else if (name === "style") {
    for (const [key, item] of Object.entries(value)) node.style.setProperty(key, item);
  } else {
    node.setAttribute(name, value === true ? "" : String(value));
  }
}

export function append(node, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    node.append(child);
  }
  return node;
}

export function refill(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

export function fragment(...children) {
  return append(document.createDocumentFragment(), children);
}

/** The URL if a browser may follow it, else null: `javascript:` and friends come from ads, too. */
export function safeUrl(url) {
  try {
    const parsed = new URL(String(url), window.location.origin);
    return SAFE_SCHEMES.has(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

export function link(url, children, props = {}) {
  const href = safeUrl(url);
  if (!href) return h("span", { class: "dead-link", title: "This address is not allowed" }, children);
  // A link to a message stays in this tab, which knows the person one plays.
  const elsewhere = href.startsWith(`${window.location.origin}/`) ? {} : { target: "_blank", rel: "noopener noreferrer" };
  return h("a", { href, ...elsewhere, ...props }, children);
}

/** A colour that is surely a colour, else the fallback; Slack sends six digits with or without #. */
export function safeColor(value, fallback) {
  const named = { good: "var(--good)", warning: "var(--warning)", danger: "var(--danger)" };
  if (named[value]) return named[value];
  const match = /^#?([0-9a-f]{6}|[0-9a-f]{3})$/i.exec(String(value ?? ""));
  return match ? `#${match[1]}` : fallback;
}

let counter = 0;
export function uid(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}

export function focusables(root) {
  const query = "a[href], button, input, select, textarea, [tabindex]";
  return [...root.querySelectorAll(query)].filter(
    (node) => node.tabIndex >= 0 && !node.disabled && node.getClientRects().length > 0,
  );
}

/** Arrow keys, Home and End inside a vertical list where one item is in the tab order. */
export function rove(event, items, { horizontal = false } = {}) {
  const keys = horizontal ? ["ArrowLeft", "ArrowRight"] : ["ArrowUp", "ArrowDown"];
  const at = items.indexOf(document.activeElement);
  const target = { [keys[0]]: at - 1, [keys[1]]: at + 1, Home: 0, End: items.length - 1 }[event.key];
  if (target === undefined || items.length === 0) return false;
  const next = items[(target + items.length) % items.length];
  for (const item of items) item.tabIndex = item === next ? 0 : -1;
  next.focus();
  event.preventDefault();
  return true;
}

/** Swap a node for its newer self; a control with the same data-key keeps the focus and the caret. */
export function swap(old, fresh) {
  const active = old.contains(document.activeElement) ? document.activeElement : null;
  const key = active?.dataset.key;
  const caret = key && "selectionStart" in active ? active.selectionStart : null;
  old.replaceWith(fresh);
  if (!active) return;
  const same = [...fresh.querySelectorAll("[data-key]")].find((node) => node.dataset.key === key);
  const target = same ?? (fresh.hasAttribute("tabindex") ? fresh : fresh.querySelector("[tabindex], button, a"));
  target?.focus({ preventScroll: true });
  if (same && caret !== null) same.setSelectionRange?.(caret, caret);
}
