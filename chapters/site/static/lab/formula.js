// Formulas in z: read by a parser of their own, never by eval, and run on many numbers with their derivatives.
//
// Every node of a formula carries its value and its derivative by z: automatic differentiation, forward.
window.lab = window.lab || {};
(() => {
  "use strict";

  const MOST = 200; // characters
  const ROOT_PI = Math.sqrt(Math.PI);

  class FormulaError extends Error {
    constructor(message, at) {
      super(message);
      this.at = at;
    }
  }

  // The complementary error function: a sum of positive terms near zero, a continued fraction farther out.
  const erfc = (x) => {
    if (x < 0) return 2 - erfc(-x);
    if (x > 27.3) return 0;
    if (x < 2.5) {
      let [term, sum] = [x, x];
      for (let n = 1; term > 1e-17 * sum; n++) sum += term *= (2 * x * x) / (2 * n + 1);
      return 1 - (2 / ROOT_PI) * Math.exp(-x * x) * sum;
    }
    let tail = 0;
    for (let n = 60; n > 0; n--) tail = n / 2 / (x + tail);
    return Math.exp(-x * x) / ROOT_PI / (x + tail);
  };
  const sigmoid = (x) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
  const bell = (x) => Math.exp(-x * x);

  // Name: value, and the derivative from argument x and value y. What would overflow is written so that it does not.
  const FUNCTIONS = {
    exp: [Math.exp, (x, y) => y],
    expm1: [Math.expm1, (x) => Math.exp(x)],
    log: [Math.log, (x) => 1 / x],
    log1p: [Math.log1p, (x) => 1 / (1 + x)],
    sqrt: [Math.sqrt, (x, y) => 0.5 / y],
    abs: [Math.abs, (x) => Math.sign(x)],
    sign: [Math.sign, () => 0],
    step: [(x) => (x >= 0 ? 1 : 0), () => 0],
    sin: [Math.sin, (x) => Math.cos(x)],
    cos: [Math.cos, (x) => -Math.sin(x)],
    sinh: [Math.sinh, (x) => Math.cosh(x)],
    cosh: [Math.cosh, (x) => Math.sinh(x)],
    tanh: [Math.tanh, (x) => 1 / Math.cosh(x) ** 2],
    atan: [Math.atan, (x) => 1 / (1 + x * x)],
    sigmoid: [sigmoid, (x) => sigmoid(x) * sigmoid(-x)],
    softplus: [(x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), (x) => sigmoid(x)],
    relu: [(x) => (x > 0 ? x : x <= 0 ? 0 : x), (x) => (x > 0 ? 1 : 0)],
    erf: [(x) => (x < 0 ? erfc(-x) - 1 : 1 - erfc(x)), (x) => (2 / ROOT_PI) * bell(x)],
    erfc: [erfc, (x) => (-2 / ROOT_PI) * bell(x)],
    Φ: [(x) => erfc(-x / Math.SQRT2) / 2, (x) => bell(x / Math.SQRT2) / Math.sqrt(2 * Math.PI)],
  };
  // Functions that are formulas themselves.
  const DEFINED = {
    identity: "z",
    swish: "z * sigmoid(z)",
    gelu: "z * Φ(z)",
    mish: "z * tanh(softplus(z))",
    elu: "where(z > 0, z, expm1(z))",
    selu: "1.0507009873554805 * where(z > 0, z, 1.6732632423543772 * expm1(z))",
    leaky_relu: "where(z > 0, z, 0.01 z)",
    hard_sigmoid: "clip(z / 6 + 0.5, 0, 1)",
    hard_tanh: "clip(z, -1, 1)",
    hard_swish: "z * clip(z / 6 + 0.5, 0, 1)",
    softsign: "z / (1 + abs(z))",
  };
  const SAME = {
    σ: "sigmoid", logistic: "sigmoid", expit: "sigmoid", ln: "log", arctan: "atan", silu: "swish", maximum: "max",
    minimum: "min", leaky: "leaky_relu", lrelu: "leaky_relu", ReLU: "relu", GELU: "gelu", ELU: "elu", SELU: "selu",
    SiLU: "swish", LReLU: "leaky_relu", φ: "Φ", phi: "Φ", cdf: "Φ", logaddexp: "logaddexp", hardswish: "hard_swish",
    hardtanh: "hard_tanh", hardsigmoid: "hard_sigmoid", heaviside: "step", absolute: "abs",
  };
  const CONSTANTS = { pi: Math.PI, π: Math.PI, e: Math.E };
  const MANY = { max: [2, 9], min: [2, 9], where: [3, 3], clip: [3, 3], pow: [2, 2], logaddexp: [2, 2] };
  const NAMES = [...Object.keys(FUNCTIONS), ...Object.keys(DEFINED), ...Object.keys(MANY)];

  const TOKEN = /\s*(?:(\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)|([\p{L}_][\p{L}\d_]*(?:\.[\p{L}_][\p{L}\d_]*)*)|(\*\*|<=|>=|[-+*\/^(),<>]))/uy;

  const tokens = (text) => {
    const found = [];
    const plain = text.replace(/[−–]/g, "-").replace(/[·×⋅]/g, "*");
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < plain.trimEnd().length) {
      const begin = TOKEN.lastIndex;
      const match = TOKEN.exec(plain);
      if (!match) {
        const at = begin + plain.slice(begin).search(/\S/);
        throw new FormulaError(translate("“{sign}” has no place in a formula.", { sign: [...plain.slice(at)][0] }), at);
      }
      const [whole, number, name, sign] = match;
      const text = number ?? name ?? sign;
      found.push({ kind: number ? "number" : name ? "name" : "sign", text, at: begin + whole.length - text.length });
    }
    found.push({ kind: "end", text: "the end", at: plain.length });
    return found;
  };

  const distance = (a, b) => {
    let row = [...Array(b.length + 1).keys()];
    for (let i = 1; i <= a.length; i++) {
      const next = [i];
      for (let j = 1; j <= b.length; j++) {
        next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] !== b[j - 1])));
      }
      row = next;
    }
    return row[b.length];
  };

  // A formula is a sum of products of powers; `1.7 z` and `2 sigmoid(z)` are products too.
  class Parser {
    constructor(text) {
      this.tokens = tokens(text);
      this.place = 0;
    }

    get now() {
      return this.tokens[this.place];
    }

    take(...texts) {
      const token = this.now;
      if (token.kind === "number" || !texts.includes(token.text)) return null;
      this.place++;
      return token;
    }

    need(text, why) {
      if (!this.take(text)) throw new FormulaError(translate("{why}: “{sign}” is missing before {token}.", { why, sign: text, token: this.said(this.now) }), this.now.at);
    }

    said(token) {
      return token.kind === "end" ? translate("the end") : `“${token.text}”`;
    }

    whole() {
      const tree = this.choice();
      if (this.now.kind !== "end") throw new FormulaError(translate("{token} is not expected here.", { token: this.said(this.now) }), this.now.at);
      return tree;
    }

    // Python's `a if condition else b`.
    choice() {
      const value = this.comparison();
      if (!this.take("if")) return value;
      const condition = this.comparison();
      this.need("else", translate("A choice needs both sides"));
      return { op: "where", of: [condition, value, this.choice()] };
    }

    comparison() {
      const left = this.sum();
      const sign = this.take("<", ">", "<=", ">=");
      return sign ? { op: sign.text, of: [left, this.sum()] } : left;
    }

    sum() {
      let tree = this.product();
      for (let sign; (sign = this.take("+", "-")); ) tree = { op: sign.text, of: [tree, this.product()] };
      return tree;
    }

    product() {
      let tree = this.signed();
      for (;;) {
        const sign = this.take("*", "/");
        if (sign) tree = { op: sign.text, of: [tree, this.signed()] };
        else if (this.begins()) tree = { op: "*", of: [tree, this.power()] };
        else return tree;
      }
    }

    begins() {
      const { kind, text } = this.now;
      return kind === "number" || text === "(" || (kind === "name" && text !== "if" && text !== "else");
    }

    signed() {
      if (this.take("-")) return { op: "negative", of: [this.signed()] };
      this.take("+");
      return this.power();
    }

    power() {
      const base = this.single();
      return this.take("^", "**") ? { op: "pow", of: [base, this.signed()] } : base;
    }

    single() {
      const token = this.now;
      if (this.take("(")) {
        const inner = this.choice();
        this.need(")", translate("A bracket was opened"));
        return inner;
      }
      this.place++;
      if (token.kind === "number") return { op: "number", value: Number(token.text), of: [] };
      if (token.kind !== "name") {
        throw new FormulaError(translate("A number, z or a function is missing before {token}.", { token: this.said(token) }), token.at);
      }
      return this.named(token);
    }

    named(token) {
      const short = token.text.replace(/^(np|numpy|math|torch|jnp|tf)\./, "").replace(/^nn\./, "");
      if (short === "z" || short === "x") return { op: "z", of: [] };
      if (Object.hasOwn(CONSTANTS, short)) return { op: "number", value: CONSTANTS[short], of: [] };
      const name = Object.hasOwn(SAME, short) ? SAME[short] : short;
      if (!NAMES.includes(name)) throw new FormulaError(this.unknown(token.text, short), token.at);
      this.need("(", translate("{name} is a function", { name }));
      const given = [this.choice()];
      while (this.take(",")) given.push(this.choice());
      this.need(")", translate("The bracket after {name} was opened", { name }));
      const [least, most] = MANY[name] ?? [1, 1];
      if (given.length < least || given.length > most) {
        const wanted = least === most ? least : translate("{least} or more", { least });
        const said = most > 1 ? message("{name} takes {wanted} arguments, not {given}.") : message("{name} takes {wanted} argument, not {given}.");
        throw new FormulaError(translate(said, { name, wanted, given: given.length }), token.at);
      }
      return this.called(name, given);
    }

    called(name, given) {
      if (Object.hasOwn(DEFINED, name)) return inside(new Parser(DEFINED[name]).whole(), given[0]);
      if (name === "clip") return { op: "min", of: [{ op: "max", of: [given[0], given[1]] }, given[2]] };
      if (name === "logaddexp") {
        const apart = { op: "softplus", of: [{ op: "-", of: [given[1], given[0]] }] };
        return { op: "+", of: [given[0], apart] };
      }
      if (name !== "max" && name !== "min") return { op: name, of: given };
      return given.reduce((left, right) => ({ op: name, of: [left, right] }));
    }

    unknown(written, short) {
      const known = [...NAMES, ...Object.keys(SAME)];
      const near = known.filter((name) => distance(name.toLowerCase(), short.toLowerCase()) <= (short.length > 4 ? 2 : 1));
      return near.length ? translate("“{name}” is not known. Did you mean {near}?", { name: written, near: near[0] }) : translate("“{name}” is not known.", { name: written });
    }
  }

  // The tree of a function of z with another tree in the place of z.
  const inside = (tree, argument) =>
    tree.op === "z" ? argument : { ...tree, of: tree.of.map((part) => inside(part, argument)) };

  const constant = (tree) => tree.op !== "z" && tree.of.every(constant);

  // What each operation makes of the values a, b, c and derivatives da, db, dc of its parts, element by element.
  const unary = (value, slope) => ([a], v, d, n) => {
    for (let i = 0; i < n; i++) {
      const x = a.v[i];
      const y = (v[i] = value(x));
      const rate = a.d[i];
      d[i] = rate === 0 ? 0 : slope(x, y) * rate;
    }
  };
  const binary = (each) => ([a, b], v, d, n) => {
    for (let i = 0; i < n; i++) each(a.v[i], a.d[i], b.v[i], b.d[i], v, d, i);
  };
  const compare = (test) => ([a, b], v, d, n) => {
    for (let i = 0; i < n; i++) {
      v[i] = Number(test(a.v[i], b.v[i]));
      d[i] = 0;
    }
  };
  const OPERATIONS = {
    "+": binary((a, da, b, db, v, d, i) => ((v[i] = a + b), (d[i] = da + db))),
    "-": binary((a, da, b, db, v, d, i) => ((v[i] = a - b), (d[i] = da - db))),
    "*": binary((a, da, b, db, v, d, i) => ((v[i] = a * b), (d[i] = (da && da * b) + (db && a * db)))),
    "/": binary((a, da, b, db, v, d, i) => ((v[i] = a / b), (d[i] = (da && da / b) - (db && ((a / b) * db) / b)))),
    negative: unary((x) => -x, () => -1),
    // Where both are equal there is a kink, and the mean of both slopes is a subgradient or the derivative.
    max: binary((a, da, b, db, v, d, i) => ((v[i] = Math.max(a, b)), (d[i] = a > b ? da : a < b ? db : (da + db) / 2))),
    min: binary((a, da, b, db, v, d, i) => ((v[i] = Math.min(a, b)), (d[i] = a < b ? da : a > b ? db : (da + db) / 2))),
    where: ([c, a, b], v, d, n) => {
      for (let i = 0; i < n; i++) {
        const side = c.v[i] ? a : b;
        v[i] = side.v[i];
        d[i] = side.d[i];
      }
    },
    pow: binary((a, da, b, db, v, d, i) => {
      const y = (v[i] = a ** b);
      d[i] = (da && b * a ** (b - 1) * da) + (db && y * Math.log(a) * db);
    }),
    "<": compare((a, b) => a < b),
    ">": compare((a, b) => a > b),
    "<=": compare((a, b) => a <= b),
    ">=": compare((a, b) => a >= b),
  };
  for (const [name, [value, slope]] of Object.entries(FUNCTIONS)) OPERATIONS[name] = unary(value, slope);

  // A node with buffers of its own that grow with what is asked for; constants are filled in once.
  const compiled = (tree) => {
    const parts = tree.of.map(compiled);
    const node = { v: new Float64Array(0), d: new Float64Array(0) };
    const fixed = constant(tree);
    node.run = (z, n) => {
      if (node.v.length < n) {
        node.v = new Float64Array(n);
        node.d = new Float64Array(n);
        node.done = false;
      }
      if (fixed && node.done) return;
      node.done = true;
      const filled = fixed ? node.v.length : n;
      for (const part of parts) part.run(z, filled);
      if (tree.op === "number") node.v.fill(tree.value);
      else if (tree.op === "z") {
        node.v.set(z.length > n ? z.subarray(0, n) : z);
        node.d.fill(1);
      } else OPERATIONS[tree.op](parts, node.v, node.d, filled);
    };
    return node;
  };

  /* A formula: `run(z, value, slope)` writes f(z) and f'(z) for each number of `z` into the two other arrays.
     Raises FormulaError, with the place `at` in the text, for what cannot be read. */
  lab.formula = (text) => {
    if (!text.trim()) throw new FormulaError(translate("Write a formula in z, for instance z * sigmoid(z)."), 0);
    if (text.length > MOST) throw new FormulaError(translate("A formula has at most {most} characters.", { most: MOST }), MOST);
    const tree = new Parser(text).whole();
    const root = compiled(tree);
    const run = (z, value, slope) => {
      root.run(z, z.length);
      value.set(root.v.subarray(0, z.length));
      slope?.set(root.d.subarray(0, z.length));
    };
    const at = (z) => {
      const [value, slope] = [new Float64Array(1), new Float64Array(1)];
      run(Float64Array.of(z), value, slope);
      return { value: value[0], slope: slope[0] };
    };
    return { text: text.trim(), run, at, constant: constant(tree) };
  };
  lab.FormulaError = FormulaError;
  lab.names = NAMES;
})();
