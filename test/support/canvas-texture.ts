// Headless Chrome on a software adapter loses its device when a canvas shows what WebGPU drew. A texture of the same size
// and format takes the canvas' place, and its pixels tell what was drawn.

import type { Page } from 'puppeteer';

interface Drawn {
  device: GPUDevice;
  texture: GPUTexture;
}

/** Has canvases of a page draw to a texture; before any of its scripts. */
export function drawToTexture(page: Page): Promise<unknown> {
  return page.evaluateOnNewDocument(() => {
    const { prototype } = HTMLCanvasElement;
    const context = Object.getOwnPropertyDescriptor(prototype, 'getContext')?.value as (kind: string) => unknown;
    prototype.getContext = function (this: HTMLCanvasElement, kind: string) {
      if (kind !== 'webgpu') return context.call(this, kind);
      const size = [this.width, this.height];
      let drawn: Drawn | undefined;
      return {
        configure({ device, format }: GPUCanvasConfiguration) {
          const usage = GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC;
          drawn = { device, texture: device.createTexture({ size, format, usage }) };
          Object.assign(globalThis, { drawn });
        },
        getCurrentTexture: () => drawn?.texture,
      };
    } as unknown as typeof prototype.getContext;
  });
}

/** Number of pixels that are rather blue, and rather red. */
export function paintedPixels(page: Page): Promise<{ blue: number; red: number }> {
  return page.evaluate(async () => {
    const { device, texture } = (globalThis as unknown as { drawn: Drawn }).drawn;
    const bytesPerRow = Math.ceil((4 * texture.width) / 256) * 256;
    const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ;
    const buffer = device.createBuffer({ size: bytesPerRow * texture.height, usage });
    const commands = device.createCommandEncoder();
    commands.copyTextureToBuffer({ texture }, { buffer, bytesPerRow }, [texture.width, texture.height]);
    device.queue.submit([commands.finish()]);
    await buffer.mapAsync(GPUMapMode.READ);
    const bytes = new Uint8Array(buffer.getMappedRange());
    const [red, blue] = texture.format.startsWith('bgra') ? [2, 0] : [0, 2];
    const count = { blue: 0, red: 0 };
    for (let i = 0; i < bytes.length; i += 4) {
      const [r, b] = [bytes[i + red] as number, bytes[i + blue] as number];
      if (b > r + 80) count.blue++;
      if (r > b + 80) count.red++;
    }
    return count;
  });
}
