import {
  PidentifyError,
  type ServiceHealth,
  type ServiceName,
  type ServiceState,
  toPidentifyError,
} from '@pidentify/contracts';
import type { Launched } from './launched.ts';
import type { RestartPolicy } from './restart-policy.ts';

/** What should become of the service; what it is now is its `ServiceState`. */
type Wish = 'run' | 'restart' | 'stop';

/** A service that has never answered after so many tries will not. */
const triesBeforeFirst = 3;
/** One that hangs is killed; one that is slow is not, even on a small computer that does something else besides. */
const startLimitMs = 5 * 60_000;
const restartLimitMs = 3_000;

/** Keeps one service running: starts it, starts it again when it dies, gives up after a limit, stops it. */
export class Watch {
  readonly #name: ServiceName;
  readonly #launch: () => Launched;
  readonly #policy: RestartPolicy;
  readonly #onChange: (health: ServiceHealth) => void;
  #health: ServiceHealth;
  #wish: Wish = 'stop';
  #child: Launched | null = null;
  #hasRun = false;
  #deaths = 0;
  #running: PromiseWithResolvers<{ port?: number }> = Promise.withResolvers();
  #done: Promise<void> = Promise.resolve();
  #wake: () => void = () => undefined;

  constructor(options: {
    name: ServiceName;
    launch: () => Launched;
    policy: RestartPolicy;
    onChange: (health: ServiceHealth) => void;
  }) {
    this.#name = options.name;
    this.#launch = options.launch;
    this.#policy = options.policy;
    this.#onChange = options.onChange;
    this.#health = {
      name: this.#name,
      state: 'stopped',
      pid: null,
      restarts: 0,
      since: new Date().toISOString(),
    };
  }

  get health(): ServiceHealth {
    return this.#health;
  }

  /** Resolves when it answers; rejects with the reason when it is given up. */
  start(): Promise<{ port?: number }> {
    this.#wish = 'run';
    this.#running = Promise.withResolvers();
    this.#done = this.#live();
    return this.#running.promise;
  }

  /** Stops it in order and starts it anew, also when it was given up. Resolves when it answers. */
  async restart(): Promise<void> {
    this.#policy.reset();
    if (this.#health.state === 'failed' || this.#health.state === 'stopped') {
      await this.start();
      return;
    }
    this.#wish = 'restart';
    this.#running = Promise.withResolvers();
    const child = this.#child;
    // Who asks for a restart may do so because it hangs.
    const limit = setTimeout(() => child?.kill(), restartLimitMs);
    child?.ended.then(() => clearTimeout(limit));
    child?.stop();
    this.#wake();
    await this.#running.promise;
  }

  /** Stops it in order; what has not ended after `limitMs` is killed. Resolves when it is gone. */
  async stop(limitMs: number): Promise<void> {
    this.#wish = 'stop';
    if (this.#child) this.#become('stopping');
    const timer = setTimeout(() => this.#child?.kill(), limitMs);
    this.#child?.stop();
    this.#wake();
    await this.#done;
    clearTimeout(timer);
  }

  /** Ends it at once; `stop` still has to be called. */
  kill(): void {
    this.#child?.kill();
  }

  async #live(): Promise<void> {
    let reason = new PidentifyError('service_failed');
    while (this.#wish !== 'stop') {
      this.#wish = 'run';
      const began = performance.now();
      reason = await this.#oneLife();
      if (this.#wish !== 'run') continue;
      const pauseMs = this.#afterDeath(performance.now() - began);
      if (pauseMs === null) return this.#giveUp(reason);
      this.#health = { ...this.#health, restarts: this.#health.restarts + 1 };
      this.#become('restarting', reason.message);
      await this.#sleep(pauseMs);
    }
    this.#running.reject(reason);
    this.#become('stopped');
  }

  /** From the start of the process to its end; returns why it ended. */
  async #oneLife(): Promise<PidentifyError> {
    const child = this.#launch();
    this.#child = child;
    this.#become('starting');
    let reason: PidentifyError | null = null;
    const limit = setTimeout(() => {
      reason = new PidentifyError('service_failed', `The ${this.#name} did not answer within 5 minutes.`);
      child.kill();
    }, startLimitMs);
    child.ready.then(
      (facts) => {
        clearTimeout(limit);
        this.#hasRun = true;
        if (this.#wish === 'run') this.#become('running');
        this.#running.resolve(facts);
      },
      (error: unknown) => {
        reason ??= toPidentifyError(error);
      },
    );
    const how = await child.ended;
    clearTimeout(limit);
    this.#child = null;
    return reason ?? new PidentifyError('service_failed', `The ${this.#name} ${how}.`);
  }

  #afterDeath(ranMs: number): number | null {
    this.#deaths += 1;
    const pauseMs = this.#policy.afterDeath(ranMs);
    return !this.#hasRun && this.#deaths >= triesBeforeFirst ? null : pauseMs;
  }

  #giveUp(reason: PidentifyError): void {
    this.#deaths = 0;
    this.#become('failed', reason.message);
    this.#running.reject(reason);
  }

  #sleep(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    this.#wake = () => {
      clearTimeout(timer);
      resolve();
    };
    return promise;
  }

  #become(state: ServiceState, detail: string | null = null): void {
    const { name, restarts } = this.#health;
    const pid = this.#child?.pid ?? null;
    this.#health = { name, state, pid, restarts, since: new Date().toISOString(), detail };
    this.#onChange(this.#health);
  }
}
