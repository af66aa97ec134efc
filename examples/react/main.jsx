import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { LossCurve } from './loss-curve.jsx';

createRoot(document.getElementById('root')).render(
  <StrictMode>
    <LossCurve learningRate={0.2} />
  </StrictMode>,
);
