// The app's Home tab.

import { get, post } from "./api.js";
import { avatar } from "./avatar.js";
import { renderBlocks } from "./blocks.js";
import { h, refill, swap } from "./dom.js";
import * as store from "./store.js";

export class Home {
  constructor() {
    this.body = h("div", { class: "home-body" }, h("p", { class: "loading", role: "status" }, "Opening Home…"));
    const app = { ...store.workspace().app, is_bot: true };
    this.root = h(
      "section",
      { class: "pane home", "aria-label": `${app.name} Home`, "data-testid": "home-view" },
      h("header", { class: "pane-head" }, avatar(app, "avatar small"), h("h2", {}, app.name), h("span", { class: "app-badge" }, "App"), h("span", { class: "topic" }, "Home")),
      h("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": "Home" }, this.body),
    );
  }

  /** Tells the bot that Home was opened; what it publishes then arrives as a "home" change. */
  async open() {
    const opening = post("home/open");
    await this.refresh();
    const answer = await opening;
    if (answer.ok === false && !this.view) this.say(answer.message);
    await this.refresh();
  }

  async refresh() {
    const answer = await get("home");
    if (answer.ok === false) return;
    if (!answer.view) {
      this.say("Nothing here yet. Spruce fills this page when it is opened; if it stays empty, try /spruce status in a channel.");
    } else if (JSON.stringify(answer.view) !== JSON.stringify(this.view)) {
      this.draw(answer.view);
    }
  }

  say(text) {
    if (!this.view) refill(this.body, h("p", { class: "empty" }, text));
  }

  draw(view) {
    this.view = view;
    const fresh = h("div", { class: "home-blocks", "data-container": "view" }, renderBlocks(view.blocks, { type: "view", view_id: view.id }));
    const old = this.body.querySelector(".home-blocks");
    if (old) swap(old, fresh);
    else refill(this.body, fresh);
  }
}
