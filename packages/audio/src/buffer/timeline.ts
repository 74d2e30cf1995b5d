/** The wall-clock time (epoch ms) of one frame; later frames follow at the sample rate. */
export type Anchor = { frame: number; atMs: number };
/** `frames` frames are missing in front of frame `frame`. */
export type Gap = { frame: number; frames: number };

/** Which frame of a run sounded when. Frames are counted without the missing ones. */
export class Timeline {
  readonly #sampleRate: number;
  readonly #anchors: Anchor[];
  readonly #gaps: Gap[];

  /** `anchors` rise and hold at least one. */
  constructor({ sampleRate, anchors, gaps }: { sampleRate: number; anchors: Anchor[]; gaps: Gap[] }) {
    this.#sampleRate = sampleRate;
    this.#anchors = [...anchors];
    this.#gaps = [...gaps];
  }

  /** Time at which a frame begins. */
  msOf(frame: number): number {
    const anchor = this.#anchors.findLast((candidate) => candidate.frame <= frame) ?? this.#anchors[0];
    return anchor.atMs + ((frame - anchor.frame) * 1000) / this.#sampleRate;
  }

  /** The frame that begins nearest to a time; in a gap, the first one behind it. May be negative. */
  frameAt(ms: number): number {
    const found = this.#anchors.findLastIndex((candidate) => candidate.atMs <= ms);
    const anchor = this.#anchors[Math.max(0, found)];
    const next = this.#anchors[Math.max(0, found) + 1];
    const frame = anchor.frame + Math.round(((ms - anchor.atMs) * this.#sampleRate) / 1000);
    return next ? Math.min(frame, next.frame) : frame;
  }

  /** From `frame` on the clock says `atMs`; corrects the drift of the device against it. */
  anchor({ frame, atMs }: Anchor): void {
    if (this.#anchors.at(-1)?.frame === frame) this.#anchors.pop();
    this.#anchors.push({ frame, atMs });
  }

  /** `frames` frames were lost in front of `frame`, which is the next one to come. */
  gap({ frame, frames }: Gap): void {
    const atMs = this.msOf(frame) + (frames * 1000) / this.#sampleRate;
    const last = this.#gaps.at(-1);
    if (last?.frame === frame) last.frames += frames;
    else this.#gaps.push({ frame, frames });
    this.anchor({ frame, atMs });
  }

  /** True when frames are known to be missing inside the stretch. */
  hasGap({ from, to }: { from: number; to: number }): boolean {
    return this.#gaps.some((gap) => gap.frame > from && gap.frame < to);
  }

  toJSON(): { anchors: Anchor[]; gaps: Gap[] } {
    return { anchors: this.#anchors, gaps: this.#gaps };
  }
}
