/** What `overread suspects --next` and `--audit` print, as far as the editor needs it. */
export interface Drawn {
  readonly offer: string;
  /** How many labels are to be answered. */
  readonly samples: number;
  /** Of an audit. */
  readonly audit?: {
    readonly number: number;
    /** The share of wrong labels that it is to rule out, 0 to 1. */
    readonly target: number;
    /** Labels that nobody has looked at, the drawn ones included. */
    readonly unreviewed: number;
  };
}

/** @throws Error for anything else */
export function parseDrawn(document: unknown): Drawn {
  const { offer, items, audit, target, unreviewed } = (document ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof offer !== 'string' || !Array.isArray(items)) throw new Error('No offer was drawn');
  const isAudit = typeof audit === 'number' && typeof target === 'number' && typeof unreviewed === 'number';
  return {
    offer,
    samples: items.length,
    ...(isAudit ? { audit: { number: audit, target, unreviewed } } : {}),
  };
}
