// The explorer of training: a network learns a cloud of points before one's eyes, with PyTorch's own numbers.
import * as draw from "./drawing.js";
import { number, thousands } from "./drawing.js";
import { Network, Run } from "./network.js";
import { arrow, calm, explorer, tag, within } from "./panel.js";
import { parts } from "./points.js";
import { program } from "./program.js";

const N_STEPS = 2000, PER_FRAME = 10, PER_PICTURE = 20, N_SEEDS = 20; // steps of a run, and between two redraws
const AT_ONCE = 12; // ms that it takes from the page between two looks at what the reader does
const GRID = 41, SHOWN = 16; // points of the plane each way; nodes of a layer that are drawn
const SIDE = 300, TALL = 340, WIDE = 360; // sizes of the pictures

const widths = (state) => [2, ...[1, 2, 3, 4].slice(0, state.depth).map((layer) => state[`width_${layer}`]), 2];

function result(run, [loss, share], [heldLoss, heldShare]) { // program.txt prints the same line
  const losses = `학습 손실 ${loss.toFixed(6)}, 검증 손실 ${heldLoss.toFixed(6)}`;
  return `${run.losses.length} 스텝: ${losses}, 정확도: 학습 ${share.toFixed(2)}, 검증 ${heldShare.toFixed(2)}`;
}

const soon = (() => { // the next turn of the page, without the 4 ms that a timer waits
  const channel = new MessageChannel(), waiting = [];
  channel.port1.onmessage = () => waiting.shift()();
  return (action) => { waiting.push(action); channel.port2.postMessage(0); };
})();

class Training {
  constructor(panel) {
    Object.assign(this, { panel, here: [0, 0], picked: 0, graphAt: 0 });
    panel.button("시작", () => this.start(this.run.losses.length + N_STEPS, PER_FRAME, requestAnimationFrame));
    panel.button("멈춤", () => { this.turn = null; this.finish(); });
    panel.button("한 스텝", () => { this.turn = null; this.run.advance(1); this.finish(); });
    panel.button("처음으로", () => { this.build(); this.finish(); });
    panel.button(`${N_SEEDS}개 시드`, () => this.compare());
    panel.button("PyTorch 코드", () => this.showCode());
    this.plane = panel.canvas(SIDE, SIDE, {
      keys: (key) => this.move(key),
      point: (x, y) => { this.here = this.plot.at(x, y); this.draw(); },
    });
    this.graph = panel.canvas(WIDE, TALL, {
      keys: (key) => this.pick(key),
      point: (x, y) => { this.picked = this.nearest(x, y); this.draw(); },
    });
    this.curve = panel.canvas(SIDE, SIDE);
    this.spread = panel.canvas(SIDE, 170);
    this.spread.parentElement.hidden = true;
    this.numbers = tag("p");
    this.code = tag("textarea", { readonly: true, "aria-label": "PyTorch 코드", spellcheck: "false", hidden: true });
    panel.said.before(this.numbers, this.code);
    this.change();
  }

  build() {
    const { state, fields } = this.panel;
    this.turn = null;
    [1, 2, 3, 4].map((layer) => fields[`width_${layer}`]?.box).forEach((box, i) => { if (box) box.hidden = i >= state.depth; });
    const cloud = ["data", "noise", "data_seed", "split_seed", "n_train"].map((name) => state[name]).join();
    if (cloud !== this.cloud) {
      this.cloud = cloud;
      [this.train, this.validation] = parts(state);
      const line = new Run(new Network([2, 2], "none", "CEE").reset(0), this.train, null, { learning_rate: 0.5 });
      line.advance(500);
      const counts = [0, 1].map((label) => this.train.y.filter((y) => y === label).length);
      const most = Number(counts[1] > counts[0]);
      this.baseline = this.validation.y.filter((y) => y === most).length / this.validation.n;
      this.linear = line.network.measure(this.validation)[1];
      const ends = [0, 1].map((k) => {
        const column = this.train.x.subarray(k * this.train.n, (k + 1) * this.train.n);
        const low = Math.min(...column), high = Math.max(...column), room = 0.08 * (high - low);
        return [low - room, high + room];
      });
      this.ends = ends;
      [this.points, this.lead] = [2, 1].map((columns) => new Float64Array(columns * GRID * GRID));
      for (let i = 0; i < GRID * GRID; i++) {
        [i % GRID, Math.floor(i / GRID)].forEach((place, k) => {
          this.points[k * GRID * GRID + i] = ends[k][0] + (place / (GRID - 1)) * (ends[k][1] - ends[k][0]);
        });
      }
    }
    this.run = this.make(state.weight_seed, this.validation);
    this.code.hidden = this.spread.parentElement.hidden = true;
  }

