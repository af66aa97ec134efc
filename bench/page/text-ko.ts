import { count } from '../../src/node/report/terminal.js';
import { roundCount } from './lines.js';
import type { BenchText } from './text-en.js';

/** The page in Korean. */
export const ko: BenchText = {
  title: 'webgpu-descent 벤치마크',
  lead: '같은 시드로 만든 데이터로 h(x) = X·w + b를 경사하강법으로 학습하는 시간을 고른 라이브러리마다 잰다. 먼저 f64 참조 구현과 결과를 맞추어 본 뒤, 번갈아 시간을 잰다.',
  toLesson: '강의 페이지로',
  other: 'English',
  adapter: '어댑터:',
  looking: '찾는 중 …',
  cases: '크기(데이터 × 특성)',
  presets: { sweep: '크기 늘려 가기', quick: '짧게', standard: '표준', none: '모두 빼기' },
  custom: '다른 크기(행x열)',
  add: '더하기',
  arms: '라이브러리',
  peersNote: '다른 라이브러리는 실행할 때 비로소 불러온다.',
  peersMissing: '이 페이지에는 다른 라이브러리가 들어 있지 않다. 여기서는 이 라이브러리와 단순 반복문을 잴 수 있다.',
  repeats: '되풀이',
  full: '자세히: 200 ms씩 일곱 번, 전체 작업도',
  quick: '짧게: 더 짧게, 전체 작업 없이',
  run: '실행',
  cancel: '취소',
  choose: '크기와 라이브러리를 고르고 ‘실행’을 누른다.',
  chooseCase: '크기를 하나 이상 고른다.',
  chooseArm: '라이브러리를 하나 이상 고른다.',
  running: (cases) => `${cases}가지 크기를 재는 중이다.`,
  progress: (done, all) => `${all}가지 가운데 ${done}가지를 마쳤다.`,
  done: (cases, time) => `${cases}가지 크기를 ${time} 만에 마쳤다.`,
  cancelling: '지금 하던 단계를 마치고 멈춘다.',
  cancelled: (done, all) => `${all}가지 가운데 ${done}가지를 마치고 멈추었다.`,
  stopped: (message) => `멈추었다: ${message}`,
  address: (words) => `주소 가운데 알 수 없는 것이 있다: ${words}`,
  compare: '비교',
  file: '이 페이지나 npm run bench의 결과 파일을 고르거나 끌어다 놓는다.',
  remove: '파일 빼기',
  saved: '마지막으로 저장한 결과',
  tune: '조정',
  tuneLead:
    '이 어댑터에서 더 빠른 워크그룹의 크기를 3초쯤 찾는다. 출력되는 줄을 보낼 곳은 docs/contributing.md에 있다.',
  tuneButton: '이 어댑터 조정하기',
  results: '결과',
  chartsFor: '그림의 특성 수',
  features: (count) => `특성 ${count}개`,
  timeChart: '에폭당 밀리초. 작을수록 좋다',
  speedChart: '초당 읽는 X와 y의 바이트. 클수록 좋다',
  take: '결과 가져가기',
  chooseSet: '크기의 묶음 고르기',
  shareDone: '벤치마크의 진행률',
  kinds: {
    ours: '이 라이브러리',
    'peer-webgpu': '다른 라이브러리, WebGPU',
    'peer-cpu': '다른 라이브러리, CPU',
    cpu: 'CPU, 스레드 하나',
  },
  noWebGpu: '여기서는 WebGPU를 쓸 수 없어, CPU에서 실행되는 라이브러리의 결과만 나온다.',
  namelessAdapter: '이름을 알리지 않는 어댑터',
  adapterSentence: (name, mebibytes) => `${name}. 버퍼 하나에 ${mebibytes} MiB까지 들어간다.`,
  softwareWarning: '소프트웨어 어댑터라서 셰이더가 CPU에서 실행된다. 이 수치로는 GPU의 속도를 알 수 없다.',
  lookingAtAdapter: '어댑터를 살펴보는 중',
  makingData: '데이터를 만드는 중',
  fileBadge: '파일',
  fileWords: (name, place, browser, cores, date) => `${name}: ${place}, ${browser}, 코어 ${cores}개, ${date}`,
  softwareAdapter: (name) => `${name} (소프트웨어 어댑터)`,
  noAdapter: '어댑터 없음',
  noResult: (name, message) => `${name} 파일은 벤치마크 결과가 아니다. 이유(영어): ${message}.`,
  heads: {
    library: '라이브러리',
    msPerEpoch: '에폭당 ms',
    quartiles: '사분위수',
    speed: 'GB/s',
    ofCopy: '복사 대비',
    job: '에폭 100번 ms',
    check: '검산',
    againstFile: '파일과 비교',
  },
  correct: '✓ 맞음',
  wrong: '✗ 틀림',
  notTimed: (verdict) => `${verdict}, 시간은 재지 않음`,
  didNotRun: (reason) => `실행하지 못함: ${reason}`,
  loss: (value) => `손실 ${value}`,
  resultsFor: (size) => `${size}의 결과`,
  same: '같음',
  comparison: (factor) => `속도 ${times(factor)}`,
  speedups: ({ speedupOverFastestWebgpuPeer: webgpu, speedupOverFastestCpuPeer: cpu }) => {
    const parts = [
      ...(webgpu === null ? [] : [`다른 WebGPU 라이브러리 가운데 가장 빠른 것의 ${times(webgpu)}`]),
      ...(cpu === null ? [] : [`CPU 라이브러리 가운데 가장 빠른 것의 ${times(cpu)}`]),
    ];
    return parts.length === 0 ? undefined : `webgpu-descent의 속도는 ${parts.join(', ')}`;
  },
  crossover: (found, features) => {
    const width = `특성이 ${features}개일 때`;
    switch (found.kind) {
      case 'at':
        return `${width} 데이터가 약 ${roundCount(found.rows)}개를 넘으면 webgpu-descent가 가장 빠른 CPU 라이브러리(${found.rival})를 앞선다.`;
      case 'always-faster':
        return `${width} 잰 크기 모두에서 webgpu-descent가 모든 CPU 라이브러리보다 빠르다.`;
      case 'always-slower':
        return `${width} 잰 크기 모두에서 webgpu-descent보다 빠른 CPU 라이브러리가 있다.`;
      case 'mixed':
        return `${width} webgpu-descent가 앞서는 크기도 있지만, 가장 큰 크기에서는 그렇지 않다.`;
      case 'too-few':
        return `${width} 앞서기 시작하는 크기를 알려면 webgpu-descent와 CPU 라이브러리를 두 가지 이상의 크기에서 재야 한다.`;
    }
  },
  ofFile: (sentence) => `파일: ${sentence}`,
  fromFile: (name) => `${name} (파일)`,
  crossoverAt: (rows) => `${rows}개부터 앞섬`,
  copyLevel: (speed) => `어댑터의 복사 속도: ${speed} GB/s`,
  rows: '데이터의 개수',
  chart: (value, names) =>
    `데이터의 개수에 따른 ${value}의 그래프(두 축 모두 로그): ${names}. 왼쪽과 오른쪽 화살표 키를 누르면 값을 읽어 준다. 아래 표에도 같은 값이 있다.`,
  readout: { library: '라이브러리', median: '중앙값', quartiles: '사분위수' },
  readoutTitle: (value, rows) => `데이터 ${rows}개일 때 ${value}`,
  readoutRow: (name, median, quartiles) => `${name} ${median}, 사분위수 ${quartiles}`,
  copy: (format) => `${format} 복사`,
  download: (format) => `${format} 내려받기`,
  copied: (format) => `${format} 형식으로 복사했다.`,
  notCopied: (reason) => `복사하지 못했다. 내려받기를 누른다. (${reason})`,
  savedAs: (file) => `${file} 파일로 저장했다.`,
  tuneBusy: '벤치마크가 끝난 뒤에 누른다. 함께 실행하면 서로 방해한다.',
  tuning: '찾는 중이다.',
};

/** '3.00배' */
function times(factor: number): string {
  return `${factor >= 100 ? count(Math.round(factor)) : factor.toPrecision(3)}배`;
}
