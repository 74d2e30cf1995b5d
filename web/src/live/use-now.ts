import { useEffect, useState } from 'react';
import { useLive } from './use-live.tsx';

/**
 * The server's time in ms, told again at every whole second. `running` false stops it, so that a page
 * on which nothing counts costs nothing.
 */
export function useNow({ running }: { running: boolean }): number {
  const { clock } = useLive();
  const [now, setNow] = useState(() => clock.now());
  useEffect(() => {
    if (!running) return;
    const tick = () => setNow(clock.now());
    tick();
    const timer = setInterval(tick, 1000);
    return () => clearInterval(timer);
  }, [clock, running]);
  return now;
}
