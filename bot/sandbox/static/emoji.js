// Emoji shortcodes. The ones that carry meaning in alerts are drawn here, so that they look the
// same on a machine without an emoji font; the others are characters.

import { h, svg } from "./dom.js";

const RED = "#d6354a";
const AMBER = "#e0a100";
const GREEN = "#2a9d62";
const BLUE = "#3b82c4";
const GREY = "#8a938f";
const WHITE = "#ffffff";

const disc = (fill) => ["circle", { cx: 10, cy: 10, r: 7.5, fill }];
const square = (fill) => ["rect", { x: 2.5, y: 2.5, width: 15, height: 15, rx: 3.5, fill }];
const line = (d, stroke = WHITE, width = 2) => [
  "path",
  { d, fill: "none", stroke, "stroke-width": width, "stroke-linecap": "round", "stroke-linejoin": "round" },
];
const shape = (d, fill) => ["path", { d, fill }];

const DRAWN = {
  white_check_mark: [square(GREEN), line("M6 10.3 9 13.2 14.2 7")],
  heavy_check_mark: [line("M4 10.5 8.3 15 16 5.5", GREEN, 2.8)],
  x: [line("M5 5l10 10M15 5 5 15", RED, 2.8)],
  warning: [
    ["path", { d: "M10 2.8 18 17H2z", fill: AMBER, stroke: AMBER, "stroke-width": 1.5, "stroke-linejoin": "round" }],
    line("M10 8v4", "#2a2200"),
    line("M10 14.7h.01", "#2a2200"),
  ],
  rotating_light: [
    shape("M5 15V10.5a5 5 0 0 1 10 0V15z", RED),
    shape("M3.5 15h13v2.5h-13z", GREY),
    line("M10 1.5v2M3.5 4.5 5 6M16.5 4.5 15 6", RED, 1.6),
  ],
  bell: [
    shape("M10 2.5a5 5 0 0 0-5 5v3.7L3.5 14.5h13L15 11.2V7.5a5 5 0 0 0-5-5z", AMBER),
    shape("M8 15.5a2 2 0 0 0 4 0z", AMBER),
  ],
  no_bell: [
    shape("M10 2.5a5 5 0 0 0-5 5v3.7L3.5 14.5h13L15 11.2V7.5a5 5 0 0 0-5-5z", GREY),
    shape("M8 15.5a2 2 0 0 0 4 0z", GREY),
    line("M3.5 3.5l13 13", RED, 2),
  ],
  zzz: [line("M3.5 10.5h6L3.5 17h6M11.5 3h5l-5 5.5h5", BLUE, 2)],
  chart_with_upwards_trend: [line("M3 3v14h14", GREY, 1.6), line("M5.5 13 9 9l2.5 2.3L16.5 5", RED, 2)],
  chart_with_downwards_trend: [line("M3 3v14h14", GREY, 1.6), line("M5.5 5.5 9 9.5l2.5-2 5 6", BLUE, 2)],
  bar_chart: [shape("M3 10h3.5v7H3z", BLUE), shape("M8.2 5h3.5v12H8.2z", GREEN), shape("M13.5 8H17v9h-3.5z", AMBER)],
  mag: [["circle", { cx: 8.5, cy: 8.5, r: 5, fill: "none", stroke: BLUE, "stroke-width": 2 }], line("M12.3 12.3 17 17", GREY, 2.6)],
  red_circle: [disc(RED)],
  large_red_circle: [disc(RED)],
  large_yellow_circle: [disc(AMBER)],
  large_orange_circle: [disc("#e0762a")],
  large_green_circle: [disc(GREEN)],
  large_blue_circle: [disc(BLUE)],
  white_circle: [["circle", { cx: 10, cy: 10, r: 7, fill: "none", stroke: GREY, "stroke-width": 1.6 }]],
  double_vertical_bar: [square(BLUE), line("M7.7 6.5v7M12.3 6.5v7", WHITE, 2.2)],
  pause_button: [square(BLUE), line("M7.7 6.5v7M12.3 6.5v7", WHITE, 2.2)],
  arrow_forward: [square(BLUE), shape("M7.5 6 14 10l-6.5 4z", WHITE)],
  no_entry: [disc(RED), line("M6 10h8", WHITE, 2.6)],
  no_entry_sign: [["circle", { cx: 10, cy: 10, r: 6.5, fill: "none", stroke: RED, "stroke-width": 2.2 }], line("M5.5 5.5l9 9", RED, 2.2)],
  information_source: [square(BLUE), line("M10 9.2v4.5M10 6.2h.01")],
  hourglass_flowing_sand: [line("M5 3h10M5 17h10M6 3c0 4 8 4 8 7s-8 3-8 7M14 3c0 4-8 4-8 7s8 3 8 7", AMBER, 1.5)],
  arrow_up: [square(BLUE), line("M10 14V6M6.5 9.3 10 6l3.5 3.3")],
  arrow_down: [square(BLUE), line("M10 6v8M6.5 10.7 10 14l3.5-3.3")],
};

const CHARACTERS = {
  eyes: "👀", tada: "🎉", bulb: "💡", moneybag: "💰", link: "🔗", wave: "👋", thumbsup: "👍", "+1": "👍",
  thumbsdown: "👎", "-1": "👎", fire: "🔥", rocket: "🚀", gear: "⚙️", wrench: "🔧", lock: "🔒", key: "🔑",
  calendar: "📅", date: "📅", clock3: "🕒", stopwatch: "⏱️", memo: "📝", clipboard: "📋", pushpin: "📌",
  speech_balloon: "💬", question: "❓", exclamation: "❗", sos: "🆘", broken_heart: "💔", evergreen_tree: "🌲",
  seedling: "🌱", sleeping: "😴", raised_hands: "🙌", point_right: "👉", arrow_right: "➡️", heavy_plus_sign: "➕",
  repeat: "🔁", recycle: "♻️", package: "📦", shopping_trolley: "🛒", art: "🎨", frame_with_picture: "🖼️",
  loudspeaker: "📢", mega: "📣", electric_plug: "🔌", satellite: "🛰️", money_with_wings: "💸", robot_face: "🤖",
};

DRAWN.hourglass = DRAWN.hourglass_flowing_sand;

/** The emoji as a node, or null when the shortcode is not known (Slack then shows the text). */
export function emoji(name) {
  const props = { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " "), title: `:${name}:` };
  if (Object.hasOwn(DRAWN, name)) {
    return svg("svg", { ...props, viewBox: "0 0 20 20" }, DRAWN[name].map(([tag, attrs]) => svg(tag, attrs)));
  }
  return Object.hasOwn(CHARACTERS, name) ? h("span", props, CHARACTERS[name]) : null;
}
