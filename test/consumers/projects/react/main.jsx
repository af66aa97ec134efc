import { StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { fitSteps } from 'webgpu-descent';
import { answerOf, data, outcome } from '../outcome.js';

/** A curve that grows with the fit. StrictMode mounts it twice: the first fit ends by its cleanup. */
function Curve({ onModel }) {
  const [losses, setLosses] = useState([]);
  useEffect(() => {
    const steps = fitSteps(data, { epochs: 300, epochsPerStep: 10, learningRate: 0.5, tolerance: 0 });
    let isOpen = true;
    void (async () => {
      for await (const { loss } of steps) if (isOpen) setLosses((before) => [...before, loss]);
      if (isOpen) onModel(await steps.model());
    })();
    return () => {
      isOpen = false;
      void steps.return();
    };
  }, [onModel]);
  const points = losses.map((loss, i) => `${i * 4},${100 + 10 * Math.log10(loss + 1e-12)}`).join(' ');
  return (
    <svg viewBox="0 0 120 140">
      <polyline points={points} fill="none" stroke="currentColor" />
    </svg>
  );
}

const rejections = [];
addEventListener('unhandledrejection', ({ reason }) => rejections.push(String(reason)));

globalThis.outcome = (async () => {
  let onModel;
  const fitted = new Promise((resolve) => (onModel = resolve));
  const root = createRoot(document.getElementById('root'));
  root.render(
    <StrictMode>
      <Curve onModel={onModel} />
    </StrictMode>,
  );
  const model = answerOf(await fitted);
  const answers = await outcome();
  const points = document.querySelector('polyline').getAttribute('points').split(' ').length;
  return { model, answers, points, rejections };
})();
