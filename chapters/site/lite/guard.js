// Beside a notebook: says what this browser refuses, and offers a new release of an exercise that has been edited here.
(() => {
  "use strict";

  const path = new URLSearchParams(location.search).get("path") ?? "";
  const root = new URL("../", location.href);
  const STORE = "JupyterLite Storage - "; // then the address of the folder that JupyterLite is in
  const TABLES = ["files", "counters", "checkpoints"];

  const shown = document.createElement("div");
  shown.setAttribute("role", "status");
  shown.style.cssText =
    "position:fixed;inset:auto 0 0 0;z-index:10000;max-height:45vh;overflow:auto;padding:.6rem 1rem;" +
    "font:15px/1.45 system-ui,sans-serif;background:#fff7e0;color:#1c2330;border-top:2px solid #a3500a";
  const tell = (words, ...actions) => {
    const line = document.createElement("p");
    line.style.cssText = "margin:.25rem 0;display:flex;flex-wrap:wrap;gap:.4rem 1rem;align-items:center";
    line.append(Object.assign(document.createElement("span"), { textContent: words }));
    for (const [name, act] of [...actions, ["Close", () => line.remove()]]) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: name });
      button.style.cssText = "min-height:2rem;padding:.1rem .8rem;font:inherit;font-weight:600;cursor:pointer";
      button.addEventListener("click", act);
      line.append(button);
    }
    shown.append(line);
    const show = () => document.body.append(shown);
    if (document.body) show();
    else addEventListener("DOMContentLoaded", show);
  };

  // ---- storage: without it JupyterLite does not open a notebook at all, so it gets one that lasts as long as the page

  const usable = (name) => {
    try {
      const store = window[name];
      store.setItem("book-try", "1");
      store.removeItem("book-try");
      return true;
    } catch {
      return false;
    }
  };
  const inMemory = () => {
    const kept = new Map();
    const store = {
      getItem: (key) => kept.get(String(key)) ?? null,
      setItem: (key, value) => kept.set(String(key), String(value)),
      removeItem: (key) => kept.delete(String(key)),
      clear: () => kept.clear(),
      key: (place) => [...kept.keys()][place] ?? null,
    };
    return Object.defineProperty(store, "length", { get: () => kept.size });
  };
  const blocked = ["localStorage", "sessionStorage"].filter((name) => !usable(name));
  for (const name of blocked) {
    const store = inMemory();
    Object.defineProperty(window, name, { configurable: true, get: () => store });
  }
  const databases = () => {
    try {
      return window.indexedDB ?? null;
    } catch {
      return null;
    }
  };
  if (!databases()) {
    // The library that keeps files asks for a database first, and takes the next thing that works when there is none.
    Object.defineProperty(window, "indexedDB", { configurable: true, get: () => undefined });
  }
  if (blocked.length || !databases()) {
    tell(
      "This browser lets the site keep nothing. You can work here and run everything, but what you write is lost when " +
        "you close or reload this page: choose Download above the notebook before you leave.",
    );
  }

  // ---- the service worker: it lets a kernel read files that lie beside a notebook

  const worker = async () => {
    const chapter = path.startsWith("chapters/");
    const words = chapter
      ? "This browser refuses the service worker, so the chapter's own modules cannot be read here and its plots do not run. " +
        "The pages themselves and the exercises work."
      : "This browser refuses the service worker. The exercise runs all the same; only files beside it cannot be read.";
    if (!navigator.serviceWorker) return tell(words);
    const refused = Symbol("refused");
    const late = new Promise((end) => setTimeout(end, 15000, refused));
    const found = await Promise.race([navigator.serviceWorker.ready, late]).catch(() => refused);
    if (found === refused) tell(words);
  };
  addEventListener("load", worker);

  // ---- a new release of an exercise

  const answer = (request) =>
    new Promise((good, bad) => {
      request.onsuccess = () => good(request.result);
      request.onerror = request.onblocked = () => bad(request.error);
    });
  const opened = async () => {
    const name = STORE + root.pathname;
    const known = await databases().databases();
    if (!known.some((one) => one.name === name)) return null;
    return answer(databases().open(name));
  };
  const fixed = (notebook) =>
    JSON.stringify(
      notebook.cells
        .filter((cell) => cell.metadata?.nbgrader)
        .map(({ metadata: { nbgrader }, source }) => [
          nbgrader.grade_id,
          nbgrader.points ?? 0,
          nbgrader.solution ? "" : [source].flat().join("").trim(),
        ]),
    );
  const free = async (files, stem) => {
    const day = new Date().toISOString().slice(0, 10);
    for (let n = 1; ; n++) {
      const name = `${stem} (my work until ${day}${n > 1 ? `, ${n}` : ""}).ipynb`;
      if (!(await answer(files.get(name)))) return name;
    }
  };
  // Keep the work under a name of its own, and let the release be the notebook.
  const replace = async () => {
    const base = await opened();
    const tables = TABLES.filter((name) => base.objectStoreNames.contains(name));
    const change = base.transaction(tables, "readwrite");
    const files = change.objectStore("files");
    const work = await answer(files.get(path));
    const name = await free(files, path.replace(/\.ipynb$/, ""));
    files.put({ ...work, name: name.split("/").pop(), path: name }, name);
    files.delete(path);
    if (tables.includes("checkpoints")) change.objectStore("checkpoints").delete(path);
    await new Promise((end, bad) => ((change.oncomplete = end), (change.onerror = bad)));
    base.close();
    location.reload();
  };
  const release = async () => {
    if (!path.startsWith("exercises/") || !databases()?.databases) return;
    const base = await opened();
    if (!base) return;
    try {
      if (!base.objectStoreNames.contains("files")) return;
      const work = await answer(base.transaction("files").objectStore("files").get(path));
      if (work?.content?.cells === undefined) return;
      const response = await fetch(new URL(`files/${path}`, root), { cache: "no-cache" });
      if (!response.ok || fixed(await response.json()) === fixed(work.content)) return;
      tell(
        "There is a new release of this exercise. What you see is your work on the old one. It can be kept under a name " +
          "that says so, beside the new one; copy your answers over from there.",
        ["Keep my work and open the new release", () => replace().catch((problem) => tell(`That did not work: ${problem}`))],
      );
    } finally {
      base.close();
    }
  };
  release().catch(() => {});
})();
