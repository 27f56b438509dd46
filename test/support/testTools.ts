/** The tools that the tests in VS Code use, installed by scripts/testEnvironment.mjs. */
import { execFileSync } from 'node:child_process';

export interface TestTools {
  /** Node 24, which VS Code's server runs on. */
  readonly node: string;
  /** code-server's entry: VS Code as a person sees it in the browser. */
  readonly codeServer: string;
  /** VS Code's own server inside it, which takes the hooks for tests in the extension host. */
  readonly vscodeServer: string;
  readonly chromium: string;
}

/** What the set-up of a layer found, for its workers. */
const variable = 'OVERREAD_TEST_TOOLS';

/** Installs what is missing (it says so on stderr) and gives the paths. Throws when a part cannot be had. */
export function testTools(): TestTools {
  const prepared = process.env[variable];
  if (prepared !== undefined) return JSON.parse(prepared) as TestTools;
  const output = execFileSync(process.execPath, ['scripts/testEnvironment.mjs', '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const found = JSON.parse(output) as TestTools & { problems: readonly string[] };
  if (found.problems.length > 0) throw new Error(found.problems.join('\n'));
  process.env[variable] = output;
  return found;
}
