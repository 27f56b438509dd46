/** What a schema cannot say about overread.yaml: rules between its keys. */
import type { ConfigFault } from './configErrors';
import type { ConfigFields } from './configSchema';

/** Faults of a configuration that fits the schema. */
export function checkConfigRules(config: ConfigFields): ConfigFault[] {
  const faults: ConfigFault[] = [];
  const add = (
    path: readonly (string | number)[],
    message: string,
    severity: ConfigFault['severity'] = 'error',
    at: ConfigFault['at'] = 'value',
  ): number => faults.push({ path, at, message, severity });
  const { labels, split, dataset } = config;

  const sum = split.train + split.validation + split.test;
  if (Math.abs(sum - 1) > 1e-6) {
    add(
      ['split'],
      `split.train, split.validation and split.test add up to ${Number(sum.toFixed(6))}. Expected: 1.`,
      'error',
      'key',
    );
  }
  if (split.train === 0) add(['split', 'train'], 'split.train is 0: nothing would be left to train on.');
  if (labels.unit === 'study' && dataset.study === null) {
    add(['labels', 'unit'], 'labels.unit is study, but dataset.study names no column.');
  }
  const multiLabel = labels.task === 'multi-label';
  if (multiLabel && labels.classes) {
    add(['labels', 'classes'], 'labels.classes has no effect with task: multi-label.', 'warning', 'key');
  }
  if (!multiLabel && labels.findings) {
    add(['labels', 'findings'], 'labels.findings has no effect with task: multi-class.', 'warning', 'key');
  }
  const names = new Map<string, number>();
  for (const [i, finding] of (labels.findings ?? []).entries()) {
    const name = typeof finding === 'string' ? finding : finding.name;
    const first = names.get(name);
    if (first !== undefined) {
      add(
        ['labels', 'findings', i],
        `Finding "${name}" is listed twice (numbers ${first + 1} and ${i + 1}).`,
      );
    }
    names.set(name, i);
    if (typeof finding !== 'string') checkValues(finding.values, ['labels', 'findings', i, 'values']);
  }
  if (multiLabel) checkValues(labels.values, ['labels', 'values']);
  else checkClasses();
  return faults;

  function checkValues(
    values: Readonly<Record<string, string | number | null>> | undefined,
    path: readonly (string | number)[],
  ): void {
    for (const [text, value] of Object.entries(values ?? {})) {
      if (value !== null && !['0', '1', 'uncertain'].includes(String(value))) {
        add([...path, text], `"${text}" is mapped to ${String(value)}. Expected: 1, 0, uncertain or null.`);
      }
    }
  }

  function checkClasses(): void {
    const classes = labels.classes ?? [];
    for (const [text, value] of Object.entries(labels.values ?? {})) {
      if (value !== null && !classes.includes(String(value))) {
        add(
          ['labels', 'values', text],
          `"${text}" is mapped to "${String(value)}", which is no class. Expected: ${classes.join(', ')} or null.`,
        );
      }
    }
    if (classes.length === 1) {
      add(
        ['labels', 'classes'],
        'There is one class only: nothing can be learnt until there are two.',
        'warning',
      );
    }
  }
}
