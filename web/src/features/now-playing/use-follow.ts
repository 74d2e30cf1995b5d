import { type RefObject, useEffect, useRef, useState } from 'react';

/** So long after a person scrolled they are left to read. */
const leftAloneMs = 5000;
const scrollKeys = new Set(['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End', ' ']);
/** The line is kept at this part of the height, from the top: what comes is of more use than what was. */
const eyeLevel = 0.4;
const leastAbovePx = 24;

/**
 * Keeps a line in sight by scrolling the list it is in, never the page. Whoever scrolls by themselves is left alone for
 * 5 s. Smooth or not is for the style sheet to say.
 */
export function useFollow(line: number): { list: RefObject<HTMLOListElement | null> } {
  const list = useRef<HTMLOListElement>(null);
  const [isHeld, setHeld] = useState(false);

  useEffect(() => {
    const element = list.current;
    if (!element) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const hold = () => {
      clearTimeout(timer);
      setHeld(true);
      timer = setTimeout(() => {
        timer = undefined;
        setHeld(false);
      }, leftAloneMs);
    };
    const onKey = ({ key }: KeyboardEvent) => scrollKeys.has(key) && hold();
    // After a flick of the finger, or with the bar in hand, it goes on by itself.
    const onScroll = () => timer !== undefined && hold();
    const options = { passive: true };
    element.addEventListener('wheel', hold, options);
    element.addEventListener('touchmove', hold, options);
    element.addEventListener('pointerdown', hold, options);
    element.addEventListener('keydown', onKey, options);
    element.addEventListener('scroll', onScroll, options);
    return () => {
      clearTimeout(timer);
      element.removeEventListener('wheel', hold);
      element.removeEventListener('touchmove', hold);
      element.removeEventListener('pointerdown', hold);
      element.removeEventListener('keydown', onKey);
      element.removeEventListener('scroll', onScroll);
    };
  }, []);

  useEffect(() => {
    const element = list.current;
    const shown = element?.children[line];
    if (!element || isHeld || !(shown instanceof HTMLElement)) return;
    const middle = shown.offsetTop + shown.offsetHeight / 2;
    // Of a line that fills the list its beginning is seen.
    element.scrollTo({
      top: Math.min(middle - element.clientHeight * eyeLevel, shown.offsetTop - leastAbovePx),
    });
  }, [line, isHeld]);

  return { list };
}
