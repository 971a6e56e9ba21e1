// Chooses among the frames that the page carries, and plays them. Nothing is loaded: see plotting/page.py.
(() => {
  "use strict";

  const SPEEDS = [1, 2, 4, 8]; // frames a second
  const ICONS = { play: "M3 1v14l11-7z", pause: "M3 1h4v14H3zM9 1h4v14H9z", step: "M2 1v14l8-7zM11 1h3v14h-3z" };
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  const read = (figure) => JSON.parse(figure.querySelector(".explore-frames").textContent);

  const markup = (data, frame) => {
    const runs = data.frames[frame];
    let text = "";
    for (let i = 0; i < runs.length; i += 2) text += data.parts.slice(runs[i], runs[i + 1]).join("");
    return text;
  };

  // Put in place only what differs: most of a plot, its text above all, stays as it is laid out.
  const patch = (plot, text) => {
    const template = document.createElement("template");
    template.innerHTML = text;
    const [now, next] = [plot.firstElementChild, template.content.firstElementChild];
    const kept = Math.min(now.childNodes.length, next.childNodes.length);
    for (let i = 0; i < kept; i++) {
      const [old, fresh] = [now.childNodes[i], next.childNodes[i]];
      if (!old.isEqualNode(fresh)) old.replaceWith(fresh.cloneNode(true));
    }
    while (now.childNodes.length > kept) now.lastChild.remove();
    while (next.childNodes.length > kept) now.append(next.childNodes[kept]);
  };

  // Show of each traced line the way to the point of this number, and the marks on it.
  const wholes = new WeakMap();
  const trace = (plot, last, points) => {
    for (const line of plot.querySelectorAll(".trace")) {
      const path = line.querySelector("path:not(defs path)");
      if (path) {
        if (!wholes.has(path)) wholes.set(path, path.getAttribute("d"));
        const whole = wholes.get(path);
        path.setAttribute("d", last < points ? whole.split(/(?=[ML])/).slice(0, last + 1).join("") : whole);
      }
      const marks = line.querySelectorAll("use");
      const every = Math.max(1, Math.round((points + 1) / marks.length));
      marks.forEach((mark, place) => mark.toggleAttribute("hidden", last < points && place * every > last));
    }
  };

  const button = (name, icon, press) => {
    const made = document.createElement("button");
    made.type = "button";
    made.append(document.createElementNS("http://www.w3.org/2000/svg", "svg"));
    made.addEventListener("click", press);
    dress(made, name, icon);
    return made;
  };
  const dress = (made, name, icon) => {
    made.setAttribute("aria-label", name);
    made.title = name;
    made.firstChild.setAttribute("aria-hidden", "true");
    made.firstChild.setAttribute("viewBox", "0 0 16 16");
    made.firstChild.innerHTML = `<path fill="currentColor" d="${ICONS[icon]}"/>`;
  };

  // A button that moves a slider by itself, one that moves it by one, and how fast; `says` is not read out meanwhile.
  const playable = (slider, says) => {
    const label = slider.labels[0].textContent;
    const group = document.createElement("span");
    let timer = 0;

    const move = (value) => {
      slider.value = value;
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const atEnd = () => Number(slider.value) >= Number(slider.max);
    const step = () => move(atEnd() ? 0 : Number(slider.value) + 1);
    const stop = () => {
      if (!timer) return;
      cancelAnimationFrame(timer);
      timer = 0;
      dress(play, translate("Play: {label}", { label }), "play");
      says.setAttribute("aria-live", "polite");
      const said = says.textContent;
      says.textContent = "";
      requestAnimationFrame(() => (says.textContent ||= said));
    };
    const run = () => {
      let shown = performance.now();
      says.setAttribute("aria-live", "off");
      dress(play, translate("Pause: {label}", { label }), "pause");
      if (atEnd()) move(0);
      const tick = (now) => {
        if (now - shown >= 1000 / speed.value) {
          shown = now;
          step();
        }
        if (atEnd()) stop();
        else timer = requestAnimationFrame(tick);
      };
      timer = requestAnimationFrame(tick);
    };
    const play = button(translate("Play: {label}", { label }), "play", () => (timer ? stop() : run()));
    const one = button(translate("One step: {label}", { label }), "step", () => (stop(), step()));
    const speed = document.createElement("select");
    speed.setAttribute("aria-label", translate("Speed: {label}", { label }));
    for (const rate of SPEEDS) speed.add(new Option(translate("{rate} a second", { rate }), rate, false, rate === 2));
    if (Number(slider.max) > 12) speed.value = 8;
    group.className = "explore-play";
    group.append(play, one, speed);
    const calm = () => {
      if (still.matches) stop();
      play.hidden = speed.hidden = still.matches;
    };
    still.addEventListener("change", calm);
    calm();
    slider.addEventListener("pointerdown", stop);
    slider.addEventListener("keydown", stop);
    slider.closest(".explore-control").append(group);
  };

  const start = (figure) => {
    const controls = [...figure.querySelectorAll("[data-parameter]")];
    const tracer = figure.querySelector("[data-trace]");
    const plot = figure.querySelector(".explore-plot");
    const says = figure.querySelector(".explore-says");
    const values = figure.querySelector(".explore-values");
    let data = null;

    const count = (control) => (control.options ? control.options.length : Number(control.max) + 1);
    const frame = () => controls.reduce((sum, control) => sum * count(control) + Number(control.value), 0);
    const text = (control) => data.texts[control.dataset.parameter][Number(control.value)];
    const label = (control) => control.labels[0].textContent;

    const choose = () => {
      data ??= read(figure);
      const chosen = frame();
      patch(plot, markup(data, chosen));
      plot.dataset.values = JSON.stringify(data.values[chosen]);
      says.textContent = data.says[chosen];
      values.textContent = controls.map((control) => `${label(control)} = ${text(control)}`).join(translate("; "));
      for (const control of controls) {
        if (control.options) continue;
        control.setAttribute("aria-valuetext", text(control));
        control.nextElementSibling.textContent = text(control);
      }
    };
    const show = (event) => {
      if (event.target.dataset.parameter) choose();
      if (!tracer) return;
      const [last, points, each] = [tracer.value, tracer.max, tracer.dataset.trace].map(Number);
      const said = translate("{shown} of {last}", { shown: last * each, last: points * each });
      tracer.setAttribute("aria-valuetext", said);
      tracer.nextElementSibling.textContent = said;
      if (event.target === tracer || last < points) trace(plot, last, points);
    };

    figure.addEventListener("input", show);
    for (const slider of figure.querySelectorAll("[data-play]")) playable(slider, says);
    for (const controls of figure.querySelectorAll(".explore-controls")) controls.hidden = false;
  };

  for (const figure of document.querySelectorAll(".explore")) {
    if (figure.querySelector("[data-parameter], [data-trace]")) start(figure);
  }
})();
