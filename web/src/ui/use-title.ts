import { useEffect } from 'react';
import { sentences } from '../sentences.ts';

/** Title of the browser's tab: what is given, then the program's name. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · ${sentences.app.name}`;
  }, [title]);
}
