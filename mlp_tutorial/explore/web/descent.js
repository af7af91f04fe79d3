// The explorer of descent: a ball on the loss over two weights, its gradient, and the steps of gradient descent.
import { COLORS, GREY, INK, PAPER, Plot, around, cross, number, rgb, write } from "./drawing.js";
import { calm, explorer, tag, tenth } from "./panel.js";

const SIDE = 340, END = 2.5, FINE = 61, N_WALK = 100, X = Array.from({ length: 21 }, (_, i) => (i - 10) / 5);
const quadratic = (steep) => ({ at: (u, v) => [(u * u + steep * v * v) / 2, u, steep * v], minima: [[0, 0]] });
const VALLEYS = { // (w₁, w₂) → the loss and its gradient; where the loss is 0
  bowl: quadratic(1),
  ravine: quadratic(10),
  tanh: {
    at: (u, v) => X.reduce((total, x) => {
      const bent = Math.tanh(u * x), error = v * bent - Math.tanh(x), share = 1 / X.length;
      const added = [error * error, 2 * error * v * x * (1 - bent * bent), 2 * error * bent];
      return total.map((sum, k) => sum + added[k] * share);
    }, [0, 0, 0]),
    minima: [[1, 1], [-1, -1]],
  },
};

// The losses on a grid, the first row below, and the levels of the contour lines: surfaces.py has the same.
function surface({ at }) {
  const place = (i) => END * ((2 * i) / (FINE - 1) - 1);
  const heights = Float64Array.from({ length: FINE * FINE }, (_, i) => at(place(i % FINE), place(Math.floor(i / FINE)))[0]);
  const high = Math.max(...heights), top = Math.floor(Math.log10(high));
  const levels = [top - 2, top - 1, top].flatMap((power) => [1, 2, 5].map((digit) => Number(`${digit}e${power}`)));
  return { heights, high, levels: levels.filter((level) => Math.min(...heights) < level && level < high) };
}

export const render = explorer((panel) => {
  let path, plot, drawn = {};
  const map = panel.canvas(SIDE, SIDE, {
    drag: true,
    arrows: (by) => put(panel.state.w_1 + by[0], panel.state.w_2 + by[1]),
    point: (x, y, pressed) => pressed && put(...plot.at(x, y)),
  });
  const slice = panel.canvas(SIDE, SIDE), list = tag("ol", { class: "steps" });
  panel.said.before(list);
  panel.button("한 걸음", () => {
    panel.turn = null;
    step();
    draw();
  });
  panel.button("걷기", walk);
  panel.button("처음으로", restart);

  const loss = (w) => VALLEYS[panel.state.valley].at(...w);

  function put(w_1, w_2) {
    panel.set({ w_1: tenth(w_1, END), w_2: tenth(w_2, END) });
    restart();
  }

  function restart() {
    panel.turn = null;
    path = [[panel.state.w_1, panel.state.w_2]];
    draw();
  }

  function step() {
    const w = path.at(-1), [value, ...gradient] = loss(w);
    if (!(value < 1e6)) return false;
    path.push(w.map((at, k) => at - panel.state.learning_rate * gradient[k]));
    return path.length <= N_WALK;
  }

  function walk() {
    panel.say("공이 걷는 중입니다.");
    let last = 0;
    panel.repeat((time) => {
      if (time - last <= 120 && !calm()) return;
      last = time;
      if (!step()) panel.turn = null;
      if (!calm() || !panel.turn) draw();
    });
  }

  function draw() {
    const w = path.at(-1), [value, ...gradient] = loss(w);
    drawMap();
    drawSlice(w, value, gradient);
    list.replaceChildren(...path.slice(-4).map((at, k) => {
      const [height, ...slope] = loss(at), n = path.length - Math.min(4, path.length) + k;
      return tag("li", { value: n }, `w = (${number(at[0], 3)}, ${number(at[1], 3)}), 손실 ${number(height, 4)}, 기울기 (${number(slope[0], 3)}, ${number(slope[1], 3)})`);
    }));
    const grown = path.length > 1 && value > loss(path[0])[0] ? " 처음보다 커졌습니다. 학습률이 너무 큽니다." : "";
    const said = `${path.length - 1} 걸음 뒤의 손실 ${number(value, 4)}, 기울기의 크기 ${number(Math.hypot(...gradient), 3)}.${grown}`;
    panel.describe(map, `두 가중치의 골짜기. ✕는 손실이 0인 자리입니다. ${said} 화살표로 처음 자리를 옮깁니다.`);
    panel.describe(slice, `내려가는 쪽으로 자른 단면. ${said}`);
    if (!panel.turn) panel.say(said);
  }

  function drawMap() {
    const valley = VALLEYS[panel.state.valley];
    if (drawn.valley !== valley) drawn = { valley, ...surface(valley) };
    const { heights, high, levels } = drawn;
    plot = new Plot(map, SIDE, SIDE, { x: [-END, END], y: [-END, END], xlabel: "w₁", ylabel: "w₂" });
    plot.plane(FINE, (i) => {
      const tone = 255 - 95 * (heights[i] / high) ** 0.4;
      return rgb(tone, tone, tone);
    });
    const lines = levels.map((level) => plot.contour(heights, FINE, level, { color: GREY, width: 0.7 }));
    for (const place of valley.minima) cross(plot.g, plot.px(place[0]), plot.py(place[1]), 5, { width: 2 });
    plot.line(path, { width: 1.3 });
    path.forEach(([x, y], i) => plot.dot(x, y, i && i < path.length - 1 ? { size: 2 } : { size: 6, fill: i === path.length - 1 ? INK : PAPER }));
    levels.forEach((level, k) => { // at 10, 1, 0.1, … but for the lowest; to the lower right, where walks seldom lead
      if (!k || Math.log10(level) % 1) return;
      const inside = lines[k].map(([at]) => at).filter(([x, y]) => x < plot.box.right - 20 && y < plot.box.bottom - 12);
      const [x, y] = inside.reduce((best, at) => (at[0] + at[1] > best[0] + best[1] ? at : best), [-Infinity, 0]);
      write(plot.g, `${level}`, x, y, { size: 11, halo: true });
    });
    plot.frame();
  }

  // The loss along the way down, its tangent here, and where the next step leads.
  function drawSlice(w, value, gradient) {
    const size = Math.hypot(...gradient), step = panel.state.learning_rate * size, reach = Math.max(0.5, 1.3 * step);
    const along = (t) => loss(w.map((at, k) => at - (size ? (t * gradient[k]) / size : 0)))[0];
    const xs = Array.from({ length: 81 }, (_, i) => -0.4 * reach + (i / 80) * 1.6 * reach), ys = xs.map(along);
    if (!(value < 1e6)) return;
    const title = "내려가는 쪽으로 자른 단면", y = around([...ys, value - step * size]);
    const cut = new Plot(slice, SIDE, SIDE, { x: [xs[0], xs[80]], y, xlabel: "움직인 거리", ylabel: "손실", title });
    cut.line(xs.map((x, i) => [x, ys[i]]), { color: COLORS[0], width: 2 });
    const tangent = (t) => [t, value - t * size];
    cut.line([xs[0], step].map(tangent), { color: COLORS[1], dash: [7, 3], width: 1.8 });
    cut.line([tangent(step), [step, along(step)]], { color: GREY, dash: [2, 3] });
    cut.dot(0, value, { size: 6 });
    cut.dot(step, along(step), { size: 6, fill: PAPER });
    cut.frame();
  }

  restart();
  return { draw, changed: restart };
});
