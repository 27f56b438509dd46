const light =
  '--ink: #1f2328; --muted: #57606a; --line: #d0d7de; --ground: #ffffff; --accent: #0b5fa5; --other: #9a4d00;';
const dark =
  '--ink: #e6edf3; --muted: #9aa4af; --line: #3d444d; --ground: #0d1117; --accent: #6cb6ff; --other: #f0a45d;';

/**
 * The style sheet of a report: for screens, light and dark, and for paper. In a tab of VS Code, which says its theme by a class
 * of the body, it goes by that; elsewhere by what the system prefers.
 */
export const reportStyle = `
:root { color-scheme: light dark; ${light} }
@media (prefers-color-scheme: dark) { :root { ${dark} } }
@media screen {
  :root:has(> .vscode-light, > .vscode-high-contrast-light) { color-scheme: light; ${light} }
  :root:has(> .vscode-dark, > .vscode-high-contrast:not(.vscode-high-contrast-light)) { color-scheme: dark; ${dark} }
}
body { margin: 0 auto; padding: 24px 20px 48px; max-width: 1320px; color: var(--ink); background: var(--ground); font: 14px/1.5 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
h1 { margin: 0; font-size: 24px; overflow-wrap: anywhere; }
h2 { margin: 36px 0 0; font-size: 18px; border-top: 1px solid var(--line); padding-top: 14px; }
h3 { margin: 20px 0 4px; font-size: 15px; overflow-wrap: anywhere; }
p { max-width: 900px; overflow-wrap: anywhere; }
.muted, .items { color: var(--muted); }
.items { margin: 2px 0 10px; font-size: 12px; }
.warning { border-left: 4px solid #cf222e; padding: 4px 12px; }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 16px; padding: 0; list-style: none; }
a { color: var(--accent); }
.table { overflow-x: auto; }
table { border-collapse: collapse; margin: 14px 0; }
caption { text-align: left; color: var(--muted); padding: 2px 0 4px; }
th, td { padding: 3px 14px 3px 0; text-align: right; font-weight: normal; font-variant-numeric: tabular-nums; border-bottom: 1px solid var(--line); vertical-align: top; }
thead th { font-weight: 600; }
th:first-child { text-align: left; overflow-wrap: anywhere; min-width: 8em; max-width: 420px; }
.interval { white-space: nowrap; }
dl { display: grid; grid-template-columns: fit-content(45%) minmax(0, 1fr); gap: 3px 20px; max-width: 1000px; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; min-width: 0; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(280px, 1fr)); gap: 16px; max-width: 1360px; }
.charts svg { max-width: 100%; height: auto; }
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(190px, 1fr)); gap: 12px; }
figure { margin: 0; break-inside: avoid; }
figure img { display: block; max-width: 100%; background: #000; }
figcaption { font-size: 12px; overflow-wrap: anywhere; }
.chart-background { fill: none; }
.chart-ink { fill: var(--ink); }
.chart-muted { fill: var(--muted); }
.chart-grid { stroke: var(--line); }
.chart-leader { stroke: var(--muted); }
.chart-reader { stroke: var(--ink); }
.chart-out-of-fold-line, .chart-out-of-fold-mark { stroke: var(--accent); }
.chart-out-of-fold-mark, .chart-out-of-fold-band { fill: var(--accent); }
.chart-validation-line, .chart-validation-mark { stroke: var(--other); }
.chart-validation-mark { fill: var(--ground); }
.chart-validation-band { fill: var(--other); }
.chart-test-line, .chart-test-mark { stroke: var(--muted); }
.chart-test-mark, .chart-test-band { fill: var(--muted); }
@media print {
  :root { color-scheme: light; --ink: #000; --muted: #444; --line: #bbb; --ground: #fff; --accent: #0b5fa5; --other: #9a4d00; }
  @page { margin: 12mm; }
  body { padding: 0; max-width: none; font-size: 10pt; }
  nav { display: none; }
  h2, h3 { break-after: avoid; }
  th, td { padding: 2px 9px 2px 0; font-size: 8.5pt; }
  table, tr, .charts svg { break-inside: avoid; }
  .charts { grid-template-columns: repeat(2, 1fr); }
  .table { overflow: visible; }
}
`;
