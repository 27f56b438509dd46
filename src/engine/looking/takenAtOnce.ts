/** Items whose suspicion is taken over in one turn of a project: some milliseconds, for which an edit may wait. */
export const takenAtOnce = 25_000;
