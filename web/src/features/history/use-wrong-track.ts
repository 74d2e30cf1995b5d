import { useMutation, useQueryClient } from '@tanstack/react-query';
import { markWrong, unmarkWrong } from '../../api/history.ts';
import { sentences } from '../../sentences.ts';
import { tell, tellError, tellWithUndo } from '../../ui/tell.ts';

/** "Wrong track": the play is taken back at once, and can be given back for a while. */
export function useWrongTrack() {
  const queries = useQueryClient();
  const words = sentences.wrong;
  const refresh = () => void queries.invalidateQueries({ queryKey: ['history'] });
  const undo = (id: string) =>
    unmarkWrong(id).then(() => {
      refresh();
      tell(words.undone);
    }, tellError);
  return useMutation({
    mutationFn: ({ id }: { id: string; title: string }) => markWrong(id),
    onSuccess(_answer, { id, title }) {
      refresh();
      tellWithUndo(words.done(title), { label: words.undo, onUndo: () => void undo(id) });
    },
    onError: tellError,
  });
}
