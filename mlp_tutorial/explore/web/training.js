// The explorer of training: a network learns a cloud of points before one's eyes, with PyTorch's own numbers.
import * as draw from "./drawing.js";
import { around, number, thousands } from "./drawing.js";
import { Network, Run } from "./network.js";
import { calm, explorer, tag, within } from "./panel.js";
import { parts } from "./points.js";
import { program } from "./program.js";

const N_STEPS = 2000, PER_FRAME = 10, PER_PICTURE = 20, N_SEEDS = 20; // steps of a run, and between two redraws
const AT_ONCE = 12; // ms that it takes from the page between two looks at what the reader does
const GRID = 41, COARSE = 21, SHOWN = 16; // points of the plane each way, at rest and on the way; nodes of a layer that are drawn
const SIDE = 300, TALL = 340, WIDE = 360; // sizes of the pictures

const widths = (state) => [2, ...[1, 2, 3, 4].slice(0, state.depth).map((layer) => state[`width_${layer}`]), 2];

// Of each block of [step, loss] the smallest and the largest, in their order: an oscillation stays seen.
function thin(points) {
  const block = Math.ceil(points.length / 250), kept = [];
  for (let start = 0; start < points.length; start += block) {
    const part = points.slice(start, start + block);
    const low = part.reduce((least, point) => (point[1] < least[1] ? point : least));
    const high = part.reduce((most, point) => (point[1] > most[1] ? point : most));
    kept.push(...(low === high ? [low] : low[0] < high[0] ? [low, high] : [high, low]));
  }
  return kept;
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
    panel.button("멈춤", () => this.finish());
    panel.button("한 스텝", () => { this.run.advance(1); this.finish(); });
    panel.button("처음으로", () => { this.build(); this.finish(); });
    panel.button(`${N_SEEDS}개 시드`, () => this.compare());
    panel.button("PyTorch 코드", () => this.showCode());
    this.plane = panel.canvas(SIDE, SIDE, {
      arrows: (by) => this.move(by),
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
    for (const layer of [1, 2, 3, 4]) {
      const field = fields[`width_${layer}`]; // none where the address hides it
      if (field) field.box.hidden = layer > state.depth;
    }
    const cloud = ["data", "noise", "data_seed", "split_seed", "n_train"].map((name) => state[name]).join();
    if (cloud !== this.cloud) {
      this.cloud = cloud;
      [this.train, this.validation] = parts(state);
      const line = new Run(new Network([2, 2], "none", "CEE").reset(0), this.train, null, { learning_rate: 0.5 });
      line.advance(500);
      const count = ({ y }, label) => y.filter((one) => one === label).length;
      const most = Number(count(this.train, 1) > count(this.train, 0));
      this.baseline = count(this.validation, most) / this.validation.n;
      this.linear = line.network.measure(this.validation)[1];
      const columns = [0, 1].map((k) => this.train.x.subarray(k * this.train.n, (k + 1) * this.train.n));
      this.ends = columns.map(around);
      this.places = new Map([COARSE, GRID].map((side) => [side, this.grid(side)]));
    }
    this.run = this.make(state.weight_seed, this.validation);
    this.code.hidden = this.spread.parentElement.hidden = true;
  }

  // The places of the plane, column by column, of so many each way.
  grid(side) {
    const place = (i, [low, high]) => low + (i / (side - 1)) * (high - low), n = side * side;
    const across = Array.from({ length: n }, (_, i) => place(i % side, this.ends[0]));
    return Float64Array.from([...across, ...across.map((_, i) => place(Math.floor(i / side), this.ends[1]))]);
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
    this.code.hidden = true; // it would stay behind
    this.pause = next === soon ? 50 : 10;
    this.panel.repeat(() => {
      const end = performance.now() + (next === soon ? AT_ONCE : 0);
      do {
        this.run.advance(Math.min(each, until - this.run.losses.length));
        if (this.run.divergedAt || this.run.losses.length >= until) return this.finish();
        if (!calm()) this.drawPlane(COARSE);
      } while (performance.now() < end);
      if (!calm()) this.drawRest(false); // once for each picture that the screen can show
    }, next);
  }

  finish() {
    const { panel, run } = this, texts = panel.model.get("modules");
    panel.turn = null;
    this.draw();
    if (!this.code.hidden) this.code.value = program(texts, panel.state, run.network.widths, run.losses.length);
    panel.say(this.sentence());
  }

  sentence() {
    const { divergedAt, losses: { length } } = this.run, [[loss, share], [heldLoss, heldShare]] = this.measured;
    if (divergedAt) return `스텝 ${divergedAt}에서 발산했습니다. 학습률을 줄여 보십시오.`;
    const losses = `학습 손실 ${loss.toFixed(6)}, 검증 손실 ${heldLoss.toFixed(6)}`; // program.txt prints the same line
    return `${length} 스텝: ${losses}, 정확도: 학습 ${share.toFixed(2)}, 검증 ${heldShare.toFixed(2)}.`;
  }

  draw() {
    this.drawPlane(GRID);
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

  drawPlane(side) {
    const { run, ends: [x, y] } = this, { dataset } = this.panel.root, n = side * side;
    this.outputs = run.network.forward(this.places.get(side), n);
    this.side = side;
    const out = this.outputs.at(-1);
    dataset.steps = run.losses.length;
    dataset.redraws = Number(dataset.redraws ?? 0) + 1;
    const plot = this.plot = new draw.Plot(this.plane, SIDE, SIDE, { x, y, xlabel: "x₁", ylabel: "x₂" });
    if (!run.divergedAt) {
      const lead = out.subarray(n).map((second, i) => second - out[i]);
      const share = this.panel.state.answers ? Math.sign : run.network.loss === "CEE" ? (z) => Math.tanh(z / 2) : (z) => z;
      plot.plane(side, (i) => draw.regionColor(share(lead[i])));
      plot.contour(lead, side, 0);
    }
    plot.overlay([this.cloud, this.panel.state.validation, this.here], (over) => this.drawPoints(over));
  }

  // The points, the cross and the axes.
  drawPoints(plot) {
    const { state } = this.panel;
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
  }

  drawGraph() {
    const { network } = this.run, { widths: sizes, layers } = network, n = this.side ** 2;
    const g = draw.paper(this.graph, WIDE, TALL);
    const radius = Math.min(15, (0.46 * (TALL - 60)) / Math.min(SHOWN, Math.max(...sizes)));
    const column = (l) => 30 + (l * (WIDE - 60)) / layers.length;
    const nodes = sizes.map((size, l) => {
      const many = Math.min(size, SHOWN);
      return Array.from({ length: many }, (_, i) => ({ l, i, x: column(l), y: 26 + ((TALL - 60) * (i + 0.5)) / many }));
    });
    const lines = layers.flatMap(({ W, nIn }, l) => nodes[l + 1].flatMap((to) => (
      nodes[l].map((from) => ({ from, to, value: W[to.i * nIn + from.i] }))
    )));
    this.items = [...nodes.flat(), ...lines]; // what can be picked
    this.picked = Math.min(this.picked, this.items.length - 1);
    const picked = this.items[this.picked];
    const widest = Math.max(...lines.map(({ value }) => Math.abs(value))) || 1;
    for (const line of lines) {
      const { value, from, to } = line, look = { width: line === picked ? 6 : 0.3 + (3 * Math.abs(value)) / widest };
      draw.stroke(g, [[from.x, from.y], [to.x, to.y]], { ...look, color: draw.COLORS[Number(value < 0)], dash: value < 0 ? [5, 3] : [] });
    }
    const flat = nodes.flat(), side = COARSE, half = (side - 1) / 2, every = (this.side - 1) / (side - 1); // of the plane's points
    const tones = flat.map(({ l, i }) => {
      const values = this.outputs[l].subarray(i * n, (i + 1) * n);
      const [low, high] = draw.extremes(values);
      return { values, low, scale: high - low > 0 && high - low < Infinity ? 190 / (high - low) : 0 };
    });
    const color = (at) => {
      const { values, low, scale } = tones[Math.floor(at / (side * side))], row = Math.floor(at / side) % side, across = at % side;
      const tone = scale ? 255 - scale * (values[every * ((side - 1 - row) * this.side + across)] - low) : 255;
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
    const lines = [[...run.losses.entries()], run.validationLosses].map((line, i) => {
      const end = run.divergedAt ? [] : [[last, this.measured[i][0]]];
      return [...thin(line), ...end].filter(([, loss]) => Number.isFinite(loss));
    });
    const heights = lines.flat().map(([, loss]) => loss), log = Boolean(run.divergedAt) && heights.length > 1;
    const [low, high] = heights.length ? draw.extremes(heights) : [0, 1];
    const step = 10 ** Math.floor(Math.log10(high - low || 1)), [from, to] = around([low, high]);
    const round = [step * Math.floor(from / step), step * Math.ceil(to / step)]; // such ends seldom change
    const y = log ? [Math.max(low, 1e-12) / 2, high * 2] : round, x = [0, run.divergedAt || Math.max(N_STEPS, last)];
    const axes = { x, y, xlabel: "스텝", ylabel: "손실", title: " ", log, room: 58 };
    const plot = new draw.Plot(this.curve, SIDE, SIDE, axes);
    plot.overlay("", (over) => over.frame());
    draw.write(plot.g, run.divergedAt ? `스텝 ${run.divergedAt}에서 발산` : `${thousands(last)} 스텝`, SIDE / 2, 12, { size: 13 });
    plot.curves({ "학습 손실": lines[0], "검증 손실": lines[1] });
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
    const name = ({ l, i }) => (l === 0 ? `입력 x${"₁₂"[i]}` : l === layers.length ? `출력 ${i}` : `은닉층 ${l}의 노드 ${i + 1}`);
    if (item.to) return `${name(item.from)} → ${name(item.to)}: 가중치 ${number(item.value, 4)}`;
    const value = this.run.network.forward(Float64Array.from(this.here), 1)[item.l][item.i];
    const bias = item.l ? `편향 ${number(layers[item.l - 1].b[item.i], 4)}, ` : "";
    return `${name(item)}: ${bias}십자 자리의 값 ${number(value, 4)}`;
  }

  move(by) {
    this.here = this.here.map((at, k) => within(at + by[k], ...this.ends[k]));
    this.draw();
    this.panel.say(this.valuesHere());
  }

  pick(key) {
    const last = this.items.length - 1;
    const to = { ArrowLeft: this.picked - 1, ArrowUp: this.picked - 1, ArrowRight: this.picked + 1, ArrowDown: this.picked + 1, Home: 0, End: last }[key];
    if (to === undefined) return false;
    this.picked = within(to, 0, last);
    this.draw();
    this.panel.say(this.told());
  }

  nearest(x, y) {
    const far = ({ from, to, ...node }) => {
      if (!to) return Math.hypot(x - node.x, y - node.y) - 12;
      const [dx, dy] = [to.x - from.x, to.y - from.y];
      const share = within(((x - from.x) * dx + (y - from.y) * dy) / (dx * dx + dy * dy), 0, 1);
      return Math.hypot(x - from.x - share * dx, y - from.y - share * dy);
    };
    const distances = this.items.map(far);
    return distances.indexOf(Math.min(...distances));
  }

  // Twenty networks of other weights learn the same rows at once.
  compare() {
    this.finish();
    const until = this.run.losses.length || N_STEPS;
    const runs = Array.from({ length: N_SEEDS }, (_, seed) => this.make(seed, null));
    this.spread.parentElement.hidden = false;
    this.panel.repeat(() => {
      const end = performance.now() + AT_ONCE;
      do for (const run of runs) run.advance(Math.min(10, until - run.losses.length));
      while (performance.now() < end && runs[0].losses.length < until);
      const ended = runs.every((run) => run.divergedAt || run.losses.length >= until);
      if (ended) this.panel.turn = null;
      if (ended || !calm()) this.drawSpread(runs, ended);
    }, soon);
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

  showCode() {
    this.code.hidden = !this.code.hidden;
    this.finish();
    if (this.code.hidden) return;
    this.code.focus();
    this.code.select();
    navigator.clipboard?.writeText(this.code.value).then(() => this.panel.say("PyTorch 코드를 복사했습니다."), () => {});
  }
}

export const render = explorer((panel) => {
  const training = new Training(panel), draw = () => training.draw();
  const changed = (name) => (["validation", "answers"].includes(name) ? draw() : training.change());
  return { draw, changed };
});
