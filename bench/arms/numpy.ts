import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import script from '../peers/numpy_arm.py?raw';
import type { ArmFactory, ArmSession, Problem } from '../arm.js';

const FORMS = ['columns', 'rows', 'blocks'] as const;

export type Answer = {
  error?: string;
  numpy?: string;
  blas?: string;
  python?: string;
  ms?: number;
  weights?: number[];
  bias?: number;
};

/** One python3 process that answers every line it is sent with one line, in order. */
export class Python {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #failure = 'the process ended';
  readonly #ended: Promise<void>;

  constructor(source = script) {
    this.#child = spawn('python3', ['-c', source], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#ended = new Promise((resolve) => {
      this.#child.once('close', () => resolve());
      this.#child.once('error', (error: NodeJS.ErrnoException) => {
        this.#failure = error.code === 'ENOENT' ? 'python3 is not installed' : error.message;
        resolve();
      });
    });
    // A process that ends early closes the pipe; the missing answer says so better than the broken pipe would.
    this.#child.stdin!.on('error', () => {});
    this.#lines = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
  }

  /** Waits for the pipe, so that a large matrix is not held twice. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.#child.stdin!.write(bytes)) return;
    await Promise.race([new Promise((resolve) => this.#child.stdin!.once('drain', resolve)), this.#ended]);
  }

  async answer(): Promise<Answer> {
    const line = await this.#lines.next();
    if (line.done) {
      await this.#ended;
      throw new Error(this.#failure);
    }
    const answer = JSON.parse(line.value) as Answer;
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  }

  async ask(message: object): Promise<Answer> {
    await this.write(Buffer.from(`${JSON.stringify(message)}\n`));
    return this.answer();
  }

  async end(): Promise<void> {
    this.#child.stdin!.end();
    await this.#ended;
  }
}

export const bytesOf = (values: Float32Array) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

async function start(form: string, problem: Problem): Promise<{ python: Python; greeting: Answer }> {
  const { rows, features, learningRate, initialBias } = problem;
  const python = new Python();
  const header = { form, rows, features, learningRate, initialBias };
  await python.write(Buffer.from(`${JSON.stringify(header)}\n`));
  for (const values of [...problem.columns, problem.targets, problem.initialWeights])
    await python.write(bytesOf(values));
  return { python, greeting: await python.answer() };
}

async function open(form: string, problem: Problem): Promise<ArmSession> {
  const { python } = await start(form, problem);
  const session: ArmSession = {
    train: async (epochs) => {
      const { ms } = await python.ask({ train: epochs });
      session.lastTrainMs = ms!;
    },
    parameters: async () => {
      const { weights, bias } = await python.ask({ parameters: true });
      return { weights: Float32Array.from(weights!), bias: bias! };
    },
    reset: async () => {
      await python.ask({ reset: true });
    },
    close: () => python.end(),
  };
  return session;
}

/** numpy in a process of its own. BLAS takes as many threads as it likes, as it does for its users. */
export const numpy: ArmFactory = async () => {
  const one = Float32Array.of(1);
  const problem = { rows: 1, features: 1, columns: [one], targets: one, initialWeights: one };
  const { python, greeting } = await start('columns', { ...problem, initialBias: 0, learningRate: 1 });
  await python.end();
  return FORMS.map((form) => ({
    name: `numpy: ${form}`,
    kind: 'peer-cpu',
    describe: `numpy ${greeting.numpy}, ${greeting.blas}, Python ${greeting.python}`,
    open: (larger) => open(form, larger),
  }));
};
