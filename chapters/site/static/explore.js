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
      plot.innerHTML = markup(data, chosen);
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
