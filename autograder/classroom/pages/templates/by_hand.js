"use strict";
const start = JSON.parse(document.getElementById("start").textContent);
const articles = [...document.querySelectorAll("article")];
let lines = start.lines, earlier = start.earlier, current = null, unsaved = 0;

const part = (article, name) => article.querySelector(name);
const said = (text) => { document.getElementById("said").textContent = text; };
const called = (article) => part(article, "h2").textContent;
const number = (value) => String(Math.round(value * 1000) / 1000);
const has = (article, line) => part(article, ".comment").value.split("\n").includes(line.said);

async function post(body) {
  const reply = await fetch(location.pathname, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  return { status: reply.status, told: await reply.json() };
}

function element(tag, text, action) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (action) { made.type = "button"; made.addEventListener("click", action); }
  return made;
}

// The rubric, above and in each answer.
function showRubric() {
  const list = document.getElementById("lines");
  list.replaceChildren(...lines.map((line) => {
    const item = element("li", line.said + " ");
    const away = element("button", "Remove", () => change({ do: "remove", number: line.number }));
    away.setAttribute("aria-label", "Remove " + line.said);
    item.append(away);
    return item;
  }));
  const propose = document.getElementById("propose");
  if (propose) propose.hidden = lines.length > 0;
  for (const article of articles) {
    part(article, ".lines").replaceChildren(...lines.map((line, place) => {
      const key = place < 9 ? place + 1 + ". " : "";
      return element("button", key + line.said, () => give(article, line));
    }));
    press(article);
  }
}

function press(article) {
  part(article, ".lines").querySelectorAll("button").forEach((button, place) => {
    button.setAttribute("aria-pressed", has(article, lines[place]));
  });
}

async function change(body) {
  const { status, told } = await post(body);
  if (status === 200) { lines = told.lines; showRubric(); } else said(told.error);
}

// Giving points and comments.
function give(article, line) {
  const comment = part(article, ".comment"), points = part(article, ".points");
  const rest = comment.value.split("\n").filter((text) => text.trim() && text !== line.said);
  const taken = has(article, line);
  comment.value = (taken ? rest : [...rest, line.said]).join("\n");
  if (line.points) {
    const sum = Number(points.value || 0) + (taken ? -line.points : line.points);
    points.value = number(Math.min(Math.max(sum, 0), Number(points.max)));
  }
  save(article);
}

function setPoints(article, value) {
  part(article, ".points").value = value;
  save(article);
}

function shown(article) {
  const points = part(article, ".points");
  return { points: points.value === "" ? null : Number(points.value), comment: part(article, ".comment").value };
}

function show(article, given) {
  part(article, ".points").value = given.points === null ? "" : number(given.points);
  part(article, ".comment").value = given.comment;
}

function save(article) {
  press(article);
  unsaved += 1;
  article.queue = (article.queue || Promise.resolve()).then(() => send(article)).finally(() => { unsaved -= 1; });
  return article.queue;
}

async function send(article) {
  const given = shown(article), seen = JSON.parse(article.dataset.seen);
  if (!part(article, ".points").checkValidity()) return fail(article, "these points cannot be given");
  let answer;
  try {
    answer = await post({ do: "save", answer: article.dataset.key, seen, ...given });
  } catch {
    return fail(article, "the command that serves this page has ended");
  }
  if (answer.status === 409) return conflict(article, answer.told.given);
  if (answer.status !== 200) return fail(article, answer.told.error);
  article.dataset.seen = JSON.stringify(answer.told.given);
  article.dataset.waits = Number(answer.told.waits);
  learn(given.comment);
  state(article);
  const points = given.points === null ? "no points yet" : number(given.points) + " points";
  said("Saved for " + called(article) + ": " + points);
}

function learn(comment) {
  const ours = lines.map((line) => line.said);
  const fresh = comment.split("\n").map((text) => text.trim()).filter((text) => text && !ours.includes(text));
  earlier = [...new Set([...earlier, ...fresh])];
}

function fail(article, why) {
  const line = part(article, ".state");
  line.className = "state bad";
  line.textContent = "Not saved: " + why;
  article.dataset.unsaved = "1";
  said("Not saved for " + called(article) + ": " + why);
}

