/** What a person should look at: a sentence for each thing, as long as it is so. Tells all of them at each change. */
export function createWarnings(tell: (sentences: string[]) => void) {
  const sentences = new Map<string, string>();
  return function warn(about: string, sentence: string | null): void {
    if ((sentences.get(about) ?? null) === sentence) return;
    if (sentence === null) sentences.delete(about);
    else sentences.set(about, sentence);
    tell([...sentences.values()]);
  };
}
