/** The texts of what a refit came to, and of live refits. */
export const refitTexts = {
  title: 'What the last refit changed',
  /** `difference` has its interval in brackets, where there is one. */
  figure: 'Run {n}: out of fold {figure} {before} → {after} ({difference}) on today’s labels',
  interval: '{difference}, {low} to {high}',
  auroc: 'AUROC',
  accuracy: 'accuracy',
  runs: '{before} → {after}',
  edited: { one: '{n} label changed since', other: '{n} labels changed since' },
  fixed: '{n} fixed',
  broken: '{n} newly wrong',
  left: '{n} left',
  fixedHelp: 'Shows what was wrong in the run before and is right in this one',
  brokenHelp: 'Shows what was right in the run before and is wrong in this one',
  leftHelp: 'Shows what is left to review',
  network: '{used}, not {wanted}',
  networkHelp: 'overread.yaml asks for {wanted}; this run was made with {used}',
  skipped: { one: '{n} image skipped', other: '{n} images skipped' },
  skippedHelp: 'Shows the images that could not be read, so that the model says nothing of them',
  close: 'Close',
  closeHelp: 'Stops comparing with the run before',
  live: 'Live',
  liveHelp:
    'Refits after every answer and orders anew what you have not seen yet. No run is written; Fine-tune writes one.',
  liveFailed: 'Live stopped: {message}',
} as const;
