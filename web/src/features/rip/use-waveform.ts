import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { flushSync } from 'react-dom';
import type { Edge, Selection } from './selection.ts';
import { drawWaveform, type WaveColors, type Waveform } from './waveform.ts';

const colors: Record<'light' | 'dark', WaveColors> = {
  light: { wave: '#948877', played: '#a86406', cursor: '#4a433b', region: 'rgb(242 163 58 / 20%)' },
  dark: { wave: '#b0a699', played: '#f2a33a', cursor: '#d8d1c8', region: 'rgb(242 163 58 / 17%)' },
};

type UseWaveform = {
  media: HTMLMediaElement;
  peaks: readonly number[] | null;
  duration: number;
  selection: Selection;
  onMove: (edge: Edge, to: number) => void;
};

/** Keeps the drawing in step with React: `container` is the ref of the element it draws into. */
export function useWaveform({ media, peaks, duration, selection, onMove }: UseWaveform) {
  const container = useRef<HTMLDivElement>(null);
  const drawing = useRef<Waveform | null>(null);
  const latest = useRef({ onMove, selection });
  const scheme = useComputedColorScheme('light');

  useEffect(() => {
    latest.current = { onMove, selection };
    drawing.current?.show(selection);
  }, [onMove, selection]);

  useEffect(() => {
    if (!container.current || !peaks) return;
    const waveform = drawWaveform({
      container: container.current,
      media,
      peaks,
      duration,
      colors: colors[scheme],
      // At once: a key that repeats would otherwise start from a selection that is already old.
      onMove: (edge, to) => flushSync(() => latest.current.onMove(edge, to)),
    });
    drawing.current = waveform;
    waveform.show(latest.current.selection);
    return () => {
      drawing.current = null;
      waveform.destroy();
    };
  }, [media, peaks, duration, scheme]);

  return {
    container,
    zoomIn: () => drawing.current?.zoomBy(2),
    zoomOut: () => drawing.current?.zoomBy(0.5),
    zoomFit: () => drawing.current?.zoomFit(),
  };
}
