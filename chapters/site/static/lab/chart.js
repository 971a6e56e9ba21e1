// Line charts as SVG that is drawn anew many times a second, in the colours of the theme.
(() => {
  "use strict";

  const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT] = [380, 230, 52, 36, 8, 8];
  const DASHES = ["", "7 4"];
  const round = (value) => Math.round(value * 10) / 10;

  const ticks = (low, high, most = 6) => {
    const rough = (high - low) / most;
    const size = 10 ** Math.floor(Math.log10(rough));
    const step = size * [1, 2, 5, 10].find((factor) => factor * size >= rough);
    const found = [];
    for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) found.push(k * step);
    return found;
  };

  const SUPER = "⁰¹²³⁴⁵⁶⁷⁸⁹";
  const superscript = (n) => String(n).replace("-", "⁻").replace(/\d/g, (digit) => SUPER[digit]);

  /* A number as a reader sees it: few digits, a true minus sign, and powers of ten for the very large and small. */
  lab.shown = (value, digits = 3) => {
    if (Number.isNaN(value)) return translate("none");
    if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
    if (value === 0) return "0";
    const size = Math.abs(value);
    if (size >= 1e-3 && size < 1e5) return String(Number(value.toPrecision(digits))).replace("-", "−");
    const [mantissa, power] = value.toExponential(Math.min(1, digits - 1)).split("e");
    return `${Number(mantissa)} × 10${superscript(Number(power))}`.replace(/^1 × /, "").replace("-", "−");
  };

  const text = (x, y, words, anchor, more = "") =>
    `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" ${more}>${words}</text>`;

  /* Draw `lines` (two: the first solid and blue, the second dashed and orange), each a list of runs of [x, y], into
     an <svg>. With `log` the y values are powers of ten. */
  lab.chart = (svg, { x, y, lines, labels, log = false, marks = false }) => {
    const across = (value) => LEFT + ((value - x[0]) / (x[1] - x[0])) * (WIDTH - LEFT - RIGHT);
    const down = (value) => HEIGHT - BOTTOM - ((value - y[0]) / (y[1] - y[0])) * (HEIGHT - BOTTOM - TOP);
    const parts = [];
    for (const value of ticks(...y)) {
      const at = down(value);
      const zero = Math.abs(value) < 1e-12 && !log;
      parts.push(`<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${round(at)}" y2="${round(at)}" class="${zero ? "zero" : "grid"}"/>`);
      parts.push(text(LEFT - 6, at + 4, log ? `10${superscript(Math.round(value))}` : lab.shown(Number(value.toFixed(9))), "end"));
    }
    for (const value of ticks(...x)) {
      const at = across(value);
      const zero = Math.abs(value) < 1e-12 && !log;
      parts.push(`<line y1="${TOP}" y2="${HEIGHT - BOTTOM}" x1="${round(at)}" x2="${round(at)}" class="${zero ? "zero" : "grid"}"/>`);
      parts.push(text(at, HEIGHT - BOTTOM + 15, lab.shown(value), "middle"));
    }
    parts.push(text((LEFT + WIDTH) / 2, HEIGHT - 4, labels[0], "middle"));
    const middle = (HEIGHT - BOTTOM) / 2;
    parts.push(text(12, middle, labels[1], "middle", `transform="rotate(-90 12 ${middle})"`));
    parts.push(`<clipPath id="${svg.id}-box"><rect x="${LEFT}" y="${TOP}" width="${WIDTH - LEFT - RIGHT}" height="${HEIGHT - BOTTOM - TOP}"/></clipPath>`);
    lines.forEach((runs, which) => {
      const path = runs.map((run) => run.map(([a, b], i) => `${i ? "L" : "M"}${round(across(a))} ${round(down(b))}`).join("")).join("");
      parts.push(`<path d="${path}" class="line-${which}" stroke-dasharray="${DASHES[which]}" clip-path="url(#${svg.id}-box)"/>`);
      if (!marks) return;
      for (const [a, b] of runs.flat()) {
        if (b < y[0] || b > y[1]) continue;
        const [px, py] = [round(across(a)), round(down(b))];
        parts.push(which ? `<rect x="${px - 3}" y="${py - 3}" width="6" height="6" class="mark-1"/>` : `<circle cx="${px}" cy="${py}" r="3" class="mark-0"/>`);
      }
    });
    svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    svg.innerHTML = parts.join("");
  };

  /* Runs of points [x, y] that are broken where a value is missing and at each of `breaks`. */
  lab.runs = (xs, ys, breaks = []) => {
    const runs = [[]];
    for (let i = 0; i < xs.length; i++) {
      if (i && breaks.some((place) => xs[i - 1] <= place && place < xs[i])) runs.push([]);
      if (Number.isFinite(ys[i])) runs.at(-1).push([xs[i], Math.max(-1e6, Math.min(1e6, ys[i]))]);
      else if (runs.at(-1).length) runs.push([]);
    }
    return runs.filter((run) => run.length);
  };
})();
