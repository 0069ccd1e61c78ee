// Line icons, 20 by 20, drawn for this page. They inherit the text colour and are hidden from
// screen readers: the control that holds one carries the words.

import { svg } from "./dom.js";

const PATHS = {
  hash: "M7.5 3 6 17M14 3l-1.5 14M3.5 7.5h13.5M3 12.5h13.5",
  lock: "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  home: "M3 9.5 10 3.5l7 6M5 8.5V16.5h10V8.5M8.5 16.5V12h3v4.5",
  chevron: "M5.5 8l4.5 4.5L14.5 8",
  left: "M12 5l-5 5 5 5",
  right: "M8 5l5 5-5 5",
  close: "M5 5l10 10M15 5 5 15",
  more: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  send: "M3.5 10 16.5 4l-4 13-3-5.5zM9.5 11.5l7-7.5",
  clock: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M10 6v4.2l2.8 1.8",
  sun: "M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M10 2v1.5M10 16.5V18M2 10h1.5M16.5 10H18M4.3 4.3l1.1 1.1M14.6 14.6l1.1 1.1M4.3 15.7l1.1-1.1M14.6 5.4l1.1-1.1",
  moon: "M16 12.3A6.5 6.5 0 0 1 7.7 4 6.5 6.5 0 1 0 16 12.3z",
  reply: "M4 4.5h12v8.5H9l-3.5 3.5V13H4z",
  eye: "M2.5 10S5.5 5 10 5s7.5 5 7.5 5-3 5-7.5 5-7.5-5-7.5-5zM10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4",
  external: "M8 5H4.5v10.5H15V12M11 4h5v5M16 4l-7 7",
  menu: "M3 5.5h14M3 10h14M3 14.5h14",
  check: "M4.5 10.5 8.5 14.5 15.5 6",
  alert: "M10 3.5 17.5 16.5h-15zM10 8.5v3.5M10 14.3h.01",
  down: "M10 4v11M5.5 10.5 10 15l4.5-4.5",
  keyboard: "M2.5 5h15v10h-15zM5.5 8h.01M8.5 8h.01M11.5 8h.01M14.5 8h.01M7 12h6",
  info: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M10 9v4.5M10 6.5h.01",
  slash: "M13 3.5 7 16.5",
  calendar: "M3.5 5h13v11.5h-13zM3.5 8.5h13M7 3v3M13 3v3",
};

export function icon(name, props = {}) {
  return svg(
    "svg",
    { class: "icon", viewBox: "0 0 20 20", "aria-hidden": "true", focusable: "false", ...props },
    svg("path", { d: PATHS[name] ?? PATHS.info }),
  );
}
