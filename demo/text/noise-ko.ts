/** Section 9 of the page, in Korean. */
export const noise = {
  short: '잡음',
  title: '잡음: 너무 단순하거나 너무 복잡한 모델',
  lead: '데이터에는 잡음이 있다. 그래서 학습에 쓴 데이터의 손실이 작다고 좋은 모델인 것은 아니다. 학습에 쓰지 않고 따로 둔 데이터의 손실로 판단한다.',
  degreesTitle: '다항식의 차수',
  degreesLead:
    '특성을 x, x², x³ …으로 늘리면 같은 최소제곱법으로 곡선을 맞출 수 있다. 차수를 올리면 학습 손실은 늘 줄어들지만, 따로 둔 데이터의 손실은 어느 차수부터 다시 커진다.',
  curveCaption: '점은 학습에 쓰는 데이터, 실선은 맞춘 다항식, 점선은 데이터를 만든 참 곡선이다.',
  curveLabel: '학습 데이터와 다항식, 참 곡선',
  degreesCaption: '차수에 따른 손실. 실선: 학습 데이터. 점선: 따로 둔 데이터. 세로선이 지금의 차수이다.',
  degreesLabel: '차수에 따른 학습 손실과 따로 둔 데이터의 손실',
  degreeAxis: '차수',
  degree: '다항식의 차수',
  sigma: '잡음의 표준편차 σ',
  examples: '학습에 쓰는 데이터의 개수',
  trainLoss: '학습 손실',
  heldOutLoss: '따로 둔 데이터의 손실',
  bestDegree: '따로 둔 데이터의 손실이 가장 작은 차수',
  verdicts: {
    tooSimple: '과소적합: 너무 단순해서 참 곡선을 따라가지 못한다. 두 손실이 모두 크다.',
    tooComplex: '과대적합: 잡음까지 따라간다. 학습 손실은 작지만 새 데이터에는 맞지 않는다.',
    right: '알맞다: 따로 둔 데이터의 손실이 가장 작은 편이다.',
  },
  batchesTitle: '배치의 크기',
  batchesLead:
    '여기서는 직선 하나를 데이터 200개로 학습한다. 배치 크기가 1이면 데이터 하나마다 갱신하므로 한 에폭에 200번 움직인다. 처음에는 빠르지만 끝에서는 멈추지 못하고 흔들린다.',
  lineCaption: '학습 데이터와 지금의 h(x).',
  lineLabel: '학습 데이터와 직선 h(x)',
  lossesCaption: '에폭에 따른 손실. 실선: 학습 데이터. 점선: 따로 둔 데이터.',
  batch: '배치 크기',
  batchNames: { full: '모두 (200)', '16': '16', '1': '1' },
  one: '한 에폭',
  play: '재생',
  pause: '멈춤',
  restart: '처음으로',
  batchValues: {
    epoch: '에폭(epoch)',
    'batch-train': '학습 손실',
    'batch-held-out': '따로 둔 데이터의 손실',
    'batch-w': '가중치 w',
    'batch-b': '편향 b',
  },
  batchesNote: '배치가 작을수록 λ도 작아야 한다. λ를 에폭마다 줄이면 흔들림이 사라진다.',
};

/** Every text of section 9. */
export type NoiseText = typeof noise;
