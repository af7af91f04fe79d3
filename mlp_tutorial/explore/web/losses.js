// The explorer of losses: a prediction between two classes, and what MSE and CEE say of it.
import { COLORS, Plot, number } from "./drawing.js";
import { explorer, room, within } from "./panel.js";

const WIDE = Math.min(420, room());
const LOGITS = Array.from({ length: 121 }, (_, i) => -6 + i / 10);

// [MSE, CEE] and their gradients to the logit of class 1, that of class 0 being 0.
function losses(label, z) {
  const p = 1 / (1 + Math.exp(-z)), off = p - label;
  return { "손실": [off * off, Math.log1p(Math.exp(label ? -z : z))], "기울기": [2 * off * p * (1 - p), off] };
}

export const render = explorer((panel) => {
  const aim = (x, _, pressed) => {
    if (!pressed) return;
    panel.set({ logit: within(Math.round(2 * plots[0].at(x, 0)[0]) / 2, -6, 6) });
    draw();
  };
  const views = [0, 1].map(() => panel.canvas(WIDE, 300, { point: aim }));
  let plots;

  function draw() {
    const { label, logit } = panel.state, here = losses(label, logit);
    const told = Object.keys(here).map((what) => `${what} MSE ${number(here[what][0], 3)}, CEE ${number(here[what][1], 3)}`);
    plots = Object.keys(here).map((what, i) => {
      const lines = [0, 1].map((k) => LOGITS.map((z) => [z, losses(label, z)[what][k]]));
      const y = what === "손실" ? [-0.4, 6.6] : label ? [-1.1, 0.1] : [-0.1, 1.1];
      const plot = new Plot(views[i], WIDE, 300, { x: [-6, 6], y, xlabel: "클래스 1의 로짓", ylabel: what, title: told[i], room: 36 });
      plot.curves({ MSE: lines[0], CEE: lines[1] });
      here[what].forEach((value, k) => plot.dot(logit, value, { color: COLORS[k] }));
      plot.frame();
      panel.describe(views[i], `${what}의 곡선. ${told[i]}.`);
      return plot;
    });
    panel.say(`정답이 클래스 ${label}이고 클래스 1의 로짓이 ${String(logit).replace("-", "−")}일 때 ${told.join(". ")}.`);
  }

  draw();
  return { draw };
});
