/** The map of a project's images: coloured points, a legend that is a list as well, and what a choice of them opens. */
import type { ProjectPageState } from '../../src/protocol/cohortsApi';
import {
  mostShown,
  type FeatureMap,
  type MapColour,
  type MapMethods,
  type MapStart,
} from '../../src/protocol/mapApi';
import { connect, faultOf, type PageRpc, type VsCodeApi } from '../connection';
import { createButton, createDropdown, type ButtonControl } from '../controls';
import { DisposableStore } from '../disposables';
import { element, setText } from '../dom';
import { KeptPlace } from '../keptPlace';
import { faultMessage, startingMessage } from '../pageMessage';
import { fill, handedIn, translated } from '../texts';
import { cameraText, keptCamera, type Camera } from './camera';
import { MapCanvas } from './canvas';
import { pointColours } from './colours';
import { HoverCard } from './hoverCard';
import { createLegend } from './legend';
import { createNearest } from './nearest';
import { english } from './strings';

/** Images that are listed around the middle. */
const listed = 20;

export class MapPage {
  private readonly disposables = new DisposableStore();
  private readonly rpc: PageRpc<MapMethods, object>;
  private readonly texts = translated(english, handedIn(document));
  private readonly said = element('p', { class: 'said', attributes: { role: 'status' } });
  private readonly legend = element('div', { class: 'side' });
  private readonly nearest = element('div', { class: 'nearest' });
  private readonly kept: KeptPlace;
  private map: FeatureMap | undefined;
  /** Ids of its images. */
  private samples: readonly string[] = [];
  private colour: MapColour | undefined;
  private canvas: MapCanvas | undefined;

  constructor(
    api: VsCodeApi,
    private readonly root: HTMLElement,
  ) {
    this.rpc = this.disposables.add(connect<MapMethods, object>(api, () => undefined)).rpc;
    this.kept = this.disposables.add(new KeptPlace(api));
  }

  async start(): Promise<void> {
    const { texts } = this;
    this.root.replaceChildren(startingMessage(texts.starting));
    try {
      const started = await this.rpc.call('ready');
      const state: ProjectPageState = { v: 1, root: started.root };
      this.kept.setState(state);
      this.show(started, await this.rpc.call('map'));
    } catch (error) {
      this.root.replaceChildren(faultMessage(texts.failed, error));
    }
  }

  dispose(): void {
    this.disposables.dispose();
    this.root.replaceChildren();
  }

  private show({ name }: MapStart, map: FeatureMap): void {
    const { texts } = this;
    this.map = map;
    this.samples = JSON.parse(map.samples) as string[];
    const title = fill(texts.title, { name });
    document.title = title;
    const hover = new HoverCard((sample) => this.rpc.call('thumbnail', sample));
    const canvas = this.disposables.add(
      new MapCanvas(texts.canvas, {
        onHover: (point, left, top) => {
          const sample = point === undefined ? undefined : this.samples[point];
          hover.show(sample, this.valueOf(point), left, top);
        },
        onClick: (point) => this.open([point]),
        onLasso: (points) => this.open(points),
        onAskNearest: () => {
          this.keepCamera(map);
          this.listNearest();
          this.nearest.querySelector<HTMLElement>('vscode-button')?.focus();
        },
        onRest: () => this.keepCamera(map),
      }),
    );
    this.canvas = canvas;
    canvas.root.append(hover.root);
    this.root.replaceChildren(
      element(
        'header',
        {},
        element('h1', { text: title }),
        element('div', { class: 'controls' }, ...this.controls(map, canvas)),
      ),
      element(
        'main',
        {},
        canvas.root,
        element('aside', {}, this.legend, this.nearest, ...this.testCounted(map)),
      ),
      this.said,
    );
    const camera = keptCamera(this.kept.choice('camera'), map.run);
    const isUmap = this.kept.choice('place') === 'umap';
    canvas.setPlaces(map.xy, isUmap ? undefined : camera);
    this.paint(this.keptColour(map));
    const placed = map.xy.filter((value, i) => i % 2 === 0 && !Number.isNaN(value)).length;
    setText(
      this.said,
      canvas.canDraw ? fill(texts.placed, { n: placed, all: this.samples.length }) : texts.noWebgl,
    );
    if (isUmap) void this.place('umap', canvas, camera);
    else this.comeBack();
  }

