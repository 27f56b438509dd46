/** Where tiles lie: fixed heights, so that a position is arithmetic and never measured. All in CSS px. */

export interface GridLayout {
  readonly total: number;
  readonly columns: number;
  readonly rows: number;
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly gap: number;
  readonly padding: number;
  readonly rowHeight: number;
  readonly contentHeight: number;
}

const gap = 8;
const padding = 8;
/** Height of one line of text on a tile, and of the space around the lines; tiles.css uses the same. */
const lineHeight = 18;
const textPadding = 10;

/**
 * @param width px available to tiles
 * @param tileSize px, height of a tile's picture and least width of a tile
 * @param lines of text under a picture
 */
export function computeLayout(total: number, width: number, tileSize: number, lines: number): GridLayout {
  const inner = Math.max(tileSize, width - 2 * padding);
  const columns = Math.max(1, Math.floor((inner + gap) / (tileSize + gap)));
  const spread = (inner - (columns - 1) * gap) / columns;
  // A tile grows to fill its row, but a short list or one column does not make a banner of it.
  const tileWidth = Math.floor(Math.min(spread, tileSize * 1.5));
  const tileHeight = tileSize + lines * lineHeight + textPadding;
  const rows = Math.ceil(total / columns);
  const rowHeight = tileHeight + gap;
  return {
    total,
    columns,
    rows,
    tileWidth,
    tileHeight,
    gap,
    padding,
    rowHeight,
    contentHeight: rows === 0 ? 0 : rows * rowHeight - gap + 2 * padding,
  };
}

/** Top left corner of a tile in the content. */
export function tilePlace(layout: GridLayout, index: number): { readonly x: number; readonly y: number } {
  const row = Math.floor(index / layout.columns);
  const column = index - row * layout.columns;
  return {
    x: layout.padding + column * (layout.tileWidth + layout.gap),
    y: layout.padding + row * layout.rowHeight,
  };
}

/** The tiles [first, last) of the rows that touch [top, bottom). */
export function tilesBetween(
  layout: GridLayout,
  top: number,
  bottom: number,
): { readonly first: number; readonly last: number } {
  const firstRow = Math.max(0, Math.floor((top - layout.padding) / layout.rowHeight));
  const lastRow = Math.max(firstRow, Math.ceil((bottom - layout.padding) / layout.rowHeight));
  return {
    first: Math.min(layout.total, firstRow * layout.columns),
    last: Math.min(layout.total, lastRow * layout.columns),
  };
}

/** Whether a tile counts as seen: its middle is in the view. */
export function isInView(layout: GridLayout, index: number, top: number, viewport: number): boolean {
  const middle = tilePlace(layout, index).y + layout.tileHeight / 2;
  return index < layout.total && middle >= top && middle <= top + viewport;
}

/** The scroll position that shows a whole tile with the least movement from `top`; its top, where it is too tall. */
export function topToShow(layout: GridLayout, index: number, top: number, viewport: number): number {
  const { y } = tilePlace(layout, index);
  const isTooTall = layout.tileHeight + 2 * layout.padding > viewport;
  if (isTooTall || y - layout.padding < top) return y - layout.padding;
  const bottom = y + layout.tileHeight + layout.padding;
  return bottom > top + viewport ? bottom - viewport : top;
}
