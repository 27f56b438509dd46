/** Items whose suspicion is taken over between two looks at the clock: a fraction of a millisecond, or some where many are suspected. */
export const takenAtOnce = 1024;
