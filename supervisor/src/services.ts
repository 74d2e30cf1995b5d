import { PidentifyError, type ServiceHealth, type ServiceName } from '@pidentify/contracts';
import type { Log } from '@pidentify/platform';
import type { Launched } from './launched.ts';
import { createRestartPolicy } from './restart-policy.ts';
import { Watch } from './watch.ts';

/** All services, and who wants to know when one of them changes. */
export class Services {
  readonly #watches = new Map<ServiceName, Watch>();
  readonly #external: ServiceHealth[] = [];
  readonly #log: Log;
  readonly #onFailed: (health: ServiceHealth) => void;
  #onChange: () => void = () => undefined;

  constructor(options: { log: Log; onFailed: (health: ServiceHealth) => void }) {
    this.#log = options.log;
    this.#onFailed = options.onFailed;
  }

  /** A second watch of one name takes the place of the first. */
  watch(name: ServiceName, launch: () => Launched): Watch {
    const policy = createRestartPolicy(() => performance.now());
    const watch = new Watch({ name, launch, policy, onChange: (health) => this.#changed(health) });
    this.#watches.set(name, watch);
    return watch;
  }

  /** One that others run. */
  addExternal(name: ServiceName): void {
    const since = new Date().toISOString();
    this.#external.push({ name, state: 'external', pid: null, restarts: 0, since });
  }

  health(): ServiceHealth[] {
    return [...this.#external, ...[...this.#watches.values()].map((watch) => watch.health)];
  }

  /** Throws bad_request for one that is not run by us. */
  async restart(name: ServiceName): Promise<void> {
    const watch = this.#watches.get(name);
    if (!watch) throw new PidentifyError('bad_request', `${name} is not run by Pidentify.`);
    await watch.restart();
  }

  onChange(listener: () => void): void {
    this.#onChange = listener;
  }

  killAll(): void {
    for (const watch of this.#watches.values()) watch.kill();
  }

  #changed(health: ServiceHealth): void {
    const { name, state, pid, detail } = health;
    const facts = [`${name} ${state}`, pid && `pid ${pid}`, detail].filter(Boolean).join(', ');
    this.#log(state === 'failed' ? 'error' : 'info', facts);
    if (state === 'failed') this.#onFailed(health);
    this.#onChange();
  }
}
