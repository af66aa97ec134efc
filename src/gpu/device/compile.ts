import { DescentError } from '../../base/errors.js';
import { beforeAbort } from '../../base/turns.js';
import type { Binding } from './buffers.js';
import type { GpuContext } from './device.js';
import type { Kernel } from '../kernels/epoch-kernels.js';
import { SHADER_STAGE } from './constants.js';

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

/**
 * The kernels, compiled side by side, each once per device. Rejects with the signal's reason at once: a compilation takes up to
 * seconds, and goes on for the next one who asks.
 */
export function compileKernels(
  context: GpuContext,
  kernels: readonly Kernel[],
  signal?: AbortSignal,
): Promise<CompiledKernel[]> {
  const kernelsByText = compiledOn.get(context.device) ?? new Map<string, Promise<CompiledKernel>>();
  compiledOn.set(context.device, kernelsByText);
  const compiling = Promise.all(
    kernels.map((kernel) => {
      const key = kernel.wgsl + JSON.stringify(kernel.constants);
      const compiled = kernelsByText.get(key) ?? compileKernel(context, kernel);
      kernelsByText.set(key, compiled);
      compiled.catch(() => kernelsByText.delete(key)); // the next one who asks may have better luck
      return compiled;
    }),
  );
  return beforeAbort(compiling, signal);
}

/**
 * Compiles one kernel. Throws `SHADER_COMPILATION` with kernel, line, column and the compiler's words.
 */
export async function compileKernel(context: GpuContext, kernel: Kernel): Promise<CompiledKernel> {
  const compilation = new Compilation();
  const compiling = compilation.start(context.device, kernel);
  try {
    return await context.unlessLost(compiling); // other contexts of the device may wait for it when this one is closed
  } catch {
    await context.outcome(compiling); // throws if the device is lost
  }
  const refused = await compiling.catch((error: unknown) => error);
  const info = await context.outcome(compilation.messages());
  const errors = 'value' in info ? info.value.filter(({ type }) => type === 'error') : [];
  const shader = `${kernel.name}.wgsl`;
  const lines = errors.map(({ lineNum, linePos, message }) => `${shader}:${lineNum}:${linePos} ${message}`);
  throw new DescentError('SHADER_COMPILATION', {
    got: `a kernel that does not compile on this adapter: ${lines.join(' | ') || `${shader} ${String(refused)}`}`,
    expected: "WGSL that the adapter's compiler accepts",
    fix: "Please report it with the name of the adapter; meanwhile use backend: 'cpu'.",
    where: { shader, ...(errors[0] && { line: errors[0].lineNum }) },
    cause: refused,
  });
}

/** The compilation of one kernel, and the words of the compiler. */
class Compilation {
  #module: GPUShaderModule | undefined;

  async start(device: GPUDevice, kernel: Kernel): Promise<CompiledKernel> {
    // What the compiler refuses is told by the promise of the pipeline, and by nobody else.
    device.pushErrorScope('validation');
    const layout = device.createBindGroupLayout({
      label: kernel.name,
      entries: kernel.bindings.map((access, binding) => ({
        binding,
        visibility: SHADER_STAGE.COMPUTE,
        buffer: { type: BUFFER_TYPES[access], hasDynamicOffset: access === 'uniformAt' },
      })),
    });
    const pipelineLayout = device.createPipelineLayout({ label: kernel.name, bindGroupLayouts: [layout] });
    const module = device.createShaderModule({ label: kernel.name, code: kernel.wgsl });
    this.#module = module;
    const compute = { module, entryPoint: kernel.name, constants: kernel.constants };
    const compiling = device.createComputePipelineAsync({ label: kernel.name, layout: pipelineLayout, compute });
    const [pipeline] = await Promise.all([compiling, device.popErrorScope()]);
    return { kernel, pipeline, layout };
  }

  async messages(): Promise<readonly GPUCompilationMessage[]> {
    return (await this.#module?.getCompilationInfo())?.messages ?? [];
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
