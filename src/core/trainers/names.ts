/** How run.json calls the trainers that there are. In a file of their own: whatever only reads a run loads no trainer. */
export const trainerNames = {
  lastLayer: 'last-layer',
  torch: 'torch',
  imported: 'imported',
  evaluated: 'evaluated',
} as const;

/** The network of a run that has trained more than its last layer: a file of the run, without that layer. */
export const networkFile = 'weights.safetensors';
