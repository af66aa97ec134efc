// The pages of the documentation in the order in which they are read, by their files in the repository.

export interface Group {
  title: string;
  /** Paths of files from the root of the repository. */
  pages: readonly string[];
}

export const CONTENTS: readonly Group[] = [
  {
    title: 'Start',
    pages: [
      'docs/start.md',
      'docs/playground.md',
      'examples/README.md',
      'docs/from-other-libraries.md',
      'docs/start.ko.md',
    ],
  },
  {
    title: 'Guides',
    pages: [
      'docs/choosing.md',
      'docs/learning-rates.md',
      'docs/data.md',
      'docs/files.md',
      'docs/big-data.md',
      'docs/gpu-buffers.md',
      'docs/workers.md',
      'docs/live-charts.md',
      'docs/live-training.md',
      'docs/node-and-deno.md',
      'docs/statistics.md',
      'docs/warehouse.md',
      'docs/many-machines.md',
    ],
  },
  {
    title: 'Methods',
    pages: [
      'docs/losses.md',
      'docs/regularization.md',
      'docs/solvers.md',
      'docs/optimizers.md',
      'docs/mini-batches.md',
      'docs/early-stopping.md',
      'docs/many-models.md',
      'docs/moments.md',
      'docs/exact.md',
      'docs/synthetic.md',
    ],
  },
  {
    title: 'Reference',
    pages: ['docs/api.md', 'api/index.md', 'docs/options.md', 'docs/errors.md', 'docs/command-line.md'],
  },
  {
    title: 'Trust',
    pages: ['docs/support.md', 'docs/accuracy.md', 'docs/trust.md', 'docs/sizes.md', 'bench/README.md'],
  },
  {
    title: 'The project',
    pages: ['docs/architecture.md', 'docs/contributing.md', 'shaders/README.md', 'docs/lesson.md', 'CHANGELOG.md'],
  },
];

/** Pages whose place in the site does not follow from their file. */
const PLACES: Readonly<Record<string, string>> = {
  'docs/start.md': 'index.html',
  'docs/start.ko.md': 'ko.html',
  'docs/api.md': 'api-by-example.html',
  'bench/README.md': 'benchmark.html',
  'examples/README.md': 'examples.html',
  'shaders/README.md': 'shaders.html',
  'CHANGELOG.md': 'changelog.html',
};

/** Names of pages in the contents that are shorter than their titles. */
export const SHORT_NAMES: Readonly<Record<string, string>> = {
  'docs/start.md': 'Start',
  'docs/start.ko.md': '시작하기',
  'api/index.md': 'API reference',
};

/** The start pages say in the site what the files of the front page say in the repository. */
const STAND_FOR: Readonly<Record<string, string>> = {
  'README.md': 'docs/start.md',
  'README.ko.md': 'docs/start.ko.md',
};

/** The address of a page below the root of the site. */
export function addressOf(source: string): string {
  return PLACES[source] ?? source.replace(/^docs\//, '').replace(/\.md$/, '.html');
}

/** The page that a link to a file of the repository means. */
export function pageOfFile(file: string): string {
  return STAND_FOR[file] ?? file;
}
