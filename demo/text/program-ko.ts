/** Section 5 of the page, in Korean. */
export const program = {
  title: '프로그램: 같은 식을 반복문으로',
  short: '프로그램',
  lead: '지금까지의 식을 코드로 옮기면 아래와 같다. 특성(feature)이 x1과 x2 두 개이므로 가중치도 w1과 w2 두 개이다. 3절에서 구한 식이 반복문의 마지막 세 줄이고, 상자로 표시한 부분이 편미분이다. 한 줄씩 실행하면서 변수의 값과, 손실 곡면 위에서 내려가는 길을 함께 보자. 모든 데이터로 반복문을 한 번 도는 것을 에폭(epoch)이라 한다.',
  spread: '데이터',
  spreads: {
    centered: 'x가 −1에서 1 사이',
    positive: 'x가 0에서 1 사이',
    large: 'x가 0에서 10 사이',
    correlated: 'x1과 x2가 거의 같음',
  },
  ratio: '골짜기의 가파른 정도 H_max/H_min',
  runs: '실행',
  runKinds: { one: '한 번', starts: '출발점 16개', optimizers: '옵티마이저 비교', batches: '배치 크기 비교' },
  rates: '옵티마이저의 λ',
  rateKinds: { own: '각자 가장 빠른 값', same: '모두 같은 값' },
  momentum: '모멘텀 μ',
  seed: '난수 시드(seed, 데이터와 출발점을 정한다)',
  seedRange: (largest: string) => `시드는 0부터 ${largest}까지의 정수이다.`,
  draw: '새 시드',
  line: '한 줄 실행',
  epoch: '한 에폭 실행',
  play: '재생',
  pause: '멈춤',
  restart: '처음으로',
  codeLabel: '프로그램과 식, 그리고 변수의 값',
  surfaceCaption: {
    best: '손실 곡면. 가로는 w1, 세로는 w2이며 색이 진할수록 손실이 크다. 지금은 b를 최적값에 둔 단면이고, b를 뽑은 뒤에는 프로그램의 b에서 자른 단면이다. 십자 표시가 가장 좋은 가중치이다.',
    own: (b: string) =>
      `프로그램의 b = ${b}에서 자른 손실 곡면. 가로는 w1, 세로는 w2이며 색이 진할수록 손실이 크다. 십자 표시가 가장 좋은 가중치이다.`,
  },
  surfaceLabel: 'w1과 w2에 따른 손실의 등고선과 실행이 지나온 길',
  lossCaption: '지금의 에폭까지 본 에폭별 손실',
  lossLabel: '에폭에 따른 손실 곡선. 값은 CSV로 저장할 수 있다.',
  lossAxis: '손실 L',
  epochAxis: '에폭(epoch)',
  axis: '손실 축',
  axes: { log: '로그', linear: '선형' },
  run: '방법',
  limit: 'λ의 한계',
  lossNow: '지금의 손실 L',
  arrives: '도착까지의 에폭',
  arrivesNot: (epochs: number) => `${epochs}번 안에 못 함`,
  methods: {
    gradientDescent: '경사하강법',
    momentum: '모멘텀(momentum)',
    nesterov: '네스테로프(Nesterov)',
    adam: 'Adam',
    batch16: '배치 크기 16',
    batch1: '배치 크기 1',
  },
  divergedShort: '발산',
  crowd: (count: number, least: string, most: string) => `실행 ${count}개의 손실: ${least}부터 ${most}까지`,
  notBegun: '‘한 줄 실행’을 누르면 첫 줄부터 실행한다.',
  stand: (epochs: number, values: string, loss: string) =>
    `에폭 ${epochs}번을 마쳤다. (w1, w2, b) = (${values}), 손실 ${loss}.`,
  diverged: (epochs: number, limit: string) =>
    `에폭 ${epochs}번 만에 발산했다. 이 데이터에서 λ는 한계 ${limit}보다 작아야 한다.`,
  onePass:
    '출발점이 16개여도 데이터는 에폭마다 한 번만 읽고, 그동안 모든 실행의 그레이디언트(gradient)를 함께 구한다. 출발점이 달라도 이 손실의 최소점은 하나뿐이므로 모두 같은 곳에 모인다.',
  comparison:
    '옵티마이저는 모두 같은 곳에서 출발해 같은 그레이디언트를 쓰고, 그것으로 걸음을 만드는 방법만 다르다. 모멘텀은 지난 걸음의 μ배를 남겨 새 걸음에 더한다. 네스테로프는 모멘텀으로 가 있을 자리에서 그레이디언트를 구한다. Adam은 매개변수마다 최근 그레이디언트의 크기로 나누어 걸음의 길이를 고르게 하므로, 곡률에서 나오는 λ의 한계가 없다. 최솟값을 넘는 손실이 처음의 만분의 1로 줄면 도착한 것으로 본다.',
  verdicts: {
    measured: (plainRate: string, plainEpochs: string, momentum: string, rate: string, epochs: string) =>
      `이 데이터에서 각자 가장 빠른 λ로 재면 경사하강법(λ = ${plainRate})이 도착하는 데 드는 에폭은 ${plainEpochs}번, 모멘텀(μ = ${momentum}, λ = ${rate})은 ${epochs}번이다.`,
    ahead: '여기서는 모멘텀이 앞선다.',
    behind: '여기서는 모멘텀이 뒤진다. 최소점을 지나쳤다가 돌아오기 때문이다.',
    even: '여기서는 둘이 같다.',
  },
  batches:
    '배치 크기가 16이나 1이면 그만큼의 데이터만 보고 매개변수를 갱신한다. 그래서 한 에폭에 한 번이 아니라 63번이나 1,000번 갱신한다. 갱신마다 그 배치의 그레이디언트만 따르므로 길이 흔들린다. λ가 일정하면 멈추지 않고 최소점 둘레를 맴돌며, 배치가 작고 λ가 클수록 더 흔들린다.',
  batchLimit: (limit: string) => `데이터 하나로 갱신할 때의 한계는 더 작다. λ < ${limit}이면 안정적이다.`,
  map: '모든 λ와 모든 모멘텀',
  mapLead:
    '칸 하나가 실행 하나이며, 모두 fitMany 호출 한 번으로 계산한다. 색이 진할수록 적은 에폭에 도착하고, 빈 칸은 100번 안에 도착하지 못하거나 발산한다. 칸을 누르면 그 값으로 비교한다.',
  mapLabel: '학습률과 모멘텀에 따른 도착까지의 에폭. 값은 CSV로 저장할 수 있다.',
  mapFastest: (rate: string, momentum: string, epochs: string) =>
    `가장 빠른 것은 λ = ${rate}, μ = ${momentum}일 때 에폭 ${epochs}번이다(테두리를 두른 칸).`,
  mapPlain: (rate: string, epochs: string) =>
    `모멘텀이 없는 맨 아랫줄에서는 λ = ${rate}일 때 ${epochs}번이 가장 빠르다.`,
  mapNone: '모멘텀이 없는 맨 아랫줄에서는 에폭 100번 안에 도착하는 λ가 없다.',
  moreThan: (epochs: number) => `${epochs}보다 많은`,
};

/** The program as a file. */
export const take = {
  title: '프로그램 가져가기',
  lead: '이 데이터와 이 출발점으로 그대로 실행되어 매개변수를 출력하는 파일이다.',
  language: '언어',
  languages: { numpy: 'Python과 NumPy', typescript: 'TypeScript' },
  copy: '복사',
  download: '내려받기',
  copied: '복사했다.',
  notCopied: '여기서는 브라우저가 복사를 허용하지 않는다. 내려받기를 누른다.',
  more: (rows: number) => `… ${rows}행이 더 있다. 복사한 글과 파일에는 모두 들어 있다`,
};

/** Every text of section 5, and of the file. */
export type ProgramText = typeof program;
export type TakeText = typeof take;
