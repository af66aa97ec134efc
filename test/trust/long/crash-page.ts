/** The outcome of a job whose GPU process died, or could have no more memory. */
export interface Outcome {
  /** The code of the error, 'done' where the job was over before, or the words of an error without a code. */
  code: string;
  /** The message of the error. */
  message: string;
  /** True if a device that the job had in use was lost: nothing but DEVICE_LOST is right after that. One that it had done with does not count. */
  hadDevice: boolean;
  /** Milliseconds from the end of the GPU process to that of the job. */
  settledMs: number;
  /** Number of buffers that the library left. */
  live: number;
  /** True if a fit with `recover` came to other bits than one without a loss. */
  wrongBits: boolean;
}

/** The functions that use a device. */
export const JOBS = [
  'fit',
  'fitSteps',
  'recover',
  'fitMany',
  'crossValidate',
  'lossSurface',
  'computeMoments',
  'predict',
  'score',
  'batches',
  'solver',
  'generate',
] as const;

/** The time within which a browser has a GPU process again: it starts a new one beside all else that the cores do. */
const RECOVERY_MS = 10_000;

/** The functions of the page. */
export interface CrashPage {
  /** Runs a job, and waits for `crashNow`. */
  runJob(name: string): Promise<Outcome>;
  /** Is called when the GPU process is about to die. */
  crashNow(): void;
  /** True if a fit, on a device of its own, does its work now. */
  recovers(): Promise<boolean>;
}

/** The work of a job: examples, and epochs of a fit. */
export interface CrashWork {
  rows: number;
  epochs: number;
  /** Examples that are made on the device. */
  generated: number;
}

/** The script of the page: a text, so that nothing rewrites its import. Buffers are counted from before the library is loaded. */
export const crashPage = (library: string, { rows, epochs, generated }: CrashWork): string => `(async () => {
  const live = new Set();
  let job = null; // the devices of the job that runs, and if one of them was lost
  const ended = new WeakSet(); // devices that the library has done with
  const end = GPUDevice.prototype.destroy;
  GPUDevice.prototype.destroy = function () { ended.add(this); end.call(this); };
  const create = GPUDevice.prototype.createBuffer;
  GPUDevice.prototype.createBuffer = function (descriptor) {
    const buffer = create.call(this, descriptor);
    const current = job;
    if (current && !current.devices.has(this)) {
      current.devices.add(this);
      this.lost.then(() => { current.hadDevice ||= !ended.has(this); });
    }
    if (!descriptor.label?.startsWith('own')) live.add(buffer);
    const destroy = buffer.destroy.bind(buffer);
    buffer.destroy = () => { live.delete(buffer); destroy(); };
    return buffer;
  };
  const library = await import('${library}');
  const { fit, fitSteps, fitMany, crossValidate, lossSurface, computeMoments, createContext, generateExamples } = library;
  const { syntheticRegression, syntheticClassification, LinearModel } = library;
  const { dataset } = syntheticRegression({ rows: ${rows}, features: 3, seed: 1 });
  const labels = syntheticClassification({ rows: ${rows / 2}, features: 3, seed: 1 }).dataset;
  const long = { backend: 'webgpu', strategy: 'streaming', epochs: ${epochs}, learningRate: 0.05, tolerance: 0 };
  const model = new LinearModel({ weights: Float64Array.of(1, 2, 3), bias: 0, featureNames: ['x1', 'x2', 'x3'], targetName: 'y', report: null });
  const axis = { from: -1, to: 1, steps: ${Math.ceil(2e7 / rows)} };
  const expected = await fit(dataset, long);
  const bits = ({ weights, bias, report }) => JSON.stringify([[...weights], bias, report.lossHistory]);
  const again = async (work) => { for (let k = 0; k < ${Math.ceil(2e6 / rows)}; k++) await work(); };
  const onBuffers = async (work) => {
    const context = await createContext();
    try {
      const examples = await generateExamples(syntheticRegression({ rows: ${generated}, features: 3 }), { context });
      try { await again(() => work(context, examples)); } finally { examples.destroy(); }
    } finally { context.dispose(); }
  };
  let wrongBits = false;
  const jobs = {
    fit: () => fit(dataset, long),
    fitSteps: async () => { for await (const step of fitSteps(dataset, { ...long, epochsPerStep: 10 })) void step; },
    recover: async () => { wrongBits = bits(await fit(dataset, { ...long, recover: true })) !== bits(expected); },
    fitMany: () => fitMany(dataset, [{}, { l2: 0.1 }], long),
    crossValidate: () => crossValidate(dataset, [{}], { ...long, epochs: ${epochs / 4} }),
    lossSurface: () => lossSurface(dataset, { x: { ...axis, parameter: 0 }, y: { ...axis, parameter: 1 }, at: model }, { backend: 'webgpu' }),
    computeMoments: () => again(() => computeMoments(dataset, { backend: 'webgpu' })),
    predict: () => onBuffers(async (context, { features }) => (await model.predict(features, { context })).destroy()),
    score: () => onBuffers((context, examples) => model.score(examples, { context })),
    batches: () => fit(dataset, { ...long, epochs: ${epochs / 20}, batchSize: 1000 }),
    solver: () => again(() => fit(labels, { backend: 'webgpu', optimizer: 'newton' })),
    generate: () => again(async () => {
      const context = await createContext();
      try { (await generateExamples(syntheticRegression({ rows: ${generated}, features: 3 }), { context })).destroy(); } finally { context.dispose(); }
    }),
  };
  let crashedMs = Infinity;
  globalThis.crashNow = () => { crashedMs = performance.now(); };
  globalThis.runJob = async (name) => {
    wrongBits = false;
    crashedMs = Infinity;
    const current = (job = { devices: new Set(), hadDevice: false });
    let code = 'done';
    let message = '';
    try { await jobs[name](); } catch (error) { code = error.code ?? String(error); message = error.message; }
    job = null;
    const settledMs = crashedMs === Infinity ? 0 : performance.now() - crashedMs;
    while (crashedMs === Infinity) await new Promise((resolve) => setTimeout(resolve, 10));
    const left = live.size;
    live.clear();
    return { code, message, hadDevice: current.hadDevice, settledMs: name === 'recover' ? 0 : settledMs, live: left, wrongBits };
  };
  globalThis.recovers = async () => {
    const endMs = performance.now() + ${RECOVERY_MS};
    while (performance.now() < endMs) {
      try { return bits(await fit(dataset, long)) === bits(expected); } catch { await new Promise((resolve) => setTimeout(resolve, 200)); }
    }
    return false;
  };
})()`;
