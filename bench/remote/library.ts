import type { Browser, Page } from 'puppeteer';
import type { Arm, ArmSession, Problem } from '../arm.js';
import type { Library } from '../harness.js';
import type { RemoteBench } from './protocol.js';

type Method = keyof RemoteBench;
type Answer<Name extends Method> = Awaited<ReturnType<RemoteBench[Name]>>;

/** A page of the benchmark in a browser, and calls into it. */
export class RemotePage {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  static async open(browser: Browser, url: string): Promise<RemotePage> {
    const page = await browser.newPage();
    await page.goto(url);
    await page.waitForFunction(() => 'bench' in globalThis);
    return new RemotePage(page);
  }

  async call<Name extends Method>(name: Name, ...parameters: Parameters<RemoteBench[Name]>): Promise<Answer<Name>> {
    const answer: unknown = await this.#page.evaluate(
      (method, given) => {
        const { bench } = globalThis as unknown as { bench: Record<string, (...args: unknown[]) => unknown> };
        return bench[method]?.(...given);
      },
      name,
      parameters,
    );
    return answer as Answer<Name>;
  }

  async close(): Promise<void> {
    await this.#page.close();
  }
}

/** A library that runs in a page of its own, driven from here. The page is opened when its arms are asked for. */
export function remoteLibrary(
  { name, kind }: Pick<Library, 'name' | 'kind'>,
  openPage: () => Promise<RemotePage>,
): Library {
  let page: Promise<RemotePage> | undefined;
  return {
    name,
    kind,
    arms: async () => {
      const remote = await (page ??= openPage());
      const arms = await remote.call('arms', name);
      return arms.map((described, index): Arm => remoteArm(remote, described, index));
    },
  };
}

function remoteArm(page: RemotePage, described: Pick<Arm, 'name' | 'kind' | 'describe'>, index: number): Arm {
  return {
    ...described,
    open: async (problem) => remoteSession(page, await page.call('open', index, sizeOf(problem))),
    timeJob: (problem, epochs) => page.call('job', index, sizeOf(problem), epochs),
  };
}

/** The page makes the same problem from its size: the numbers depend on nothing else. */
function sizeOf({ rows, features }: Problem) {
  return { rows, features };
}

function remoteSession(page: RemotePage, session: number): ArmSession {
  const remote: ArmSession = {
    train: async (epochs) => {
      remote.lastTrainMs = await page.call('train', session, epochs);
    },
    parameters: async () => {
      const { weights, bias } = await page.call('parameters', session);
      return { weights: Float64Array.from(weights), bias };
    },
    reset: () => page.call('reset', session),
    close: () => page.call('close', session),
  };
  return remote;
}
