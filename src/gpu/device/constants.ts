// Constants of WebGPU (https://www.w3.org/TR/webgpu/), as numbers: a device of Dawn in Node comes without the globals that hold them
// in a browser.

/** Uses of a buffer: GPUBufferUsage. */
export const BUFFER_USAGE = {
  MAP_READ: 0x0001,
  COPY_SRC: 0x0004,
  COPY_DST: 0x0008,
  UNIFORM: 0x0040,
  STORAGE: 0x0080,
  QUERY_RESOLVE: 0x0200,
} as const;

/** The access of a mapped buffer: GPUMapMode. */
export const MAP_MODE = { READ: 0x0001 } as const;

/** Stages in which a kernel sees a binding: GPUShaderStage. */
export const SHADER_STAGE = { COMPUTE: 0x0004 } as const;
