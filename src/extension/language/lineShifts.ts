/** Where the lines of a file on disk stand in its document, while that is being edited and not saved. */
import type * as vscode from 'vscode';

/** Lines that were replaced: the first, the one behind the last, and by how many the rest moved. */
interface LineEdit {
  readonly start: number;
  readonly end: number;
  readonly by: number;
}

export class LineShifts {
  private readonly edits = new Map<string, LineEdit[]>();

  /** Takes up an edit of a document. @returns whether lines moved, or stand as on disk again */
  take({ document, contentChanges }: vscode.TextDocumentChangeEvent): boolean {
    const key = document.uri.toString();
    // Saved, or turned back to what is on disk.
    if (!document.isDirty) return this.edits.delete(key);
    const moved = contentChanges.flatMap(({ range, text }): LineEdit[] => {
      const by = text.split('\n').length - 1 - (range.end.line - range.start.line);
      if (by === 0) return [];
      // What begins behind the start of a line leaves that line where it is.
      const start = range.start.line + (range.start.character === 0 ? 0 : 1);
      return [{ start, end: Math.max(start, range.end.line + (range.end.character === 0 ? 0 : 1)), by }];
    });
    if (moved.length === 0) return false;
    const known = this.edits.get(key);
    if (known) known.push(...moved);
    else this.edits.set(key, moved);
    return true;
  }

  /** A document was saved or closed. */
  forget({ uri }: vscode.TextDocument): void {
    this.edits.delete(uri.toString());
  }

  /** The line of a document, from 0, at which a line of its file stands now; undefined where it was deleted. */
  lineNow(uri: vscode.Uri, line: number): number | undefined {
    let at = line;
    for (const { start, end, by } of this.edits.get(uri.toString()) ?? []) {
      if (at >= end) at += by;
      else if (at >= start && end - start + by <= at - start) return undefined;
    }
    return at;
  }
}
