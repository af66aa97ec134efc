/** Section 8 of the page, in Korean. */
export const classes = {
  short: '두 부류',
  title: '두 부류: 같은 반복문으로 나누기',
  lead: '이번에는 정답이 수가 아니라 두 부류(0과 1) 가운데 하나이다. h(x)는 부류 1일 확률이고, h(x) = ½인 직선이 두 부류의 경계이다. 반복문은 그대로 두고 h(x)와 손실만 바꾼다. 점을 끌어 보고, 한 걸음씩 경계가 움직이는 모습을 보자.',
  presets: '데이터',
  presetNames: { mixed: '섞여 있음', apart: '떨어져 있음', inside: '한가운데 모여 있음' },
  plotLabel: '두 부류의 점과 경계. 점은 화살표 키로 움직이고 Delete 키로 지운다.',
  pointLabel: (number: number, label: number, x: string, y: string, probability: string) =>
    `점 ${number}, 부류 ${label}: x1 ${x}, x2 ${y}, h(x) ${probability}`,
  curveLabel: 'w·x + b에 따른 h(x)의 S자 곡선과 점들',
  planeCaption: '원은 부류 0, 세모는 부류 1이다. 굵은 선이 경계이고, 색이 진할수록 h(x)가 확실하다.',
  curveCaption: '같은 점들을 w·x + b에 따라 늘어놓은 모습. 세로 선분의 길이가 h(x) − y의 크기이다.',
  added: '누르면 더할 점',
  classNames: { '0': '부류 0 (원)', '1': '부류 1 (세모)' },
  one: '한 걸음',
  play: '재생',
  pause: '멈춤',
  restart: '처음으로',
  values: {
    epoch: '에폭(epoch)',
    'class-loss': '손실 L',
    accuracy: '맞힌 비율(정확도)',
    w1: '가중치 w1',
    w2: '가중치 w2',
    b: '편향 b',
  },
  help: '빈 곳을 누르면 점이 더해지고, 점을 끌면 움직인다. 두 번 누르거나 Delete 키를 누르면 점이 지워진다.',
  refusals: {
    most: '점이 이미 많다. 하나를 지우고 더한다.',
    fewest: '두 부류의 점이 하나씩은 남아 있어야 한다.',
  },
  allRight: '모든 점을 바르게 나누었다.',
  wrong: (count: string) => `점 ${count}개가 반대쪽에 있다.`,
  grows: '경계로 완전히 나뉘면 가중치가 커질수록 손실이 계속 줄어든다. 가장 좋은 가중치는 없다.',
  rises: (limit: string) => `손실이 커졌다. λ가 ${limit}보다 작으면 걸음마다 손실이 줄어든다.`,
  formulaTitle: '무엇이 달라지는가',
  formulaLead:
    'S자 모양의 로지스틱 함수는 어떤 수 w·x + b든 0과 1 사이의 확률로 바꾼다. 손실은 정답에 매긴 확률의 로그에 음의 부호를 붙여 평균한 것이다.',
  log1: 'y log h(x)',
  log0: '(1−y) log(1−h(x))',
  formulaEnd: '미분하면 3절과 똑같은 식이 남는다. 그래서 반복문의 마지막 세 줄은 한 글자도 바뀌지 않는다.',
  limitTitle: 'λ의 한계와, 완전히 나뉘는 데이터',
  limit:
    '이 손실의 곡률은 곳에 따라 다르지만, 제곱 손실의 ¼을 넘지 않는다. 표시한 한계보다 작은 λ로는 걸음마다 손실이 줄어든다. 한계보다 커도 수렴할 수 있다.',
  apart:
    '두 부류를 경계 하나로 완전히 나눌 수 있으면, 가중치를 키울수록 확률이 0과 1에 가까워져 손실이 끝없이 줄어든다. 이럴 때는 l2 규제로 가중치가 커지는 것을 막는다.',
};

/** Every text of section 8. */
export type ClassesText = typeof classes;
