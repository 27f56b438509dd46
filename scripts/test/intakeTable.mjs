// A reporter for vitest: what became of each input, as the tests of intake note it, in one table at the end.

const widths = { input: 46, result: 64, sentence: 150 };

/** Prints `task.meta.intake` of every test: input, result, sentence. */
export class IntakeTable {
  onTestRunEnd(modules) {
    const rows = modules.flatMap((module) => [...module.children.allTests()].flatMap(rowsOf));
    const line = (row) =>
      Object.entries(widths)
        .map(([column, width]) => cut(row[column], width).padEnd(width))
        .join('  ')
        .trimEnd();
    console.log(`\n${line({ input: 'INPUT', result: 'RESULT', sentence: 'SENTENCE' })}`);
    for (const row of rows) console.log(line(row));
    console.log(`\n${rows.length} inputs`);
  }
}

/** A test that failed or was skipped stands in the table as well. */
function rowsOf(test) {
  const { state } = test.result();
  const noted = test.meta().intake;
  if (state === 'passed') return noted ?? [];
  return [{ input: test.name, result: state.toUpperCase(), sentence: noted?.[0]?.sentence ?? '' }];
}

function cut(text, width) {
  const line = String(text).replaceAll(/\s+/g, ' ');
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
}
