/** Turns live refits on and off, and shows in the bar that they are on: a menu cannot. */
import { createButton, createCheckbox } from '../../controls';
import type { DisposableStore } from '../../disposables';
import { element } from '../../dom';
import { fill } from '../../texts';
import type { EffectContext } from '../effects/context';
import { faultOf } from '../host';
import type { GridState } from '../state/model';

export function createLiveSwitch({ store, rpc, formatter }: EffectContext, disposables: DisposableStore) {
  const texts = formatter.strings.refit;
  const box = createCheckbox({ label: texts.live, title: texts.liveHelp, onChange: (on) => void set(on) });
  const pill = createButton({ label: texts.live, title: texts.liveHelp, onClick: () => void set(false) });
  pill.setPressed(true);
  pill.root.hidden = true;
  const set = async (on: boolean): Promise<void> => {
    try {
      store.dispatch({ type: 'projectChanged', project: await rpc.call('setLive', on) });
    } catch (error) {
      store.dispatch({ type: 'faulted', fault: faultOf(error) });
    }
  };
  const update = ({ project, settings }: GridState): void => {
    const { on, failure } = project?.live ?? { on: false, failure: null };
    box.set(on);
    box.setEnabled(!settings.readOnly && project?.blind === false && project.latestRun !== null);
    pill.root.hidden = !on;
    pill.root.classList.toggle('failed', failure !== null);
    pill.root.title = failure === null ? texts.liveHelp : fill(texts.liveFailed, { message: failure });
  };
  disposables.add(store.subscribe(update));
  return { switch: element('div', { class: 'group' }, box.root), state: pill.root };
}
