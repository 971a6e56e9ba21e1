// Lets readers run a page's code where it stands. Nothing of Python is loaded before the first click.
(() => {
  "use strict";

  const here = document.currentScript.src;
  const data = document.getElementById("run-data");
  if (!data) return;
  const { packages, pyodide, lite } = JSON.parse(data.textContent);
  const cells = [...document.querySelectorAll(".cell:not(.tag_remove-input)")].filter((cell) =>
    cell.querySelector(".cell_input pre"),
  );
  const LITE = new URL(lite, location);
  const KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel";

  let worker = null;
  let running = null; // what is to be done with the worker's messages
  const ran = new Set(); // the cells whose code, as it is now, this page's Python has run

  const source = (cell) => cell.editor?.value ?? cell.original;

  // Python comes from where the notebooks of this site get it.
  const python = async () => {
    try {
      const answer = await fetch(new URL("jupyter-lite.json", LITE));
      const settings = (await answer.json())["jupyter-config-data"].litePluginSettings?.[KERNEL];
      if (settings?.pyodideUrl) return new URL(settings.pyodideUrl, LITE).href;
    } catch {
      // A site without notebooks: readers' browsers get Python from where it is published.
    }
    return pyodide;
  };

  const stop = () => {
    worker?.terminate();
    worker = null;
    ran.clear();
  };

  const REASONS = {
    file: translate("You have opened the book from a folder, and a browser does not let such a page start Python. Serve the folder: python -m http.server --directory FOLDER"),
    refused: translate("This browser does not let the page start Python here. Open the book in a tab of its own, or do it in Jupyter."),
    broken: translate("Python could not be loaded. Is the network there? Then press Run again."),
  };
  const reason = (text) => {
    const host = text?.match(/^unreachable (\S+)/)?.[1];
    return host
      ? translate("Python could not be loaded from {host}. Is the network there, and does it allow that address? Then press Run again.", { host })
      : `${REASONS.broken}${text ? ` (${text.slice(0, 200)})` : ""}`;
  };

  const begin = async () => {
    if (location.protocol === "file:") throw REASONS.file;
    const answer = await fetch(new URL("modules.json", here));
    const modules = await answer.json();
    try {
      worker = new Worker(new URL("worker.js", here));
    } catch {
      throw REASONS.refused;
    }
    worker.addEventListener("message", ({ data }) => running?.(data));
    worker.addEventListener("error", () => running?.({ kind: "unavailable", text: "" }));
    return { packages, modules, pyodide: await python() };
  };

  const run = async (cell) => {
    if (running) return;
    const before = cells.slice(0, cells.indexOf(cell)).filter((earlier) => !ran.has(earlier));
    const { result, status, buttons } = cell.parts;
    let loud = false;
    const end = (words, failed = false) => {
      running = null;
      status.textContent = words;
      result.classList.toggle("run-failed", failed);
      buttons.run.hidden = false;
      buttons.stop.hidden = true;
    };
    running = () => {};
    cell.querySelector(".cell_output")?.setAttribute("hidden", "");
    result.hidden = false;
    result.textContent = "";
    buttons.reset.hidden = false;
    buttons.run.hidden = true;
    buttons.stop.hidden = false;
    buttons.stop.focus({ preventScroll: true });
    status.textContent = worker ? translate("Running …") : translate("Loading Python, some 20 MB, once …");
    running = ({ kind, text }) => {
      if (kind === "ready") status.textContent = translate("Running …");
      else if (kind === "loud") loud = true;
      else if (kind === "text" && loud) result.textContent = (result.textContent + text).slice(-20000);
      else if (kind === "failed") {
        if (loud) result.textContent += text;
        else result.textContent = `${translate("An earlier cell of this page fails, so this one cannot run:")}\n${text}`;
        end(translate("It ended with an error."), true);
      } else if (kind === "unavailable") {
        stop();
        end(reason(text), true);
      } else if (kind === "done") {
        for (const one of [...before, cell]) ran.add(one);
        end(result.textContent ? translate("Done.") : translate("Done: it printed nothing."));
      }
      if (!running) buttons.run.focus({ preventScroll: true });
    };
    cell.halt = () => {
      stop();
      end(translate("Stopped."), true);
      buttons.run.focus({ preventScroll: true });
    };
    try {
      const setting = worker ? {} : await begin();
      if (!running) return; // stopped meanwhile
      worker.postMessage({ ...setting, before: before.map(source), code: source(cell) });
    } catch (problem) {
      stop();
      end(typeof problem === "string" ? problem : REASONS.broken, true);
    }
  };

  const edit = (cell) => {
    const shown = cell.querySelector(".cell_input .highlight");
    if (!cell.editor) {
      cell.editor = document.createElement("textarea");
      cell.editor.className = "run-editor";
      cell.editor.value = cell.original;
      cell.editor.spellcheck = false;
      cell.editor.setAttribute("aria-label", translate("Code of cell {number}; Shift and Enter run it", { number: cells.indexOf(cell) + 1 }));
      cell.editor.addEventListener("input", () => {
        cell.editor.rows = cell.editor.value.split("\n").length;
        for (const later of cells.slice(cells.indexOf(cell))) ran.delete(later);
      });
      cell.editor.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || !(event.shiftKey || event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        run(cell);
      });
      shown.after(cell.editor);
    }
    cell.editor.rows = cell.editor.value.split("\n").length;
    cell.editor.hidden = false;
    shown.hidden = true;
    cell.parts.buttons.edit.hidden = true;
    cell.parts.buttons.reset.hidden = false;
    cell.editor.focus();
  };

  const reset = (cell) => {
    const { buttons, result, status } = cell.parts;
    if (cell.editor && cell.editor.value !== cell.original) for (const later of cells.slice(cells.indexOf(cell))) ran.delete(later);
    cell.editor?.remove();
    cell.editor = null;
    cell.querySelector(".cell_input .highlight").hidden = false;
    cell.querySelector(".cell_output")?.removeAttribute("hidden");
    result.hidden = true;
    status.textContent = "";
    buttons.edit.hidden = false;
    buttons.reset.hidden = true;
    buttons.edit.focus({ preventScroll: true });
  };

  const prepare = (cell, number) => {
    cell.original = cell.querySelector(".cell_input pre").textContent.trimEnd();
    const bar = document.createElement("div");
    bar.className = "run-bar";
    const make = (words, said, act, hidden = false) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = words;
      button.hidden = hidden;
      button.setAttribute("aria-label", said);
      button.addEventListener("click", act);
      bar.append(button);
      return button;
    };
    const of = { number: number + 1 };
    const buttons = {
      run: make(translate("Run"), translate("Run cell {number}", of), () => run(cell)),
      stop: make(translate("Stop"), translate("Stop cell {number}", of), () => cell.halt(), true),
      edit: make(translate("Change"), translate("Change cell {number}", of), () => edit(cell)),
      reset: make(translate("Reset"), translate("Reset cell {number}", of), () => (running ? cell.halt?.() : null, reset(cell)), true),
    };
    const status = document.createElement("span");
    status.setAttribute("role", "status");
    bar.append(status);
    const result = document.createElement("pre");
    result.className = "run-result";
    result.tabIndex = 0;
    result.hidden = true;
    result.setAttribute("role", "region");
    result.setAttribute("aria-label", translate("Result of cell {number}", of));
    cell.parts = { buttons, status, result };
    cell.querySelector(".cell_input").after(bar, result);
  };

  cells.forEach(prepare);
})();
