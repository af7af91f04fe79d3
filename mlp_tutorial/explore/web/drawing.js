// Plots on a canvas in the house's style: its colours, markers and line styles, all told apart in grey as well.

export const INK = "#000000", PAPER = "#ffffff", GREY = "#767676", LIGHT = "#bbbbbb";
export const COLORS = ["#0072B2", "#D55E00"]; // of classes 0 and 1, and of the first and the second curve
const DASHES = [[], [7, 3]];
const REGIONS = [[200, 224, 243], [241, 178, 128]]; // of classes 0 and 1 where the answer is certain
const FONT = '"Handout", "Noto Sans CJK KR", "Noto Sans KR", "Apple SD Gothic Neo", "Malgun Gothic", sans-serif';
export const view = { zoom: 1 }; // of large text

export const number = (value, digits = 2) =>
  (Object.is(Number(value.toFixed(digits)), -0) ? 0 : value).toFixed(digits).replace("-", "−");
const GROUPED = new Intl.NumberFormat("en-US");
export const thousands = (value) => GROUPED.format(value).replace("-", "−");

// The smallest and the largest: of thousands a loop finds them many times sooner than Math.min(...values).
export function extremes(values) {
  let low = Infinity, high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    if (values[i] < low) low = values[i];
    if (values[i] > high) high = values[i];
  }
  return [low, high];
}

// The ends of an axis for these values, with some room beside them.
export function around(values) {
  const [low, high] = extremes(values), room = 0.08 * (high - low || 1);
  return [low - room, high + room];
}

// A canvas's context whose unit is a pixel of the page; cleared.
export function paper(canvas, width, height) {
  const scale = Math.min(3, view.zoom * devicePixelRatio), sizes = [width * scale, height * scale].map(Math.round);
  if (canvas.width !== sizes[0] || canvas.height !== sizes[1]) [canvas.width, canvas.height] = sizes;
  const g = canvas.getContext("2d");
  g.setTransform(scale, 0, 0, scale, 0, 0);
  g.fillStyle = PAPER;
  g.fillRect(0, 0, width, height);
  return g;
}

export function write(g, text, x, y, { color = INK, size = 12, align = "center", halo = false } = {}) {
  g.font = `${size}px ${FONT}`;
  [g.textAlign, g.textBaseline] = [align, "middle"];
  if (halo) {
    [g.strokeStyle, g.lineWidth, g.lineJoin] = [PAPER, 4, "round"];
    g.strokeText(text, x, y);
  }
  g.fillStyle = color;
  g.fillText(text, x, y);
}

export const stroke = (g, points, look) => strokes(g, [points], look);

function strokes(g, lines, { color = INK, width = 1.5, dash = [] } = {}) {
  [g.strokeStyle, g.lineWidth, g.lineJoin] = [color, width, "round"];
  g.setLineDash(dash);
  g.beginPath();
  for (const points of lines) points.forEach(([x, y], i) => (i ? g.lineTo(x, y) : g.moveTo(x, y)));
  g.stroke();
  g.setLineDash([]);
}

export function ring(g, x, y, size, { color = INK, fill, width = 1.5 } = {}) {
  g.beginPath();
  g.arc(x, y, size, 0, 2 * Math.PI);
  [g.fillStyle, g.strokeStyle, g.lineWidth] = [fill ?? color, color, width];
  if (fill !== null) g.fill();
  g.stroke();
}

export function cross(g, x, y, size, look) {
  for (const s of [1, -1]) stroke(g, [[x - size, y - s * size], [x + size, y + s * size]], { width: 2.5, ...look });
}

// The marker of a class: a circle for 0, a triangle for 1; hollow for what is not learnt from.
export function marker(g, x, y, label, { size = 4, hollow = false, color = COLORS[label] } = {}) {
  g.beginPath();
  if (label) {
    g.moveTo(x, y - 1.25 * size);
    g.lineTo(x + 1.15 * size, y + 0.85 * size);
    g.lineTo(x - 1.15 * size, y + 0.85 * size);
    g.closePath();
  } else g.arc(x, y, size, 0, 2 * Math.PI);
  [g.fillStyle, g.strokeStyle, g.lineWidth] = hollow ? [PAPER, color, 1] : [color, PAPER, 0.7];
  g.fill();
  g.stroke();
}

