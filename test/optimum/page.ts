import { type Comparison, OBJECTIVE_TOLERANCE, PREDICTION_TOLERANCE } from './compare.js';

/** docs/accuracy.md, from the comparisons of each objective. */
export function accuracyPage(found: readonly { name: string; comparisons: readonly Comparison[] }[], problems: number) {
  const worst = (comparisons: readonly Comparison[], of: (comparison: Comparison) => number) =>
    Math.max(0, ...comparisons.map(of));
  const rows = found.map(({ name, comparisons }) => {
    const excess = worst(comparisons, ({ excess: each }) => each).toExponential(0);
    const difference = worst(comparisons, ({ difference: each }) => each).toExponential(0);
    const steps = worst(comparisons, ({ steps: each }) => each);
    const converged = comparisons.filter((comparison) => comparison.converged).length;
    return `| ${name} | ${excess} | ${difference} | ${steps} | ${converged} |`;
  });
  return `# Accuracy

Default fits of ${problems} drawn problems for each loss and penalty, on the CPU, against a solver in f64 that shares no code with the
library (\`test/optimum/oracle.ts\`). Features have scales from 1e-9 to 1e9, offsets of up to 1e6 standard deviations and correlations
up to a condition number of about 1e4; targets have scales from 1e-9 to 1e9; half of the problems have example weights, and one in
four has no intercept. huberAuto is Huber's loss with \`huberDelta: 'auto'\`, at the δ that the fit found.

    OPTIMUM_PROBLEMS=${problems} npx vitest run --project node test/optimum --update

The excess is (F − F*)/F* of the objective F, the difference that of a prediction in standard deviations of the targets, or in
log-odds; each is the worst of all problems. \`npm test\` runs some of them, on the CPU and on the GPU, and fails above
${OBJECTIVE_TOLERANCE} and ${PREDICTION_TOLERANCE}.

| loss | penalty | worst excess | worst difference | most steps | converged of ${problems} |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
}
