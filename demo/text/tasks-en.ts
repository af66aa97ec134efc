import type { TaskText } from '../tasks/task.js';
import { laterTasks } from './later-tasks-en.js';
import type { PageText } from './ko.js';

const lineTasks: Readonly<Record<string, TaskText>> = {
  'problem-fit': {
    question: 'Move the line by hand until the loss L is below 0.05.',
    answer: () =>
      'A w near 1 and a b near 0.3 will do. Move both ends a little at a time until the residuals above and below balance.',
  },
  'problem-loss': {
    question:
      'There are two points, (−1, −1) and (1.5, 1.5). How large is the loss L at w = 0.5 and b = 0? Work it out first, then try it.',
    answer: (expected) => `The residuals are 0.5 and −0.75. L = (0.25 + 0.5625)/(2·2) ≈ ${expected}.`,
  },
  'problem-double': {
    question: 'If every residual becomes twice as large, how does the loss L change?',
    choices: ['It stays the same', 'It doubles', 'It becomes 4 times as large', 'That depends on the number of points'],
    answer: () => '4 times as large: the residuals are squared, and 2² = 4.',
  },
  'loss-lowest': {
    question: 'Leave b alone and change w until you stand at the lowest point of the loss curve.',
    answer: () => 'Drag the point on the curve to the cross. There the tangent is level.',
  },
  'loss-vertex': {
    question: 'There are two points, (−1, 1) and (1, 3), and b = 0. Which w has the lowest loss?',
    answer: (expected) => `L = ((w + 1)² + (w − 3)²)/4, and its derivative is 0 at w = ${expected}.`,
  },
  'loss-tilt': {
    question: 'In “Far from x = 0”, what happens to the w of the lowest loss as b grows?',
    choices: ['It grows', 'It stays the same', 'It gets smaller'],
    answer: () =>
      'It gets smaller: every x is positive, so a line that is lifted has to be less steep to fit the points.',
  },
  'derivation-one': {
    question: 'The only example is (2, 1), with w = 0.5 and b = 1. How large is ∂L/∂w?',
    answer: (expected) => `h(2) = 2, so the residual is 1, and (h(x) − y)x = 1·2 = ${expected}.`,
  },
  'derivation-half': {
    question: 'Why is the loss halved?',
    choices: [
      'To take the mean',
      'To cancel the 2 that comes from the derivative of the square',
      'To keep the loss below 1',
      'To move the lowest point',
    ],
    answer: () =>
      'The derivative of the square brings a 2, which the ½ cancels. Halving the loss does not move its lowest point.',
  },
  'derivation-sign': {
    question: 'Every x is positive, and the line lies above all points. What is the sign of ∂L/∂w?',
    choices: ['Positive', 'Zero', 'Negative', 'It cannot be known'],
    answer: () =>
      'Positive: all residuals and all x are positive, so the mean of their products is too. So w has to get smaller.',
  },
  'step-next': {
    question: 'Here w = 0, ∂L/∂w = −1 and λ = 0.5. What is w after one step? Work it out first, then make the step.',
    answer: (expected) => `w − λ·∂L/∂w = 0 − 0.5·(−1) = ${expected}.`,
  },
  'step-limit': {
    question: 'With only w moving, find the limit of λ below which the steps converge, to two digits.',
    answer: (expected) => `The limit is 2/H = ${expected}, where H is the mean of x².`,
  },
  'step-once': {
    question: 'Choose the λ with which a single step arrives at the lowest point, and make that step.',
    answer: () => 'The fastest λ is 1/H: then 1 − λH = 0.',
  },
};

/** The tasks, and the words about them. */
export const tasks: PageText['tasks'] = {
  title: (done, count) => `Tasks: ${done} of ${count} done`,
  begin: 'Begin',
  inHand: 'You are working on this task',
  check: 'Check',
  yourAnswer: 'Answer',
  right: 'Correct!',
  wrong: 'Not yet. Think again.',
  notNumber: 'Enter a number.',
  reach: 'The page notices when you get there.',
  showAnswer: 'Show the solution',
  copyLink: 'Copy a link to this task',
  copied: 'Copied.',
  notCopied: 'The browser did not allow it. Copy the address of this page.',
  done: 'Done',
  listTitle: 'For teachers: all tasks and their solutions',
  listLead:
    'Each task has a link, which opens the page in the state in which the task begins. Tasks that are done stay in the address of the student.',
  open: 'Open this task',
  back: 'Back to the lesson',
  items: { ...lineTasks, ...laterTasks },
};
