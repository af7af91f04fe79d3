// A multi-layer perceptron that computes what PyTorch computes in float64: losses, gradients, and the steps of mt.fit.
// Arrays are kept column by column, all rows of the first feature first, which lets the inner loops run over rows.
import { Twister } from "./random.js";

const BATCH_SEED = 123; // mt.fit's

// f(z), and its slope told from its value, as autograd does.
export const ACTIVATIONS = {
  ReLU: { of: (z) => (z < 0 ? 0 : z), slope: (a) => (a > 0 ? 1 : 0) }, // NaN stays
  tanh: { of: Math.tanh, slope: (a) => 1 - a * a },
  sigmoid: { of: (z) => 1 / (1 + Math.exp(-z)), slope: (a) => a * (1 - a) },
  none: { of: (z) => z, slope: () => 1 },
};

// to (nOut, n) = start + weights @ from (nIn, n), where weights[j, i] lies at j·down + i·right; no 0·∞ comes in.
// Two rows by four at a time: each number that is read serves twice, each that is written four times.
function combine(to, from, n, nOut, nIn, weights, down, right, start) {
  for (let j = 0; j < nOut; j++) to.fill(start ? start[j] : 0, j * n, j * n + n);
  let j = 0;
  for (; j + 1 < nOut; j += 2) {
    const p = j * n, q = p + n;
    let i = 0, w = j * down;
    for (; i + 3 < nIn; i += 4, w += 4 * right) {
      const a = i * n, b = a + n, c = b + n, d = c + n, v = w + down;
      const w0 = weights[w], w1 = weights[w + right], w2 = weights[w + 2 * right], w3 = weights[w + 3 * right];
      const v0 = weights[v], v1 = weights[v + right], v2 = weights[v + 2 * right], v3 = weights[v + 3 * right];
      for (let r = 0; r < n; r++) {
        const x0 = from[a + r], x1 = from[b + r], x2 = from[c + r], x3 = from[d + r];
        to[p + r] += w0 * x0 + w1 * x1 + w2 * x2 + w3 * x3;
        to[q + r] += v0 * x0 + v1 * x1 + v2 * x2 + v3 * x3;
      }
    }
    for (; i < nIn; i++, w += right) {
      const w0 = weights[w], v0 = weights[w + down], a = i * n;
      for (let r = 0; r < n; r++) {
        to[p + r] += w0 * from[a + r];
        to[q + r] += v0 * from[a + r];
      }
    }
  }
  for (let i = 0, w = j * down; j < nOut && i < nIn; i++, w += right) {
    for (let r = 0; r < n; r++) to[j * n + r] += weights[w] * from[i * n + r];
  }
}

// gradients (nOut, nIn) = delta (nOut, n) @ before (nIn, n) turned.
function products(gradients, delta, before, n, nOut, nIn) {
  for (let j = 0, w = 0; j < nOut; j++) {
    const row = delta.subarray(j * n, j * n + n);
    let i = 0;
    for (; i + 3 < nIn; i += 4, w += 4) {
      const a = i * n, b = a + n, c = b + n, d = c + n;
      let s0 = 0, s1 = 0, s2 = 0, s3 = 0;
      for (let r = 0; r < n; r++) {
        const by = row[r];
        s0 += by * before[a + r];
        s1 += by * before[b + r];
        s2 += by * before[c + r];
        s3 += by * before[d + r];
      }
      gradients.set([s0, s1, s2, s3], w);
    }
    for (; i < nIn; i++, w++) {
      let sum = 0;
      for (let r = 0, a = i * n; r < n; r++) sum += row[r] * before[a + r];
      gradients[w] = sum;
    }
  }
}

export class Network {
  // widths: nodes per layer, input and output included; loss: "CEE", or "MSE" against one-hot rows (or one number).
  constructor(widths, activation, loss) {
    Object.assign(this, { widths, activation, loss, spaces: new Map() });
    this.layers = widths.slice(1).map((nOut, i) => {
      const sizes = [nOut * widths[i], nOut];
      const [W, b, dW, db] = [...sizes, ...sizes].map((size) => new Float64Array(size));
      return { nIn: widths[i], nOut, W, b, dW, db };
    });
  }

  // As torch.manual_seed(seed) and nn.Linear in float64 draw them.
  reset(seed) {
    const random = new Twister(seed);
    const gain = Math.sqrt(2 / (1 + Math.sqrt(5) ** 2));
    for (const { nIn, W, b } of this.layers) {
      const bound = Math.sqrt(3) * (gain / Math.sqrt(nIn));
      for (let i = 0; i < W.length; i++) W[i] = random.uniform(-bound, bound);
      for (let i = 0; i < b.length; i++) b[i] = random.uniform(-1 / Math.sqrt(nIn), 1 / Math.sqrt(nIn));
    }
    return this;
  }

  // Room for n rows: each layer's outputs, and the gradients to them.
  space(n) {
    if (!this.spaces.has(n)) {
      const make = () => this.widths.map((width) => new Float64Array(n * width));
      this.spaces.set(n, { outputs: make(), deltas: make() });
    }
    return this.spaces.get(n);
  }

