import type { SettingsPatch } from '@pidentify/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { configQuery, settingsQuery } from '../../api/queries.ts';
import { errorSentence } from '../../api/request.ts';
import { patchSettings } from '../../api/settings.ts';
import { fieldError } from './field-error.ts';

/** Saves one field of the settings by itself; its error belongs beside that field. */
export function useSetting() {
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: (patch: SettingsPatch) => patchSettings(patch),
    onSuccess: (settings) => {
      queries.setQueryData(settingsQuery.queryKey, settings);
      // The buffer length and margins are part of it.
      void queries.invalidateQueries({ queryKey: configQuery.queryKey });
    },
  });
  return {
    save: change.mutate,
    error: change.error ? fieldError(errorSentence(change.error), change.variables) : null,
    isSaving: change.isPending,
    isSaved: change.isSuccess,
    forgetError: change.reset,
  };
}
