/** What is there once the extension is active: engine, project, status, the command on the PATH. */
import * as assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { writeScripts } from '../../src/extension/terminalPath';
import { projectWithRun, sampleProject, services, until } from './support/extension';

suite('activation', () => {
  test('finds the project of the workspace and reads it', async () => {
    const { project } = await sampleProject();
    assert.equal(path.basename(project.root), 'project');
    assert.equal(project.summary?.samples, 60);
    assert.equal(project.summary.task, 'multi-class');
  });

  test('finds a project whose folder is moved into the workspace, and forgets it with its folder', async () => {
    const { services: started, project } = await sampleProject();
    const elsewhere = await mkdtemp(path.join(os.tmpdir(), 'overread-moved-'));
    await mkdir(path.join(elsewhere, 'study', 'reading'), { recursive: true });
    await cp(project.configFile.fsPath, path.join(elsewhere, 'study', 'reading', 'overread.yaml'));
    const moved = path.join(path.dirname(project.root), 'study');
    const root = path.join(moved, 'reading');
    try {
      await rename(path.join(elsewhere, 'study'), moved);
      await until('it is found', () => started.projects.get(root));
      assert.equal(started.projects.current, project);
      // One that was chosen goes like any other.
      await started.projects.select(root);
      await started.projects.select(project.root);
    } finally {
      await rm(moved, { recursive: true, force: true });
      await rm(elsewhere, { recursive: true });
    }
    await until('it is forgotten', () => (started.projects.get(root) ? undefined : true));
  });

  test('shows the first run of a project, though its folder came with all that is in it', async () => {
    const { services: started, project } = await projectWithRun();
    const second = path.join(path.dirname(project.root), 'second');
    const later = await mkdtemp(path.join(os.tmpdir(), 'overread-later-'));
    try {
      await cp(project.root, second, { recursive: true });
      await rename(path.join(second, 'runs'), path.join(later, 'runs'));
      const found = await until('it is found', () => started.projects.get(second));
      await found.load();
      assert.deepEqual([found.failure, found.runs], [undefined, []]);
      await rename(path.join(later, 'runs'), path.join(second, 'runs'));
      await until('the run is shown', () => (found.hasRun && found.runs.length > 0 ? true : undefined));
    } finally {
      await rm(second, { recursive: true, force: true });
      await rm(later, { recursive: true });
    }
    await until('it is forgotten', () => (started.projects.get(second) ? undefined : true));
  });

  test('the engine is a process of its own', async () => {
    const { engine } = await services();
    const { pid } = await engine.call('version');
    assert.equal(pid, engine.pid);
    assert.notEqual(pid, process.pid);
  });

  test('an engine that is killed is started again and goes on', async () => {
    const { services: started, project } = await sampleProject();
    const { engine } = started;
    const before = engine.pid;
    assert.ok(before !== undefined);
    let restarted = false;
    const listener = engine.onDidRestart(() => {
      restarted = true;
    });
    process.kill(before, 'SIGKILL');
    await until('the engine runs again', () => (restarted ? true : undefined));
    listener.dispose();
    assert.notEqual(engine.pid, before);
    assert.equal((await engine.call('openProject', project.root)).samples, 60);
  });

  test('calls under way when the engine dies are rejected, not left waiting', async () => {
    const { services: started, project } = await sampleProject();
    const { engine } = started;
    await engine.call('version');
    const pending = engine.call('openProject', project.root);
    const settled = pending.then(
      () => 'answered',
      (error: unknown) => (error as { readonly code?: unknown }).code,
    );
    await Promise.resolve();
    process.kill(engine.pid!, 'SIGKILL');
    const how = await settled;
    assert.ok(how === 'OVR004' || how === 'answered', String(how));
    await until('the engine runs again', () =>
      engine.call('version').then(
        ({ pid }) => pid,
        () => undefined,
      ),
    );
    assert.equal(project.failure, undefined);
  });

  test('"overread" is put on the PATH of terminals and runs with the editor\'s Node', async function () {
    const { context } = await services();
    const folder = path.join(context.globalStorageUri.fsPath, 'bin');
    const variable = context.environmentVariableCollection.get('PATH');
    assert.equal(variable?.value, folder + path.delimiter);
    if (os.platform() === 'win32') this.skip();
    const script = path.join(folder, 'overread');
    const first = await until('the script is written', () => readFile(script, 'utf8').catch(() => undefined));
    assert.match(first, /ELECTRON_RUN_AS_NODE=1/);
    const { stdout } = await promisify(execFile)(script, ['--version']);
    assert.match(stdout, /^\d+\.\d+\.\d+/);
  });

  test('the scripts stand quotes and blanks in paths', async function () {
    if (os.platform() === 'win32') this.skip();
    const { context } = await services();
    const folder = path.join(context.globalStorageUri.fsPath, "it's a test");
    const cli = path.join(folder, 'c l i.js');
    await writeScripts(folder, process.execPath, cli);
    await vscode.workspace.fs.writeFile(vscode.Uri.file(cli), Buffer.from('console.log(process.argv[2])'));
    const { stdout } = await promisify(execFile)(path.join(folder, 'overread'), ["a 'b' $c"]);
    assert.equal(stdout, "a 'b' $c\n");
    await vscode.workspace.fs.delete(vscode.Uri.file(folder), { recursive: true });
  });
});
