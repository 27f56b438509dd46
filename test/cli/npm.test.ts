/** The project's .npmrc holds for npm as it is: a key that npm no longer knows is a warning at every command. */
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('npm says nothing of the settings in .npmrc', () => {
  const { status, stdout, stderr } = spawnSync('npm', ['pkg', 'get', 'name'], { encoding: 'utf8' });
  expect(status).toBe(0);
  expect(stdout).toContain('overread');
  expect(stderr).not.toMatch(/warn/i);
});
