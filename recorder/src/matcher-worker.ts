/** The thread that holds the index: queries and writing it never hold up the capture. */
import { parentPort } from 'node:worker_threads';
import { IndexStore, TrackFingerprint } from '@pidentify/fingerprint';
import { openIndexFiles } from './library/index-files.ts';
import type { MatcherAnswers, MatcherQuestion, MatcherReply, Numbered } from './matcher-protocol.ts';

let store: IndexStore | null = null;

function opened(): IndexStore {
  if (!store) throw new Error('the index is not open');
  return store;
}

async function open(folder: string): Promise<MatcherAnswers['open']> {
  store = new IndexStore(await openIndexFiles(folder));
  const state = await store.open();
  return { damaged: state.state === 'damaged' ? [...state.files] : [] };
}

function query(pcm: Float32Array): MatcherAnswers['query'] {
  const match = opened().query(pcm);
  if (!match) return [];
  return [match, ...match.alternatives].map(({ trackKey, offsetSeconds, speed, significance }) => ({
    trackKey: Number(trackKey),
    offsetSeconds,
    speed,
    significance,
  }));
}

async function answer(question: MatcherQuestion): Promise<MatcherAnswers[keyof MatcherAnswers]> {
  switch (question.ask) {
    case 'open':
      return open(question.folder);
    case 'keys':
      return [...opened().keys()].map(Number);
    case 'add':
      await opened().add(
        ...question.tracks.map(({ trackKey, fingerprint }) => ({
          key: String(trackKey),
          fingerprint: new TrackFingerprint(fingerprint),
        })),
      );
      return null;
    case 'remove':
      await opened().remove(...question.trackKeys.map(String));
      return null;
    case 'query':
      return query(question.pcm);
    case 'close':
      parentPort?.close();
      return null;
  }
}

parentPort?.on('message', async (question: Numbered<MatcherQuestion>) => {
  let reply: MatcherReply;
  try {
    reply = { id: question.id, done: await answer(question) };
  } catch (error) {
    reply = { id: question.id, failed: error instanceof Error ? error : new Error(String(error)) };
  }
  parentPort?.postMessage(reply);
});
