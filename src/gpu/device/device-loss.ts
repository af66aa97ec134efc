import type { DescentError } from '../../base/errors.js';
import { deviceLost } from './device-errors.js';

/** The time within which the news of a loss follows what it has brought about: a message between two processes. */
const NEWS_MS = 250;

/** Watches if a device is lost. */
export class DeviceLoss {
  /** The words of the device once it is lost. */
  reason: string | undefined;
  /** Those who are told of a loss. A promise would keep all who ever waited for it. */
  readonly #told = new Set<(reason: string) => void>();

  constructor(device: GPUDevice) {
    void device.lost.then(({ message, reason }) => void this.take(message || reason));
  }

  /** Takes the device for lost, and tells all who wait for it. Returns the error. */
  take(reason: string): DescentError {
    this.reason ??= reason;
    for (const tell of this.#told) tell(this.reason);
    return deviceLost(this.reason);
  }

  /** The result of a promise, or `DEVICE_LOST` as soon as the device is lost. */
  before<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const lose = (reason: string) => reject(deviceLost(reason));
      this.#told.add(lose);
      promise.then(resolve, reject).finally(() => this.#told.delete(lose));
    });
  }

  /** Resolves when the device is lost, or when there is no news of a loss for a while. */
  async news(): Promise<void> {
    if (this.reason !== undefined) return;
    let tell: () => void = () => undefined;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, NEWS_MS);
      tell = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#told.add(tell);
    });
    this.#told.delete(tell);
  }
}
