import type { Page } from 'puppeteer';

/** A colour that is drawn is this near to itself, in each channel. */
const NEAR = 3;

/** Red, green and blue that a class of the style sheet has now. */
export function channelsOf(page: Page, className: string): Promise<number[]> {
  return page.evaluate((name) => {
    const probe = document.createElement('span');
    probe.className = name;
    document.body.append(probe);
    const channels = [...getComputedStyle(probe).color.matchAll(/[\d.]+/g)].map(Number).slice(0, 3);
    probe.remove();
    return channels;
  }, className);
}

/** Pixels of a canvas that have a colour. */
export function inkOf(page: Page, selector: string, channels: readonly number[]): Promise<number> {
  return page.$eval(
    selector,
    (element, colour, near) => {
      const canvas = element as HTMLCanvasElement;
      const { width, height } = canvas;
      const copy = new OffscreenCanvas(width, height).getContext('2d') as OffscreenCanvasRenderingContext2D;
      copy.drawImage(canvas, 0, 0);
      const { data } = copy.getImageData(0, 0, width, height);
      let ink = 0;
      for (let i = 0; i < data.length; i += 4) {
        const isColour = colour.every((channel, c) => Math.abs((data[i + c] as number) - channel) <= near);
        if (isColour && data[i + 3] === 255) ink++;
      }
      return ink;
    },
    channels,
    NEAR,
  );
}
