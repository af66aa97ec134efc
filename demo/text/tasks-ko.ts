import type { TaskText } from '../tasks/task.js';
import { laterTasks } from './later-tasks-ko.js';

const lineTasks: Readonly<Record<string, TaskText>> = {
  'problem-fit': {
    question: '직선을 손으로 움직여 손실 L을 0.05보다 작게 만들어 보자.',
    answer: () => 'w가 1에 가깝고 b가 0.3에 가까우면 된다. 잔차가 위아래로 고르게 남을 때까지 양 끝을 조금씩 옮긴다.',
  },
  'problem-loss': {
    question:
      '점 두 개 (−1, −1)과 (1.5, 1.5)가 있다. w = 0.5, b = 0일 때 손실 L은 얼마일까? 먼저 계산하고 확인해 보자.',
    answer: (expected) => `잔차는 0.5와 −0.75이다. L = (0.25 + 0.5625)/(2·2) ≈ ${expected}.`,
  },
  'problem-double': {
    question: '모든 잔차가 두 배가 되면 손실 L은 몇 배가 될까?',
    choices: ['그대로이다', '2배', '4배', '점의 개수에 따라 다르다'],
    answer: () => '4배. 잔차를 제곱하므로 2² = 4이다.',
  },
  'loss-lowest': {
    question: 'b는 그대로 두고 w만 바꾸어 손실 곡선의 꼭짓점으로 가 보자.',
    answer: () => '곡선 위의 점을 십자 표시까지 끈다. 그곳에서 접선이 수평이다.',
  },
  'loss-vertex': {
    question: '점 (−1, 1)과 (1, 3)이 있고 b = 0이다. 손실이 가장 작은 w는 얼마일까?',
    answer: (expected) => `L = ((w + 1)² + (w − 3)²)/4이고, 미분이 0인 곳은 w = ${expected}이다.`,
  },
  'loss-tilt': {
    question: '‘원점에서 먼 점’에서 b를 키우면, 손실이 가장 작은 w는 어떻게 될까?',
    choices: ['커진다', '그대로이다', '작아진다'],
    answer: () => '작아진다. x가 모두 양수이므로, 직선을 들어 올린 만큼 w를 줄여야 점들에 맞는다.',
  },
  'derivation-one': {
    question: '데이터가 (2, 1) 하나이고 w = 0.5, b = 1이다. ∂L/∂w는 얼마일까?',
    answer: (expected) => `h(2) = 2이므로 잔차는 1이고, (h(x) − y)x = 1·2 = ${expected}.`,
  },
  'derivation-half': {
    question: '손실을 2로 나누어 둔 이유는 무엇일까?',
    choices: [
      '평균을 내기 위해서',
      '제곱을 미분할 때 나오는 2와 약분되도록',
      '손실이 1보다 작아지도록',
      '가장 작은 곳이 바뀌도록',
    ],
    answer: () => '제곱을 미분하면 2가 나오고 ½과 약분된다. 2로 나누어도 손실이 가장 작은 곳은 바뀌지 않는다.',
  },
  'derivation-sign': {
    question: 'x가 모두 양수이고 직선이 모든 점보다 위에 있다. ∂L/∂w의 부호는?',
    choices: ['양수', '0', '음수', '알 수 없다'],
    answer: () => '양수. 잔차도 x도 모두 양수이므로 곱의 평균도 양수이다. 그래서 w를 줄여야 한다.',
  },
  'step-next': {
    question: 'w = 0, ∂L/∂w = −1, λ = 0.5이다. 한 걸음 뒤의 w는 얼마일까? 먼저 계산하고 한 걸음 가 보자.',
    answer: (expected) => `w − λ·∂L/∂w = 0 − 0.5·(−1) = ${expected}.`,
  },
  'step-limit': {
    question: 'w만 움직일 때, 수렴하는 λ의 한계를 유효숫자 두 자리로 찾아보자.',
    answer: (expected) => `한계는 2/H = ${expected}이다(H는 x²의 평균).`,
  },
  'step-once': {
    question: '한 걸음 만에 꼭짓점에 도착하는 λ를 골라 한 걸음 가 보자.',
    answer: () => '가장 빠른 λ는 1/H이다. 이때 1 − λH = 0이다.',
  },
};

/** The tasks, and the words about them. */
export const tasks = {
  title: (done: number, count: number) => `과제: ${count}개 중 ${done}개 완료`,
  begin: '시작하기',
  inHand: '지금 하는 과제',
  check: '확인',
  yourAnswer: '답',
  right: '맞았다!',
  wrong: '아직 아니다. 다시 생각해 보자.',
  notNumber: '수를 적는다.',
  reach: '조건을 만족하면 페이지가 알아서 확인한다.',
  showAnswer: '풀이 보기',
  copyLink: '이 과제의 링크 복사',
  copied: '복사했다.',
  notCopied: '브라우저가 복사를 허용하지 않는다. 주소창의 주소를 복사한다.',
  done: '완료',
  listTitle: '교사용: 모든 과제와 풀이',
  listLead:
    '과제마다 링크가 있다. 링크를 열면 과제가 시작되는 상태로 페이지가 열린다. 완료한 과제는 학생의 주소에 남는다.',
  open: '과제 열기',
  back: '수업 페이지로',
  items: { ...lineTasks, ...laterTasks },
};
