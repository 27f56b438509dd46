/** The restart policy on a clock of its own. */
import * as assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import { RestartPolicy } from '../../src/extension/engine/restartPolicy';

suite('engine restarts', () => {
  test('pauses grow, the row ends, and a word of the user begins a new one', () => {
    let now = 0;
    const policy = new RestartPolicy(() => now);
    const pauses: (number | null)[] = [];
    for (let crash = 0; crash < 6; crash++) {
      policy.started();
      now += 10;
      assert.equal(policy.crashed(), crash === 0);
      pauses.push(policy.pause());
      now += policy.pause() ?? 0;
    }
    assert.deepEqual(pauses, [250, 500, 1000, 2000, 4000, null]);
    policy.forgive();
    assert.equal(policy.pause(), 0);
  });

  test('a run that lasted forgets the crashes before it', () => {
    let now = 0;
    const policy = new RestartPolicy(() => now);
    policy.started();
    policy.crashed();
    now += 250;
    policy.started();
    now += 61_000;
    assert.equal(policy.crashed(), true);
    assert.equal(policy.pause(), 250);
  });
});
