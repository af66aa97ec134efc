import { anyText } from './base/quote.js';
import { DescentError } from './base/errors.js';
import { fit } from './fit.js';
import { requireKnown } from './base/check-names.js';
import { GpuContext } from './gpu/device/device.js';
import { openDevice } from './gpu/device/open-device.js';
import { isInsecureHere, remedyFor, type SupportCode } from './base/webgpu-hints.js';
import { hostOf, userAgentHere } from './base/host-kind.js';
import type { AdapterReport, FitReport } from './descent/report.js';
import { syntheticRegression } from './data/synthetic.js';

/** A problem, and what to do about it on this host. */
export interface SupportReason {
  /** The kind, for programs. */
  code: SupportCode;
  /** The problem, in a sentence. */
  message: string;
  /** Advice for this browser or host. */
  remedy: string;
}

/** The result of `checkSupport`. Plain data. */
export interface SupportReport {
  /** True if `backend: 'webgpu'` works here: a real fit gave the right result. */
  supported: boolean;
  /** Why not; empty when it is supported. */
  reasons: SupportReason[];
  /** Problems that do not prevent training on WebGPU, but make it slower. */
  warnings: SupportReason[];
  /** null where there are no pages. */
  secureContext: boolean | null;
  /** The host, as it names itself. */
  userAgent: string;
  /** null as far as it did not get: there is no device. */
  adapter: AdapterReport | null;
  /** True if the shaders run on the CPU; null without an adapter. */
  isSoftware: boolean | null;
  /** Limits of the device that `createContext` opens, in bytes and invocations. */
  limits: DeviceLimits | null;
  /** null without a device. */
  features: DeviceFeatures | null;
  /** null without a device. */
  check: FitCheck | null;
}

/** Limits of the device: bytes, and invocations of a workgroup. */
export interface DeviceLimits {
  /** The largest buffer, in bytes. */
  maxBufferSize: number;
  /** Data beyond it are kept in several buffers. */
  maxStorageBufferBindingSize: number;
  /** The memory that a workgroup shares, in bytes. */
  maxComputeWorkgroupStorageSize: number;
  /** The largest workgroup, in invocations. */
  maxComputeInvocationsPerWorkgroup: number;
}

/** Optional features of the device that the library uses. */
export interface DeviceFeatures {
  /** Lanes of every subgroup; null where there are none, or of several sizes. */
  subgroupSize: number | null;
  /** True if reports have `gpuMs` with `createContext({ timestamps: true })`. */
  timestamps: boolean;
}

/** Small fits on the device, held against the CPU reference. */
export interface FitCheck {
  /** The kernels that were tried. */
  kernels: FitReport['kernels'][];
  /** The largest relative difference of any weight, bias or loss. */
  maxRelativeDifference: number;
  /** The difference up to which a fit is right. */
  tolerance: number;
  /** True if no difference is over the tolerance. */
  passed: boolean;
}

/** So many epochs of fits with terms of moderate size differ by 1e-6 or so; a defect differs by far more. */
const TOLERANCE = 1e-4;

/** Few features and many, and the textbook's kernels: between them the kernels of most fits. */
const CASES = [
  { features: 3, kernels: 'auto' },
  { features: 20, kernels: 'auto' },
  { features: 3, kernels: 'textbook' },
] as const;

const OPTIONS = { epochs: 40, learningRate: 0.5, tolerance: 0, strategy: 'streaming', seed: 1 } as const;

/** The options of `checkSupport`. */
export interface SupportOptions {
  /**
   * Milliseconds to wait for the adapter, and then for the device, from 1 to 2^31 − 1. Default 10,000: answers take some
   * hundred, and seconds where a browser first starts its GPU process; one whose driver hangs never answers.
   */
  timeoutMs?: number | undefined;
}

const TIMEOUT_MS = 10_000;
/** More overflows a timer, which then ends at once. */
const MOST_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * Checks if this host can train on WebGPU, and if not, says why and what to do. Inspects the page, the adapter and the
 * device, and compares small fits with the CPU reference. Throws `INVALID_OPTION` for a timeout out of its range, and
 * nothing else.
 *
 *     const { supported, reasons } = await checkSupport();
 *     if (!supported) reasons.forEach(({ message, remedy }) => console.warn(message, remedy));
 */