  make(seed, validation) {
    const { state } = this.panel;
    const network = new Network(widths(state), state.activation, state.loss).reset(seed);
    return new Run(network, this.train, validation, state, true);
  }

  change() {
    this.build();
    this.start(N_STEPS, PER_PICTURE, soon);
  }

  // Trains up to this many steps, with a picture after each few; a new turn, or none, ends this one.
  start(until, each, next) {
    const turn = this.turn = {};
    this.code.hidden = true; // it would stay behind
    this.pause = next === soon ? 50 : 10;
    const go = this.panel.guard(() => {
      const end = performance.now() + (next === soon ? AT_ONCE : 0);
      do {
        if (this.turn !== turn) return;
        this.run.advance(Math.min(each, until - this.run.losses.length));
        if (this.run.divergedAt || this.run.losses.length >= until) this.finish();
        else if (!calm()) this.drawPlane();
      } while (performance.now() < end);
      if (this.turn === turn && !calm()) this.drawRest(false); // once for each picture that the screen can show
      next(go);
    });
    next(go);
  }

  finish() {
    this.turn = null;
    this.draw();
    if (!this.code.hidden) this.writeCode();
    this.panel.say(this.sentence());
  }

  sentence() {
    const { run } = this;
    if (run.divergedAt) return `스텝 ${run.divergedAt}에서 발산했습니다. 학습률을 줄여 보십시오.`;
    return `${result(run, ...this.measured)}.`;
  }

  draw() {
    this.drawPlane();
    this.drawRest(true);
  }

  // What is not the plane; ended: with the words for a screen reader. The costly network waits for a few pictures where
  // many follow quickly.
  drawRest(ended) {
    const { run, panel } = this;
    this.measured = [this.train, this.validation].map((part) => run.network.measure(part));
    if (ended || performance.now() - this.graphAt > this.pause) this.drawGraph();
    this.drawCurve();
    if (ended) this.tell();
    const learnt = run.divergedAt ? "발산했습니다" : `정확도: 학습 ${number(this.measured[0][1])}, 검증 ${number(this.measured[1][1])}`;
    this.numbers.textContent = `${learnt} · 기준선 ${number(this.baseline)} · 선형 모델 ${number(this.linear)} · ${this.told()}`;
  }

  drawPlane() {
    const { run, ends } = this, { dataset } = this.panel.root, n = GRID * GRID;
    this.outputs = run.network.forward(this.points, n);
    const out = this.outputs.at(-1);
    dataset.steps = run.losses.length;
    dataset.redraws = Number(dataset.redraws ?? 0) + 1;
    const plot = new draw.Plot(this.plane, SIDE, SIDE, { x: ends[0], y: ends[1], xlabel: "x₁", ylabel: "x₂" });
    this.plot = plot;
    if (!run.divergedAt) {
      for (let i = 0; i < n; i++) this.lead[i] = out[n + i] - out[i];
      const { lead } = this, share = this.panel.state.answers ? Math.sign : run.network.loss === "CEE" ? (z) => Math.tanh(z / 2) : (z) => z;
      plot.plane(GRID, (i) => draw.regionColor(share(lead[i])));
      plot.contour(lead, GRID, 0);
    }
    plot.g.drawImage(this.over(), 0, 0, SIDE, SIDE);
  }

