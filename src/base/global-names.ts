// Global names that the types of this package use, for callers whose `lib` and `types` lack them.
//
// Those of WebGPU: TypeScript 6 and later has them with `lib: ["DOM"]`, and the package @webgpu/types gives them to others; both
// add their members to these. Without either, a device is any object. And the symbols of `using`, which `lib: ["ESNext"]` has.

declare global {
  /* eslint-disable @typescript-eslint/no-empty-object-type -- their members come from the caller's types of WebGPU, or from nowhere */
  interface GPUAdapterInfo {}
  interface GPUBindGroup {}
  interface GPUBindGroupLayout {}
  interface GPUBuffer {}
  interface GPUCommandEncoder {}
  interface GPUComputePassDescriptor {}
  interface GPUComputePassEncoder {}
  interface GPUComputePipeline {}
  interface GPUDevice {}
  interface GPUQueue {}
  interface GPUSupportedLimits {}
  /* eslint-enable */

  interface SymbolConstructor {
    readonly dispose: unique symbol;
    readonly asyncDispose: unique symbol;
  }
}

export {};