export async function checkSupport(options: SupportOptions = {}): Promise<SupportReport> {
  const { timeoutMs = TIMEOUT_MS } = requireKnown(options, ['timeoutMs']);
  if (!Number.isFinite(timeoutMs) || timeoutMs < 1 || timeoutMs > MOST_TIMEOUT_MS) {
    throw new DescentError('INVALID_OPTION', {
      got: `timeoutMs ${anyText(timeoutMs)}`,
      expected: `a number from 1 to ${MOST_TIMEOUT_MS}`,
      fix: `Leave it out for the default, ${TIMEOUT_MS}.`,
      where: { option: 'timeoutMs' },
    });
  }
  const userAgent = userAgentHere();
  const reason = (code: SupportCode, message: string): SupportReason => {
    return { code, message, remedy: remedyFor(code, hostOf(userAgent)) };
  };
  const report: SupportReport = {
    ...{ supported: false, reasons: [], warnings: [], userAgent },
    secureContext: 'isSecureContext' in globalThis ? !isInsecureHere() : null,
    ...{ adapter: null, isSoftware: null, limits: null, features: null, check: null },
  };
  let context: GpuContext | undefined;
  try {
    const opened = await openDevice({ timeoutMs });
    if ('obstacle' in opened) {
      return { ...report, reasons: [reason(opened.obstacle, `There is ${opened.got}.`)] };
    }
    context = new GpuContext(opened.device, opened.info, { ownsDevice: true });
    describeDevice(report, context, opened.hasTimestamps);
    if (report.isSoftware) {
      report.warnings.push(reason('SOFTWARE_ADAPTER', 'Shaders run on the CPU: no GPU is in use.'));
    }
    report.check = await checkFits(context);
    if (!report.check.passed) {
      const { maxRelativeDifference } = report.check;
      const message = `Small fits differ from the CPU reference by ${maxRelativeDifference}, more than the tolerance of ${TOLERANCE}.`;
      report.reasons.push(reason('WRONG_RESULT', message));
    }
  } catch (error) {
    const words = error instanceof DescentError ? `${error.code}: ${error.message}` : String(error);
    report.reasons.push(reason('FIT_FAILED', `A small fit failed: ${words}`));
  } finally {
    context?.dispose();
  }
  return { ...report, supported: report.reasons.length === 0 };
}

function describeDevice(
  report: SupportReport,
  { adapter, device, subgroupSize }: GpuContext,
  timestamps: boolean,
): void {
  const { maxBufferSize, maxStorageBufferBindingSize, maxComputeWorkgroupStorageSize } = device.limits;
  const { maxComputeInvocationsPerWorkgroup } = device.limits;
  report.adapter = adapter;
  report.isSoftware = adapter.isSoftware;
  report.limits = {
    ...{ maxBufferSize, maxStorageBufferBindingSize },
    ...{ maxComputeWorkgroupStorageSize, maxComputeInvocationsPerWorkgroup },
  };
  report.features = { subgroupSize, timestamps };
}

async function checkFits(context: GpuContext): Promise<FitCheck> {
  const kernels: FitReport['kernels'][] = [];
  let maxRelativeDifference = 0;
  for (const { features, kernels: requestedKernels } of CASES) {
    const { dataset } = syntheticRegression({ rows: 500, features, seed: 1 });
    const options = { ...OPTIONS, kernels: requestedKernels };
    const model = await fit(dataset, { ...options, backend: 'webgpu', context });
    const reference = await fit(dataset, { ...options, backend: 'reference' });
    const numbersOf = ({ weights, bias, report }: typeof model) => [...weights, bias, ...report.lossHistory];
    const expected = numbersOf(reference);
    const actual = numbersOf(model);
    // A share of the largest weight for parameters, whose terms are of its size; losses likewise.
    const size = Math.max(...expected.map(Math.abs));
    for (const [i, value] of expected.entries()) {
      const difference = Math.abs((actual[i] ?? Number.NaN) - value) / size;
      // What is no number counts as the largest there is, which JSON can hold.
      maxRelativeDifference = Math.max(
        maxRelativeDifference,
        difference <= Number.MAX_VALUE ? difference : Number.MAX_VALUE,
      );
    }
    kernels.push(model.report.kernels);
  }
  const passed = maxRelativeDifference <= TOLERANCE;
  return { kernels, maxRelativeDifference, tolerance: TOLERANCE, passed };
}
