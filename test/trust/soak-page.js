// Runs in a page: fits of every kind, one after another, with aborts and lost devices among them. A text for scripts/soak.js.

/** @param {string} library the address of the built library */
async function soak(library) {
  const live = new Set();
  const create = GPUDevice.prototype.createBuffer;
  GPUDevice.prototype.createBuffer = function (descriptor) {
    const buffer = create.call(this, descriptor);
    live.add(buffer);
    const destroy = buffer.destroy.bind(buffer);
    buffer.destroy = () => {
      live.delete(buffer);
      destroy();
    };
    return buffer;
  };
  const state = {
    fits: 0,
    aborted: 0,
    lost: 0,
    wrong: [],
    live: 0,
    longestSubmitMs: 0,
    longestTurnMs: 0,
    now: '',
    submits: {},
  };
  globalThis.soakState = () => ({ ...state, live: live.size });
  watchSubmits(state);
  watchTurns(state);
  const {
    fit,
    fitMany,
    crossValidate,
    fitSteps,
    computeMoments,
    solveExact,
    createContext,
    syntheticRegression,
    lossSurface,
  } = await import(library);
  const tall = syntheticRegression({ rows: 20_000, features: 3, seed: 1 }).dataset;
  const wide = syntheticRegression({ rows: 2000, features: 40, seed: 2 }).dataset;
  const gpu = { backend: 'webgpu', strategy: 'streaming' };
  const x = { parameter: 0, from: -1, to: 1, steps: 40 };
  const kinds = [
    (more) => fit(tall, { ...gpu, epochs: 100, ...more }),
    (more) => fit(wide, { ...gpu, epochs: 100, ...more }),
    (more) => fit(tall, { ...gpu, batchSize: 100, epochs: 3, ...more }),
    (more) => fit(tall, { ...gpu, optimizer: 'adam', validationFraction: 0.2, epochs: 60, ...more }),
    (more) => fit(tall, { ...gpu, optimizer: 'conjugateGradient', ...more }),
    (more) => fit(tall, { backend: 'webgpu', loss: 'huber', ...more }),
    (more) => fit(tall, { backend: 'webgpu', strategy: 'moments', ...more }),
    (more) => fit(tall, { ...gpu, recover: more.context === undefined, epochs: 100, ...more }),
    (more) => fit(tall, { backend: 'cpu', ...without(more, 'context') }),
    (more) => fitMany(tall, [{}, { l2: 0.1 }], { ...gpu, epochs: 50, ...more }),
    (more) => crossValidate(tall, [{}], { ...gpu, folds: 3, epochs: 30, ...more }),
    (more) => computeMoments(wide, { backend: 'webgpu', ...more }),
    (more) => solveExact(tall, more),
    (more) =>
      lossSurface(
        tall,
        { x, y: { ...x, parameter: 1 }, at: { weights: [1, 1, 1], bias: 0 } },
        { backend: 'webgpu', ...more },
      ),
    async (more) => {
      const steps = fitSteps(tall, { ...gpu, epochs: 40, epochsPerStep: 10, ...more });
      await steps.next();
      await steps.return();
    },
  ];
  const expected = new Map();
  for (let k = 0; !globalThis.soakEnds; k++) {
    const kind = k % kinds.length;
    state.now = String(kind);
    const way = ['whole', 'aborted', 'whole', 'own context', 'lost'][Math.floor(k / kinds.length) % 5];
    try {
      const result = await runOne(kinds[kind], way, createContext, state);
      const bits = JSON.stringify(result, (key, value) =>
        key === 'timings' || key === 'placement' ? undefined : value,
      );
      if (way === 'whole') {
        if ((expected.get(kind) ?? bits) !== bits) state.wrong.push(`other bits of kind ${kind} in run ${k}`);
        expected.set(kind, bits);
      }
      state.fits += 1;
    } catch (error) {
      if (error.name === 'AbortError') state.aborted += 1;
      else if (error.code === 'DEVICE_LOST' && way === 'lost') state.lost += 1;
      else state.wrong.push(`${way}, kind ${kind}: ${error.code} ${error.message}`);
    }
  }
}

function without(options, name) {
  return Object.fromEntries(Object.entries(options).filter(([key]) => key !== name));
}

/** One fit, as it is, with an abort, on a context of its own, or on one whose device is destroyed on the way. */
async function runOne(kind, way, createContext, state) {
  if (way === 'whole') return kind({});
  if (way === 'aborted') {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 5 + (state.fits % 7) * 5);
    return kind({ signal: controller.signal });
  }
  const context = await createContext();
  if (way === 'lost') setTimeout(() => context.device.destroy(), 5 + (state.fits % 7) * 5);
  try {
    return await kind({ context });
  } finally {
    context.dispose();
  }
}

/** The time of each submit on the device, from when it was there and the one before was done. */
function watchSubmits(state) {
  const submit = GPUQueue.prototype.submit;
  const doneMs = new WeakMap();
  GPUQueue.prototype.submit = function (commands) {
    const list = [...commands];
    submit.call(this, list);
    if (list.length === 0) return;
    const submittedMs = performance.now();
    const kind = state.now;
    this.onSubmittedWorkDone().then(
      () => {
        const startMs = Math.max(submittedMs, doneMs.get(this) ?? 0);
        doneMs.set(this, performance.now());
        const submitMs = performance.now() - startMs;
        state.longestSubmitMs = Math.max(state.longestSubmitMs, submitMs);
        state.submits[kind] = Math.max(state.submits[kind] ?? 0, submitMs);
      },
      () => undefined,
    );
  };
}

/** The longest time that the thread of the page was held. */
function watchTurns(state) {
  let lastMs = performance.now();
  setInterval(() => {
    state.longestTurnMs = Math.max(state.longestTurnMs, performance.now() - lastMs);
    lastMs = performance.now();
  }, 5);
}
