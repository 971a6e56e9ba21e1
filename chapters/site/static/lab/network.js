// Networks whose activation is a formula: points in the plane, training, and a gradient on its way through 30 layers.
(() => {
  "use strict";

  const ROWS = 200;
  const RUNS = [message("two moons"), message("two rings"), message("four corners"), message("two spirals")];

  // Random numbers that are the same every time (mulberry32), and normal ones made of them (Box and Muller).
  const random = (seed) => () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = (uniform) => () =>
    Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());

  const PLACES = {
    "two moons": (t, label) => {
      const angle = Math.PI * t;
      return label ? [1 - Math.cos(angle), 0.5 - Math.sin(angle), 0.2] : [Math.cos(angle), Math.sin(angle), 0.2];
    },
    "two rings": (t, label) => {
      const [angle, radius] = [2 * Math.PI * t, label ? 0.45 : 1];
      return [radius * Math.cos(angle), radius * Math.sin(angle), 0.12];
    },
    "four corners": (t, label) => {
      const [x, y] = [((t * 17) % 1) * 0.9 + 0.1, ((t * 31) % 1) * 0.9 + 0.1];
      const side = t < 0.5 ? 1 : -1;
      return [side * x, side * (label ? y : -y), 0.05];
    },
    "two spirals": (t, label) => {
      const [angle, radius] = [3 * Math.PI * Math.sqrt(t) + (label ? Math.PI : 0), Math.sqrt(t)];
      return [radius * Math.cos(angle), radius * Math.sin(angle), 0.03];
    },
  };

  /* Points (400 of them, two columns one after the other) of mean 0 and variance 1, and labels 0 and 1.
     The first 200 are for training, the others are held back. */
  const points = (name) => {
    const [uniform, all] = [random(11), 2 * ROWS];
    const noise = normal(uniform);
    const x = [new Float64Array(all), new Float64Array(all)];
    const y = new Float64Array(all);
    for (let i = 0; i < all; i++) {
      y[i] = i % 2;
      const [first, second, spread] = PLACES[name](uniform(), y[i]);
      x[0][i] = first + spread * noise();
      x[1][i] = second + spread * noise();
    }
    for (const column of x) {
      const mean = column.reduce((a, b) => a + b) / all;
      const deviation = Math.sqrt(column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all);
      for (let i = 0; i < all; i++) column[i] = (column[i] - mean) / deviation;
    }
    return { x, y };
  };

  /* A layer's weights (inputs × units, row by row) and biases, with room for `rows` rows of what passes through.
     Arrays of rows hold one unit after the other: unit u of row r is at u * rows + r. */
  const layer = (inputs, units, size, gauss) => ({
    inputs,
    units,
    weights: Float64Array.from({ length: inputs * units }, () => (size / Math.sqrt(inputs)) * gauss()),
    biases: new Float64Array(units),
    weightSteps: new Float64Array(inputs * units),
    biasSteps: new Float64Array(units),
  });
  const room = (units, rows) => Array.from({ length: 4 }, () => new Float64Array(units * rows));

  const product = (from, to, at, rows) => {
    for (let u = 0; u < at.units; u++) {
      const begin = u * rows;
      to.fill(at.biases[u], begin, begin + rows);
      for (let i = 0; i < at.inputs; i++) {
        const weight = at.weights[i * at.units + u];
        for (let r = 0, source = i * rows; r < rows; r++) to[begin + r] += weight * from[source + r];
      }
    }
  };
  const back = (delta, to, at, rows) => {
    to.fill(0);
    for (let i = 0; i < at.inputs; i++) {
      for (let u = 0; u < at.units; u++) {
        const weight = at.weights[i * at.units + u];
        for (let r = 0, [a, b] = [i * rows, u * rows]; r < rows; r++) to[a + r] += weight * delta[b + r];
      }
    }
  };
  const norm = (values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  const loss = (z, label) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - label * z;
  const sigmoid = (z) => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)));

  /* A network from the plane to the logit of class 1, trained on all 200 rows at once by plain gradient descent. */
  class Network {
    constructor(activation, data, { hidden = 2, units = 8, scale = 1.4, seed = 1 } = {}) {
      const gauss = normal(random(seed));
      const sizes = [2, ...Array(hidden).fill(units), 1];
      this.activation = activation;
      this.data = data;
      this.layers = sizes.slice(1).map((size, i) => layer(sizes[i], size, scale, gauss));
      this.steps = 0;
      this.rooms = new Map();
      this.steepest = 0;
    }

    // Room for all layers at this many rows: pre-activations, outputs, slopes and deltas.
    roomFor(rows) {
      if (!this.rooms.has(rows)) this.rooms.set(rows, this.layers.map((at) => room(at.units, rows)));
      return this.rooms.get(rows);
    }

    /* Logits of the rows in `x`, two columns one after the other. */
    forward(x, rows) {
      const rooms = this.roomFor(rows);
      let from = x;
      this.layers.forEach((at, number) => {
        const [z, output, slope] = rooms[number];
        product(from, z, at, rows);
        if (number < this.layers.length - 1) this.activation.run(z, output, slope);
        from = output;
      });
      return rooms.at(-1)[0];
    }

    /* The gradient of the mean log loss by every weight and bias, left in `weightSteps` and `biasSteps`. */
    gradient() {
      const x = (this.inputs ??= Float64Array.from([...this.data.x[0].slice(0, ROWS), ...this.data.x[1].slice(0, ROWS)]));
      const logits = this.forward(x, ROWS);
      const rooms = this.roomFor(ROWS);
      const last = rooms.at(-1)[3];
      this.loss = 0;
      for (let r = 0; r < ROWS; r++) {
        this.loss += loss(logits[r], this.data.y[r]) / ROWS;
        last[r] = (sigmoid(logits[r]) - this.data.y[r]) / ROWS;
      }
      for (let number = this.layers.length - 1; number >= 0; number--) {
        const [at, delta] = [this.layers[number], rooms[number][3]];
        const from = number ? rooms[number - 1][1] : x;
        for (let u = 0; u < at.units; u++) {
          let sum = 0;
          for (let r = 0; r < ROWS; r++) sum += delta[u * ROWS + r];
          at.biasSteps[u] = sum;
          for (let i = 0; i < at.inputs; i++) {
            let total = 0;
            for (let r = 0, [a, b] = [i * ROWS, u * ROWS]; r < ROWS; r++) total += from[a + r] * delta[b + r];
            at.weightSteps[i * at.units + u] = total;
          }
        }
        if (number === 0) break;
        const [, , slope, below] = rooms[number - 1];
        back(delta, below, at, ROWS);
        for (let k = 0; k < below.length; k++) below[k] *= slope[k];
      }
      return this.loss;
    }

    step(rate) {
      this.gradient();
      for (const at of this.layers) {
        for (let k = 0; k < at.weights.length; k++) at.weights[k] -= rate * at.weightSteps[k];
        for (let u = 0; u < at.units; u++) at.biases[u] -= rate * at.biasSteps[u];
      }
      this.steps++;
    }

    get lost() {
      return !Number.isFinite(this.loss);
    }

    /* For each layer the norm of its gradient; for hidden ones also how many units are dead (their slope is 0 for
       every row) and the share of outputs that are saturated (their slope is below a tenth of the steepest). */
    report(steepest) {
      const rooms = this.roomFor(ROWS);
      return this.layers.map((at, number) => {
        const gradient = Math.hypot(norm(at.weightSteps), norm(at.biasSteps));
        if (number === this.layers.length - 1) return { gradient };
        const slope = rooms[number][2];
        let [dead, flat] = [0, 0];
        for (let u = 0; u < at.units; u++) {
          let alive = false;
          for (let r = u * ROWS; r < (u + 1) * ROWS; r++) {
            alive ||= slope[r] !== 0;
            flat += Math.abs(slope[r]) < steepest / 10;
          }
          dead += !alive;
        }
        return { gradient, dead, units: at.units, saturated: flat / slope.length };
      });
    }

    /* Shares of wrong answers on the rows for training and on those held back. */
    errors() {
      const all = 2 * ROWS;
      const logits = this.forward(Float64Array.from([...this.data.x[0], ...this.data.x[1]]), all);
      const wrong = [0, 0];
      for (let r = 0; r < all; r++) wrong[r < ROWS ? 0 : 1] += (logits[r] > 0) !== (this.data.y[r] === 1);
      return wrong.map((count) => count / ROWS);
    }
  }

  /* Thirty layers of 32 units with random weights of size scale / sqrt(32), and for 16 rows normal inputs and a
     gradient of norm 1 that arrives at the top. */
  const stack = (scale, depth = 30, width = 32, rows = 16) => {
    const gauss = normal(random(3));
    const layers = Array.from({ length: depth }, () => layer(width, width, scale, gauss));
    const [inputs, above] = [1, 2].map(() => Float64Array.from({ length: width * rows }, gauss));
    const size = norm(above);
    return { layers, rows, inputs, above: above.map((value) => value / size) };
  };

  /* Norms of the gradient by the pre-activations of each layer of a stack. */
  const flow = (activation, { layers, rows, inputs, above }) => {
    const rooms = layers.map((at) => room(at.units, rows));
    let from = inputs;
    layers.forEach((at, number) => {
      const [z, output, slope] = rooms[number];
      product(from, z, at, rows);
      activation.run(z, output, slope);
      from = output;
    });
    const norms = [];
    for (let number = layers.length - 1; number >= 0; number--) {
      const [, , slope, below] = rooms[number];
      const delta = above.map((value, k) => value * slope[k]);
      norms.unshift(norm(delta));
      back(delta, below, layers[number], rows);
      above = below;
    }
    return norms;
  };

  lab.network = { RUNS, ROWS, points, Network, stack, flow };
})();
