import type { Figures } from './figures.js';

/** A promise of the library, with the test that could break it. */
export interface TrustRow {
  promise: string;
  /** Its test, below the folder of the repository. */
  test: string;
  /** The command for more of it, if there is one. */
  command?: string;
  /** The figures that the test last recorded, in words. */
  figure: string;
}

type AllFigures = Readonly<Record<string, Figures>>;

const of = (all: AllFigures, name: string, key: string) => String(all[name]?.[key] ?? 'not recorded');

/** The rows, with the figures of the tests. */
export function trustRows(all: AllFigures): TrustRow[] {
  const figure = (name: string, key: string) => of(all, name, key);
  const ofTests = all['mutants'] ? [rowOfMutants(figure)] : [];
  return [
    ...rowsOfInput(figure),
    ...rowsOfLosses(figure),
    ...rowsOfDevices(figure),
    ...rowsOfNumbers(figure),
    ...ofTests,
  ];
}

type FigureOf = (name: string, key: string) => string;

/** The row about the tests themselves, once `npm run test:mutants -- --figures test/trust/figures/mutants.json` has ended. */
function rowOfMutants(figure: FigureOf): TrustRow {
  return {
    promise:
      'Tests notice a change of an operator, a constant, a condition, a call or a barrier, but for those that change no result',
    test: 'test/mutants.test.ts',
    command: figure('mutants', 'command'),
    figure: `${figure('mutants', 'mutants')} mutants in ${figure('mutants', 'files')} files of shaders and src: ${figure('mutants', 'killed')} noticed, ${figure('mutants', 'equivalent')} equivalent with a reason, ${figure('mutants', 'unexplained')} unexplained`, // prettier-ignore
  };
}

function rowsOfInput(figure: FigureOf): TrustRow[] {
  return [
    {
      promise:
        'null and undefined are left out, in data and options; every other value is taken or refused with a code',
      test: 'test/trust/left-out.test.ts',
      figure: `${figure('left-out', 'parts')} parts of ${figure('left-out', 'functions')} functions`,
    },
    {
      promise:
        'Hostile models, checkpoints, moments, data, options, CSV and Parquet have a result or a code; no prototype changes',
      test: 'test/trust/hostile.test.ts',
      command: 'HOSTILE=1000000 npx vitest run --project node test/trust/hostile.test.ts',
      figure: `${figure('hostile', 'mutations')} mutations, 0 other errors, ${figure('hostile', 'slowestMs')} ms of the processor at most`, // prettier-ignore
    },
    {
      promise: 'Reading takes a time in proportion to the length of a cell',
      test: 'test/trust/linear-time.test.ts',
      figure: '18 kinds of cells of 256 KiB, and quotes of 8 MiB',
    },
    {
      promise: 'Neither data nor numbers of options enter the text of a shader',
      test: 'test/shader-texts.test.ts',
      figure: '10,000 random sets of options: all texts are in a list',
    },
    {
      promise: 'Ctrl-C ends every command at any moment, also within a long calculation',
      test: 'test/trust/long/interruptions.test.ts',
      command: 'npm run test:trust',
      figure: `${figure('interruptions', 'commands')} commands at ${figure('interruptions', 'moments')} moments, ${figure('interruptions', 'slowestMs')} ms at most`, // prettier-ignore
    },
  ];
}

/** The row about devices that go away at a call, in a host. */
function rowOfLosses(host: string, name: string, file: string, figure: FigureOf): TrustRow {
  return {
    promise: `In ${host} a device that is destroyed or disposed of at any of its calls, or at an answer to one, is DEVICE_LOST or DISPOSED, soon, and leaves nothing`, // prettier-ignore
    test: `test/trust/long/${file}`,
    command: 'LOSSES=10000 npm run test:trust',
    figure: `${figure(name, 'losses')} losses in ${figure(name, 'functions')} kinds of calls: ${figure(name, 'told')} with the code, ${figure(name, 'doneBefore')} done before, ${figure(name, 'otherCodes')} other, ${figure(name, 'buffersLeft')} buffers left, ${figure(name, 'slowestMs')} ms at most`, // prettier-ignore
  };
}