  /** Said before somebody looks. */
  private testCounted({ colours }: FeatureMap): HTMLElement[] {
    const parts = colours.find(({ id }) => id === 'split');
    const holdsTest = parts?.kind === 'category' && parts.codes.includes(parts.names.indexOf('test'));
    return holdsTest ? [element('p', { class: 'counted', text: this.texts.testCounted })] : [];
  }

  private controls(map: FeatureMap, canvas: MapCanvas): HTMLElement[] {
    const { texts } = this;
    const colour = createDropdown({
      label: texts.colour,
      onChange: (id) => {
        this.kept.choose('colour', id);
        this.paint(map.colours.find((one) => one.id === id));
      },
    });
    colour.set(
      map.colours.map(({ id, title }) => ({ value: id, label: title })),
      this.keptColour(map)?.id ?? '',
    );
    const place = createDropdown({
      label: texts.place,
      onChange: (value) => {
        const method = value === 'umap' ? 'umap' : 'components';
        this.kept.choose('place', method);
        void this.place(method, canvas);
      },
    });
    place.set(
      [
        { value: 'components', label: texts.components },
        { value: 'umap', label: texts.umap },
      ],
      this.kept.choice('place') === 'umap' ? 'umap' : 'components',
    );
    const lasso: ButtonControl = createButton({
      label: texts.lasso,
      title: texts.lassoTitle,
      onClick: () => {
        canvas.lasso = !canvas.lasso;
        lasso.setPressed(canvas.lasso);
      },
    });
    lasso.setPressed(false);
    const whole = createButton({ label: texts.whole, onClick: () => canvas.showWhole() });
    return [colour.root, place.root, lasso.root, whole.root];
  }

  private keepCamera({ run }: FeatureMap): void {
    if (this.canvas) this.kept.choose('camera', cameraText(this.canvas.lookedFrom, run));
  }

  private keptColour({ colours }: FeatureMap): MapColour | undefined {
    return colours.find(({ id }) => id === this.kept.choice('colour')) ?? colours[0];
  }

  /** To the list that was on show, and to what had the focus. */
  private comeBack(): void {
    if (this.kept.choice('nearest') !== undefined) this.listNearest();
    this.kept.restore();
  }

  /** @param camera where it was looked at from; default: all of it */
  private async place(method: FeatureMap['method'], canvas: MapCanvas, camera?: Camera): Promise<void> {
    const { map, texts } = this;
    if (!map) return;
    if (method === 'components') {
      canvas.setPlaces(map.xy);
      return;
    }
    setText(this.said, texts.placing);
    try {
      canvas.setPlaces((await this.rpc.call('umap')).xy, camera);
      setText(this.said, '');
      this.comeBack();
    } catch (error) {
      setText(this.said, faultOf(error).message);
    }
  }

  private paint(colour: MapColour | undefined): void {
    this.colour = colour;
    this.canvas?.setColours(pointColours(colour, this.samples.length));
    this.legend.replaceChildren(
      ...(colour ? [createLegend(colour, this.texts, (points) => this.open(points))] : []),
    );
  }

  private valueOf(point: number | undefined): string {
    const { colour } = this;
    if (!colour || point === undefined) return '';
    if (colour.kind === 'category') return colour.names[colour.codes[point] ?? -1] ?? this.texts.none;
    const value = colour.values[point] ?? NaN;
    return Number.isNaN(value) ? this.texts.none : Number(value.toPrecision(3)).toString();
  }

  private listNearest(): void {
    const { map, canvas, texts } = this;
    if (!map || !canvas) return;
    const points = canvas.nearestToMiddle(listed);
    this.nearest.replaceChildren(
      createNearest(
        points.map((point) => ({ name: this.samples[point] ?? '', value: this.valueOf(point), point })),
        texts,
        (chosen) => this.open(chosen),
      ),
    );
    this.kept.choose('nearest', 'listed');
  }

  private open(points: readonly number[]): void {
    const { map, texts } = this;
    const all = points.flatMap((point) => this.samples[point] ?? []);
    if (all.length === 0) {
      setText(this.said, texts.nobody);
      return;
    }
    if (map) this.keepCamera(map);
    const samples = all.slice(0, mostShown);
    const done =
      samples.length < all.length
        ? fill(texts.tooMany, { n: all.length, most: mostShown })
        : fill(texts.shown, { n: all.length });
    this.rpc.call('show', samples).then(
      () => setText(this.said, done),
      (error: unknown) => setText(this.said, faultOf(error).message),
    );
  }
}
