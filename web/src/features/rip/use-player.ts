import { useEffect, useRef, useState } from 'react';
import type { Selection } from './selection.ts';

/** How much the buttons "hear the start" and "hear the end" play. */
const previewSeconds = 4;

/** Where to begin, and where to stop by itself; `from` null: go on where it is. */
export type PlayPlan = { from: number | null; until: number | null };

/**
 * What Play does: inside the selection it goes on and stops at its end; at or after the end it plays
 * the selection from its start; before it, someone looks for the start, so it plays on.
 */
export function planPlay({ at, selection }: { at: number; selection: Selection }): PlayPlan {
  if (at >= selection.end - 0.05) return { from: selection.start, until: selection.end };
  if (at < selection.start && at > 0) return { from: null, until: null };
  return { from: Math.max(at, selection.start), until: selection.end };
}

/** Plays the take through one audio element that the waveform follows. */
export function usePlayer({ src, selection }: { src: string; selection: Selection }) {
  const [media] = useState(() => {
    const audio = new Audio();
    audio.preload = 'metadata';
    return audio;
  });
  const first = useRef(selection.start);
  const [playing, setPlaying] = useState(false);
  const [position, setPosition] = useState(selection.start);
  const [cannotPlay, setCannotPlay] = useState(false);
  const [until, setUntil] = useState<number | null>(null);

  useEffect(() => {
    const followPosition = () => setPosition(media.currentTime);
    const followPlaying = () => setPlaying(!media.paused);
    const followError = () => setCannotPlay(media.error?.code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED);
    media.addEventListener('timeupdate', followPosition);
    media.addEventListener('seeking', followPosition);
    media.addEventListener('play', followPlaying);
    media.addEventListener('pause', followPlaying);
    media.addEventListener('error', followError);
    media.src = src;
    media.currentTime = first.current;
    return () => {
      media.pause();
      media.removeEventListener('timeupdate', followPosition);
      media.removeEventListener('seeking', followPosition);
      media.removeEventListener('play', followPlaying);
      media.removeEventListener('pause', followPlaying);
      media.removeEventListener('error', followError);
      // An element with a source keeps its connection to the server open.
      media.removeAttribute('src');
      media.load();
    };
  }, [media, src]);

  useEffect(() => {
    if (!playing || until === null) return;
    return stopAt({ media, until });
  }, [media, playing, until]);

  useEffect(() => {
    // What comes before the start is no longer of interest once the start has been moved past it.
    if (media.paused && media.currentTime < selection.start) media.currentTime = selection.start;
  }, [media, selection.start]);

  const play = (plan: PlayPlan) => {
    if (plan.from !== null) media.currentTime = plan.from;
    setUntil(plan.until);
    // A refusal also arrives as an `error` event, or means that a newer order came first.
    media.play().catch(followNothing);
  };
  return {
    media,
    playing,
    position,
    cannotPlay,
    toggle: () => (playing ? media.pause() : play(planPlay({ at: media.currentTime, selection }))),
    hearStart: () =>
      play({ from: selection.start, until: Math.min(selection.end, selection.start + previewSeconds) }),
    hearEnd: () =>
      play({ from: Math.max(selection.start, selection.end - previewSeconds), until: selection.end }),
  };
}

function followNothing(): undefined {
  return undefined;
}

/** `timeupdate` comes only four times a second: too late to stop at an edge. */
function stopAt({ media, until }: { media: HTMLMediaElement; until: number }): () => void {
  let frame = 0;
  const check = () => {
    if (media.currentTime >= until) {
      media.pause();
      media.currentTime = until;
    } else frame = requestAnimationFrame(check);
  };
  frame = requestAnimationFrame(check);
  return () => cancelAnimationFrame(frame);
}
