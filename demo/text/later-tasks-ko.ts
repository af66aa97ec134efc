import type { TaskText } from '../tasks/task.js';

/** The tasks of the program and of the sections after it. */
export const laterTasks: Readonly<Record<string, TaskText>> = {
  'program-limit': {
    question: '데이터는 ‘x가 0에서 10 사이’이다. 프로그램이 수렴하는 가장 큰 λ는 얼마일까? 유효숫자 두 자리로 답한다.',
    answer: (expected) =>
      `λ = ${expected}. 특성의 값이 클수록 H가 크고, 한계는 2/H_max이다. 슬라이더 아래의 표시에서 볼 수 있다.`,
  },
  'program-updates': {
    question: '데이터는 1,000개이다. 배치 크기가 16이면 한 에폭에 매개변수를 몇 번 갱신할까?',
    answer: (expected) => `${expected}번이다. 1,000/16 = 62.5이고, 마지막의 작은 배치로도 한 번 갱신한다.`,
  },
  'program-momentum': {
    question:
      'H_max/H_min이 40이라 경사하강법은 에폭 100번으로도 도착하지 못한다. λ와 모멘텀을 골라 모멘텀이 30번 안에 도착하게 해 보자.',
    answer: () =>
      '‘모든 λ와 모든 모멘텀’을 펼쳐 테두리를 두른 칸을 누른다. 골짜기에서는 0.7쯤의 모멘텀과 한계에 가까운 λ가 빠르다.',
  },
  'scale-limit': {
    question: '데이터의 개수 m이 10배가 되면 λ의 한계는 어떻게 될까?',
    choices: ['10분의 1이 된다', '거의 그대로이다', '10배가 된다'],
    answer: () => '거의 그대로이다. 손실과 그레이디언트는 데이터에 대한 평균이고, H도 그렇다.',
  },
  'scale-noise': {
    question: '잡음의 표준편차는 0.3이다. 경사하강법은 어떤 손실 근처에서 멈출까?',
    answer: (expected) => `${expected} 근처이다. 어떤 h(x)로도 설명할 수 없는 잡음 분산의 절반, 0.3²/2이다.`,
  },
  'scale-diverge': {
    question: '2.2를 넘지 않는 λ로 h(x)를 그림 밖으로 내보내 보자.',
    answer: () => 'λ를 한계 바로 너머에 두는 ‘한계’ 표시를 누르고, ‘처음으로’와 ‘재생’을 누른다.',
  },
  'own-fuel': {
    question:
      '‘자동차의 연비’에서 무게만 특성으로 고르자. 무게가 1,000파운드 늘면 1갤런으로 가는 거리는 몇 마일 줄어들까? 소수 첫째 자리까지 답한다.',
    answer: (expected) => `${expected}마일이다. weight_1000lb의 가중치가 −${expected}이다.`,
  },
  'own-standardize': {
    question: '특성을 표준화하면 λ의 한계가 왜 크게 뛸까?',
    choices: [
      '특성의 값이 크면 H_max가 커지는데, 표준화하면 그렇지 않으므로',
      '데이터가 줄어들므로',
      '손실이 작아지므로',
    ],
    answer: () => 'H는 특성의 제곱의 평균이다. 표준화하면 특성마다 제곱의 평균이 1이 된다.',
  },
  'own-arrive': {
    question: '‘속력과 정지 거리’에서 경사하강법이 에폭 40번 안에 도착하게 해 보자.',
    answer: () => '특성을 표준화한다. 특성이 하나일 때 λ를 한계의 절반으로 하면 한두 걸음에 도착한다.',
  },
  'classes-half': {
    question: '경계 위에 있는 점의 h(x)는 얼마일까?',
    answer: (expected) => `${expected}이다. 그곳에서 w·x + b = 0이고, 1/(1 + e⁰) = ½이다.`,
  },
  'classes-apart': {
    question: '‘떨어져 있음’에서 모든 점이 바르게 나뉠 때까지 경사하강법으로 경계를 움직여 보자.',
    answer: () => '‘재생’을 누른다. 직선으로 나눌 수 있으면 경사하강법이 그런 직선을 찾는다.',
  },
  'classes-loop': {
    question: '제곱 손실 대신 로지스틱 손실을 쓰면 반복문의 마지막 세 줄에서 무엇이 바뀔까?',
    choices: ['부호가 바뀐다', '2가 곱해진다', '아무것도 바뀌지 않는다'],
    answer: () => '아무것도 바뀌지 않는다. 두 경우 모두 미분은 (h(x) − y)x이고, h(x)만 다른 함수이다.',
  },
  'noise-degree': {
    question: '새 데이터에 가장 잘 맞는 다항식의 차수를 골라 보자.',
    answer: () => '학습 손실의 실선이 아니라, 따로 둔 데이터의 손실인 점선이 가장 낮은 차수이다.',
  },
  'noise-batch': {
    question: '배치 크기가 1이면 가장 좋은 곳 근처에서도 직선이 계속 움직인다. 왜 그럴까?',
    choices: [
      'λ가 한계보다 크므로',
      '갱신마다 데이터 하나의 그레이디언트를 따르는데, 그것은 그곳에서도 0이 아니므로',
      '손실의 최소점이 여럿이므로',
    ],
    answer: () =>
      '가장 좋은 곳에서는 모든 데이터의 그레이디언트를 평균한 것이 0일 뿐, 데이터마다의 그레이디언트는 0이 아니다.',
  },
};
