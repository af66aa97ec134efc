import type { Host } from '../../src/base/host-kind.js';
import type { DescentErrorCode, ErrorPlace, FitWarning, SupportCode } from '../../src/index.js';

const LINUX_FLAGS =
  '그래도 안 되면 --enable-unsafe-webgpu --ozone-platform=x11 --use-angle=vulkan --enable-features=Vulkan,VulkanFromANGLE 옵션을 붙여 Chrome을 시작한다.';

/** The library's advice, by the browser; elsewhere a page is not read. */
const NO_WEBGPU: Readonly<Partial<Record<Host, string>>> = {
  chromium: 'Chrome이나 Edge를 113 이상으로, 안드로이드에서는 121 이상으로 업데이트한다.',
  'chromium-linux': `Chrome이나 Edge를 147 이상으로 업데이트한다. ${LINUX_FLAGS}`,
  firefox:
    'Firefox를 Windows에서는 141 이상, Apple 실리콘에서는 147 이상으로 업데이트한다. 다른 곳에서는 주소창에 about:config를 열고 dom.webgpu.enabled를 true로 바꾼다.',
  safari: 'macOS 26이나 iOS 26에 들어 있는 Safari 26 이상으로 업데이트한다.',
};
const NO_ADAPTER: Readonly<Partial<Record<Host, string>>> = {
  chromium: 'chrome://settings/system에서 그래픽 가속을 켠다. WebGPU가 꺼져 있는 이유는 chrome://gpu에서 볼 수 있다.',
  'chromium-linux': `GPU의 Vulkan 드라이버를 설치한다. WebGPU가 꺼져 있는 이유는 chrome://gpu에서 볼 수 있다. ${LINUX_FLAGS}`,
  firefox:
    '그래픽 드라이버를 업데이트한다. WebGPU가 꺼져 있는 이유는 about:support에서 볼 수 있고, about:config에서 gfx.webgpu.ignore-blocklist를 true로 바꾸면 쓸 수 있는 때도 있다.',
  safari: 'macOS나 iOS를 업데이트한다. Safari의 WebGPU는 Apple 실리콘과 Metal을 지원하는 GPU에서 쓸 수 있다.',
};
const ANY_BROWSER = '최신 Chrome, Edge, Firefox, Safari를 쓰고, 그래픽 드라이버와 브라우저의 GPU 설정을 확인한다.';

/** The library's messages in Korean, by the code of the message. The words themselves follow in English. */
export const messages = {
  errors: {
    SHAPE_MISMATCH: '행이나 열의 개수가 서로 맞지 않는다.',
    EMPTY_DATA: '데이터가 비어 있다. 행이 없거나, 정답 말고는 쓸 열이 없다.',
    INVALID_LABEL: '로지스틱 손실의 정답에는 서로 다른 값이 꼭 두 가지 있어야 한다.',
    MISSING_VALUE: '빈칸이나 NA 같은 결측값이 있다.',
    INVALID_VALUE: '수가 아닌 값이 있다.',
    NON_FINITE_VALUE: '무한대이거나 수가 아닌 값(NaN), 또는 너무 큰 수가 있다.',
    INVALID_OPTION: '설정값이 허용 범위를 벗어났다.',
    UNKNOWN_OPTION: '없는 설정이다.',
    UNKNOWN_COLUMN: '파일에 없는 열이다.',
    INVALID_CSV:
      'CSV 파일의 내용을 읽을 수 없다. 수가 아닌 칸이 있거나, 행마다 칸의 수가 다르거나, 따옴표가 닫히지 않았다.',
    FILE_UNREADABLE: '파일을 읽을 수 없다.',
    WEBGPU_UNAVAILABLE: '이 브라우저에서는 WebGPU를 쓸 수 없다.',
    TOO_LARGE: '데이터가 이 장치에 들어가지 않는다.',
    OUT_OF_MEMORY: 'GPU의 메모리가 부족하다.',
    DEVICE_LOST: '계산하는 동안 GPU 장치가 사라졌다.',
    WORKER_LOST: '계산하던 워커가 끝나기 전에 사라졌다.',
  } as Readonly<Partial<Record<DescentErrorCode, string>>>,
  warnings: {
    LEARNING_RATE_ABOVE_LIMIT: '학습률이 한계보다 크다.',
    CONSTANT_FEATURE: '값이 모두 같은 특성이 있어 그 가중치를 0으로 두었다.',
    UNDERDETERMINED: '데이터가 가중치보다 적어서, 똑같이 잘 맞는 가중치가 여럿이다.',
    NOT_CONVERGED: '아직 손실이 가장 작은 곳에 이르지 못했다.',
    DIVERGED: '학습이 발산했다. 학습률을 줄여 보자.',
    SEPARABLE_CLASSES: '두 부류가 경계 하나로 완전히 나뉘어, 손실이 가장 작은 가중치가 없다.',
    ILL_CONDITIONED: '특성들이 서로 거의 같은 값을 나타내서 가중치의 정밀도가 떨어진다.',
    RANK_DEFICIENT: '어떤 특성이 다른 특성들로 완전히 정해져서, 가중치가 하나로 정해지지 않는다.',
    BACKEND_FALLBACK: 'GPU를 쓸 수 없어 CPU에서 계산했다.',
  } as Readonly<Partial<Record<FitWarning['code'], string>>>,
  support: {
    INSECURE_CONTEXT: '안전한 연결(https)로 열지 않은 페이지이다.',
    NO_WEBGPU: '이 브라우저에는 WebGPU가 없거나 꺼져 있다.',
    NO_ADAPTER: '이 브라우저가 쓸 수 있는 GPU를 찾지 못했다.',
    NO_DEVICE: 'GPU는 있지만 브라우저가 장치를 열지 못했다.',
    FIT_FAILED: '시험 삼아 해 본 작은 학습이 실패했다.',
    WRONG_RESULT: '시험 삼아 해 본 작은 학습의 결과가 CPU의 결과와 다르다.',
    SOFTWARE_ADAPTER: 'GPU를 쓰지 않고 CPU에서 셰이더를 실행한다.',
  } as Readonly<Record<SupportCode, string>>,
  /** The remedy in this browser. */
  remedy: (code: SupportCode, host: Host): string => {
    switch (code) {
      case 'INSECURE_CONTEXT':
        return 'https 주소나 localhost로 연다.';
      case 'NO_WEBGPU':
        return NO_WEBGPU[host] ?? ANY_BROWSER;
      case 'NO_ADAPTER':
      case 'SOFTWARE_ADAPTER':
        return NO_ADAPTER[host] ?? ANY_BROWSER;
      case 'NO_DEVICE':
        return '브라우저를 다시 시작한다. 드라이버가 멈추었을 때 대개 이것으로 되살아난다.';
      case 'FIT_FAILED':
      case 'WRONG_RESULT':
        return '브라우저와 그래픽 드라이버를 업데이트한다. 그때까지는 이 페이지가 CPU로 계산한다.';
    }
  },
  /** The place of an error in a file. */
  place: ({ file, row, column }: ErrorPlace): string =>
    [file, row === undefined ? undefined : `${row}행`, column === undefined ? undefined : `‘${column}’ 열`]
      .filter((part) => part !== undefined)
      .join(', '),
  original: '라이브러리의 원문(영어)',
};
