/** Commands that choose the network of a project and the block that it is cut after. */
import * as vscode from 'vscode';
import { applyChoice, saidOf } from '../architectures/applyChoice';
import { findRow } from '../architectures/catalogs';
import { pickArchitecture } from '../architectures/pickArchitecture';
import { pickBlock } from '../architectures/pickBlock';
import { findPlace, chosenArchitecture } from '../language/configPlaces';
import type { Project } from '../projects/project';
import type { Services } from '../services';
import { setting } from '../settings';
import { projectOf, type Handlers } from './command';
import { say } from '../say';

export const architectureCommands = {
  chooseArchitecture,
  truncateArchitecture,
} satisfies Handlers;

async function chooseArchitecture(services: Services, arg: unknown): Promise<void> {
  const project = projectOf(services, arg);
  if (!project) return;
  const { catalog, architecture, truncate } = await read(services, project);
  const picked = await pickArchitecture(catalog, architecture, notes(project, catalog.suggestion !== null));
  if (!picked) return;
  const { row } = picked;
  const kept = row.name === architecture ? truncate : null;
  const block = picked.cut ? await pickBlock(row, kept) : { truncate: kept };
  if (!block) return;
  await apply(services, project, { architecture: row.name, truncate: block.truncate });
}

async function truncateArchitecture(services: Services, arg: unknown): Promise<void> {
  const project = projectOf(services, arg);
  if (!project) return;
  const { catalog, architecture, truncate } = await read(services, project);
  const row = findRow(catalog, architecture);
  if (!row) {
    await chooseArchitecture(services, arg);
    return;
  }
  const block = await pickBlock(row, truncate);
  if (block) await apply(services, project, { architecture, truncate: block.truncate });
}

/** What there is, and what the text of overread.yaml says now, saved or not. */
async function read({ catalogs, places }: Services, project: Project) {
  const document = await vscode.workspace.openTextDocument(project.configFile);
  const [catalog, known] = await Promise.all([catalogs.of(project.root), places.of(document)]);
  const cut = findPlace(known, 'model.truncate')?.text ?? null;
  return {
    catalog,
    architecture: chosenArchitecture(known, catalog),
    truncate: cut === 'null' ? null : cut,
  };
}

/** What the person should know while choosing. */
function notes(project: Project, hasSuggestion: boolean): readonly string[] {
  const { t } = vscode.l10n;
  const overriding = setting('architecture', project.uri);
  return [
    ...(hasSuggestion ? [] : [t('set dataset.modality and dataset.anatomy for a suggestion')]),
    ...(overriding === ''
      ? []
      : [t('the setting overread.architecture ({0}) comes before overread.yaml', overriding)]),
  ];
}

async function apply(
  { engine }: Services,
  project: Project,
  choice: { readonly architecture: string; readonly truncate: string | null },
): Promise<void> {
  const applied = await applyChoice(engine, project.configFile, choice);
  say.status(saidOf(applied), 6000);
}
