// The six clouds of points that a network can learn, as points.py makes them, and their split.
import { Twister } from "./random.js";

const N_ROWS = 600;

// Rows of (x₁, x₂) and labels, as points.points(data, noise, seed).
function points(data, noise, seed) {
  const n = N_ROWS, half = n / 2;
  const random = new Twister(seed);
  const samples = (count) => Array.from({ length: count }, () => random.sample());
  let x, y, spread = 0;
  if (data === "moons" || data === "rings") {
    x = Array.from({ length: n }, (_, i) => {
      const angle = ((i % half) * (data === "moons" ? Math.PI / (half - 1) : (2 * Math.PI) / half));
      const [across, up] = [Math.cos(angle), Math.sin(angle)];
      if (i < half) return [across, up];
      return data === "moons" ? [1 - across, 0.5 - up] : [0.4 * across, 0.4 * up];
    });
    const order = random.shuffled(n);
    [x, y, spread] = [order.map((i) => x[i]), order.map((i) => Number(i >= half)), data === "moons" ? noise : noise / 2];
  } else {
    y = Array.from({ length: n }, (_, i) => i % 2);
    const t = samples(n), s = samples(n);
    if (data === "clusters") [x, spread] = [y.map((one) => [one - 0.5, one - 0.5]), noise];
    else if (data === "spiral") {
      x = t.map((r, i) => [r * Math.sin(5 * r + Math.PI * y[i]), r * Math.cos(5 * r + Math.PI * y[i])]);
      spread = noise / 8;
    } else {
      x = t.map((r, i) => [2 * r - 1, 2 * s[i] - 1]);
      if (data === "xor") [y, spread] = [x.map(([a, b]) => Number(a * b < 0)), noise / 3];
    }
  }
  return { x: x.map((row) => row.map((at) => Math.fround(at + spread * random.normal()))), y };
}

// The rows for training and for validation, as mt.split shares them out.
export function parts({ data, noise, data_seed, split_seed, n_train }) {
  const { x, y } = points(data, noise, data_seed);
  const order = new Twister(split_seed).permutation(N_ROWS);
  return [order.slice(0, n_train), order.slice(n_train)].map((rows) => ({
    n: rows.length,
    x: Float64Array.from([...rows.map((row) => x[row][0]), ...rows.map((row) => x[row][1])]), // column by column
    y: Int32Array.from(rows, (row) => y[row]),
  }));
}
