/** Signals that come together (npm, the terminal and a shell all pass them on) count as one. */
const togetherMs = 700;

/** The first request to stop stops in order, one that comes later hurries. Returns the request to stop. */
export function stopOnSignals(options: { onStop: (why: string) => void; onHurry: () => void }): void {
  let firstMs: number | null = null;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      const now = performance.now();
      firstMs ??= now;
      if (now === firstMs) options.onStop(signal);
      else if (now - firstMs > togetherMs) options.onHurry();
    });
  }
}
