/**
 * The pages: each a folder of `webview-ui/` with a `main.ts`, shown in editor tabs that a reload of the window opens
 * again. A row is all that the host needs to know of one; `pages/pagePanel.ts` does the rest.
 */

export interface PageRow {
  /** The folder in `webview-ui/`, and the view type without `overread.`. */
  readonly name: string;
  /** What a call that waits hears when the tab is closed. */
  readonly closed: string;
  /**
   * What the page's content security policy allows beside its own bundle: by directive, the sources. The host's own
   * source is in all of these; scripts and styles are never added to.
   */
  readonly allows?: Readonly<Partial<Record<'img-src' | 'font-src' | 'worker-src', readonly string[]>>>;
  /** It is an editor of files: of these names, and what it is called where editors are chosen. */
  readonly opens?: { readonly files: readonly string[]; readonly title: string };
}

export const pageRows = [
  { name: 'grid', closed: 'The review grid was closed' },
  { name: 'comparison', closed: 'The comparison was closed' },
  { name: 'cohorts', closed: 'The cohorts were closed' },
  { name: 'map', closed: 'The map was closed' },
  { name: 'run', closed: 'The run was closed' },
  { name: 'training', closed: 'The training was closed' },
  { name: 'newProject', closed: 'The new project was closed' },
  {
    name: 'dicom',
    closed: 'The DICOM file was closed',
    opens: { files: ['*.dcm', '*.dicom'], title: 'DICOM' },
  },
] as const satisfies readonly PageRow[];

export type PageName = (typeof pageRows)[number]['name'];
