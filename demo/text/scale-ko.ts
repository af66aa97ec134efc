/** Section 6 of the page, in Korean. */
export const scale = {
  short: '큰 데이터',
  title: '큰 데이터: 같은 반복문을 천만 개의 데이터로',
  lead: '식도 반복문도 그대로 두고 데이터의 개수 m만 늘린다. 데이터는 GPU가 난수 시드로 직접 만들며, 학습과 그림은 GPU 메모리에 있는 같은 버퍼를 읽는다. 특성이 x 하나이면 데이터는 평면 위의 점이고 h(x)는 직선이다. 특성이 x1과 x2 두 개이면 데이터는 공간의 점이고 h(x)는 평면이다.',
  onCpu: {
    missing:
      '이 브라우저에서는 WebGPU를 쓸 수 없어서, 라이브러리의 CPU 엔진이 워커에서 데이터를 1,000,000개까지 만들고 학습한다.',
    batches:
      '배치는 무작위로 뽑아야 하는데, GPU가 만든 데이터는 순서를 섞을 수 없다. 그래서 라이브러리의 CPU 엔진이 워커에서 데이터를 1,000,000개까지 만들고 학습한다.',
  },
  batch: '배치 크기',
  allAtOnce: '모두',
  updates: '에폭마다 갱신하는 횟수',
  rows: '데이터의 개수 m',
  suggestion: (rows: string, ms: string) =>
    `이 장치에서는 ${rows}개까지 알맞다. 그만큼이면 에폭 하나에 약 ${ms} ms가 걸린다.`,
  room: (rows: string) => `여기에는 ${rows}개까지 들어가므로 그만큼만 만든다.`,
  take: (rows: string) => `${rows}개로`,
  pace: '속도',
  paces: { one: '프레임마다 한 에폭', full: '최대한 빠르게' },
  seed: '난수 시드(seed)',
  draw: '새 시드',
  seedRange: (largest: string) => `시드는 0부터 ${largest}까지의 정수이다.`,
  play: '재생',
  pause: '멈춤',
  one: '한 에폭',
  restart: '처음으로',
  shape: '가설 함수 h(x)',
  shapes: { line: '특성 1개: 직선', plane: '특성 2개: 평면' },
  pictureLabels: {
    line: '데이터의 점들과 그 위에서 움직이는 직선',
    plane: '공간에 놓인 데이터의 점들과 그 사이에서 움직이는 평면',
  },
  pictureCaptions: {
    line: '색이 진할수록 점이 많이 모인 곳이다. 실선이 지금의 h(x), 점선이 데이터를 만든 참값의 직선이다.',
    plane:
      '색이 진할수록 점이 많이 모인 곳이다. 격자를 그린 평면이 지금의 h(x), 점선이 데이터를 만든 참값의 평면이다. 그림을 좌우로 끌면 돌아간다.',
  },
  outside: (limit: string) => `h(x)가 그림 밖으로 나갔다. 발산하고 있다. λ는 ${limit}보다 작아야 한다.`,
  turn: '돌린 각도',
  degrees: (turn: string) => `${turn}°`,
  drawn: (drawn: string, rows: string) => `점 ${rows}개 가운데 ${drawn}개를 그렸다.`,
  allDrawn: (rows: string) => `점 ${rows}개를 모두 그렸다.`,
  lossCaption: (least: string) =>
    `에폭에 따른 손실. 잡음 때문에 0까지 내려가지 않고, 잡음 분산의 절반인 ${least} 근처에서 멈춘다.`,
  noLossYet: '첫 에폭부터 곡선이 그려진다.',
  lossLabel: '에폭에 따른 손실 곡선. 값은 CSV로 저장할 수 있다.',
  epoch: '에폭(epoch)',
  loss: '손실 L',
  w: '가중치 w (참값)',
  w1: '가중치 w1 (참값)',
  w2: '가중치 w2 (참값)',
  b: '편향 b (참값)',
  valueAndTruth: (value: string, truth: string) => `${value} (${truth})`,
  epochsPerSecond: '재생 중 초당 에폭',
  gigabytesPerSecond: '재생 중 읽는 속도',
  gigabytes: (value: string) => `${value} GB/s`,
  preparing: (rows: string) => `데이터 ${rows}개를 만드는 중 …`,
  ready: (rows: string) => `데이터 ${rows}개가 준비되었다. ‘재생’을 누르면 학습한다.`,
  stand: (epochs: number, loss: string) => `에폭 ${epochs}번을 마쳤다. 손실 ${loss}.`,
  ended: (epochs: number, loss: string) => `에폭 ${epochs}번을 모두 마쳤다. 손실 ${loss}.`,
  diverged: (epochs: number, limit: string) =>
    `에폭 ${epochs}번 만에 발산했다. λ를 한계 ${limit}보다 작게 하고 ‘처음으로’를 누른다.`,
  resumed: (epoch: number) =>
    `GPU 장치가 사라져서, 새 장치에 같은 데이터를 시드로 다시 만들고 에폭 ${epoch}번을 마친 곳에서 이어 간다.`,
  more: '시드와 이 장치에 알맞은 크기',
  compareTitle: '얼마나 걸리는가',
  compareLead:
    '그림 없이 같은 프로그램을 λ와 출발점도 같게 하여 에폭 100번 실행하고 시간을 잰다. 스트리밍(streaming)은 에폭마다 모든 데이터를 읽는다. 적률(moments)은 데이터를 한 번만 읽어 제곱과 곱의 합을 미리 더해 두고, 에폭은 그 수 몇 개로 계산한다. 손실이 가중치와 편향의 이차함수라서 가능하며, 지나는 길은 같다.',
  compare: '스트리밍과 적률의 시간 재기',
  compareCpu: 'CPU 엔진의 시간 재기',
  measuring: {
    streaming: 'GPU 스트리밍의 시간을 재는 중 …',
    moments: '적률의 시간을 재는 중 …',
    cpu: 'CPU 엔진의 시간을 재는 중 …',
  },
  ways: { streaming: '스트리밍, GPU', moments: '적률', cpu: '스트리밍, CPU 엔진' },
  rowNames: {
    device: '계산한 곳',
    prepare: '준비',
    epoch: '에폭 하나',
    hundred: '에폭 100번',
    total: '준비와 에폭 100번',
    perSecond: '초당 에폭',
    bandwidth: '읽는 속도',
    firstLoss: '에폭 1번 뒤의 손실',
    lastLoss: '에폭 100번 뒤의 손실',
  },
  places: { software: '소프트웨어 어댑터', cpu: (threads: number) => `CPU (스레드 ${threads}개)` },
  ms: (value: string) => `${value} ms`,
  about: (value: string) => `약 ${value}`,
  notes:
    '준비는 스트리밍에서는 값을 살펴보고 배치하는 시간, 적률에서는 워커의 메모리에 있는 데이터를 한 번 읽어 합을 구하는 시간이다. 데이터를 만드는 시간은 넣지 않았다. 읽는 속도는 한 에폭이 읽는 x와 y의 바이트(수 하나에 4바이트)를 에폭 하나의 시간으로 나눈 값이다. 시계가 구별하지 못할 만큼 빨리 끝나면 20 ms가 될 때까지 되풀이한다. CPU 엔진은 라이브러리가 GPU를 쓰지 않을 때 쓰는 것으로, 워커에서 WebAssembly(f32)로 계산한다. 데이터가 많으면 에폭 몇 번만 재어 100번의 시간을 어림한다.',
  faster: (times: string) => `에폭 하나는 GPU가 CPU 엔진보다 ${times}배 빠르다.`,
  slower: (times: string) => `에폭 하나는 CPU 엔진이 GPU보다 ${times}배 빠르다.`,
  softwareNote:
    '이 어댑터는 GPU가 아니라 CPU에서 셰이더를 실행한다. 라이브러리라면 여기서 CPU 엔진을 고른다. 진짜 GPU에서는 결과가 다르다.',
  smallNote: '데이터가 적을 때는 계산보다 GPU에 일을 맡기고 기다리는 시간이 더 길다.',
  saved: '벤치마크로 잰 시간',
  savedLead: (place: { browser: string; cpu: string; cores: string; adapter: string; date: string }) =>
    `마지막으로 저장한 벤치마크의 에폭당 밀리초: ${place.browser}, ${place.cpu} (코어 ${place.cores}개), ${place.adapter}, ${place.date}.`,
  savedSize: '데이터 × 특성',
  savedLink: '벤치마크 페이지로',
};

/** Every text of section 6. */
export type ScaleText = typeof scale;