function conflict(article, theirs) {
  const box = part(article, ".conflict");
  const points = theirs.points === null ? "no points" : number(theirs.points) + " points";
  const words = "Somebody else graded this meanwhile: " + points + (theirs.comment ? ", “" + theirs.comment + "”" : "");
  part(box, "p").textContent = words;
  box.hidden = false;
  article.theirs = theirs;
  fail(article, "somebody else graded this meanwhile");
}

function settle(article, take) {
  part(article, ".conflict").hidden = true;
  article.dataset.seen = JSON.stringify(article.theirs);
  if (take) show(article, article.theirs);
  save(article);
}

function state(article) {
  delete article.dataset.unsaved;
  const waits = article.dataset.waits === "1", line = part(article, ".state");
  const given = JSON.parse(article.dataset.seen).points !== null;
  line.className = waits ? "state" : "state good";
  line.textContent = !waits ? "Graded" : given ? "To look at again: the answer has changed" : "To grade";
  const left = articles.filter((one) => one.dataset.waits === "1").length;
  document.getElementById("left").textContent = left + " of " + articles.length + " to grade";
}

// Going from one answer to another.
function go(article) {
  if (!article) return said("No further answer.");
  article.focus();
  article.scrollIntoView({ block: "start" });
}

function step(by) { go(articles[current === null ? 0 : articles.indexOf(current) + by]); }

async function next(toPoints) {
  const here = current === null ? -1 : articles.indexOf(current);
  const order = [...articles.slice(here + 1), ...articles.slice(0, Math.max(here, 0))];
  const found = order.find((one) => one.dataset.waits === "1");
  go(found);
  if (found && toPoints) part(found, ".points").focus();
}

const KEYS = {
  n: () => step(1), p: () => step(-1), u: () => next(false),
  a: () => current && setPoints(current, part(current, ".points").max),
  z: () => current && setPoints(current, "0"),
  s: () => current && part(current, ".points").focus(),
  c: () => current && part(current, ".comment").focus(),
};

document.addEventListener("keydown", async (event) => {
  const field = event.target.closest("input, textarea, select"), article = event.target.closest("article");
  if (article && field && event.key === "Escape") return go(article);
  const done = event.key === "Enter" && (event.target.matches(".points") || (event.ctrlKey && event.target.matches(".comment")));
  if (article && done) {
    event.preventDefault();
    await save(article);
    if (!article.dataset.unsaved) next(true);
    return;
  }
  if (field || event.ctrlKey || event.metaKey || event.altKey || !document.getElementById("keys").checked) return;
  const line = lines[Number(event.key) - 1];
  const action = KEYS[event.key] || (current && line && (() => give(current, line)));
  if (action) { event.preventDefault(); action(); }
});

document.addEventListener("focusin", (event) => {
  const article = event.target.closest("article");
  if (event.target.matches(".earlier")) {
    const options = earlier.map((text) => element("option", text));
    event.target.replaceChildren(event.target.options[0], ...options);
  }
  if (!article || article === current) return;
  if (current) current.classList.remove("current");
  current = article;
  article.classList.add("current");
});

for (const article of articles) {
  part(article, ".points").addEventListener("change", () => save(article));
  part(article, ".comment").addEventListener("change", () => save(article));
  part(article, ".save").addEventListener("click", () => save(article));
  part(article, ".all").addEventListener("click", () => setPoints(article, part(article, ".points").max));
  part(article, ".none").addEventListener("click", () => setPoints(article, "0"));
  part(article, ".theirs").addEventListener("click", () => settle(article, true));
  part(article, ".mine").addEventListener("click", () => settle(article, false));
  part(article, ".earlier").addEventListener("change", (event) => {
    const comment = part(article, ".comment");
    comment.value = [comment.value, event.target.value].filter(Boolean).join("\n");
    event.target.selectedIndex = 0;
    save(article);
  });
  state(article);
}

document.getElementById("new").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  change({ do: "add", lines: [[form.elements.words.value, Number(form.elements.points.value)]] });
  form.elements.words.value = "";
});
const propose = document.getElementById("propose");
if (propose) propose.addEventListener("click", () => change({ do: "add", lines: start.proposed }));
window.addEventListener("beforeunload", (event) => {
  if (unsaved || articles.some((one) => one.dataset.unsaved)) event.preventDefault();
});
showRubric();
