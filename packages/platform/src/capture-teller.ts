import { CaptureError, type CaptureEvent, type InputInfo } from './input.ts';

/** `opening`: nobody knows yet; `present`: delivers; `absent`: told so, waits. */
type Presence = { is: 'opening' } | { is: 'present'; input: InputInfo } | { is: 'absent' };

/** Turns what happens to an input into the answer to `open` and the events after it, each told once. */
export function createTeller() {
  const first = Promise.withResolvers<InputInfo>();
  let presence: Presence = { is: 'opening' };
  let receiver: (event: CaptureEvent) => void = () => undefined;

  return {
    opened: first.promise,
    listen(given: (event: CaptureEvent) => void): void {
      receiver = given;
    },
    overrun(frames: number): void {
      receiver({ kind: 'overrun', frames });
    },
    remark(message: string | null): void {
      receiver({ kind: 'remark', message });
    },
    present(input: InputInfo): void {
      if (presence.is === 'present' && presence.input === input) return;
      const before = presence.is;
      presence = { is: 'present', input };
      if (before === 'opening') first.resolve(input);
      else receiver({ kind: before === 'absent' ? 'back' : 'format', input });
    },
    /** It delivered, and does so no more. */
    lost(message: string): void {
      if (presence.is !== 'present') return;
      presence = { is: 'absent' };
      receiver({ kind: 'lost', message });
    },
    /** It is not there; news only while opening. */
    absent(error: CaptureError): void {
      if (presence.is !== 'opening') return;
      presence = { is: 'absent' };
      first.reject(error);
    },
    /** Nothing is told any more; an `open` that still waits is told so. */
    close(): void {
      receiver = () => undefined;
      this.absent(new CaptureError('no_input', 'It was closed before it was open.'));
    },
  };
}
export type Teller = ReturnType<typeof createTeller>;
