import type { Entry } from '@pidentify/contracts';
import { useState } from 'react';

/** Which entries are ticked; `active` while the list shows its check boxes. */
export function useSelection(shown: readonly Entry[]) {
  const [ids, setIds] = useState<ReadonlySet<string> | null>(null);
  const toggled = (id: string) => {
    const next = new Set(ids);
    if (!next.delete(id)) next.add(id);
    return next;
  };
  return {
    active: ids !== null,
    /** Ticked entries that are still in the list. */
    entries: shown.filter((entry) => ids?.has(entry.entry_id)),
    has: (entry: Entry) => ids?.has(entry.entry_id) ?? false,
    toggle: (entry: Entry) => setIds(toggled(entry.entry_id)),
    all: () => setIds(new Set(shown.map((entry) => entry.entry_id))),
    begin: () => setIds(new Set()),
    end: () => setIds(null),
  };
}
