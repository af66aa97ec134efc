// The words of the command line that say which files are read, and how.

import { describe, expect, test } from 'vitest';
import { parseFit, refusal } from '../support/parsed.js';

describe('what is read', () => {
  test('several files, by the flag again and again or as a shell writes them, and standard input', () => {
    const files = ['a.csv', 'b.csv', 'c.csv'];
    expect(parseFit('--data', ...files, '--target', 'y').data).toMatchObject({ files });
    expect(parseFit(...files.flatMap((file) => ['--data', file])).data).toMatchObject({ files });
    expect(parseFit('--data', '-').data).toMatchObject({ files: ['-'] });
    expect(refusal('--target', 'y', 'b.csv').code).toBe('UNKNOWN_OPTION');
  });

  test('the options of reading a file have their flags', () => {
    const words =
      `--delimiter tab --no-header --comment % --skip-rows 2,5-7 --encoding latin1 --decimal , --units $,% --missing mean
      --missing-values -999,none --exclude id,"a;b" --categories city,type --dropped-level none --unseen-levels zeros --dates when
      --date-unit years --date-order mdy --classes no,yes --polynomial 2`.split(/\s+/);
    const command = parseFit('--data', 'a.csv', '--target', 'y', ...words, '--thousands', ' ');
    expect(command.data).toMatchObject({
      reading: {
        ...{ delimiter: '\t', header: false, comment: '%', skipRows: [2, 5, 6, 7], encoding: 'latin1' },
        ...{ decimal: ',', thousands: ' ', units: ['$', '%'], missing: 'mean', missingValues: ['-999', 'none'] },
        ...{ exclude: ['id', 'a;b'], categories: ['city', 'type'], droppedLevel: 'none', unseenLevels: 'zeros' },
        ...{ dates: ['when'], dateUnit: 'years', dateOrder: 'mdy', classes: ['no', 'yes'], polynomial: 2 },
      },
    });
    expect(parseFit('--data', 'a.csv', '--header', '--skip-rows', '3').data).toMatchObject({
      reading: { header: true, skipRows: 3, delimiter: 'auto' },
    });
  });
});
