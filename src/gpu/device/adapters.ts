import type { AdapterReport } from '../../descent/report.js';
import { gpuHere } from './host-gpu.js';

/** The adapter that `createContext` would open, without opening it; null where there is none. */
export async function findAdapter(): Promise<AdapterReport | null> {
  try {
    const gpu = await gpuHere();
    const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' });
    return adapter ? describeAdapter(adapter.info) : null;
  } catch {
    return null; // no WebGPU here, or it is switched off
  }
}

/** Names under which adapters that run shaders on the CPU go: Chrome's, Mesa's and Windows' own. */
const SOFTWARE_ADAPTER = /swiftshader|llvmpipe|lavapipe|softpipe|basic render/i;

/** The names of an adapter, and if it runs shaders on the CPU. */
export function describeAdapter(info: GPUAdapterInfo): AdapterReport {
  const { vendor, architecture, description, device } = info;
  const isSoftware =
    info.isFallbackAdapter || SOFTWARE_ADAPTER.test(`${vendor} ${architecture} ${description} ${device}`);
  return { vendor, architecture, description: description || device, isSoftware };
}
