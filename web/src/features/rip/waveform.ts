import WaveSurfer from 'wavesurfer.js';
import RegionsPlugin, { type Region } from 'wavesurfer.js/plugins/regions';
import TimelinePlugin from 'wavesurfer.js/plugins/timeline';
import { sentences } from '../../sentences.ts';
import { clockText, preciseClockText } from '../../ui/format.ts';
import { type Edge, nudgeOf, type Selection, shortestSelection } from './selection.ts';

export type WaveColors = { wave: string; played: string; cursor: string; region: string };

type WaveformOptions = {
  container: HTMLElement;
  media: HTMLMediaElement;
  /** 0 to 1, evenly over the whole take: made by the server, nothing is decoded here. */
  peaks: readonly number[];
  duration: number;
  colors: WaveColors;
  /** An edge was dragged or nudged to a new time (seconds). */
  onMove: (edge: Edge, to: number) => void;
};

const height = 132;
/** Pixels a second: closer than this shows nothing new at 13 bars a second. */
const closest = 200;

export type Waveform = ReturnType<typeof drawWaveform>;

/** Draws the take with one region, the part that is kept, and ties it to the audio element. */
export function drawWaveform({ container, media, peaks, duration, colors, onMove }: WaveformOptions) {
  const regions = RegionsPlugin.create();
  const wave = WaveSurfer.create({
    container,
    media,
    peaks: [[...peaks]],
    duration,
    height,
    normalize: true,
    barWidth: 2,
    barGap: 1,
    barRadius: 2,
    waveColor: colors.wave,
    progressColor: colors.played,
    cursorColor: colors.cursor,
    cursorWidth: 2,
    hideScrollbar: false,
    plugins: [
      regions,
      TimelinePlugin.create({
        height: 18,
        formatTimeCallback: clockText,
        // The library's 0.25 is too faint to read.
        secondaryLabelOpacity: 0.75,
        style: { fontSize: '11px', color: colors.cursor },
      }),
    ],
  });
  let region: Region | null = null;
  let current: Selection = { start: 0, end: duration };
  let pixelsPerSecond = 0;

  wave.on('ready', () => {
    region = regions.addRegion({
      ...current,
      color: colors.region,
      drag: false,
      minLength: shortestSelection,
    });
    makeHandlesOperable({
      region,
      onNudge: (edge, by) => onMove(edge, current[edge] + by),
      selection: current,
      duration,
    });
  });
  regions.on('region-update', (changed, side) => {
    if (side) onMove(side, changed[side]);
  });
  const fit = () => container.clientWidth / duration;
  const zoom = (next: number) => {
    pixelsPerSecond = Math.min(closest, Math.max(fit(), next));
    wave.zoom(pixelsPerSecond);
  };
  return {
    show(selection: Selection) {
      current = selection;
      if (!region) return;
      if (region.start !== selection.start || region.end !== selection.end) region.setOptions(selection);
      describeHandles({ region, selection, duration });
    },
    zoomBy: (factor: number) => zoom(Math.max(pixelsPerSecond, fit()) * factor),
    zoomFit: () => zoom(0),
    destroy: () => wave.destroy(),
  };
}

const handleOf = (region: Region, edge: Edge) =>
  region.element?.querySelector<HTMLElement>(
    `[part~="region-handle-${edge === 'start' ? 'left' : 'right'}"]`,
  );

/** The plugin's edges know the mouse and touch only; this makes sliders of them. */
function makeHandlesOperable({
  region,
  onNudge,
  selection,
  duration,
}: {
  region: Region;
  onNudge: (edge: Edge, by: number) => void;
  selection: Selection;
  duration: number;
}): void {
  for (const edge of ['start', 'end'] as const) {
    const handle = handleOf(region, edge);
    if (!handle) continue;
    handle.tabIndex = 0;
    handle.setAttribute('role', 'slider');
    handle.setAttribute('aria-label', sentences.rip[edge]);
    handle.addEventListener('keydown', (event) => {
      const step = nudgeOf(event);
      if (step === null) return;
      event.preventDefault();
      onNudge(edge, step);
    });
  }
  describeHandles({ region, selection, duration });
}

function describeHandles({
  region,
  selection,
  duration,
}: {
  region: Region;
  selection: Selection;
  duration: number;
}): void {
  for (const edge of ['start', 'end'] as const) {
    const handle = handleOf(region, edge);
    handle?.setAttribute('aria-valuemin', '0');
    handle?.setAttribute('aria-valuemax', duration.toFixed(2));
    handle?.setAttribute('aria-valuenow', selection[edge].toFixed(2));
    handle?.setAttribute('aria-valuetext', preciseClockText(selection[edge]));
  }
}
