/** How run.json calls the trainers that there are. Apart from them: who only reads a run loads no trainer. */
export const trainerNames = {
  lastLayer: 'last-layer',
  imported: 'imported',
  evaluated: 'evaluated',
} as const;
