// The page of one's own activation: two formulas side by side, what is true of them, and two networks that learn.
(() => {
  "use strict";

  const here = document.querySelector(".lab");
  if (!here) return;
  const find = (name) => here.querySelector(`[data-lab="${name}"]`);
  const { RUNS, Network, points, stack, flow } = lab.network;
  const shown = lab.shown;
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const LEAST = 1e-26; // the lowest gradient that the chart shows

  const sides = ["a", "b"].map((name) => ({
    name,
    input: find(`formula-${name}`),
    says: find(`problem-${name}`),
    plane: new lab.Plane(find(`plane-${name}`)),
    canvas: find(`plane-${name}`),
    figures: find(`figures-${name}`),
    rows: find(`layers-${name}`),
  }));
  const controls = Object.fromEntries(
    ["reach", "scale", "data", "hidden", "units", "rate", "speed", "train", "step", "again"].map((name) => [name, find(name)]),
  );
  const number = (name) => Number(controls[name].value);
  const rate = () => 10 ** number("rate");

  // ---- formulas, curves and facts

  const read = (side) => {
    side.input.removeAttribute("aria-invalid");
    side.says.textContent = "";
    try {
      side.formula = lab.formula(side.input.value);
      return true;
    } catch (problem) {
      if (!(problem instanceof lab.FormulaError)) throw problem;
      side.input.setAttribute("aria-invalid", "true");
      side.says.textContent = translate("{problem} The last formula that could be read is still shown.", { problem: problem.message });
      return false;
    }
  };

  const extent = (lists, most) => {
    const values = lists.flat().filter((value) => Number.isFinite(value) && Math.abs(value) <= most);
    const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
    const room = 0.06 * (high - low || 1);
    return [low - room, high + room];
  };

  const curves = () => {
    const reach = number("reach");
    const z = Float64Array.from({ length: 481 }, (_, i) => -reach + (2 * reach * i) / 480);
    for (const side of sides) {
      side.value = new Float64Array(z.length);
      side.slope = new Float64Array(z.length);
      side.formula.run(z, side.value, side.slope);
    }
    for (const [which, most, name] of [["value", 1.2 * reach, "f(z)"], ["slope", 4, "f′(z)"]]) {
      const of = (side) => {
        const { kinks = [], jumps = [] } = side.facts ?? {};
        return lab.runs(z, side[which], (which === "value" ? jumps : [...jumps, ...kinks]).map((kink) => kink.place));
      };
      lab.chart(find(`${which}-chart`), {
        x: [-reach, reach],
        y: extent(sides.map((side) => [...side[which]]), most),
        lines: sides.map(of),
        labels: ["z", name],
      });
    }
    const said = (which) =>
      sides
        .map((side) => {
          const places = [0, 240, 480].map((i) => translate("{value} at {place}", { value: shown(side[which][i]), place: shown(z[i]) }));
          return `${side.formula.text}: ${places.join(translate(", "))}`;
        })
        .join(translate("; "));
    find("value-chart").setAttribute("aria-label", translate("Values. {said}.", { said: said("value") }));
    find("slope-chart").setAttribute("aria-label", translate("Derivatives. {said}.", { said: said("slope") }));
  };

  const places = (list, kind) =>
    list.length === 0
      ? translate("none")
      : list
          .map(({ place, left, right }) => translate(kind, { place: shown(place, 4), left: shown(left), right: shown(right) }))
          .join(translate("; "));
  const yes = (fact) => (fact ? translate("yes") : translate("no"));
  const either = (sides) => (sides.length > 1 ? translate("on the left and the right") : sides[0] === "left" ? translate("on the left") : translate("on the right"));
  const ROWS = {
    [translate("lowest value")]: (facts) => shown(facts.lowest, 4),
    [translate("highest value")]: (facts) => shown(facts.highest, 4),
    [translate("far left, far right")]: (facts) => [facts.left, facts.right].map((v) => (Number.isNaN(v) ? translate("no limit") : shown(v, 4))).join(translate(", ")),
    [translate("zero-centred")]: (facts) => yes(facts.centred),
    [translate("monotone")]: (facts) =>
      facts.rises && facts.falls ? translate("constant") : facts.rises ? translate("yes, it rises") : facts.falls ? translate("yes, it falls") : translate("no"),
    [translate("convex")]: (facts) => yes(facts.convex),
    [translate("bend")]: (facts) => (facts.straight ? translate("none: layers of it are one line") : translate("yes")),
    [translate("kinks")]: (facts) => places(facts.kinks, message("at {place}: slope {left} to {right}")),
    [translate("jumps")]: (facts) => places(facts.jumps, message("at {place}: value {left} to {right}")),
    [translate("saturates")]: (facts) => (facts.saturates.length ? either(facts.saturates) : translate("no")),
    [translate("steepest slope")]: ({ steepest }) =>
      steepest.slope ? translate("{slope} near {place}", { slope: shown(steepest.slope, 4), place: shown(steepest.place) }) : "0",
    [translate("weights that keep a gradient level")]: ({ gain }) =>
      Number.isFinite(gain) && gain > 0 ? `${shown(gain)} × Xavier` : translate("none"),
    [translate("in 64 bits")]: ({ fails }) =>
      fails === null ? translate("sound from −10,000 to 10,000") : translate("no numbers near {place}", { place: shown(fails) }),
  };

  const facts = () => {
    for (const side of sides) side.facts = lab.facts(side.formula);
    find("facts").innerHTML = Object.entries(ROWS)
      .map(([name, say]) => {
        const cells = sides.map((side) => `<td>${side.facts ? say(side.facts) : "—"}</td>`);
        return `<tr><th scope="row">${name}</th>${cells.join("")}</tr>`;
      })
      .join("");
  };

  const names = () => {
    for (const side of sides) {
      for (const place of here.querySelectorAll(`[data-name="${side.name}"]`)) place.textContent = side.formula.text;
    }
  };

  // ---- a gradient through thirty layers

  const depth = () => {
    const layers = stack(number("scale"));
    const lines = sides.map((side) => {
      side.flow = flow(side.formula, layers);
      const ys = side.flow.map((norm) => (norm > 0 ? Math.log10(norm) : NaN));
      return lab.runs(side.flow.map((_, i) => i + 1), ys);
    });
    const all = lines.flat(2).map((point) => point[1]);
    const y = [Math.max(Math.log10(LEAST), Math.min(-2, ...all) - 1), Math.min(30, Math.max(1, ...all) + 1)];
    lab.chart(find("flow-chart"), { x: [0, 31], y, lines, labels: [translate("layer (1 is nearest the input)"), translate("norm of the gradient")], log: true, marks: true });
    const said = sides.map((side) => `${side.formula.text}: ${Number.isNaN(side.flow[0]) ? translate("no number") : shown(side.flow[0], 2)}`);
    const words = translate("Of a gradient of size 1, the first layer receives, with {said}.", { said: said.join(translate("; with ")) });
    find("flow-says").textContent = words;
    find("flow-chart").setAttribute("aria-label", words);
  };

  // ---- two networks that learn

  let data = points(RUNS[0]);
  let timer = 0;
  let frame = 0;

  const fresh = () => {
    pause();
    const shape = { hidden: number("hidden"), units: number("units"), scale: number("scale"), seed: 1 };
    for (const side of sides) {
      side.network = new Network(side.formula, data, shape);
      side.network.gradient();
      side.plane.points = null;
      side.rows.replaceChildren();
    }
    show();
    tell();
  };

  const table = (side, report) => {
    if (side.rows.children.length !== report.length) {
      side.rows.replaceChildren(...report.map(() => document.createElement("tr")));
      [...side.rows.children].forEach((row, i) => {
        row.innerHTML = `<th scope="row">${i + 1 < report.length ? i + 1 : translate("output")}</th><td></td><td></td><td class="lab-bar"></td>`;
      });
    }
    report.forEach((layer, i) => {
      const [, dead, flat, gradient] = side.rows.children[i].children;
      dead.textContent = layer.units ? translate("{dead} of {units}", layer) : "";
      flat.textContent = layer.units ? `${Math.round(100 * layer.saturated)} %` : "";
      gradient.textContent = shown(layer.gradient, 2);
      const share = layer.gradient > 0 ? Math.max(0, Math.min(1, 1 + Math.log10(layer.gradient) / 8)) : 0;
      gradient.style.setProperty("--share", share.toFixed(3));
    });
  };

  const figures = (side) => {
    const { network } = side;
    const [training, held] = network.errors().map((share) => `${shown(100 * share)} %`);
    const loss = network.lost ? translate("lost: the weights ran away") : shown(network.loss);
    const { steps } = network;
    return translate("step {steps}, loss {loss}, errors {training} in training, {held} on held-back points", { steps, loss, training, held });
  };

  const show = () => {
    for (const side of sides) {
      side.plane.draw(side.network);
      side.network.gradient();
      table(side, side.network.report(Math.abs(side.facts?.steepest.slope ?? 1)));
      side.figures.textContent = figures(side);
    }
  };

  // What a screen reader hears when training stops, and the words that stand for the pictures.
  const tell = () => {
    const said = sides.map((side) => {
      const dead = side.network.report(Math.abs(side.facts?.steepest.slope ?? 1)).reduce((sum, layer) => sum + (layer.dead ?? 0), 0);
      const of = { formula: side.formula.text, figures: figures(side), dead };
      const words = dead === 1 ? translate("{formula}: {figures}, {dead} unit dead", of) : translate("{formula}: {figures}, {dead} units dead", of);
      side.canvas.setAttribute("aria-label", translate("The plane as the network divides it. {words}.", { words }));
      return words;
    });
    find("said").textContent = translate("{said}.", { said: said.join(translate(". ")) });
  };

  const learn = (steps) => {
    for (const side of sides) {
      for (let i = 0; i < steps && !side.network.lost; i++) side.network.step(rate());
    }
  };

  // One frame of the screen: so many steps, and then the pictures. A slow machine shows every other frame.
  const tick = () => {
    const begun = performance.now();
    learn(number("speed"));
    frame++;
    if (!slow || frame % 2 === 0) show();
    slow = performance.now() - begun > 14;
    if (sides.every((side) => side.network.lost)) pause();
    else if (timer) timer = requestAnimationFrame(tick);
  };
  let slow = false;

  const pause = () => {
    if (!timer) return;
    cancelAnimationFrame(timer);
    timer = 0;
    controls.train.textContent = translate("Train");
    show();
    tell();
  };
  const jump = (steps) => {
    pause();
    learn(steps);
    show();
    tell();
  };
  const train = () => {
    if (still.matches) jump(100);
    else if (timer) pause();
    else {
      controls.train.textContent = translate("Pause");
      timer = requestAnimationFrame(tick);
    }
  };

  // ---- what the reader changes

  let waiting = 0;
  const changed = () => {
    if (!sides.map(read).every(Boolean) && sides.some((side) => !side.formula)) return;
    names();
    curves();
    clearTimeout(waiting);
    waiting = setTimeout(settle, 150);
  };
  const settle = () => {
    facts();
    curves();
    depth();
    fresh();
    const address = sides.map((side) => `${side.name}=${encodeURIComponent(side.formula.text)}`).join("&");
    try {
      history.replaceState(null, "", `#${address}`);
    } catch {
      // A page in a sandbox keeps its address: nothing else needs it.
    }
  };

  const adopt = () => {
    const given = new URLSearchParams(location.hash.slice(1));
    for (const side of sides) if (given.has(side.name)) side.input.value = given.get(side.name);
  };
  const outputs = () => {
    for (const output of here.querySelectorAll("output")) {
      const input = document.getElementById(output.htmlFor.value);
      const value = input.dataset.lab === "rate" ? rate() : Number(input.value);
      const words = `${shown(value, 2)}${input.dataset.unit ?? ""}`;
      output.textContent = words;
      input.setAttribute("aria-valuetext", words);
    }
  };

  for (const side of sides) {
    side.input.addEventListener("input", changed);
    find(`examples-${side.name}`).addEventListener("change", (event) => {
      if (!event.target.value) return;
      side.input.value = event.target.value;
      changed();
    });
  }
  controls.data.replaceChildren(...RUNS.map((name) => new Option(translate(name), name)));
  controls.data.addEventListener("change", () => ((data = points(controls.data.value)), fresh()));
  for (const name of ["hidden", "units"]) controls[name].addEventListener("input", fresh);
  controls.scale.addEventListener("input", () => (depth(), fresh()));
  controls.reach.addEventListener("input", curves);
  controls.train.addEventListener("click", train);
  controls.step.addEventListener("click", () => jump(1));
  controls.again.addEventListener("click", fresh);
  here.addEventListener("input", outputs);
  addEventListener("hashchange", () => (adopt(), changed()));
  new MutationObserver(() => (sides.forEach((side) => side.plane.theme()), show())).observe(document.documentElement, {
    attributeFilter: ["data-theme"],
  });

  adopt();
  sides.forEach((side) => {
    if (!read(side)) side.formula = lab.formula("relu(z)");
  });
  outputs();
  names();
  settle();
  here.classList.add("lab-ready");
  lab.page = { sides, tick, train };
})();
