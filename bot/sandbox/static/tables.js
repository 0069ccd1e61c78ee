// The table and data_table blocks.

import { h, refill, uid } from "./dom.js";
import { icon } from "./icons.js";
import { richText } from "./richtext.js";

function cellNode(cell) {
  if (!cell) return "";
  if (cell.type === "rich_text") return richText(cell);
  return cell.text ?? String(cell.value ?? "");
}

function alignOf(setting, cells) {
  if (setting?.align) return setting.align;
  return cells.length > 0 && cells.every((cell) => cell?.type === "raw_number") ? "right" : "left";
}

/** How each column is set: what the block asks for, else numbers to the right. */
function columnClasses(rows, settings = []) {
  const body = rows.slice(1);
  return (rows[0] ?? []).map((_, column) => {
    const align = alignOf(settings?.[column], body.map((row) => row[column]));
    return `align-${align}${settings?.[column]?.is_wrapped ? " wrapped" : ""}`;
  });
}

export function table(block) {
  const rows = block.rows ?? [];
  const classes = columnClasses(rows, block.column_settings);
  const head = h("tr", {}, (rows[0] ?? []).map((cell, column) => h("th", { scope: "col", class: classes[column] }, cellNode(cell))));
  const body = rows.slice(1).map((row) => h("tr", {}, row.map((cell, column) => h("td", { class: classes[column] }, cellNode(cell)))));
  return scroller(h("table", { class: "grid" }, h("thead", {}, head), h("tbody", {}, body)), "Table");
}

/** A wide table scrolls by itself; a region with a tab stop is how a keyboard reaches it. */
function scroller(node, label) {
  return h("div", { class: "table-scroll", role: "region", tabindex: "0", "aria-label": label }, node);
}

export function dataTable(block) {
  const rows = block.rows ?? [];
  const view = {
    header: rows[0] ?? [],
    body: rows.slice(1),
    classes: columnClasses(rows, block.column_settings),
    rowHeader: block.row_header_column_index ?? 0,
    size: Math.min(Math.max(Number(block.page_size) || 5, 1), 100),
    page: 0,
    sort: null,
    caption: typeof block.caption === "string" ? block.caption : (block.caption?.text ?? ""),
    root: h("div", { class: "data-table" }),
  };
  draw(view);
  return view.root;
}

function draw(view) {
  const captionId = uid("caption");
  const shown = sorted(view).slice(view.page * view.size, (view.page + 1) * view.size);
  const grid = h(
    "table",
    { class: "grid", "aria-labelledby": captionId },
    h("thead", {}, h("tr", {}, view.header.map((cell, column) => headCell(view, cell, column)))),
    h("tbody", {}, shown.map((row) => h("tr", {}, row.map((cell, column) => bodyCell(view, cell, column))))),
  );
  refill(view.root, h("p", { class: "caption", id: captionId }, view.caption), scroller(grid, view.caption || "Table"), pager(view));
}

function bodyCell(view, cell, column) {
  const heads = column === view.rowHeader;
  return h(heads ? "th" : "td", { scope: heads ? "row" : null, class: view.classes[column] }, cellNode(cell));
}

function headCell(view, cell, column) {
  const state = view.sort?.column === column ? (view.sort.up ? "ascending" : "descending") : "none";
  const sortBy = () => {
    view.sort = { column, up: state !== "ascending" };
    view.page = 0;
    redraw(view, `thead th:nth-child(${column + 1}) button`);
  };
  const button = h("button", { type: "button", class: "sorter", on: { click: sortBy } }, cellNode(cell), icon("chevron"));
  return h("th", { scope: "col", class: view.classes[column], "aria-sort": state }, button);
}

function redraw(view, selector) {
  draw(view);
  view.root.querySelector(selector)?.focus();
}

function sorted(view) {
  if (!view.sort) return view.body;
  const { column, up } = view.sort;
  const key = (row) => (row[column]?.type === "raw_number" ? Number(row[column].value) : String(row[column]?.text ?? ""));
  const compare = (a, b) => (typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b)));
  return [...view.body].sort((a, b) => compare(key(a), key(b)) * (up ? 1 : -1));
}

function pager(view) {
  const pages = Math.ceil(view.body.length / view.size);
  if (pages < 2) return null;
  const turn = (step, name) =>
    h(
      "button",
      {
        type: "button",
        class: `icon-button turn-${name}`,
        "aria-label": step < 0 ? "Previous page" : "Next page",
        disabled: view.page + step < 0 || view.page + step >= pages,
        on: {
          click: () => {
            view.page += step;
            redraw(view, `.turn-${name}:not(:disabled), .pager button:not(:disabled)`);
          },
        },
      },
      icon(name),
    );
  const from = view.page * view.size + 1;
  const to = Math.min(from + view.size - 1, view.body.length);
  return h("div", { class: "pager" }, h("span", { "aria-live": "polite" }, `${from}–${to} of ${view.body.length}`), turn(-1, "left"), turn(1, "right"));
}
