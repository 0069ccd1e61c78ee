// data_visualization blocks: bar, line, area and pie as SVG, with the numbers as a hidden table.

import { h, svg } from "./dom.js";

const WIDTH = 560;
const HEIGHT = 220;
const BOX = { left: 52, right: WIDTH - 12, top: 22, bottom: HEIGHT - 28 };

export function chart(block) {
  const data = block.chart ?? {};
  const pie = data.type === "pie";
  const names = pie ? (data.segments ?? []).map((item) => item.label) : (data.series ?? []).map((item) => item.name);
  const drawing = pie ? pieDrawing(data, block.title) : axisDrawing(data, block.title);
  return h(
    "figure",
    { class: "chart" },
    h("figcaption", {}, block.title ?? "Chart"),
    drawing,
    names.length > 1 ? legend(names) : null,
    numbers(data, pie),
  );
}

function legend(names) {
  return h("ul", { class: "legend", "aria-hidden": "true" }, names.map((name, at) => h("li", { class: `series-${at % 6}` }, name)));
}

function numbers(data, pie) {
  const rows = pie
    ? (data.segments ?? []).map((item) => [item.label, item.value])
    : categories(data).map((label, at) => [label, ...(data.series ?? []).map((series) => series.data?.[at]?.value)]);
  const head = pie ? ["Part", "Value"] : ["", ...(data.series ?? []).map((series) => series.name)];
  return h(
    "table",
    { class: "sr-only" },
    h("tr", {}, head.map((cell) => h("th", {}, cell))),
    rows.map((row) => h("tr", {}, row.map((cell) => h("td", {}, String(cell ?? ""))))),
  );
}

function categories(data) {
  return data.axis_config?.categories ?? (data.series?.[0]?.data ?? []).map((point) => point.label);
}

/** The smallest of 1, 2, 2.5, 5 times a power of ten that cuts the range into at most five steps. */
function niceStep(range) {
  const power = 10 ** Math.floor(Math.log10(range / 4));
  return [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((step) => range / step <= 4.001);
}

function scaleOf(data) {
  const values = (data.series ?? []).flatMap((series) => (series.data ?? []).map((point) => Number(point.value) || 0));
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const step = niceStep(high - low || 1);
  const [first, last] = [Math.floor(low / step) * step, Math.ceil((high || step) / step) * step];
  const ticks = [];
  for (let value = first; value <= last + step / 2; value += step) ticks.push(value);
  const y = (value) => BOX.bottom - ((value - first) / (last - first)) * (BOX.bottom - BOX.top);
  return { ticks, y };
}

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 2 });

function axisDrawing(data, title) {
  const labels = categories(data);
  const { ticks, y } = scaleOf(data);
  const slot = (BOX.right - BOX.left) / Math.max(labels.length, 1);
  const x = (at) => BOX.left + slot * (at + 0.5);
  const draw = { bar: bars, area: areas }[data.type] ?? lines;
  return svg(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${data.axis_config?.x_label ? HEIGHT + 18 : HEIGHT}`, role: "img", "aria-label": `${data.type} chart: ${title ?? ""}` },
    ticks.map((value) => gridLine(value, y(value))),
    labels.map((label, at) => (at % Math.ceil(labels.length / 8) === 0 ? text(x(at), BOX.bottom + 16, label, "middle") : null)),
    draw({ series: data.series ?? [], x, y, slot }),
    data.axis_config?.x_label ? text((BOX.left + BOX.right) / 2, HEIGHT + 12, data.axis_config.x_label, "middle", "axis-name") : null,
    data.axis_config?.y_label ? text(BOX.left - 44, BOX.top - 12, data.axis_config.y_label, "start", "axis-name") : null,
  );
}

function gridLine(value, at) {
  return svg(
    "g",
    {},
    svg("line", { class: value === 0 ? "axis" : "gridline", x1: BOX.left, x2: BOX.right, y1: at, y2: at }),
    text(BOX.left - 6, at + 4, compact.format(value), "end"),
  );
}

function text(x, y, shown, anchor, className = "tick") {
  return svg("text", { x, y, class: className, "text-anchor": anchor }, String(shown));
}

function titled(node, name, point) {
  return append(node, svg("title", {}, `${name}, ${point.label}: ${point.value}`));
}

function append(node, child) {
  node.append(child);
  return node;
}

function bars({ series, x, y, slot }) {
  const width = Math.min((slot * 0.7) / Math.max(series.length, 1), 44);
  return series.map((one, index) =>
    (one.data ?? []).map((point, at) => {
      const top = y(Math.max(0, point.value));
      const bar = svg("rect", {
        class: `fill-${index % 6}`,
        x: x(at) + width * (index - series.length / 2),
        y: top,
        width: Math.max(width - 2, 1),
        height: Math.max(Math.abs(y(point.value) - y(0)), 1),
        rx: 2,
      });
      return titled(bar, one.name, point);
    }),
  );
}

function lines({ series, x, y }) {
  return series.map((one, index) => {
    const points = (one.data ?? []).map((point, at) => `${x(at)},${y(point.value)}`).join(" ");
    const dots = (one.data ?? []).map((point, at) =>
      titled(svg("circle", { class: `fill-${index % 6}`, cx: x(at), cy: y(point.value), r: 3.5 }), one.name, point),
    );
    return [svg("polyline", { class: `stroke-${index % 6}`, points }), dots];
  });
}

function areas(plot) {
  const { series, x, y } = plot;
  const shapes = series.map((one, index) => {
    const last = (one.data ?? []).length - 1;
    const points = (one.data ?? []).map((point, at) => `${x(at)},${y(point.value)}`);
    return svg("polygon", { class: `shade-${index % 6}`, points: [`${x(0)},${y(0)}`, ...points, `${x(last)},${y(0)}`].join(" ") });
  });
  return [shapes, lines(plot)];
}

function pieDrawing(data, title) {
  const segments = data.segments ?? [];
  const total = segments.reduce((sum, item) => sum + Number(item.value), 0) || 1;
  let from = 0;
  const slices = segments.map((item, at) => {
    const share = Number(item.value) / total;
    const node = slice(from, Math.min(from + share, from + 0.9999), `fill-${at % 6}`);
    from += share;
    node.append(svg("title", {}, `${item.label}: ${item.value} (${Math.round(share * 100)}%)`));
    return node;
  });
  return svg("svg", { class: "pie", viewBox: "0 0 200 200", role: "img", "aria-label": `pie chart: ${title ?? ""}` }, slices);
}

function slice(from, to, className) {
  const at = (share) => {
    const angle = share * 2 * Math.PI - Math.PI / 2;
    return `${100 + 88 * Math.cos(angle)} ${100 + 88 * Math.sin(angle)}`;
  };
  return svg("path", { class: className, d: `M100 100L${at(from)}A88 88 0 ${to - from > 0.5 ? 1 : 0} 1 ${at(to)}Z` });
}
