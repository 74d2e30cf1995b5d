/** Thrown out of a start that is to end; not a failure. */
export class Stopping extends Error {
  readonly why: string;

  constructor(why: string) {
    super(`Stopping: ${why}`);
    this.name = 'Stopping';
    this.why = why;
  }
}

/** The one wish to stop that everything which waits gives way to. */
export type StopRequest = {
  /** Rejects with the first reason: a Stopping, or what broke. */
  readonly requested: Promise<never>;
  stop: (why: string) => void;
  fail: (error: unknown) => void;
  /** The work's outcome, unless the request comes first. */
  orElse: <T>(work: Promise<T>) => Promise<T>;
};

export function createStopRequest(): StopRequest {
  const { promise, reject } = Promise.withResolvers<never>();
  // Somebody waits for it only while there is something to give way.
  promise.catch((error: unknown) => error);
  return {
    requested: promise,
    stop: (why) => reject(new Stopping(why)),
    fail: reject,
    orElse: (work) => Promise.race([promise, work]),
  };
}
