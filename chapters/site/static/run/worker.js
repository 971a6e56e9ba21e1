// Runs a page's Python in a thread of its own: see run.js, which starts it at the first click.
"use strict";

const HOME = "/home/pyodide";
let python = null;

const say = (kind, text) => postMessage({ kind, text });

const start = async ({ pyodide, packages, modules }) => {
  try {
    importScripts(pyodide);
  } catch {
    throw new Error(`unreachable ${new URL(pyodide).host}`);
  }
  const loaded = await loadPyodide({ indexURL: pyodide.replace(/[^/]*$/, "") });
  const missing = [];
  await loaded.loadPackage(packages, { messageCallback: () => {}, errorCallback: (text) => missing.push(text) });
  if (missing.length) throw new Error(missing.join("\n"));
  for (const [path, text] of Object.entries(modules)) {
    const place = `${HOME}/${path}`;
    loaded.FS.mkdirTree(place.slice(0, place.lastIndexOf("/")));
    loaded.FS.writeFile(place, text);
  }
  loaded.runPython(`import sys; sys.path.insert(0, "${HOME}")`);
  const decoder = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  const stream = (name) => ({
    write: (bytes) => {
      say("text", decoder[name].decode(bytes, { stream: true }));
      return bytes.length;
    },
  });
  loaded.setStdout(stream("stdout"));
  loaded.setStderr(stream("stderr"));
  return loaded;
};

// The frames of Pyodide itself come before the reader's own, and say nothing.
const tidy = (message) => {
  const lines = message.trimEnd().split("\n");
  const own = lines.findIndex((line) => line.includes('File "<cell>"'));
  return own > 0 ? [lines[0], ...lines.slice(own)].join("\n") : message;
};

const run = async (code) => {
  const value = await python.runPythonAsync(code, { filename: "<cell>" });
  if (value === undefined || value === null) return;
  say("text", `${python.globals.get("repr")(value)}\n`);
  value.destroy?.();
};

addEventListener("message", async ({ data }) => {
  try {
    if (!python) {
      python = await start(data);
      say("ready");
    }
    for (const code of data.before) {
      say("quiet");
      await run(code);
    }
    say("loud");
    await run(data.code);
    say("done");
  } catch (problem) {
    say(python ? "failed" : "unavailable", tidy(String(problem.message ?? problem)));
  }
});
