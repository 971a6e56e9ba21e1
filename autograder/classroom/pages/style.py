"""The look that all pages share: light and dark, from phone to print."""

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
h2 { font-size: 1.15rem; margin: 0 0 .5rem; }
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
section { border-top: 1px solid var(--line); margin-top: 1.5rem; padding-top: 1.25rem; }
summary { cursor: pointer; color: var(--accent); }
:focus-visible { outline: .15rem solid var(--accent); outline-offset: .15rem; }
footer {
  border-top: 1px solid var(--line); margin-top: 2rem; padding-top: 1rem; color: var(--soft);
  font-size: .9rem;
}
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
@page { margin: 15mm; }
@media print {
  :root {
    --ink: #000; --soft: #333; --paper: #fff; --panel: #fff; --line: #999; --right: #000; --wrong: #000;
    --accent: #1f5fbf;
  }
  main { max-width: none; padding: 0; }
  a { color: inherit; text-decoration: none; }
  pre { white-space: pre-wrap; max-height: none; overflow: visible; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
"""
