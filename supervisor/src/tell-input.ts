import type { Bus } from '@pidentify/bus';
import type { InputHealth } from '@pidentify/contracts';

/** Tells what is wrong with the input and what to do, once each, and when it is well again. Returns the end of it. */
export function tellInput({ bus, tell }: { bus: Bus; tell: (sentence: string) => void }): () => void {
  let trouble: string | null = null;
  const subscription = bus.subscribe('recorder.snapshot', ({ input }) => {
    // What is being opened is neither well nor unwell.
    if (input.state === 'opening') return;
    const now = input.message ?? null;
    if (now === trouble) return;
    trouble = now;
    const sentence = now ?? wellAgain(input);
    if (sentence) tell(sentence);
  });
  return subscription.close;
}

function wellAgain({ state, description, name }: InputHealth): string | null {
  return state === 'listening' ? `Listening to ${description ?? name}.` : null;
}
