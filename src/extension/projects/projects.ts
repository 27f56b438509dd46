/** All projects of the window and which of them is the current one. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { configFileName, contextKeys } from '../contributions';
import { setContextKey } from '../contextKey';
import { Debounce, DisposableStore, type Disposable } from '../disposables';
import type { EngineClient } from '../engine/engineClient';
import { findProjects, isProject } from './findProjects';
import { Project, type News } from './project';

export interface ProjectChange {
  readonly project: Project;
  readonly what: ReadonlySet<News>;
}

const currentKey = 'currentProject';
/** overread.yaml files come and go in bursts (a checkout). */
const quietMs = 300;
/** What comes by the thousand, such as images, is not asked whether it is a folder. */
const fileEnding = /\.[a-z]\w{1,4}$/i;

export class Projects implements Disposable {
  private readonly store = new DisposableStore();
  private readonly byRoot = new Map<string, { project: Project; listener: Disposable }>();
  private readonly listChanged = this.store.add(new vscode.EventEmitter<void>());
  private readonly projectChanged = this.store.add(new vscode.EventEmitter<ProjectChange>());
  /** Projects that were opened by name and may lie outside the workspace, while they are there. */
  private readonly outside = new Set<string>();
  private currentRoot: string | undefined;
  private searching: Promise<void> | undefined;

  /** The list, or which project is current, changed. */
  readonly onDidChangeList = this.listChanged.event;
  /** A project's own state changed. */
  readonly onDidChangeProject = this.projectChanged.event;

  constructor(
    private readonly engine: EngineClient,
    private readonly memory: vscode.Memento,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.currentRoot = memory.get<string>(currentKey);
    void setContextKey(contextKeys.projects, 'searching');
    const again = this.store.add(
      new Debounce(quietMs, () => {
        void this.search();
      }),
    );
    const watcher = this.store.add(
      vscode.workspace.createFileSystemWatcher(`**/${configFileName}`, false, true),
    );
    for (const event of [watcher.onDidCreate, watcher.onDidDelete])
      this.store.add(event(() => again.schedule()));
    // Of a folder that comes or goes as a whole, the editor tells nothing of the files in it.
    const everything = this.store.add(vscode.workspace.createFileSystemWatcher('**', false, true));
    this.store.add(
      everything.onDidCreate(({ fsPath }) => {
        if (!fileEnding.test(fsPath) && !this.containing(fsPath))
          void isFolder(fsPath).then((is) => {
            if (is) again.schedule();
          });
      }),
    );
    this.store.add(
      everything.onDidDelete(({ fsPath }) => {
        if (this.all.some(({ root }) => holds(fsPath, root))) again.schedule();
      }),
    );
    this.store.add(vscode.workspace.onDidChangeWorkspaceFolders(() => again.schedule()));
    this.store.add(
      engine.onDidChange(({ root, what }) => {
        this.get(root)?.refreshSoon(...what);
      }),
    );
    this.store.add(
      engine.onDidRefit(({ root }) => {
        void this.get(root)?.takeRefit();
      }),
    );
    this.store.add(
      engine.onDidRestart(() => {
        for (const project of this.all)
          if (project.isLoaded) void project.refresh('dataset', 'runs', 'labels');
      }),
    );
  }

  get all(): readonly Project[] {
    return [...this.byRoot.values()].map(({ project }) => project);
  }

  get current(): Project | undefined {
    return this.get(this.currentRoot ?? '') ?? this.all[0];
  }

  get(root: string): Project | undefined {
    return this.byRoot.get(root)?.project;
  }

  /** The project whose folder holds this file, the innermost one. */
  containing(file: string): Project | undefined {
    return this.all.filter(({ root }) => holds(root, file)).sort((a, b) => b.root.length - a.root.length)[0];
  }

  /** Waits for the first look through the workspace. */
  ready(): Promise<void> {
    this.searching ??= this.search();
    return this.searching;
  }

  /** Looks through the workspace again. */
  async search(): Promise<void> {
    for (const root of this.outside) if (!(await isProject(root))) this.outside.delete(root);
    const roots = new Set([...(await findProjects()), ...this.outside]);
    this.log.debug(`${roots.size} project(s) in the workspace`);
    this.keepOnly(roots);
    for (const root of roots) this.add(root);
    this.announce();
  }

  /** Makes a project current; one that is not in the workspace (just made) is added. */
  async select(root: string): Promise<Project> {
    if (!this.get(root)) this.outside.add(root);
    const project = this.add(root);
    this.currentRoot = root;
    await this.memory.update(currentKey, root);
    this.announce();
    await project.load();
    return project;
  }

  dispose(): void {
    this.keepOnly(new Set());
    this.store.dispose();
  }

  private add(root: string): Project {
    const known = this.get(root);
    if (known) return known;
    const project = new Project(root, this.engine, this.log, this.memory);
    const listener = project.onDidChange((what) => {
      if (project === this.current) this.setProjectKeys();
      this.projectChanged.fire({ project, what });
    });
    this.byRoot.set(root, { project, listener });
    return project;
  }

  private keepOnly(roots: ReadonlySet<string>): void {
    for (const [root, { project, listener }] of this.byRoot) {
      if (roots.has(root)) continue;
      listener.dispose();
      project.dispose();
      this.byRoot.delete(root);
    }
  }

  private announce(): void {
    void setContextKey(contextKeys.projects, this.byRoot.size === 0 ? 'none' : 'some');
    this.setProjectKeys();
    this.listChanged.fire();
    void this.current?.load();
  }

  private setProjectKeys(): void {
    void setContextKey(contextKeys.projectReady, this.current?.summary !== undefined);
    void setContextKey(contextKeys.hasRun, this.current?.hasRun === true);
  }
}

/** Whether `file` is `folder` or lies below it, by name alone. */
function holds(folder: string, file: string): boolean {
  return file === folder || file.startsWith(folder + path.sep);
}

function isFolder(file: string): Promise<boolean> {
  return fs.stat(file).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
