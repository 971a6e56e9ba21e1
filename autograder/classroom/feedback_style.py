"""The style sheet of the feedback page: light and dark, from phone to print."""

STYLE = """\
:root {
  color-scheme: light dark;
  --ink: #1c2430; --soft: #566173; --paper: #ffffff; --panel: #f4f6f9; --line: #d5dbe4;
  --right: #17692f; --wrong: #a8321e; --accent: #1f5fbf;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6e9ef; --soft: #a9b3c3; --paper: #14181f; --panel: #1e242e; --line: #39424f;
    --right: #74d18d; --wrong: #ff9d87; --accent: #8fbaff;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
main { max-width: 46rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; display: flex; justify-content: space-between; gap: 1rem; margin: 0 0 .5rem; }
p { margin: .25rem 0; }
a { color: var(--accent); }
code, pre {
  font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .9em;
}
code { overflow-wrap: anywhere; }
pre {
  background: var(--panel); border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .75rem;
  margin: .5rem 0; overflow-x: auto; white-space: pre; tab-size: 4;
}
pre.output { border-left: .25rem solid var(--line); max-height: 24rem; overflow: auto; }
.student { color: var(--soft); margin: 0; overflow-wrap: anywhere; }
.total { font-size: 1.15rem; }
.total strong { font-size: 1.9rem; }
.bar {
  height: .5rem; border-radius: .25rem; background: var(--line); overflow: hidden; margin: .25rem 0 .75rem;
}
.bar div { height: 100%; background: var(--accent); }
.points { color: var(--soft); white-space: nowrap; font-weight: 400; font-variant-numeric: tabular-nums; }
nav ul { list-style: none; padding: 0; margin: .75rem 0 0; columns: 2; column-gap: 2rem; }
nav li {
  display: flex; justify-content: space-between; gap: .75rem; padding: .15rem 0; break-inside: avoid;
}
section { border-top: 1px solid var(--line); margin-top: 1.5rem; padding-top: 1.25rem; }
.notes {
  background: var(--panel); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem 1.25rem;
}
.notes ul { margin: 0; padding-left: 1.2rem; }
.notes li { overflow-wrap: anywhere; }
.rubric { list-style: none; margin: 0 0 .75rem; padding: 0; }
.rubric li { display: flex; gap: .6rem; padding: .3rem 0; }
.rubric li > div { flex: 1; min-width: 0; }
.item { display: flex; justify-content: space-between; gap: 1rem; margin: 0; }
.mark { font-weight: 700; width: 1.1rem; flex: none; text-align: center; }
.right .mark { color: var(--right); }
.wrong .mark { color: var(--wrong); }
.wrong .item { font-weight: 600; }
.reason { margin: .15rem 0; white-space: pre-line; overflow-wrap: anywhere; }
.example {
  border-left: .25rem solid var(--wrong); background: var(--panel); border-radius: 0 .4rem .4rem 0;
  padding: .5rem .75rem; margin: .5rem 0;
}
.example pre { background: var(--paper); max-height: 16rem; overflow: auto; }
.comment, .written { white-space: pre-line; overflow-wrap: anywhere; }
.comment {
  border-left: .25rem solid var(--accent); padding: .3rem .75rem; margin: .5rem 0; background: var(--panel);
}
.written { padding: .25rem 0; }
summary { cursor: pointer; color: var(--accent); }
:focus-visible { outline: .15rem solid var(--accent); outline-offset: .15rem; }
footer {
  border-top: 1px solid var(--line); margin-top: 2rem; padding-top: 1rem; color: var(--soft);
  font-size: .9rem;
}
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
@media (max-width: 34rem) { nav ul { columns: 1; } }
@media print {
  :root {
    --ink: #000; --soft: #333; --paper: #fff; --panel: #fff; --line: #999; --right: #000; --wrong: #000;
  }
  main { max-width: none; padding: 0; }
  a { color: inherit; text-decoration: none; }
  pre, pre.output, .example pre { white-space: pre-wrap; max-height: none; overflow: visible; }
  .rubric li, .example { break-inside: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
"""
