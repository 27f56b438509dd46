/** The image below the pointer, beside its point. */
import { element, setText } from '../dom';

/** ms that the pointer rests before an image is asked for. */
const rest = 60;

export class HoverCard {
  readonly root = element('div', { class: 'card', hidden: true, attributes: { 'aria-hidden': 'true' } });
  private readonly picture = element('img', { attributes: { alt: '' } });
  private readonly name = element('div', { class: 'name' });
  private readonly value = element('div', { class: 'muted' });
  private readonly known = new Map<string, string | null>();
  private shown: string | undefined;
  private timer = 0;

  constructor(private readonly thumbnail: (sample: string) => Promise<string | null>) {
    this.picture.hidden = true;
    this.root.append(this.picture, this.name, this.value);
  }

  /** @param sample undefined: nothing is below the pointer */
  show(sample: string | undefined, value: string, left: number, top: number): void {
    if (sample === undefined) {
      this.shown = undefined;
      this.root.hidden = true;
      window.clearTimeout(this.timer);
      return;
    }
    setText(this.name, sample);
    setText(this.value, value);
    this.root.hidden = false;
    const { clientWidth = 0, clientHeight = 0 } = this.root.parentElement ?? {};
    const { offsetWidth, offsetHeight } = this.root;
    this.root.style.setProperty('left', `${Math.max(0, Math.min(left + 14, clientWidth - offsetWidth))}px`);
    this.root.style.setProperty('top', `${Math.max(0, Math.min(top + 14, clientHeight - offsetHeight))}px`);
    if (sample === this.shown) return;
    this.shown = sample;
    this.draw(this.known.get(sample) ?? null);
    if (this.known.has(sample)) return;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.ask(sample), rest);
  }

  private async ask(sample: string): Promise<void> {
    const uri = await this.thumbnail(sample).catch(() => null);
    this.known.set(sample, uri);
    if (this.shown === sample) this.draw(uri);
  }

  private draw(uri: string | null): void {
    this.picture.hidden = uri === null;
    if (uri !== null) this.picture.src = uri;
  }
}