  // What lies over the regions, drawn anew only where it changed: axes, points, and the cross.
  over() {
    const { state } = this.panel, key = [this.cloud, state.validation, this.here, draw.view.zoom, devicePixelRatio].join();
    if (this.overKey === key) return this.overlay;
    this.overKey = key;
    this.overlay ??= document.createElement("canvas");
    const plot = new draw.Plot(this.overlay, SIDE, SIDE, { x: this.ends[0], y: this.ends[1], xlabel: "x₁", ylabel: "x₂" });
    plot.g.clearRect(0, 0, SIDE, SIDE);
    for (const [{ x, y, n }, hollow] of [...(state.validation ? [[this.validation, true]] : []), [this.train, false]]) {
      for (let i = 0; i < n; i++) draw.marker(plot.g, plot.px(x[i]), plot.py(x[n + i]), y[i], { size: hollow ? 2.5 : 3.5, hollow });
    }
    const [x, y] = [plot.px(this.here[0]), plot.py(this.here[1])];
    for (const [dx, dy] of [[7, 0], [0, 7]]) draw.stroke(plot.g, [[x - dx, y - dy], [x + dx, y + dy]], { width: 2 });
    plot.frame();
    [0, 1].forEach((label) => {
      draw.marker(plot.g, 110 + 80 * label, 11, label);
      draw.write(plot.g, `클래스 ${label}`, 119 + 80 * label, 11, { align: "left" });
    });
    return this.overlay;
  }

  drawGraph() {
    const { network } = this.run, { widths: sizes, layers } = network, n = GRID * GRID;
    const g = draw.paper(this.graph, WIDE, TALL);
    const radius = Math.min(15, (0.46 * (TALL - 60)) / Math.min(SHOWN, Math.max(...sizes)));
    const column = (l) => 30 + (l * (WIDE - 60)) / layers.length;
    const nodes = sizes.map((size, l) => Array.from({ length: Math.min(size, SHOWN) }, (_, i, many = Math.min(size, SHOWN)) => ({
      kind: "node", l, i, x: column(l), y: 26 + ((TALL - 60) * (i + 0.5)) / many,
    })));
    const lines = layers.flatMap(({ W, nIn }, l) => nodes[l + 1].flatMap((to) => nodes[l].map((from) => (
      { kind: "weight", l, i: from.i, j: to.i, from, to, value: W[to.i * nIn + from.i] }
    ))));
    this.items = [...nodes.flat(), ...lines];
    this.picked = Math.min(this.picked, this.items.length - 1);
    const picked = this.items[this.picked];
    const widest = Math.max(...lines.map(({ value }) => Math.abs(value))) || 1;
    for (const line of lines) {
      const { value, from, to } = line, look = { width: line === picked ? 6 : 0.3 + (3 * Math.abs(value)) / widest };
      draw.stroke(g, [[from.x, from.y], [to.x, to.y]], { ...look, color: draw.COLORS[Number(value < 0)], dash: value < 0 ? [5, 3] : [] });
    }
    const flat = nodes.flat(), side = 21, half = (side - 1) / 2; // each node's picture: every second point of the plane
    const tones = flat.map(({ l, i }) => {
      const values = this.outputs[l].subarray(i * n, (i + 1) * n);
      let low = Infinity, high = -Infinity;
      for (const value of values) { low = Math.min(low, value); high = Math.max(high, value); }
      return { values, low, scale: high - low > 0 && high - low < Infinity ? 190 / (high - low) : 0 };
    });
    const color = (at) => {
      const { values, low, scale } = tones[Math.floor(at / (side * side))], row = Math.floor(at / side) % side, across = at % side;
      const tone = scale ? 255 - scale * (values[2 * (side - 1 - row) * GRID + 2 * across] - low) : 255;
      return (row - half) ** 2 + (across - half) ** 2 < half * half ? draw.rgb(tone, tone, tone) : 0;
    };
    const atlas = draw.picture(side, side * flat.length, color);
    flat.forEach((node, k) => {
      g.drawImage(atlas, 0, k * side, side, side, node.x - radius, node.y - radius, 2 * radius, 2 * radius);
      draw.ring(g, node.x, node.y, radius, { fill: null, width: node === picked ? 4 : 1 });
    });
    sizes.forEach((size, l) => {
      const name = l === 0 ? "입력" : l === layers.length ? "출력" : `은닉 ${l}`;
      draw.write(g, name, column(l), 10, { size: 11 });
      draw.write(g, size > SHOWN ? `${size} (${SHOWN}만)` : `${size}`, column(l), TALL - 22, { size: 11 });
    });
    draw.write(g, "실선은 양수, 점선은 음수인 가중치", WIDE / 2, TALL - 6, { size: 11, color: "#595959" });
    this.graphAt = performance.now();
  }

