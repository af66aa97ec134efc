import { type AdapterReport, DescentError, type GpuContext, type SupportReason } from '../../src/index.js';

/** The place of a calculation: options that every function of the library takes. */
export type Place = { backend: 'webgpu'; context: GpuContext } | { backend: 'cpu' };

/** A reason of the library, whose code is not known where it was told by an error. */
export type MissingReason = Omit<SupportReason, 'code'> & Partial<Pick<SupportReason, 'code'>>;

/** The state of the device that the page speaks of. */
export interface DeviceState {
  /** The device in use; null before it is first asked for, and where there is none. */
  context: GpuContext | null;
  /** Why there is no WebGPU, and what to do about it here; null where there is. */
  missing: readonly MissingReason[] | null;
  /** Number of devices that were lost and replaced. */
  lostCount: number;
}

/** The one device of the page, opened when it is first needed and replaced when it is lost. */
export class SharedDevice {
  #state: DeviceState = { context: null, missing: null, lostCount: 0 };
  #opening: Promise<Place> | undefined;
  readonly #listeners = new Set<(state: DeviceState) => void>();

  get state(): DeviceState {
    return this.#state;
  }

  subscribe(listener: (state: DeviceState) => void, signal: AbortSignal): void {
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
  }

  /** The device, or the CPU where there is none. */
  place(): Promise<Place> {
    return (this.#opening ??= this.#open());
  }

  /**
   * Runs a calculation on the device, and once more, on a new device, when that is lost on the way. So it must be one
   * that can begin again.
   */
  async run<Result>(calculate: (place: Place) => Promise<Result>): Promise<Result> {
    const place = await this.place();
    try {
      return await calculate(place);
    } catch (error) {
      if (place.backend !== 'webgpu' || !isLoss(error)) throw error;
      this.#replace(place.context);
      return calculate(await this.place());
    }
  }

  async #open(): Promise<Place> {
    const { checkSupport, createContext } = await import('./open-device.js');
    try {
      const context = await createContext();
      this.#change({ context, missing: null });
      void context.device.lost.then(() => this.#replace(context)); // also while nothing runs
      return { backend: 'webgpu', context };
    } catch (error) {
      if (!(error instanceof DescentError) || error.code !== 'WEBGPU_UNAVAILABLE') throw error;
      const { reasons } = await checkSupport();
      // By now there may be a device: then the reason is what the first try was told.
      const missing = reasons.length > 0 ? reasons : [{ message: error.got, remedy: error.fix }];
      this.#change({ context: null, missing });
      return { backend: 'cpu' };
    }
  }

  /** Lets go of a lost device, and opens another. */
  #replace(lost: GpuContext): void {
    if (this.#state.context !== lost) return;
    lost.dispose();
    this.#opening = undefined;
    this.#change({ context: null, lostCount: this.#state.lostCount + 1 });
    void this.place();
  }

  #change(changes: Partial<DeviceState>): void {
    this.#state = { ...this.#state, ...changes };
    for (const listener of [...this.#listeners]) listener(this.#state);
  }
}

function isLoss(error: unknown): boolean {
  return error instanceof DescentError && (error.code === 'DEVICE_LOST' || error.code === 'DISPOSED');
}

/** The name of an adapter, as far as it has one. */
export function nameOf({ vendor, architecture, description }: AdapterReport): string {
  return description || `${vendor} ${architecture}`.trim();
}
