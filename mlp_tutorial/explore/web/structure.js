// The explorer of structure: layer sizes, the network's diagram, and its parameters layer by layer.
import { LIGHT, PAPER, paper, ring, stroke, thousands, write } from "./drawing.js";
import { explorer, room, tag } from "./panel.js";

const WIDE = Math.min(640, room()), TALL = 300, MOST = 6; // nodes of a layer that are drawn: the first ones and the last

export const render = explorer((panel) => {
  const view = panel.canvas(WIDE, TALL), counts = tag("ul", { class: "counts" });
  panel.said.before(counts);

  function draw() {
    const { D_in, n_hidden, H, D_out } = panel.state;
    const widths = [D_in, ...Array(n_hidden).fill(H), D_out], g = paper(view, WIDE, TALL);
    const layers = widths.map((width, l) => {
      const many = Math.min(width, MOST), x = WIDE / 14 + (l * WIDE * 6) / 7 / (widths.length - 1);
      return Array.from({ length: many }, (_, i) => {
        const dots = width > MOST && i === many - 2; // the place of the nodes left out
        return { x, y: 36 + ((TALL - 76) * (i + 0.5)) / many, dots };
      });
    });
    layers.slice(1).forEach((targets, l) => {
      for (const to of targets.filter(({ dots }) => !dots)) {
        for (const from of layers[l].filter(({ dots }) => !dots)) stroke(g, [[from.x, from.y], [to.x, to.y]], { color: LIGHT, width: 1 });
      }
    });
    layers.forEach((nodes, l) => {
      for (const { x, y, dots } of nodes) {
        if (dots) for (const step of [-6, 0, 6]) write(g, "·", x, y + step, { size: 18 });
        else ring(g, x, y, 12, { fill: PAPER });
      }
      const name = l === 0 ? "입력층" : l === layers.length - 1 ? "출력층" : n_hidden > 1 ? `은닉 ${l}` : "은닉층";
      write(g, name, nodes[0].x, 16);
      write(g, `${thousands(widths[l])}개`, nodes[0].x, TALL - 14);
    });
    const parts = widths.slice(1).map((width, l) => [widths[l] * width, width]);
    const total = parts.reduce((sum, [weights, biases]) => sum + weights + biases, 0);
    counts.replaceChildren(...parts.map(([weights, biases], l) => tag("li", {},
      `${thousands(widths[l])} → ${thousands(widths[l + 1])}: 가중치 ${thousands(weights)} + 편향 ${thousands(biases)} = ${thousands(weights + biases)}`)));
    const said = `${widths.join("-")} 신경망의 그림. 매개변수는 ${thousands(total)}개.`;
    panel.describe(view, said);
    panel.say(said);
  }

  draw();
  return { draw };
});
