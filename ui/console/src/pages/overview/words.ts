import { words } from '@kit/words.ts';

export const t = words({ title: '总览' }, { title: 'Overview' });