function rowsOfLosses(figure: FigureOf): TrustRow[] {
  return [
    {
      promise: 'A GPU process that dies is DEVICE_LOST, soon, and leaves nothing; the next fit works, and `recover` has the bits of a fit without the loss', // prettier-ignore
      test: 'test/trust/long/crashes.test.ts',
      command: 'CRASHES=1000 npm run test:trust',
      figure: `${figure('crashes', 'crashes')} crashes: ${figure('crashes', 'lost')} DEVICE_LOST, ${figure('crashes', 'doneBefore')} done before, ${figure('crashes', 'otherCodes')} other, ${figure('crashes', 'buffersLeft')} buffers left, ${figure('crashes', 'slowestMs')} ms at most`, // prettier-ignore
    },
    {
      promise: 'A GPU process that can have no more memory is OUT_OF_MEMORY with its size or, if it dies of it, DEVICE_LOST; it leaves nothing, and the page fits again', // prettier-ignore
      test: 'test/trust/long/memory.test.ts',
      command: 'MEMORY=1000 npm run test:trust',
      figure: `${figure('memory', 'limits')} limits: ${figure('memory', 'outOfMemory')} OUT_OF_MEMORY, ${figure('memory', 'lost')} DEVICE_LOST, ${figure('memory', 'doneAllTheSame')} done all the same, ${figure('memory', 'otherCodes')} other, ${figure('memory', 'buffersLeft')} buffers left`, // prettier-ignore
    },
    {
      promise:
        'A device that is lost at any moment of laying out, compiling and training is DEVICE_LOST, and leaves nothing, in Chrome and in Deno',
      test: 'test/trust/long/loss.gpu.test.ts',
      figure: '5 functions at 9 moments',
    },
    rowOfLosses('Chrome', 'losses', 'losses.gpu.test.ts', figure),
    rowOfLosses('Deno', 'losses-deno', 'losses.deno.test.ts', figure),
    {
      promise:
        'With `recover`, fits, steps and resumed fits go on on a new device, in Chrome and in Deno; the device of a context is never made anew',
      test: 'test/trust/long/recover.gpu.test.ts',
      figure: 'the same bits for 6 kinds of fits with up to 3 losses each',
    },
    {
      promise: 'An allocation that fails, whichever it is, is OUT_OF_MEMORY with its size; no buffer is left, and nothing reaches `uncapturederror`', // prettier-ignore
      test: 'test/trust/long/allocations.gpu.test.ts',
      command: 'npm run test:trust',
      figure: `${figure('allocations', 'allocations')} allocations, each failed once`,
    },
  ];
}

/** The row about the main thread, which `FIGURES=1 npm run blocks` measures. */
function rowOfBlocks(figure: FigureOf): TrustRow {
  return {
    promise: 'A call holds the main thread of a page for a moment at a time, on a million rows and on 600 features',
    test: 'test/trust/long/blocks/blocks.gpu.test.ts',
    command: 'npm run blocks',
    figure: `${figure('blocks', 'calls')} kinds of calls, the best of three each: half of them up to ${figure('blocks', 'medianMs')} ms, ${figure('blocks', 'over50Ms')} over 50 ms, ${figure('blocks', 'longestMs')} ms at most (${figure('blocks', 'longest')})`, // prettier-ignore
  };
}

