/** Wall-clock milliseconds as they cross processes. */
export const iso = (ms: number) => new Date(ms).toISOString();
