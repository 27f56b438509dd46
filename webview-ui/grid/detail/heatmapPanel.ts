/** The heat map of Read mode: its switch, what it is about, how it looks, and what keeps it away. */
import { createButton, createDropdown, createSlider, type Choice } from '../../controls';
import type { DisposableStore } from '../../disposables';
import { element, setText } from '../../dom';
import type { Heatmap, ReviewItem } from '../../../src/protocol/engineApi';
import { fill } from '../../texts';
import type { Formatter } from '../format';
import { colourSteps, evidenceColours } from '../heatmaps/colours';
import type { HeatmapCache, Wish } from '../heatmaps/heatmapCache';
import { chosenOutput, noHeatmaps, outputOf, outputsOf, ownOutput } from '../heatmaps/outputs';
import { mostEvidence, rasterOf } from '../heatmaps/raster';
import { opacities, type GridState, type HeatmapChoice } from '../state/model';
import type { ImageView } from '../../viewer/imageView';
import { coversImage } from '../../viewer/overlay';

export interface HeatmapPanelActions {
  /** As the key does. */
  toggle(): void;
  set(change: Partial<HeatmapChoice>): void;
}

/** ms after which waiting is said, and said with a reason. */
const patience = [400, 4_000] as const;

/** The item on show and those that will be next, nearest first. */
export type Neighbours = () => readonly (ReviewItem | undefined)[];

const own = '';

export class HeatmapPanel {
  /** The switch, for the toolbar of the image. */
  readonly button;
  readonly root: HTMLElement;
  private readonly output;
  private readonly opacity;
  private readonly legend = element('canvas', { attributes: { 'aria-hidden': 'true' } });
  private readonly scale;
  private readonly method = element('span', { class: 'method' });
  private readonly note = element('p', { class: 'muted note' });
  private readonly line = element('p', { class: 'muted', attributes: { role: 'status' } });
  private readonly retry;
  private readonly settings: HTMLElement;
  private shown: { readonly map: Heatmap; readonly raster: HTMLCanvasElement | undefined } | undefined;
  private waitingFor = '';
  private waited = 0;
  private timers: readonly number[] = [];
  private state: GridState | undefined;
  private item: ReviewItem | undefined;

  constructor(
    private readonly formatter: Formatter,
    private readonly cache: HeatmapCache,
    private readonly view: ImageView,
    private readonly neighbours: Neighbours,
    actions: HeatmapPanelActions,
    disposables: DisposableStore,
  ) {
    const { heat } = formatter.strings;
    this.button = createButton({
      label: heat.toggle,
      title: heat.toggleHelp,
      onClick: () => actions.toggle(),
    });
    this.output = createDropdown({
      label: heat.output,
      class: 'output',
      onChange: (value) => actions.set({ output: value === own ? null : value }),
    });
    this.opacity = createSlider({
      label: heat.opacity,
      ...opacities,
      step: 5,
      onInput: (opacity) => actions.set({ opacity }),
    });
    this.retry = createButton({ label: heat.retry, onClick: () => cache.retry() });
    paintLegend(this.legend);
    this.scale = element(
      'span',
      { class: 'scale' },
      element('span', { text: heat.low }),
      element('span', { class: 'colours' }, this.legend),
      element('span', { text: heat.high }),
    );
    this.settings = element(
      'div',
      { class: 'settings' },
      this.output.root,
      this.opacity.root,
      element('div', { class: 'legend' }, this.scale, this.method),
    );
    this.root = element(
      'div',
      { class: 'heat', attributes: { role: 'group', 'aria-label': heat.title } },
      this.settings,
      element('div', { class: 'words' }, this.note, this.line, this.retry.root),
    );
    disposables.onDispose(() => this.stopWaiting());
  }

  /** Shows what is known of the item on show, and asks for what is not. */
  update(state: GridState, item: ReviewItem | undefined): void {
    this.state = state;
    this.item = item;
    const { heat } = this.formatter.strings;
    const reason = noHeatmaps(state);
    const on = state.heatmaps.inDetail && reason === null;
    const output = item ? outputOf(state, item) : null;
    const fault = output === null ? undefined : this.cache.faultFor(output);
    const why = reason !== null ? heat[reason] : fault ? fill(heat.failed, { message: fault.message }) : '';
    this.button.setEnabled(why === '');
    this.button.setPressed(on);
    this.button.root.title = why === '' ? heat.toggleHelp : why;
    if (on && item) this.want(state);
    else this.cache.wantInDetail([]);
    const map = on && item && output !== null ? this.cache.of({ sample: item.sample, output }) : undefined;
    this.show(map ?? undefined, state.heatmaps.opacity);
    this.wait(on && item && output !== null && map === undefined && !fault ? `${item.key} ${output}` : '');
    this.settings.hidden = !on;
    this.retry.root.hidden = fault === undefined;
    const line = why !== '' ? why : on && item ? this.lineFor(item, output, map) : '';
    setText(this.line, line);
    this.root.hidden = !on && line === '';
    // As tall with words as without: the image above must not jump from one to the next.
    this.root.classList.toggle('on', on);
    if (on && item) this.updateSettings(state, item, output, map ?? undefined);
  }

