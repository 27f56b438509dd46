/** ms for which a test waits for what has to become true. */
export const patience: number;
