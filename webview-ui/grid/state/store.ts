/** Holds the state and tells its readers: reducers change it, effects and views listen. */
import type { Disposable } from '../../disposables';
import type { Action } from './actions';
import { initialState, type GridState } from './model';
import { reduce } from './reducer';

export type StateListener = (state: GridState, previous: GridState) => void;

export class Store {
  private current: GridState = initialState;
  private readonly listeners = new Set<StateListener>();

  get state(): GridState {
    return this.current;
  }

  dispatch(action: Action): void {
    const previous = this.current;
    this.current = reduce(previous, action);
    if (this.current === previous) return;
    const { current } = this;
    for (const listener of [...this.listeners]) listener(current, previous);
  }

  subscribe(listener: StateListener): Disposable {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }
}
