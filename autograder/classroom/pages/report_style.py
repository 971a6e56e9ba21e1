"""What the report has of its own beside the look that all pages share."""

STYLE = """\
:root { --fill: #3d77c9; --fill-late: #c8702a; --track: #e3e8ef; }
@media (prefers-color-scheme: dark) { :root { --fill: #6f9fe6; --fill-late: #e49a58; --track: #2b3340; } }
main { max-width: 60rem; }
header p.course { color: var(--soft); margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; }
h3 { font-size: 1.02rem; margin: 1rem 0 .25rem; overflow-wrap: anywhere; }
p, li { max-width: 46rem; overflow-wrap: anywhere; }
dl.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .6rem; margin: 1rem 0 0; }
dl.tiles div { background: var(--panel); border: 1px solid var(--line); border-radius: .5rem; padding: .55rem .75rem; }
dl.tiles dt { color: var(--soft); font-size: .9rem; }
dl.tiles dd { margin: 0; font-size: 1.35rem; font-weight: 600; font-variant-numeric: tabular-nums; }
dl.tiles small { font-size: .85rem; font-weight: 400; color: var(--soft); }
nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: .75rem 0 0; }
.soft { color: var(--soft); }
.table { overflow-x: auto; margin: .5rem 0 1rem; }
table { border-collapse: collapse; width: 100%; font-size: .95rem; }
caption { text-align: left; color: var(--soft); padding-bottom: .25rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .9rem .3rem 0; border-bottom: 1px solid var(--line); }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
thead th { color: var(--soft); font-weight: 600; border-bottom-width: 2px; }
tbody th { font-weight: 400; overflow-wrap: anywhere; }
tbody th.group { font-weight: 600; padding-top: .9rem; }
td .word { display: block; color: var(--soft); font-size: .85rem; }
.meter {
  height: .45rem; min-width: 3.2rem; background: var(--track); border-radius: .25rem; overflow: hidden;
  margin-top: .2rem;
  print-color-adjust: exact; -webkit-print-color-adjust: exact;
}
.meter div { height: 100%; background: var(--fill); }
.warn { color: var(--wrong); font-weight: 600; }
svg.chart { display: block; width: 100%; max-width: 38rem; height: auto; margin: .5rem 0; }
svg.strip { display: block; width: 100%; min-width: 6rem; height: 1.5rem; }
svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
svg text { fill: var(--ink); font-size: 11px; text-anchor: middle; font-family: inherit; }
svg text { paint-order: stroke; stroke: var(--paper); stroke-width: 3px; }
svg text.count { fill: var(--soft); }
svg .bar { fill: var(--fill); }
svg .late { fill: url(#hatch); stroke: var(--fill-late); stroke-width: 1; }
.hatch-ground { fill: var(--paper); }
.hatch-line { stroke: var(--fill-late); stroke-width: 5; }
svg .axis { stroke: var(--line); stroke-width: 1; }
svg .mark { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 4 3; }
svg .mark.solid { stroke-dasharray: none; stroke: var(--soft); vector-effect: non-scaling-stroke; }
svg .median { stroke: var(--ink); stroke-width: 2.5; vector-effect: non-scaling-stroke; }
.key { display: inline-block; width: 1rem; height: .7rem; vertical-align: baseline; margin-right: .35rem; }
ul.needs { list-style: none; padding: 0; }
ul.needs > li {
  border-left: .25rem solid var(--wrong); background: var(--panel); border-radius: 0 .4rem .4rem 0;
  padding: .5rem .75rem; margin: .5rem 0;
}
ul.needs ul { margin: .25rem 0 0; padding-left: 1.2rem; }
details.who ul { columns: 14rem; padding-left: 1.2rem; margin: .25rem 0; }
.mistake { border: 1px solid var(--line); border-radius: .5rem; padding: .1rem 1rem .8rem; margin: .75rem 0; }
.mistake h3 { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1rem; margin-top: .7rem; }
.mistake h3 .many { white-space: nowrap; font-weight: 400; color: var(--soft); }
.mistake pre { max-height: 22rem; overflow: auto; }
code { overflow-wrap: anywhere; }
@media (max-width: 30rem) {
  table { font-size: .9rem; }
  svg text { font-size: 14px; }
  .mistake { padding: .1rem .75rem .6rem; }
  th, td { padding-right: .5rem; }
}
@media print {
  .mistake, ul.needs > li, svg.chart, tr { break-inside: avoid; }
  .mistake pre { max-height: none; overflow: visible; }
  .table { overflow: visible; }
  :root { --fill: #7a9fd0; --fill-late: #a05010; --track: #ddd; }
  nav, details:not([open]) { display: none; }
}
"""
