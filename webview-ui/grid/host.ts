/** The grid's side of the RPC. */
import type { GridEvents, GridMethods } from '../../src/protocol/gridApi';
import { connect, type PageRpc, type VsCodeApi } from '../connection';
import type { Disposable } from '../disposables';

export { faultOf, type VsCodeApi } from '../connection';

export type GridRpc = PageRpc<GridMethods, GridEvents>;

export type OnHostEvent = <E extends keyof GridEvents>(event: E, payload: GridEvents[E]) => void;

/** Connects to the host. Disposing rejects every call that waits. */
export function connectHost(api: VsCodeApi, onEvent: OnHostEvent): { rpc: GridRpc } & Disposable {
  return connect<GridMethods, GridEvents>(api, onEvent);
}
