/** A button for each value that a number key gives. */
import type { ButtonControl } from '../../controls';
import { element } from '../../dom';
import type { GridCommand } from '../../../src/protocol/gridApi';
import { valuesByKey, type Formatter } from '../format';
import type { GridState } from '../state/model';
import { multiLabelOf } from '../state/queries';

/** As many as there are number keys. */
const mostButtons = 9;

/** @param command makes the button of a command */
export function createLabelButtons(
  formatter: Formatter,
  command: (label: string, title: string, what: GridCommand) => ButtonControl,
) {
  const { strings } = formatter;
  const root = element('div', { class: 'group labels' });
  let shown = '';
  let buttons: readonly ButtonControl[] = [];

  const update = (state: GridState): void => {
    const multiLabel = multiLabelOf(state);
    const values = valuesByKey(state.project, state.query.finding);
    const signature = JSON.stringify([values, multiLabel]);
    if (signature === shown) return;
    shown = signature;
    // In multi-label the third value, uncertain, has a button of its own.
    const named = values.filter((value) => !multiLabel || value !== 'uncertain').slice(0, mostButtons);
    const labels = named.map((value) => {
      const index = values.indexOf(value);
      const label = formatter.value(value, multiLabel);
      const button = command(`${index + 1} ${label}`, label, { name: 'label', index });
      button.root.classList.add('label-button');
      return button;
    });
    const more =
      values.length > mostButtons
        ? [command(strings.pickLabel, strings.help.pickLabel, { name: 'pickLabel' })]
        : [];
    buttons = [...labels, ...more];
    root.replaceChildren(...buttons.map((button) => button.root));
  };
  const setEnabled = (enabled: boolean): void => {
    for (const button of buttons) button.setEnabled(enabled);
  };
  return { root, update, setEnabled };
}
