import { useEffect, useRef } from 'react';
import classes from './Ambient.module.css';

const tiny = 6;

/**
 * The cover's colours behind the page. Six by six pixels, drawn once and stretched: a CSS blur would
 * keep a small computer's graphics busy.
 */
export function Ambient({ src }: { src: string | null | undefined }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    if (!src) {
      context.clearRect(0, 0, tiny, tiny);
      return;
    }
    const picture = new Image();
    let current = true;
    picture.onload = () => {
      if (!current) return;
      context.imageSmoothingQuality = 'high';
      context.drawImage(picture, 0, 0, tiny, tiny);
    };
    picture.src = src;
    return () => {
      current = false;
    };
  }, [src]);
  return (
    <div className={classes.ambient} data-visible={Boolean(src)} aria-hidden>
      <canvas ref={canvas} width={tiny} height={tiny} />
    </div>
  );
}
