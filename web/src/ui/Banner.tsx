import type { TablerIcon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './Banner.module.css';

type BannerProps = { icon: TablerIcon; title: string; text?: ReactNode; action?: ReactNode };

/** A strip above the page about the state of the whole program. */
export function Banner({ icon: Icon, title, text, action }: BannerProps) {
  return (
    <div className={classes.banner} role="status">
      <Icon size={20} stroke={1.8} aria-hidden className={classes.icon} />
      <div className={classes.words}>
        <strong>{title}</strong> {text}
      </div>
      {action}
    </div>
  );
}
