/**
 * What is asked about, and when: each material goes through the ear, the gate and the listener, and every question is
 * counted; nobody knows an answer, so that music goes on being asked about. `GATE_ROOT`: folder with the packages of
 * docs/judgement.md unpacked in it. An argument picks materials by name.
 */
import { createResampler } from '@pidentify/audio';
import { createBelief } from '../recorder/src/belief.ts';
import { createEar } from '../recorder/src/ear.ts';
import { createGate } from '../recorder/src/gate/gate.ts';
import { createListener } from '../recorder/src/listen.ts';
import { phaseOf } from '../recorder/src/phase.ts';
import { median, printTable, quantile } from './figures.ts';
import { type Material, materials } from './gate/material.ts';
import { sampleRate } from './gate/noise.ts';

const silenceThreshold = 0.0004;
const blockFrames = 1024;
/** After so much talk the user's own index is asked once, as it may be a spoken record. */
const spokenRecordSeconds = 45;
const input = { state: 'listening', name: null, sampleRate, channels: 1, level: null } as const;

async function listenTo(pcm: Float32Array) {
  const questions: number[] = [];
  const ownIndex: number[] = [];
  const reasons = new Map<string, number>();
  const gate = createGate();
  const belief = createBelief({ newId: () => 'none', recalled: null });
  const listener = createListener({
    belief,
    async identify(clip, { onlyLocal }) {
      questions.push(clip.endMs / 1000);
      if (onlyLocal) ownIndex.push(clip.endMs / 1000);
      return { kind: 'no_match' };
    },
    onDecisions: () => undefined,
    onState: () => undefined,
    onTrouble(error) {
      throw error;
    },
  });
  const ear = createEar({
    seconds: 16,
    hopSeconds: 0.25,
    createResampler,
    gate,
    onHop(hop) {
      listener.hop({ ...hop, sound: gate.judge(hop.rms >= silenceThreshold) });
      const { message } = phaseOf(listener.state(), input, belief.state());
      reasons.set(message, (reasons.get(message) ?? 0) + 1);
    },
  });
  ear.begin({ sampleRate });
  for (let at = 0; at < pcm.length; at += blockFrames) {
    ear.hear(pcm.subarray(at, at + blockFrames), 0);
    await Promise.resolve();
    await Promise.resolve();
  }
  const [reason] = [...reasons].sort((a, b) => b[1] - a[1])[0];
  return { questions, ownIndex, reason };
}

const rows: (string | number)[][] = [
  ['material', 'used for', 'seconds', 'questions', 'own index alone', 'first after', 'says most of the time'],
];
const firsts: number[] = [];
const wrong: string[] = [];
let busyMs = 0;
let seconds = 0;
const wanted = (materials satisfies readonly Material[]).filter(({ name, use }) =>
  `${use} ${name}`.includes(process.argv[2] ?? ''),
);
for (const { name, kind, use, from, pcm: make } of wanted) {
  const pcm = make();
  const mark = process.cpuUsage();
  const { questions, ownIndex, reason } = await listenTo(pcm);
  const { user, system } = process.cpuUsage(mark);
  busyMs += (user + system) / 1000;
  seconds += pcm.length / sampleRate;
  const first = questions.find((at) => at > from);
  if (kind === 'music') firsts.push(first === undefined ? Number.POSITIVE_INFINITY : first - from);
  else if (
    questions.length > ownIndex.length ||
    ownIndex.some((at) => kind === 'noise' || at < spokenRecordSeconds)
  )
    wrong.push(name);
  rows.push([
    name,
    use,
    String(Math.round(pcm.length / sampleRate)),
    String(questions.length),
    String(ownIndex.length),
    kind === 'music' && first !== undefined ? `${(first - from).toFixed(1)} s` : '-',
    reason,
  ]);
}
printTable('gate', rows);
if (firsts.length > 0)
  console.log(
    `\nfirst question about music: median ${median(firsts).toFixed(1)} s, 95th percentile ${quantile(firsts, 0.95).toFixed(1)} s`,
  );
console.log(`no music, but asked about: ${wrong.length === 0 ? 'none' : wrong.join('; ')}`);
console.log(`ear, gate and listener: ${(busyMs / seconds / 10).toFixed(2)} % of one core`);
