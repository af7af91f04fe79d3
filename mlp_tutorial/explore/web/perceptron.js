// The explorer of the perceptron: one line, moved by hand, and how many of a gate's four cases it gets right.
import { PAPER, Plot, cross, marker, number, regionColor } from "./drawing.js";
import { explorer, room, tag, tenth } from "./panel.js";

const GATES = { AND: [0, 0, 0, 1], OR: [0, 1, 1, 1], NAND: [1, 1, 1, 0], XOR: [0, 1, 1, 0] };
const SIDE = Math.min(380, room()), ENDS = [-0.6, 1.6], FINE = 96, HANDLES = [0.6, -0.6];

export const render = explorer((panel) => {
  let plot, held = null, tried = 0;
  const view = panel.canvas(SIDE, SIDE, { drag: true, arrows: move, point: drag });
  const clock = tag("p");
  panel.said.before(clock);

  // The line passes through `middle`; at(s) lies s from there. The two handles stand on it.
  function line() {
    const { w_1, w_2, b } = panel.state, norm = Math.hypot(w_1, w_2);
    if (norm < 1e-9) return null;
    const off = (w_1 * 0.5 + w_2 * 0.5 + b) / (norm * norm);
    const middle = [0.5 - off * w_1, 0.5 - off * w_2], along = [-w_2 / norm, w_1 / norm];
    return { norm, middle, at: (s) => middle.map((m, k) => m + s * along[k]) };
  }

  function through([x, y], ...w) {
    const [w_1, w_2] = w.map((one) => tenth(one, 3));
    panel.set({ w_1, w_2, b: tenth(-(w_1 * x + w_2 * y), 4) });
    draw();
  }

  // A handle turns the line about the other one; anywhere else the line is moved along.
  function drag(x, y, pressed, type) {
    const here = line(), at = plot.at(x, y);
    if (!pressed || !here) {
      held = null;
      return;
    }
    if (type === "pointerdown") {
      const far = HANDLES.map(here.at);
      const near = far.findIndex(([u, v]) => Math.hypot(plot.px(u) - x, plot.py(v) - y) < 18);
      held = { fixed: near < 0 ? null : far[1 - near], turn: near ? -1 : 1, w: [panel.state.w_1, panel.state.w_2], norm: here.norm };
    }
    if (!held) return;
    if (!held.fixed) through(at, ...held.w);
    else {
      const [dx, dy] = [at[0] - held.fixed[0], at[1] - held.fixed[1]], length = Math.hypot(dx, dy) || 1;
      through(held.fixed, (held.turn * held.norm * dy) / length, (-held.turn * held.norm * dx) / length);
    }
  }

  function move(way, shift) {
    const here = line();
    if (!here) return false;
    const { w_1, w_2 } = panel.state, turn = 0.1 * Math.sign(way[0] + way[1]), [cos, sin] = [Math.cos(turn), Math.sin(turn)];
    if (shift) through(here.middle, cos * w_1 - sin * w_2, sin * w_1 + cos * w_2);
    else through(here.middle.map((m, k) => m + way[k]), w_1, w_2);
  }

  function draw() {
    const { gate, w_1, w_2, b } = panel.state, answer = (x, y) => w_1 * x + w_2 * y + b;
    plot = new Plot(view, SIDE, SIDE, { x: ENDS, y: ENDS, xlabel: "x₁", ylabel: "x₂" });
    const place = (i) => ENDS[0] + ((i + 0.5) / FINE) * (ENDS[1] - ENDS[0]);
    plot.plane(FINE, (i) => regionColor(Math.sign(answer(place(i % FINE), place(Math.floor(i / FINE))))));
    const here = line();
    if (here) {
      plot.line([-4, 4].map(here.at), { width: 2 });
      for (const s of HANDLES) plot.dot(...here.at(s), { fill: PAPER, size: 7 });
    }
    let rightOnes = 0;
    GATES[gate].forEach((label, i) => {
      const [x, y] = [i >> 1, i & 1], good = Number(answer(x, y) > 0) === label;
      rightOnes += good;
      marker(plot.g, plot.px(x), plot.py(y), label, { size: 8 });
      if (!good) cross(plot.g, plot.px(x), plot.py(y), 13);
    });
    plot.frame();
    const sign = (value) => `${value < 0 ? "−" : "+"} ${number(Math.abs(value), 1)}`;
    const said = `${gate}: 넷 가운데 ${rightOnes}개가 맞습니다. ${number(w_1, 1)}·x₁ ${sign(w_2)}·x₂ ${sign(b)} > 0이면 클래스 1입니다.`;
    panel.describe(view, `${said} 화살표로 직선을 옮기고 Shift와 화살표로 돌립니다.`);
    panel.say(said);
  }

  panel.repeat(() => {
    if (panel.state.gate !== "XOR" || document.hidden) return;
    tried += 1;
    clock.textContent = `XOR에 들인 시간: ${Math.floor(tried / 60)}분 ${tried % 60}초`;
  }, (go) => setTimeout(go, 1000));
  draw();
  return { draw };
});
