// Block Kit: one function per block type, and a quiet placeholder for the types not drawn here.

import { contextFor } from "./actions.js";
import { chart } from "./chart.js";
import { fragment, h, link, safeColor, uid } from "./dom.js";
import { elementNode, imageUrl } from "./elements.js";
import { markdown } from "./markdown.js";
import { mrkdwn, plainString, textNode } from "./mrkdwn.js";
import { richText } from "./richtext.js";
import { dataTable, table } from "./tables.js";
import { fullLabel } from "./time.js";

/** Draws the blocks of one message or view (container as in the API); its form starts afresh. */
export function renderBlocks(blocks, container) {
  return drawn(blocks ?? [], contextFor(container));
}

function drawn(blocks, ctx) {
  return fragment(blocks.map((block, at) => one(block, block.block_id ?? `block-${at}`, ctx)));
}

function one(block, blockId, ctx) {
  const draw = Object.hasOwn(BLOCKS, block.type) ? BLOCKS[block.type] : null;
  let content;
  try {
    content = draw ? draw(block, blockId, ctx) : placeholder(block.type);
  } catch (error) {
    console.warn("A block could not be drawn", block, error);
    content = placeholder(block.type, "could not be drawn");
  }
  return h("div", { class: `block block-${draw ? block.type : "unknown"}`, "data-block-id": blockId }, content);
}

function placeholder(type, why = "is not shown in the sandbox") {
  return h("p", { class: "unknown" }, `A ${type} block ${why}.`);
}

function section(block, blockId, ctx) {
  const fields = (block.fields ?? []).map((field) => h("div", { class: "field-text" }, textNode(field)));
  return [
    h(
      "div",
      { class: "section-main" },
      block.text ? h("div", { class: "section-text" }, textNode(block.text)) : null,
      fields.length > 0 ? h("div", { class: "fields" }, fields) : null,
    ),
    block.accessory ? h("div", { class: "accessory" }, elementNode(block.accessory, blockId, ctx)) : null,
  ];
}

function context(block) {
  return (block.elements ?? []).map((item) =>
    item.type === "image"
      ? h("img", { class: "context-image", src: imageUrl(item), alt: plainString(item.alt_text ?? "") })
      : h("span", { class: "context-text" }, textNode(item)),
  );
}

function actions(block, blockId, ctx) {
  return (block.elements ?? []).map((element) => elementNode(element, blockId, ctx));
}

function input(block, blockId, ctx) {
  const labelId = uid("label");
  const hintId = uid("hint");
  const errorId = uid("error");
  const field = { labelId, describedBy: `${hintId} ${errorId}`, dispatch: block.dispatch_action === true };
  const control = elementNode(block.element, blockId, ctx, field);
  const focus = () => control.matches("input, textarea, button") && control.focus();
  return [
    h(
      "div",
      { class: "label", id: labelId, on: { click: focus } },
      textNode(block.label),
      block.optional ? h("span", { class: "muted" }, " (optional)") : null,
    ),
    control,
    h("p", { class: "hint", id: hintId }, block.hint ? textNode(block.hint) : null),
    h("p", { class: "field-error", id: errorId, role: "alert" }),
  ];
}

function image(block) {
  const alt = plainString(block.alt_text ?? "");
  const src = imageUrl(block);
  const picture = h("img", { src, alt, loading: "lazy" });
  const box = link(src, picture, { class: "image-link", title: "Open the image in a new tab" });
  picture.addEventListener("error", () => box.replaceWith(h("p", { class: "image-missing" }, alt || "This image could not be loaded.")));
  return h("figure", {}, block.title ? h("figcaption", {}, textNode(block.title)) : null, box);
}

function card(block, blockId, ctx) {
  return h(
    "div",
    { class: "card" },
    block.hero_image ? h("img", { class: "card-hero", src: imageUrl(block.hero_image), alt: plainString(block.hero_image.alt_text ?? "") }) : null,
    block.title ? h("p", { class: "card-title" }, textNode(block.title)) : null,
    block.subtitle ? h("p", { class: "muted" }, textNode(block.subtitle)) : null,
    block.body ? h("div", {}, textNode(block.body)) : null,
    block.subtext ? h("p", { class: "muted" }, textNode(block.subtext)) : null,
    block.actions ? h("div", { class: "block-actions" }, block.actions.map((item) => elementNode(item, blockId, ctx))) : null,
  );
}

function carousel(block, blockId, ctx) {
  const cards = (block.elements ?? []).map((item) => card(item, blockId, ctx));
  return h("div", { class: "carousel", role: "group", tabindex: "0", "aria-label": "Cards" }, cards);
}

function containerBlock(block, blockId, ctx) {
  const title = block.rich_text_title ? richText(block.rich_text_title) : textNode(block.title);
  const head = [h("span", { class: "card-title" }, title), block.subtitle ? h("span", { class: "muted" }, textNode(block.subtitle)) : null];
  const body = h("div", { class: "container-body" }, drawn(block.child_blocks ?? [], ctx));
  if (!block.is_collapsible) return h("div", { class: "card" }, h("div", { class: "container-head" }, head), body);
  return h("details", { class: "card", open: block.default_collapsed !== true }, h("summary", {}, head), body);
}

const BLOCKS = {
  section,
  header: (block) => h("h3", {}, textNode(block.text)),
  divider: () => h("hr"),
  context,
  actions,
  context_actions: actions,
  input,
  image,
  rich_text: richText,
  markdown: (block) => markdown(block.text ?? ""),
  table,
  data_table: dataTable,
  data_visualization: chart,
  card,
  carousel,
  container: containerBlock,
  alert: (block) => h("div", { class: `notice ${block.level ?? "default"}`, role: "note" }, textNode(block.text)),
};

/** A legacy attachment: Slack's coloured bar with text, fields or blocks behind it. */
export function attachmentNode(attachment, container) {
  const bar = safeColor(attachment.color, "var(--line-strong)");
  const title = attachment.title && (attachment.title_link ? link(attachment.title_link, mrkdwn(attachment.title)) : mrkdwn(attachment.title));
  const ctx = contextFor(container, { keep: true });
  const fallback = !attachment.blocks && !attachment.text && !attachment.title && !attachment.fields ? attachment.fallback : null;
  return h(
    "div",
    { class: "attachment", style: { "--bar": bar } },
    attachment.pretext ? h("p", {}, mrkdwn(attachment.pretext)) : null,
    h(
      "div",
      { class: "attachment-body" },
      attachment.author_name ? h("p", { class: "muted" }, plainString(attachment.author_name)) : null,
      title ? h("p", { class: "card-title" }, title) : null,
      attachment.text ? h("div", {}, mrkdwn(attachment.text)) : null,
      attachment.fields ? h("div", { class: "fields" }, attachment.fields.map(attachmentField)) : null,
      attachment.blocks ? drawn(attachment.blocks, ctx) : null,
      fallback ? h("p", {}, plainString(fallback)) : null,
      attachment.image_url ? h("img", { src: imageUrl(attachment), alt: plainString(attachment.fallback ?? ""), loading: "lazy" }) : null,
      footer(attachment),
    ),
  );
}

function attachmentField(field) {
  return h("div", { class: "field-text" }, h("strong", {}, mrkdwn(field.title ?? "")), h("br"), mrkdwn(field.value ?? ""));
}

function footer(attachment) {
  const at = attachment.ts ? fullLabel(new Date(Number(attachment.ts) * 1000)) : null;
  const shown = [attachment.footer && plainString(attachment.footer), at].filter(Boolean).join(" · ");
  return shown ? h("p", { class: "muted small" }, shown) : null;
}
