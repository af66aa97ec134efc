import type { GpuContext } from '../../src/index.js';
import countWgsl from './count_points.wgsl?raw';
import paintWgsl from './paint_points.wgsl?raw';
import type { Projection } from './projection.js';

/** The points of a picture, and where they lie in it. */
export interface CloudView {
  /** [m, d] and [m], f32, on the device of the context. */
  features: GPUBuffer;
  targets: GPUBuffer;
  /** m */
  exampleCount: number;
  /** The place of an example, in pixels of the picture; of one feature or two. */
  projection: Projection;
  /** Pixels of the picture. */
  width: number;
  height: number;
  /** The radius of a point, in pixels; 0 for a single one. */
  radius: number;
  /** The share that a point hides of what lies under it when so many are counted, from 0 up: 1 hides 63 %. */
  strengthOf: (counted: number) => number;
  /** Red, green and blue, 0 to 255. */
  colour: readonly [number, number, number];
}

/** The workgroup size of both shaders. */
const WORKGROUP_SIZE = 64;
/** Enough for any GPU to be busy. */
const MOST_WORKGROUPS = 1024;

/** The time that counting may take of a frame, which has 16 ms in all. */
const SLICE_MS = 6;
/** Points of the first slice, and of the smallest: the wait for a slice may be one for other work. */
const LEAST_SLICE = 2 ** 17;

/** The buffers of a picture. */
interface Made {
  view: CloudView;
  /** [height, width] each. */
  counts: GPUBuffer;
  pixels: GPUBuffer;
  staging: GPUBuffer;
}

/**
 * Points drawn by WebGPU straight from buffers of the device: one shader counts those on each pixel, some millions at a
 * time, and another paints the counts. On a software adapter that takes a fifteenth of the time of points drawn one over
 * the other by a render pass, and no count is ever rounded.
 *
 * The pixels go to a canvas of the page and not to one of WebGPU: in headless Chrome the software adapter does not
 * survive the presentation of such a canvas, and the picture stays when its device is lost. Lines that move over the
 * points are no part of it, so it is painted only while points are added.
 */
export class Cloud {
  readonly #context: GpuContext;
  readonly #canvas: HTMLCanvasElement;
  readonly #counting: GPUComputePipeline;
  readonly #painting: GPUComputePipeline;
  #made: Made | undefined;
  #counted = 0;
  #sliceLength = LEAST_SLICE;

  private constructor(
    context: GpuContext,
    canvas: HTMLCanvasElement,
    [counting, painting]: readonly [GPUComputePipeline, GPUComputePipeline],
  ) {
    this.#context = context;
    this.#canvas = canvas;
    this.#counting = counting;
    this.#painting = painting;
  }

  /** Throws `DEVICE_LOST`, as all that follows. */
  static async open(context: GpuContext, canvas: HTMLCanvasElement): Promise<Cloud> {
    const { device } = context;
    const pipelineOf = (code: string) =>
      device.createComputePipelineAsync({ layout: 'auto', compute: { module: device.createShaderModule({ code }) } });
    return new Cloud(context, canvas, await context.wait(Promise.all([pipelineOf(countWgsl), pipelineOf(paintWgsl)])));
  }

  isOn(context: GpuContext): boolean {
    return context === this.#context;
  }

  /** Points that are in the picture. */
  get counted(): number {
    return this.#counted;
  }

  /** Begins a picture. The canvas keeps the one before until there is something to show. */
  async begin(view: CloudView): Promise<void> {
    this.dispose();
    this.#counted = 0;
    const { device } = this.#context;
    const size = 4 * view.width * view.height;
    const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
    this.#made = await this.#context.guard('make room for the picture', () => ({
      view,
      counts: device.createBuffer({ size, usage: STORAGE }),
      pixels: device.createBuffer({ size, usage: STORAGE | COPY_SRC }),
      staging: device.createBuffer({ size, usage: COPY_DST | MAP_READ }),
    }));
  }

  /** Adds points, as many as take a part of a frame, and shows them. */
  async addPoints(): Promise<void> {
    const made = this.#made;
    if (!made) return;
    const end = Math.min(made.view.exampleCount, this.#counted + this.#sliceLength);
    const startMs = performance.now();
    await this.#context.guard('count points', () => this.#count(made, this.#counted, end));
    await this.#context.wait(this.#context.device.queue.onSubmittedWorkDone());
    const elapsedMs = performance.now() - startMs;
    if (elapsedMs < SLICE_MS / 2) this.#sliceLength *= 2;
    else if (elapsedMs > SLICE_MS) this.#sliceLength = Math.max(LEAST_SLICE, this.#sliceLength / 2);
    this.#counted = end;
    await this.#show(made);
  }

  dispose(): void {
    const { counts, pixels, staging } = this.#made ?? {};
    for (const buffer of [counts, pixels, staging]) buffer?.destroy();
    this.#made = undefined;
  }

  #count({ view, counts }: Made, first: number, end: number): void {
    const { features, targets } = view;
    const contents = sliceOf({ ...view, first, end });
    this.#submit(this.#counting, contents, [features, targets, counts], end - first);
  }

  async #show({ view, counts, pixels, staging }: Made): Promise<void> {
    const { width, height, colour, strengthOf } = view;
    await this.#context.guard('paint points', () => {
      const contents = Float32Array.from([...colour.map((channel) => channel / 255), strengthOf(this.#counted)]).buffer;
      this.#submit(this.#painting, contents, [counts, pixels], width * height, (encoder) =>
        encoder.copyBufferToBuffer(pixels, 0, staging, 0, staging.size),
      );
    });
    await this.#context.wait(staging.mapAsync(GPUMapMode.READ));
    const image = new ImageData(new Uint8ClampedArray(staging.getMappedRange().slice(0)), width, height);
    staging.unmap();
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    this.#canvas.getContext('2d')?.putImageData(image, 0, 0);
  }

  #submit(
    pipeline: GPUComputePipeline,
    contents: ArrayBuffer,
    buffers: readonly GPUBuffer[],
    invocations: number,
    then?: (encoder: GPUCommandEncoder) => void,
  ): void {
    const { device } = this.#context;
    const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    const uniforms = device.createBuffer({ size: contents.byteLength, usage });
    device.queue.writeBuffer(uniforms, 0, contents);
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    const entries = [uniforms, ...buffers].map((buffer, binding) => ({ binding, resource: { buffer } }));
    pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
    pass.dispatchWorkgroups(Math.min(MOST_WORKGROUPS, Math.ceil(invocations / WORKGROUP_SIZE)));
    pass.end();
    then?.(encoder);
    device.queue.submit([encoder.finish()]);
    uniforms.destroy();
  }
}

/** `struct Slice` of count_points.wgsl: the examples of one dispatch, and where they lie in the picture. */
export function sliceOf({
  first,
  end,
  width,
  height,
  projection: { origin, byFeature, byTarget },
  radius,
}: Pick<CloudView, 'width' | 'height' | 'projection' | 'radius'> & { first: number; end: number }): ArrayBuffer {
  const [byX1, byX2 = [0, 0]] = byFeature;
  const contents = new ArrayBuffer(56);
  const words = new Uint32Array(contents);
  words.set([first, end, width, height]);
  new Float32Array(contents, 16).set([...origin, ...byTarget, ...byX1, ...byX2, radius]);
  words[13] = byFeature.length;
  return contents;
}
