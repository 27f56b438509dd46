import * as path from 'node:path';

/** The inference thread's program, which the build lays beside the engine's own. */
export const inferenceProgram = path.join(__dirname, 'inferenceWorker.js');
