'use client';
import { useEffect } from 'react';
import { outcome } from '../outcome.js';

export function Client() {
  useEffect(() => {
    globalThis.outcome = outcome();
  }, []);
  return null;
}
