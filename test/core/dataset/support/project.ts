/** Projects and datasets for tests: real files in a temporary folder, or samples without any. */
import * as fs from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import { loadConfig, type ProjectConfig } from '../../../../src/core/config/config';
import { isImageName } from '../../../../src/core/images/imageNames';
import type { Dataset, LabelValue, Sample } from '../../../../src/core/dataset/model';

export interface TestProject {
  readonly root: string;
  readonly write: (file: string, content: string | Uint8Array) => Promise<void>;
  readonly read: (file: string) => Promise<string>;
  readonly config: () => Promise<ProjectConfig>;
  readonly remove: () => Promise<void>;
}

/** Four by four grey pixels: what an image without content becomes, so that it can be opened. */
const tinyImage = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAIAAAAmkwkpAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAADklEQVQImWNoQAIMxHEAcFIYAXSG8E8AAAAASUVORK5CYII=',
  'base64',
);

export async function makeProject(files: Readonly<Record<string, string>> = {}): Promise<TestProject> {
  const root = await fs.mkdtemp(path.join(os.tmpdir(), 'overread-dataset-'));
  const project: TestProject = {
    root,
    write: async (file, content) => {
      await fs.mkdir(path.dirname(path.join(root, file)), { recursive: true });
      await fs.writeFile(path.join(root, file), content);
    },
    read: (file) => fs.readFile(path.join(root, file), 'utf8'),
    config: () => loadConfig(root),
    remove: () => fs.rm(root, { recursive: true, force: true }),
  };
  for (const [file, content] of Object.entries(files)) {
    await project.write(file, content === '' && isImageName(file) ? tinyImage : content);
  }
  return project;
}

/** A configuration for classes a, b, c; `more` are further lines of YAML. */
export const classConfig = (more = ''): string => `version: 1\nlabels: { classes: [a, b, c] }\n${more}`;

export interface SampleFields {
  readonly id: string;
  readonly group?: string;
  readonly given: readonly LabelValue[];
}

export function makeDataset(
  task: Dataset['task'],
  findings: readonly string[],
  fields: readonly SampleFields[],
): Dataset {
  return {
    task,
    findings:
      task === 'multi-class'
        ? [{ name: 'class', values: findings, uncertain: 'masked', unmentioned: 'masked' }]
        : findings.map((name) => ({
            name,
            values: ['0', '1', 'uncertain'],
            uncertain: 'masked',
            unmentioned: 'negative',
          })),
    samples: fields.map(({ id, group, given }, i): Sample => ({
      id,
      path: id,
      row: i + 2,
      group: group ?? id,
      study: null,
      given,
      givenSplit: null,
      metadata: {},
    })),
    metadataColumns: [],
  };
}
