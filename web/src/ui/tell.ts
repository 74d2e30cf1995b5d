import { notifications } from '@mantine/notifications';
import { createElement } from 'react';
import { errorSentence } from '../api/request.ts';
import { UndoMessage } from './UndoMessage.tsx';

/** A short message that goes by itself. */
export function tell(message: string): void {
  notifications.show({ message, autoClose: 3500, withCloseButton: false });
}

/** The same, with a way back for as long as it stays. */
export function tellWithUndo(message: string, undo: { label: string; onUndo: () => void }): void {
  const id = notifications.show({
    autoClose: 9000,
    withCloseButton: false,
    message: createElement(UndoMessage, {
      message,
      label: undo.label,
      onUndo() {
        notifications.hide(id);
        undo.onUndo();
      },
    }),
  });
}

/** What went wrong, with the server's sentence; stays until it is closed or long enough to be read. */
export function tellError(thrown: unknown): void {
  notifications.show({ message: errorSentence(thrown), color: 'red', autoClose: 9000, role: 'alert' });
}
