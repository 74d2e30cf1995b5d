import type { ProviderHealth } from '@pidentify/contracts';
import type { Log } from '@pidentify/platform';
import { createIdentifier } from '../identify.ts';
import type { Learnt } from '../learn/learnt.ts';
import type { Refusals } from '../learn/refusals.ts';
import type { Catalogue } from '../library/catalogue.ts';
import { localProvider } from '../local-provider.ts';
import type { Matcher } from '../matcher.ts';
import type { NamedTracks } from '../named-tracks.ts';
import type { DueTrack } from '../side.ts';
import type { Store } from '../store.ts';
import { troubleIn } from '../trouble.ts';
import { createServices } from './services.ts';
import { watched } from './watched.ts';

type ProvidersOptions = {
  store: Store;
  matcher: Pick<Matcher, 'query'>;
  catalogue: Pick<Catalogue, 'track' | 'trackById'>;
  learnt: Pick<Learnt, 'piece'>;
  refusals: Pick<Refusals, 'of'>;
  named: Pick<NamedTracks, 'trackById'>;
  /** True for a track of the record that has been playing. */
  fits(trackId: string): boolean;
  /** Null: no track is due. */
  next(nowMs: number): DueTrack | null;
  /** The sound is none of these tracks, because a person said so. */
  onRefused(trackIds: ReadonlySet<string>): void;
  onHealth(providers: ProviderHealth[]): void;
  log: Log;
};

/** Everybody who may be asked what plays: the user's own index at once, services on the internet beside it. */
export function openProviders(options: ProvidersOptions) {
  const { store, log, named, onHealth } = options;
  const trouble = troubleIn(log);
  const onTrouble = (provider: string, why: string) =>
    log('warn', `${provider} could not tell what plays: ${why}`);
  let servicesHealth: ProviderHealth[] = [];
  let onServices: () => void = () => undefined;
  const tell = () => onHealth([local.health(), ...servicesHealth]);
  const local = watched({
    provider: localProvider({ ...options, named: named.trackById }),
    now: Date.now,
    onHealth: tell,
  });
  const services = createServices({
    store,
    now: Date.now,
    random: Math.random,
    onHealth(health) {
      servicesHealth = health;
      tell();
      onServices();
    },
    onTrouble,
    onUnsaved: trouble('what was used of a service could not be kept'),
  });

  return {
    /** Asks the user's own index. */
    identify: createIdentifier({ providers: [local], onTrouble }),
    services: {
      ...services,
      /** Calls when one of them may be asked again, or no more. */
      onChange(listener: () => void): void {
        onServices = listener;
      },
    },
  };
}