function ticks(low, high, wanted) {
  const rough = (high - low) / wanted, power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
  const first = Math.ceil(low / step - 1e-9), n = Math.floor(high / step + 1e-9) - first + 1;
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return Array.from({ length: n }, (_, i) => [(first + i) * step, digits]);
}

const sheets = new WeakMap(); // canvas → what is laid over it, and its key

export class Plot {
  // x, y: the ends of both axes; the labels stand below and above the axes; log: powers of ten upwards.
  constructor(canvas, width, height, axes) {
    const { x, y, xlabel, ylabel, title = "", log = false, bare = false, room = 0 } = axes;
    const box = { left: 46, right: width - 10 - room, top: title ? 42 : 24, bottom: height - 38 };
    Object.assign(this, { g: paper(canvas, width, height), width, height, x, y: log ? y.map(Math.log10) : y, log, bare, box });
    Object.assign(this, { xlabel, ylabel, title, axes, named: [] });
  }

  px(x) { return this.box.left + ((x - this.x[0]) / (this.x[1] - this.x[0])) * (this.box.right - this.box.left); }

  py(y) {
    const at = (this.log ? Math.log10(y) : y) - this.y[0];
    return this.box.bottom - (at / (this.y[1] - this.y[0])) * (this.box.bottom - this.box.top);
  }

  at(px, py) { // the values at a place of the canvas
    const { left, right, top, bottom } = this.box;
    const across = (px - left) / (right - left), up = (bottom - py) / (bottom - top);
    return [this.x[0] + across * (this.x[1] - this.x[0]), this.y[0] + up * (this.y[1] - this.y[0])];
  }

  frame() { // drawn last, over what reaches beyond the axes
    const { g, box, width, height } = this, { left, right, top, bottom } = box;
    g.fillStyle = PAPER;
    for (const part of [[0, 0, left, height], [0, 0, width, top], [0, bottom, width, height]]) g.fillRect(...part);
    stroke(g, [[left, top], [left, bottom], [right, bottom]], { width: 1 });
    for (const [value, digits] of ticks(...this.x, 5)) {
      stroke(g, [[this.px(value), bottom], [this.px(value), bottom + 4]], { width: 1 });
      const text = digits ? number(value, digits) : thousands(value);
      write(g, text, this.px(value), bottom + 12, { size: 11 });
    }
    for (const [value, digits] of this.bare ? [] : ticks(...this.y, 4)) {
      if (this.log && digits) continue;
      const y = bottom - ((value - this.y[0]) / (this.y[1] - this.y[0])) * (bottom - top);
      stroke(g, [[left - 4, y], [left, y]], { width: 1 });
      const text = this.log ? `1e${value}`.replace("-", "−") : number(value, digits);
      write(g, text, left - 7, y, { size: 11, align: "right" });
    }
    write(g, this.xlabel, (left + right) / 2, height - 10);
    write(g, this.ylabel, 4, top - 12, { align: "left" });
    if (this.title) write(g, this.title, width / 2, 12, { size: 13 });
    this.names();
  }

  // Lays what `draw` draws on a clear plot alike over this one; it is drawn anew only where `key` or the plot changed.
  overlay(key, draw) {
    const { canvas } = this.g, now = [key, this.x, this.y, this.log, canvas.width].join();
    const sheet = sheets.get(canvas) ?? { canvas: document.createElement("canvas") };
    if (sheet.key !== now) {
      const plot = new Plot(sheet.canvas, this.width, this.height, this.axes);
      plot.g.clearRect(0, 0, this.width, this.height);
      draw(plot);
      sheets.set(canvas, { ...sheet, key: now });
    }
    this.g.drawImage(sheet.canvas, 0, 0, this.width, this.height);
  }

  line(points, look) { stroke(this.g, points.map(([x, y]) => [this.px(x), this.py(y)]), look); }

  dot(x, y, { size = 5, ...look } = {}) { ring(this.g, this.px(x), this.py(y), size, look); }

