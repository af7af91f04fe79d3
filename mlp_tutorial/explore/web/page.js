// Brings the explorers of a page without a kernel to life. A stand-in plays the widget's model: what was set is kept in
// the page's address (#Training.noise=0.1&…), so that a link opens the explorer as its sender saw it.
import { load } from "./loader.js";

class Model {
  constructor(name, values) {
    this.name = name;
    this.values = { ...values, state: { ...values.state, ...fromAddress(name) } };
    this.listeners = [];
    addEventListener("hashchange", () => {
      if (!Object.keys(fromAddress(name)).length) return; // a link within the page
      this.values.state = { ...values.state, ...fromAddress(name) };
      this.listeners.forEach((listener) => listener());
    });
  }

  get(key) { return this.values[key]; }
  set(key, value) { this.values[key] = value; }
  on(_, listener) { this.listeners.push(listener); }
  off() { this.listeners = []; }

  save_changes() {
    const settings = new URLSearchParams(location.hash.slice(1));
    for (const [key, value] of Object.entries(this.values.state)) {
      settings.set(`${this.name}.${key}`, typeof value === "string" ? value : JSON.stringify(value));
    }
    try {
      history.replaceState(null, "", `#${settings}`);
    } catch { /* a browser may refuse too many in a row; the next one tells all */ }
  }
}

function fromAddress(name) {
  const found = {};
  for (const [key, value] of new URLSearchParams(location.hash.slice(1))) {
    const [owner, control] = key.split(".");
    if (owner !== name) continue;
    try {
      found[control] = JSON.parse(value);
    } catch {
      found[control] = value;
    }
  }
  return found;
}

export function start(document, texts, controls) {
  for (const el of document.querySelectorAll("[data-explorer]")) {
    const { explorer: name, state } = el.dataset;
    const model = new Model(name, { name, modules: texts, controls: controls[name], state: JSON.parse(state) });
    load(texts, `${name.toLowerCase()}.js`).then(({ render }) => render({ model, el }));
  }
}
