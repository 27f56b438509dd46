// The layers of `npm test`, from the quickest to the slowest.
import { readFileSync } from 'node:fs';

/** `minutes`: after which a layer counts as hung. `ahead`: starts with the first, on a core of its own. */
export function testLayers() {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  const npm = (name, minutes, rest = {}) => ({
    name,
    command: 'npm',
    arguments: ['run', '--silent', name],
    minutes,
    ...rest,
  });
  const own = [
    ...['test:core', 'test:programs', 'test:real', 'test:page', 'test:golden'],
    ...['test:host', 'test:electron', 'test:e2e'],
  ];
  // Their tests run in test:core and test:real as well.
  const excerpts = ['test:intake', 'test:dicom'];
  const others = Object.keys(scripts).filter(
    (name) => name.startsWith('test:') && ![...own, ...excerpts].includes(name),
  );
  return [
    npm('check:format', 3),
    npm('check:lint', 8, { ahead: true }),
    npm('check:types', 8),
    npm('check:unused', 4),
    npm('build', 3),
    npm('test:core', 8),
    npm('test:programs', 10),
    npm('test:real', 8),
    // Before what uses the browser and VS Code that it finds or installs.
    npm('environment', 15),
    npm('test:page', 8),
    npm('test:golden', 15),
    npm('test:host', 8),
    npm('test:electron', 10),
    npm('package:test', 4),
    npm('test:e2e', 15),
    ...others.map((name) => npm(name, 10)),
  ];
}
