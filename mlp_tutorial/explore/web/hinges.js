// The explorer of hinges: ReLU nodes of one input, each a line with a kink, whose sum is the network's output.
import { COLORS, GREY, PAPER, Plot, number } from "./drawing.js";
import { Network, Run } from "./network.js";
import { explorer, room, tenth, within } from "./panel.js";

const TARGETS = { sin: Math.sin, square: (x) => (x * x) / 4, step: (x) => Number(x > 0), abs: Math.abs };
const WIDE = Math.min(520, room()), TALL = 340, X = Array.from({ length: 121 }, (_, i) => (i - 60) / 20);

export const render = explorer((panel) => {
  let plot, held = null;
  const view = panel.canvas(WIDE, TALL, { drag: true, arrows: move, point: drag });
  panel.button("맞추기", fit);

  const part = ([kink, slope], x) => slope * Math.max(0, x - kink);
  const chosen = () => within(panel.state.node, 1, panel.state.n) - 1;
  const used = () => panel.state.nodes.slice(0, panel.state.n);
  const sum = (x) => used().reduce((total, node) => total + part(node, x), panel.state.bias);

  // Puts a node's kink and slope into the state, and into the two controls where it is the chosen one.
  function put(index, kink, slope) {
    panel.set({ nodes: panel.state.nodes.map((node, i) => (i === index ? [kink, slope] : node)) });
    choose(index);
  }

  function choose(index) {
    const [kink, slope] = panel.state.nodes[index];
    panel.set({ node: index + 1, kink, slope });
  }

  function changed(name) {
    const { kink, slope } = panel.state;
    if (name === "kink" || name === "slope") put(chosen(), kink, slope);
    else choose(chosen());
    draw();
  }

  // The round handle, on the sum, moves a kink; the square one, a step to the right on the node's own line, its slope.
  const handles = () => used().flatMap((node, i) => [
    { i, kink: true, x: node[0], y: sum(node[0]) },
    { i, kink: false, x: Math.min(2.9, node[0] + 0.6), y: panel.state.bias + part(node, Math.min(2.9, node[0] + 0.6)) },
  ]);

  function drag(x, y, pressed, type) {
    if (type === "pointerdown") {
      const all = handles(), far = all.map((one) => Math.hypot(plot.px(one.x) - x, plot.py(one.y) - y));
      held = Math.min(...far) < 20 ? all[far.indexOf(Math.min(...far))] : null;
    }
    if (!pressed || !held) return;
    const [across, up] = plot.at(x, y), [kink, slope] = panel.state.nodes[held.i];
    if (held.kink) put(held.i, tenth(across, 3), slope);
    else put(held.i, kink, tenth((up - panel.state.bias) / Math.max(0.1, held.x - kink), 4));
    draw();
  }

  function move(by) {
    const [kink, slope] = panel.state.nodes[chosen()];
    put(chosen(), tenth(kink + by[0], 3), tenth(slope + by[1], 4));
    draw();
  }

  // Trains kinks, slopes and bias as the network 1-n-1 that they are: ReLU(x − kink) · slope.
  function fit() {
    const { n, bias, target } = panel.state, network = new Network([1, n, 1], "ReLU", "MSE");
    const [first, last] = network.layers, data = { x: Float64Array.from(X), y: X.map(TARGETS[target]), n: X.length };
    first.W.fill(1);
    used().forEach(([kink, slope], i) => { [first.b[i], last.W[i]] = [-kink, slope || 0.1]; });
    last.b[0] = bias;
    new Run(network, data, null, { learning_rate: 0.02 }).advance(3000);
    const found = used().map((_, i) => [tenth(-first.b[i] / first.W[i], 3), tenth(first.W[i] * last.W[i], 4)]);
    panel.set({ nodes: [...found, ...panel.state.nodes.slice(n)], bias: tenth(last.b[0], 3) });
    choose(chosen());
    draw();
  }

  function draw() {
    const { target, n } = panel.state, index = chosen(), wanted = TARGETS[target];
    const error = X.reduce((total, x) => total + (sum(x) - wanted(x)) ** 2, 0) / X.length;
    const title = `평균제곱오차 ${number(error, 4)}`;
    plot = new Plot(view, WIDE, TALL, { x: [-3, 3], y: [-3, 4], xlabel: "x", ylabel: "출력", title, room: 60 });
    used().forEach((one, i) => {
      const own = X.filter((x) => x >= one[0]).map((x) => [x, panel.state.bias + part(one, x)]);
      plot.line(own, { color: GREY, width: i === index ? 2.5 : 1, dash: [2, 3] });
    });
    plot.curves({ "맞출 곡선": X.map((x) => [x, wanted(x)]), "합": X.map((x) => [x, sum(x)]) });
    for (const { i, kink, x, y } of handles()) {
      const color = kink ? COLORS[1] : GREY, fill = i === index ? color : PAPER;
      if (kink) plot.dot(x, y, { color, fill, size: 7 });
      else {
        [plot.g.fillStyle, plot.g.strokeStyle, plot.g.lineWidth] = [fill, color, 1.5];
        plot.g.fillRect(plot.px(x) - 5, plot.py(y) - 5, 10, 10);
        plot.g.strokeRect(plot.px(x) - 5, plot.py(y) - 5, 10, 10);
      }
    }
    plot.frame();
    const [kink, slope] = used()[index];
    const said = `ReLU 노드 ${n}개의 합. ${title}. 노드 ${index + 1}: ${number(kink, 1)}에서 꺾이고, 더하는 기울기는 ${number(slope, 1)}입니다.`;
    panel.describe(view, `${said} 화살표로 꺾이는 자리와 기울기를 바꿉니다.`);
    panel.say(said);
  }

  draw();
  return { draw, changed };
});