  drawCurve() {
    const { run } = this, last = run.losses.length;
    const ended = run.divergedAt ? [[], []] : this.measured.map(([loss]) => [[last, loss]]);
    const at = (point, i) => (typeof point === "number" ? [i, point] : point);
    const thin = (values, end) => {
      const block = Math.ceil(values.length / 250) || 1, kept = [];
      for (let i = 0; i < values.length; i += block) { // of each block the smallest and the largest: an oscillation stays seen
        let low = i, high = i;
        for (let k = i; k < Math.min(i + block, values.length); k++) {
          if (at(values[k])[1] < at(values[low])[1]) low = k;
          if (at(values[k])[1] > at(values[high])[1]) high = k;
        }
        for (const k of low === high ? [low] : [Math.min(low, high), Math.max(low, high)]) kept.push(at(values[k], k));
      }
      return [...kept, ...end];
    };
    const series = { "학습 손실": thin(run.losses, ended[0]), "검증 손실": thin(run.validationLosses, ended[1]) };
    const heights = Object.values(series).flat().map(([, loss]) => loss).filter((loss) => Number.isFinite(loss));
    const log = Boolean(run.divergedAt) && heights.length > 1;
    const [low, high] = heights.length ? [Math.min(...heights), Math.max(...heights)] : [0, 1];
    const step = 10 ** Math.floor(Math.log10(high - low || 1)), room = 0.08 * (high - low || 1); // round ends seldom change
    const ends = [step * Math.floor((low - room) / step), step * Math.ceil((high + room) / step)];
    const y = log ? [Math.max(low, 1e-12) / 2, high * 2] : ends, x = [0, run.divergedAt || Math.max(N_STEPS, last)];
    const axes = { x, y, xlabel: "스텝", ylabel: "손실", title: " ", log, room: 58 };
    const plot = new draw.Plot(this.curve, SIDE, SIDE, axes), key = [x, y, log, draw.view.zoom, devicePixelRatio].join();
    if (this.axesKey !== key) {
      this.axes ??= document.createElement("canvas");
      new draw.Plot(this.axes, SIDE, SIDE, axes).frame();
      this.axesKey = key;
    }
    plot.g.drawImage(this.axes, 0, 0, SIDE, SIDE);
    draw.write(plot.g, run.divergedAt ? `스텝 ${run.divergedAt}에서 발산` : `${thousands(last)} 스텝`, SIDE / 2, 12, { size: 13 });
    plot.curves(Object.fromEntries(Object.entries(series).map(([name, line]) => [name, line.filter(([, loss]) => Number.isFinite(loss))])));
    plot.names();
  }

  tell() {
    const { panel } = this;
    panel.describe(this.plane, `결정 영역. 화살표로 십자를 옮깁니다. ${this.valuesHere()}`);
    panel.describe(this.graph, `신경망 ${this.run.network.widths.join("-")}. 화살표로 노드와 가중치를 고릅니다. ${this.told()}`);
    panel.describe(this.curve, `손실 곡선. ${this.sentence()}`);
  }

  valuesHere() {
    const outputs = this.run.network.forward(Float64Array.from(this.here), 1);
    const names = outputs.map((_, l) => (l === 0 ? "" : l === outputs.length - 1 ? "출력" : `은닉층 ${l}`));
    const told = outputs.slice(1).map((layer, l) => `${names[l + 1]}: ${Array.from(layer.slice(0, SHOWN), (v) => number(v)).join(", ")}`);
    return `x = (${number(this.here[0])}, ${number(this.here[1])})에서 ${told.join(" / ")}`;
  }

  told() {
    const item = this.items?.[this.picked], { layers } = this.run.network;
    if (!item) return "";
    const name = (l, i) => (l === 0 ? `입력 x${"₁₂"[i]}` : l === layers.length ? `출력 ${i}` : `은닉층 ${l}의 노드 ${i + 1}`);
    if (item.kind === "weight") return `${name(item.l, item.i)} → ${name(item.l + 1, item.j)}: 가중치 ${number(item.value, 4)}`;
    const value = this.run.network.forward(Float64Array.from(this.here), 1)[item.l][item.i];
    const bias = item.l ? `편향 ${number(layers[item.l - 1].b[item.i], 4)}, ` : "";
    return `${name(item.l, item.i)}: ${bias}십자 자리의 값 ${number(value, 4)}`;
  }

