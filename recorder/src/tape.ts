import type { PcmFormat, Recording, RollingBuffer } from '@pidentify/audio';
import type { Tape } from './capture.ts';

/** The estimate of the clock is corrected in the buffer when it moved by more than this. */
const correctionMs = 20;

type TapeOptions = { buffer: RollingBuffer; onLost(frames: number): void };

/** Keeps frames in the rolling buffer; a run begins with the first frames of a stream, whose time is then known. */
export function createTape({ buffer, onLost }: TapeOptions): Tape {
  let format: PcmFormat | null = null;
  let recording: Recording | null = null;
  let anchoredMs = 0;
  let frames = 0;
  let lost = 0;

  return {
    begin(next) {
      format = next;
      recording = null;
      frames = 0;
      lost = 0;
    },
    append(bytes, originMs) {
      if (!format) return;
      if (!recording) {
        recording = buffer.startRun({ format, startedAt: originMs });
        anchoredMs = originMs;
      } else if (Math.abs(originMs - anchoredMs) > correctionMs) {
        recording.reAnchor(originMs + (frames * 1000) / format.sampleRate);
        anchoredMs = originMs;
      }
      recording.append(bytes);
      frames += bytes.length / (format.channels * format.bytesPerSample);
      if (recording.lostFrames > lost) {
        onLost(recording.lostFrames - lost);
        lost = recording.lostFrames;
      }
    },
    gap(missing) {
      frames += missing;
      recording?.noteGap(missing);
    },
    end() {
      format = null;
      recording = null;
    },
  };
}