  // Returns each layer's outputs (width, n), the input's first; the next call with as many rows writes over them.
  forward(x, n) {
    const { outputs } = this.space(n);
    outputs[0] = x;
    this.layers.forEach(({ nIn, nOut, W, b }, index) => {
      const after = outputs[index + 1];
      combine(after, outputs[index], n, nOut, nIn, W, nIn, 1, b);
      if (index === this.layers.length - 1 || this.activation === "none") return;
      if (this.activation === "ReLU") {
        for (let i = 0; i < after.length; i++) if (after[i] < 0) after[i] = 0;
      } else {
        const { of } = ACTIVATIONS[this.activation];
        for (let i = 0; i < after.length; i++) after[i] = of(after[i]);
      }
    });
    return outputs;
  }

  // The mean loss of these outputs (D_out, n) against y; its gradient to the outputs goes into `delta`, where given.
  cost(out, y, n, delta) {
    const width = this.widths.at(-1);
    let total = 0;
    for (let row = 0; row < n; row++) {
      if (this.loss === "CEE") {
        let top = out[row], sum = 0;
        for (let at = row + n; at < out.length; at += n) if (!(out[at] <= top)) top = out[at];
        for (let at = row; at < out.length; at += n) sum += Math.exp(out[at] - top);
        total += Math.log(sum) + top - out[y[row] * n + row];
        if (!delta) continue;
        for (let at = row; at < out.length; at += n) delta[at] = Math.exp(out[at] - top) / sum / n;
        delta[y[row] * n + row] -= 1 / n;
      } else {
        for (let k = 0, at = row; k < width; k++, at += n) {
          const error = out[at] - (width > 1 ? Number(k === y[row]) : y[row]);
          total += (error * error) / width;
          if (delta) delta[at] = (2 * error) / (n * width);
        }
      }
    }
    return total / n;
  }

  // Fills dW and db of each layer with the loss's gradients; returns the loss.
  backward(x, y, n) {
    const outputs = this.forward(x, n), { deltas } = this.space(n);
    const value = this.cost(outputs.at(-1), y, n, deltas.at(-1));
    for (let index = this.layers.length - 1; index >= 0; index--) {
      const { nIn, nOut, W, dW, db } = this.layers[index];
      const [before, earlier, delta] = [outputs[index], deltas[index], deltas[index + 1]];
      products(dW, delta, before, n, nOut, nIn);
      for (let j = 0; j < nOut; j++) {
        let sum = 0;
        for (let r = j * n; r < j * n + n; r++) sum += delta[r];
        db[j] = sum;
      }
      if (!index) break;
      combine(earlier, delta, n, nIn, nOut, W, 1, nIn);
      if (this.activation === "ReLU") {
        for (let i = 0; i < earlier.length; i++) if (!(before[i] > 0)) earlier[i] = 0;
      } else if (this.activation !== "none") {
        const { slope } = ACTIVATIONS[this.activation];
        for (let i = 0; i < earlier.length; i++) earlier[i] *= slope(before[i]);
      }
    }
    return value;
  }

  update(learningRate) {
    for (const { W, b, dW, db } of this.layers) {
      for (let i = 0; i < W.length; i++) W[i] -= learningRate * dW[i];
      for (let i = 0; i < b.length; i++) b[i] -= learningRate * db[i];
    }
  }

  // [loss, accuracy] on a part of the data, an answer being the first of the largest outputs.
  measure({ x, y, n }) {
    const out = this.forward(x, n).at(-1);
    let right = 0;
    for (let row = 0; row < n; row++) {
      let best = row;
      for (let at = row + n; at < out.length; at += n) if (out[at] > out[best]) best = at;
      right += best === y[row] * n + row;
    }
    return [this.cost(out, y, n), right / n];
  }
}

// A training run as mt.fit's: each loss is measured before its step's update; one that is no number ends the run.
export class Run {
  // sparse: measure the validation loss at two steps of each twenty alone, one even and one odd: an oscillation shows.
  constructor(network, train, validation, { learning_rate, batch_size }, sparse = false) {
    Object.assign(this, { network, train, validation, sparse, learning_rate, batch_size: batch_size || train.n });
    Object.assign(this, { losses: [], validationLosses: [], divergedAt: 0, order: [], random: new Twister(BATCH_SEED) });
  }

  batch() {
    const { x, y, n } = this.train;
    if (this.batch_size >= n) return this.train;
    if (!this.order.length) this.order = this.random.permutation(n);
    const rows = this.order.splice(0, this.batch_size), inputs = new Float64Array((x.length / n) * rows.length);
    for (let i = 0; i < inputs.length; i++) inputs[i] = x[Math.floor(i / rows.length) * n + rows[i % rows.length]];
    return { x: inputs, y: rows.map((row) => y[row]), n: rows.length };
  }

  advance(nSteps) {
    for (; nSteps > 0 && !this.divergedAt; nSteps--) {
      const { x, y, n } = this.batch();
      const loss = this.network.backward(x, y, n);
      if (!Number.isFinite(loss)) {
        this.divergedAt = this.losses.length + 1;
        return;
      }
      const step = this.losses.push(loss) - 1;
      if (this.validation && (!this.sparse || step % 20 < 2)) {
        const { x: held, y: answers, n: rows } = this.validation;
        this.validationLosses.push([step, this.network.cost(this.network.forward(held, rows).at(-1), answers, rows)]);
      }
      this.network.update(this.learning_rate);
    }
  }
}