  move(key) {
    const by = arrow(key);
    if (!by) return false;
    this.here = this.here.map((at, k) => within(at + by[k], ...this.ends[k]));
    this.draw();
    this.panel.say(this.valuesHere());
    return true;
  }

  pick(key) {
    const last = this.items.length - 1;
    const to = { ArrowLeft: this.picked - 1, ArrowUp: this.picked - 1, ArrowRight: this.picked + 1, ArrowDown: this.picked + 1, Home: 0, End: last }[key];
    if (to === undefined) return false;
    this.picked = within(to, 0, last);
    this.draw();
    this.panel.say(this.told());
    return true;
  }

  nearest(x, y) {
    const far = ({ kind, from, to, ...node }) => {
      if (kind === "node") return Math.hypot(x - node.x, y - node.y) - 12;
      const [dx, dy] = [to.x - from.x, to.y - from.y];
      const share = Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / (dx * dx + dy * dy)));
      return Math.hypot(x - from.x - share * dx, y - from.y - share * dy);
    };
    const distances = this.items.map(far);
    return distances.indexOf(Math.min(...distances));
  }

  // Twenty networks of other weights learn the same rows at once.
  compare() {
    this.finish();
    const until = this.run.losses.length || N_STEPS, turn = this.turn = {};
    const runs = Array.from({ length: N_SEEDS }, (_, seed) => this.make(seed, null));
    this.spread.parentElement.hidden = false;
    const go = this.panel.guard(() => {
      if (this.turn !== turn) return;
      const end = performance.now() + 12;
      do for (const run of runs) run.advance(Math.min(10, until - run.losses.length));
      while (performance.now() < end && runs[0].losses.length < until);
      const ended = runs.every((run) => run.divergedAt || run.losses.length >= until);
      if (ended || !calm()) this.drawSpread(runs, ended);
      if (!ended) soon(go);
    });
    go();
  }

  drawSpread(runs, ended) {
    const series = [["학습", this.train], ["검증", this.validation]].map(([name, part]) => [name, runs.map(({ network }) => network.measure(part)[1])]);
    const lowest = Math.min(0.5, ...series.flatMap(([, shares]) => shares));
    const title = `${N_SEEDS}개 시드, ${thousands(Math.max(...runs.map((run) => run.losses.length)))} 스텝`;
    const plot = new draw.Plot(this.spread, SIDE, 170, { x: [lowest, 1], y: [-0.5, 1.5], xlabel: "정확도", ylabel: "", title, bare: true });
    series.forEach(([, shares], row) => shares.forEach((share, i) => {
      draw.marker(plot.g, plot.px(share), plot.py(1 - row) + (i % 5) * 4 - 8, row, { size: 3, color: draw.INK, hollow: true });
    }));
    plot.frame();
    series.forEach(([name], row) => draw.write(plot.g, name, 40, plot.py(1 - row), { align: "right" }));
    const told = series.map(([name, shares]) => {
      const sorted = [...shares].sort((a, b) => a - b), middle = (sorted[N_SEEDS / 2 - 1] + sorted[N_SEEDS / 2]) / 2;
      return `${name} 정확도 ${number(sorted[0])}–${number(sorted.at(-1))}(가운데 ${number(middle)})`;
    });
    const perfect = series[0][1].filter((share) => share >= 0.95).length;
    const text = `${title}: ${told.join(", ")}. 학습 정확도가 0.95 이상인 것은 ${perfect}개입니다.`;
    this.panel.describe(this.spread, text);
    if (ended) this.panel.say(text);
  }

  writeCode() {
    this.code.value = program(this.panel.model.get("modules"), this.panel.state, this.run.network.widths, this.run.losses.length);
  }

  showCode() {
    this.turn = null;
    this.finish();
    this.code.hidden = !this.code.hidden;
    this.writeCode();
    if (this.code.hidden) return;
    this.code.focus();
    this.code.select();
    navigator.clipboard?.writeText(this.code.value).then(() => this.panel.say("PyTorch 코드를 복사했습니다."), () => {});
  }
}

export const render = explorer((panel) => {
  const training = new Training(panel), draw = () => training.draw();
  const changed = (name) => (["validation", "answers"].includes(name) ? draw() : training.change());
  return { draw, changed, stop: () => { training.turn = null; } };
});
