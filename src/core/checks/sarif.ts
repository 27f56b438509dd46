/** Findings as SARIF 2.1.0 (OASIS, 2020), which code hosts show beside the lines of a change. */
import { pathToFileURL } from 'node:url';
import * as path from 'node:path';
import type { Check } from './model';

const levels = { error: 'error', warning: 'warning', info: 'note' } as const;

/**
 * A SARIF log of one run.
 * @param root of the project, absolute: places are relative to it
 * @param version of the tool
 */
export function toSarif(checks: readonly Check[], root: string, version: string): object {
  const codes = [...new Set(checks.map(({ code }) => code))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'overread',
            version,
            rules: codes.map((id) => ({ id, properties: { kinds: kindsOf(checks, id) } })),
          },
        },
        originalUriBaseIds: { PROJECT: { uri: pathToFileURL(`${root}${path.sep}`).href } },
        columnKind: 'utf16CodeUnits',
        results: checks.map((check) => resultOf(check, codes)),
      },
    ],
  };
}

const kindsOf = (checks: readonly Check[], code: string): string[] => [
  ...new Set(checks.filter((check) => check.code === code).map(({ kind }) => kind)),
];

function resultOf(
  { code, kind, severity, message, samples, score, fixes, place }: Check,
  codes: string[],
): object {
  const line = place?.line ?? place?.row;
  const file = place?.file === undefined || path.isAbsolute(place.file) ? undefined : place.file;
  const location = file !== undefined && {
    physicalLocation: {
      artifactLocation: { uri: encodeURI(file.split(path.sep).join('/')), uriBaseId: 'PROJECT' },
      ...(line === undefined ? {} : { region: { startLine: Math.max(1, line) } }),
    },
  };
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: levels[severity],
    message: { text: message },
    locations: location ? [location] : [],
    ...(score === null || score < 0 ? {} : { rank: 100 * Math.min(1, score) }),
    properties: { kind, samples, fixes },
  };
}
