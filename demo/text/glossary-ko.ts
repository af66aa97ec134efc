/** The terms of the page, each in a line. */
export const glossary: readonly { word: string; meaning: string }[] = [
  { word: '데이터(example)', meaning: '데이터 한 줄. 특성 x와 정답 y로 이루어진다.' },
  { word: '특성(feature)', meaning: '예측에 쓰는, 알고 있는 값.' },
  { word: '정답(target, label)', meaning: '맞히려는 값 또는 부류.' },
  { word: '가설(hypothesis), 모델(model)', meaning: '예측하는 함수. h(x) = wx + b.' },
  { word: '가중치(weight), 편향(bias)', meaning: '가설의 매개변수. 직선의 기울기와 y절편.' },
  { word: '잔차(residual)', meaning: '예측에서 정답을 뺀 값. h(x) − y.' },
  { word: '손실(loss)', meaning: '가설이 얼마나 틀렸는지를 나타내는 하나의 수. 여기서는 잔차 제곱의 평균의 절반.' },
  { word: '편미분(partial derivative)', meaning: '다른 매개변수를 고정하고 하나만 움직일 때 손실의 접선의 기울기.' },
  { word: '그레이디언트(gradient)', meaning: '편미분을 모두 모은 것. 손실이 커지는 방향을 가리킨다.' },
  { word: '학습률(learning rate) λ', meaning: '한 걸음에서 그레이디언트에 곱하는 수.' },
  { word: '에폭(epoch)', meaning: '모든 데이터를 한 번 훑는 것.' },
  { word: '수렴, 발산', meaning: '꼭짓점에 점점 가까워지는 것, 점점 멀어지는 것.' },
  { word: '지나침(overshoot)', meaning: '꼭짓점을 지나 반대쪽으로 가는 것.' },
  { word: '곡률 H', meaning: '이계도함수. 거리에 따라 접선의 기울기가 변하는 정도.' },
  { word: '옵티마이저(optimizer)', meaning: '그레이디언트로 걸음을 정하는 규칙. 경사하강법, 모멘텀, Adam 등.' },
  { word: '배치(batch)', meaning: '한 걸음에 쓰는 데이터. 전체일 수도, 일부(미니배치)일 수도 있다.' },
  { word: '시드(seed)', meaning: '난수를 만드는 출발 값. 시드가 같으면 같은 난수가 나온다.' },
  { word: '스트리밍(streaming)', meaning: '에폭마다 모든 데이터를 다시 읽는 것.' },
  {
    word: '적률(moment)',
    meaning: '데이터를 미리 더해 둔 값. 이것으로 데이터를 다시 읽지 않고 그레이디언트를 구한다.',
  },
  { word: '결정계수 R²', meaning: '정답이 흩어진 정도 가운데 가설이 설명하는 비율. 가장 좋을 때 1.' },
  {
    word: '표준오차(standard error)',
    meaning: '같은 종류의 다른 데이터였다면 추정한 가중치가 보통 얼마나 달라졌을지.',
  },
  { word: 't, p', meaning: '가중치를 표준오차로 나눈 값, 그리고 우연만으로 그만한 t가 나올 확률.' },
  { word: '로그 오즈(log-odds)', meaning: 'p/(1 − p)의 로그. 로지스틱 손실에서는 이것이 특성의 일차식이다.' },
];

export const footer = {
  glossary: '용어 풀이',
  furtherReading: '더 읽을거리',
  references: [
    {
      label: 'I. Goodfellow, Y. Bengio, A. Courville: Deep Learning, 4.3절 (영어)',
      href: 'https://www.deeplearningbook.org/contents/numerical.html',
    },
    {
      label:
        'L. Bottou, F. E. Curtis, J. Nocedal: Optimization Methods for Large-Scale Machine Learning, SIAM Review 60 (2018) (영어)',
      href: 'https://doi.org/10.1137/16M1080173',
    },
    { label: 'G. Goh: Why Momentum Really Works, Distill (2017) (영어)', href: 'https://distill.pub/2017/momentum/' },
    { label: '합성함수의 미분법에 대한 슬라이드의 참고 자료', href: 'https://goo.gl/P7kFWW' },
  ],
  teacher: '교사용: 모든 과제와 풀이',
  about: '모든 계산은 webgpu-descent 라이브러리가 이 브라우저 안에서 한다. 이 페이지도 그 소스에 들어 있다.',
  licence: 'MIT 라이선스.',
  font: '수식은 STIX Two Math 글꼴의 일부로 적었다.',
  fontLicence: 'SIL Open Font License.',
};