function rowsOfDevices(figure: FigureOf): TrustRow[] {
  return [
    {
      promise: 'An abort ends a call soon, also within an epoch of mini-batches, which is taken back',
      test: 'test/trust/long/aborts.gpu.test.ts',
      command: 'npm run test:trust',
      figure: `${figure('aborts', 'jobs')} kinds of calls: the median of each up to ${figure('aborts', 'medianMs')} ms, ${figure('aborts', 'slowestMs')} ms at most on two busy cores without a GPU`, // prettier-ignore
    },
    rowOfBlocks(figure),
    {
      promise: 'No buffer is larger than the limits of the device',
      test: 'test/trust/limits.gpu.test.ts',
      figure:
        'bindings of 16 and 64 KiB; plans for limits of 1 KiB to 128 MiB, and for counts beside 65,535, 2^31 and 2^32',
    },
    {
      promise: 'An adapter with the least that WebGPU promises, or with less, is enough for every kind of call',
      test: 'test/trust/long/small-adapters.gpu.test.ts',
      command: 'npm run test:trust',
      figure: 'no features, and the least limits divided by 1, 1024 and 8192',
    },
    {
      promise: 'Chrome, Firefox, Deno and Node give the same right answers',
      test: 'test/hosts/hosts.test.ts',
      command: 'npm run test:hosts',
      figure: `${figure('hosts', 'inputs')} inputs in ${figure('hosts', 'hosts')} hosts, ${Number(figure('hosts', 'difference')).toExponential(0)} from f64 at most`,
    },
    {
      promise: 'No policy with trusted types is violated, in a page or in a worker',
      test: 'test/programs/trusted-types.test.ts',
      command: 'npm run test:programs',
      figure: 'two threads and WebGPU under the policy of support.md: 0',
    },
    {
      promise: 'A tab that nobody sees trains on: no timer and no frame is waited for',
      test: 'test/without-timers.gpu.test.ts',
      command: 'npm run hidden',
      figure: `${figure('hidden', 'kinds')} kinds of fits, ${figure('hidden', 'leastPercent')} % of the speed in a tab that is seen at least`, // prettier-ignore
    },
    {
      promise: 'A long run keeps its memory',
      test: 'scripts/soak.js',
      command: 'npm run soak -- --minutes 60',
      figure: `${figure('soak', 'minutes')} minutes: ${figure('soak', 'fits')} fits, ${figure('soak', 'aborted')} aborted, ${figure('soak', 'lost')} losses; heap ${figure('soak', 'heapMegabytes')} MB, GPU process ${figure('soak', 'gpuProcessMegabytes')} MB, ${figure('soak', 'live')} buffers left`, // prettier-ignore
    },
  ];
}

function rowsOfNumbers(figure: FigureOf): TrustRow[] {
  return [
    {
      promise:
        'No NaN and no infinity is handed out: in models, moments, predictions, scores, steps, reports and checkpoints',
      test: 'test/trust/finite.test.ts',
      command: 'FINITE=10000 npx vitest run --project node test/trust/finite.test.ts',
      figure: `${figure('finite', 'draws')} calls with numbers of all sizes of f64: ${figure('finite', 'notFinite')}`,
    },
    {
      promise: 'A fit that had ended is resumed as it was, and steps end where a fit ends, with every optimizer',
      test: 'test/trust/ends.test.ts',
      figure: '11 kinds of fits on three engines',
    },
    {
      promise: 'A loaded model has the summary and the score that it had',
      test: 'test/trust/ends.test.ts',
      figure: 'equal to the last bit',
    },
  ];
}

/** docs/trust.md */
export function trustPage(all: AllFigures): string {
  const rows = trustRows(all).map(({ promise, test, command, figure }) => {
    const more = command ? `<br>\`${command}\`` : '';
    return `| ${promise} | [${test.split('/').at(-1)}](../${test})${more} | ${figure} |`;
  });
  return `# Trust

Each promise has a test that could break it, and a figure. Figures are those that the tests themselves recorded last, with
\`FIGURES=1\`, in headless Chrome with SwiftShader on two cores; \`npm run docs\` writes this page from them.

| promise | test and command for more | figure |
| --- | --- | --- |
${rows.join('\n')}

What is not promised: the bytes of Arrow files are read by the package \`apache-arrow\`, which does not bound what the metadata of a
hostile file make it do; read those of strangers in a worker that you can end. A dispatch that has begun is not interrupted: an
abort within the epochs, which keeps the model so far, waits for the one or two submits of 20 ms that are under way.
`;
}
