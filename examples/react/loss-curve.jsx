import { useEffect, useState } from 'react';
import { fitSteps, syntheticRegression } from 'webgpu-descent';

const { dataset } = syntheticRegression({ rows: 5000, features: 2, weights: [3, -2], bias: 0.5, seed: 7 });

/** The loss while it falls. Another rate, or taking the component down, ends the fit that runs and frees its device. */
export function LossCurve({ learningRate }) {
  const [losses, setLosses] = useState([]);
  const [weights, setWeights] = useState(null);

  useEffect(() => {
    const steps = fitSteps(dataset, { learningRate, epochs: 80, epochsPerStep: 4, standardize: false });
    const run = async () => {
      setLosses([]);
      for await (const step of steps) {
        setLosses((before) => [...before, ...step.losses]);
        await new Promise((drawn) => requestAnimationFrame(drawn));
      }
      if (!isOver) setWeights((await steps.model()).weights);
    };
    let isOver = false;
    run().catch((error) => {
      if (!isOver) console.error(error); // a fit that was taken down has nobody to tell
    });
    return () => {
      isOver = true;
      void steps.return();
    };
  }, [learningRate]);

  const highest = Math.log(losses[0] ?? 1);
  const lowest = Math.log(Math.min(...losses));
  const y = (loss) => 100 * ((highest - Math.log(loss)) / (highest - lowest || 1));
  return (
    <figure>
      <svg viewBox="0 0 320 100" width="640" role="img" aria-label="Loss by epoch">
        <polyline fill="none" stroke="#1d4fd7" points={losses.map((loss, i) => `${4 * i},${y(loss)}`).join(' ')} />
      </svg>
      <figcaption>
        {losses.length} epochs, loss {losses.at(-1)?.toPrecision(4)}
      </figcaption>
      {weights && <output>{Array.from(weights, (weight) => weight.toFixed(2)).join(', ')}</output>}
    </figure>
  );
}
