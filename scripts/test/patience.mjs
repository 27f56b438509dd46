/**
 * ms for which a test waits for what has to become true: many times what it takes, since the machine may be slow and do
 * other things. What has a limit of its own to show says so where it is tested.
 */
export const patience = 30_000;
