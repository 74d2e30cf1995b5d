import { Button } from '@mantine/core';
import { sentences } from '../../sentences.ts';
import classes from './HistoryPage.module.css';

type SelectionBarProps = {
  count: number;
  onAll: () => void;
  onEdit: () => void;
  onDelete: () => void;
  onEnd: () => void;
};

/** What can be done with the ticked entries. */
export function SelectionBar({ count, onAll, onEdit, onDelete, onEnd }: SelectionBarProps) {
  const words = sentences.history;
  return (
    <section className={classes.bar} aria-label={words.select}>
      <span className={classes.barCount} role="status">
        {words.selected(count)}
      </span>
      <Button size="sm" variant="subtle" color="gray" onClick={onAll}>
        {words.selectAll}
      </Button>
      <Button size="sm" variant="default" disabled={count === 0} onClick={onEdit}>
        {words.edit}
      </Button>
      <Button
        size="sm"
        variant="default"
        className={count === 0 ? undefined : classes.delete}
        disabled={count === 0}
        onClick={onDelete}
      >
        {words.remove}
      </Button>
      <Button size="sm" variant="subtle" color="gray" onClick={onEnd}>
        {sentences.app.cancel}
      </Button>
    </section>
  );
}
