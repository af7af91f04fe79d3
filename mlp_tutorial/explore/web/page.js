// Brings the explorers of a page without a kernel to life. A stand-in plays the widget's model: what was set is kept in
// the page's address (#Training.noise=0.1&…), so that a link opens the explorer as its sender saw it, without the
// controls that the address hides (#Training.hide=noise,loss).
import { fail, load } from "./loader.js";

const settings = () => new URLSearchParams(location.hash.slice(1));

class Model {
  constructor(name, { controls, ...values }) {
    const hide = () => settings().get(`${name}.hide`) ?? "", first = hide(), hidden = first.split(",").map((key) => key.trim());
    const shown = Object.entries(controls.controls).map(([key, spec]) => [key, hidden.includes(key) ? { ...spec, hidden: true } : spec]);
    this.name = name;
    this.values = { ...values, controls: { ...controls, controls: Object.fromEntries(shown) } };
    this.listeners = [];
    this.read(values.state);
    addEventListener("hashchange", () => {
      if (![...settings().keys()].some((key) => key.startsWith(`${name}.`))) return; // a link within the page
      if (hide() !== first) return location.reload(); // the controls are made once
      this.read(values.state);
      this.listeners.forEach((listener) => listener());
    });
  }

  // Takes what the address sets over the `first` state; what a control can't show is left out.
  read(first) {
    this.values.state = { ...first };
    for (const [key, text] of settings()) {
      const [owner, name] = key.split("."), control = this.values.controls.controls[name];
      if (owner !== this.name || !control) continue;
      const value = parsed(text);
      if (fits(value, control)) this.values.state[name] = value;
    }
  }

  get(key) { return this.values[key]; }
  set(key, value) { this.values[key] = value; }
  on(_, listener) { this.listeners.push(listener); }
  off() { this.listeners = []; }

  save_changes() {
    const all = settings();
    for (const [key, value] of Object.entries(this.values.state)) {
      all.set(`${this.name}.${key}`, typeof value === "string" ? value : JSON.stringify(value));
    }
    try {
      history.replaceState(null, "", `#${all}`);
    } catch { /* a browser may refuse too many in a row; the next one tells all */ }
  }
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

// As explorer.py's: whether the control can show the value.
function fits(value, { options, values, min, max, step = 1, value: first }) {
  if (options || values) return (values ?? options.map(([option]) => option)).includes(value);
  if (min === undefined) return alike(value, first);
  return typeof value === "number" && value >= min && value <= max && (step % 1 > 0 || Number.isInteger(value));
}

function alike(one, other) {
  if (!Array.isArray(other)) return typeof one === typeof other;
  return Array.isArray(one) && one.length === other.length && other.every((part, i) => alike(one[i], part));
}

export function start(document, texts, controls) {
  for (const el of document.querySelectorAll("[data-explorer]")) {
    const { explorer: name, state } = el.dataset, module = `${name.toLowerCase()}.js`;
    const model = new Model(name, { name, modules: texts, controls: controls[name], state: JSON.parse(state) });
    load(texts, module).then(({ render }) => render({ model, el })).catch((error) => fail({ model, el }, error));
  }
}
