// The random numbers of NumPy's RandomState and of PyTorch's CPU generator, which are the same Mersenne Twister
// (Matsumoto and Nishimura, 1998), so that a seed here stands for the same rows and weights as in a notebook.

export class Twister {
  constructor(seed) {
    const words = this.words = new Uint32Array(624);
    words[0] = seed;
    for (let i = 1; i < 624; i++) words[i] = Math.imul(1812433253, words[i - 1] ^ (words[i - 1] >>> 30)) + i;
    this.at = 624;
    this.spare = null;
  }

  word() {
    const { words } = this;
    if (this.at === 624) {
      for (let i = 0; i < 624; i++) {
        const y = (words[i] & 0x80000000) | (words[(i + 1) % 624] & 0x7fffffff);
        words[i] = words[(i + 397) % 624] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
      }
      this.at = 0;
    }
    let y = words[this.at++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  // NumPy's random_sample: 0 ≤ u < 1.
  sample() {
    const high = this.word() >>> 5;
    return (high * 67108864 + (this.word() >>> 6)) / 9007199254740992;
  }

  // NumPy's normal: Marsaglia's polar method, which makes two at a time.
  normal() {
    if (this.spare !== null) {
      const spare = this.spare;
      this.spare = null;
      return spare;
    }
    for (;;) {
      const u = 2 * this.sample() - 1;
      const v = 2 * this.sample() - 1;
      const r = u * u + v * v;
      if (r >= 1 || r === 0) continue;
      const scale = Math.sqrt((-2 * Math.log(r)) / r);
      this.spare = scale * u;
      return scale * v;
    }
  }

  // NumPy's shuffle of 0 … n − 1.
  shuffled(n) {
    const order = Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const mask = 2 ** (32 - Math.clz32(i)) - 1;
      let j = i + 1;
      while (j > i) j = (this.word() & mask) >>> 0;
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }

  // torch.randperm.
  permutation(n) {
    const order = Array.from({ length: n }, (_, i) => i);
    for (let i = 0; i < n - 1; i++) {
      const j = i + (this.word() % (n - i));
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }

  // torch's uniform_ in float64.
  uniform(low, high) {
    const top = this.word() & 0x1fffff;
    return ((top * 4294967296 + this.word()) / 9007199254740992) * (high - low) + low;
  }
}