  /** Maps arrived, or failed. */
  refresh(): void {
    if (this.state) this.update(this.state, this.item);
  }

  private want(state: GridState): void {
    const wishes: Wish[] = [];
    for (const item of this.neighbours()) {
      const output = item ? outputOf(state, item) : null;
      if (item && output !== null) wishes.push({ sample: item.sample, output });
    }
    this.cache.wantInDetail(wishes);
  }

  private show(map: Heatmap | undefined, opacity: number): void {
    if (map !== this.shown?.map) this.shown = map && { map, raster: rasterOf(map) };
    const { shown } = this;
    this.view.setOverlay(shown && { raster: shown.raster, region: shown.map.region, opacity: opacity / 100 });
  }

  private updateSettings(
    state: GridState,
    item: ReviewItem,
    output: string | null,
    map: Heatmap | undefined,
  ): void {
    const { heat } = this.formatter.strings;
    this.output.set(this.choices(state, item), chosenOutput(state) ?? own);
    this.opacity.set(state.heatmaps.opacity);
    this.legend.style.opacity = String(state.heatmaps.opacity / 100);
    this.scale.title = map ? this.scaleText(map) : '';
    setText(this.method, map ? heat.methods[map.method] : '');
    const frame = map && !coversImage(map.region) ? ` ${heat.frame}` : '';
    setText(this.note, output !== null && this.shown?.raster ? fill(heat.note, { output }) + frame : '');
  }

  private scaleText(map: Heatmap): string {
    const { heat } = this.formatter.strings;
    // Of Score-CAM only the shape says something.
    if (map.method === 'score-cam') return heat.scale;
    return fill(heat.scaleLogit, { most: this.formatter.decimal(mostEvidence(map)) });
  }

  private choices(state: GridState, item: ReviewItem): readonly Choice[] {
    const { heat } = this.formatter.strings;
    const { project } = state;
    if (project === null) return [];
    if (item.hidden) return [{ value: own, label: heat.predictedHidden }];
    const value = ownOutput(project, item);
    const label =
      project.task === 'multi-label'
        ? fill(heat.ownFinding, { value: item.finding })
        : value === null
          ? heat.noAnswer
          : fill(heat.predicted, { value });
    return [{ value: own, label }, ...outputsOf(project).map((name) => ({ value: name, label: name }))];
  }

  private lineFor(item: ReviewItem, output: string | null, map: Heatmap | null | undefined): string {
    const { heat } = this.formatter.strings;
    if (item.hidden) return heat.hidden;
    if (output === null) return heat.noAnswer;
    if (map === null) return heat.noPicture;
    if (map === undefined) return ['', heat.busy, heat.slow][this.waited] ?? '';
    if (this.shown?.raster) return '';
    const nothing = fill(heat.nothing, { output });
    return item.outOfFold ? `${nothing} ${heat.outOfFold}` : nothing;
  }

  /** A map that comes at once needs no words; one that does not, does. @param key '' when nothing is waited for */
  private wait(key: string): void {
    if (key === this.waitingFor) return;
    this.stopWaiting();
    this.waitingFor = key;
    if (key === '') return;
    this.timers = patience.map((ms, i) =>
      window.setTimeout(() => {
        this.waited = i + 1;
        this.refresh();
      }, ms),
    );
  }

  private stopWaiting(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers = [];
    this.waited = 0;
    this.waitingFor = '';
  }
}

/** The scale from left to right, as it lies over an image of mid-grey. */
function paintLegend(canvas: HTMLCanvasElement): void {
  canvas.width = colourSteps;
  canvas.height = 1;
  const data = new ImageData(colourSteps, 1);
  new Uint32Array(data.data.buffer).set(evidenceColours);
  canvas.getContext('2d')?.putImageData(data, 0, 0);
}
