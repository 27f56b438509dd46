/** The English texts that a translation of the extension translates: those of the host, of the pages, and of the tables of core. */
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';
import { checkKinds } from '../../src/core/checks/kinds';
import { queueTable } from '../../src/core/review/queues';
import { scoreTable } from '../../src/core/review/scores';
import { english as comparison } from '../../webview-ui/comparison/strings';
import { english as cohorts } from '../../webview-ui/cohorts/strings';
import { english as dicom } from '../../webview-ui/dicom/strings';
import { english as grid } from '../../webview-ui/grid/strings';
import { english as map } from '../../webview-ui/map/strings';
import { english as run } from '../../webview-ui/run/strings';
import { english as training } from '../../webview-ui/training/strings';
import { english as newProject } from '../../webview-ui/newProject/strings';

/** Every text once, in alphabetical order. */
export function collectTexts(root: string): readonly string[] {
  const tables = [
    ...queueTable.map(({ title, hint, counted }) => ({ title, hint, counted })),
    ...scoreTable.map(({ title }) => title),
    ...Object.values(checkKinds).map(({ title }) => title),
  ];
  const texts = new Set([
    ...leaves(grid),
    ...leaves(comparison),
    ...leaves(newProject),
    ...leaves(cohorts),
    ...leaves(map),
    ...leaves(dicom),
    ...leaves(run),
    ...leaves(training),
    ...leaves(tables),
  ]);
  const host = path.join(root, 'src', 'extension');
  for (const file of readdirSync(host, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    for (const text of textsOf(readFileSync(path.join(host, file), 'utf8'))) texts.add(text);
  }
  return [...texts].sort();
}

/** What is handed to `vscode.l10n.t`, also by its short name `t`. */
function textsOf(source: string): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const [first] = node.arguments;
      const { expression } = node;
      const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
      if (ts.isIdentifier(name) && name.text === 't' && first && ts.isStringLiteralLike(first)) {
        found.push(first.text);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('host.ts', source, ts.ScriptTarget.Latest));
  return found;
}

function leaves(tree: unknown): readonly string[] {
  if (typeof tree === 'string') return [tree];
  return typeof tree === 'object' && tree !== null ? Object.values(tree).flatMap(leaves) : [];
}

/** The `{…}` places of a text, in alphabetical order: a translation has the same. */
export function placesOf(text: string): readonly string[] {
  return (text.match(/\{\w+\}/g) ?? []).sort();
}
