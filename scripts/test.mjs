// `npm test`: everything, layer by layer, from the format check to the VSIX in real VS Code, side by side where that keeps
// the cores busy. A layer that fails does not stop the others; the last line sums up. `npm test -- host e2e` runs the
// layers whose names hold a word.
import { availableParallelism } from 'node:os';
import { runCommand } from './environment/process.mjs';
import { testLayers } from './test/layers.mjs';
import { LayerPrinter } from './test/printer.mjs';
import { runLayer } from './test/runLayer.mjs';
import { runSideBySide } from './test/schedule.mjs';

const words = process.argv.slice(2);
const all = testLayers();
const named = all.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
// Two layers that build at the same time would read each other's halves.
const needsBuild = named.some(({ after }) => after.includes('build'));
const layers = all.filter((layer) => named.includes(layer) || (needsBuild && layer.name === 'build'));
console.log(`The layers, in this order: ${layers.map(({ name }) => name).join(', ')}.`);
console.log('What they need beside npm packages goes into a per-user cache; each says what it installs.');

// CI gives the run as a whole a limit; what it does not reach is a failure that says so.
const deadline = Date.now() + Number(process.env.OVERREAD_TEST_MINUTES ?? Infinity) * 60_000;

const results = [];
const printer = new LayerPrinter(
  layers.map(({ name }) => name),
  (text) => process.stdout.write(text),
);
await runSideBySide(layers, availableParallelism(), async (layer) => {
  const print = (text) => printer.print(layer.name, text);
  print(`\n=== ${layer.name} ===\n`);
  const minutes = Math.min(layer.minutes, (deadline - Date.now()) / 60_000);
  const result = await runLayer({ ...layer, minutes }, print);
  if (layer.name === 'environment') await nameBrowser();
  if (layer.name === 'build' && result.failed === 0) process.env.OVERREAD_BUILT = '1';
  print(`--- ${layer.name}: ${summary(result)} in ${result.seconds.toFixed(1)} s\n`);
  printer.end(layer.name);
  results.push(result);
});
results.sort((a, b) => placeOf(a.name) - placeOf(b.name));

const width = Math.max(...results.map(({ name }) => name.length));
console.log('\nlayer'.padEnd(width + 3) + 'seconds   passed   failed  skipped');
for (const { name, seconds, passed, failed, skipped } of results) {
  const numbers = [seconds.toFixed(1), passed, failed, skipped].map((value, at) =>
    String(value).padStart(at === 0 ? 7 : 9),
  );
  console.log(name.padEnd(width + 2) + numbers.join(''));
}
for (const { name, failures } of results)
  for (const failure of failures) console.log(`FAILED ${name}: ${failure}`);
for (const { name, flaky } of results)
  for (const test of flaky) console.log(`FLAKY ${name}: ${test} (passed when run again)`);
for (const note of new Set(results.flatMap(({ notes }) => notes))) console.log(note);

const sum = (key) => results.reduce((total, result) => total + result[key], 0);
const total = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
process.exitCode = total.failed === 0 && results.length > 0 ? 0 : 1;
console.log(summary(total));

/** Tells the layers that follow which browser the environment has found. */
async function nameBrowser() {
  const { output } = await runCommand(process.execPath, ['scripts/testEnvironment.mjs', '--check', '--json']);
  const { chromium } = JSON.parse(output.trim().split('\n').at(-1));
  if (chromium !== null) process.env.OVERREAD_CHROMIUM = chromium;
}

/** The place of a layer in the report. */
function placeOf(name) {
  return layers.findIndex((layer) => layer.name === name);
}

function summary({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
