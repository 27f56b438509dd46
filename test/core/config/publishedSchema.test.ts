import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import Ajv from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { renderAll } from '../../../scripts/schema/render';
import { checkConfigText } from '../../../src/core/config/config';

const repository = path.resolve(import.meta.dirname, '../../..');
const rendered = await renderAll();
const [schema] = rendered;

test('the published schema and the settings reference equal their source', async () => {
  for (const { file, text } of rendered) {
    // On a difference: node scripts/runTs.mjs scripts/schema.ts
    expect(await fs.readFile(path.join(repository, file), 'utf8'), file).toBe(text);
  }
});

test('an editor that knows only the published schema judges as the parser does', () => {
  const validate = new Ajv({ strict: false, formats: { regex: true } }).compile(
    JSON.parse(schema?.text ?? '') as object,
  );
  const head = 'version: 1\nlabels: { classes: [a, b] }\n';
  for (const text of [
    head,
    'version: 1\nlabels: { task: multi-label, findings: [a, { name: b, uncertain: positive }] }\n',
    `${head}dataset: { group: { column: a, pattern: b } }\n`,
    `${head}dataset: { grup: a }\n`,
    `${head}training: { C: -1 }\n`,
    `${head}training: { C: [1, 2] }\n`,
    `${head}model: { crop: none }\n`,
    'version: 1\n',
    'version: 1\nlabels: { task: multi-label, classes: [a] }\n',
    'labels: { classes: [a, b] }\n',
  ]) {
    const sound = !checkConfigText(text).some(({ severity }) => severity === 'error');
    expect([text, validate(parse(text))]).toEqual([text, sound]);
  }
});

test('every setting is described', () => {
  const visit = (node: unknown, at: string): void => {
    if (typeof node !== 'object' || node === null) return;
    const { properties } = node as { properties?: Record<string, { description?: string }> };
    for (const [name, property] of Object.entries(properties ?? {})) {
      expect(property.description?.length ?? 0, `${at}${name}`).toBeGreaterThan(5);
      visit(property, `${at}${name}.`);
    }
  };
  const root = JSON.parse(schema?.text ?? '') as { properties: unknown };
  visit({ properties: root.properties }, '');
});
