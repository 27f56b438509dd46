/** What can be done with a comparison: take one of its networks, and look at where two of them differ. */
import type { ComparisonMethods, ComparisonStart } from '../../src/protocol/comparisonApi';
import { faultOf, type PageRpc } from '../connection';
import { createButton, createDropdown, type DropdownControl } from '../controls';
import { element, setText } from '../dom';
import { fill } from '../texts';
import type { ComparisonTexts } from './strings';

type Rpc = PageRpc<ComparisonMethods, object>;

/** The rows of controls below the table, and the line that says what came of the last one. */
export function createActions(
  comparison: ComparisonStart['comparison'],
  rpc: Rpc,
  texts: ComparisonTexts,
): HTMLElement {
  const { models, best } = comparison;
  const said = element('p', { class: 'said', attributes: { role: 'status' } });
  const tell = (work: Promise<string>): void => {
    work.then(
      (text) => setText(said, text),
      (error: unknown) => setText(said, faultOf(error).message),
    );
  };
  const names = models.map(({ label }, i) => ({ value: String(i), label }));
  const rows: HTMLElement[] = [];
  const usable = names.filter((_, i) => models[i]?.architecture !== null);
  if (usable.length > 0) {
    const model = chooser(texts.network, usable, best ?? 0);
    rows.push(
      row(
        model.root,
        createButton({
          label: texts.use,
          primary: true,
          onClick: () => tell(rpc.call('use', Number(model.value()))),
        }).root,
      ),
    );
  }
  if (models.length > 1) {
    const first = chooser(texts.first, names, best ?? 0);
    const second = chooser(texts.second, names, best === 1 ? 0 : 1);
    const show = (): void => {
      if (first.value() === second.value()) setText(said, texts.sameTwice);
      else tell(rpc.call('showDifferences', Number(first.value()), Number(second.value())));
    };
    rows.push(row(first.root, second.root, createButton({ label: texts.differences, onClick: show }).root));
  }
  const help = comparison.task === 'multi-class' ? texts.differOfClasses : texts.differOfFindings;
  return element(
    'section',
    { class: 'actions', attributes: { 'aria-label': texts.actions } },
    ...rows,
    ...(models.length > 1 ? [element('p', { class: 'muted', text: fill(help, {}) })] : []),
    said,
  );
}

function row(...parts: HTMLElement[]): HTMLElement {
  return element('div', { class: 'row' }, ...parts);
}

function chooser(
  label: string,
  names: readonly { readonly value: string; readonly label: string }[],
  chosen: number,
): { readonly root: HTMLElement; readonly value: () => string } {
  let value = names[chosen]?.value ?? names[0]?.value ?? '';
  const control: DropdownControl = createDropdown({
    label,
    onChange: (next) => {
      value = next;
    },
  });
  control.set(names, value);
  return { root: control.root, value: () => value };
}
