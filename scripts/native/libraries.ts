/**
 * Libraries shipped beside Valkey, by the name programs ask for: a longer one is the same file again. Not libatomic,
 * which it asks for as well: that is under the GPL, and the packages depend on the system's own.
 */
export const valkeyLibraries: Record<string, { name: string; version: string; licence: string } | undefined> =
  {
    'libjemalloc.so.2': { name: 'jemalloc', version: '5.3.0', licence: 'BSD-2-Clause' },
    'liblzf.so.1': { name: 'liblzf', version: '3.6', licence: 'BSD-2-Clause' },
  };
