import type { Import } from '@kit/models.ts';

export const isGoing = (one: Import): boolean => ['checking', 'running', 'submitting', 'undoing'].includes(one.state);

export function toneOf(one: Import): 'plain' | 'wait' | 'going' | 'good' | 'bad' {
    if (isGoing(one)) return 'going';
    if (one.state === 'checked') return 'wait';
    return one.state === 'done' ? 'good' : 'bad';
}