  // Colours the plane: `color(i)` of n rows of n places, the first below.
  plane(n, color) {
    const { left, right, top, bottom } = this.box;
    const drawn = picture(n, n, (i) => color((n - 1 - Math.floor(i / n)) * n + (i % n)));
    this.g.drawImage(drawn, left, top, right - left, bottom - top);
  }

  // Draws where `values`, as many and in the same order, cross `level`; returns the pieces of that line, as px and py.
  contour(values, n, level, look) {
    const { left, right, top, bottom } = this.box, place = ([x, y]) => [left + x * (right - left), bottom - y * (bottom - top)];
    const pieces = crossings(values, n, level).map((ends) => ends.map(place));
    strokes(this.g, pieces, look);
    return pieces;
  }

  // Curves, name → [[x, y], …], each named at its right end: the higher one above, the lower below.
  curves(series) {
    const names = Object.keys(series).filter((name) => series[name].length);
    const ends = names.map((name) => this.py(series[name].at(-1)[1]));
    names.forEach((name, i) => this.line(series[name], { color: COLORS[i], dash: DASHES[i], width: 1.8 }));
    let floor = this.box.bottom - 8; // from the lowest name up, none over another or over the axis
    this.named = names.map((_, i) => i).sort((i, k) => ends[k] - ends[i] || k - i).map((i, order) => {
      const y = Math.max(this.box.top + 8 * (2 * (names.length - order) - 1), Math.min(floor, ends[i] + (order ? -8 : 8)));
      floor = y - 15;
      return [names[i], this.px(series[names[i]].at(-1)[0]) + 5, y, COLORS[i]];
    });
  }

  names() {
    for (const [name, x, y, color] of this.named) write(this.g, name, x, y, { color, align: "left", halo: true });
  }
}

const stamps = new Map(); // one for each size

// A picture of its own, of `color(i)` for each pixel, row by row: a number as `rgb` makes it. The next one writes over it.
export function picture(columns, rows, color) {
  const key = `${columns},${rows}`;
  if (!stamps.has(key)) {
    const canvas = Object.assign(document.createElement("canvas"), { width: columns, height: rows });
    const pen = canvas.getContext("2d"), image = pen.createImageData(columns, rows);
    stamps.set(key, { canvas, pen, image, pixels: new Uint32Array(image.data.buffer) });
  }
  const { canvas, pen, image, pixels } = stamps.get(key);
  for (let i = 0; i < pixels.length; i++) pixels[i] = color(i);
  pen.putImageData(image, 0, 0);
  return canvas;
}

export const rgb = (r, g, b) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0; // little-endian, as all browsers' machines

// The colour of a score: how far class 1 leads, as a share from −1 to 1; what is undecided is paper.
export function regionColor(lead) {
  const to = REGIONS[lead > 0 ? 1 : 0], share = 0.35 + 0.65 * Math.min(1, Math.abs(lead));
  return rgb(255 + (to[0] - 255) * share, 255 + (to[1] - 255) * share, 255 + (to[2] - 255) * share);
}

// The lines where `values` (n rows of n, the first below) cross `level`, as pairs of places in 0 … 1.
function crossings(values, n, level) {
  const found = [], above = (at) => values[at] >= level;
  for (let r = 0; r < n - 1; r++) {
    for (let c = 0; c < n - 1; c++) {
      const at0 = r * n + c, high = above(at0);
      if (high === above(at0 + 1) && high === above(at0 + n) && high === above(at0 + n + 1)) continue;
      const corners = [[c, r], [c + 1, r], [c + 1, r + 1], [c, r + 1]];
      const at = corners.map(([x, y]) => values[y * n + x] - level);
      const cut = [];
      for (let k = 0; k < 4; k++) {
        const [a, b] = [at[k], at[(k + 1) % 4]];
        if (a < 0 === b < 0) continue;
        const share = a / (a - b), [x, y] = corners[k], [u, v] = corners[(k + 1) % 4];
        cut.push([(x + share * (u - x)) / (n - 1), (y + share * (v - y)) / (n - 1)]);
      }
      for (let k = 0; k + 1 < cut.length; k += 2) found.push([cut[k], cut[k + 1]]);
    }
  }
  return found;
}
