// `npm test`: everything, layer by layer, from the format check to the VSIX in real VS Code. A layer that fails
// does not stop the others; the last line sums up. `npm test -- host e2e` runs the layers whose names hold a word.
import { runCommand } from './environment/process.mjs';
import { testLayers } from './test/layers.mjs';
import { runLayer } from './test/runLayer.mjs';

const words = process.argv.slice(2);
const layers = testLayers().filter(
  ({ name }) => words.length === 0 || words.some((word) => name.includes(word)),
);
console.log(`The layers, in this order: ${layers.map(({ name }) => name).join(', ')}.`);
console.log('What they need beside npm packages goes into a per-user cache; each says what it installs.');

// CI gives the run as a whole a limit; what it does not reach is a failure that says so.
const deadline = Date.now() + Number(process.env.OVERREAD_TEST_MINUTES ?? Infinity) * 60_000;

const limited = (layer) => ({
  ...layer,
  minutes: Math.min(layer.minutes, (deadline - Date.now()) / 60_000),
});
const underWay = new Map(
  layers
    .filter(({ ahead }) => ahead)
    .map((layer) => [layer.name, runLayer({ ...limited(layer), held: true })]),
);

const results = [];
for (const layer of layers) {
  console.log(`\n=== ${layer.name} ===`);
  const { output, ...result } = await (underWay.get(layer.name) ?? runLayer(limited(layer)));
  process.stdout.write(output);
  console.log(`--- ${layer.name}: ${summary(result)} in ${result.seconds.toFixed(1)} s`);
  results.push(result);
  if (layer.name === 'environment') await nameBrowser();
}

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

function summary({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
