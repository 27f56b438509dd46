/** What is wrong, or doubtful, with the data, by kind: the messages name images, so they stay out. */
import { userCacheFolder } from '../base/userCache';
import { checkProject } from '../checks/check';
import { paragraph, tableOf, type HtmlNode } from './html';
import type { ReportContext } from './sections';

export async function checksSection({
  project,
  env,
  signal,
  onProgress,
}: ReportContext): Promise<readonly HtmlNode[]> {
  const { checks } = await checkProject(project, {
    cacheDir: userCacheFolder(env),
    // Whether images are there and which are the same; they are not decoded for a report.
    quick: true,
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress } : {}),
  });
  if (checks.length === 0) return [paragraph('The quick checks of "overread check" find nothing.')];
  const kinds = new Map<string, { severity: string; findings: number; samples: number }>();
  for (const { code, kind, severity, samples } of checks) {
    const key = `${kind} (${code})`;
    const sum = kinds.get(key) ?? { severity, findings: 0, samples: 0 };
    kinds.set(key, {
      severity: sum.severity,
      findings: sum.findings + 1,
      samples: sum.samples + samples.length,
    });
  }
  return [
    tableOf(
      'Findings of the quick checks of "overread check"',
      ['Kind', 'severity', 'findings', 'images'],
      [...kinds].map(([kind, { severity, findings, samples }]) => [
        kind,
        severity,
        String(findings),
        String(samples),
      ]),
    ),
  ];
}
