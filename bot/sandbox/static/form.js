// What a person has chosen or typed in one message or view: Slack's `state.values`.

const forms = new Map();

class Form {
  constructor() {
    this.values = new Map();
    this.present = new Set();
  }

  /** Call before drawing: elements that are no longer drawn drop out of the state. */
  begin() {
    this.present.clear();
  }

  /** A value typed earlier wins over the block's initial value, so an update keeps it. */
  init(block, action, initial) {
    const key = JSON.stringify([block, action]);
    this.present.add(key);
    if (!this.values.has(key)) this.values.set(key, initial);
    return this.values.get(key);
  }

  get(block, action) {
    return this.values.get(JSON.stringify([block, action]));
  }

  set(block, action, value) {
    this.values.set(JSON.stringify([block, action]), value);
  }

  toJSON() {
    const out = {};
    for (const key of this.present) {
      const [block, action] = JSON.parse(key);
      out[block] = { ...out[block], [action]: this.values.get(key) };
    }
    return out;
  }
}

export function formOf(container) {
  const key = container.type === "view" ? container.view_id : `${container.channel}/${container.message_ts}`;
  if (!forms.has(key)) forms.set(key, new Form());
  return forms.get(key);
}

export function forgetForm(viewId) {
  forms.delete(viewId);
}
