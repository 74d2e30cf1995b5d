import { IconCheck } from '@tabler/icons-react';
import { sentences } from '../../sentences.ts';
import classes from './SettingsPage.module.css';

/** Beside a field that has just been saved. */
export function SavedMark({ visible }: { visible: boolean }) {
  return (
    <span className={classes.saved} role="status">
      {visible && (
        <>
          <IconCheck size={16} aria-hidden /> {sentences.settings.saved}
        </>
      )}
    </span>
  );
}
