// @ts-check
// `npm run test:mutants`: changes an operator, a constant, a bound, a condition, a call or a barrier of shaders and of src,
// and fails if no test notices, but for mutants that test/mutants/survivors.json lists with a reason.
//
//     npm run test:mutants                               a sample of all parts, always the same one
//     npm run test:mutants -- --sample 200 --seed 2      another, of 200
//     npm run test:mutants -- --each 2                   two of each file
//     npm run test:mutants -- --files step.wgsl,src/cpu  of these files alone
//     npm run test:mutants -- --files step.wgsl --all    every one
//     npm run test:mutants -- --name '⟦min → max⟧'      of these alone: their names are those that are printed
//     npm run test:mutants -- --listed                   those of the list as well, which must live
//     npm run test:mutants -- --at-once 2                in two processes
//     npm run test:mutants -- --resume                   goes on where a run has ended, with the verdicts that it found
//     npm run test:mutants -- --seconds 600              each meets tests of up to ten minutes, not of two

import { parseArgs } from 'node:util';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Judge } from './judge.js';
import { Known } from './known.js';
import { filesBelow, mutantsOf, PARTS, ROOT, sampleOf } from './mutant.js';

/** @typedef {import('./mutant.js').Mutant} Mutant */

/** The mutants of the default run, an equal number of each part: some minutes. */
const SAMPLE = 25;

const SURVIVORS = join(ROOT, 'test/mutants/survivors.json');

const { values, tokens } = parseArgs({
  tokens: true,
  options: {
    files: { type: 'string', default: '' },
    name: { type: 'string', default: '' },
    sample: { type: 'string', default: String(SAMPLE) },
    each: { type: 'string' },
    seed: { type: 'string', default: '1' },
    all: { type: 'boolean', default: false },
    listed: { type: 'boolean', default: false },
    resume: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '120' },
    'at-once': { type: 'string', default: '1' },
    figures: { type: 'string' },
  },
});

/** Options that change the time of a run, and what it leaves, but no mutant and no verdict. */
const ASIDE = ['resume', 'at-once', 'figures'];

/** The command that meets the same mutants again. */
function command() {
  const words = tokens.flatMap((token) => {
    if (token.kind !== 'option' || ASIDE.includes(token.name)) return [];
    return [`--${token.name}`, ...(token.value === undefined ? [] : [token.value])];
  });
  return ['npm run test:mutants', ...(words.length > 0 ? ['--', ...words] : [])].join(' ');
}

/** @type {Record<string, string>} Reasons by the names of mutants. */
const listed = JSON.parse(readFileSync(SURVIVORS, 'utf8'));

/** The mutants of this run: an equal share of each part that has any, or of each file. */
function chosen() {
  const wanted = values.files.split(',').filter((name) => name !== '');
  const isWanted = (/** @type {Mutant} */ { name }) => name.includes(values.name);
  const parts = PARTS.map((folder) =>
    filesBelow(folder, /\.(?:ts|wgsl)$/)
      .filter((file) => wanted.length === 0 || wanted.some((name) => file.includes(name)))
      .filter((file) => mutantsOf(file).some(isWanted)),
  ).filter((files) => files.length > 0);
  if (parts.length === 0)
    throw new TypeError(`no mutant in ${PARTS.join(', ')} is of --files ${values.files} and --name ${values.name}`);
  const seed = Number(values.seed);
  if (values.each) return parts.flat().flatMap((file) => sampleOf([file], Number(values.each), seed, isWanted));
  const share = values.all ? Infinity : Math.ceil(Number(values.sample) / parts.length);
  return parts.flatMap((files) => sampleOf(files, share, seed, isWanted));
}

/** Names in the list that no file has any more. */
function gone() {
  const files = new Set(Object.keys(listed).map((name) => /** @type {string} */ (name.split(': ', 1)[0])));
  const names = new Set([...files].flatMap((file) => mutantsOf(file).map(({ name }) => name)));
  return Object.keys(listed).filter((name) => !names.has(name));
}

const count = { killed: 0, excused: 0, refused: 0, notices: 0 };
/** @type {string[]} */
const unlisted = [];
/** @type {Set<string>} */
const mutatedFiles = new Set();

/** Says what became of a mutant. @param {Mutant} mutant @param {import('./judge.js').Verdict} verdict */
function record({ name, file }, { word, failure }) {
  if (word !== 'refused') mutatedFiles.add(file);
  const isListed = name in listed;
  if (word === 'killed') count.killed += 1;
  else if (word === 'refused') count.refused += 1;
  else if (isListed) count.excused += 1;
  else unlisted.push(name);
  if (word !== 'lives' && isListed) {
    count.notices += 1;
    console.error(`listed, but ${word}: take it off the list: ${name}`);
  }
  const fate = word === 'lives' ? (isListed ? 'lives, as listed' : 'LIVES') : word;
  const by = failure === undefined ? '' : `  by ${failure.replace(/\s+/g, ' ').slice(0, 160)}`;
  console.log(`${fate}  ${name}${by}`);
}

const stale = gone();
for (const name of stale) console.error(`listed, but there is no such mutant any more: ${name}`);
const mutants = chosen();
const known = new Known();
const judge = new Judge(known, 1000 * Number(values.seconds));
const queue = [...mutants];

/** The verdict on a mutant that needs no test. @param {Mutant} mutant @returns {import('./judge.js').Verdict | undefined} */
function knownVerdict(mutant) {
  if (mutant.name in listed && !values.listed) return { word: 'lives' };
  const by = values.resume ? known.stillNoticedBy(mutant) : undefined;
  return by === undefined ? undefined : { word: 'killed', failure: `${by}, as before` };
}

/** Takes one mutant after another from the queue. */
async function work() {
  const tests = judge.open();
  try {
    for (let mutant = queue.shift(); mutant; mutant = queue.shift()) {
      record(mutant, knownVerdict(mutant) ?? (await judge.verdictOn(tests, mutant)));
      known.save();
    }
  } finally {
    tests.close();
  }
}

const startMs = performance.now();
await Promise.all(Array.from({ length: Number(values['at-once']) }, work));
const seconds = Math.round((performance.now() - startMs) / 1000);
const total = mutants.length - count.refused;
if (count.refused > 0) console.log(`${count.refused} more are refused by a compiler, and no test is needed for them`);
console.log(
  `${total} mutants in ${seconds} s: ${count.killed} killed, ${count.excused} equivalent as listed, ${unlisted.length} unexplained`,
);
if (values.figures) {
  const figures = { command: command(), mutants: total, files: mutatedFiles.size, killed: count.killed, equivalent: count.excused, unexplained: unlisted.length }; // prettier-ignore
  writeFileSync(values.figures, `${JSON.stringify(figures, null, 2)}\n`);
}
for (const name of unlisted) console.error(`no test notices: ${name}`);
for (const failure of judge.failing) console.error(`fails without a mutant, and was left out: ${failure}`);
const broken = unlisted.length + stale.length + count.notices + judge.failing.length;
console.log(`${total - unlisted.length - count.notices} passed, ${broken} failed`);
process.exitCode = broken > 0 ? 1 : 0;
