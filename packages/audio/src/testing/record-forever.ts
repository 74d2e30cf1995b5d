import { openRollingBuffer } from '../buffer/rolling-buffer.ts';
import { pcmFormat } from '../pcm/format.ts';

// A recorder to be killed: appends counted frames as fast as it can and tells how many it appended.
const buffer = await openRollingBuffer({ directory: process.argv[2], seconds: 3600, segmentSeconds: 0.5 });
const format = pcmFormat({ sampleRate: 10_000, channels: 2, bitsPerSample: 24 });
const recording = buffer.startRun({ format, startedAt: 1_763_800_000_000 });
const block = Buffer.alloc(1000 * 6);
setInterval(() => {
  const first = recording.endFrame;
  for (let frame = 0; frame < 1000; frame += 1) block.writeUIntLE(first + frame, frame * 6, 6);
  recording.append(block);
  process.stdout.write(`${recording.endFrame}\n`);
}, 5);
