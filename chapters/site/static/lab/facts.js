// What is true of a formula in z, found by numbers: range, limits, kinks, slopes.
(() => {
  "use strict";

  const [NEAR, STEP, FAR] = [12, 0.002, 1e4];
  const MOST_KINKS = 12;

  // Every second thousandth near zero, then out to both sides in growing steps.
  const GRID = (() => {
    const out = [];
    for (let z = NEAR; z < FAR; z *= 1.02) out.push(z);
    const near = Array.from({ length: (2 * NEAR) / STEP + 1 }, (_, i) => Number((i * STEP - NEAR).toFixed(6)));
    return Float64Array.from([-FAR, ...out.slice(1).reverse().map((z) => -z), ...near, ...out.slice(1), FAR]);
  })();

  // The limit far out: a number, ±Infinity, or NaN where there is none.
  const limit = (f, side) => {
    const seen = [1, 0.9, 0.77, 0.5].map((part) => f.at(side * FAR * part).value);
    if (seen.some(Number.isNaN)) return NaN;
    if (Math.max(...seen) - Math.min(...seen) < 1e-3) return Math.abs(seen[0]) < 1e-9 ? 0 : seen[0];
    const grows = seen.every((value, i) => i === 0 || value <= seen[i - 1]);
    const falls = seen.every((value, i) => i === 0 || value >= seen[i - 1]);
    return grows ? Infinity : falls ? -Infinity : NaN;
  };

  // Halve an interval towards the place where `of` jumps; null where the jump melts away: the function is only steep.
  const jump = (f, of, left, right) => {
    const whole = Math.abs(f.at(right)[of] - f.at(left)[of]);
    for (let i = 0; i < 60 && right - left > 1e-13; i++) {
      const middle = (left + right) / 2;
      const [a, m, b] = [left, middle, right].map((z) => f.at(z)[of]);
      if (Math.abs(m - a) > Math.abs(b - m)) right = middle;
      else left = middle;
    }
    const size = Math.abs(f.at(right)[of] - f.at(left)[of]);
    if (!(size > 0.4 * whole)) return null;
    const place = Number(((left + right) / 2).toFixed(9)) + 0;
    return { place, left: f.at(place - 1e-9)[of], right: f.at(place + 1e-9)[of] };
  };

  const jumps = (f, of, values) => {
    const found = [];
    const steps = [];
    for (let i = 1; i < GRID.length; i++) {
      const size = Math.abs(values[i] - values[i - 1]);
      if (size > 2e-3 * Math.max(1, Math.abs(values[i])) && Math.abs(GRID[i]) <= NEAR) steps.push([size, i]);
    }
    steps.sort((a, b) => b[0] - a[0]);
    for (const [, i] of steps.slice(0, 60)) {
      const one = jump(f, of, GRID[Math.max(0, i - 1)], GRID[i]);
      if (one && !found.some((other) => Math.abs(other.place - one.place) < 1e-6)) found.push(one);
    }
    return found.sort((a, b) => a.place - b.place).slice(0, MOST_KINKS);
  };

  const steady = (values, sign) => {
    for (let i = 1; i < values.length; i++) {
      if (sign * (values[i] - values[i - 1]) < -1e-9 * Math.max(1, Math.abs(values[i]))) return false;
    }
    return true;
  };

  const odd = (value) => {
    const n = value.length;
    for (let i = 0; i < n; i++) {
      if (!(Math.abs(value[i] + value[n - 1 - i]) <= 1e-9 * Math.max(1, Math.abs(value[i])))) return false;
    }
    return true;
  };

  // The mean of g(z)² over normal z, by the trapezium rule.
  const meanSquare = (values) => {
    let [sum, weight] = [0, 0];
    for (let i = 0; i < GRID.length; i++) {
      if (Math.abs(GRID[i]) > 8) continue;
      const share = Math.exp(-GRID[i] * GRID[i] / 2);
      weight += share;
      sum += share * values[i] ** 2;
    }
    return sum / weight;
  };

  const bound = (values, limits, which, unbounded) => {
    if (limits.includes(unbounded)) return unbounded;
    return which(...limits.filter((value) => !Number.isNaN(value)), values.reduce((a, b) => which(a, b)));
  };

  // Whether the slope at grid point i is larger than at j; of equal ones the nearer to zero counts.
  const steeper = (slope, i, j) => {
    const [a, b] = [Math.abs(slope[i]), Math.abs(slope[j])];
    return Number.isNaN(b) || a > b + 1e-9 || (a > b - 1e-9 && Math.abs(GRID[i]) < Math.abs(GRID[j]));
  };

  // The number nearest to zero at which value or slope is no number any more; null where all is well.
  const failure = (value, slope) => {
    let worst = null;
    for (let i = 0; i < GRID.length; i++) {
      if (Number.isFinite(value[i]) && Number.isFinite(slope[i])) continue;
      if (worst === null || Math.abs(GRID[i]) < Math.abs(worst)) worst = GRID[i];
    }
    return worst;
  };

  /* The facts about a formula. `lowest` and `highest` bound its values; `left` and `right` are limits, NaN for none;
     `gain` times 1/sqrt(inputs) is the size of weights that keeps a gradient level; `fails` is where numbers end. */
  lab.facts = (f) => {
    const [value, slope] = [new Float64Array(GRID.length), new Float64Array(GRID.length)];
    f.run(GRID, value, slope);
    const fine = [...GRID.keys()].filter((i) => Number.isFinite(value[i]));
    const values = fine.map((i) => value[i]);
    const slopes = fine.map((i) => slope[i]).filter(Number.isFinite);
    if (values.length < 2) return null;
    const limits = [limit(f, -1), limit(f, 1)];
    const steepest = fine.reduce((best, i) => (steeper(slope, i, best) ? i : best), fine[0]);
    const broken = jumps(f, "value", value);
    const kinks = jumps(f, "slope", slope).filter((k) => !broken.some((j) => Math.abs(j.place - k.place) < 1e-6));
    const flat = (side) => Number.isFinite(limits[side]) && Math.abs(f.at(side ? FAR : -FAR).slope || 0) < 1e-3;
    const rate = meanSquare(slope);
    return {
      lowest: bound(values, limits, Math.min, -Infinity),
      highest: bound(values, limits, Math.max, Infinity),
      left: limits[0],
      right: limits[1],
      rises: steady(values, 1),
      falls: steady(values, -1),
      convex: broken.length === 0 && steady(slopes, 1),
      centred: odd(value),
      straight: broken.length === 0 && steady(slopes, 1) && steady(slopes, -1),
      kinks,
      jumps: broken,
      saturates: [flat(0) && "left", flat(1) && "right"].filter(Boolean),
      steepest: { slope: slope[steepest], place: GRID[steepest] },
      gain: 1 / Math.sqrt(rate),
      fails: failure(value, slope),
    };
  };
})();
