/** The commands of the table are the editor's. */
import * as assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { commandTable } from '../../src/extension/commands/table';
import { commands, gridCommands } from '../../src/extension/contributions';
import { services } from './support/extension';

suite('manifest', () => {
  test('every command of the table is registered, and no other', async () => {
    await services();
    const ids = [...Object.values(commands), ...Object.values(gridCommands)].sort();
    assert.deepEqual(commandTable.map(({ id }) => id).sort(), ids);
    const registered = await vscode.commands.getCommands(true);
    const own = registered.filter(
      // Views bring commands of their own (`overread.dataset.focus`).
      (id) => id.startsWith('overread.') && !/^overread\.(dataset|queues|runs)\./.test(id),
    );
    assert.deepEqual(own.sort(), ids);
  });
});
