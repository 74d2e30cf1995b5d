import { notifications } from '@mantine/notifications';
import { errorSentence } from '../api/request.ts';

/** A short message that goes by itself. */
export function tell(message: string): void {
  notifications.show({ message, autoClose: 3500, withCloseButton: false });
}

/** What went wrong, with the server's sentence; stays until it is closed or long enough to be read. */
export function tellError(thrown: unknown): void {
  notifications.show({ message: errorSentence(thrown), color: 'red', autoClose: 9000, role: 'alert' });
}
