/** What the page of a new project may ask of the extension host. Types and the checked parser of its messages. */
import type { ErrorReport } from '../core/base/report';
import type { Understood } from '../core/intake/init';
import { RejectedRequest } from './gridRequests';

/** What a project is made from: a folder of images, a table, or a folder of DICOM files. */
export interface NewProjectSource {
  readonly kind: 'images' | 'csv' | 'dicom';
  /** Absolute. */
  readonly path: string;
  /** Of DICOM files: the table with their labels, absolute. */
  readonly labels?: string;
}

/** The choices that a person can make, as the options of `overread init` are called. */
export const newProjectChoices = [
  ...(['path', 'label', 'group', 'group-pattern', 'study', 'split', 'split-values'] as const),
  ...(['rows', 'reader', 'sheet', 'join', 'on', 'image-root', 'class-level'] as const),
] as const;
/** Those that may be none (null): there is no such column, nothing is joined. */
export const mayBeNone: readonly NewProjectChoice[] = ['group', 'study', 'split', 'join'];
/** Those that name a file or folder: in the folder of the table, or below it. */
export const fileChoices: readonly NewProjectChoice[] = ['join', 'image-root'];
export type NewProjectChoice = (typeof newProjectChoices)[number];
export type NewProjectChoices = Readonly<Partial<Record<NewProjectChoice, string | null>>>;

/** What was understood of the source with some choices, or why it could not be. */
export interface NewProjectView {
  /** Where overread.yaml would be written, and what from; to be shown. */
  readonly root: string;
  readonly source: NewProjectSource;
  readonly chosen: NewProjectChoices;
  readonly understood: Omit<Understood, 'examples'> | null;
  /** Addresses that the page may show. */
  readonly examples: readonly { readonly label: string; readonly uris: readonly string[] }[];
  readonly fault: ErrorReport | null;
}

export interface NewProjectMethods {
  ready(): Promise<NewProjectView>;
  /** Understands the source anew, with one choice more or another one. */
  choose(choice: NewProjectChoice, value: string | null): Promise<NewProjectView>;
  /** Forgets a choice: what is guessed stands again. */
  guess(choice: NewProjectChoice): Promise<NewProjectView>;
  /** Makes the project as it was understood last. */
  make(): Promise<void>;
  cancel(): Promise<void>;
  log(message: string): Promise<void>;
}

/** What the page saves with the editor. */
export interface NewProjectState {
  readonly v: 1;
  readonly root: string;
  readonly source: NewProjectSource;
  readonly chosen: NewProjectChoices;
}

/** The saved state, or undefined where it is none of this version. */
export function parseNewProjectState(value: unknown): NewProjectState | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { v, root, source, chosen } = value as Readonly<Record<string, unknown>>;
  if (v !== 1 || typeof root !== 'string' || typeof source !== 'object' || source === null) return undefined;
  const { kind, path, labels } = source as Readonly<Record<string, unknown>>;
  if ((kind !== 'images' && kind !== 'csv' && kind !== 'dicom') || typeof path !== 'string') return undefined;
  if (typeof chosen !== 'object' || chosen === null) return undefined;
  const known = newProjectChoices.flatMap((name) => {
    const text = (chosen as Readonly<Record<string, unknown>>)[name];
    return isUsable(name, text) ? [[name, text] as const] : [];
  });
  const from: NewProjectSource = { kind, path, ...(typeof labels === 'string' ? { labels } : {}) };
  return { v, root, source: from, chosen: Object.fromEntries(known) };
}

/** Longest name of a column. */
const longestText = 2_000;

/** Whether a choice may have a value. What names a file leads nowhere but below the folder of the table. */
function isUsable(choice: NewProjectChoice, value: unknown): value is string | null {
  if (value === null) return mayBeNone.includes(choice);
  if (typeof value !== 'string' || value === '' || value.length > longestText) return false;
  const leadsAway = /^[/\\~]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)|\0/;
  return !fileChoices.includes(choice) || !leadsAway.test(value);
}

/** The methods to serve to the page, which names choices and columns, and files below the folder of the table. */
export function checkedNewProjectMethods(handlers: NewProjectMethods): NewProjectMethods {
  return {
    ready: async () => handlers.ready(),
    choose: async (choice: unknown, value: unknown) => {
      const known = asChoice(choice);
      if (!isUsable(known, value)) throw new RejectedRequest('no usable choice', 'a text, or null for none');
      return handlers.choose(known, value);
    },
    guess: async (choice: unknown) => handlers.guess(asChoice(choice)),
    make: async () => handlers.make(),
    cancel: async () => handlers.cancel(),
    log: async (message: unknown) => {
      if (typeof message !== 'string') throw new RejectedRequest('no usable message', 'text');
      return handlers.log(message.slice(0, longestText));
    },
  };
}

function asChoice(value: unknown): NewProjectChoice {
  const known = newProjectChoices.find((name) => name === value);
  if (known === undefined) throw new RejectedRequest('no choice', newProjectChoices.join(', '));
  return known;
}
