"""What the feedback page has of its own beside the look that all pages share."""

STYLE = """\
h2 { display: flex; justify-content: space-between; gap: 1rem; }
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
@media (max-width: 34rem) { nav ul { columns: 1; } }
@media print {
  pre.output, .example pre { max-height: none; overflow: visible; }
  .rubric li, .example { break-inside: avoid; }
}
"""
