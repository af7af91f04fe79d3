// A multi-layer perceptron that computes what PyTorch computes in float64: losses, gradients, and the steps of mt.fit.
// Arrays are kept column by column, all rows of the first feature first, which lets the inner loops run over rows.
import { Twister } from "./random.js";

const BATCH_SEED = 123; // mt.fit's

// In place: `of` turns a layer's values z into a = f(z); `back` turns d, the gradients to a, into those to z, told from
// a as autograd does. Each has its own loop: a call for each value would cost more than what it computes.
const ACTIVATIONS = {
  ReLU: {
    of(a) { for (let i = 0; i < a.length; i++) if (a[i] < 0) a[i] = 0; }, // NaN stays
    back(d, a) { for (let i = 0; i < d.length; i++) if (!(a[i] > 0)) d[i] = 0; }, // no 0·∞
  },
  tanh: {
    of(a) { for (let i = 0; i < a.length; i++) a[i] = Math.tanh(a[i]); },
    back(d, a) { for (let i = 0; i < d.length; i++) d[i] *= 1 - a[i] * a[i]; },
  },
  sigmoid: {
    of(a) { for (let i = 0; i < a.length; i++) a[i] = 1 / (1 + Math.exp(-a[i])); },
    back(d, a) { for (let i = 0; i < d.length; i++) d[i] *= a[i] * (1 - a[i]); },
  },
  none: { of() {}, back() {} },
};

// to (nOut, n) = start + weights @ from (nIn, n), where weights[j, i] lies at j·down + i·right; no 0·∞ comes in.
// Two of the outputs by four of the rows at a time, summed apart from the arrays: each number read serves often. Where
// their number is odd, the last of the outputs is its own neighbour.
function combine(to, from, n, nOut, nIn, weights, down, right, start) {
  for (let j = 0; j < nOut; j += 2) {
    const k = Math.min(j + 1, nOut - 1), p = j * n, q = k * n, v = j * down, w = k * down;
    const b = start ? start[j] : 0, c = start ? start[k] : 0;
    let r = 0;
    for (; r + 3 < n; r += 4) {
      let s0 = b, s1 = b, s2 = b, s3 = b, t0 = c, t1 = c, t2 = c, t3 = c;
      for (let i = 0, a = r, at = 0; i < nIn; i++, a += n, at += right) {
        const one = weights[v + at], two = weights[w + at], x0 = from[a], x1 = from[a + 1], x2 = from[a + 2], x3 = from[a + 3];
        s0 += one * x0; s1 += one * x1; s2 += one * x2; s3 += one * x3;
        t0 += two * x0; t1 += two * x1; t2 += two * x2; t3 += two * x3;
      }
      to[p + r] = s0; to[p + r + 1] = s1; to[p + r + 2] = s2; to[p + r + 3] = s3;
      to[q + r] = t0; to[q + r + 1] = t1; to[q + r + 2] = t2; to[q + r + 3] = t3;
    }
    for (; r < n; r++) {
      let s = b, t = c;
      for (let i = 0, a = r, at = 0; i < nIn; i++, a += n, at += right) {
        s += weights[v + at] * from[a];
        t += weights[w + at] * from[a];
      }
      to[p + r] = s;
      to[q + r] = t;
    }
  }
}

// gradients (nOut, nIn) = delta (nOut, n) @ before (nIn, n) turned, two by four again, the last its own neighbour.
function products(gradients, delta, before, n, nOut, nIn) {
  const last = nIn - 1;
  for (let j = 0; j < nOut; j += 2) {
    const k = Math.min(j + 1, nOut - 1), p = j * n, q = k * n, v = j * nIn, w = k * nIn;
    for (let i0 = 0; i0 < nIn; i0 += 4) {
      const i1 = Math.min(i0 + 1, last), i2 = Math.min(i0 + 2, last), i3 = Math.min(i0 + 3, last);
      const a = i0 * n, b = i1 * n, c = i2 * n, d = i3 * n;
      let s0 = 0, s1 = 0, s2 = 0, s3 = 0, t0 = 0, t1 = 0, t2 = 0, t3 = 0;
      for (let r = 0; r < n; r++) {
        const one = delta[p + r], two = delta[q + r];
        const x0 = before[a + r], x1 = before[b + r], x2 = before[c + r], x3 = before[d + r];
        s0 += one * x0; s1 += one * x1; s2 += one * x2; s3 += one * x3;
        t0 += two * x0; t1 += two * x1; t2 += two * x2; t3 += two * x3;
      }
      gradients[v + i0] = s0; gradients[v + i1] = s1; gradients[v + i2] = s2; gradients[v + i3] = s3;
      gradients[w + i0] = t0; gradients[w + i1] = t1; gradients[w + i2] = t2; gradients[w + i3] = t3;
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
      if (index < this.layers.length - 1) ACTIVATIONS[this.activation].of(after);
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
        for (let at = row; at < out.length; at += n) {
          const share = Math.exp(out[at] - top);
          sum += share;
          if (delta) delta[at] = share / n;
        }
        total += Math.log(sum) + top - out[y[row] * n + row];
        if (!delta) continue;
        for (let at = row; at < out.length; at += n) delta[at] /= sum;
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
      ACTIVATIONS[this.activation].back(earlier, before);
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
  // sparse: measure the validation loss at two steps of each forty alone, one even and one odd: an oscillation shows.
  constructor(network, train, validation, { learning_rate, batch_size }, sparse = false) {
    Object.assign(this, { network, train, validation, sparse, learning_rate, batch_size: batch_size || train.n });
    Object.assign(this, { losses: [], validationLosses: [], divergedAt: 0, order: [], random: new Twister(BATCH_SEED) });
  }

  batch() {
    const { x, y, n } = this.train;
    if (this.batch_size >= n) return this.train;
    if (!this.order.length) this.order = this.random.permutation(n);
    const rows = this.order.splice(0, this.batch_size), inputs = new Float64Array((x.length / n) * rows.length);
    for (let start = 0, i = 0; start < x.length; start += n) for (const row of rows) inputs[i++] = x[start + row];
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
      if (this.validation && (!this.sparse || step % 40 < 2)) {
        const { x: held, y: answers, n: rows } = this.validation;
        this.validationLosses.push([step, this.network.cost(this.network.forward(held, rows).at(-1), answers, rows)]);
      }
      this.network.update(this.learning_rate);
    }
  }
}
