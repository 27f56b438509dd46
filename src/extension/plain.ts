/** Text of data where VS Code would take it for more: its parsers know links and icons, and have no escape. */
import { shortened, visibleText } from '../core/base/visibleText';

/** VS Code cuts messages at 1000 characters; the end of a sentence is worth as much as its start. */
const longest = 900;

/** A word joiner: has no width, breaks no line, and is no part of what VS Code looks for. */
const joiner = '\u2060';

/**
 * The text as it stands, for everything that VS Code shows: a message, a prompt, an item of a list, tree or status
 * bar, a tooltip, a title. `[text](command:…)` stays as it stands and is no link, `$(icon)` no icon; controls, line
 * feeds and bidirectional marks are shown as escapes.
 */
export function plain(text: string): string {
  // A text that has been here before, as part of a longer one, comes out as it went in.
  const again = text.replaceAll(`]${joiner}(`, '](').replaceAll(`$${joiner}(`, '$(');
  return visibleText(shortened(again, longest))
    .replaceAll('](', `]${joiner}(`)
    .replaceAll('$(', `$${joiner}(`);
}
