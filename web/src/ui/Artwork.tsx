import { IconVinyl } from '@tabler/icons-react';
import { useState } from 'react';
import { sentences } from '../sentences.ts';
import classes from './Artwork.module.css';

type ArtworkProps = {
  src: string | null | undefined;
  /** Chooses the colour of the placeholder, and describes the picture. */
  title: string;
  /** Decoration beside the title itself: no description of its own. */
  decorative?: boolean;
  className?: string;
};

/** A cover; a record in a quiet colour of its own where there is none or it cannot be loaded. */
export function Artwork({ src, title, decorative = true, className }: ArtworkProps) {
  const [broken, setBroken] = useState<string | null>(null);
  const shown = src && src !== broken ? src : null;
  const description = decorative ? '' : sentences.track.coverOf(title);
  return (
    <div className={[classes.artwork, className].join(' ')} style={{ '--hue': hueOf(title) }}>
      {shown ? (
        <img
          src={shown}
          alt={description}
          decoding="async"
          loading={decorative ? 'lazy' : 'eager'}
          referrerPolicy="no-referrer"
          onError={() => setBroken(shown)}
        />
      ) : (
        <IconVinyl className={classes.placeholder} stroke={1.2} aria-hidden />
      )}
    </div>
  );
}

/** The same title always has the same hue (degrees). */
function hueOf(title: string): number {
  let hash = 0;
  for (const character of title) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 360;
  return hash;
}
