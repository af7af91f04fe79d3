// What all explorers share: labelled controls that the keyboard moves, a sentence that a screen reader hears, large text
// for a projector, and the state, which the widget or the page's address keeps.
import { thousands, view } from "./drawing.js";
import { fail } from "./loader.js";

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
const STILL = matchMedia("(prefers-reduced-motion: reduce)");
export const calm = () => STILL.matches;
export const within = (value, low, high) => Math.min(high, Math.max(low, value));
export const tenth = (value, most) => within(Math.round(10 * value) / 10, -most, most);

// Where an arrow key moves, to the right and up.
const ARROWS = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, 0.1], ArrowDown: [0, -0.1] };

export class Panel {
  constructor({ model, el }) {
    Object.assign(this, { model, el, fields: {}, spec: model.get("controls") });
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
    for (const [name, spec] of Object.entries(this.spec.controls)) if (!spec.hidden) this.add(name, spec);
    this.large = this.button("큰 글자", () => {
      const large = this.root.classList.toggle("large");
      this.large.setAttribute("aria-pressed", large);
      view.zoom = large ? 1.6 : 1;
      this.redraw();
    });
    this.large.setAttribute("aria-pressed", false);
    this.listener = this.guard(() => {
      const before = this.state;
      this.state = { ...model.get("state") };
      for (const [name, field] of Object.entries(this.fields)) field.show(this.state[name]);
      const moved = Object.keys(this.state).filter((name) => String(this.state[name]) !== String(before[name]));
      if (moved.length) this.changed(moved[0]);
    });
    model.on("change:state", this.listener);
  }

  // The same action; what it throws ends the explorer and is told in its place.
  guard(action) {
    return (...given) => {
      try {
        return action(...given);
      } catch (error) {
        this.end();
        return fail(this, error);
      }
    };
  }

  add(name, { label, options, values, min, max, step = 1, field }) {
    const out = tag("output", { "aria-hidden": true });
    let input, read, show;
    if (options) {
      input = tag("select", {}, ...options.map(([, text]) => tag("option", {}, text)));
      read = () => options[input.selectedIndex][0];
      show = (value) => { input.selectedIndex = options.findIndex(([option]) => option === value); };
    } else if (typeof this.state[name] === "boolean") {
      input = tag("input", { type: "checkbox" });
      [read, show] = [() => input.checked, (value) => { input.checked = value; }];
    } else if (field) {
      input = tag("input", { type: "number", min, max });
      read = () => Math.round(within(Number(input.value) || 0, min, max));
      show = (value) => { input.value = value; };
    } else {
      input = tag("input", { type: "range", ...(values ? { min: 0, max: values.length - 1 } : { min, max, step }) });
      read = () => (values ? values[input.value] : Number(input.value));
      show = (value) => {
        input.value = values ? values.indexOf(value) : value;
        out.textContent = value === 0 && values ? "전체" : thousands(value); // of the batch size
        input.setAttribute("aria-valuetext", out.textContent);
      };
    }
    input.setAttribute("aria-label", label);
    input.dataset.name = name;
    input.addEventListener(field ? "change" : "input", this.guard(() => {
      this.set({ [name]: read() });
      this.changed(name);
    }));
    const box = tag("label", {}, tag("span", {}, label), input, out);
    this.controls.append(box);
    this.fields[name] = { show, box };
    show(this.state[name]);
  }

  set(values) {
    this.state = { ...this.state, ...values };
    for (const [name, value] of Object.entries(values)) this.fields[name]?.show(value);
    this.model.set("state", this.state);
    this.model.save_changes();
  }

  button(label, action) {
    const made = tag("button", { type: "button", onclick: this.guard(action) }, label);
    this.actions.insertBefore(made, this.large ?? null);
    return made;
  }

  // A picture; with `arrows` or `keys`, it takes the focus, and is told where an arrow key moves, or which key is
  // pressed (it answers false where it has no use for it), and, with `point`, where the pointer is. One that `drag`s
  // lets no finger scroll the page from it.
  canvas(width, height, { arrows, keys, point, drag } = {}) {
    const takes = arrows ? (key, shift) => key in ARROWS && arrows(ARROWS[key], shift) : keys;
    const role = takes ? "application" : "img";
    const canvas = tag("canvas", { role, "aria-label": "…", tabindex: takes ? 0 : false });
    canvas.style.maxWidth = `calc(${width}px * var(--zoom))`;
    canvas.addEventListener("keydown", this.guard((event) => {
      if (takes && takes(event.key, event.shiftKey) !== false) event.preventDefault();
    }));
    if (point) {
      const tell = this.guard((event) => {
        const box = canvas.getBoundingClientRect();
        point((event.offsetX / box.width) * width, (event.offsetY / box.height) * height, event.buttons > 0, event.type);
      });
      canvas.addEventListener("pointerdown", (event) => {
        canvas.setPointerCapture(event.pointerId);
        tell(event);
      });
      canvas.addEventListener("pointermove", tell);
      canvas.style.touchAction = drag ? "none" : "auto";
    }
    this.views.append(tag("figure", {}, canvas));
    return canvas;
  }

  // Does `action` at each turn that `next` gives it, until `turn` is null or another one.
  repeat(action, next = requestAnimationFrame) {
    const turn = this.turn = {};
    const go = this.guard((time) => {
      if (this.turn !== turn) return;
      action(time);
      next(go);
    });
    next(go);
  }

  describe(canvas, text) { canvas.setAttribute("aria-label", text); }

  say(text) { if (this.said.textContent !== text) this.said.textContent = text; }

  end() {
    this.model.off("change:state", this.listener);
    this.turn = null;
  }
}

// A module's `render`, of a function that fills a panel, draws its pictures, and returns `draw`, which draws them anew,
// and `changed(name)`, called when a control was moved, by the reader or by the notebook's Python.
export const explorer = (fill) => (widget) => {
  const panel = new Panel(widget), { draw, changed = draw } = fill(panel);
  Object.assign(panel, { redraw: draw, changed });
  return () => panel.end(); // anywidget calls it when the cell is run again or closed
};
