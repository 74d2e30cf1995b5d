import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import type { Entry } from '@pidentify/contracts';
import {
  IconCircleCheckFilled,
  IconDeviceFloppy,
  IconDots,
  IconMusicX,
  IconPencil,
  IconScissors,
  IconTrash,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { sentences } from '../../sentences.ts';
import type { EntryRowActions } from './EntryRow.tsx';
import { saveState } from './group.ts';
import classes from './HistoryPage.module.css';

type EntryActionsProps = { entry: Entry; title: string; now: number; actions: EntryRowActions };

/** The end of a row: whether it is saved or can be, and a menu with the rest. */
export function EntryActions({ entry, title, now, actions }: EntryActionsProps) {
  const { onEdit, onDelete, onWrong, canSave, bufferSeconds } = actions;
  const state = saveState({ entry, bufferSeconds, now });
  return (
    <span className={classes.actions}>
      {state === 'in_library' && (
        <Tooltip label={sentences.history.saved}>
          <span className={classes.saved} role="img" aria-label={sentences.history.saved}>
            <IconCircleCheckFilled size={20} aria-hidden />
          </span>
        </Tooltip>
      )}
      {canSave && (state === 'cut' || state === 'in_buffer') && (
        <SaveLink entry={entry} title={title} isCut={state === 'cut'} />
      )}
      {onEdit && onDelete && (
        <Menu position="bottom-end" shadow="md" width={200} withInitialFocusPlaceholder={false}>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size={36} aria-label={sentences.history.actions(title)}>
              <IconDots size={20} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPencil size={18} />} onClick={() => onEdit(entry)}>
              {sentences.history.edit}
            </Menu.Item>
            {onWrong && (
              <Menu.Item leftSection={<IconMusicX size={18} />} onClick={() => onWrong(entry)}>
                {sentences.wrong.action}
              </Menu.Item>
            )}
            {canSave && state === 'in_library' && entry.saved_temp_buffer && (
              <Menu.Item
                component={Link}
                to={`/rip/${entry.entry_id}`}
                leftSection={<IconScissors size={18} />}
              >
                {sentences.history.saveAgain}
              </Menu.Item>
            )}
            <Menu.Item
              className={classes.delete}
              leftSection={<IconTrash size={18} />}
              onClick={() => onDelete(entry)}
            >
              {sentences.history.remove}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </span>
  );
}

function SaveLink({ entry, title, isCut }: { entry: Entry; title: string; isCut: boolean }) {
  const words = sentences.history;
  const Icon = isCut ? IconScissors : IconDeviceFloppy;
  return (
    <Button
      component={Link}
      to={`/rip/${entry.entry_id}`}
      size="sm"
      variant="light"
      className={classes.save}
      leftSection={<Icon size={17} stroke={1.8} aria-hidden />}
      aria-label={isCut ? words.trimEntry(title) : words.saveEntry(title)}
    >
      <span className={classes.saveWord}>{isCut ? words.trim : words.save}</span>
    </Button>
  );
}
