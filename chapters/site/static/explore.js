// Chooses among the frames that the page carries. Nothing is loaded and nothing is computed: see plotting/page.py.
(() => {
  "use strict";

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

  const start = (figure) => {
    const controls = [...figure.querySelectorAll("[data-parameter]")];
    const plot = figure.querySelector(".explore-plot");
    const says = figure.querySelector(".explore-says");
    const values = figure.querySelector(".explore-values");
    let data = null;

    const count = (control) => (control.options ? control.options.length : Number(control.max) + 1);
    const frame = () => controls.reduce((sum, control) => sum * count(control) + Number(control.value), 0);
    const text = (control) => data.texts[control.dataset.parameter][Number(control.value)];
    const label = (control) => control.labels[0].textContent;

    const show = () => {
      data ??= read(figure);
      const chosen = frame();
      patch(plot, markup(data, chosen));
      plot.dataset.values = JSON.stringify(data.values[chosen]);
      says.textContent = data.says[chosen];
      values.textContent = controls.map((control) => `${label(control)} = ${text(control)}`).join("; ");
      for (const control of controls) {
        if (control.options) continue;
        control.setAttribute("aria-valuetext", text(control));
        control.nextElementSibling.textContent = text(control);
      }
    };

    figure.addEventListener("input", show);
    figure.querySelector(".explore-controls").hidden = false;
  };

  for (const figure of document.querySelectorAll(".explore")) {
    if (figure.querySelector(".explore-frames")) start(figure);
  }
})();
