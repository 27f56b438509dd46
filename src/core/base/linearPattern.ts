/**
 * The patterns of overread.yaml. They come with a project, as the texts that they run over do, and a pattern that
 * backtracks (`(a+)+$`) can keep an engine busy for hours. They are patterns of RE2: linear in the length of the
 * text, without lookaround and without backreferences.
 *
 * JavaScript's own engine is some ten times faster on patterns that do not backtrack (112,120 paths in 0.1 s), so it
 * is asked first, under a time limit.
 */
import * as vm from 'node:vm';
import { RE2JS } from 're2js';

/** Milliseconds that JavaScript's engine has: for a column, and for each of its cells. */
const quickMs = 250;
const quickMsPerCell = 0.01;

/** What is wrong with a pattern, or undefined. */
export function patternFault(pattern: string): string | undefined {
  try {
    new RegExp(pattern, 'u');
    RE2JS.compile(likeJavaScript(pattern));
    return undefined;
  } catch (error) {
    if (/\(\?<?[=!]/.test(pattern)) return 'it looks ahead or behind';
    if (/\\[1-9]|\\k</.test(pattern)) return 'it refers back to a group';
    return error instanceof Error ? error.message : String(error);
  }
}

/** What the first group of a pattern, or all of it, matches in each cell; null where nothing or an empty text. */
export function extractPattern(
  pattern: string,
  cells: readonly (string | null)[],
): readonly (string | null)[] {
  return quickly(pattern, cells) ?? linearly(pattern, cells);
}

/** With JavaScript's engine; undefined when the time is over. */
function quickly(pattern: string, cells: readonly (string | null)[]): (string | null)[] | undefined {
  const expression = new RegExp(pattern, 'u');
  const work = (): (string | null)[] =>
    cells.map((cell) => {
      const match = expression.exec(cell?.trim() ?? '');
      return match ? (match[1] ?? match[0]) || null : null;
    });
  const { context, script } = (limited ??= limitedScript());
  try {
    context['work'] = work;
    const timeout = Math.ceil(quickMs + cells.length * quickMsPerCell);
    return script.runInContext(context, { timeout }) as (string | null)[];
  } catch (error) {
    // The error is of the other context, whose Error is another.
    if ((error as { readonly code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw error;
  } finally {
    delete context['work'];
  }
}

/** Only what runs as a script of its own can be given a time. A context is slow to make, and nothing of the project's runs in it. */
let limited: ReturnType<typeof limitedScript> | undefined;

function limitedScript(): { readonly context: vm.Context; readonly script: vm.Script } {
  return { context: vm.createContext({}), script: new vm.Script('work()') };
}

function linearly(pattern: string, cells: readonly (string | null)[]): (string | null)[] {
  const expression = RE2JS.compile(likeJavaScript(pattern));
  return cells.map((cell) => {
    const matcher = expression.matcher(cell?.trim() ?? '');
    if (!matcher.find()) return null;
    return ((matcher.groupCount() > 0 ? matcher.group(1) : null) ?? matcher.group()) || null;
  });
}

/** What JavaScript means by the classes that RE2 knows in a narrower sense: the two must find the same. */
const lineEnds = '\\n\\r\\x{2028}\\x{2029}';
const spaces = `\\t\\x{b}\\x{c} \\x{a0}\\x{feff}\\p{Zs}${lineEnds}`;

/** The pattern in RE2's notation. */
function likeJavaScript(pattern: string): string {
  let inClass = false;
  const text = pattern.replaceAll(/\\[^]|[.[\]]/g, (token) => {
    if (token === '\\s') return inClass ? spaces : `[${spaces}]`;
    if (token === '\\S' && !inClass) return `[^${spaces}]`;
    if (token === '.') return inClass ? token : `[^${lineEnds}]`;
    if (token === '[') inClass = true;
    if (token === ']') inClass = false;
    return token;
  });
  return RE2JS.translateRegExp(text);
}
