import { DescentError } from '../../base/errors.js';
import type { Binding } from './buffers.js';
import type { GpuContext } from './device.js';
import type { Kernel } from '../kernels/epoch-kernels.js';

/** A kernel that is ready to be dispatched on one device. */
export interface CompiledKernel {
  kernel: Kernel;
  pipeline: GPUComputePipeline;
  layout: GPUBindGroupLayout;
}

const BUFFER_TYPES = {
  uniform: 'uniform',
  uniformAt: 'uniform',
  read: 'read-only-storage',
  readWrite: 'storage',
} as const;

const compiledOn = new WeakMap<GPUDevice, Map<string, Promise<CompiledKernel>>>();

/** The kernels, compiled side by side, each once per device. */
export function compileKernels(context: GpuContext, kernels: readonly Kernel[]): Promise<CompiledKernel[]> {
  const kernelsByText = compiledOn.get(context.device) ?? new Map<string, Promise<CompiledKernel>>();
  compiledOn.set(context.device, kernelsByText);
  return Promise.all(
    kernels.map((kernel) => {
      const key = kernel.wgsl + JSON.stringify(kernel.constants);
      const compiled = kernelsByText.get(key) ?? compileKernel(context, kernel);
      kernelsByText.set(key, compiled);
      compiled.catch(() => kernelsByText.delete(key)); // the next one who asks may have better luck
      return compiled;
    }),
  );
}

/**
 * Compiles one kernel. Throws `SHADER_COMPILATION` with kernel, line, column and the compiler's words.
 */
export async function compileKernel(context: GpuContext, kernel: Kernel): Promise<CompiledKernel> {
  const { device } = context;
  const layout = device.createBindGroupLayout({
    label: kernel.name,
    entries: kernel.bindings.map((access, binding) => ({
      binding,
      visibility: GPUShaderStage.COMPUTE,
      buffer: { type: BUFFER_TYPES[access], hasDynamicOffset: access === 'uniformAt' },
    })),
  });
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ label: kernel.name, code: kernel.wgsl });
  const refused = device.popErrorScope();
  try {
    const pipeline = await device.createComputePipelineAsync({
      label: kernel.name,
      layout: device.createPipelineLayout({ label: kernel.name, bindGroupLayouts: [layout] }),
      compute: { module, entryPoint: kernel.name, constants: kernel.constants },
    });
    await refused;
    return { kernel, pipeline, layout };
  } catch (error) {
    await refused;
    context.check();
    const { messages } = await module.getCompilationInfo();
    const errors = messages.filter(({ type }) => type === 'error');
    const shader = `${kernel.name}.wgsl`;
    const lines = errors.map(({ lineNum, linePos, message }) => `${shader}:${lineNum}:${linePos} ${message}`);
    throw new DescentError('SHADER_COMPILATION', {
      got: `a kernel that does not compile on this adapter: ${lines.join(' | ') || `${shader} ${String(error)}`}`,
      expected: "WGSL that the adapter's compiler accepts",
      fix: "Please report it with the name of the adapter; meanwhile use backend: 'cpu'.",
      where: { shader, ...(errors[0] && { line: errors[0].lineNum }) },
      cause: error,
    });
  }
}

/** Binds buffers to a kernel in the order of its bindings, each with the access the kernel declares. */
export function bind(device: GPUDevice, compiled: CompiledKernel, bindings: readonly Binding[]): GPUBindGroup {
  const { kernel, layout } = compiled;
  const accesses = bindings.map(({ access }) => access).join(', ');
  if (accesses !== kernel.bindings.join(', ')) {
    throw new TypeError(`${kernel.name} binds ${kernel.bindings.join(', ')}; got ${accesses}`);
  }
  return device.createBindGroup({
    label: kernel.name,
    layout,
    entries: bindings.map(({ buffer, range }, binding) => ({ binding, resource: { buffer, ...range } })),
  });
}

/** Dynamic offsets for setBindGroup: one if the kernel's uniform is dynamically offset, otherwise none. */
export function offsetsOf({ bindings }: Kernel, offset: number): number[] {
  return bindings.includes('uniformAt') ? [offset] : [];
}
