/** Adds to a list in the text of an overread.yaml; comments stay. */
import { isScalar, isSeq, parseDocument } from 'yaml';
import { present } from '../base/present';
import { refuseFaults, writtenOut } from './editConfig';

/**
 * The text with one more value at the end of a list; the list and its section are made where they are not there.
 * @throws as `editConfigText`
 */
export function appendToConfigList(text: string, keys: readonly string[], value: unknown): string {
  const name = keys.join('.');
  refuseFaults(text, name);
  const document = parseDocument(text);
  const list: unknown = document.getIn(keys, true);
  const section: unknown = document.getIn(keys.slice(0, -1), true);
  if (isSeq(list)) list.add(document.createNode(value));
  else if (isScalar(section)) {
    // A header without anything below it: what is written behind it stays.
    const made = document.createNode({ [present(keys.at(-1), 'the key')]: [value] });
    if (typeof section.comment === 'string') made.commentBefore = section.comment;
    document.setIn(keys.slice(0, -1), made);
  } else document.setIn([...keys], document.createNode([value]));
  const after = writtenOut(document, text);
  refuseFaults(after, name);
  return after;
}
