// What all explorers share: labelled controls that the keyboard moves, a sentence that a screen reader hears, large text
// for a projector, and the state, which the widget or the page's address keeps.
import { view } from "./drawing.js";

export function tag(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

export const room = () => (innerWidth < 640 ? 340 : 1000); // the widest picture whose text stays readable
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

export class Panel {
  // changed(name): called when a control was moved, by the reader or by the notebook's Python.
  constructor({ model, el }, changed) {
    Object.assign(this, { model, changed, fields: {}, spec: model.get("controls") });
    this.state = { ...model.get("state") };
    this.controls = tag("div", { class: "controls" });
    this.actions = tag("div", { class: "controls" });
    this.views = tag("div", { class: "views" });
    this.said = tag("p", { role: "status", "aria-live": "polite", class: "said" });
    this.root = tag("section", { class: "mlp-explorer", "aria-label": this.spec.title });
    this.root.append(tag("p", { class: "name" }, this.spec.title), this.controls, this.actions, this.views, this.said);
    el.replaceChildren(this.root);
    this.root.addEventListener("keydown", (event) => { // JupyterLab would fold cells with the arrows and act on letters
      if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
    });
    for (const [name, spec] of Object.entries(this.spec.controls)) this.add(name, spec);
    this.large = this.button("큰 글자", () => {
      const large = this.root.classList.toggle("large");
      this.large.setAttribute("aria-pressed", large);
      view.zoom = large ? 1.6 : 1;
      this.redraw();
    });
    this.large.setAttribute("aria-pressed", false);
    this.listener = () => {
      const before = this.state;
      this.state = { ...model.get("state") };
      this.show();
      const moved = Object.keys(this.state).filter((name) => String(this.state[name]) !== String(before[name]));
      if (moved.length) changed(moved[0]);
    };
    model.on("change:state", this.listener);
  }

  add(name, { label, options, values, min, max, step = 1, field, hidden }) {
    if (hidden) return;
    const out = tag("output", { "aria-hidden": true });
    let input, read, show;
    if (options) {
      input = tag("select", {}, ...options.map(([, text]) => tag("option", {}, text)));
      read = () => options[input.selectedIndex][0];
      show = (value) => { input.selectedIndex = options.findIndex(([option]) => option === value); };
    } else if (typeof this.state[name] === "boolean") {
      input = tag("input", { type: "checkbox" });
      [read, show] = [() => input.checked, (value) => { input.checked = value; }];
    } else {
      const ends = values ? { min: 0, max: values.length - 1, step: 1 } : { min, max, step };
      input = tag("input", { type: field ? "number" : "range", ...ends });
      const valid = () => Math.min(max, Math.max(min, Number(input.value) || 0));
      read = () => (values ? values[input.value] : field ? Math.round(valid()) : Number(input.value));
      show = (value) => {
        const text = (value === 0 && values && label === "배치 크기" ? "전체" : value.toLocaleString("en-US")).replace("-", "−");
        input.value = values ? Math.max(0, values.indexOf(value)) : value;
        out.textContent = field ? "" : text;
        if (!field) input.setAttribute("aria-valuetext", text);
      };
    }
    input.setAttribute("aria-label", label);
    input.dataset.name = name;
    input.addEventListener(field ? "change" : "input", () => {
      this.set(name, read());
      this.changed(name);
    });
    const box = tag("label", {}, tag("span", {}, label), input, out);
    this.controls.append(box);
    this.fields[name] = { show, box, input };
    show(this.state[name]);
  }

  show() { for (const [name, field] of Object.entries(this.fields)) field.show(this.state[name]); }

  set(name, value) {
    this.state = { ...this.state, [name]: value };
    this.fields[name]?.show(value);
    this.model.set("state", this.state);
    this.model.save_changes();
  }

  button(label, action) {
    const made = tag("button", { type: "button", onclick: action }, label);
    this.actions.insertBefore(made, this.large ?? null);
    return made;
  }

  // A picture; with `keys`, it takes the focus, and is told the arrow keys that are pressed and where the pointer is.
  canvas(width, height, { keys, point, leave, drag } = {}) {
    const canvas = tag("canvas", { role: keys ? "application" : "img", "aria-label": "…", tabindex: keys ? 0 : false });
    canvas.style.maxWidth = `calc(${width}px * var(--zoom))`;
    if (keys) {
      canvas.addEventListener("keydown", (event) => {
        if (keys(event.key, event.shiftKey) === true) event.preventDefault();
      });
    }
    if (point) {
      const tell = (event) => {
        const box = canvas.getBoundingClientRect();
        point((event.offsetX / box.width) * width, (event.offsetY / box.height) * height, event.buttons > 0, event.type);
      };
      canvas.addEventListener("pointerdown", (event) => {
        canvas.setPointerCapture(event.pointerId);
        tell(event);
      });
      canvas.addEventListener("pointermove", tell);
      canvas.addEventListener("pointerleave", () => leave?.());
      canvas.style.touchAction = drag ? "none" : "auto";
    }
    this.views.append(tag("figure", {}, canvas));
    return canvas;
  }

  describe(canvas, text) { canvas.setAttribute("aria-label", text); }

  say(text) { if (this.said.textContent !== text) this.said.textContent = text; }

  // What anywidget calls when the cell is run again or closed.
  end() { this.model.off("change:state", this.listener); }
}
